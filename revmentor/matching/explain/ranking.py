"""How does each person rank the people of the other side?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import IntArray, PairTable
from revmentor.matching.intake.frames import pool_rows
from revmentor.matching.problem import Problem, TableSource

Ranking = Literal["score", "wishes"]


@dataclass(frozen=True, eq=False)
class Ranked:
    """Ranks of partners, larger being better, on index arrays that broadcast.

    Parameters
    ----------
    problem : Problem
    of_mentor, of_mentee : PairTable
        What each person adds to the score of those they wished for, in units.
    """

    problem: Problem
    of_mentor: PairTable
    of_mentee: PairTable

    def mentor(self, i: IntArray, j: IntArray) -> IntArray:
        """How mentors i rank mentees j."""
        return self._rank(self.of_mentor, i, j)

    def mentee(self, i: IntArray, j: IntArray) -> IntArray:
        """How mentees j rank mentors i."""
        return self._rank(self.of_mentee, i, j)

    def _rank(self, wished: PairTable, i: IntArray, j: IntArray) -> IntArray:
        rank = self.problem.scores.plain(i, j)
        return rank + wished.at(i, j) if len(wished) else rank


def ranking_of(problem: Problem, ranking: Ranking) -> Ranked:
    """Everybody's ranking.

    Parameters
    ----------
    ranking : {"score", "wishes"}
        By the pair's score; or one's own wishes first, in their order, then by score.

    Raises
    ------
    InputError
        The ranking is neither.
    """
    if ranking not in ("score", "wishes"):
        raise InputError(
            Fault("unknown ranking", "people rank by score or by wishes", "give one of these two",
                  "", None, "ranking", str(ranking))
        )  # fmt: skip
    none = PairTable.empty()
    source = problem.source
    if ranking == "score" or not isinstance(source, TableSource):
        return Ranked(problem, none, none)
    rows = pool_rows(source.people, source.applications, source.params)
    at = [{who: k for k, who in enumerate(r.ids)} for r in (problem.mentors, problem.mentees)]
    wishes, nth = rows.wishes, rows.wishes.rank()
    most = int(nth.max(initial=-1)) + 1
    step = problem.scores.largest + 1
    found: list[dict[tuple[int, int], float]] = [{}, {}]
    for row, item, rank in zip(
        wishes.row.tolist(), wishes.item.tolist(), nth.tolist(), strict=True
    ):
        one, other = rows.ids[row], wishes.names[item]
        more = (most - rank) * step
        if one in at[0] and other in at[1]:
            found[0][at[0][one], at[1][other]] = more
        if one in at[1] and other in at[0]:
            found[1][at[0][other], at[1][one]] = more
    return Ranked(problem, *(_whole(pairs, len(problem.mentees)) for pairs in found))


def _whole(pairs: dict[tuple[int, int], float], mentees: int) -> PairTable:
    named = np.array(list(pairs), np.int64).reshape(-1, 2)
    values = np.array(list(pairs.values()), np.int64)
    return PairTable.of_pairs(named[:, 0], named[:, 1], values, mentees)
