"""What does the second opinion say in the end?"""

from __future__ import annotations

from typing import NamedTuple, Self

from revmentor.errors import SolverError

SHOWN = 20


class VerificationError(SolverError):
    """A matching is not what it says; lists every violation found."""

    def __init__(self, violations: list[str]) -> None:
        self.violations = tuple(violations)
        shown = [f"  {violation}" for violation in violations[:SHOWN]]
        if len(violations) > SHOWN:
            shown.append(f"  and {len(violations) - SHOWN} more")
        count = f"{len(violations)} violation{'' if len(violations) == 1 else 's'}"
        super().__init__("\n".join([f"the matching does not hold, {count}:", *shown]))


class _Totals(NamedTuple):
    objective: float | int
    bound: float | int


class Verified(_Totals):
    """Objective and bound as recomputed, in the unit of the scores; nan without a plan.

    Unpacks into these two.

    Parameters
    ----------
    objective : float or int
    bound : float or int
        No matching is worth more, as far as that was proven here: by the prices, or by a model of
        the pairs that they leave open. Where most pairs or the worst off come first: no matching
        that is as good in that. Without prices it is the matching's own, and `unproven` says so.
    priced : float or int
        What the prices alone prove, over all pairs in whole numbers; nan where there are none.
    unproven : tuple of str
        What the matching says and was neither proven nor refuted here, in sentences; empty if all
        of it was proven.

    >>> objective, bound = Verified(2, 3, 3, ("That nothing is better is not proven.",))
    >>> objective, bound
    (2, 3)
    """

    priced: float | int
    unproven: tuple[str, ...]

    def __new__(
        cls,
        objective: float | int,
        bound: float | int,
        priced: float | int = float("nan"),
        unproven: tuple[str, ...] = (),
    ) -> Self:
        """See the class."""
        found = super().__new__(cls, objective, bound)
        found.priced, found.unproven = priced, unproven
        return found
