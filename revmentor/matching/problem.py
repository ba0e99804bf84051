"""What is to be matched: two sides with places, the score of every pair, and people's decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.errors import Fault, check_faults
from revmentor.matching import given
from revmentor.matching.arrays import IntArray
from revmentor.matching.criteria import Scoring
from revmentor.matching.frames import named_pairs
from revmentor.matching.reading import read_pool
from revmentor.matching.result import table
from revmentor.matching.scores import MILLION, MatrixScores, Scores, TableScores
from revmentor.matching.survey import Survey, survey, weigh
from revmentor.params.models import Params

Id = str | int


@dataclass(frozen=True, eq=False)
class Roster:
    """One side: ids in ascending order, and how many partners each person can have."""

    ids: tuple[Id, ...]
    places: IntArray

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class GivenSource:
    """What `Problem.from_scores` was given, as it was given; for `verify`."""

    scores: npt.NDArray[np.generic]
    eligible: npt.NDArray[np.generic] | None
    mentor_ids: tuple[Id, ...]
    mentee_ids: tuple[Id, ...]
    mentor_capacity: IntArray
    mentee_demand: IntArray


@dataclass(frozen=True, eq=False)
class TableSource:
    """What `Problem.from_tables` was given, as it was given; for `verify`."""

    people: pd.DataFrame
    applications: pd.DataFrame
    params: Params
    decisions: pd.DataFrame | None
    history: pd.DataFrame | None
    scoring: Scoring


@dataclass(frozen=True)
class Pin:
    """A pair that a decision requires; people who are not in the pool on that side are None."""

    mentor_id: Id
    mentee_id: Id
    mentor: int | None
    mentee: int | None


@dataclass(frozen=True, eq=False)
class Problem:
    """A matching problem; make one with `from_scores` or `from_tables`.

    Parameters
    ----------
    mentors, mentees : Roster
        Sorted by id, so that nothing depends on the order of rows.
    scores : Scores
        Of any pair, on demand, in whole units.
    per_point : int
        Units in a score of 1: a million, or 1 where whole numbers were given.
    least : int
        Fewest units of a pair that may be made without being required; at least 1.
    pins : tuple of Pin
        Required pairs, which are made whatever they score.
    """

    mentors: Roster
    mentees: Roster
    scores: Scores
    per_point: int
    least: int
    source: GivenSource | TableSource
    pins: tuple[Pin, ...] = ()

    @cached_property
    def _told(self) -> Survey | None:
        if not isinstance(self.scores, TableScores):
            return None
        return survey(self.scores.pool, self.scores.params, self.scores.scoring)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know about how criteria count; found when it is first asked for."""
        return self._told.notes if self._told else ()

    @property
    def influence(self) -> pd.DataFrame:
        """How each criterion counts, see `survey.Survey`; empty for given scores."""
        return self._told.influence if self._told else table({})

    @classmethod
    def from_scores(
        cls,
        scores: npt.ArrayLike,
        *,
        eligible: npt.ArrayLike | None = None,
        mentor_capacity: int | Sequence[int] | IntArray = 1,
        mentee_demand: int | Sequence[int] | IntArray = 1,
        mentor_ids: Sequence[Id] | None = None,
        mentee_ids: Sequence[Id] | None = None,
    ) -> Problem:
        """A problem whose scores are known.

        Parameters
        ----------
        scores : array of shape (mentors, mentees), float or int, at least 0
            Floats are rounded to millionths, whole numbers are taken exactly; the result's
            objective and bound are in the unit of these scores. Pairs that score 0 are not made.
        eligible : array of bool, same shape, optional
            False: the pair cannot be made. Default: all can.
        mentor_capacity, mentee_demand : int or one int per person, at least 0
            How many partners each can have.
        mentor_ids, mentee_ids : one id per person, optional
            All text or all int, each once. Default: row and column numbers from 0.

        Raises
        ------
        InputError
            With everything that is wrong with shapes, numbers and ids.

        >>> Problem.from_scores([[0.5, 0.9], [0.8, 0.7]]).per_point
        1000000
        """
        faults: list[Fault] = []
        units, per_point = given.read_scores(scores, eligible, faults)
        columns, rows = units.shape
        places = (
            given.read_places("mentor_capacity", mentor_capacity, rows, faults),
            given.read_places("mentee_demand", mentee_demand, columns, faults),
        )
        ids = (
            given.read_ids("mentor_ids", mentor_ids, rows, faults),
            given.read_ids("mentee_ids", mentee_ids, columns, faults),
        )
        check_faults(faults)
        check_faults(given.total_fault(units, min(int(places[0].sum()), int(places[1].sum()))))
        order = [_ascending(side) for side in ids]
        mentors, mentees = (
            Roster(tuple(side[place] for place in by), held[by])
            for side, held, by in zip(ids, places, order, strict=True)
        )
        source = GivenSource(
            np.array(scores), None if eligible is None else np.array(eligible), *ids, *places
        )
        matrix = MatrixScores(units[np.ix_(order[1], order[0])])
        return cls(mentors, mentees, matrix, per_point, 1, source)

    @classmethod
    def from_tables(
        cls,
        people: pd.DataFrame,
        applications: pd.DataFrame,
        params: Params,
        *,
        decisions: pd.DataFrame | None = None,
        history: pd.DataFrame | None = None,
    ) -> Problem:
        """The problem of a cycle, from its loaded tables; never holds all pairs.

        Parameters
        ----------
        people, applications, decisions, history : DataFrame
            As `revmentor.data.load_tables` gives them. Decisions and history may name people who
            are not in the pool. An applicant on both sides stands in both; `capacity` is then
            how many they mentor.
        params : Params
            Weights, criteria, rules and capacities.

        Raises
        ------
        InputError
            With everybody who cannot be placed (no grade, unknown, twice), time zones that do
            not exist, managers in a loop.
        """
        pool = read_pool(people, applications, params, decisions, history)
        scoring = weigh(pool, params)
        at = [{person: k for k, person in enumerate(s.ids)} for s in (pool.mentors, pool.mentees)]
        required = sorted({(str(a), str(b)) for a, b in named_pairs(decisions, "require")})
        return cls(
            Roster(pool.mentors.ids, pool.mentors.places),
            Roster(pool.mentees.ids, pool.mentees.places),
            TableScores(pool, params, scoring),
            MILLION,
            max(1, round(params.matching.minimum_score * MILLION)),
            TableSource(people, applications, params, decisions, history, scoring),
            tuple(Pin(a, b, at[0].get(a), at[1].get(b)) for a, b in required),
        )

    def points(self, units: int) -> float | int:
        """Units in the unit of the scores: a whole number if whole numbers were given.

        >>> Problem.from_scores([[0.25]]).points(250_000)
        0.25
        """
        return units if self.per_point == 1 else units / self.per_point


def _ascending(ids: Sequence[Id]) -> IntArray:
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
