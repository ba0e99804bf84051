"""What did the solver find, and what proves it?"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Status = Literal["optimal", "feasible", "infeasible", "none"]


@dataclass(frozen=True, eq=False)
class Certificate:
    """Dual prices, in whole units, that prove the bound over all pairs.

    For every pair that may be made and is not pinned, mentor's price + mentee's price + the
    pair's own price is at least its units; no price is negative. Then no matching can score more
    than the pinned pairs' units + the sum of places left x price over everybody + the prices of
    pairs: every other matching pays at least its own score in prices.

    Parameters
    ----------
    mentor, mentee : Series of int, by id
        Price of a place: locally, what one more place would add to the objective.
    pair : DataFrame
        mentor_id, mentee_id, price: only where a mentee wants several partners, because a pair
        can be made once only.
    side_constraints : Series of float, by name
        Empty: there are none yet.
    """

    mentor: pd.Series
    mentee: pd.Series
    pair: pd.DataFrame
    side_constraints: pd.Series = field(default_factory=lambda: pd.Series(dtype="float64"))


@dataclass(frozen=True, eq=False)
class Matching:
    """A matching, its status and its proof.

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, score; sorted by mentee_id, mentor_id. Empty unless the status is
        optimal or feasible.
    status : str
        ``optimal``: proven, the bound equals the objective to the last unit. ``feasible``: best
        found, `gap` tells how much better another could be. ``infeasible``: the required pairs
        cannot all be made. ``none``: stopped before there was a plan.
    objective, bound : float, or int for whole scores; nan without a plan
        In the unit of the scores: exact multiples of a millionth.
    objective_units, bound_units : int or None
        The same in whole units (millionths, or ones for whole scores).
    unmatched : DataFrame
        person_id, side, reason (a sentence), code (its kind), by side and id: everybody without
        a pair.
    certificate : Certificate or None
        None unless the status is optimal or feasible.
    reasons : tuple of str
        Why infeasible, or why not proven; empty if optimal.
    rounds, columns : int
        Solves of the model, and pairs it considered.
    seed : int
    """

    pairs: pd.DataFrame
    status: Status
    objective: float | int
    bound: float | int
    objective_units: int | None
    bound_units: int | None
    unmatched: pd.DataFrame
    certificate: Certificate | None
    reasons: tuple[str, ...]
    rounds: int
    columns: int
    seed: int

    @property
    def gap(self) -> float:
        """Share of the bound that the objective may miss: 0 if optimal, nan without a plan."""
        if self.objective_units is None or self.bound_units is None:
            return math.nan
        return (self.bound_units - self.objective_units) / max(1, self.bound_units)

    def __repr__(self) -> str:
        return (
            f"Matching({self.status}, {len(self.pairs)} pairs, objective {self.objective}, "
            f"bound {self.bound}, {len(self.unmatched)} unmatched)"
        )


def empty_pairs(whole: bool) -> pd.DataFrame:
    """The table of no pairs."""
    score = pd.Series(dtype="int64" if whole else "float64")
    return pd.DataFrame({"mentor_id": [], "mentee_id": [], "score": score})


def empty_unmatched() -> pd.DataFrame:
    """The table of nobody."""
    return pd.DataFrame({"person_id": [], "side": [], "reason": [], "code": []})
