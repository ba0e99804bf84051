"""Does the second opinion on a pool see what visiting every pair by hand gives?"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matching_cases import ByHand, junior, named, params, random_tables, senior, tables

from revmentor.matching import Matching, Problem, VerificationError, solve, verify
from revmentor.matching.verification import estimate as scan
from revmentor.matching.verification import kinds, recount
from revmentor.matching.verification.recount import GivenRecount
from revmentor.matching.verification.tables import TableRecount

SMALL = {"MANY": 3, "ONES": 2, "RARE": 2}


def every_pair(second: TableRecount) -> tuple[np.ndarray, np.ndarray]:
    i, j = np.indices((len(second.mentors), len(second.mentees)))
    return i.ravel(), j.ravel()


@pytest.mark.parametrize("seed", range(60))
def test_scores_rules_and_places_of_every_pair(seed: int) -> None:
    case = random_tables(np.random.default_rng(seed))
    problem, hand = Problem.from_tables(**case), ByHand(**case)
    second = TableRecount(problem.source)
    assert sorted(second.mentors) == hand.mentors
    assert sorted(second.mentees) == hand.mentees
    assert second.capacity.tolist() == [hand.places(who, "mentor") for who in second.mentors]
    assert second.demand.tolist() == [hand.places(who, "mentee") for who in second.mentees]
    i, j = every_pair(second)
    units, broken = second.units(i, j), second.broken(i, j)
    for k, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True)):
        mentor, mentee = second.mentors[a], second.mentees[b]
        assert abs(units[k] - 1e6 * hand.score(mentor, mentee)) < 1
        assert {rule for rule, mask in broken.items() if mask[k]} == set(
            hand.broken(mentor, mentee)
        )


@pytest.mark.parametrize("seed", range(80))
def test_no_pair_above_what_is_paid_escapes(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Prices at a pair's very units let it pass; one unit less finds it, whatever the blocks."""
    if seed % 2:
        for name, size in SMALL.items():
            monkeypatch.setattr(scan, name, size)
        monkeypatch.setattr(kinds, "COMBINED", 2)
    random = np.random.default_rng(seed)
    problem = Problem.from_tables(**random_tables(random))
    second = TableRecount(problem.source)
    i, j = every_pair(second)
    units = second.units(i, j)
    may = ~recount.any_of(second.broken(i, j), len(i)) & (units >= second.least)
    paid = random.integers(0, 500_000, len(second.mentors)), np.zeros(len(second.mentees), int)
    if len(i):
        exact = int(random.integers(0, len(i)))
        paid[1][j[exact]] = max(0, units[exact] - paid[0][i[exact]])
    above = may & (units > paid[0][i] + paid[1][j])
    found = [pair for some in second.suspects(*paid) for pair in zip(*map(list, some), strict=True)]
    assert len(found) == len(set(found))
    assert set(zip(i[above].tolist(), j[above].tolist(), strict=True)) <= set(found)
    assert second.complaints() == []


def test_more_mentees_than_mentors_and_rare_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longer side is taken many at a time, whichever it is."""
    random = np.random.default_rng(5)
    words = [f"w{n}" for n in range(40)]

    def some() -> tuple[str, ...]:
        return tuple(random.choice(words, size=int(random.integers(0, 6)), replace=False))

    for mentors, mentees in ((3, 200), (200, 3)):
        people, applications = tables(
            *(junior(f"m{n}", skills_offered=some(), interests=some()) for n in range(mentors)),
            *(senior(f"s{n}", skills_wanted=some(), interests=some()) for n in range(mentees)),
        )
        weights = {"skills": 2.0, "interests": 1.0}
        problem = Problem.from_tables(people, applications, params(weights))
        second = TableRecount(problem.source)
        i, j = every_pair(second)
        above = second.units(i, j) > 400_000
        paid = np.full(mentors, 400_000), np.zeros(mentees, np.int64)
        found = {pair for some in second.suspects(*paid) for pair in zip(*some, strict=True)}
        assert found == set(zip(i[above].tolist(), j[above].tolist(), strict=True))
        assert above.any()
        assert second.complaints() == []


def test_given_scores_some_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount, "PAIRS", 7)
    random = np.random.default_rng(2)
    scores, eligible = random.random((11, 5)), random.random((11, 5)) < 0.7
    second = GivenRecount(Problem.from_scores(scores, eligible=eligible).source, None)
    paid = np.full(11, 200_000), np.full(5, 300_000)
    found = {pair for some in second.suspects(*paid) for pair in zip(*some, strict=True)}
    assert found == set(zip(*np.nonzero((np.rint(scores * 1e6) > 500_000) & eligible), strict=True))


def uncovered(m: Matching, mentor: str) -> Matching:
    prices = m.certificate.mentor.copy()
    prices[mentor] -= 1000
    return dataclasses.replace(m, certificate=dataclasses.replace(m.certificate, mentor=prices))


def test_every_pair_that_is_not_covered_is_counted() -> None:
    """All the mentees of one mentor whose price is too low, each with the worst."""
    people, applications = tables(
        junior("m", department="A", capacity=5),
        *(senior(f"s{n}", department="B") for n in range(7)),
    )
    problem = Problem.from_tables(people, applications, params({"department": 1.0}))
    m = solve(problem)
    assert m.certificate.mentor["m"] == 10**6
    with pytest.raises(VerificationError) as caught:
        verify(problem, uncovered(m, "m"))
    short = [text for text in caught.value.violations if "do not cover 1 pairs" in text]
    assert len(short) == 7
    assert all("worst with m by 1000 units" in text for text in short)


def test_a_locked_pair_is_kept_against_the_rules_and_a_forgotten_one_is_found() -> None:
    people, applications = tables(
        junior("m1", department="A", vetoes=("s1",)), junior("m2", department="A"),
        senior("s1", department="B"), senior("s2", department="B"),
    )  # fmt: skip
    problem = Problem.from_tables(
        people,
        applications,
        params({"department": 1.0}, rules={"vetoes": True}),
        decisions=named(("m1", "s1"), decision="lock"),
    )
    m = solve(problem)
    verify(problem, m)
    forgetful = dataclasses.replace(problem, pins=())
    with pytest.raises(VerificationError, match="does not lock the pair m1 with s1"):
        verify(forgetful, m)


def test_priorities_are_part_of_the_bound_and_not_of_the_scores() -> None:
    scores = [[5, 4], [4, 1]]
    problem = Problem.from_scores(scores).under(mentor_priority=[0, 2], mentee_priority=[0, 3])
    m = solve(problem)
    verify(problem, m)
    with pytest.raises(VerificationError, match="the objective is 8, not 13"):
        verify(Problem.from_scores(scores), m)
