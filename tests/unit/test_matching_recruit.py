"""Whom to recruit: against plans found by another algorithm, with the newcomers really there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matching_cases import company_of_skills, params, random_tables
from scipy.optimize import linear_sum_assignment

from revmentor.errors import InputError
from revmentor.matching import Problem, explain, solve
from revmentor.matching.arrays import IntArray
from revmentor.matching.clock import Clock
from revmentor.matching.explain.newcomers import ANY, with_newcomers
from revmentor.matching.explain.recruit import first_places
from revmentor.matching.tradeoff.conditional import has_conditions
from revmentor.matching.variants import Side


def units_of(problem: Problem) -> IntArray:
    """Scores of all pairs, mentees by mentors."""
    everybody = np.arange(len(problem.mentors)), np.arange(len(problem.mentees))
    return problem.scores.units(everybody[0][None, :], everybody[1][:, None])


def best_total(problem: Problem, opened: list[int], side: Side) -> float:
    """The best total with a place more for these newcomers, by the Hungarian method."""
    places = [problem.mentors.places.copy(), problem.mentees.places.copy()]
    places[side == "mentee"][opened] = 1
    assert places[1].max() <= 1, "so that nobody can meet a mentor twice"
    units = units_of(problem)
    units = np.where(units >= problem.least, units, 0)
    units = np.repeat(np.repeat(units, places[1], axis=0), places[0], axis=1)
    row, column = linear_sum_assignment(units, maximize=True)
    return float(units[row, column].sum()) / problem.per_point


def cases() -> list[Problem]:
    found = []
    for seed in range(120):
        case = random_tables(np.random.default_rng(seed))
        case["decisions"] = None
        problem = Problem.from_tables(**case)
        if len(problem.mentors) and len(problem.mentees) and problem.mentees.places.max() <= 1:
            found.append(problem)
    assert len(found) > 30
    return found


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_each_step_is_what_another_algorithm_finds(side: Side) -> None:
    told = 0
    for problem in cases():
        found = explain.recruiting(problem, side, most=2, tried=2)
        today = solve(problem)
        assert found.typical is not None
        wider, new = with_newcomers(problem, side, copies=2, screened=60)
        assert best_total(wider, [], side) == pytest.approx(float(today.objective))
        for recruit in found.recruits:
            for step in recruit.steps:
                opened = new.rows[recruit.skill][: step.people]
                more = best_total(wider, opened, side) - float(today.objective)
                assert step.gain == pytest.approx(more, abs=2e-6)
                assert step.more <= found.without
                told += 1
    assert told > 20


def test_pairs_that_are_there_score_as_before() -> None:
    for problem in cases():
        wider, _ = with_newcomers(problem, "mentor", copies=1, screened=60)
        i = np.array([wider.mentors.ids.index(who) for who in problem.mentors.ids])
        j = np.array([wider.mentees.ids.index(who) for who in problem.mentees.ids])
        assert (units_of(wider)[np.ix_(j, i)] == units_of(problem)).all()
        assert (wider.mentors.places[i] == problem.mentors.places).all()


def test_two_more_who_know_it_place_two_more() -> None:
    found = explain.recruiting(company_of_skills(["SQL", "SQL", "SQL", "Go"], ["SQL", "Go"]))
    assert found.without == 2
    assert [each.skill for each in found.recruits] == ["SQL"]
    assert (found.recruits[0].best.people, found.recruits[0].best.more) == (2, 2)
    assert found.recruits[0].best.placed < {"s0", "s1", "s2"}
    assert not found.only_places


def test_where_only_places_lack_any_newcomer_will_do() -> None:
    people = company_of_skills(["SQL", "SQL", "Go"], ["SQL"], missing="mean")
    source = people.source
    shared = {"department": 1.0}
    same = params(shared, criteria={"department": {"direction": "same"}})
    plain = Problem.from_tables(source.people, source.applications, same)  # type: ignore[union-attr]
    found = explain.recruiting(plain)
    assert found.only_places
    assert found.recruits[0].skill == ANY
    assert found.recruits[0].best.more == 2


def test_nobody_without_a_partner_means_nothing_to_recruit() -> None:
    found = explain.recruiting(company_of_skills(["SQL"], ["SQL", "SQL"]))
    assert found.nobody
    assert found.without == 0
    more = explain.recruiting(company_of_skills(["SQL"], ["SQL", "SQL"]), "mentee")
    assert (more.recruits[0].skill, more.recruits[0].best.more) == ("SQL", 1)


def test_a_rule_that_newcomers_meet_is_not_called_a_lack_of_places() -> None:
    """The mentor has an empty place, and a veto: what lacks is somebody else, whoever it is."""
    plain = company_of_skills(["SQL"], ["Go"], missing="mean")
    source = plain.source
    vetoed = source.applications.copy()  # type: ignore[union-attr]
    vetoed["vetoes"] = pd.Series([(), ("j0",)], dtype=object)
    asked = params({"department": 1.0}, criteria={"department": {"direction": "same"}},
                   rules={"vetoes": True})  # fmt: skip
    found = explain.recruiting(Problem.from_tables(source.people, vetoed, asked))  # type: ignore[union-attr]
    assert found.anybody
    assert not found.only_places


def test_nobody_can_be_helped_by_recruiting_whom_the_rules_keep_out() -> None:
    problem = company_of_skills(["SQL"], ["SQL"], rules={"minimum_grade_gap": 9})
    found = explain.recruiting(problem)
    assert (found.without, found.nobody, found.recruits) == (1, True, ())


def test_most_pairs_first_is_asked_as_the_match_is() -> None:
    problem = replace(company_of_skills(["SQL", "SQL"], ["SQL"]), objective="participation")
    found = explain.recruiting(problem)
    assert found.recruits[0].best.more == 1
    fair = replace(problem, objective="leximin")
    assert explain.recruiting(fair).recruits[0].best.more == 1


def test_limits_and_given_scores_have_no_list() -> None:
    problem = company_of_skills(["SQL"], ["SQL"], limits={"pairs": {"at_most": 1}})
    assert "limits" in explain.recruiting(problem).reason
    with pytest.raises(InputError, match="scores alone"):
        explain.recruiting(Problem.from_scores([[1.0]]))


def test_the_table_has_a_row_for_each_number_that_was_tried() -> None:
    table = explain.recruiting(company_of_skills(["SQL", "SQL", "Go"], ["SQL"])).table()
    assert list(table) == ["skill", "people", "placed", "gain"]
    assert isinstance(table, pd.DataFrame)
    assert table.groupby("skill")["people"].min().eq(1).all()


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_the_price_of_a_first_place_is_what_it_brings_for_every_skill(side: Side) -> None:
    told = 0
    for problem in cases():
        if has_conditions(problem):
            continue
        wider, new = with_newcomers(problem, side, copies=1, screened=60)
        base = solve(wider)
        prices = first_places(wider, side, base, Clock.start(None), 0)
        for rows in new.rows.values():
            brought = best_total(wider, rows[:1], side) - float(base.objective)
            assert prices[rows[0]] / wider.per_point == pytest.approx(brought, abs=2e-6)
            told += brought > 0
    assert told > 20
