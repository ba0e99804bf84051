"""How many pairs does the plan count with, as far as that may be told?

Where nobody states it, the number is the places of the smaller side: a count of people like any
other. So it goes through what the publication tells, and all that is worked out from it (the power
of the criteria, the hours that are due) is worked out from what is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import pandas as pd

from revmentor import words
from revmentor.disclosure import DisclosedCounts, disclose_counts, fewer_than

PLANNED = "planned"
_ROW = "pairs planned"
_COLUMN = "pairs"


@dataclass(frozen=True)
class Plan:
    """Pairs that planning counts with, as they may be told.

    Parameters
    ----------
    pairs : int or None
        The number that the plan is worked out from; None where none may be told.
    text : str
        In words: "130 pairs", "at least 45 pairs".
    at_least : bool
        There may be more.
    why : str
        Where no number is told: a sentence that says why, and what to do.
    """

    pairs: int | None
    text: str
    at_least: bool = False
    why: str = ""

    @classmethod
    def of(cls, pairs: int, minimum: int) -> Self:
        """The plan for a number that the parameters state, or that may be told as it is.

        >>> Plan.of(130, 5).text, Plan.of(3, 5).pairs
        ('130 pairs', None)
        """
        if pairs < minimum:
            few = f"{fewer_than(minimum)} pairs"
            return cls(None, few, why=f"{words.capital(few)} are planned.")
        return cls(pairs, words.counted(pairs, "pair"))

    @classmethod
    def told(cls, counts: DisclosedCounts) -> Self:
        """The plan for as much as is told of the places of the smaller side.

        A range stands for its lower end: so many pairs there can be in any case.
        """
        count = counts.at(_ROW, _COLUMN)
        if count.value is not None:
            return cls.of(count.value, counts.minimum)
        if count.high is not None and count.high < counts.minimum:
            return cls.of(count.high, counts.minimum)
        if count.low >= counts.minimum:
            return cls(count.low, f"at least {words.counted(count.low, 'pair')}", at_least=True)
        return cls(
            None,
            "a number of pairs that is not shown",
            why=(
                "How many pairs are planned is not shown, as it would give a small group away: "
                "state programme.pairs_planned to plan with a number of your own."
            ),
        )


def planned_counts(pairs: int, minimum: int) -> DisclosedCounts:
    """The places of the smaller side, as they may be shown alone."""
    frame = pd.DataFrame({_COLUMN: [pairs]}, index=[_ROW])
    return disclose_counts(frame, minimum, totals="none", unit="pairs", row_name="plan")


CELL = (_ROW, _COLUMN)
