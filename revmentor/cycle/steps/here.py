"""Who is here: both sides against the company, where groups are large enough to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from revmentor import figures, metrics, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps import behind
from revmentor.disclosure import DisclosedCounts, Members, disclose_composition
from revmentor.figures.composition import company_shares, compares
from revmentor.publish.cells import to_csv
from revmentor.publish.workspace import Workspace
from revmentor.tiles import Finding, finding, findings

GROUPINGS = ("generation", "department", "grade")
FILE = "composition.csv"


@dataclass(frozen=True)
class Here:
    """Who is here, by each grouping.

    Parameters
    ----------
    people, applications : DataFrame
        As loaded: everybody.
    minimum : int
        Smallest group that is shown.
    """

    people: pd.DataFrame
    applications: pd.DataFrame
    minimum: int

    @property
    def groupings(self) -> tuple[str, ...]:
        """Groupings that the table people can tell: those with more than one group."""
        return tuple(by for by in GROUPINGS if self.people[by].nunique() > 1)

    def found(self) -> dict[str, DisclosedCounts]:
        """Who applied for what, by each grouping."""
        return {
            f"composition-{by}": disclose_composition(
                metrics.composition(self.people, self.applications, by), self.minimum
            )
            for by in self.groupings
        }

    def behind(self) -> dict[str, Members]:
        """Who is in each group, by what they applied for?"""
        return {
            f"composition-{by}": behind.in_composition(self.people, self.applications, by)
            for by in self.groupings
        }

    def shown(self, told: Mapping[str, DisclosedCounts]) -> Shown:
        """A figure of each grouping that can be compared, then what of the others may be said."""
        small = [by for by, counts in told.items() if not compares(counts)]
        drawn = [figures.composition(told[by]) for by in told if by not in small]
        shares = {by: company_shares(told[by]) for by in small}
        lines = [f"The company by {by}: {share}." for by, share in shares.items() if share]
        where = f"restricted/{FILE} has every number."
        return shown(
            *drawn,
            too_small(small, self.minimum, where),
            findings(lines) if lines else None,
        )

    def write(self, work: Workspace) -> list[Path]:
        """Every group with every number, for the coordinator."""
        tables = [
            metrics.composition(self.people, self.applications, by, most=len(self.people), least=1)
            .rename_axis(index="group")
            .reset_index()
            .assign(by=by)
            for by in self.groupings
        ]
        if not tables:
            return []
        table = pd.concat(tables, ignore_index=True)
        order = ["by", "group", "mentors", "mentees", "both", "neither", "company"]
        return [work.write_bytes(FILE, to_csv(table[order]))]


def too_small(groupings: Sequence[str], minimum: int, where: str = "") -> Finding | None:
    """Why nobody is compared by these groupings; None where there are none.

    >>> print(too_small(["grade"], 5))
    Mentors and mentees are not compared by grade: their groups have fewer than five people, or \
would give away one that has.
    """
    if not groupings:
        return None
    return finding(
        f"Mentors and mentees are not compared by {words.listed(groupings)}: their groups have "
        f"fewer than {words.small(minimum)} people, or would give away one that has.",
        where,
    )
