"""With whom are the partners that somebody could have had, and by how much do those pairs win?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.explain.people import in_points, named, plan_of, said
from revmentor.matching.points import told_score
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import Matching, table
from revmentor.matching.variants import Side

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Taken:
    """Who is with a partner, and the score of the weakest of these pairs in units, if any."""

    people: tuple[Id, ...]
    weakest: int | None


def taken_by(
    problem: Problem, matching: Matching, side: Side, ids: tuple[Id, ...], partners: IntArray
) -> list[Taken]:
    """Who of a side is with each of these partners of the other side?"""
    i, j = plan_of(problem, matching)
    made = problem.scores.plain(i, j)
    mine, theirs = (i, j) if side == "mentor" else (j, i)
    found = []
    for partner in partners.tolist():
        pairs = np.flatnonzero(theirs == partner)
        people = tuple(ids[k] for k in mine[pairs].tolist())
        found.append(Taken(people, int(made[pairs].min()) if len(pairs) else None))
    return found


def offers(
    problem: Problem, partners: Sequence[Id], scores: IntArray, taken: list[Taken], margin: IntArray
) -> pd.DataFrame:
    """The partners as a table: see `alone.WhyUnmatched`."""
    weakest = [np.nan if t.weakest is None else float(problem.points(t.weakest)) for t in taken]
    return table(
        {
            "partner_id": list(partners),
            "score": in_points(problem, scores),
            "taken_by": [t.people for t in taken],
            "weakest": weakest,
            "margin": in_points(problem, margin),
        }
    )


def offer_sentences(
    problem: Problem, side: str, partners: pd.DataFrame, margin: IntArray
) -> tuple[str, ...]:
    """Each partner in a sentence."""
    found = []
    rows = partners.itertuples(index=False, name=None)
    for (partner, score, people, weakest, _), short in zip(rows, margin.tolist(), strict=True):
        taken = f"is with {named(people)}"
        if not np.isnan(weakest):
            each = "" if len(people) == 1 else "weakest "
            taken += f" ({each}score {told_score(problem, weakest)})"
        needed = f"the pair would have to score {said(problem, short)} more"
        if short == 0:
            needed = "another plan with this pair is equally good"
        found.append(
            f"{side.capitalize()} {partner} (score {told_score(problem, score)}) {taken}: {needed}."
        )
    return tuple(found)
