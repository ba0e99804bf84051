"""Listed pairs for tests of the exact core, and what must hold once it is done."""

from __future__ import annotations

import numpy as np

from revmentor.matching.clock import Clock
from revmentor.matching.columns import Columns
from revmentor.matching.flow.core import Core

ENDLESS = Clock.start(None)


def listed(*pairs: tuple[int, int, int]) -> Columns:
    """Columns of (mentor, mentee, units)."""
    return Columns(*np.array(pairs, np.int64).reshape(-1, 3).T.copy())


def random_core(
    seed: int, mentors: int, mentees: int, each: int, most: int = 1, units: int = 10**6
) -> Core:
    """A core on about so many random pairs per mentee; mentors with up to `most` places.

    Half of what a pair is worth is the mentor's fame, so that many want the same mentors.
    """
    random = np.random.default_rng(seed)
    places = random.integers(1, most + 1, mentors)
    core = Core(places, np.ones(mentees, np.int64))
    mentee = np.repeat(np.arange(mentees), each)
    mentor = random.integers(0, mentors, len(mentee))
    fame = random.integers(0, units // 2, mentors)
    core.add(Columns(mentor, mentee, fame[mentor] + random.integers(0, units // 2, len(mentee))))
    return core


def assert_proven(core: Core, mentor_places: np.ndarray, mentee_places: np.ndarray) -> None:
    """The plan can be carried out, and the prices prove that it is the best."""
    columns, taken = core.columns, core.taken
    gain = columns.units - core.mentor_price[columns.mentor] - core.mentee_price[columns.mentee]
    assert (gain[taken] >= 0).all()
    assert (gain[~taken] <= 0).all()
    for price, places, who in (
        (core.mentor_price, np.asarray(mentor_places), columns.mentor),
        (core.mentee_price, np.asarray(mentee_places), columns.mentee),
    ):
        filled = np.bincount(who[taken], minlength=len(places))
        assert (filled <= places).all()
        assert (price >= 0).all()
        assert (price[filled < places] == 0).all()
    assert core.value == core.dual_value
