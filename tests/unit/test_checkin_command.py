"""The commands of the check-in page; what they export is read back."""

from __future__ import annotations

import csv
import datetime as dt
import signal
import stat
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from checkin_cases import ITEMS, TestClient, roster_dict
from checkin_served import Served
from conftest import Workbench
from small_company import make_params

from revmentor import cli
from revmentor.checkin.app import build_app
from revmentor.checkin.connected import utc_now
from revmentor.checkin.database import open_store
from revmentor.checkin.links import Link
from revmentor.checkin.opened import opened
from revmentor.checkin.serve import elsewhere, port_of, site_of
from revmentor.checkin.store import Form
from revmentor.data import load_tables
from revmentor.data.checkin_tables import GOALS, PULSE, SESSIONS
from revmentor.params.checkin import Checkin
from revmentor.publish.workspace import Workspace

PEOPLE = "person_id,grade,department\n00001,senior,Sales\n00003,junior,Sales\n"
APPLICATIONS = "person_id,side\n00001,mentee\n00003,mentor\n"


@pytest.fixture
def bench(workbench: Workbench) -> Workbench:
    """The demo's cycle with a roster of a dozen pairs, as its launch leaves it."""
    roster = roster_dict(cycle="demo")
    home = workbench.root / "outputs" / "demo"
    Workspace(home / "base").write_json("checkin", roster, restricted=True)
    return workbench


