"""Are the arrays that somebody gave fit to be a matching problem?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from revmentor.errors import Fault
from revmentor.matching.arrays import IntArray
from revmentor.matching.scores import MILLION, NOT_ELIGIBLE

# Sums of all places times the largest score stay clear of the end of 64-bit integers, and single
# scores leave room for prices and for the bits of the lottery.
LARGEST_UNITS = 2**51
LARGEST_TOTAL = 2**62


def fault(kind: str, problem: str, cure: str, argument: str, value: object = None) -> Fault:
    """A fault of an argument of `Problem.from_scores`."""
    return Fault(kind, problem, cure, "", None, argument, None if value is None else str(value))


def read_scores(
    scores: npt.ArrayLike, eligible: npt.ArrayLike | None, faults: list[Fault]
) -> tuple[IntArray, int]:
    """Scores in whole units by mentee and mentor, -1 where not eligible; and units per point."""
    empty = np.zeros((0, 0), np.int64)
    array = np.asarray(scores)
    if array.shape == (0,):
        array = empty
    if array.dtype.kind not in "biuf":
        faults.append(
            fault("not numbers", f"scores are of type {array.dtype}", "give numbers", "scores")
        )
        return empty, MILLION
    if array.ndim != 2:
        shape = "x".join(map(str, array.shape)) or "a single number"
        faults.append(
            fault("wrong shape", "scores must have one row per mentor and one column per mentee",
                  "give a table with two dimensions", "scores", shape)
        )  # fmt: skip
        return empty, MILLION
    per_point = MILLION if array.dtype.kind == "f" else 1
    bad = ~np.isfinite(array)
    if bad.any():
        faults.append(_first("not a number", "scores must be finite numbers", array, bad))
    elif (array < 0).any():
        faults.append(_first("negative score", "scores must be at least 0", array, array < 0))
    elif array.size and float(array.max()) * per_point > LARGEST_UNITS:
        faults.append(
            fault("score too large", f"scores above {LARGEST_UNITS / per_point:g} cannot be kept "
                  "exactly", "divide all scores by the same number", "scores", array.max())
        )  # fmt: skip
    else:
        wide = array.astype(np.float64) if per_point == MILLION else array.astype(np.int64)
        units = np.rint(wide * per_point).astype(np.int64) if per_point > 1 else wide
        allowed = _read_eligible(eligible, array.shape, faults)
        if allowed is not None:
            units = np.where(allowed, units, NOT_ELIGIBLE)
        return np.ascontiguousarray(units.T), per_point
    return np.zeros(array.shape[::-1], np.int64), per_point


def _first(
    kind: str, problem: str, array: npt.NDArray[np.generic], bad: npt.NDArray[np.bool_]
) -> Fault:
    row, column = np.argwhere(bad)[0].tolist()
    where = f"{int(bad.sum())} are not, the first for mentor {row} and mentee {column} (from 0)"
    cure = "mend them, or mark pairs that cannot be made in `eligible` and score them 0"
    return fault(kind, f"{problem}; {where}", cure, "scores", array[row, column])


def _read_eligible(
    eligible: npt.ArrayLike | None, shape: tuple[int, ...], faults: list[Fault]
) -> npt.NDArray[np.bool_] | None:
    if eligible is None:
        return None
    allowed = np.asarray(eligible)
    if allowed.shape == (0,):
        allowed = allowed.reshape(0, 0)
    if allowed.shape != shape:
        faults.append(
            fault("wrong shape", f"eligible must have the shape of scores, {shape}",
                  "give one value per pair", "eligible", allowed.shape)
        )  # fmt: skip
        return None
    if allowed.dtype.kind != "b" and allowed.size:
        faults.append(
            fault("not true or false", f"eligible is of type {allowed.dtype}",
                  "give booleans", "eligible")
        )  # fmt: skip
        return None
    return allowed.astype(bool)


def read_places(
    argument: str, places: int | Sequence[int] | IntArray, people: int, faults: list[Fault]
) -> IntArray:
    """One whole number of places per person."""
    array = np.asarray(places)
    if array.ndim > 1 or (array.ndim == 1 and len(array) != people):
        faults.append(
            fault("wrong length", f"{argument} needs one number, or one for each of {people}",
                  "give that many", argument, array.shape)
        )  # fmt: skip
    elif array.dtype.kind not in "iu" and array.size:
        faults.append(
            fault("not whole", f"{argument} must be whole numbers, not {array.dtype}",
                  "give ints", argument)
        )  # fmt: skip
    elif array.size and int(array.min()) < 0:
        faults.append(
            fault("negative", f"{argument} must be at least 0", "give 0 for none", argument,
                  array.min())
        )  # fmt: skip
    else:
        return np.broadcast_to(array.astype(np.int64), (people,)).copy()
    return np.zeros(people, np.int64)


def read_ids(
    argument: str, ids: Sequence[str | int] | None, people: int, faults: list[Fault]
) -> tuple[str | int, ...]:
    """One id per person: the numbers from 0 where none are given."""
    if ids is None:
        return tuple(range(people))
    listed = [item.item() if isinstance(item, np.generic) else item for item in ids]
    known = tuple(item for item in listed if isinstance(item, str | int))
    kinds = {str if isinstance(item, str) else int for item in known}
    if len(listed) != people:
        faults.append(
            fault("wrong length", f"{argument} needs {people} ids", "give one per person", argument,
                  len(listed))
        )  # fmt: skip
    elif len(known) < people or len(kinds) > 1 or any(isinstance(item, bool) for item in known):
        faults.append(
            fault("mixed ids", f"{argument} must be all text or all whole numbers",
                  "turn them into text", argument)
        )  # fmt: skip
    elif len(set(known)) < people:
        twice = next(item for item in known if known.count(item) > 1)
        faults.append(
            fault("duplicate id", f"{argument} names a person twice", "give each person one id",
                  argument, twice)
        )  # fmt: skip
    else:
        return known
    return tuple(range(people))


def total_fault(units: IntArray, places: int) -> list[Fault]:
    """Could the sum over a whole matching leave 64-bit integers?"""
    most = int(units.max(initial=0))
    if most * places <= LARGEST_TOTAL:
        return []
    return [
        fault("score too large", f"{places} pairs of the largest score are too much to add exactly",
              "divide all scores by the same number", "scores", most)
    ]  # fmt: skip
