"""Who reports to whom: one tree, department by department."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.data.demo import words
from revmentor.data.demo.draws import Bools, Draws, Floats, Ints

SMALLEST_SPAN, LARGEST_SPAN = 4, 9
_SPANS = np.array([0.30, 0.25, 0.18, 0.12, 0.09, 0.06])
_SMALLEST_DEPARTMENT = 6
_LEADS_A_TEAM = 0.88

_GRADE_UNDER = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0.36, 0.38, 0.26, 0, 0, 0],
        [0.12, 0.22, 0.28, 0.38, 0, 0],
        [0.05, 0.15, 0.30, 0.38, 0.12, 0],
    ]
)


@dataclass(frozen=True)
class Tree:
    """The reporting tree; index 0 is the head of the company.

    Attributes
    ----------
    boss : int array
        Index of everybody's manager, always smaller than one's own; -1 for the head.
    department : int array
        Index into `words.DEPARTMENTS`.
    grade : int array
        Index into `words.GRADES`; nobody's manager is of a lower grade, and who leads nobody has
        a manager of a higher grade.
    leads : bool array
        Does anybody report to this person?
    """

    boss: Ints
    department: Ints
    grade: Ints
    leads: Bools


def department_sizes(people: int) -> list[int]:
    """How many people has each department, so that the sum is the company without its head?

    Departments that would be too small for a head and a team are left out.

    >>> department_sizes(40)
    [14, 11, 8, 6]
    """
    shares = [department.share for department in words.DEPARTMENTS]
    kept = max(4, sum(share * people >= _SMALLEST_DEPARTMENT for share in shares))
    ends = np.rint(np.cumsum(shares[:kept]) / sum(shares[:kept]) * (people - 1)).astype(int)
    return [int(size) for size in np.diff(ends, prepend=0)]


def _absorb(spans: Ints, over: int) -> Ints:
    """Spans that take 1 to 3 people more, or that leave 4 over where there is no room."""
    spans = spans.copy()
    room = np.flatnonzero(spans < LARGEST_SPAN)
    if (LARGEST_SPAN - spans[room]).sum() >= over:
        while over:
            lead = room[np.argmin(spans[room])]
            spans[lead] += 1
            over -= 1
    else:
        for _ in range(SMALLEST_SPAN - over):
            spans[np.argmax(spans)] -= 1
    return spans


def _fitted(spans: Ints, left: int) -> Ints:
    """Spans such that they take all who are left, or leave enough for another team."""
    ends = np.cumsum(spans)
    if ends[-1] >= left:
        last = int(np.searchsorted(ends, left))
        over = left - (int(ends[last - 1]) if last else 0)
        spans = spans[: last + 1].copy()
        spans[last] = over
        if over >= SMALLEST_SPAN or last == 0:
            return spans
        taken = _absorb(spans[:last], over)
        if taken.sum() == left:
            return taken
        return np.append(taken, SMALLEST_SPAN)
    over = left - int(ends[-1])
    return _absorb(spans, over) if over < SMALLEST_SPAN else spans


def _branch(draws: Draws, size: int) -> Ints:
    """Managers within one department of this size, level by level; 0 is its head."""
    boss = np.full(size, -1, dtype=np.int64)
    front = np.array([0], dtype=np.int64)
    placed = 1
    while placed < size:
        leads = front[draws.chance(_LEADS_A_TEAM, len(front))] if len(front) > 1 else front
        leads = leads if len(leads) else front[:1]
        spans = _fitted(SMALLEST_SPAN + draws.pick(_SPANS, len(leads)), size - placed)
        added = int(spans.sum())
        boss[placed : placed + added] = np.repeat(leads[: len(spans)], spans)
        front = np.arange(placed, placed + added)
        placed += added
    return boss


def levels_above(boss: Ints) -> Ints:
    """Everybody's managers, nearest first; one row per person, padded with -1."""
    columns = [boss]
    while (columns[-1] >= 0).any():
        above = columns[-1]
        columns.append(np.where(above >= 0, boss[above], -1))
    return np.stack(columns[:-1] or columns, axis=1)


def _height(boss: Ints) -> Ints:
    """How many levels stand below everybody."""
    height = np.zeros(len(boss), dtype=np.int64)
    above = levels_above(boss)
    for step in range(above.shape[1]):
        met = above[:, step]
        height[met[met >= 0]] = np.maximum(height[met[met >= 0]], step + 1)
    return height


def grow(draws: Draws, people: int) -> Tree:
    """What does the reporting tree of a company of this size look like?"""
    sizes = department_sizes(people)
    boss = np.full(people, -1, dtype=np.int64)
    department = np.ones(people, dtype=np.int64)
    begin = 1
    for index, size in enumerate(sizes):
        branch = _branch(draws, size)
        boss[begin : begin + size] = np.where(branch >= 0, branch + begin, 0)
        department[begin : begin + size] = index
        begin += size

    height = _height(boss)
    level = (levels_above(boss) >= 0).sum(axis=1)
    grade = np.select(
        [
            (height > 0) & (level <= 1),
            (height >= 4) & (level == 2),
            height >= 2,
            (height == 1) & (level == 2) & (height[boss] >= 3),
            height == 1,
        ],
        [words.EXECUTIVE, words.EXECUTIVE, words.DIRECTOR, words.DIRECTOR, words.MANAGER],
        default=-1,
    ).astype(np.int64)
    alone = np.flatnonzero(grade < 0)
    weights: Floats = _GRADE_UNDER
    grade[alone] = draws.pick_by_row(weights, grade[boss[alone]])
    return Tree(boss, department, grade, height > 0)