def call(capsys: pytest.CaptureFixture[str], bench: Workbench, *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main(["checkin", *words, "--root", str(bench.root)])
    out, error = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, out, error


def test_links_of_everybody_and_the_coordinators(
    capsys: pytest.CaptureFixture[str], bench: Workbench
) -> None:
    code, out, _ = call(capsys, bench, "links", "demo")
    path = Path(out.splitlines()[0])
    assert (code, stat.S_IMODE(path.stat().st_mode)) == (0, 0o600)
    assert "http://127.0.0.1:8765/coordinator/" in out
    assert f"revmentor checkin serve demo --root {bench.root}" in out
    assert (out.count("Next"), out.count("`")) == (1, 0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 25
    assert all(row["link"].startswith("http://127.0.0.1:8765/c/") for row in rows)


def test_links_are_taken_back(capsys: pytest.CaptureFixture[str], bench: Workbench) -> None:
    assert call(capsys, bench, "revoke", "demo", "--person", "m1", "--person", "s1")[0] == 0
    _, out, _ = call(capsys, bench, "links", "demo")
    with Path(out.splitlines()[0]).open(encoding="utf-8-sig", newline="") as file:
        without = {row["person_id"] for row in csv.DictReader(file) if not row["link"]}
    assert without == {"m1", "s1"}
    code, out, _ = call(capsys, bench, "revoke", "demo", "--all")
    assert (code, "Taken back: 25" in out) == (0, True)
    assert f"revmentor checkin renew demo --all --root {bench.root}" in out
    code, _, error = call(capsys, bench, "revoke", "demo", "--person", "nobody")
    assert (code, "nobody in this cycle has this id" in error) == (2, True)
    assert call(capsys, bench, "revoke", "demo")[0] == 2
    assert call(capsys, bench, "revoke", "demo", "--all", "--person", "m1")[0] == 2


def test_links_that_open_on_this_machine_only_are_told(
    capsys: pytest.CaptureFixture[str], bench: Workbench
) -> None:
    assert "this machine only" not in call(capsys, bench, "links", "demo")[1], "a rehearsal"
    bench.edit("params/cycles/demo.yaml", "  as_of: 2026-02-16 ", "  as_of: null ")
    code, out, _ = call(capsys, bench, "links", "demo")
    assert code == 0
    assert "begin with http://127.0.0.1:8765, which opens on this machine only" in out


def links_in(path: str) -> dict[str, str]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return {row["person_id"]: row["link"] for row in csv.DictReader(file)}


def test_after_a_leak_everybody_has_another_link(
    capsys: pytest.CaptureFixture[str], bench: Workbench
) -> None:
    before = links_in(call(capsys, bench, "links", "demo")[1].splitlines()[0])
    call(capsys, bench, "revoke", "demo", "--all")
    code, out, _ = call(capsys, bench, "renew", "demo", "--all")
    assert (code, "New links: 25." in out) == (0, True)
    assert f"revmentor run demo --stage launch --root {bench.root}" in out
    assert f"revmentor send demo --smtp --again PERSON --root {bench.root}" in out
    after = links_in(out.splitlines()[0])
    assert after.keys() == before.keys()
    assert not set(before.values()) & set(after.values())
    with opened("demo", root=str(bench.root)) as found:
        client = TestClient(build_app(site_of(found, "http://x", dt.date(2026, 2, 16))))
        paths = [urlsplit(link["m1"]).path for link in (before, after)]
        assert [client.get(path).status_code for path in paths] == [410, 200]
    code, out, _ = call(capsys, bench, "renew", "demo", "--person", "m1")
    once_more = links_in(out.splitlines()[0])
    assert {who for who, link in once_more.items() if after[who] != link} == {"m1"}
    code, _, error = call(capsys, bench, "renew", "demo", "--person", "m1", "--person", "nobody")
    assert (code, "nobody in this cycle has this id" in error) == (2, True)
    assert links_in(call(capsys, bench, "links", "demo")[1].splitlines()[0]) == once_more
    assert call(capsys, bench, "renew", "demo")[0] == 2


def test_who_was_shut_out_gets_no_link_with_everybody(
    capsys: pytest.CaptureFixture[str], bench: Workbench
) -> None:
    def renewed(*who: str) -> tuple[str, set[str]]:
        out = call(capsys, bench, "renew", "demo", *who)[1]
        return out, {person for person, link in links_in(out.splitlines()[0]).items() if not link}

    assert "Without a link" not in renewed("--all")[0]
    call(capsys, bench, "revoke", "demo", "--person", "m1", "--person", "s1")
    out, without = renewed("--all")
    assert ("New links: 23." in out, "Without a link: 2." in out) == (True, True)
    assert f"revmentor checkin renew demo --person ID --root {bench.root}" in out
    assert without == {"m1", "s1"}
    # Everybody's links taken back, and given anew: who was shut out before stays so, who is shut
    # out in between, too.
    call(capsys, bench, "revoke", "demo", "--all")
    call(capsys, bench, "revoke", "demo", "--person", "m2")
    call(capsys, bench, "revoke", "demo", "--all")
    assert renewed("--all")[1] == {"m1", "s1", "m2"}
    assert renewed("--person", "m1")[1] == {"s1", "m2"}
    call(capsys, bench, "revoke", "demo", "--all")
    assert renewed("--all")[1] == {"s1", "m2"}


def test_without_an_address_no_link_is_made_anew(
    capsys: pytest.CaptureFixture[str], bench: Workbench
) -> None:
    bench.edit("params/cycles/demo.yaml", "  address: http://127.0.0.1:8765", "  address: ''")
    code, _, error = call(capsys, bench, "renew", "demo", "--all")
    assert (code, "set checkin.address" in error) == (2, True)
    with opened("demo", root=str(bench.root)) as found:
        assert found.store.link_of("m1") == Link()


def test_a_cycle_that_is_not_launched_or_has_no_address_says_what_to_do(
    capsys: pytest.CaptureFixture[str], bench: Workbench
) -> None:
    code, _, error = call(capsys, bench, "links", "ibm-attrition")
    assert (code, "revmentor approve" in error) == (2, True)
    bench.edit("params/cycles/demo.yaml", "  address: http://127.0.0.1:8765", "  address: ''")
    code, _, error = call(capsys, bench, "links", "demo")
    assert (code, "set checkin.address" in error) == (2, True)


def test_an_item_without_words_is_named_before_anything_is_served(
    capsys: pytest.CaptureFixture[str], bench: Workbench
) -> None:
    items = [{"item": "trust_1", "principle": ""}]
    home = bench.root / "outputs" / "demo" / "base"
    roster = roster_dict(cycle="demo", items=items, questions={"trust_1": {}})
    Workspace(home).write_json("checkin", roster, restricted=True)
    code, _, error = call(capsys, bench, "serve", "demo", "--port", "0")
    assert (code, "checkin.questions.trust_1.de" in error) == (2, True)


def test_what_is_exported_is_read_back_without_a_warning(
    capsys: pytest.CaptureFixture[str], bench: Workbench, tmp_path: Path
) -> None:
    home = bench.root / "outputs" / "demo"
    store = open_store(home, "demo")
    pair = {"mentor_id": "00003", "mentee_id": "00001"}
    day = dt.date(2026, 2, 16)
    text = '=SUM(1), "quoted"\nand a line; +more'
    met = {**pair, "on": day, "status": "held", "minutes": 45, "topic": "@sum", "entered_by": "x"}
    store.keep(Form("1", "x", [(SESSIONS, met)]))
    missed = {**met, "status": "missed", "minutes": None, "topic": None, "on": dt.date(2026, 2, 17)}
    store.keep(Form("2", "x", [(SESSIONS, missed)]))
    answer = {"person_id": "00003", "partner_id": "00001", "wave": "day30", "on": day,
              "support_needed": None, "comment": text}  # fmt: skip
    store.keep(Form("3", "x", [(PULSE, answer)], dict.fromkeys(ITEMS[:4], 4.0)))
    goal = {**pair, "goal": "-x", "skill": None, "baseline": 1.0, "target": 4.5, "current": 2.0,
            "on": day, "entered_by": "x"}  # fmt: skip
    store.keep(Form("4", "x", [(GOALS, goal)]))
    store.close()
    into = ("export", "demo", "--to", str(tmp_path / "out"))
    code, out, _ = call(capsys, bench, *into)
    assert (code, "Comments are left out" in out) == (0, True)
    assert "every single answer with the id of who gave it" in out
    assert f"revmentor run demo --stage review --root {bench.root}" in out
    assert "and a line" not in (tmp_path / "out" / "pulse.csv").read_text(encoding="utf-8")
    code, out, _ = call(capsys, bench, *into, "--comments")
    assert (code, "single answer and comment, with the id" in out) == (0, True)
    for path in (tmp_path / "out").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / "out" / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "out" / "applications.csv").write_text(APPLICATIONS, encoding="utf-8")
    tables = load_tables(make_params(), tmp_path / "out")
    assert tables.sessions is not None
    assert tables.pulse is not None
    assert tables.goals is not None
    assert tables.sessions["status"].tolist() == ["held", "missed"]
    assert tables.sessions["topic"].tolist()[0] == "@sum"
    assert tables.pulse["comment"].tolist() == [text]
    assert tables.pulse[ITEMS[0]].tolist() == [4.0]
    assert tables.goals["goal"].tolist() == ["-x"]
    for loaded in tables.report.tables:
        if loaded.table in ("sessions", "pulse", "goals"):
            assert (loaded.rows_used, loaded.trimmed) == (loaded.rows_read, ())
    assert tables.report.warnings == ()


def test_what_is_entered_in_a_rehearsal_bears_the_day_that_the_page_goes_by(
    bench: Workbench,
) -> None:
    day = dt.date(2026, 2, 16)
    with opened("demo", root=str(bench.root)) as found:
        rehearsed = site_of(found, "http://127.0.0.1:1", day)
        assert rehearsed.now().date() == rehearsed.today() == day
        real = site_of(found, "http://127.0.0.1:1")
        assert abs(real.now() - utc_now()) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("address", "asked", "port", "astray"),
    [
        ("http://127.0.0.1:8931", None, 8931, ""),
        ("http://[::1]:8931", None, 8931, ""),
        ("http://127.0.0.1:8931", 9000, 9000, "leave --port out"),
        ("http://localhost", None, 8765, "give checkin.address a port"),
        ("https://checkin.example.com:8443", None, 8765, ""),
        ("https://checkin.example.com", 9000, 9000, ""),
        ("", None, 8765, ""),
    ],
)
def test_the_page_listens_where_links_of_this_machine_lead(
    address: str, asked: int | None, port: int, astray: str
) -> None:
    checkin = Checkin(address=address)
    assert port_of(checkin, asked) == port
    told = elsewhere(checkin, port)
    assert (astray in told, bool(told)) == (True, bool(astray))


@pytest.mark.parametrize("port", ["0", "99999", "x"])
def test_an_address_with_a_port_that_there_cannot_be_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match="no address that links can start with"):
        Checkin(address=f"http://127.0.0.1:{port}")


def test_serving_tells_where_and_stops_when_told(bench: Workbench) -> None:
    served = Served(bench.root)
    assert "The check-in after 30 days is open until 4 March 2026." in served.said
    assert f"{served.address}/coordinator/" in served.said
    assert "but the page listens on port" in served.said
    assert f"revmentor checkin links demo --root {bench.root}" in served.said
    link = served.path("m1")
    assert httpx.get(link).status_code == 200
    assert httpx.get(f"{served.address}/c/forged").status_code == 404
    code, said = served.end(signal.SIGTERM)
    # uvicorn ends as the signal asks, after its last answer.
    assert code in (0, -signal.SIGTERM, 130, 143)
    for hidden_part in (link.rsplit("/", 1)[1], "forged", "m1"):
        assert hidden_part not in said
