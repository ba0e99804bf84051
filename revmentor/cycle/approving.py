"""A person approves a match, or ends that: what may be approved, and what comes next?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from revmentor.cycle import trail
from revmentor.cycle.approval import APPROVED, REOPENED, Approval, approval_of, approvals, option
from revmentor.cycle.identity import Match, match_in
from revmentor.cycle.lock import hold
from revmentor.cycle.next_step import after_approval, after_reopening, given
from revmentor.cycle.trail import Entry
from revmentor.errors import Fault, InputError
from revmentor.params import Resolved
from revmentor.paths import cycle_dir, outputs_dir, result_dir, workbench_root
from revmentor.publish.manifest import NAME as MANIFEST
from revmentor.publish.manifest import read_manifest, sha256
from revmentor.publish.workspace import Workspace
from revmentor.words import counted

MOST = 200


@dataclass(frozen=True)
class Answer:
    """What was done, in sentences, and the trail's entry that says so."""

    sentences: tuple[str, ...]
    entry: Entry | None = None


def approve(
    cycle: str,
    by: str,
    scenario: str = "base",
    *,
    reason: str = "",
    root: str | Path = "",
    outputs: str | Path = "",
) -> Answer:
    """A person approves the published match of a cycle: its packs may be made, it stays as it is.

    Parameters
    ----------
    cycle, scenario : str
        Names.
    by : str
        Who approves it, for the trail.
    reason : str
        Why, if there is something to say.
    root, outputs : str or Path
        The workbench and the folder of all results; empty: the defaults.

    Returns
    -------
    Answer
        The same match approved again says so and adds nothing.

    Raises
    ------
    InputError
        Nothing is published, its files were changed, there is no match in it, another scenario
        stands approved, or nobody is named.
    LockedError
        A run of this cycle and scenario is on.
    """
    by, reason = checked(by, "--by"), checked(reason, "--reason", needed=False)
    result = result_dir(outputs_dir(workbench_root(root), outputs), cycle, scenario)
    home, places = result.parent, given(root=root, outputs=outputs, scenario=scenario)
    _check_there(result, cycle, scenario)
    with hold(home / f".lock-{scenario}", f"{cycle}, scenario {scenario},"):
        match = _published_match(result, cycle, scenario)
        with trail.writing(home) as pen:
            standing = approvals(pen.trail.entries, cycle)
            same = standing.get(scenario)
            if same and same.match == match.digest and not same.itself:
                return Answer((f"This match is {same.sentence} already; nothing was done.",
                               after_approval(cycle, places)))  # fmt: skip
            _check_alone(standing, cycle, scenario)
            facts = {**_facts(scenario, match), "result": sha256(result / MANIFEST)}
            entry = pen.add(APPROVED, by, {**facts, "reason": reason} if reason else facts)
    return Answer((
        f"Approved by {by}: {_size(match)} of {cycle}, scenario {scenario}. Note down "
        f"{entry.short}: it shows that entry {entry.n:,} of the trail is this one.",
        after_approval(cycle, places),
    ), entry)  # fmt: skip


def reopen(
    cycle: str, by: str, reason: str, *, root: str | Path = "", outputs: str | Path = ""
) -> Answer:
    """A person ends the approval of a cycle's match, so that it can be matched anew.

    Raises
    ------
    InputError
        Nothing stands approved by a person, nobody is named, or no reason is given.
    LockedError
        A run of the approved scenario is on.
    """
    by, reason = checked(by, "--by"), checked(reason, "--reason")
    home = cycle_dir(outputs_dir(workbench_root(root), outputs), cycle)
    found = _approved(approval_of(home), cycle)
    lock = hold(home / f".lock-{found.scenario}", f"{cycle}, scenario {found.scenario},")
    with lock, trail.writing(home) as pen:
        found = _approved(approvals(pen.trail.entries, cycle).get(found.scenario), cycle)
        facts = {"scenario": found.scenario, "match": found.match, "reason": reason}
        entry = pen.add(REOPENED, by, facts)
    ended = found.sentence.removeprefix("approved ")
    return Answer((
        f"Reopened: the match of {cycle}, scenario {found.scenario}, approved {ended}, is a draft "
        f"again. Its entry in the trail: {entry.n:,}, {entry.short}.",
        after_reopening(cycle, by, given(root=root, outputs=outputs, scenario=found.scenario)),
    ), entry)  # fmt: skip


