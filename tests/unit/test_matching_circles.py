"""Circles of a company: what its tables and params mean for them, and what is told about them."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pydantic
import pytest
from circle_cases import company, problem_of
from matching_cases import junior, named, params, senior

from revmentor.errors import InputError
from revmentor.matching import Problem, VerificationError
from revmentor.matching.circles import Circles, explain_circles, form_circles, verify_circles
from revmentor.params.models import CircleDesign, Params


def members(circles: Circles, side: str | None = None) -> list[set[str]]:
    seats = circles.groups if side is None else circles.groups[circles.groups["side"] == side]
    return [set(group["person_id"]) for _, group in seats.groupby("circle")]


def one_circle(problem: Problem) -> pd.Series:
    circles = form_circles(problem)
    assert circles.status == "optimal"
    verify_circles(problem, circles)
    assert len(circles.circles) == 1
    return circles.circles.iloc[0]


TRIO = (
    junior("a", skills_offered=("r", "sql"), department="A"),
    senior("x", skills_wanted=("r",), department="A"),
    senior("y", skills_wanted=("r", "tax"), department="B"),
)


def test_the_value_is_pairs_and_topic_and_mix() -> None:
    weights = {"wanted": 0.2, "offered": 0.1, "department": 0.05}
    row = one_circle(problem_of(*TRIO, circles={"weights": weights}))
    assert row["topic"] == "r"
    assert (row["mentors"], row["mentees"], row["coverage"], row["offering"]) == (1, 2, 2, 1)
    assert (row["departments"], row["sites"], row["mix"]) == (2, 0, 2)
    assert row["pairs_value"] == 1.5
    assert row["topic_value"] == 0.5
    assert row["mix_value"] == 0.1
    assert row["value"] == 2.1


def test_a_topic_is_offered_inside_and_wanted_by_enough() -> None:
    problem = problem_of(*TRIO, circles={"least_wanting": 2})
    assert one_circle(problem)["topic"] == "r"
    nobody = (*TRIO[:2], senior("y", skills_wanted=("tax",)))
    assert not len(form_circles(problem_of(*nobody, circles={"least_wanting": 2})).circles)
    apart = (junior("a", skills_offered=("go",)), *TRIO[1:])
    assert not len(form_circles(problem_of(*apart)).circles)
    assert pd.isna(one_circle(problem_of(*apart, circles={"least_wanting": 0}))["topic"])


def test_topics_may_be_interests() -> None:
    people = tuple(row | {"interests": ("chess",)} for row in TRIO)
    assert one_circle(problem_of(*people, circles={"topics": "interests"}))["topic"] == "chess"


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"manager_id": "x"}, {"reporting_line": True}),
        ({"manager_id": "boss"}, {"same_manager": True}),
        ({"vetoes": ("x",)}, {"vetoes": True}),
    ],
)
def test_two_of_a_side_may_be_kept_apart(change: dict[str, Any], rules: dict[str, bool]) -> None:
    boss = {"person_id": "boss", "grade": 3}
    rows = (boss, TRIO[0], TRIO[1] | {"manager_id": "boss"}, TRIO[2] | change)
    off = {"reporting_line": False, "same_manager": False, "vetoes": False}
    assert not len(form_circles(problem_of(*rows, circles={"rules": off | rules})).circles)
    assert len(form_circles(problem_of(*rows, circles={"rules": off})).circles) == 1


def test_forbidden_pairs_and_low_scores_stay_out_of_circles() -> None:
    forbidden = named(("a", "y"), decision="forbid")
    assert not len(form_circles(problem_of(*TRIO, decisions=forbidden)).circles)
    assert not len(form_circles(problem_of(*TRIO, circles={"minimum_score": 0.6})).circles)


def test_a_person_is_in_so_many_circles_and_nobody_without_capacity() -> None:
    more = (*TRIO, senior("z", skills_wanted=("sql",)), senior("w", skills_wanted=("sql",)))
    assert len(form_circles(problem_of(*more)).circles) == 1
    twice = form_circles(problem_of(*more, circles={"per_person": {"mentor": 2}}))
    assert sorted(twice.circles["topic"]) == ["r", "sql"]
    assert not len(twice.unplaced)
    none = form_circles(problem_of(TRIO[0] | {"capacity": 0}, *TRIO[1:]))
    assert not len(none.circles)
    assert none.unplaced.set_index("person_id")["code"]["a"] == "capacity"


def test_at_most_so_many_circles() -> None:
    circles = form_circles(company(most=1))
    assert len(circles.circles) == 1
    assert "no_circle_left" in set(circles.unplaced["code"])
    verify_circles(company(most=1), circles)
    assert form_circles(company(most=0)).status == "optimal"


def test_participation_comes_first() -> None:
    rich = form_circles(company(2))
    full = form_circles(company(2, objective="participation"))
    assert full.status == rich.status == "optimal"
    assert full.seats == full.seats_bound >= rich.seats
    assert full.objective_units <= rich.objective_units
    verify_circles(company(2, objective="participation"), full)


@pytest.mark.parametrize("seed", range(4))
def test_a_second_opinion_agrees_and_the_prices_cover_all_circles(seed: int) -> None:
    problem = company(seed, mentees={"from": 2, "to": 3})
    circles = form_circles(problem)
    found = verify_circles(problem, circles)
    assert found.objective == circles.objective <= found.bound
    assert found.prices_checked
    assert len(circles.groups) + len(circles.unplaced) == 18


def test_the_order_of_rows_changes_nothing() -> None:
    problem = company(1)
    source = problem.source
    people, applications = source.people, source.applications  # type: ignore[union-attr]
    shuffled = Problem.from_tables(
        people.sample(frac=1, random_state=1), applications.sample(frac=1, random_state=2),
        source.params,  # type: ignore[union-attr]
    )  # fmt: skip
    one, other = form_circles(problem), form_circles(shuffled)
    pd.testing.assert_frame_equal(one.groups, other.groups)
    pd.testing.assert_frame_equal(one.circles, other.circles)
    assert one.bound_units == other.bound_units


def test_every_member_is_told_whom_they_fit_best() -> None:
    problem = problem_of(*TRIO)
    circles = form_circles(problem)
    told = explain_circles(problem, circles).set_index("person_id")
    assert told["best_partner"].to_dict() == {"a": "x", "x": "a", "y": "a"}
    assert told["best_score"].to_dict() == {"a": 1.0, "x": 1.0, "y": 0.5}
    assert told.loc["a", "mean_score"] == 0.75
    assert told["value_share"].sum() == circles.circles["pairs_value"].sum()
    assert len(explain_circles(problem, form_circles(problem, CircleDesign(most=0)))) == 0


def test_why_people_are_in_no_circle() -> None:
    rows = (*TRIO, junior("b", grade=5, skills_offered=("r",)), senior("z", grade=6))
    told = form_circles(problem_of(*rows)).unplaced.set_index("person_id")
    assert told.loc["b", "code"] == "too_few_partners"
    assert told.loc["b", "reason"] == "1 eligible mentee, and a circle has at least 2."
    assert set(told["code"]) == {"too_few_partners", "no_circle_left"}


HALVES = {
    "waves": ({"name": "Autumn", "weeks": 6}, {"name": "Spring", "start": "2026-03-02"}),
}


@pytest.mark.parametrize("named_only", [("autumn",), ("Spring",)])
def test_nobody_meets_in_a_circle_outside_their_waves(named_only: tuple[str, ...]) -> None:
    limits = {"limits": {"waves": ({"name": "Autumn"}, {"name": "Spring"})}}
    rows = (
        *(row | {"waves": ("Autumn", "Spring")} for row in TRIO),
        senior("z", skills_wanted=("r",), waves=named_only),
        junior("b", skills_offered=("r",), waves=named_only),
    )
    problem = problem_of(*rows, design=HALVES, matching=limits)
    circles = form_circles(problem)
    verify_circles(problem, circles)
    assert members(circles) == [{"a", "x", "y"}]
    told = circles.unplaced.set_index("person_id")
    assert set(told.index) == {"b", "z"}
    assert set(told["code"]) == {"not_all_waves"}
    assert "circles meet all through" in told.loc["z", "reason"]
    anytime = problem_of(*rows, matching=limits)
    open_to_all = form_circles(anytime)
    verify_circles(anytime, open_to_all)
    assert "not_all_waves" not in set(open_to_all.unplaced["code"]), "waves without dates last"
    with pytest.raises(VerificationError):
        verify_circles(problem, open_to_all)


def test_a_time_limit_that_is_nothing_still_gives_a_sound_bound() -> None:
    problem = company(3, people=60)
    hurried, whole = form_circles(problem, time_limit=1e-9), form_circles(company(3))
    assert hurried.status == "none"
    assert np.isnan(hurried.gap)
    assert hurried.bound >= whole.objective
    verify_circles(problem, hurried)


def broken_by(problem: Problem) -> dict[str, Callable[[Circles], Circles]]:
    """Results spoilt in one way each."""

    def table(name: str, column: str, change: Any) -> Callable[[Circles], Circles]:
        def spoil(circles: Circles) -> Circles:
            frame = getattr(circles, name).copy()
            frame[column] = frame[column].astype(object)
            frame.loc[0, column] = change(frame.loc[0, column])
            return dataclasses.replace(circles, **{name: frame})

        return spoil

    def also(circles: Circles) -> Circles:
        last = circles.groups.iloc[[-1]]
        return dataclasses.replace(circles, groups=pd.concat([circles.groups, last]))

    def cheap(circles: Circles) -> Circles:
        prices = dataclasses.replace(circles.prices, mentor=circles.prices.mentor * 0, circle=0,
                                     mentee=circles.prices.mentee * 0)  # fmt: skip
        return dataclasses.replace(circles, prices=prices)

    def negative(circles: Circles) -> Circles:
        price = circles.prices.mentor.copy()
        price.iloc[0] -= 10**9
        return dataclasses.replace(
            circles, prices=dataclasses.replace(circles.prices, mentor=price)
        )

    def change(**values: Any) -> Callable[[Circles], Circles]:
        return lambda circles: dataclasses.replace(circles, **values)

    return {
        "another topic": table("circles", "topic", lambda topic: f"not {topic}"),
        "no topic": table("circles", "topic", lambda _: None),
        "a stranger": table("groups", "person_id", lambda _: "nobody"),
        "a wrong side": table("groups", "side", lambda _: "mentee"),
        "a wrong circle": table("groups", "circle", lambda _: 99),
        "a member too many": also,
        "an untrue fit": table("groups", "has_topic", lambda has: not has),
        "a wrong number": table("circles", "circle", lambda _: 7),
        "one unplaced too few": lambda c: dataclasses.replace(c, unplaced=c.unplaced.iloc[1:]),
        "a low bound": lambda c: dataclasses.replace(
            c, bound_units=c.objective_units - 1, bound=(c.objective_units - 1) / 10**6
        ),
        "a high objective": lambda c: dataclasses.replace(
            c, objective_units=c.objective_units + 1, bound_units=c.bound_units + 1
        ),
        "no proof": change(status="feasible"),
        "seats": change(seats=1),
        "seats without need": change(seats_bound=10**6),
        "cheap prices": cheap,
        "a negative price": negative,
    } | {
        f"a wrong {column}": table("circles", column, lambda value: value + 1)
        for column in ("mentors", "mentees", "coverage", "offering", "departments", "sites",
                       "generations", "mix", "pairs_value", "topic_value", "mix_value", "value")
    }  # fmt: skip


def test_each_corruption_is_found() -> None:
    problem = company(1)
    circles = form_circles(problem)
    verify_circles(problem, circles)
    assert len(circles.unplaced)
    for spoil in broken_by(problem).values():
        with pytest.raises(VerificationError):
            verify_circles(problem, spoil(circles))


def test_circles_that_break_rules_are_found() -> None:
    free = company(1, rules={"reporting_line": False, "vetoes": False})
    circles = form_circles(free)
    verify_circles(free, circles)
    with pytest.raises(VerificationError, match=r"break reporting_line|break vetoes|may not meet"):
        verify_circles(company(1), circles)
    wide = company(1, per_person={"mentor": 3})
    with pytest.raises(VerificationError, match="can be in 1"):
        verify_circles(company(1), form_circles(wide))
    with pytest.raises(VerificationError, match="at most 1 may be"):
        verify_circles(company(1, most=1), form_circles(company(1)))
    with pytest.raises(VerificationError, match=r"has [124] mentees"):
        verify_circles(company(1, mentees={"from": 3, "to": 3}), form_circles(company(1)))


def test_members_of_a_circle_never_clash() -> None:
    problem = company(5, people=24)
    circles = form_circles(problem)
    people = problem.source.people.set_index("person_id")["manager_id"]  # type: ignore[union-attr]
    for group in members(circles):
        for a, b in itertools.permutations(group, 2):
            chain, step = [], people[a]
            while isinstance(step, str):
                chain.append(step)
                step = people[step]
            assert b not in chain


def test_given_scores_have_no_topics() -> None:
    with pytest.raises(InputError, match=r"Problem\.from_tables"):
        form_circles(Problem.from_scores([[0.5]]))


@pytest.mark.parametrize(
    ("circles", "message"),
    [
        ({"mentors": {"from": 3, "to": 2}}, "below 3"),
        ({"least_wanting": 5}, "cannot want its topic"),
        ({"weights": {"generation": 0.1}}, "no reason is written"),
        ({"mentors": {"from": 0, "to": 2}}, "greater than or equal to 1"),
    ],
)
def test_designs_that_cannot_be_meant(circles: dict[str, Any], message: str) -> None:
    values = params().model_dump(by_alias=True)
    values["matching"]["criteria"]["generation"]["reason"] = ""
    with pytest.raises(pydantic.ValidationError, match=message):
        Params.model_validate(values | {"circles": circles})
