"""What has been told already when a step tells something: by earlier steps, by earlier reports?"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from revmentor.cycle.check import Ready
from revmentor.cycle.context import Context
from revmentor.cycle.earlier import earlier_reports, kept_reports, minimums_of
from revmentor.cycle.stages import STAGES
from revmentor.disclosure import Finding, Ledger, attack
from revmentor.disclosure.ledger import from_frame
from revmentor.errors import LockedError, RevmentorError
from revmentor.publish.releases import alone, fix_minimums, keep_release
from revmentor.publish.workspace import Workspace
from revmentor.words import counted

LEDGER = "ledger-"
SHOWN = 5
OVERTAKEN = (
    "the result was not published: another report of this cycle, or of one in its history, was "
    "published while this run was on, and together they would give small groups away. Run it "
    "again: it then tells only what goes with that report. Run scenarios of a cycle one by one."
)
WAIT = (
    "Wait until at least the minimum number of people have changed, or publish this under a new "
    "cycle whose readers have not seen the earlier report."
)
ALONE = (
    "No earlier report has a part in it, so this one should have told less by itself: that is a "
    "fault of revmentor, please report it. Until it is mended, other numbers of places "
    "(enrolment.places) or a shorter success list (charter.success) make other groups."
)
NOTEBOOKS = tuple(book.name for stage in STAGES for book in stage.notebooks)


def told_by(work: Workspace, notebooks: tuple[str, ...] = NOTEBOOKS) -> Ledger:
    """What do these steps of a run tell?"""
    names = [f"{LEDGER}{notebook}" for notebook in notebooks]
    found = [from_frame(work.read_table(name)) for name in names if work.has(name)]
    return tuple(query for ledger in found for query in ledger)


def told_before(context: Context, notebook: str) -> tuple[Ledger, Ledger]:
    """What is told before this step: by earlier reports, and by the earlier steps of this run."""
    earlier = tuple(name for name in NOTEBOOKS if name < notebook)
    reports = earlier_reports(context.work.folder.parent, context.tables.history)
    return reports, told_by(context.work, earlier)


@contextmanager
def released(
    folder: Path, home: Path, ready: Ready, on: dt.datetime, known: Set[Path]
) -> Iterator[None]:
    """Publish only what gives no small group away, and keep what it tells.

    Parameters
    ----------
    folder : Path
        The finished result; it is published inside this context.
    home : Path
        Folder of the cycle's results.
    ready : Ready
    on : datetime
        When the report was made.
    known : set of Path
        From `kept_reports`, before the first step: what the steps could take into account.

    Raises
    ------
    RevmentorError
        Together with what is published already, the result would give a small group away.
    LockedError
        It would, together with what was published since `known`.
    """
    resolved, ledger = ready.resolved, told_by(Workspace(folder))
    if not ledger:
        yield
        return
    with alone(home):
        before = earlier_reports(home, ready.tables.history)
        findings = attack(ledger, resolved.params.disclosure.minimum_group, before=before)
        if findings and kept_reports(home, ready.tables.history) - known:
            raise LockedError(OVERTAKEN)
        if findings:
            raise RevmentorError(refusal(findings))
        # Kept first: a report that was not published after all costs a number, one that is not
        # kept a secret.
        made = [
            keep_release(home, ledger, scenario=resolved.scenario, on=on),
            fix_minimums(home, minimums_of(resolved.params)),
        ]
        try:
            yield
        finally:
            # The folder has another name once it is published, even if the run is stopped just then
            if folder.exists():
                for path in filter(None, made):
                    path.unlink(missing_ok=True)


def refusal(findings: tuple[Finding, ...]) -> str:
    """Why a result is not published, in words that name nobody: each way once, the commonest first.

    >>> from revmentor.disclosure.ledger import count_query
    >>> pool, pairs = (count_query(name, (), "n", frozenset(), 9, 9) for name in ("pool", "pairs"))
    >>> found = Finding("number", 1, (pool, pairs), 5)
    >>> print(refusal((found, found)).splitlines()[1].removeprefix("  - how many people are in a "))
    group of fewer than 5, from “pairs” and “pool” in this report (2 such groups).
    """
    ways = Counter(finding.sentence for finding in findings).most_common()
    lines = [
        "the result was not published: together with what is published already, it would tell",
        *(f"- {way}{_times(groups)}." for way, groups in ways[:SHOWN]),
    ]
    if len(ways) > SHOWN:
        rest = sum(groups for _, groups in ways[SHOWN:])
        lines.append(f"- and the like in other ways ({counted(rest, 'group')}).")
    reports = {query.source for finding in findings for query in finding.queries} - {""}
    lines.append(WAIT if reports else ALONE)
    return "\n  ".join(lines)


def _times(groups: int) -> str:
    return "" if groups == 1 else f" ({groups:,} such groups)"