def _approved(found: Approval | None, cycle: str) -> Approval:
    if found is not None and not found.itself:
        return found
    problem = f"no match of {cycle} stands approved by a person, so there is nothing to reopen"
    cure = f"see `revmentor trail {cycle}`, or name the folder of results with --outputs"
    raise InputError(Fault("not approved", problem, cure))


def approve_itself(home: Path, result: Path, resolved: Resolved) -> Entry | None:
    """A cycle that approves its own matches has published one: the trail says so, once.

    Parameters
    ----------
    home, result : Path
        ``outputs/<cycle>`` and the published result.
    resolved : Resolved
        The params; nothing happens unless ``launch.approval`` is ``cycle``.
    """
    match = match_in(Workspace(result))
    if resolved.params.launch.approval != "cycle" or match is None:
        return None
    with trail.writing(home) as pen:
        same = approvals(pen.trail.entries, resolved.cycle).get(resolved.scenario)
        if same and (same.match == match.digest or not same.itself):
            return None
        why = f"as params/cycles/{resolved.cycle}.yaml says: launch.approval"
        return pen.add(APPROVED, "", {**_facts(resolved.scenario, match), "reason": why})


def _facts(scenario: str, match: Match) -> dict[str, object]:
    return {
        "scenario": scenario,
        "match": match.digest,
        "pairs": match.pairs,
        "circles": match.circles,
    }


def checked(text: str, option: str, *, needed: bool = True) -> str:
    """What somebody wrote for the trail, on one line; raises `InputError` if it cannot stand there.

    >>> checked(" Ann  Lee ", "--by")
    'Ann Lee'
    """
    bare = " ".join(text.split())
    if needed and not bare:
        problem = "nobody is named" if option == "--by" else "no reason is given"
        cure = "name who does it: --by NAME" if option == "--by" else "say why: --reason TEXT"
    elif not bare.isprintable():
        problem, cure = "it holds characters that cannot be printed", "write it again without them"
    elif option == "--by" and len(bare) > MOST:
        problem, cure = f"the name has {len(bare):,} characters", f"write at most {MOST}"
    else:
        return bare
    raise InputError(Fault("for the trail", problem, cure, column=option))


def _check_there(result: Path, cycle: str, scenario: str) -> None:
    if not (result / MANIFEST).is_file():
        problem = f"nothing is published of {cycle}, scenario {scenario}, so there is no match"
        cure = f"run `revmentor run {cycle} --stage match{option(scenario)}` first, or name the "
        raise InputError(
            Fault("not published", problem, f"{cure}folder of results with --outputs", str(result))
        )


def _published_match(result: Path, cycle: str, scenario: str) -> Match:
    """The match of a published result, whose files must be those that were published."""
    again = f"`revmentor run {cycle} --stage match{option(scenario)}`"
    changed = changed_files(result)
    if changed:
        names = ", ".join(changed[:3]) + (" and more" if len(changed) > 3 else "")
        problem = f"files of the result were changed after it was published: {names}"
        cure = f"publish it again with {again}, read it, then approve"
        raise InputError(Fault("changed result", problem, cure, str(result)))
    match = match_in(Workspace(result))
    if match is None:
        problem, cure = "there is no match in this result", f"make one with {again}"
        raise InputError(Fault("no match", problem, cure, str(result)))
    return match


def changed_files(result: Path) -> list[str]:
    """Which files of a published result are no longer as they were published?"""
    manifest = read_manifest(result)
    if manifest is None:
        return [MANIFEST]
    return [
        name
        for name, facts in manifest["files"].items()
        if sha256(result / name) != facts["sha256"]
    ]


def _check_alone(standing: Mapping[str, Approval], cycle: str, scenario: str) -> None:
    for other in standing.values():
        if not other.itself and other.scenario != scenario:
            what = f"the match of scenario {other.scenario} stands {other.sentence}"
        elif not other.itself:
            what = f"another match of this scenario stands {other.sentence}"
        else:
            continue
        cure = f"end that first: `revmentor reopen {cycle} --by NAME --reason TEXT`"
        raise InputError(Fault("approved already", what, cure))


def _size(match: Match) -> str:
    circles = f" and {counted(match.circles, 'circle')}" if match.circles else ""
    return f"{counted(match.pairs, 'pair')}{circles}"
