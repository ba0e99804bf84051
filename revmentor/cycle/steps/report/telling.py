"""What cannot be said, and how the rest is known, in words."""

from __future__ import annotations

import platform
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from revmentor import words
from revmentor.cycle.steps.review import WOULD_SHOW
from revmentor.cycle.steps.review.outcomes import Said
from revmentor.metrics.evidence import why_absent
from revmentor.names import CRITERION_LABELS, GLOSSARY


def what_cannot_be_said(said: Said, gaps: Sequence[str], minimum: int) -> list[str]:
    """What the cycle's tables, its charter and its size leave open."""
    return [
        *(_unseen(name, said.on_page) for name in said.absent),
        *(f"{gap}." for gap in gaps),
        "The score says how well two people fit the criteria and weights that were chosen, "
        "not that their mentoring will succeed.",
        "A change before and after is not an effect of the programme: other things changed, too. "
        "Only a comparison with people who were drawn out, or who were alike before, comes near.",
        f"Groups of fewer than {minimum} people are not shown, nor what would give them away.",
    ]


def _unseen(table: str, on_page: Collection[str]) -> str:
    """What a table that is not there leaves unsaid."""
    lost = f"we cannot say {WOULD_SHOW[table]}."
    if table in on_page:
        return f"{words.capital(why_absent(table, on_page))}, so {lost}"
    return f"Without a table “{table}” {lost}"


def made_of(
    summary: Mapping[str, Any],
    shares: Mapping[str, float],
    proven: str,
    digest: str,
    charter: Mapping[str, Any],
) -> list[tuple[str, str]]:
    """What the report was made with, line by line."""
    weights = [
        f"{CRITERION_LABELS[name]} {words.percent(share)}"
        for name, share in shares.items()
        if share > 0
    ]
    rounds = words.counted(summary["rounds"], "round")
    candidates = words.counted(summary["columns"], "candidate pair")
    solved = (
        f"Solved over {candidates} in {rounds}, then tested"
        if summary["columns"]
        else "No pair was left to choose: it was tested"
    )
    versions = [f"{name} {version(name)}" for name in ("revmentor", "pulp", "highspy")]
    return [
        ("Score", f"Weighted sum of criteria: {', '.join(weights)}."),
        (
            "Proof",
            f"{proven} {solved} on every eligible pair, "
            "twice: by the solver and by an independent calculation.",
        ),
        ("Certificate", words.sentence(GLOSSARY["certificate"])),
        ("Intervals", "95%: Wilson's for shares, Student's t for means, bootstrap where said."),
        (
            "Disclosure",
            "Every number of all pages together was attacked as a reader would who knows how the "
            "tables hang together: no small group can be worked out from them.",
        ),
        ("Charter", f"Version {charter['version']['number']}, sha256 {charter['digest'][:24]}…"),
        ("Parameters", f"{digest[:12]}, in params.resolved.yaml"),
        ("Versions", f"{', '.join(versions)}, Python {platform.python_version()}"),
    ]
