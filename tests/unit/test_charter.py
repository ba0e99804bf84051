"""A charter can be pasted, judged, sent and printed; every change of it is seen by everybody."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from ruamel.yaml import YAML

from revmentor.cli import main
from revmentor.cycle import charters
from revmentor.errors import InputError
from revmentor.measures import MEASURES, RULES
from revmentor.names import OBJECTIVE_KINDS
from revmentor.params.models import Charter, Params, Programme
from revmentor.paths import workbench_root
from revmentor.planning import (
    TEMPLATES,
    changes,
    charter_document,
    charter_gaps,
    digest,
    promised,
    template_yaml,
)
from revmentor.publish import charter as paper
from revmentor.publish.leaks import office_text, page_text

BEFORE, START, LATER = dt.date(2026, 1, 5), dt.date(2026, 1, 12), dt.date(2026, 3, 3)
CRITERION = {
    "criterion": "Pairs meet early",
    "metric": "first_meeting_share",
    "baseline": 0.7,
    "target": 0.9,
    "due": "2026-02-11",
}


@pytest.fixture
def programme() -> Programme:
    base = YAML(typ="safe").load(workbench_root() / "params" / "base.yaml")
    base["programme"] |= {"start": "2026-01-12", "end": "2026-07-10", "review_on": "2026-07-24"}
    return Params.model_validate(base).programme


def charter(**changed: Any) -> Charter:
    whole = {
        "kind": "culture",
        "objective": "People know each other",
        "method": "One to one",
        "owner": "Head of People",
        "audience": ["Board"],
        "success": [CRITERION],
    }
    return Charter.model_validate(whole | changed)


@pytest.mark.parametrize("kind", OBJECTIVE_KINDS)
def test_every_template_loads_as_a_charter_without_gaps(kind: Any, programme: Programme) -> None:
    text = template_yaml(kind, programme)
    assert max(map(len, text.splitlines())) <= 110
    loaded = Charter.model_validate(YAML(typ="safe").load(text)["charter"])
    assert loaded.kind == kind
    assert charter_gaps(loaded) == ()
    assert {item.metric for item in loaded.success} <= set(MEASURES)
    for item in loaded.success:
        assert item.due is not None
        assert programme.start <= item.due <= dt.date(2026, 7, 24)
        assert item.judged_by in RULES
    assert [item.criterion for item in loaded.success] == [
        wanted.criterion for wanted in TEMPLATES[kind].success
    ]


def test_without_a_cycle_only_the_dates_are_missing() -> None:
    loaded = Charter.model_validate(YAML(typ="safe").load(template_yaml("process"))["charter"])
    assert {gap.lacks for gap in charter_gaps(loaded)} == {"date"}


def test_the_command_prints_a_template(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["charter", "hard_skill", "--cycle", "demo"])
    assert left.value.code == 0
    text = capsys.readouterr().out
    assert "due: 2026-07-24" in text
    assert YAML(typ="safe").load(text)["charter"]["kind"] == "hard_skill"


def test_an_empty_charter_lists_what_it_lacks(programme: Programme) -> None:
    empty = Charter(kind="culture")
    lacks = [gap.lacks for gap in charter_gaps(empty)]
    assert lacks == ["objective", "method", "owner", "audience", "success criteria"]
    assert ("Objective", "not stated") in charter_document(empty, programme, "x").lines


@pytest.mark.parametrize(
    ("changed", "lacks"),
    [
        ({"target": None}, ["target"]),
        ({"target": 90}, ["target that a share can reach"]),
        ({"due": None}, ["date"]),
        ({"baseline": None}, ["baseline"]),
        ({"baseline": None, "baseline_note": "counted in the first month"}, []),
        ({"metric": "across_sites", "baseline": None}, []),
        ({}, []),
    ],
)
def test_gaps_of_a_criterion(changed: dict[str, Any], lacks: list[str]) -> None:
    found = charter_gaps(charter(success=[CRITERION | changed]))
    assert [gap.lacks for gap in found] == lacks


def test_a_difference_is_said_in_percentage_points(programme: Programme) -> None:
    item = CRITERION | {"metric": "retention_difference", "baseline": 0, "target": 0.05}
    [promise] = charter_document(charter(success=[item]), programme, "x").promises
    assert promise.target.startswith("5 percentage points")


def test_the_digest_is_of_the_promise_and_nothing_else(programme: Programme) -> None:
    was = promised(charter(), programme)
    assert digest(was) == digest(json.loads(json.dumps(was)))
    assumed = charter(success=[CRITERION | {"spread": 2.0}])
    assert digest(promised(assumed, programme)) == digest(was)
    own_rule = charter(success=[CRITERION | {"rule": "interval"}])
    assert digest(promised(own_rule, programme)) == digest(was)
    moved = programme.model_copy(update={"end": dt.date(2026, 8, 1)})
    assert digest(promised(charter(), moved)) != digest(was)


def test_every_change_is_said_in_words(programme: Programme) -> None:
    was = promised(charter(), programme)
    item = CRITERION | {"target": 0.8, "least": 20, "due": None, "rule": "baseline"}
    new = {"criterion": "New ties", "metric": "new_ties", "target": 1}
    now = promised(
        charter(owner="COO", audience=["Board", "Council"], success=[item, new]),
        programme.model_copy(update={"start": START + dt.timedelta(7), "meeting_minutes": 60}),
    )
    assert changes(was, now) == (
        "the owner went from “Head of People” to “COO”",
        "Council joined the audience",
        "“New ties” joined the criteria",
        "the target of “Pairs meet early” went from 90% to 80%",
        "the date of “Pairs meet early” was taken out; it was 11 February 2026",
        "the rule of “Pairs meet early” went from interval to baseline",
        "the least n of “Pairs meet early” went from 0 to 20",
        "the start went from 12 January 2026 to 19 January 2026",
        "the minutes of a meeting went from 45 to 60",
    )
    assert changes(was, was) == ()


def publish(home: Path, promise: Any, today: dt.date, data: dt.date | None = None) -> Any:
    found = charters.standing(home, promise, START, today, lambda: data)
    return charters.record(home, found.current)


def test_versions_count_distinct_promises(tmp_path: Path, programme: Programme) -> None:
    one = promised(charter(), programme)
    two = promised(charter(success=[CRITERION | {"target": 0.8}]), programme)
    assert publish(tmp_path, one, BEFORE).number == 1
    assert publish(tmp_path, one, LATER).on == BEFORE
    late = publish(tmp_path, two, LATER, data=START)
    assert (late.number, late.after_start, late.after_data) == (2, True, True)
    assert late.changed == ("the target of “Pairs meet early” went from 90% to 80%",)
    assert publish(tmp_path, one, LATER).number == 1
    found = charters.version_of(tmp_path, digest(two))
    assert found is not None
    assert (found.number, found.changed) == (late.number, late.changed)
    assert charters.version_of(tmp_path, "0" * 64) is None
    told = charters.standing(tmp_path, two, START, LATER)
    assert told.late
    assert (
        "Changed after the first data were there, in version 2 of 3 March 2026" in told.sentences[1]
    )
    back = charters.standing(tmp_path, one, START, LATER)
    assert "went back to version 1" in back.sentences[-1]
    assert back.late


def test_a_change_before_the_start_is_told_but_not_late(
    tmp_path: Path, programme: Programme
) -> None:
    publish(tmp_path, promised(charter(), programme), BEFORE)
    told = charters.standing(tmp_path, promised(charter(owner="COO"), programme), START, BEFORE)
    assert not told.late
    assert not told.known
    assert "before the start" in told.sentences[1]


def test_runs_at_once_keep_every_version(tmp_path: Path, programme: Programme) -> None:
    promises = [promised(charter(owner=f"Head {k}"), programme) for k in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda promise: publish(tmp_path, promise, BEFORE), promises))
    versions = charters.read(tmp_path)
    assert [each.number for each in versions] == list(range(1, 9))
    assert {each.digest for each in versions} == set(map(digest, promises))
    assert all(each.changed for each in versions[1:])


def test_a_broken_file_of_versions_is_named(tmp_path: Path) -> None:
    (tmp_path / charters.FILE).write_text("{}")
    with pytest.raises(InputError, match=r"charters\.json"):
        charters.read(tmp_path)


def content(programme: Programme, **changed: Any) -> dict[str, Any]:
    whole = charter(**changed)
    power = ["We would see 81% or more."] * len(whole.success)
    found = charter_document(whole, programme, "Spring", power)
    plain = json.loads(
        json.dumps(
            {
                "title": found.title,
                "lines": found.lines,
                "promises": [asdict(each) for each in found.promises],
                "rules": found.rules,
                "dates": found.dates,
                "gaps": [gap.text for gap in found.gaps],
                "digest": found.digest,
                "history": ["Version 1 of the charter."],
                "late": False,
            }
        )
    )
    return dict(plain)


def word_text(document: bytes) -> str:
    opened = Document(io.BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in opened.paragraphs), *cells])


def test_page_and_word_document_say_the_same(programme: Programme) -> None:
    told = content(programme)
    page = page_text(paper.charter_page(told))
    document = word_text(paper.charter_document(told))
    for text in (page, document):
        for line in ("People know each other", "Pairs meet early", "11 February 2026", "90%",
                     "We would see 81% or more.", "13 April 2026", "Version 1", told["digest"],
                     RULES["interval"]):  # fmt: skip
            assert line in text, line


def test_the_same_charter_gives_the_same_bytes(programme: Programme) -> None:
    told = content(programme)
    assert paper.charter_document(told) == paper.charter_document(told)
    assert paper.charter_page(told) == paper.charter_page(told)


def test_text_is_text_in_page_and_document(programme: Programme, tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>{{ 7*7 }}"
    item = CRITERION | {"criterion": bad, "baseline_note": bad, "unit": bad}
    told = content(programme, objective=bad, owner=f"{bad}\x0b", audience=[bad], success=[item])
    told |= {"title": bad, "history": [bad]}
    page = paper.charter_page(told, [(bad, '"><script>')])
    assert not re.search(r"(?i)<script", page)
    assert page_text(page).count("<script>alert(1)</script>{{ 7*7 }}") >= 7
    document = paper.charter_document(told)
    assert word_text(document).count(bad) >= 6
    file = tmp_path / "charter.docx"
    file.write_bytes(document)
    assert bad in office_text(file)


def test_a_charter_without_criteria_says_so(programme: Programme) -> None:
    told = content(programme, success=[])
    assert paper.NONE in page_text(paper.charter_page(told))
    assert paper.NONE in word_text(paper.charter_document(told))
