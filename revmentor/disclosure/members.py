"""Who stands behind a published number? Ids of people, and of pairs beyond a mentee's first.

These never leave the restricted folder: they are what the attack on a whole report needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import pandas as pd

from revmentor.names import SIDES
from revmentor.people import NOBODY, People, people_of

Key = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """One variable of a sum, with its sign: a change is later minus earlier."""

    variable: str
    sign: int = 1


@dataclass(frozen=True)
class Group:
    """Of whom an estimate tells.

    Parameters
    ----------
    people : frozenset of str
        Those whom n counts.
    having : frozenset of str or None
        For a share: those of them who have it.
    terms : tuple of Term
        For a mean: the variables whose sum over the people, divided by n, it is.
    scale : (float, float)
        Lowest and highest value of these variables.
    total : float
        That sum, as it is.
    """

    people: People
    having: People | None = None
    terms: tuple[Term, ...] = ()
    scale: tuple[float, float] = (0.0, 1.0)
    total: float = 0.0

    @cached_property
    def rest(self) -> People:
        """For a share: those of them who do not have it."""
        return NOBODY if self.having is None else self.people - self.having

    @classmethod
    def of(cls, people: Iterable[str], having: Iterable[str] | None = None) -> Self:
        """People whom n counts, and those of them who have it, if it is a share.

        >>> sorted(Group.of(["a", "b"], having=["a"]).having)
        ['a']
        """
        everybody = people_of(people)
        some = None if having is None else people_of(having)
        if some is not None and not some <= everybody:
            raise ValueError("those who have it must be among those of whom the share tells")
        return cls(everybody, some)

    @classmethod
    def of_values(cls, values: pd.Series, variable: str, scale: tuple[float, float]) -> Self:
        """People with a value (index: ids; missing ones are left out) whose mean is told.

        >>> Group.of_values(pd.Series({"a": 2.0, "b": None}), "respect@day30", (1, 5)).total
        2.0
        """
        known = values.dropna()
        ids = people_of(known.index)
        return cls(ids, None, (Term(variable),), scale, float(known.sum()))

    @classmethod
    def of_change(
        cls,
        before: pd.Series,
        after: pd.Series,
        earlier: str,
        later: str,
        scale: tuple[float, float],
    ) -> Self:
        """People with both values (index: ids), whose mean change is told."""
        change = (after - before).dropna()
        ids = people_of(change.index)
        return cls(ids, None, (Term(later), Term(earlier, -1)), scale, float(change.sum()))


@dataclass(frozen=True)
class Counted:
    """Who stands in each cell (row, column) of a table of counts.

    A cell that is absent counts nobody, or no people (a column of plans). ``core``: everybody knows
    how these groups lie to all others (a funnel, who is placed).
    """

    cells: Mapping[tuple[str, str], People]
    core: bool = False

    def at(self, row: str, column: str) -> People:
        """Who stands here?"""
        return self.cells.get((row, column), NOBODY)


@dataclass(frozen=True)
class Estimated:
    """Of whom each estimate tells, by its key; () for a single estimate.

    ``events`` names estimates whose n counts events (meetings, trainings), not people.
    """

    groups: Mapping[Key, Group]
    events: frozenset[Key] = frozenset()


@dataclass(frozen=True)
class Spread:
    """Whose values a distribution shows."""

    values: pd.Series
    variable: str
    scale: tuple[float, float]


Members = Counted | Estimated | Spread


def counted(cells: Mapping[tuple[str, str], Iterable[str]], *, core: bool = False) -> Counted:
    """Who stands in each cell of a table of counts, by (row, column)? See `Counted` for `core`."""
    return Counted({place: people_of(ids) for place, ids in cells.items()}, core)


def estimated(groups: Mapping[Key, Group], events: Iterable[Key] = ()) -> Estimated:
    """Of whom does each estimate tell, by its key (() for a single one), and which count events?"""
    return Estimated(dict(groups), frozenset(events))


def spread(values: pd.Series, variable: str, scale: tuple[float, float]) -> Spread:
    """Whose values (index: ids) does a distribution show?"""
    return Spread(values.dropna(), variable, scale)


def by_cells(frame: pd.DataFrame, row: str, column: str, person: str = "person_id") -> Counted:
    """Who stands in each cell, from one line per person with the row and column they stand in?

    >>> lines = pd.DataFrame({"person_id": ["a", "b"], "row": ["x", "x"], "column": ["y", "y"]})
    >>> sorted(by_cells(lines, "row", "column").at("x", "y"))
    ['a', 'b']
    """
    known = frame.dropna(subset=[row, column])
    found = known.groupby([known[row].astype(str), known[column].astype(str)])[person]
    return Counted({(str(r), str(c)): people_of(ids) for (r, c), ids in found})


def pair_units(pairs: pd.DataFrame) -> pd.Series:
    """By which id is each pair counted, so that "pool minus pairs" is a group of people?

    A mentee's first pair is counted by the mentee's own id, any further one by an id of its own.

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id.

    Returns
    -------
    Series of str
        In the pairs' index.

    >>> pair_units(pd.DataFrame({"mentor_id": ["m", "n"], "mentee_id": ["s", "s"]})).tolist()
    ['s', 's + n']
    """
    order = pairs.sort_values([f"{side}_id" for side in reversed(SIDES)])
    mentees = order["mentee_id"].astype(str)
    further = mentees.duplicated()
    units = mentees.where(~further, mentees + " + " + order["mentor_id"].astype(str))
    return units.reindex(pairs.index)


def everybody(members: Collection[Members]) -> People:
    """Who stands behind any of these?"""
    found: set[str] = set()
    for each in members:
        match each:
            case Counted():
                found.update(*each.cells.values())
            case Estimated():
                found.update(*(group.people for group in each.groups.values()))
            case Spread():
                found.update(map(str, each.values.index))
    return frozenset(found)
