"""Who meets whom: generations and departments that the pairs join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from revmentor import figures, metrics
from revmentor.cycle.steps import behind
from revmentor.disclosure import (
    EVERY_NUMBER,
    DisclosedCounts,
    Members,
    disclose_counts,
    pair_units,
)
from revmentor.figures.matching import meeting_title
from revmentor.tiles import finding

GROUPINGS = ("generation", "department")


@dataclass(frozen=True)
class Meetings:
    """Who meets whom in the pairs of one match.

    Parameters
    ----------
    pairs, people : DataFrame
    """

    pairs: pd.DataFrame
    people: pd.DataFrame

    @property
    def groupings(self) -> tuple[str, ...]:
        """Groupings that the table people can tell: those with more than one group."""
        return tuple(by for by in GROUPINGS if self.people[by].nunique() > 1)

    def _of(self, by: str, minimum: int) -> metrics.Meeting:
        # Twice the smallest group that is shown: half of a group may then meet another half.
        least = 1 if minimum == EVERY_NUMBER else 2 * minimum
        return metrics.who_meets_whom(self.pairs, self.people, by, least=least)

    def found(self, minimum: int) -> dict[str, DisclosedCounts]:
        """Pairs by the groups that they join; small groups are summed up first."""
        return {
            f"meets-{by}": disclose_counts(
                self._of(by, minimum).counts, minimum, totals="both", unit="pairs"
            )
            for by in self.groupings
        }

    def behind(self, minimum: int) -> dict[str, Members]:
        """Which pairs join which groups?"""
        units = pair_units(self.pairs)
        return {
            f"meets-{by}": behind.in_meetings(self._of(by, minimum), units) for by in self.groupings
        }


def meetings_shown(told: Mapping[str, DisclosedCounts]) -> list[object]:
    """A heat map by each grouping, or a sentence where it would show one number or none.

    Parameters
    ----------
    told : mapping of grouping to DisclosedCounts
    """
    return [
        figures.who_meets_whom(counts, by) if _compares(counts) else _in_words(counts, by)
        for by, counts in told.items()
    ]


def _compares(counts: DisclosedCounts) -> bool:
    """Are there several cells, and is a number in one of them?"""
    values = [count.value for row in counts.cells for count in row]
    return len(values) > 1 and any(value is not None for value in values)


def _in_words(counts: DisclosedCounts, by: str) -> object:
    pairs = f" ({counts.total.text} pairs)" if counts.total and counts.total.value else ""
    return finding(f"{meeting_title(counts, by)}{pairs}.")
