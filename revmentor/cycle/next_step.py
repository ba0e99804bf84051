"""What comes next? After each command, the one thing to do, with the words to type."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from revmentor.cycle.approval import approval_of
from revmentor.cycle.stages import ALL, STAGES
from revmentor.data.decided import SHEET
from revmentor.paths import outputs_dir, result_dir, workbench_root
from revmentor.publish.manifest import read_manifest
from revmentor.publish.workspace import Workspace
from revmentor.words import capital, counted, listed

LISTENED = ("review", "report", ALL)
WAITING = "review/waiting"


def command(*words: str, **places: str) -> str:
    """The command with the places that were given, as a shell reads it.

    >>> command("run", "spring", "--stage", "plan", data="my tables", scenario="base", root="")
    "revmentor run spring --stage plan --data 'my tables'"
    """
    given = [
        part
        for name, value in places.items()
        if value and (name, value) != ("scenario", "base")
        for part in (f"--{name}", value)
    ]
    return shlex.join(["revmentor", *words, *given])


def given(**places: str | Path) -> dict[str, str]:
    """Places as they were given, for `command`."""
    return {name: str(place) for name, place in places.items()}


def after_check(cycle: str, places: Mapping[str, str]) -> str:
    """What comes after a check that found no fault: what comes after the stage published last."""
    home = outputs_dir(workbench_root(places.get("root", "")), places.get("outputs", ""))
    result = result_dir(home, cycle, places.get("scenario") or "base")
    manifest = read_manifest(result)
    published = {record["stage"] for record in manifest["stages"]} if manifest else set()
    last = next((stage.name for stage in reversed(STAGES) if stage.name in published), "")
    if last:
        return after_run(result, ALL if last == STAGES[-1].name else last, places)
    run = command("run", cycle, "--stage", "plan", **places)
    return f"Next, read what the cycle promises and whether people suffice: {run}"


def after_decisions(cycle: str, approved: str, by: str, places: Mapping[str, str]) -> str:
    """What comes after decisions: the match goes by them, once it is no longer approved."""
    match = command("run", cycle, "--stage", "match", **places)
    if not approved:
        return f"Next, match by them and see what changed: {match}"
    here = _without(places, "data", "scenario")
    reopen = command("reopen", cycle, "--by", by or "NAME", "--reason", "TEXT", **here)
    return (
        f"The match of {cycle} stands {approved}: decisions count once it is reopened. Next: "
        f"{reopen}\nThen match by them: {match}"
    )


def after_no_decisions(
    cycle: str, file: Path, approved: str, by: str, places: Mapping[str, str]
) -> str:
    """What comes after a workbook in which nothing is decided."""
    here = Path.cwd()
    seen = file.relative_to(here) if file.is_relative_to(here) else file
    told = f"To change pairs, fill the coloured cells of {seen}, save it there, and run this again."
    if approved:
        return told
    approve = command("approve", cycle, "--by", by or "NAME", **_without(places, "data"))
    return f"{told}\nWhen the pairs are right: {approve}"


def after_rematch(cycle: str, sheet: Path, places: Mapping[str, str]) -> str:
    """What comes after a plan of a rematch, whose decisions stand in this workbook."""
    decide = command("decide", cycle, str(sheet), "--by", "NAME", **places)
    return f"Next, read the plan; when its pairs are right, take them in: {decide}"


def after_approval(cycle: str, places: Mapping[str, str]) -> str:
    """What comes after an approval."""
    return _after(cycle, "match", True, places)


def after_reopening(cycle: str, by: str, places: Mapping[str, str]) -> str:
    """What comes after an approval was ended."""
    match = command("run", cycle, "--stage", "match", **places)
    approve = command("approve", cycle, "--by", by, **_without(places, "data"))
    return f"Next, change decisions or tables, and match again: {match}\nThen: {approve}"


def after_run(result: Path, stage: str, places: Mapping[str, str]) -> str:
    """What comes after a run of this stage that has published this result?"""
    cycle, scenario = result.parent.name, result.name
    approved = approval_of(result.parent, scenario) is not None
    then = _after(cycle, stage, approved, places)
    waiting = _waiting(result) if stage in LISTENED else ""
    if not waiting:
        return then
    here = _without(places, "data")
    return (
        f"{waiting} for you: open the coordinator's page of the check-in first, with the link "
        f"that this makes: {command('checkin', 'links', cycle, **here)}\n{then}"
    )


def _without(places: Mapping[str, str], *names: str) -> dict[str, str]:
    """The places of a command that does not take these."""
    return {name: value for name, value in places.items() if name not in names}


def _waiting(result: Path) -> str:
    """Which raised hands and requests wait, as the review found; empty: none.

    They are counted by `revmentor.cycle.steps.review.pages`.
    """
    work = Workspace(result)
    many = work.read_json(WAITING) if work.has(WAITING) else {}
    hands, support = int(many.get("hand", 0)), int(many.get("support", 0))
    told = [counted(hands, "raised hand")] if hands else []
    told += [counted(support, "request") + " for support"] if support else []
    return capital(f"{listed(told)} {'waits' if hands + support == 1 else 'wait'}") if told else ""


def after_conflict(cycle: str, places: Mapping[str, str]) -> str:
    """What comes after a run that found no matching?"""
    run = command("run", cycle, "--stage", "match", **places)
    return f"Next, change one of these, and match again: {run}"


def _after(cycle: str, stage: str, approved: bool, places: Mapping[str, str]) -> str:
    """The words of `after_run`.

    >>> _after("spring", "match", True, {"scenario": "base", "outputs": "out"})
    'Next, make the packs: revmentor run spring --stage launch --outputs out'
    """
    here = _without(places, "data")
    if stage == "plan":
        run = command("run", cycle, "--stage", "match", **places)
        return f"Next, when report/objectives.html and report/participants.html are right: {run}"
    if stage in ("match", "launch", ALL) and not approved:
        by = ("--by", "NAME")
        decide = command("decide", cycle, *by, **places)
        approve = command("approve", cycle, *by, **here)
        packs = "No packs were made, as nobody has approved the match. "
        return (
            f"{packs if stage != 'match' else ''}The match is a draft. Next, read "
            f"restricted/matching.html; to change pairs, fill restricted/{SHEET} and take it "
            f"in with: {decide}\n"
            f"When the pairs are right: {approve}"
        )
    if stage == "match":
        return f"Next, make the packs: {command('run', cycle, '--stage', 'launch', **places)}"
    if stage == "launch":
        return (
            "Next, read restricted/launch.html, see what would be sent with "
            f"{command('send', cycle, **here)}, and open the check-in page with "
            f"{command('checkin', 'serve', cycle, **here)}"
        )
    if stage == "review":
        again = command("run", cycle, "--stage", "review", **places)
        return f"Next, talk to the pairs of restricted/review/week.html; next week again: {again}"
    return (
        "Next, read report/index.html, and forward the folder report/; while pairs meet, weekly: "
        f"{command('run', cycle, '--stage', 'review', **places)}"
    )
