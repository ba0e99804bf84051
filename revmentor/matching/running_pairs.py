"""Which running pairs can go on, and why can the others not?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.explain.people import broken_rules, in_points, named
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import table
from revmentor.matching.variants import LABELS
from revmentor.words import agree, listed

if TYPE_CHECKING:
    import pandas as pd

Pair = tuple[Id, Id]


@dataclass(frozen=True, eq=False)
class Running:
    """Running pairs, and those that cannot go on.

    Parameters
    ----------
    pairs : list of (mentor_id, mentee_id)
    mentor, mentee : array of int
        Those that may go on, by places in the rosters.
    forced : dict of pair to reason
    """

    problem: Problem
    pairs: list[Pair]
    mentor: IntArray
    mentee: IntArray
    forced: dict[Pair, str]

    @classmethod
    def read(cls, problem: Problem, running: pd.DataFrame) -> Running:
        """Sort running pairs into those that may go on and those that may not."""
        pairs: list[Pair] = list(zip(running["mentor_id"], running["mentee_id"], strict=True))
        twice = (
            [pair for pair in pairs if pairs.count(pair) > 1]
            if len(set(pairs)) < len(pairs)
            else []
        )
        if twice:
            raise InputError(
                Fault("pair twice", "a running pair is listed twice", "list it once", "running",
                      None, "mentor_id, mentee_id", f"{twice[0][0]}, {twice[0][1]}")
            )  # fmt: skip
        at = [{who: k for k, who in enumerate(r.ids)} for r in (problem.mentors, problem.mentees)]
        pinned = {(pin.mentor_id, pin.mentee_id) for pin in problem.pins}
        forced, going = {}, []
        for pair in pairs:
            reason = _why_ended(problem, pair, at, pair in pinned)
            if reason:
                forced[pair] = reason
            else:
                going.append((at[0][pair[0]], at[1][pair[1]]))
        cells = np.array(going, np.int64).reshape(-1, 2)
        return cls(problem, pairs, cells[:, 0], cells[:, 1], forced)

    @property
    def total(self) -> int:
        """How many pairs are running, those that may not go on included."""
        return len(self.pairs)

    def why_forced(self) -> tuple[str, ...]:
        """The pairs that may not go on, in words."""
        return tuple(f"pair {a} with {b}: {why}" for (a, b), why in self.forced.items())

    def table_of(self, i: IntArray, j: IntArray) -> pd.DataFrame:
        """A plan: mentor_id, mentee_id, score, running."""
        ids = self.problem.mentors.ids, self.problem.mentees.ids
        pairs = [(ids[0][a], ids[1][b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)]
        before = set(self.pairs)
        was: BoolArray = np.array([pair in before for pair in pairs], bool)
        return table(
            {
                "mentor_id": [a for a, _ in pairs],
                "mentee_id": [b for _, b in pairs],
                "score": in_points(self.problem, self.problem.scores.plain(i, j)),
                "running": was,
            }
        )

    def broken(self, made: set[Pair]) -> pd.DataFrame:
        """The running pairs that are not made: mentor_id, mentee_id, forced, reason."""
        ended = [pair for pair in self.pairs if pair not in made]
        return table(
            {
                "mentor_id": [a for a, _ in ended],
                "mentee_id": [b for _, b in ended],
                "forced": np.array([pair in self.forced for pair in ended], bool),
                "reason": [self.forced.get(pair, "") for pair in ended],
            }
        )


def _why_ended(problem: Problem, pair: Pair, at: list[dict[Id, int]], pinned: bool) -> str:
    """Why a running pair may not go on; empty if it may."""
    gone = [
        f"{who} is no longer in the pool as a {side}"
        for who, side, known in zip(pair, ("mentor", "mentee"), at, strict=True)
        if who not in known
    ]
    if gone:
        return listed(gone)
    i, j = at[0][pair[0]], at[1][pair[1]]
    if pinned:
        return ""
    full = [
        who
        for who, places in (
            (pair[0], problem.mentors.places[i]),
            (pair[1], problem.mentees.places[j]),
        )
        if not places
    ]
    if full:
        return f"{named(full)} can take nobody any more"
    rules = [LABELS.get(rule, rule) for rule in broken_rules(problem, i, j)]
    if rules:
        return f"it breaks {agree(len(rules), 'rule')} {listed([f'{rule!r}' for rule in rules])}"
    return ""
