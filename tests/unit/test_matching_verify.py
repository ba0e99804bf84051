"""Does the second opinion reject each way in which a matching can be wrong?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matching_cases import junior, named, params, random_tables, senior, tables

from revmentor.errors import SolverError
from revmentor.matching import Matching, Problem, VerificationError, solve, verify
from revmentor.matching.criteria import Scoring
from revmentor.matching.scores import TableScores

FIELD = dataclasses.replace


@pytest.fixture(scope="module")
def problem() -> Problem:
    people, applications = tables(
        junior("m1", skills_offered=("R", "Go"), department="A", capacity=2),
        junior("m2", skills_offered=("R",), department="B"),
        junior("m3", skills_offered=("C",), department="A"),
        junior("m4", skills_offered=("C",), department="B", vetoes=("s1",)),
        senior("s1", skills_wanted=("R", "Go"), department="B", capacity=2),
        senior("s2", skills_wanted=("R", "C"), department="A", capacity=2),
        senior("s3", skills_wanted=("C",), department="B"),
    )
    return Problem.from_tables(
        people,
        applications,
        params({"skills": 2.0, "department": 1.0}, rules={"vetoes": True}),
        decisions=named(("m3", "s2"), decision="require"),
    )


@pytest.fixture(scope="module")
def matching(problem: Problem) -> Matching:
    m = solve(problem)
    verify(problem, m)
    return m


def pairs(m: Matching, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Matching:
    changed = change(m.pairs.copy()).sort_values(["mentee_id", "mentor_id"], ignore_index=True)
    return FIELD(m, pairs=changed)


def swap(m: Matching, old: tuple[str, str], new: tuple[str, str]) -> Matching:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        at = (frame["mentor_id"] == old[0]) & (frame["mentee_id"] == old[1])
        assert at.sum() == 1
        frame.loc[at, ["mentor_id", "mentee_id"]] = new
        return frame

    return pairs(m, change)


def price(m: Matching, side: str, who: str, step: int) -> Matching:
    prices = getattr(m.certificate, side).copy()
    prices[who] += step
    return FIELD(m, certificate=FIELD(m.certificate, **{side: prices}))


def first_score(m: Matching, step: float) -> Matching:
    return pairs(m, lambda f: f.assign(score=f["score"] + step * (f.index == 0)))


def listed_twice(m: Matching) -> Matching:
    return pairs(m, lambda f: pd.concat([f, f.iloc[:1]]))


def one_left_out(m: Matching) -> Matching:
    return pairs(m, lambda f: f[f["mentor_id"] != "m2"])


def unmatched_forgotten(m: Matching) -> Matching:
    return FIELD(m, unmatched=m.unmatched.iloc[1:])


def unmatched_invented(m: Matching) -> Matching:
    row = pd.DataFrame([["m1", "mentor", "no", "outbid"]], columns=m.unmatched.columns)
    return FIELD(m, unmatched=pd.concat([m.unmatched, row]))


def pair_price_gone(m: Matching) -> Matching:
    return FIELD(m, certificate=FIELD(m.certificate, pair=m.certificate.pair.iloc[:0]))


def person_unpriced(m: Matching) -> Matching:
    return FIELD(m, certificate=FIELD(m.certificate, mentor=m.certificate.mentor.iloc[1:]))


def test_the_fixture_has_what_is_corrupted(matching: Matching) -> None:
    made = set(zip(matching.pairs["mentor_id"], matching.pairs["mentee_id"], strict=True))
    assert made == {("m1", "s1"), ("m2", "s2"), ("m3", "s2"), ("m4", "s3")}
    assert len(matching.certificate.pair)


CORRUPTIONS: dict[str, tuple[Callable[[Matching], Matching], str]] = {
    "a vetoed pair": (lambda m: swap(m, ("m4", "s3"), ("m4", "s1")), "breaks vetoes"),
    "over capacity": (lambda m: swap(m, ("m2", "s2"), ("m4", "s2")), "m4 is in 2 pairs and has 1"),
    "over demand": (lambda m: swap(m, ("m2", "s2"), ("m2", "s3")), "s3 is in 2 pairs and has 1"),
    "a required pair gone": (lambda m: swap(m, ("m3", "s2"), ("m3", "s1")), "m3 with s2 is not"),
    "the same pair twice": (listed_twice, "listed 2 times"),
    "somebody unknown": (lambda m: swap(m, ("m2", "s2"), ("m9", "s2")), "m9 is not a mentor"),
    "roles swapped": (lambda m: swap(m, ("m4", "s3"), ("s3", "m4")), "s3 is not a mentor"),
    "a pair left out": (one_left_out, "the objective is"),
    "not in order": (lambda m: FIELD(m, pairs=m.pairs.iloc[::-1]), "not sorted"),
    "a score too high by a millionth": (lambda m: first_score(m, 1e-6), "not 1.000001"),
    "the objective": (lambda m: FIELD(m, objective=m.objective + 1e-6), "the objective is"),
    "objective units": (lambda m: FIELD(m, objective_units=m.objective_units + 1), "objective is"),
    "the bound": (lambda m: FIELD(m, bound=m.bound - 1e-6), "the bound is"),
    "bound units": (lambda m: FIELD(m, bound_units=m.bound_units - 1), "the bound is"),
    "only feasible": (lambda m: FIELD(m, status="feasible"), "the status is feasible"),
    "a price too low": (lambda m: price(m, "mentor", "m1", -1), "do not cover"),
    "a price too high": (lambda m: price(m, "mentee", "s3", 1), "prove a bound"),
    "a negative price": (lambda m: price(m, "mentor", "m4", -(10**6)), "negative price"),
    "no certificate": (lambda m: FIELD(m, certificate=None), "no certificate"),
    "no pair prices": (pair_price_gone, "do not cover"),
    "a person unpriced": (person_unpriced, "exactly the people"),
    "unmatched forgotten": (unmatched_forgotten, "the unmatched"),
    "unmatched invented": (unmatched_invented, "the unmatched mentors"),
    "infeasible": (lambda m: FIELD(m, status="infeasible"), "can all be made"),
    "none": (lambda m: FIELD(m, status="none"), "the status is none, but"),
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_corruption_is_found(problem: Problem, matching: Matching, name: str) -> None:
    corrupt, words = CORRUPTIONS[name]
    if name == "unmatched forgotten":
        problem = Problem.from_scores([[0.5], [0.4]])
        matching = solve(problem)
    with pytest.raises(VerificationError) as caught:
        verify(problem, corrupt(matching))
    assert words in str(caught.value)
    assert caught.value.exit_code == SolverError.exit_code == 5


def test_all_violations_are_listed(problem: Problem, matching: Matching) -> None:
    wrong = FIELD(swap(matching, ("m4", "s3"), ("m4", "s1")), objective_units=0, status="feasible")
    with pytest.raises(VerificationError) as caught:
        verify(problem, wrong)
    assert len(caught.value.violations) >= 4


def test_a_worse_matching_with_an_honest_bound_is_only_feasible(problem: Problem) -> None:
    best = solve(problem)
    worse = one_left_out(best)
    units = round(1e6 * float(worse.pairs["score"].sum()))
    idle = pd.DataFrame([["m2", "mentor", "-", "not_proven"]], columns=best.unmatched.columns)
    honest = FIELD(
        worse, status="feasible", objective=units / 1e6, objective_units=units, unmatched=idle
    )
    assert verify(problem, honest).bound == best.bound
    with pytest.raises(VerificationError, match="the status is optimal"):
        verify(problem, FIELD(honest, status="optimal"))


@pytest.mark.parametrize(
    ("field", "words"), [("share", "the share of skills"), ("stand_in", "the stand-in of skills")]
)
def test_shares_and_stand_ins_are_recomputed(field: str, words: str) -> None:
    """A solver that weighed wrongly is found, although its own matching fits its own scores."""
    people, applications = tables(
        junior("m1", skills_offered=("R",)), junior("m2"), senior("s", skills_wanted=("R", "Go"))
    )
    problem = Problem.from_tables(people, applications, params({"skills": 1.0, "department": 1.0}))
    right = problem.source.scoring
    changed = {"skills": 0.25, "department": 0.75} if field == "share" else {"skills": 0.75}
    wrong: Scoring = FIELD(right, **{field: dict(getattr(right, field)) | changed})
    scores = TableScores(problem.scores.pool, problem.scores.params, wrong)
    other = FIELD(problem, scores=scores, source=FIELD(problem.source, scoring=wrong))
    with pytest.raises(VerificationError, match=words):
        verify(other, solve(other))


@pytest.mark.parametrize("seed", range(40))
def test_every_random_pool_holds_and_breaks(seed: int) -> None:
    """One unit off in any one price of a full person is either uncovered or proves less."""
    problem = Problem.from_tables(**random_tables(np.random.default_rng(seed)))
    m = solve(problem)
    verify(problem, m)
    if not len(m.pairs):
        return
    who = m.pairs["mentor_id"][0]
    for step in (-1, 1):
        with pytest.raises(VerificationError):
            verify(problem, price(m, "mentor", who, step))
