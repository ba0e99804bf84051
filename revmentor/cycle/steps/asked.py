"""What was asked of the match, in words: the objective, the limits, and what cannot hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from revmentor import words
from revmentor.cycle import trail
from revmentor.cycle.pins import LOCK, taken_back
from revmentor.disclosure import EVERY_NUMBER, DisclosedCounts, disclose_counts
from revmentor.errors import NoFeasibleMatching
from revmentor.matching import Matching, Problem
from revmentor.matching.conditions import Bound, Condition
from revmentor.matching.constrained.conflict import Item, Relaxation, pin_name
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


def limits_shown(problem: Problem, matching: Matching) -> object:
    """Every limit on the whole match, and how many pairs it counts; None without any.

    For the coordinator: no number is hidden.
    """
    found = limits_met(problem, matching, EVERY_NUMBER)
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
            if most is not None:
                limit = f"at most {words.counted(most, 'pair')} in wave {name}"
                rows[limit] = int(running.get(name, 0))
    if not rows:
        return None
    frame = pd.DataFrame(
        {"pairs of this kind": rows, "other pairs": {k: len(pairs) - n for k, n in rows.items()}}
    )
    return disclose_counts(frame, minimum, totals="rows", unit="pairs", row_name="limit")


def cannot(
    problem: Problem,
    matching: Matching,
    decided_at: Mapping[tuple[str, str, str], tuple[str, int]] = MappingProxyType({}),
) -> NoFeasibleMatching:
    """What cannot hold together, what repairs it at least, and where to change it?

    Parameters
    ----------
    problem : Problem
    matching : Matching
        Infeasible.
    decided_at : mapping
        File and row of each decision; see `revmentor.data.Tables`.
    """
    conflict = matching.conflict
    lines = ["No matching satisfies all that is asked."]
    items: Sequence[Item] = ()
    if conflict is None:
        lines += [words.sentence(reason) for reason in matching.reasons]
    else:
        # A pair has at most 100 points, as everywhere that people read.
        said = conflict.sentences(max(1, problem.per_point // 100))
        if not conflict.items:
            lines.append("Which of all that is asked conflicts was not found out in time.")
        lines += list(said)
        items = conflict.items
        found = conflict.relaxation
        if found is not None:
            items = (*items, *(change.item for change in found.changes))
            lines[-1] += f" (In points, 100 a pair at most.){_fewest(found)}"
    lines += [f"To change it: {cure}." for cure in _cures(problem, items, decided_at)]
    return NoFeasibleMatching("\n  ".join(lines))


def _fewest(found: Relaxation) -> str:
    """That there is no smaller repair, where it changes several things or one by several."""
    if not found.proven or found.size < 2:
        return ""
    return f" No repair changes fewer than {words.small(found.size)} pairs or places in all."


_WHERE = {
    "condition": "ask for less in matching.limits",
    "wave": "hold more pairs in a wave (matching.limits.waves)",
    "places": "raise a capacity (in applications, or matching.capacity)",
    "rule:minimum_score": "lower matching.minimum_score",
    "rule:vetoes": "ask whether the veto still stands, and take it out of applications if not",
    "rule:forbidden": "take back the decision that forbids the pair",
    "rule:common_wave": "let both be free in a common wave (applications.waves)",
}


def _cures(
    problem: Problem,
    items: Sequence[Item],
    decided_at: Mapping[tuple[str, str, str], tuple[str, int]],
) -> tuple[str, ...]:
    """What to do about these, or about anything that is asked where nothing is named."""
    if not items:
        return ("take back a decision, or ask for less in matching.limits",)
    pins = {pin_name(pin): pin for pin in problem.pins}
    cures = []
    for item in items:
        pin = pins.get(item.name)
        if pin is None:
            rule = (
                f"change the rule for all pairs ({item.name.replace('rule:', 'matching.rules.')})"
            )
            cures.append(_WHERE.get(item.name) or _WHERE.get(item.kind, rule))
            continue
        place = decided_at.get((str(pin.mentor_id), str(pin.mentee_id), pin.kind), ("", 0))
        lock = f"{LOCK}, or " if pin.kind == "require" else ""
        cures.append(f"the {item.about} {_stands(place)}; {lock}{taken_back(place[0])}")
    return tuple(dict.fromkeys(cures))


def _stands(place: tuple[str, int]) -> str:
    """Where a decision stands, in words."""
    file, row = place
    if not file:
        return "was decided"
    return (
        f"was decided by sheet (entry {row:,} of the trail)"
        if file == trail.FILE
        else (f"stands in {file}, row {row:,}")
    )
