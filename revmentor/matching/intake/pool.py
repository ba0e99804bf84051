"""What does scoring know about each side, packed into arrays?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import FloatArray, IntArray, PairTable

Codes = npt.NDArray[np.int32]
UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Sets:
    """One set of items per person, as bits.

    Parameters
    ----------
    words : array of uint64, shape (words, people)
    size : array of int, shape (people,)
        Number of items; 0 where nothing is stated.
    """

    words: npt.NDArray[np.uint64]
    size: FloatArray


@dataclass(frozen=True, eq=False)
class Side:
    """One side of the pool, sorted by id; codes are shared by both sides, `UNKNOWN` if missing.

    `waves` are the waves in which somebody is free, as bits in the order of the params, all of
    them where nothing is stated; `waited` is the number of cycles that somebody has waited.
    """

    ids: tuple[str, ...]
    places: IntArray
    grade: Codes
    first: Codes
    last: Codes
    manager: Codes
    department: Codes
    site: Codes
    generation: Codes
    zone: Codes
    languages: Sets
    skills: Sets
    interests: Sets
    extraversion: FloatArray
    waves: IntArray
    waited: IntArray


@dataclass(frozen=True, eq=False)
class Pool:
    """Both sides, and the pairs of people that the tables name.

    `skills` are those offered for mentors and those wanted for mentees; `overlap` is in minutes
    a day, by zone; `credit` is the wishes criterion of the pairs that are wished for.
    """

    mentors: Side
    mentees: Side
    overlap: FloatArray
    credit: PairTable
    met: PairTable
    vetoed: PairTable
    forbidden: PairTable
