"""Step 4 on a small cycle with circles: a draft launches nothing, an approved match everything."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pandas as pd
import pytest
from checkin_cases import TestClient, Visitor
from icalendar import Calendar
from workbenches import workbench

from revmentor import lab
from revmentor.checkin.app import build_app
from revmentor.checkin.database import open_store
from revmentor.checkin.opened import export
from revmentor.checkin.opened import opened as page_of
from revmentor.checkin.roster import read_roster
from revmentor.checkin.serve import site_of
from revmentor.checkin.tokens import open_token, secret_of
from revmentor.cycle.approving import approve, reopen
from revmentor.cycle.context import Context
from revmentor.cycle.steps.launch import Launch
from revmentor.cycle.steps.packing import personal_links
from revmentor.data import load_tables
from revmentor.params.checkin import Checkin
from revmentor.publish.manifest import build_manifest, write_manifest

CYCLE = """
programme:
  title: Spring
  start: 2026-01-12
  end: 2026-07-10
grades: [Associate, Analyst, Specialist, Manager, Director, Executive]
data:
  demo: {people: 60, seed: 3}
design:
  waves:
    - {name: "1", end: 2026-05-29, at_most: 6}
    - {name: "2", start: 2026-02-09}
  training:
    - {module: feedback, minutes: 60}
circles:
  on: true
  mentors: {from: 1, to: 2}
  mentees: {from: 2, to: 3}
checkin:
  address: https://checkin.example.com
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the cycle's results stand: beside them, params and notebooks of its own."""
    root = workbench(tmp_path_factory.mktemp("launch"))
    (root / "params" / "cycles" / "spring.yaml").write_text(CYCLE)
    home = root / "outputs" / "spring"
    publish_match(home)
    return home


def publish_match(home: Path) -> None:
    """The match as a run publishes it, without the notebooks."""
    folder = home / "base"
    step = lab.matching("spring", root=str(home.parents[1]), workdir=str(folder))
    step.record()
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    stages = [{"stage": "match", "files": files, "fingerprint": step.context.stamps["03_matching"]}]
    manifest = build_manifest(
        folder, cycle="spring", scenario="base", created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        inputs={}, params_digest="", seed=0, git=None, stages=stages, matching=None,
    )  # fmt: skip
    write_manifest(folder, manifest)


def opened(home: Path) -> Launch:
    """Step 4 as JupyterLab opens it, in the draft folder."""
    return lab.launch("spring", root=str(home.parents[1]))


def told(step: Launch) -> str:
    return " ".join(repr(part) for part in step.readiness().parts)


def test_a_draft_writes_no_pack_and_says_who_must_do_what(home: Path) -> None:
    step = opened(home)
    files = {path.name for path in step.record()}
    said = told(step)
    assert "This is a draft" in said
    assert "revmentor approve spring --by NAME" in said
    assert "revmentor run spring --stage launch" in said
    assert not files & {"launch.xlsx", "mailmerge.csv", "mail.json", "checkin.json"}
    assert not list(home.glob("*/restricted/packs"))
    assert not (home / "checkin").exists(), "no key is made for a draft"
    assert "Tamsin Oyelaran" in step.sample_pack().parts[0].data  # type: ignore[attr-defined]
    assert step.weeks_ahead().parts


