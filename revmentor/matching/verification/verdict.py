"""What does the second opinion say in the end?"""

from __future__ import annotations

from typing import NamedTuple

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


class Verified(NamedTuple):
    """Objective and bound as recomputed, in the unit of the scores; nan without a plan."""

    objective: float | int
    bound: float | int
