"""What does the trail of a cycle say about the messages that went out?"""

from __future__ import annotations

import getpass
from pathlib import Path

from revmentor.cycle import trail
from revmentor.cycle.approval import Approval
from revmentor.cycle.outcome import Outcome
from revmentor.publish.sent import Record

STOPPED = "found in the record of messages, sent by a run that was stopped before it could say so"


def note_stopped(home: Path, approval: Approval, record: Record) -> None:
    """Say in the trail what a run sent that was killed before it could say so itself."""
    with trail.writing(home) as pen:
        noted = sum(
            int(entry.facts["messages"]) for entry in pen.trail.entries if entry.what == "sent"
        )
        missing = record.times.total() - noted
        if missing > 0:
            facts = {"scenario": approval.scenario, "match": approval.match, "messages": missing}
            pen.add("sent", "", {**facts, "reason": STOPPED})


def note_sent(home: Path, approval: Approval, outcome: Outcome, by: str, again: str) -> None:
    """Say in the trail how many messages went out."""
    if not (outcome.sent or outcome.doubtful):
        return
    with trail.writing(home) as pen:
        pen.add(
            "sent",
            by.strip() or getpass.getuser(),
            {
                "scenario": approval.scenario,
                "match": approval.match,
                "messages": len(outcome.sent),
                "in_doubt": len(outcome.doubtful),
                "refused": len(outcome.refused) + len(outcome.no_address),
                **({"again": again} if again else {}),
            },
        )
