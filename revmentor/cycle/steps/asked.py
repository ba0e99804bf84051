"""What was asked of the match, in words: the objective, the limits, and what cannot hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revmentor import words
from revmentor.disclosure import DisclosedCounts, disclose_counts
from revmentor.errors import NoFeasibleMatching
from revmentor.matching import Matching, Problem
from revmentor.matching.conditions import Bound, Condition
from revmentor.names import SIDES
from revmentor.tables import show

AIMS = {
    "total": "the largest total of all pairs' scores",
    "participation": "as many pairs as possible first, then the largest total of their scores",
    "max_min": "the worst-off of the {over} as well off as possible, then the largest total",
    "leximin": "the worst-off of the {over} as well off as possible, then the next, and so on",
}
OVER = {"mentees": "mentees", "mentors": "mentors", "both": "mentors and mentees"}
PROVEN = {
    "total": "no other matching that obeys the rules and limits can score more",
    "participation": (
        "no other matching that obeys the rules and limits has more pairs, and none with as many "
        "scores more"
    ),
    "max_min": (
        "in no other matching that obeys the rules and limits is the worst-off person better off, "
        "and none that serves them as well scores more"
    ),
    "leximin": "no other matching that obeys the rules and limits serves the worst-off better",
}


def aim(problem: Problem) -> str:
    """What is the match for, in a sentence?"""
    what = AIMS[problem.objective].format(over=OVER[problem.over])
    first = "; those who have waited add to it" if problem.priorities else ""
    return f"What is aimed at: {what}{first}."


def is_limited(problem: Problem) -> bool:
    """Are there limits on the whole match?"""
    return bool(problem.conditions) or problem.waves is not None


def ends_of(condition: Condition) -> tuple[Bound, ...]:
    """Which bounds does a condition have?"""
    given: tuple[tuple[Bound, int | None], ...] = (
        ("lower", condition.lower), ("upper", condition.upper),
    )  # fmt: skip
    return tuple(end for end, limit in given if limit is not None)


def limit_words(problem: Problem) -> dict[str, str]:
    """What each limit on the whole match asks, by its name; `waves` for all waves together."""
    told = {
        condition.name: words.listed([condition.said(end) for end in ends_of(condition)])
        for condition in problem.conditions
    }
    waves = problem.waves
    if waves is not None:
        held = [
            f"{most:,} in wave {name}"
            for name, most in zip(waves.names, waves.at_most, strict=True)
            if most is not None
        ]
        told["waves"] = f"waves: at most {words.listed(held)} at a time" if held else "free waves"
    return told


def limits_shown(problem: Problem, matching: Matching, minimum: int) -> object:
    """Every limit on the whole match, and how many pairs it counts; None without any."""
    found = limits_met(problem, matching, minimum)
    return found and show(found, title="Every limit holds", subtitle="Number of pairs it counts")


def limits_met(problem: Problem, matching: Matching, minimum: int) -> DisclosedCounts | None:
    """How many pairs does each limit count in this match? None without limits."""
    pairs = matching.pairs
    at = [{who: k for k, who in enumerate(r.ids)} for r in (problem.mentors, problem.mentees)]
    i, j = (
        np.array([places[who] for who in pairs[f"{side}_id"]], np.int64)
        for side, places in zip(SIDES, at, strict=True)
    )
    rows = {}
    for condition in problem.conditions:
        # The kind that is counted has the larger coefficients: shares take some off all pairs.
        counted = int((condition.at(i, j) > 0).sum())
        for end in ends_of(condition):
            rows[condition.said(end)] = counted
    if problem.waves is not None:
        running = pairs["wave"].value_counts()
        for name, most in zip(problem.waves.names, problem.waves.at_most, strict=True):
            limit = (
                "any number of pairs" if most is None else f"at most {words.counted(most, 'pair')}"
            )
            rows[f"{limit} in wave {name}"] = int(running.get(name, 0))
    if not rows:
        return None
    frame = pd.DataFrame(
        {"pairs of this kind": rows, "other pairs": {k: len(pairs) - n for k, n in rows.items()}}
    )
    return disclose_counts(frame, minimum, totals="rows", unit="pairs", row_name="limit")


def cannot(problem: Problem, matching: Matching) -> NoFeasibleMatching:
    """What cannot hold together, what repairs it at least, and what that costs?"""
    conflict = matching.conflict
    lines = ["No matching satisfies all that is asked."]
    if conflict is None:
        lines += [words.sentence(reason) for reason in matching.reasons]
    else:
        # A pair has at most 100 points, as everywhere that people read.
        said = conflict.sentences(max(1, problem.per_point // 100))
        if not conflict.items:
            lines.append("Which of all that is asked conflicts was not found out in time.")
        lines += list(said)
        if conflict.relaxation is not None:
            size = words.counted(conflict.relaxation.size, "unit")
            lines[-1] += f" (In points, 100 a pair at most; the repair is {size} in all.)"
    lines.append(
        "Change a decision (table decisions) or a limit (matching.limits) accordingly, and run "
        "again."
    )
    return NoFeasibleMatching("\n  ".join(lines))
