"""What has been told already when a step tells something: by earlier steps, by earlier reports?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from revmentor.cycle.check import Ready
from revmentor.cycle.context import Context
from revmentor.cycle.earlier import earlier_reports, minimums_of
from revmentor.cycle.stages import STAGES
from revmentor.disclosure import Finding, Ledger, attack
from revmentor.disclosure.ledger import from_frame
from revmentor.errors import RevmentorError
from revmentor.publish.releases import alone, fix_minimums, keep_release
from revmentor.publish.workspace import Workspace

LEDGER = "ledger-"
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
def released(folder: Path, home: Path, ready: Ready, on: dt.datetime) -> Iterator[None]:
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

    Raises
    ------
    RevmentorError
        Together with what is published already, the result would give a small group away.
    """
    resolved, ledger = ready.resolved, told_by(Workspace(folder))
    if not ledger:
        yield
        return
    with alone(home):
        before = earlier_reports(home, ready.tables.history)
        findings = attack(ledger, resolved.params.disclosure.minimum_group, before=before)
        if findings:
            raise RevmentorError(refusal(findings))
        # Kept first: a report that was not published after all costs a number, one that is not
        # kept a secret.
        path = keep_release(home, ledger, scenario=resolved.scenario, on=on)
        try:
            yield
        except BaseException:
            if path is not None:
                path.unlink(missing_ok=True)
            raise
        fix_minimums(home, minimums_of(resolved.params))


def refusal(findings: tuple[Finding, ...]) -> str:
    """Why a result is not published, in words that name nobody."""
    lines = [
        "the result was not published: together with what is published already, it would tell",
        *(f"- {finding.sentence}" for finding in findings[:5]),
    ]
    if len(findings) > 5:
        lines.append(f"- and {len(findings) - 5} more of the kind.")
    lines.append(
        "Wait until at least the minimum number of people have changed, or publish this under a "
        "new cycle whose readers have not seen the earlier report."
    )
    return "\n  ".join(lines)
