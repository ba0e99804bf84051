"""What if one thing of a problem were different: a rule, a place, a weight, a required pair?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import PairTable
from revmentor.matching.intake.cells import texts
from revmentor.matching.problem import GivenSource, Pin, Problem, TableSource
from revmentor.matching.scores import NOT_ELIGIBLE, MatrixScores, TableScores
from revmentor.names import RULE_LABELS

Side = Literal["mentor", "mentee"]

# What stands beside the rules of `rules.ORDER` and can be lifted like one.
MINIMUM_SCORE = "minimum_score"
REQUIRED = "required"
WAVES = "waves"
LABELS = {
    **RULE_LABELS,
    "eligible": "marked as eligible",
    MINIMUM_SCORE: "a score above 0 and at least the minimum",
    REQUIRED: "pairs that decisions require",
    WAVES: "pairs that run at the same time",
}


def removable(problem: Problem) -> tuple[str, ...]:
    """Which rules are on and can be lifted?

    That the mentor is strictly junior always holds; only a larger grade gap can be lifted. A
    minimum score and required pairs count as rules.
    """
    source = problem.source
    found = []
    for rule in problem.scores.rules():
        if rule == "minimum_grade_gap":
            assert isinstance(source, TableSource)
            on = source.params.matching.rules.minimum_grade_gap > 1
        elif rule == "forbidden":
            assert isinstance(problem.scores, TableScores)
            on = len(problem.scores.pool.forbidden) > 0
        elif rule == "eligible":
            assert isinstance(source, GivenSource)
            on = source.eligible is not None and not source.eligible.all()
        else:
            on = rule != "common_wave"
        if on:
            found.append(rule)
    if problem.least > 1:
        found.append(MINIMUM_SCORE)
    if problem.pins:
        found.append(REQUIRED)
    return tuple(found)


def without(problem: Problem, rule: str) -> Problem:
    """The same problem with one rule lifted.

    Parameters
    ----------
    rule : str
        One of `removable`.

    Raises
    ------
    InputError
        The rule is not on, or cannot be lifted.

    >>> closed = Problem.from_scores([[5, 9]], eligible=[[True, False]])
    >>> removable(closed), removable(without(closed, "eligible"))
    (('eligible',), ())
    """
    if rule not in removable(problem):
        known = ", ".join(removable(problem)) or "none"
        raise InputError(
            Fault("unknown rule", "this rule is not on, or cannot be lifted",
                  f"give one of: {known}", "", None, "rule", rule)
        )  # fmt: skip
    if rule == REQUIRED:
        return replace(problem, pins=())
    if rule == MINIMUM_SCORE:
        return replace(problem, least=1)
    source = problem.source
    if isinstance(source, GivenSource):
        free = Problem.from_scores(
            source.scores, mentor_ids=source.mentor_ids, mentee_ids=source.mentee_ids
        )
        scores = free.scores
        if problem.waves is not None:
            assert isinstance(scores, MatrixScores)
            apart = problem.waves.apart()
            scores = MatrixScores(np.where(apart, NOT_ELIGIBLE, scores.matrix), scores.matrix)
        return replace(problem, scores=scores, source=replace(source, eligible=None))
    assert isinstance(problem.scores, TableScores)
    if rule == "forbidden":
        assert source.decisions is not None
        kept = [what != "forbid" for what in texts(source.decisions, "decision")]
        pool = replace(problem.scores.pool, forbidden=PairTable.of({}, len(problem.mentees)))
        return replace(
            problem,
            scores=replace(problem.scores, pool=pool),
            source=replace(source, decisions=source.decisions[kept]),
        )
    off = {"minimum_grade_gap": 1, "minimum_overlap_hours": 0.0}.get(rule, False)
    asked = source.params.matching
    lifted = asked.model_copy(update={"rules": asked.rules.model_copy(update={rule: off})})
    params = source.params.model_copy(update={"matching": lifted})
    return replace(
        problem,
        scores=replace(problem.scores, params=params),
        source=replace(source, params=params),
    )


def without_waves(problem: Problem) -> Problem:
    """The same problem with everybody free at all times and no limit on pairs at a time."""
    scores, source = problem.scores, problem.source
    if isinstance(scores, MatrixScores):
        matrix = scores.matrix if scores.before is None else scores.before
        return replace(problem, scores=MatrixScores(matrix), waves=None)
    assert isinstance(scores, TableScores)
    assert isinstance(source, TableSource)
    asked = source.params.matching
    limits = asked.limits.model_copy(update={"waves": ()})
    params = source.params.model_copy(
        update={"matching": asked.model_copy(update={"limits": limits})}
    )
    return replace(
        problem,
        scores=replace(scores, params=params),
        source=replace(source, params=params),
        waves=None,
    )


def requiring(problem: Problem, mentor: int, mentee: int) -> Problem:
    """The same problem with one more required pair, by places in the rosters."""
    if any((pin.mentor, pin.mentee) == (mentor, mentee) for pin in problem.pins):
        return problem
    pin = Pin(problem.mentors.ids[mentor], problem.mentees.ids[mentee], mentor, mentee)
    return replace(problem, pins=(*problem.pins, pin))


def with_places(problem: Problem, side: Side, person: int, more: int) -> Problem:
    """The same problem, one person having so many more places (or fewer), never below 0."""
    roster = problem.mentors if side == "mentor" else problem.mentees
    places = roster.places.copy()
    places[person] = max(0, int(places[person]) + more)
    changed = replace(roster, places=places)
    if side == "mentor":
        return replace(problem, mentors=changed)
    return replace(problem, mentees=changed)


def shares_of(problem: Problem) -> dict[str, float]:
    """The share of each criterion that counts; one criterion "given" for given scores."""
    if not isinstance(problem.scores, TableScores):
        return {"given": 1.0}
    scoring = problem.scores.scoring
    return {criterion.name: float(scoring.share[criterion.name]) for criterion in scoring.criteria}


def with_shares(problem: Problem, shares: Mapping[str, float]) -> Problem:
    """The same problem with other shares of the criteria that count; they must sum to 1.

    Given scores have no criteria to weigh and stay as they are.
    """
    if not isinstance(problem.scores, TableScores):
        return problem
    scoring = problem.scores.scoring
    scoring = replace(scoring, share={**scoring.share, **shares})
    return replace(problem, scores=replace(problem.scores, scoring=scoring))
