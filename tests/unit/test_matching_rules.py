"""Does each rule leave out whom it should, and nobody else?"""

import numpy as np
import pytest
from matching_cases import junior, named, params, senior, tables

from revmentor.errors import InputError
from revmentor.matching import Problem, explain, solve, verify

SITE = {"site": 1.0}


def eligible(problem: Problem) -> set[tuple[object, object]]:
    """Pairs that all rules allow, found one at a time."""
    return {
        (a, b)
        for i, a in enumerate(problem.mentors.ids)
        for j, b in enumerate(problem.mentees.ids)
        if problem.scores.units(np.array([i]), np.array([j]))[0] >= 0
    }


def pool(*rows: dict, **more: object) -> Problem:
    tables_given = {name: more.pop(name) for name in ("decisions", "history") if name in more}
    people, applications = tables(*rows)
    return Problem.from_tables(people, applications, params(SITE, **more), **tables_given)


def test_the_mentor_is_strictly_junior() -> None:
    people = [junior("m", grade=2), *(senior(f"s{g}", grade=g) for g in range(1, 5))]
    assert eligible(pool(*people)) == {("m", "s3"), ("m", "s4")}
    assert eligible(pool(*people, rules={"minimum_grade_gap": 2})) == {("m", "s4")}


def test_the_other_direction_is_never_made() -> None:
    """Two people on both sides meet in one direction only, and nobody meets themselves."""
    both = [{"person_id": f"b{g}", "grade": g, "side": "both", "site": "X"} for g in (1, 2)]
    problem = pool(*both)
    assert eligible(problem) == {("b1", "b2")}
    assert solve(problem).pairs[["mentor_id", "mentee_id"]].to_numpy().tolist() == [["b1", "b2"]]


def test_no_reporting_line_at_any_depth_or_in_either_direction() -> None:
    chain = [{"person_id": f"c{n}", "grade": 50, "manager_id": f"c{n - 1}"} for n in range(1, 30)]
    people = [
        senior("top", grade=60),
        {"person_id": "c0", "grade": 50, "manager_id": "top"},
        *chain,
        junior("deep", manager_id="c29"),
        junior("boss", grade=1),
        senior("below", grade=55, manager_id="c31"),
        {"person_id": "c31", "grade": 9, "manager_id": "boss"},
    ]
    both = {("deep", "top"), ("boss", "top"), ("deep", "below"), ("boss", "below")}
    assert eligible(pool(*people)) == both
    on = eligible(pool(*people, rules={"reporting_line": True}))
    assert on == {("boss", "top"), ("deep", "below")}


def test_a_colleague_of_the_same_manager_but_not_of_no_manager() -> None:
    people = [
        {"person_id": "boss", "grade": 9},
        junior("m", manager_id="boss"), junior("n"),
        senior("s", manager_id="boss"), senior("t"),
    ]  # fmt: skip
    on = eligible(pool(*people, rules={"same_manager": True}))
    assert on == {("m", "t"), ("n", "s"), ("n", "t")}


def test_a_reporting_loop_is_refused() -> None:
    people = [junior("m", manager_id="n"), {"person_id": "n", "grade": 1, "manager_id": "m"}]
    with pytest.raises(InputError, match="2 people report to themselves"):
        pool(*people)


def test_history_counts_in_either_role() -> None:
    people = [junior("m"), junior("n"), senior("s"), senior("t")]
    met = named(("m", "s"), ("t", "n"), ("left", "s"))
    off = pool(*people, history=met)
    assert len(eligible(off)) == 4
    on = pool(*people, history=met, rules={"no_repeat": True})
    assert eligible(on) == {("m", "t"), ("n", "s")}


def test_vetoes_of_either_side() -> None:
    people = [junior("m", vetoes=("s",)), junior("n"), senior("s"), senior("t", vetoes=("n",))]
    assert eligible(pool(*people, rules={"vetoes": True})) == {("m", "t"), ("n", "s")}


def test_forbidden_by_a_decision_whatever_the_rules() -> None:
    people = [junior("m"), senior("s"), senior("t")]
    problem = pool(*people, decisions=named(("m", "s"), decision="forbid"))
    assert eligible(problem) == {("m", "t")}


def test_a_shared_language_must_be_shown() -> None:
    people = [
        junior("m", languages=("de", "en")), junior("n"), junior("o", languages=("fr",)),
        senior("s", languages=("en",)), senior("t"),
    ]  # fmt: skip
    problem = pool(*people, rules={"shared_language": True})
    assert eligible(problem) == {("m", "s")}
    assert any("1 mentor and 1 mentee state no language" in note for note in problem.notes)


def test_the_overlap_must_be_shown() -> None:
    people = [
        junior("m", time_zone="Europe/London"), junior("n"),
        senior("s", time_zone="Asia/Kolkata"), senior("t", time_zone="Europe/Paris"), senior("u"),
    ]  # fmt: skip
    least = pool(*people, rules={"minimum_overlap_hours": 2.5})
    assert eligible(least) == {("m", "s"), ("m", "t")}
    more = pool(*people, rules={"minimum_overlap_hours": 2.75})
    assert eligible(more) == {("m", "t")}
    assert eligible(pool(junior("m"), senior("s"), rules={"minimum_overlap_hours": 1.0})) == set()


def test_effects_of_rules_add_up_step_by_step() -> None:
    people = [
        junior("m", vetoes=("s",), site="X"), junior("n", grade=3, site="X"),
        senior("s", site="X"), senior("t", grade=2, site="Y"),
    ]  # fmt: skip
    problem = pool(*people, rules={"vetoes": True, "no_repeat": True})
    effects = explain.rule_effects(problem).set_index("rule")
    steps = {"all pairs": 4, "minimum_grade_gap": 2, "no_repeat": 2, "vetoes": 1, "forbidden": 1}
    assert effects["pairs_left"].to_dict() == steps | {"minimum_score": 0}
    assert effects["people_without"].tolist() == [0, 1, 1, 2, 2, 4]


def test_history_that_forbids_everything_is_named_with_the_rules() -> None:
    people = [junior("m", site="X"), junior("n", site="X", vetoes=("s",)), senior("s", site="X")]
    rules = {"no_repeat": True, "vetoes": True}
    problem = pool(*people, history=named(("m", "s")), rules=rules)
    found = solve(problem).unmatched.set_index("person_id")
    assert found.loc["s", "code"] == "no_eligible_partner"
    assert found.loc["s", "reason"] == (
        "No eligible partner among 2 mentors: rule 'have not met in an earlier cycle' leaves out "
        "1, rule 'nobody has vetoed the other' leaves out 1."
    )
    alone = explain.without_partner(problem).set_index("person_id")
    assert alone.loc["s", ["partners", "no_repeat", "vetoes"]].tolist() == [2, 1, 1]
    verify(problem, solve(problem))


def test_people_who_cannot_be_placed_are_all_named() -> None:
    people, applications = tables(junior("m"), senior("s", grade=None), senior("t"))
    applications.loc[2, "side"] = "friend"
    people = people[people["person_id"] != "m"]
    with pytest.raises(InputError) as caught:
        Problem.from_tables(people, applications, params())
    assert {fault.kind for fault in caught.value.faults} == {
        "unknown person", "no grade", "unknown side",
    }  # fmt: skip


def test_twice_in_a_table_is_refused() -> None:
    people, applications = tables(junior("m"), junior("m"), senior("s"))
    with pytest.raises(InputError, match="more than one row"):
        Problem.from_tables(people, applications, params())
