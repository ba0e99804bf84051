"""Every command that is printed as the next one can be typed as it stands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import pytest
from tiny import mark_published

from revmentor.cli import cli
from revmentor.cycle import next_step
from revmentor.cycle.outcome import Outcome, sentences
from revmentor.publish.mailmerge import Letter

STAGES = ("plan", "match", "launch", "review", "report", "all")


def told(result: Path, root: Path) -> Iterator[str]:
    """Whatever is said after any command, with all places given."""
    places = next_step.given(
        scenario="limits", data="my tables", outputs=result.parents[1], root=root
    )
    yield next_step.after_check("spring", places)
    yield from (next_step.after_run(result, stage, places) for stage in STAGES)
    yield next_step.after_rematch("spring", result / "a b.xlsx", places)
    yield next_step.after_approval("spring", places)
    yield next_step.after_reopening("spring", "Pat Fry", places)
    yield next_step.after_conflict("spring", places)
    for approved in ("", "approved by Pat Fry"):
        yield next_step.after_decisions("spring", approved, "", places)
        yield next_step.after_no_decisions("spring", result / "a.xlsx", approved, "", places)
    yield from after_sending()


def after_sending() -> Iterator[str]:
    """Whatever is said after messages were sent, or not."""
    letter = Letter("k", "j", "Ann", "a@example.com", "mentor", "S", "Hi", "Hi", "", "", ("p/a",))
    sending = {"scenario": "limits", "outputs": "out", "root": "bench", "by": "Pat Fry"}
    for lists in ({"todo": ["k"]}, {"sent": ["k"]}, {"later": ["k"]}, {"doubtful": ["k"]},
                  {"refused": ["k"]}, {"before": ["k"]}):  # fmt: skip
        for smtp in (False, True):
            yield "\n".join(sentences(Outcome([letter], smtp, **lists), "spring", **sending))


def parsed(words: list[str]) -> str:
    """The full name of the command that takes these words; it fails as the command would."""
    group: click.Command = cli
    context = click.Context(cli, info_name="revmentor", **cli.context_settings)
    name = ""
    while isinstance(group, click.Group):
        found = group.get_command(context, words[0])
        assert found is not None, words
        group, words, name = found, words[1:], f"{name} {words[0]}".strip()
    group.make_context(name, words, parent=context)
    return name


@pytest.mark.parametrize(("approved", "waiting"), [*product((False, True), repeat=2)])
def test_every_printed_command_is_taken(
    tmp_path: Path,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    approved: bool,
    waiting: bool,
) -> None:
    result = tmp_path / "spring" / "limits"
    result.mkdir(parents=True)
    mark_published(result, "spring")
    monkeypatch.setattr(next_step, "approval_of", lambda home, scenario: approved or None)
    monkeypatch.setattr(next_step, "_waiting", lambda result: "1 request waits" * waiting)
    found = {
        parsed(shlex.split(printed)[1:])
        for text in told(result, repository)
        for printed in re.findall(r"revmentor [^\n,]+", text)
    }
    always = {"run", "approve", "reopen", "send", "checkin serve"}
    assert found >= always | ({"checkin links"} if waiting else set())
    assert "decide" in found or approved
