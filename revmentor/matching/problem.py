"""What is to be matched: two sides with places, the score of every pair, and people's decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from revmentor.errors import Fault, check_faults
from revmentor.matching import asking
from revmentor.matching.arrays import IntArray
from revmentor.matching.conditions import Condition, Waves
from revmentor.matching.intake import given
from revmentor.matching.intake.reading import read_pool
from revmentor.matching.made_of import (
    GivenSource,
    Id,
    Pin,
    PinKind,
    Roster,
    TableSource,
    ascending,
    pins_of,
)
from revmentor.matching.result import table
from revmentor.matching.scores import MILLION, MatrixScores, Scores, TableScores
from revmentor.matching.worth import GroupUnits

# What reads tables and params is loaded when they are read: given scores are matched without it.
if TYPE_CHECKING:
    import pandas as pd

    from revmentor.matching.intake.survey import Survey
    from revmentor.params.limits import Objective, Over
    from revmentor.params.models import Params

__all__ = ["GivenSource", "Id", "Pin", "PinKind", "Problem", "Roster", "TableSource"]


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
        Required and locked pairs, which are made whatever they score.
    conditions : tuple of Condition
        On all pairs together; see `under`.
    waves : Waves or None
    objective : {"total", "participation", "max_min", "leximin"}
        The largest sum of worth; the most pairs and then that; the best worst-off.
    over : {"mentees", "mentors", "both"}
        Whose worst-off count in the last two.
    priorities : tuple of GroupUnits
        Units that the worth of a pair has beyond its score.
    """

    mentors: Roster
    mentees: Roster
    scores: Scores
    per_point: int
    least: int
    source: GivenSource | TableSource
    pins: tuple[Pin, ...] = ()
    conditions: tuple[Condition, ...] = ()
    waves: Waves | None = None
    objective: Objective = "total"
    over: Over = "mentees"
    priorities: tuple[GroupUnits, ...] = ()

    @cached_property
    def _told(self) -> Survey | None:
        if not isinstance(self.scores, TableScores):
            return None
        from revmentor.matching.intake.survey import survey

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
        order = [ascending(side) for side in ids]
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
        from revmentor.matching.intake.survey import weigh
        from revmentor.matching.limits import conditions_of, waiting_units, waves_of

        pool = read_pool(people, applications, params, decisions, history)
        scoring = weigh(pool, params)
        limits = params.matching.limits
        return cls(
            Roster(pool.mentors.ids, pool.mentors.places),
            Roster(pool.mentees.ids, pool.mentees.places),
            TableScores(pool, params, scoring),
            MILLION,
            max(1, round(params.matching.minimum_score * MILLION)),
            TableSource(people, applications, params, decisions, history, scoring),
            pins_of(decisions, pool),
            conditions_of(limits, people, pool),
            waves_of(limits, pool),
            params.matching.objective,
            params.matching.fairness_over,
            waiting_units(params.matching.priority.waited, pool),
        )

    def under(
        self,
        *conditions: Condition,
        waves: Waves | None = None,
        require: Iterable[tuple[Id, Id]] = (),
        lock: Iterable[tuple[Id, Id]] = (),
        mentor_priority: npt.ArrayLike | None = None,
        mentee_priority: npt.ArrayLike | None = None,
        objective: Objective | None = None,
        over: Over | None = None,
    ) -> Problem:
        """The same problem with more asked of it.

        Parameters
        ----------
        conditions : Condition
            Groups are those of the people in the order of `mentors.ids` and `mentees.ids`.
        waves : Waves, optional
            People in the same order. For given scores; the params of a cycle name its waves.
        require, lock : iterables of (mentor id, mentee id)
            Pairs to make; locked ones whatever the rules say.
        mentor_priority, mentee_priority : one number per person, at least 0, optional
            Added to the worth of each pair of theirs, in the unit of the scores.
        objective, over : optional
            Instead of the present ones.

        Raises
        ------
        InputError
            With everything that does not fit the problem.

        >>> from revmentor.matching.conditions import PairKind
        >>> few = PairKind.every(2, 2).number("pairs", "", at_most=1)
        >>> Problem.from_scores([[5, 9], [8, 7]]).under(few).conditions[0].said("upper")
        'at most 1 pair'
        """
        people = len(self.mentors), len(self.mentees)
        every = (*self.conditions, *conditions)
        faults = [
            *asking.condition_faults(every, people),
            *asking.priority_faults(mentor_priority, "mentor", people[0]),
            *asking.priority_faults(mentee_priority, "mentee", people[1]),
        ]
        scores = self.scores
        if waves is not None:
            faults += asking.wave_faults(waves, scores, people)
        check_faults(faults)
        if waves is not None and isinstance(scores, MatrixScores):
            scores = asking.apart(scores, waves)
        more = asking.priority_units(mentor_priority, mentee_priority, people, self.per_point)
        return replace(
            self,
            scores=scores,
            conditions=every,
            waves=self.waves if waves is None else waves,
            pins=self._pinned(require, lock),
            priorities=self.priorities + more,
            objective=objective or self.objective,
            over=over or self.over,
        )

    def _pinned(
        self, require: Iterable[tuple[Id, Id]], lock: Iterable[tuple[Id, Id]]
    ) -> tuple[Pin, ...]:
        """The pins with more of them; a pair that is required and locked is locked."""
        places = [{who: k for k, who in enumerate(s.ids)} for s in (self.mentors, self.mentees)]
        pins = {(pin.mentor_id, pin.mentee_id): pin for pin in self.pins}
        kinds: tuple[tuple[PinKind, Iterable[tuple[Id, Id]]], ...] = (
            ("require", require),
            ("lock", lock),
        )
        for kind, pairs in kinds:
            for a, b in pairs:
                if kind == "lock" or (a, b) not in pins:
                    pins[a, b] = Pin(a, b, places[0].get(a), places[1].get(b), kind)
        return tuple(pins[pair] for pair in sorted(pins, key=lambda pair: (pair[0], pair[1])))

    def points(self, units: int) -> float | int:
        """Units in the unit of the scores: a whole number if whole numbers were given.

        >>> Problem.from_scores([[0.25]]).points(250_000)
        0.25
        """
        return units if self.per_point == 1 else units / self.per_point
