"""What did the solver find, and what proves it?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from revmentor.matching.arrays import IntArray

if TYPE_CHECKING:
    import pandas as pd

    from revmentor.matching.constrained.conflict import Conflict
    from revmentor.matching.fairness.proof import ServiceProof
    from revmentor.matching.generation import Rounds

Status = Literal["optimal", "feasible", "infeasible", "none"]


class Table[T]:
    """A field that may be given as a function; it is called when the field is first read.

    So a matching is made without its tables, and without loading pandas, which takes longer than
    a small problem takes to solve.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type | None = None) -> T:
        if instance is None:
            # As dataclasses want it: the field has no default.
            raise AttributeError(self.name)
        held = vars(instance)
        if callable(held[self.name]):
            held[self.name] = held[self.name]()
        value: T = held[self.name]
        return value

    def __set__(self, instance: object, value: T | Callable[[], T]) -> None:
        vars(instance)[self.name] = value


@dataclass(frozen=True, eq=False, kw_only=True)
class Certificate:
    """Dual prices, in whole units, that prove the bound over all pairs.

    For every pair that may be made and is not pinned, mentor's price + mentee's price + the
    pair's own price is at least its units; no price is negative. Then no matching can score more
    than the pinned pairs' units + the sum of places left x price over everybody + the prices of
    pairs: every other matching pays at least its own score in prices.

    Parameters
    ----------
    mentor, mentee : Series of int, by id, or a function that makes it
        Price of a place: locally, what one more place would add to the objective.
    pair : DataFrame
        mentor_id, mentee_id, price: only where a mentee wants several partners, because a pair
        can be made once only.
    side_constraints : Series of int, by name
        Multipliers of conditions and waves: what they add to the worth of pairs, see
        `constrained.bound`. Above 0 for a lower bound, below 0 for an upper one.
    bonus : int
        Units added to every pair where most pairs come first; left out of `bound_units`.
    least : int
        Fewest units of the pairs that are covered.
    bound_units : int
        What the prices prove; a matching's own bound can be lower, see `Matching`.
    """

    mentor: Table[pd.Series] = Table()
    mentee: Table[pd.Series] = Table()
    pair: Table[pd.DataFrame] = Table()
    side_constraints: Table[pd.Series] = Table()
    bonus: int = 0
    least: int = 1
    bound_units: int = 0


@dataclass(frozen=True, eq=False)
class Fairness:
    """How fairly people are served, and why none could be served more fairly.

    Parameters
    ----------
    objective : str
        ``max_min`` or ``leximin``.
    over : str
        ``mentees``, ``mentors`` or ``both``: whose fortunes count. Those in required pairs are
        left out.
    served : int
        People compared who have a pair.
    worst : int
        Units of the best pair of the worst of them.
    most, best_worst : ServiceProof or None
        Nobody can serve more people, or as many with more than `worst`; None where no such
        proof is made.
    """

    objective: str
    over: str
    served: int
    worst: int
    most: ServiceProof | None = None
    best_worst: ServiceProof | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Matching:
    """A matching, its status and its proof.

    Parameters
    ----------
    pairs : DataFrame, or a function that makes it
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
    unmatched : DataFrame, or a function that makes it
        person_id, side, reason (a sentence), code (its kind), by side and id: everybody without
        a pair.
    certificate : Certificate or None
        None unless the status is optimal or feasible.
    reasons : tuple of str
        Why infeasible, or why not proven; empty if optimal.
    rounds, columns : int
        Solves on the pairs considered, and how many those were at the end.
    seed : int
    passes : float
        Pairs scanned, as a multiple of all pairs.
    state : object
        What `solve` can start from when the same people are matched again.
    fairness : Fairness or None
        For the objectives max_min and leximin.
    conflict : Conflict or None
        Why infeasible, and the least that repairs it.
    """

    pairs: Table[pd.DataFrame] = Table()
    status: Status
    objective: float | int
    bound: float | int
    objective_units: int | None
    bound_units: int | None
    unmatched: Table[pd.DataFrame] = Table()
    certificate: Certificate | None
    reasons: tuple[str, ...]
    rounds: int
    columns: int
    seed: int
    passes: float = 0.0
    state: Rounds | None = None
    fairness: Fairness | None = None
    conflict: Conflict | None = None

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


def table(columns: Mapping[str, object]) -> pd.DataFrame:
    """The table of these columns."""
    import pandas as pd  # only now: it takes longer to load than a small problem to solve

    return pd.DataFrame(dict(columns))


def prices(ids: Sequence[str | int], units: Sequence[int] | IntArray) -> pd.Series:
    """Whole prices by id."""
    import pandas as pd  # only now: see above

    return pd.Series(units, index=list(ids), name="price", dtype="int64")


def no_pairs(whole: bool) -> pd.DataFrame:
    """The table of no pairs."""
    return table(
        {"mentor_id": [], "mentee_id": [], "score": np.empty(0, np.int64 if whole else np.float64)}
    )


def nobody() -> pd.DataFrame:
    """The table of nobody."""
    return table({"person_id": [], "side": [], "reason": [], "code": []})


def side_constraints(multipliers: Mapping[str, int]) -> pd.Series:
    """Multipliers by name."""
    import pandas as pd  # only now: see above

    return pd.Series(dict(multipliers), name="multiplier", dtype="int64")