def test_an_approved_match_is_launched_whole(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVMENTOR_CHROME", "none")
    approve("spring", "Pat", root=home.parents[1])
    step = lab.launch("spring", root=str(home.parents[1]), workdir=str(home / "base"))
    assert "approved on" in told(step)
    assert "no Chrome or Chromium was found" in told(step)
    assert "checkin.address" not in told(step)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(Checkin, "caution", lambda checkin: "No phone reaches it.")
        assert "No phone reaches it." in [repr(part) for part in step.readiness().parts]
        on = dt.date(2026, 2, 12)
        elsewhere.setattr(Context, "today", property(lambda context: on))
        assert "packs ask for a first meeting by 11 February 2026, which is over" in told(step)
        on = dt.date(2026, 2, 11)
        assert "which is over" not in told(step)
    step.record()
    restricted = home / "base" / "restricted"
    pairs = pd.read_parquet(restricted / "pairs.parquet")
    circles = pd.read_parquet(restricted / "circles.parquet")
    assert len(circles) > 0
    packs = sorted(path.name for path in (restricted / "packs").glob("*.html"))
    assert len(packs) == 2 * len(pairs) + len(circles)
    calendars = sorted((restricted / "packs").glob("*.ics"))
    assert len(calendars) == len(pairs) + circles["circle"].nunique()
    meetings = {"1": 10, "2": 11}[pairs["wave"].iloc[-1]]
    assert len(Calendar.from_ical(calendars[-1].read_bytes()).walk("VEVENT")) == meetings
    assert {path.stat().st_mode & 0o777 for path in restricted.rglob("*") if path.is_file()} == {
        0o600
    }
    assert "Who they are, by name: restricted/lacking.html" in told(step)
    assert "What packs lack, by name" in (restricted / "lacking.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(io.BytesIO((restricted / "launch.xlsx").read_bytes()))
    assert book["pairs"].max_row == 3 + len(calendars)

    roster = read_roster(home)
    assert len(roster.pairs) == len(pairs)
    assert len(roster.circles) == circles["circle"].nunique()
    assert [wave.name for wave in roster.waves][:2] == ["day30", "day60"]
    assert roster.waves[0].opens == dt.date(2026, 2, 11)
    page = {pair.number: [wave.opens for wave in roster.waves_of(pair)] for pair in roster.pairs}
    written = {pack.number: list(pack.check_ins) for pack in step.packs if pack.kind == "pair"}
    assert page == written, "packs promise the days on which the page asks"
    assert {pair.wave: pair.start for pair in roster.pairs} == {
        "1": dt.date(2026, 1, 12), "2": dt.date(2026, 2, 9),
    }  # fmt: skip
    merge = pd.read_csv(restricted / "mailmerge.csv", dtype=str, keep_default_na=False)
    assert len(merge) == len(packs)
    assert set(merge["person_id"]) == set(roster.person)
    row = merge.iloc[0]
    token = row["link"].removeprefix("https://checkin.example.com/c/")
    claim = open_token(token, secret_of(home), "spring", dt.date(2026, 3, 1))
    assert claim.person_id == row["person_id"]
    assert row["link"] in (restricted / row["pack"]).read_text(encoding="utf-8")

    store = open_store(home, "spring", "")
    other = merge.iloc[2]["person_id"]
    store.reissue(row["person_id"])
    store.revoke([other])
    store.close()
    links = personal_links(step.context, [row["person_id"], other])
    assert list(links) == [row["person_id"]], "a link that was taken back is not told again"
    token = links[row["person_id"]].rpartition("/")[2]
    assert open_token(token, secret_of(home), "spring", dt.date(2026, 3, 1)).version == 2


def test_who_was_launched_answers_and_the_review_reads_it(home: Path, tmp_path: Path) -> None:
    step = opened(home)
    merge = pd.read_csv(home / "base" / "restricted" / "mailmerge.csv", dtype=str)
    row = merge.iloc[1]
    address, answers = urlsplit(row["link"]), dict.fromkeys(step.context.params.data.items.pulse, 4)
    with page_of("spring", root=str(home.parents[1])) as found:
        pair = found.roster.pairs_of(row["person_id"])[0]
        first = found.roster.waves_of(pair)[0]
        site = site_of(found, "https://checkin.example.com", first.opens)
        beside = f"{address.scheme}://{address.netloc}"
        browser = TestClient(build_app(site), base_url=beside, follow_redirects=False)
        person = Visitor(browser, address.path)
        assert pair.partner_of(row["person_id"])[1] in unescape(person.get().text)
        told = {f"item-{item}": str(step) for item, step in answers.items()}
        sent = person.send(f"/{pair.number}/pulse", {**told, "comment": "=well"})
        assert sent.status_code == 303, sent.text
        met = {"happened": "held", "on": f"{first.opens}", "minutes": "50"}
        assert person.send(f"/{pair.number}/meeting", met).status_code == 303
        shutil.copytree(step.context.folder, tmp_path / "data")
        export(found, tmp_path / "data", comments=True)
    tables = load_tables(
        step.context.params, tmp_path / "data", only=("sessions", "pulse", "goals")
    )
    [answer] = tables.pulse.to_dict("records")
    partner = pair.partner_of(row["person_id"])[0]
    assert (answer["person_id"], answer["partner_id"]) == (row["person_id"], partner)
    assert (answer["wave"], answer["comment"]) == (first.name, "=well")
    assert {item: answer[item] for item in answers} == answers
    [meeting] = tables.sessions.to_dict("records")
    assert (meeting["mentor_id"], meeting["mentee_id"]) == (pair.mentor_id, pair.mentee_id)
    assert (meeting["status"], meeting["minutes"]) == ("held", 50)
    assert len(tables.goals) == 0


def test_who_has_left_gets_nothing_and_their_link_opens_no_longer(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVMENTOR_CHROME", "none")
    restricted = home / "base" / "restricted"
    before = pd.read_csv(restricted / "mailmerge.csv", dtype=str, keep_default_na=False)
    first = before.iloc[0]
    step = lab.launch("spring", root=str(home.parents[1]), workdir=str(home / "base"))
    people = step.context.tables.people
    last = pd.Timestamp("2026-05-04")
    people.loc[people["person_id"] == first["person_id"], "left_on"] = last
    step.write()
    gone = [pack for pack in step.packs if not pack.goes]
    assert {first["person_id"], *gone[0].partner_ids} <= {pack.person_id for pack in gone}
    files = {path.name for path in (restricted / "packs").glob("*.html")}
    assert not files & {"pair-0001-mentor.html", "pair-0001-mentee.html"}
    assert not (restricted / "packs" / "pair-0001.ics").exists()
    merge = pd.read_csv(restricted / "mailmerge.csv", dtype=str, keep_default_na=False)
    assert len(merge) == len(before) - len(gone)
    assert first["person_id"] not in set(merge["person_id"])
    assert "somebody who has left the company" in " ".join(map(repr, step.readiness().parts))
    page = (restricted / "lacking.html").read_text(encoding="utf-8")
    assert f"Somebody who has left the company ({len(gone)} packs)" in page
    address = urlsplit(first["link"])
    for day, status in ((last.date() - dt.timedelta(days=1), 200), (last.date(), 410)):
        with page_of("spring", root=str(home.parents[1])) as found:
            site = site_of(found, "https://checkin.example.com", day)
            beside = f"{address.scheme}://{address.netloc}"
            browser = TestClient(build_app(site), base_url=beside, follow_redirects=False)
            # its version was renewed before
            links = personal_links(step.context, [first["person_id"]])
            assert browser.get(urlsplit(links[first["person_id"]]).path).status_code == status


def test_reopened_what_was_launched_is_taken_away(home: Path) -> None:
    before = opened(home)
    before.record()
    restricted = before.context.work.folder / "restricted"
    assert (restricted / "packs").is_dir()
    assert "PDFs are made by revmentor run" in told(before)
    reopen("spring", "Pat", "a pair fell ill", root=home.parents[1])
    after = opened(home)
    after.record()
    assert "This is a draft" in told(after)
    left = {path.name for path in restricted.iterdir()}
    assert not left & {"packs", "launch.xlsx", "mailmerge.csv", "mail.json", "checkin.json"}
    assert "lacking.html" not in left
