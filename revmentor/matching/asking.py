"""Does what is asked of a problem fit its people?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from revmentor.errors import Fault
from revmentor.matching.conditions import Condition, Waves
from revmentor.matching.scores import NOT_ELIGIBLE, MatrixScores, Scores
from revmentor.matching.worth import GroupUnits

People = tuple[int, int]
# Priorities stay clear of the end of 64-bit integers, as scores do.
LARGEST_PRIORITY = 2**40


def condition_faults(conditions: Sequence[Condition], people: People) -> Iterator[Fault]:
    """Conditions of one name, or whose groups are not those of so many people.

    Parameters
    ----------
    people : (int, int)
        Number of mentors and of mentees.
    """
    names = [condition.name for condition in conditions]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _fault("condition twice", "two conditions have the same name",
                     "give each a name of its own", "conditions", name)  # fmt: skip
    for condition in conditions:
        sides = condition.mentor, condition.mentee
        for side, groups, many, size in zip(
            ("mentor", "mentee"), sides, people, condition.coefficient.shape, strict=True
        ):
            if len(groups) != many:
                yield _fault(
                    "wrong length",
                    f"the condition gives a group to {len(groups):,} {side}s, and the problem has "
                    f"{many:,}",
                    "give one group per person, in the order of the problem's ids",
                    f"conditions.{condition.name}.{side}",
                )
            elif len(groups) and not 0 <= int(groups.min()) <= int(groups.max()) < size:
                yield _fault(
                    "no such group",
                    f"a {side} has a group for which the condition has no coefficients",
                    f"number groups from 0 to {size - 1}, or add coefficients",
                    f"conditions.{condition.name}.{side}",
                )


def wave_faults(waves: Waves, scores: Scores, people: People) -> Iterator[Fault]:
    """Waves that do not fit so many people, or a problem whose params name its waves."""
    if not isinstance(scores, MatrixScores):
        yield _fault("waves of a cycle", "the waves of a cycle stand in its params",
                     "name them in matching.limits.waves", "waves")  # fmt: skip
    for side, free, many in zip(
        ("mentor", "mentee"), (waves.mentor, waves.mentee), people, strict=True
    ):
        if len(free) != many:
            yield _fault(
                "wrong length",
                f"waves say when {len(free):,} {side}s are free, and the problem has {many:,}",
                "give one row per person, in the order of the problem's ids",
                f"waves.{side}",
            )


def apart(scores: MatrixScores, waves: Waves) -> MatrixScores:
    """Given scores, without the pairs that have no wave in common."""
    before = scores.matrix if scores.before is None else scores.before
    return MatrixScores(np.where(waves.apart(), NOT_ELIGIBLE, before), before)


def priority_faults(values: npt.ArrayLike | None, side: str, many: int) -> Iterator[Fault]:
    """Priorities that are not one number, at least 0, per person."""
    if values is None:
        return
    array = np.asarray(values, np.float64)
    fine = array.shape == (many,) and bool(np.all((array >= 0) & (array < LARGEST_PRIORITY)))
    if not fine:
        yield _fault(
            "bad priority",
            f"priorities are one number per {side}, at least 0",
            f"give {many:,} of them, in the order of the problem's ids",
            f"{side}_priority",
        )


def priority_units(
    mentor: npt.ArrayLike | None, mentee: npt.ArrayLike | None, people: People, per_point: int
) -> tuple[GroupUnits, ...]:
    """Units that priorities add to pairs: those of both people together.

    Parameters
    ----------
    mentor, mentee : one number per person, or None
        In the unit of the scores.
    per_point : int
        Units in one of them.
    """
    sides = []
    for values, many in zip((mentor, mentee), people, strict=True):
        points = np.zeros(many) if values is None else np.asarray(values, np.float64)
        units = np.rint(points * per_point).astype(np.int64)
        sides.append(np.unique(units, return_inverse=True))
    (of_mentor, mentors), (of_mentee, mentees) = sides
    together = of_mentor[:, None] + of_mentee[None, :]
    return (GroupUnits(mentors, mentees, together),) if together.any() else ()


def _fault(kind: str, problem: str, cure: str, argument: str, value: str | None = None) -> Fault:
    return Fault(kind, problem, cure, "", None, argument, value)
