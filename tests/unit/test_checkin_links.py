"""Personal links: signed, bound to a cycle and a day; the key that signs them; the roster."""

from __future__ import annotations

import datetime as dt
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from revmentor.checkin import site, tokens
from revmentor.checkin.days import Days
from revmentor.checkin.roster import Roster, read_roster
from revmentor.errors import InputError
from revmentor.params.checkin import Checkin
from revmentor.publish.workspace import Workspace

KEY = b"k" * 32
LAST = dt.date(2026, 8, 9)


def token(cycle: str = "c", person: str = "p1", key: bytes = KEY) -> str:
    return tokens.link("", key, cycle, person, 3, LAST).removeprefix("/c/")


def test_a_link_opens_for_its_person_until_its_last_day() -> None:
    claim = tokens.open_token(token(person="00123"), KEY, "c", LAST)
    assert claim == tokens.Claim("00123", 3, LAST)
    with pytest.raises(tokens.ExpiredLinkError):
        tokens.open_token(token(), KEY, "c", LAST + dt.timedelta(days=1))


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ".",
        "a.b",
        "\0",
        "ü.ü",
        "x" * 5000,
        token(cycle="other"),
        token(key=b"o" * 32),
        token()[:-1],
        token()[1:],
        token() + "A",
        tokens.login_link("", KEY, "c", dt.datetime(2027, 1, 1, tzinfo=dt.UTC)).split("/")[-1],
    ],
    ids=range(12),
)
def test_anything_else_is_no_link(wrong: str) -> None:
    with pytest.raises(tokens.BadLinkError):
        tokens.open_token(wrong, KEY, "c", LAST)


def test_every_changed_character_is_noticed() -> None:
    whole = token()
    for place in range(len(whole)):
        changed = whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
        try:
            claim = tokens.open_token(changed, KEY, "c", LAST)
        except tokens.BadLinkError:
            continue
        # The last character of base64 has bits that stand for nothing.
        assert place == len(whole) - 1
        assert claim == tokens.Claim("p1", 3, LAST)


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: tokens.secret_of(tmp_path), range(32)))
    assert len(keys) == 1
    [path] = (tmp_path / "checkin").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_secret_of_the_environment_goes_first_and_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tokens.VARIABLE, "s" * 40)
    assert tokens.secret_of(tmp_path) == b"s" * 40
    monkeypatch.setenv(tokens.VARIABLE, "short")
    with pytest.raises(InputError, match="at least 32"):
        tokens.secret_of(tmp_path)


def test_a_damaged_key_says_what_to_do(tmp_path: Path) -> None:
    (tokens.folder_of(tmp_path) / tokens.KEY_FILE).write_bytes(b"half")
    with pytest.raises(InputError, match="restore it from a backup"):
        tokens.secret_of(tmp_path)


def roster(**changed: Any) -> dict[str, Any]:
    return {
        "cycle": "c", "title": "Spring", "start": "2026-01-12", "end": "2026-07-10",
        "languages": ["en", "de"], "expires": "2026-08-09",
        "waves": [{"name": "day30", "opens": "2026-02-11", "closes": "2026-03-04"}],
        "items": [{"item": "respect_1", "principle": "respect"}], "scale": {"from": 1, "to": 5},
        "minimum_group": 5,
        "people": [{"person_id": "m", "name": "Mo", "email": "", "side": "mentor"},
                   {"person_id": "s", "name": "Su", "email": "", "side": "mentee"}],
        "pairs": [{"number": 1, "mentor_id": "m", "mentee_id": "s", "mentor_name": "Mo",
                   "mentee_name": "Su", "skills": ["sql"], "start": "2026-01-12",
                   "end": "2026-07-10"}],
        "meeting_minutes": 45, "coordinator": {"name": "Kim", "email": "kim@example.com"},
        **changed,
    }  # fmt: skip


def test_a_roster_is_read_as_the_launch_writes_it(tmp_path: Path) -> None:
    Workspace(tmp_path / "base").write_json("checkin", roster(), restricted=True)
    found = read_roster(tmp_path)
    assert [pair.partner_of("m") for pair in found.pairs_of("m")] == [("s", "Su")]
    assert found.pairs_of("nobody") == ()
    assert [wave.name for wave in found.open_waves(Days.only(dt.date(2026, 3, 4)))] == ["day30"]
    assert found.open_waves(Days.only(dt.date(2026, 3, 5))) == ()


def test_no_roster_and_a_bad_one_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="revmentor approve"):
        read_roster(tmp_path)
    Workspace(tmp_path / "base").write_json("checkin", roster(people=[]), restricted=True)
    with pytest.raises(InputError, match="not among people"):
        read_roster(tmp_path)


def test_a_model_of_the_roster_writes_what_it_reads() -> None:
    found = Roster.model_validate(roster())
    assert Roster.model_validate(found.model_dump(mode="json", by_alias=True)) == found


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "checkin.example.com"),
        ("address", "http://checkin.example.com"),
        ("address", "http://localhost.example.com"),
        ("address", "https://you:secret@example.com"),
        ("address", "https://example.com/path"),
        ("database", "answers.sqlite"),
        ("database", "postgresql+psycopg://you:secret@host/name"),
        ("languages", ()),
        ("languages", ("en", "en")),
        ("languages", ("en", "xx")),
    ],
)
def test_params_of_the_page_are_checked(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"write|keep|Input|least|use https"):
        Checkin.model_validate({field: value})


def test_a_database_takes_its_password_from_the_environment() -> None:
    url = "postgresql+psycopg://you:${CHECKIN_PASSWORD}@host/name"
    assert Checkin(database=url).database == url


def test_a_roster_that_is_published_while_the_page_starts_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Workspace(tmp_path / "base")
    work.write_json("checkin", roster(), restricted=True)

    def read_and_published(home: Path, scenario: str) -> Roster:
        found = read_roster(home, scenario)
        work.write_json("checkin", roster(title="Autumn"), restricted=True)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(site, "read_roster", read_and_published)
        rosters = site.Rosters(tmp_path, "base")
    assert rosters.now(1_000.0).title == "Autumn"


def test_a_roster_that_is_published_anew_is_read_and_a_damaged_one_is_not(tmp_path: Path) -> None:
    work = Workspace(tmp_path / "base")
    work.write_json("checkin", roster(), restricted=True)
    rosters = site.Rosters(tmp_path, "base")
    work.write_json("checkin", roster(title="Autumn"), restricted=True)
    assert rosters.now(1_000.0).title == "Autumn"
    work.write_json("checkin", roster(title="Winter"), restricted=True)
    assert rosters.now(1_000.5).title == "Autumn"
    work.write_bytes("checkin.json", b"{half", restricted=True)
    assert rosters.now(1_010.0).title == "Autumn"
    work.write_json("checkin", roster(title="Winter"), restricted=True)
    assert rosters.now(1_020.0).title == "Winter"
