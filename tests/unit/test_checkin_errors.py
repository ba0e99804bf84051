"""Whoever has to correct a form reads which field is wrong, where, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest
from checkin_cases import Bench, open_bench

LONG = "x" * 3000
WRONG: list[tuple[str, Mapping[str, str], list[str]]] = [
    ("/1/goals", {}, ["goal", "baseline", "target"]),
    (
        "/1/goals",
        {"goal": LONG, "skill": "Cooking", "baseline": "a", "target": "1,000", "current": "b"},
        ["goal", "skill", "baseline", "target", "current"],
    ),
    ("/1/goals", {"goal": "G", "baseline": "2", "target": "2"}, ["target"]),
    ("/1/meeting", {}, ["happened", "on"]),
    (
        "/1/meeting",
        {"happened": "held", "on": "2030-01-01", "minutes": "x", "topic": LONG},
        ["on", "minutes", "topic"],
    ),
    ("/1/meeting", {"happened": "moved", "on": "2026-02-10", "moved_to": "soon"}, ["moved_to"]),
    ("/1/pulse", {"item-respect_1": "9", "support": LONG, "comment": LONG},
     ["item-respect_1", "support", "comment"]),
    ("/1/pulse", {}, ["item-compassion_1"]),
    ("/1/support", {}, ["text"]),
    ("/1/hand", {"text": LONG}, ["text"]),
]  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as opened:
        yield opened


def text_of(part: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", part).split()))


def name_of(field: str, page: str) -> str:
    """What the field is called on the page: its label, or the legend of its group."""
    label = re.search(rf'<label for="{field}">(.*?)</label>', page, re.S)
    group = re.search(rf'<fieldset[^>]* id="{field}"[^>]*>\s*<legend>(.*?)</legend>', page, re.S)
    group = group or re.search(
        rf'<fieldset id="{field}"[^>]*>\s*<legend>(.*?)</legend>', page, re.S
    )
    found = label or group
    assert found is not None, field
    return text_of(found[1])


def check_named(page: str, fields: list[str]) -> None:
    summary = re.search(r'<div class="summary" role="alert">.*?</div>', page, re.S)
    assert summary is not None
    listed = re.findall(r'<a href="#([\w-]+)">(.*?)</a>', summary[0], re.S)
    assert [field for field, _ in listed] == fields
    for field, told in listed:
        problem = re.search(rf'<p class="problem" id="{field}-problem">(.*?)</p>', page, re.S)
        assert problem is not None, field
        name, what = name_of(field, page), text_of(problem[1])
        assert re.fullmatch(f"{re.escape(name)}:? {re.escape(what)}", text_of(told)), told
        [opened] = re.findall(
            rf'<(?:fieldset|input|select|textarea) [^>]*\bid="{field}"[^>]*>', page
        )
        described = re.search(r'aria-describedby="([^"]*)"', opened)
        assert described is not None, opened
        assert f"{field}-problem" in described[1].split()
        assert opened.startswith("<fieldset") or 'aria-invalid="true"' in opened


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("page", "sent", "fields"), WRONG)
def test_each_error_names_its_field_leads_there_and_describes_it(
    bench: Bench, language: str, page: str, sent: Mapping[str, str], fields: list[str]
) -> None:
    answer = bench.visitor("m1", language).send(page, sent)
    assert answer.status_code == 422
    check_named(answer.text, fields)


def test_of_several_goals_the_one_that_is_wrong_is_named(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    for goal in ("A dashboard", "A <b>pivot</b> table"):
        assert mentor.send("/1/goals", {"goal": goal, "baseline": "1", "target": "5"}).is_redirect
    wanted = re.findall(r'name="goal_id" value="(\d+)"', mentor.get("/1/goals").text)[1]
    answer = mentor.send("/1/goals", {"goal_id": wanted, "current": "more"})
    assert answer.status_code == 422
    check_named(answer.text, ["current"])
    assert (
        "A &lt;b&gt;pivot&lt;/b&gt; table: Where is it now? Please enter a number." in answer.text
    )
