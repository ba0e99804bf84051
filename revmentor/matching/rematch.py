"""Pairs are running and people come and go: which few changes are best?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from revmentor.errors import Fault, InputError, NoFeasibleMatching, NotProven
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.explain.people import in_points
from revmentor.matching.problem import Problem
from revmentor.matching.result import Status, table
from revmentor.matching.running_pairs import Running
from revmentor.matching.tradeoff import Point, Tradeoff, tradeoff
from revmentor.words import agree, counted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Rematch:
    """The best plan that breaks few running pairs.

    Parameters
    ----------
    status : str
        ``optimal``: no plan that breaks at most as many pairs is worth more. ``feasible``: `gap`
        tells how much more it could be worth. ``infeasible``: more pairs must be broken than
        allowed, or required pairs cannot be made. ``none``: the time was over.
    pairs : DataFrame
        mentor_id, mentee_id, score, running (was it before?); by mentee_id, mentor_id. Empty
        without a plan.
    broken : DataFrame
        Running pairs that end: mentor_id, mentee_id, forced (bool), reason (empty if it is
        chosen, and not forced).
    objective, bound : float, or int for whole scores; nan without a plan
        What the plan is worth, and no other that breaks as few is worth more.
    changes : int or None
        Running pairs that end, forced ones included.
    least_changes : int or None
        How many must end in every plan; None if required pairs cannot be made.
    reasons : tuple of str
        Why infeasible.
    """

    status: Status
    pairs: pd.DataFrame
    broken: pd.DataFrame
    objective: float | int
    bound: float | int
    changes: int | None
    least_changes: int | None
    reasons: tuple[str, ...]

    @property
    def gap(self) -> float:
        """Share of the bound that the objective may miss: 0 if optimal, nan without a plan."""
        if self.changes is None:
            return math.nan
        return float((self.bound - self.objective) / self.bound) if self.bound else 0.0

    @property
    def sentences(self) -> tuple[str, ...]:
        """The result in words."""
        if self.changes is None:
            return tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in self.reasons)
        running = self.changes + int(self.pairs["running"].sum())
        forced = int(self.broken["forced"].sum())
        new = int((~self.pairs["running"].astype(bool)).sum())
        first = (
            f"{counted(running - self.changes, 'running pair')} of {running:,} "
            f"{agree(running - self.changes, 'is')} kept, {self.changes:,} "
            f"{agree(self.changes, 'is')} broken ({forced:,} of them forced), and "
            f"{counted(new, 'new pair')} {agree(new, 'is')} made."
        )
        proof = "Proven: no plan with as few changes is worth more."
        if self.status != "optimal":
            proof = f"Not proven: a plan with as few changes could be worth {self.gap:.4%} more."
        return first, proof


def rematch(
    problem: Problem,
    running: pd.DataFrame,
    *,
    changes: int | None = None,
    time_limit: float | None = None,
    seed: int = 0,
) -> Rematch:
    """Which plan is best that breaks at most so many running pairs?

    Parameters
    ----------
    problem : Problem
        Of everybody who takes part now. Places include those that running pairs take, and the
        running pairs must not stand in its history of earlier cycles.
    running : DataFrame
        mentor_id, mentee_id; other columns are ignored. People who are not in the problem any
        more have left.
    changes : int, optional
        How many running pairs may end. Those that may not go on (somebody left, a veto, a rule)
        count too. Default: no more than must.
    time_limit : float, seconds, optional
    seed : int

    Returns
    -------
    Rematch

    Raises
    ------
    InputError
        A running pair is listed twice, or the number of changes is below 0.

    >>> import pandas as pd
    >>> problem = Problem.from_scores([[5, 9], [8, 7]])
    >>> running = pd.DataFrame({"mentor_id": [0, 1], "mentee_id": [0, 1]})
    >>> rematch(problem, running).objective, rematch(problem, running, changes=2).objective
    (12, 17)
    """
    if changes is not None and changes < 0:
        raise InputError(
            Fault("bad number of changes", "changes are a number of pairs, at least 0",
                  "give such a number", "", None, "changes", str(changes))
        )  # fmt: skip
    now = Running.read(problem, running)
    try:
        found = tradeoff(problem, now.mentor, now.mentee, Clock.start(time_limit), seed=seed)
        if isinstance(found, tuple):
            return _without_plan(now, "infeasible", found, None)
        least = now.total - found.fullest().kept
        allowed = least if changes is None else changes
        if allowed < least:
            text = (
                f"at least {counted(least, 'running pair')} must end, more than the {allowed:,} "
                "allowed"
            )
            return _without_plan(now, "infeasible", (text, *now.why_forced()), least)
        point = found.keeping(max(0, now.total - allowed))
    except OutOfTime:
        text = f"the time limit of {time_limit} seconds passed before there was a proven plan"
        return _without_plan(now, "none", (text,), None)
    assert point is not None
    return _with_plan(now, point, least)


def rematch_frontier(
    problem: Problem,
    running: pd.DataFrame,
    *,
    every: bool = False,
    time_limit: float | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """What is each further change worth: the best plan for each number of broken pairs?

    Parameters
    ----------
    problem, running, time_limit, seed
        As for `rematch`.
    every : bool
        True: all numbers of changes, one model each. False: only those at which each further
        change starts to bring less (the concave envelope), which are quick and always proven.

    Returns
    -------
    DataFrame
        changes (running pairs that end), objective, bound, gain (objective more than with the
        fewest changes), envelope (bool), status; from fewest changes to the best plan of all.
        A number of changes that brings nothing over a smaller one is left out.

    Raises
    ------
    NoFeasibleMatching
        Required pairs cannot all be made.
    NotProven
        The time was over.

    >>> import pandas as pd
    >>> problem = Problem.from_scores([[5, 9], [8, 7]])
    >>> running = pd.DataFrame({"mentor_id": [0, 1], "mentee_id": [0, 1]})
    >>> rematch_frontier(problem, running)[["changes", "objective"]].values.tolist()
    [[0, 12], [2, 17]]
    """
    now = Running.read(problem, running)
    try:
        found = tradeoff(problem, now.mentor, now.mentee, Clock.start(time_limit), seed=seed)
        if isinstance(found, tuple):
            raise NoFeasibleMatching(f"No plan makes all required pairs: {'; '.join(found)}.")
        corners = found.envelope()
        points = corners
        if every:
            points = sorted([*corners, *_between(found, corners)], key=lambda point: -point.kept)
    except OutOfTime as error:
        raise NotProven(
            f"The time limit of {time_limit} seconds passed before the frontier was known. Raise "
            "it."
        ) from error
    first = points[0].units
    return table(
        {
            "changes": [now.total - point.kept for point in points],
            "objective": in_points(problem, np.array([point.units for point in points])),
            "bound": in_points(problem, np.array([point.bound for point in points])),
            "gain": in_points(problem, np.array([point.units - first for point in points])),
            "envelope": [any(point is corner for corner in corners) for point in points],
            "status": ["optimal" if point.proven else "feasible" for point in points],
        }
    )


def _between(found: Tradeoff, corners: list[Point]) -> Iterator[Point]:
    """The best plans for the numbers of kept pairs between the corners, where they gain."""
    for many, few in itertools.pairwise(corners):
        best = many.units
        for kept in range(many.kept - 1, few.kept, -1):
            point = found.keeping(kept)
            assert point is not None
            if best < point.units < few.units:
                best = point.units
                yield point


def _without_plan(
    now: Running, status: Status, reasons: tuple[str, ...], least: int | None
) -> Rematch:
    none = np.empty(0, np.int64)
    pairs, broken = now.table_of(none, none), now.broken(set()).iloc[:0]
    return Rematch(status, pairs, broken, math.nan, math.nan, None, least, reasons)


def _with_plan(now: Running, point: Point, least: int) -> Rematch:
    ids, points = (now.problem.mentors.ids, now.problem.mentees.ids), now.problem.points
    pairs = zip(point.mentor.tolist(), point.mentee.tolist(), strict=True)
    return Rematch(
        "optimal" if point.proven else "feasible",
        now.table_of(point.mentor, point.mentee),
        now.broken({(ids[0][a], ids[1][b]) for a, b in pairs}),
        points(point.units),
        points(point.bound),
        now.total - point.kept,
        least,
        (),
    )
