"""Tiny pools with every criterion, rule and limit of the params, and the facts of each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from everything_given import OBJECTIVES
from matching_cases import ByHand, named, random_tables
from plain_plans import MOST_FREE, Asked, Facts, Pair

from revmentor.matching import Problem
from revmentor.params import Params
from revmentor.params.limits import Limits


def pool_arguments(random: np.random.Generator) -> dict[str, Any]:
    """Arguments of `from_tables`: a pool with limits, waves, priorities and decisions."""
    while True:
        case = random_tables(random)
        sides = case["applications"]["side"]
        both = (sides == "both").sum()
        if ((sides == "mentor").sum() + both) * ((sides == "mentee").sum() + both) <= 16:
            break
    applications, people = case["applications"].copy(), case["people"]
    count = int(random.integers(1, 4)) if random.random() < 0.35 else 0
    names = ["Spring", "Autumn", "Winter"][:count]
    applications["waves"] = [
        tuple(name.lower() for name in names if random.random() < 0.6)
        for _ in range(len(applications))
    ]
    applications["waited"] = random.integers(0, 3, len(applications))
    limits: dict[str, Any] = {
        "waves": [
            {"name": name, "at_most": None if random.random() < 0.3 else int(random.integers(0, 3))}
            for name in names
        ]
    }
    if random.random() < 0.4:
        limits["pairs"] = _two(random, number=True)
    if random.random() < 0.5:
        limits["shares"] = {
            column: _two(random)
            for column in ("department", "generation", "site")
            if random.random() < 0.4
        }
    limits["quotas"] = [_quota(random, people) for _ in range(int(random.integers(0, 3)))]
    chosen: Params = case["params"]
    values = chosen.model_dump(by_alias=True)
    values["matching"] |= {
        "limits": Limits.model_validate(limits).model_dump(),
        "objective": str(random.choice(OBJECTIVES)),
        "fairness_over": str(random.choice(["mentees", "mentors", "both"])),
        "priority": {"waited": float(random.choice([0.0, 0.05, 0.3]))},
    }
    ids = [*people["person_id"], "nobody"]
    decisions = [case["decisions"]]
    for kind, often in (("require", 0.35), ("lock", 0.25)):
        if random.random() < often:
            a, b = (str(x) for x in random.choice(_likely(random, case, ids), 2))
            decisions.append(named((a, b), decision=kind))
    return case | {
        "applications": applications,
        "params": Params.model_validate(values),
        "decisions": pd.concat(decisions, ignore_index=True),
    }


def _likely(random: np.random.Generator, case: dict[str, Any], ids: list[str]) -> list[str]:
    applied = list(case["applications"]["person_id"])
    return applied if applied and random.random() < 0.9 else ids


def _two(random: np.random.Generator, *, number: bool = False) -> dict[str, Any]:
    draw = random.integers(0, 4, 2) if number else random.choice([0.0, 0.25, 0.5, 0.75, 1.0], 2)
    low, high = sorted(draw.tolist())
    ends = {"at_least": low, "at_most": high}
    which = str(random.choice(["at_least", "at_most", "both"]))
    return {end: value for end, value in ends.items() if which in (end, "both")}


def _quota(random: np.random.Generator, people: pd.DataFrame) -> dict[str, Any]:
    column = str(random.choice(["department", "site", "generation", "languages"]))
    values = sorted(
        {item for cell in people[column] for item in (cell if isinstance(cell, tuple) else (cell,))
         if isinstance(item, str)}
    )  # fmt: skip
    if not values:
        column, values = "department", sorted(set(people["department"]))
    limits = _two(random, number=True) if random.random() < 0.5 else {}
    if not limits or random.random() < 0.3:
        limits |= {f"share_{end}": value for end, value in _two(random).items()}
    side = str(random.choice(["mentor", "mentee", "either", "both"]))
    return limits | {
        "column": column, "value": str(random.choice(values)), "side": side, "reason": "agreed",
    }  # fmt: skip


def pooled_problem(random: np.random.Generator) -> tuple[Problem, Facts]:
    """Up to eight people with every criterion and rule, and everything asked of them."""
    while True:
        case = pool_arguments(random)
        problem = Problem.from_tables(**case)
        facts = pooled_facts(case, problem)
        allowed = facts.fine & (facts.common > 0) & (facts.units >= max(1, facts.least))
        if np.count_nonzero(allowed) <= MOST_FREE:
            return problem, facts


def pooled_facts(case: dict[str, Any], problem: Problem) -> Facts:
    hand, params = ByHand(**case), case["params"].matching
    mentors, mentees = hand.mentors, hand.mentees
    pool = [(a, b) for a in mentors for b in mentees]
    shape = len(mentors), len(mentees)
    i, j = np.indices(shape)
    # Scores to the last unit are compared by hand elsewhere.
    units = problem.scores.plain(i.ravel(), j.ravel()).reshape(shape)
    by_hand = np.array([1e6 * hand.score(a, b) for a, b in pool]).reshape(shape)
    assert np.all(np.abs(units - by_hand) < 1)
    fine = np.array([not hand.broken(a, b) for a, b in pool], bool).reshape(shape)
    who = hand.who
    waited = [np.array([who[x]["waited"] for x in side], np.int64) for side in (mentors, mentees)]
    each = round(params.priority.waited * 10**6)
    facts = Facts(
        mentors, mentees, units, fine, each * (waited[0][:, None] + waited[1][None, :]),
        np.array([hand.places(a, "mentor") for a in mentors], np.int64),
        np.array([hand.places(b, "mentee") for b in mentees], np.int64),
        10**6, max(1, round(params.minimum_score * 10**6)),
        asked=tuple(_pooled_asked(hand, params.limits)),
        objective=params.objective, over=params.fairness_over,
    )  # fmt: skip
    pinned: dict[str, set[Pair]] = {"require": set(), "lock": set()}
    unknown = False
    for row in hand.decisions:
        if row["decision"] in pinned:
            if row["mentor_id"] in mentors and row["mentee_id"] in mentees:
                pair = mentors.index(row["mentor_id"]), mentees.index(row["mentee_id"])
                pinned[row["decision"]].add(pair)
            else:
                unknown = True
    facts = replace(
        facts, required=frozenset(pinned["require"]), locked=frozenset(pinned["lock"]),
        unknown=unknown,
    )  # fmt: skip
    if params.limits.waves:
        names = [wave.name.lower() for wave in params.limits.waves]
        free = [
            np.array([[not who[x]["waves"] or name in who[x]["waves"] for name in names]
                      for x in side], bool).reshape(len(side), len(names))
            for side in (mentors, mentees)
        ]  # fmt: skip
        limits = tuple(wave.at_most for wave in params.limits.waves)
        facts = replace(facts, waves=limits, free=(free[0], free[1]))
    return facts


def _pooled_asked(hand: ByHand, limits: Limits) -> list[Asked]:
    shape = len(hand.mentors), len(hand.mentees)
    who = hand.who

    def kind(test: Any) -> np.ndarray:
        told = [bool(test(who[a], who[b])) for a in hand.mentors for b in hand.mentees]
        return np.array(told, bool).reshape(shape)

    def ends(low: float | None, high: float | None) -> dict[str, Fraction]:
        named_ = {"at_least": low, "at_most": high}
        return {end: Fraction(value) for end, value in named_.items() if value is not None}

    found = [Asked(np.ones(shape, bool), **ends(limits.pairs.at_least, limits.pairs.at_most))]
    for column in ("department", "generation", "site"):
        asked = getattr(limits.shares, column)
        differ = kind(lambda a, b, c=column: a[c] and b[c] and a[c] != b[c])
        found.append(Asked(differ, **ends(asked.at_least, asked.at_most), share=True))
    for quota in limits.quotas:

        def has(row: dict[str, Any], q: Any = quota) -> bool:
            cell = row[q.column]
            return q.value in cell if isinstance(cell, tuple) else cell == q.value

        tests = {
            "mentor": lambda a, b, h=has: h(a),
            "mentee": lambda a, b, h=has: h(b),
            "either": lambda a, b, h=has: h(a) or h(b),
            "both": lambda a, b, h=has: h(a) and h(b),
        }
        counts = kind(tests[quota.side])
        found.append(Asked(counts, **ends(quota.at_least, quota.at_most)))
        shares = ends(quota.share_at_least, quota.share_at_most)
        found.append(Asked(counts, **shares, share=True))
    return [asked for asked in found if (asked.at_least, asked.at_most) != (None, None)]
