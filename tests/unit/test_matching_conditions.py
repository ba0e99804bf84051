"""Conditions, waves and priorities: what they mean, how params ask for them, what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from condition_cases import solved
from matching_cases import junior, named, params, senior, tables

from revmentor.errors import InputError
from revmentor.matching import Problem
from revmentor.matching.arrays import PairTable
from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.conditions import Condition, PairKind, Waves
from revmentor.matching.constrained.bound import GroupTables, Multipliers, constant
from revmentor.matching.constrained.running import fits, flow, place_pairs
from revmentor.matching.constrained.solve import find_conflict
from revmentor.matching.constrained.task import Task
from revmentor.matching.market import opened
from revmentor.matching.scores import MatrixScores
from revmentor.matching.worth import Market
from revmentor.params.limits import Limits

MENTORS = [
    junior("a", department="Sales", site="X", gender="f"),
    junior("b", department="Law", site="X", gender="m"),
    junior("c", department="Sales", site=None, gender="f"),
]
MENTEES = [
    senior("p", department="Sales", site="X", gender="m"),
    senior("q", department="Law", site="Y", gender="f"),
    senior("r", department="Law", site="Y", gender="f"),
]
DIFFERENT = {"department": 1.0}


def pool(limits: dict[str, Any], **more: Any) -> Problem:
    """The pool above; rows may have more columns, decisions may come along."""
    changes = {who: more.pop(who) for who in "abcpqr" if who in more}
    decisions = more.pop("decisions", None)
    rows = [{**row, **changes.get(row["person_id"], {})} for row in (*MENTORS, *MENTEES)]
    people, applications = tables(*rows)
    people["gender"] = [row["gender"] for row in rows]
    for column in ("waves", "waited"):
        applications[column] = [row.get(column, () if column == "waves" else 0) for row in rows]
    asked = Limits.model_validate(limits)
    return Problem.from_tables(
        people,
        applications,
        params(more.pop("weights", DIFFERENT), limits=asked.model_dump(), **more),
        decisions=decisions,
    )


def counts(condition: Condition, problem: Problem) -> set[tuple[object, object]]:
    """Pairs with the largest coefficient: those that a condition counts."""
    i, j = np.indices((len(problem.mentors), len(problem.mentees)))
    each = condition.at(i, j)
    found = zip(*np.nonzero(each == each.max()), strict=True)
    return {(problem.mentors.ids[a], problem.mentees.ids[b]) for a, b in found}


class TestConditions:
    def test_a_share_is_counted_in_whole_numbers(self) -> None:
        condition = PairKind.every(1, 1).share("s", "", at_least=0.35)[0]
        assert (condition.coefficient.tolist(), condition.lower, condition.upper) == (
            [[13]],
            0,
            None,
        )
        assert condition.per_pair == 20

    @pytest.mark.parametrize(("share", "of", "fine"), [(2 / 3, 3, 2), (0.5, 7, 4), (1.0, 4, 4)])
    def test_a_smallest_share_is_met_exactly(self, share: float, of: int, fine: int) -> None:
        kind = PairKind.having(np.arange(of) < fine, np.zeros(of, bool), "mentor")
        i = np.arange(of)
        enough = kind.share("s", "", at_least=share)[0]
        assert enough.holds(enough.total(i, i))
        fewer = i[1:]
        assert enough.missed(enough.total(fewer, fewer)) == (
            0 if share <= (fine - 1) / (of - 1) else 1
        )

    def test_no_pairs_meet_every_share(self) -> None:
        low, high = PairKind.every(2, 2).share("s", "", at_least=0.9, at_most=0.95)
        assert low.holds(0)
        assert high.holds(0)
        assert {low.name, high.name} == {"s:at_least", "s:at_most"}

    def test_pairs_made_already_are_taken_off_both_bounds(self) -> None:
        condition = PairKind.every(3, 3).number("n", "", at_least=2, at_most=3).after(2)
        assert (condition.lower, condition.upper) == (0, 1)

    @pytest.mark.parametrize(
        ("condition", "words"),
        [
            (PairKind.every(1, 1).number("n", "", at_least=1), "at least 1 pair"),
            (
                PairKind.every(1, 1).share("s", "that join two different sites", at_least=0.125)[0],
                "at least 12.5% of the pairs that join two different sites",
            ),
        ],
    )
    def test_words(self, condition: Condition, words: str) -> None:
        assert condition.said("lower") == words

    def test_somebody_unknown_joins_nothing(self) -> None:
        problem = pool({"shares": {"site": {"at_least": 0.5}}})
        assert counts(problem.conditions[0], problem) == {(a, b) for a in "ab" for b in "qr"}


class TestLimits:
    @pytest.mark.parametrize(
        ("side", "expected"),
        [
            ("mentor", {(a, b) for a in "ac" for b in "pqr"}),
            ("mentee", {(a, "p") for a in "abc"}),
            ("both", {("a", "p"), ("c", "p")}),
            ("either", {(a, b) for a in "ac" for b in "pqr"} | {("b", "p")}),
        ],
    )
    def test_quotas_count_whom_they_say(self, side: str, expected: set[object]) -> None:
        quota = {"column": "department", "value": "Sales", "side": side, "at_most": 1}
        problem = pool({"quotas": [quota]})
        assert counts(problem.conditions[0], problem) == expected

    def test_a_quota_has_a_number_and_a_share(self) -> None:
        quota = {
            "column": "gender", "value": "f", "side": "mentee", "reason": "half of all seniors",
            "at_least": 1, "share_at_least": 0.5,
        }  # fmt: skip
        said = [condition.said("lower") for condition in pool({"quotas": [quota]}).conditions]
        assert said == [
            "at least 1 pair whose mentee has gender f",
            "at least 50% of the pairs whose mentee has gender f",
        ]

    def test_a_quota_by_an_item_of_a_list(self) -> None:
        quota = {"column": "languages", "value": "de", "side": "mentor", "at_least": 1}
        problem = pool({"quotas": [quota]}, a={"languages": ("en", "de")})
        assert counts(problem.conditions[0], problem) == {("a", b) for b in "pqr"}

    @pytest.mark.parametrize(
        ("column", "value", "told"),
        [
            ("departmnt", "Sales", "limits.quotas[#1].column, value 'departmnt'"),
            ("department", "Sale", "write Sales, if that is what you mean"),
        ],
    )
    def test_a_quota_by_nothing_there_is_refused(self, column: str, value: str, told: str) -> None:
        with pytest.raises(InputError, match="To fix: ") as caught:
            pool({"quotas": [{"column": column, "value": value, "at_least": 1}]})
        assert told in str(caught.value)

    def test_priority_is_added_to_worth_and_not_to_the_score(self) -> None:
        problem = pool({}, b={"waited": 2}, q={"waited": 1}, priority={"waited": 0.25})
        market = opened(problem).market
        i, j = np.array([1]), np.array([1])
        assert int(problem.scores.units(i, j)[0]) == 0
        assert int(market.worth(np.array([0]), np.array([1]))[0]) == 1_250_000
        assert int(market.worth(np.array([1]), np.array([0]))[0]) == 1_500_000

    def test_priority_decides_who_gets_the_only_place(self) -> None:
        rows = {"b": {"capacity": 0}, "c": {"capacity": 0}}
        found = solved(pool({}, q={"waited": 1}, priority={"waited": 0.001}, **rows))
        assert found is not None
        assert found.plan is not None
        assert found.plan.mentee.tolist() == [1]
        assert found.objective == 1_001_000

    def test_most_pairs_first(self) -> None:
        """One pair of 9 is worth more than two of 1, but two are more."""
        problem = Problem.from_scores([[1, 9], [0, 1]])
        total, most = solved(problem), solved(problem.under(objective="participation"))
        assert total is not None
        assert most is not None
        assert (total.objective, most.objective) == (9, 2)
        assert most.proven


class TestLocks:
    def test_a_locked_pair_is_kept_whatever_the_rules_say(self) -> None:
        locked = named(("p", "q"), ("a", "p"), decision=["lock", "lock"])
        start = opened(pool({}, decisions=locked, p={"side": "both"}))
        assert not start.conflicts
        assert len(start.made) == 2

    def test_a_required_pair_is_not(self) -> None:
        required = named(("p", "q"), decision="require")
        assert opened(pool({}, decisions=required, p={"side": "both"})).conflicts

    def test_a_locked_pair_counts_in_conditions_and_waves(self) -> None:
        locked = named(("a", "q"), decision="lock")
        problem = pool(
            {"pairs": {"at_most": 2}, "waves": [{"name": "one", "at_most": 2}]}, decisions=locked
        )
        found = solved(problem)
        assert found is not None
        assert found.plan is not None
        assert len(found.plan) == 1
        assert found.waves.tolist() == [0, 0]


class TestWaves:
    LIMITS = {"waves": [{"name": "Spring", "at_most": 1}, {"name": "Autumn", "at_most": 1}]}  # noqa: RUF012

    def test_without_a_common_wave_a_pair_is_not_eligible(self) -> None:
        problem = pool(self.LIMITS, a={"waves": ("spring",)}, q={"waves": ("Autumn",)})
        i, j = np.array([0]), np.array([1])
        assert problem.scores.units(i, j).tolist() == [-1]
        rule = int(problem.scores.first_broken(i, j)[0])
        assert problem.scores.rules()[rule] == "common_wave"

    def test_who_names_no_wave_is_free_in_all(self) -> None:
        waves = pool(self.LIMITS, a={"waves": ("Spring",)}).waves
        assert waves is not None
        assert waves.mentor.tolist() == [[True, False], [True, True], [True, True]]

    def test_waves_hold_so_many_pairs(self) -> None:
        found = solved(pool(self.LIMITS))
        assert found is not None
        assert found.plan is not None
        assert sorted(found.waves.tolist()) == [0, 1]

    def test_given_scores_can_have_waves(self) -> None:
        waves = Waves(("w",), (1,), np.array([[True], [False]]), np.array([[True]]))
        problem = Problem.from_scores([[5], [7]]).under(waves=waves)
        assert problem.scores.rules() == ("eligible", "common_wave")
        assert problem.scores.first_broken(np.arange(2), np.zeros(2, int)).tolist() == [-1, 1]
        assert problem.scores.plain(np.arange(2), np.zeros(2, int)).tolist() == [5, 7]

    def test_flow_moves_pairs_out_of_the_way(self) -> None:
        """Those that can run anywhere make room for those that cannot."""
        running = flow({0b11: 2, 0b01: 1, 0b110: 1}, (1, 2, 1))
        assert sum(running.values()) == 4
        assert running[0b01, 0] == 1
        assert not fits({0b1: 2}, (1,))

    def test_waves_without_limit_come_first(self) -> None:
        assert place_pairs(np.array([0b111, 0b001, 0b011]), (1, None, None)).tolist() == [1, 0, 1]

    @pytest.mark.parametrize(("names", "limits"), [((), ()), (("a", "b"), (1,))])
    def test_waves_that_do_not_fit_each_other(
        self, names: tuple[str, ...], limits: tuple[int, ...]
    ) -> None:
        free = np.ones((1, len(names)), bool)
        with pytest.raises(InputError, match="1 to 12 names"):
            Waves(names, limits, free, free)


class TestUnder:
    PROBLEM = Problem.from_scores([[5, 9], [8, 7]])

    def test_what_does_not_fit_is_all_told_at_once(self) -> None:
        three = PairKind.every(3, 2).number("n", "", at_most=1)
        odd = Condition("n", "", np.array([0, 7]), np.array([0, 0]), np.array([[1]]), 0, None)
        with pytest.raises(InputError) as caught:
            self.PROBLEM.under(three, odd, mentor_priority=[1.0], mentee_priority=[0.0, -1.0])
        assert sorted(fault.kind for fault in caught.value.faults) == [
            "bad priority", "bad priority", "condition twice", "no such group", "wrong length",
        ]  # fmt: skip

    def test_waves_of_a_cycle_stand_in_its_params(self) -> None:
        waves = Waves(("w",), (1,), np.ones((3, 1), bool), np.ones((3, 1), bool))
        with pytest.raises(InputError, match=r"matching\.limits\.waves"):
            pool({}).under(waves=waves)

    def test_waves_of_other_people(self) -> None:
        waves = Waves(("w",), (1,), np.ones((3, 1), bool), np.ones((2, 1), bool))
        with pytest.raises(InputError, match="3 mentors are free"):
            self.PROBLEM.under(waves=waves)

    def test_more_is_added_to_what_there_is(self) -> None:
        one = PairKind.every(2, 2).number("one", "", at_most=1)
        two = PairKind.every(2, 2).number("two", "", at_most=1)
        problem = self.PROBLEM.under(one, require=[(0, 0)]).under(two, lock=[(0, 0), (1, 1)])
        assert [condition.name for condition in problem.conditions] == ["one", "two"]
        assert [pin.kind for pin in problem.pins] == ["lock", "lock"]
        assert not self.PROBLEM.conditions


class TestBound:
    def test_joint_groups_are_rounded_up_once(self) -> None:
        """Two shares of a third: together their units are the sum, rounded up, not twice."""
        kind = PairKind.having([True, False], [False, False], "mentor")
        conditions = tuple(
            condition for name in ("x", "y") for condition in kind.share(name, "", at_least=0.3333)
        )
        market = Market(MatrixScores(np.ones((2, 2), np.int64)), np.ones(2, int), np.ones(2, int))
        task = Task(market, conditions)
        at = Multipliers(np.array([1, 1]), np.empty(0, np.int64))
        (groups,) = GroupTables(task).units(at)
        assert groups.at(np.array([0, 1]), np.array([0, 0])).tolist() == [2, 0]
        assert constant(task, at) == 0

    def test_a_bound_of_made_pairs_counts_them(self) -> None:
        few = PairKind.every(2, 2).number("n", "", at_most=1)
        made = Columns(np.array([0]), np.array([0]), np.array([5]))
        market = Market(
            MatrixScores(np.full((2, 2), 5)), np.array([0, 1]), np.array([0, 1]),
            closed=PairTable.of({(0, 0): 1.0}, 2),
        )  # fmt: skip
        task = Task(market, (few,), None, made)
        assert task.left[0].upper == 0
        assert task.broken(Columns(np.array([1]), np.array([1]), np.array([5]))) == ("n",)
        assert constant(task, Multipliers(np.array([-3]), np.empty(0, np.int64))) == 0


class TestConflicts:
    def test_a_share_that_pins_cannot_meet(self) -> None:
        """Both required pairs are within Sales, and half of all must join two departments."""
        rows = {"q": {"department": "Sales"}, "b": {"capacity": 0}, "r": {"capacity": 0}}
        problem = pool(
            {"shares": {"department": {"at_least": 0.5}}, "pairs": {"at_most": 2}},
            decisions=named(("a", "p"), ("c", "q"), decision="require"),
            weights={"site": 1.0}, missing="zero", **rows,
        )  # fmt: skip
        conflict = find_conflict(problem, Clock.start(None))
        assert conflict.smallest
        assert conflict.relaxation is not None
        assert conflict.relaxation.size == 1
        first, second, _ = conflict.sentences(problem.per_point)
        assert first.startswith("These cannot hold together: required pair a (mentor) with p")
        assert "at least 50% of the pairs that join two different departments" in first
        assert second.startswith("The least that repairs it: ")

    def test_too_few_people_for_so_many_pairs(self) -> None:
        problem = pool({"pairs": {"at_least": 4}})
        conflict = find_conflict(problem, Clock.start(None))
        named_items = {item.name for item in conflict.items}
        assert "condition:pairs:lower" in named_items
        assert conflict.relaxation is not None
        assert {change.said for change in conflict.relaxation.changes} & {
            "ask for 1 pair less than 'at least 4 pairs'",
        } or conflict.relaxation.size == 1

    def test_a_pair_with_somebody_outside_the_pool(self) -> None:
        problem = pool({}, decisions=named(("a", "nobody"), decision="lock"))
        conflict = find_conflict(problem, Clock.start(None))
        assert [item.name for item in conflict.items] == ["pin:a:nobody"]
        assert "nobody is not in the pool as a mentee" in conflict.sentences(1)[0]

    def test_nothing_to_repair(self) -> None:
        conflict = find_conflict(pool({}), Clock.start(None))
        assert conflict.items == ()
        assert conflict.relaxation is not None
        assert conflict.relaxation.changes == ()
