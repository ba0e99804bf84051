"""Are means and ranges over all pairs what visiting every pair gives?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from matching_cases import ByHand, junior, params, random_tables, senior, tables

from revmentor.data.contract import CONTRACT
from revmentor.matching import Problem
from revmentor.matching.arrays import BLOCK_PAIRS
from revmentor.matching.criteria import Criterion
from revmentor.matching.intake import overlaps
from revmentor.matching.intake.means import mean
from revmentor.matching.intake.overlaps import covered, overlap
from revmentor.matching.intake.pool import Sets
from revmentor.matching.intake.survey import NEEDS, STATED_IN
from revmentor.params.models import CRITERIA


def random_sets(random: np.random.Generator, people: int, items: int, most: int) -> list[set[int]]:
    return [
        set(random.choice(items, size=int(random.integers(0, most + 1)), replace=False).tolist())
        for _ in range(people)
    ]


def packed(sets: list[set[int]], items: int) -> Sets:
    words = np.zeros((-(-items // 64), len(sets)), np.uint64)
    for person, held in enumerate(sets):
        for item in held:
            words[item // 64, person] |= np.uint64(1 << item % 64)
    return Sets(words, np.array([len(held) for held in sets], float))


@pytest.mark.parametrize("cost", [0, 10**9])
@pytest.mark.parametrize(("people", "items", "most"), [(60, 8, 4), (40, 130, 9), (50, 3, 1)])
def test_overlaps_by_subsets_and_pair_by_pair(
    monkeypatch: pytest.MonkeyPatch, cost: int, people: int, items: int, most: int
) -> None:
    monkeypatch.setattr(overlaps, "SUBSET_COST", cost)
    random = np.random.default_rng(people)
    one, two = (random_sets(random, n, items, most) for n in (people, people + 7))
    who = np.arange(0, people, 2), np.arange(people)
    found = overlap(packed(one, items), packed(two, items), *who)
    pairs = [(one[i], two[j]) for i in who[0] for j in who[1]]
    assert found.sharing == sum(bool(a & b) for a, b in pairs)
    assert found.jaccard == pytest.approx(
        math.fsum(len(a & b) / len(a | b) for a, b in pairs if a | b), rel=1e-12
    )


def test_nobody_overlaps_with_nobody() -> None:
    nothing = packed([], 5)
    assert overlap(nothing, nothing, np.arange(0), np.arange(0)) == (0, 0)


def test_covered_counts_each_wanted_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlaps, "BITS_AT_ONCE", 500)
    random = np.random.default_rng(1)
    one, two = (random_sets(random, 30, 150, 6) for _ in range(2))
    wanting = np.array([j for j in range(30) if two[j]])
    expected = math.fsum(len(a & two[j]) / len(two[j]) for a in one for j in wanting)
    found = covered(packed(one, 150), packed(two, 150), np.arange(30), wanting)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_means_and_ranges_of_random_pools(seed: int) -> None:
    """Against every pair by hand: all that are stated, somebody with themselves left out."""
    case = random_tables(np.random.default_rng(seed))
    problem, hand = Problem.from_tables(**case), ByHand(**case)
    told = problem.influence.set_index("criterion")
    for name in CRITERIA:
        pairs = [(a, b) for a in hand.mentors for b in hand.mentees]
        found = {(a, b): hand.value(name, a, b) for a, b in pairs}
        stated = [v for (a, b), v in found.items() if v is not None and a != b]
        expected = math.fsum(stated) / len(stated) if stated else 0.0
        criterion = Criterion(name, problem.scores.pool, case["params"])
        assert mean(criterion) == pytest.approx(expected, abs=1e-12)
        seen = [v for pair, v in found.items() if v is not None and not hand.broken(*pair)]
        if told.loc[name, "share"] > 0 and seen:
            assert told.loc[name, "lowest"] == pytest.approx(min(seen), abs=1e-12)
            assert told.loc[name, "highest"] == pytest.approx(max(seen), abs=1e-12)
        else:
            assert math.isnan(told.loc[name, "lowest"])
            assert math.isnan(told.loc[name, "highest"])


def test_a_rare_value_in_the_last_block_is_seen() -> None:
    """One pair in more than a block of pairs is at the end of a range."""
    juniors = [junior(f"m{n:04d}", site="X", interests=("a", "b")) for n in range(700)]
    seniors = [senior(f"s{n:04d}", site="X", interests=("a",)) for n in range(500)]
    juniors[699] |= {"site": "Y", "interests": ("a", "c", "d")}
    people, applications = tables(*juniors, *seniors)
    assert len(juniors) * len(seniors) > BLOCK_PAIRS
    problem = Problem.from_tables(people, applications, params({"site": 1.0, "interests": 1.0}))
    told = problem.influence.set_index("criterion")
    assert told.loc["site", ["lowest", "highest"]].tolist() == [0, 1]
    assert told.loc["interests", ["lowest", "highest"]].tolist() == [1 / 3, 1 / 2]


def test_what_is_told_is_found_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    people, applications = tables(junior("m"), senior("s"))
    problem = Problem.from_tables(people, applications, params({"site": 1.0, "department": 1.0}))
    calls = []
    monkeypatch.setattr("revmentor.matching.intake.survey.ranges", lambda *_: calls.append(1) or {})
    assert not calls
    (told,) = (note for note in problem.notes if "“site”" in note)
    assert told == (
        "The criterion “site” does not count in this match: no mentor states a site, so the other "
        "criteria count for more. To let it count, fill people.site; to do without it, set "
        "matching.weights.site to 0"
    )
    assert len(problem.influence) == len(CRITERIA)
    assert len(calls) == 1


def test_what_a_criterion_needs_stands_in_a_column_of_the_tables() -> None:
    assert set(STATED_IN) == set(NEEDS) == set(CRITERIA)
    for places in STATED_IN.values():
        for table, column in (place.split(".") for place in places):
            assert column in CONTRACT[table].names
