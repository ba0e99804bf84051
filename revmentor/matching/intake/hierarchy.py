"""Who stands in whose reporting line, at any depth?"""

from __future__ import annotations

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import IntArray


def line_spans(manager: IntArray) -> tuple[IntArray, IntArray]:
    """Number everybody so that a reporting line becomes an interval.

    Parameters
    ----------
    manager : array of int
        Each person's manager, by place; -1 stands at the top.

    Returns
    -------
    (first, last) : arrays of int, by person
        B reports to A, directly or not, exactly when ``first[A] < first[B] <= last[A]``:
        a walk of the tree in depth-first order.

    Raises
    ------
    InputError
        When somebody reports to themselves by way of others.

    >>> first, last = line_spans(np.array([-1, 0, 1, 0]))
    >>> first.tolist(), last.tolist()
    ([0, 1, 2, 3], [3, 2, 2, 3])
    """
    people = len(manager)
    order = np.argsort(manager, kind="stable")
    reports = np.searchsorted(manager[order], np.arange(people + 1)).tolist()
    by_manager, walk = order.tolist(), order[manager[order] < 0][::-1].tolist()
    number, visited = [people] * people, list[int]()
    while walk:
        person = walk.pop()
        number[person] = len(visited)
        visited.append(person)
        walk += by_manager[reports[person] : reports[person + 1]][::-1]
    if len(visited) < people:
        raise InputError(
            Fault(
                "reporting loop",
                f"{people - len(visited)} people report to themselves by way of others",
                "correct their managers, so that every line ends at somebody without a manager",
                "people",
                None,
                "manager_id",
            )
        )
    under, above = [1] * people, manager.tolist()
    for person in reversed(visited):
        if above[person] >= 0:
            under[above[person]] += under[person]
    first = np.array(number, np.int64)
    return first, first + np.array(under, np.int64) - 1
