"""Who stands in whose reporting line, at any depth?"""

from __future__ import annotations

from collections.abc import Mapping

from revmentor.errors import Fault, InputError


def line_spans(manager_of: Mapping[str, str | None]) -> dict[str, tuple[int, int]]:
    """Number everybody so that a reporting line becomes an interval.

    Parameters
    ----------
    manager_of : mapping of person to manager
        None, or somebody who is not a person of the mapping, stands at the top.

    Returns
    -------
    dict of person to (first, last)
        B reports to A, directly or not, exactly when ``first(A) < first(B) <= last(A)``:
        a walk of the tree in depth-first order.

    Raises
    ------
    InputError
        When somebody reports to themselves by way of others.

    >>> spans = line_spans({"ceo": None, "vp": "ceo", "dev": "vp", "cfo": "ceo"})
    >>> spans["vp"][0] < spans["dev"][0] <= spans["vp"][1] < spans["cfo"][0] <= spans["ceo"][1]
    True
    """
    reports: dict[str, list[str]] = {person: [] for person in manager_of}
    tops = []
    for person, manager in manager_of.items():
        if manager is None or manager not in reports:
            tops.append(person)
        else:
            reports[manager].append(person)
    first: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for top in tops:
        walk = [(top, False)]
        while walk:
            person, left = walk.pop()
            if left:
                spans[person] = (first[person], len(first) - 1)
            else:
                first[person] = len(first)
                walk.append((person, True))
                walk += [(report, False) for report in reversed(reports[person])]
    if len(spans) < len(manager_of):
        lost = len(manager_of) - len(spans)
        raise InputError(
            Fault(
                "reporting loop",
                f"{lost} people report to themselves by way of others",
                "correct their managers, so that every line ends at somebody without a manager",
                "people",
                None,
                "manager_id",
            )
        )
    return spans
