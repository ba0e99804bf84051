"""Matchings with one thing wrong, for tests of the second opinion."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from revmentor.matching import Matching, Problem, VerificationError, verify

FIELD = dataclasses.replace
Corruptions = dict[str, tuple[Callable[[Matching], Matching], str]]


def rejected(problem: Problem, wrong: Matching, words: str) -> None:
    with pytest.raises(VerificationError) as caught:
        verify(problem, wrong)
    assert words in str(caught.value)


def pairs(m: Matching, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Matching:
    changed = change(m.pairs.copy()).sort_values(["mentee_id", "mentor_id"], ignore_index=True)
    return FIELD(m, pairs=changed)


def cell(m: Matching, column: str, row: int, value: object) -> Matching:
    changed = m.pairs.copy()
    changed.loc[row, column] = value
    return FIELD(m, pairs=changed)


def certificate(m: Matching, **fields: Any) -> Matching:
    return FIELD(m, certificate=FIELD(m.certificate, **fields))


def price(m: Matching, side: str, who: object, step: int) -> Matching:
    found = getattr(m.certificate, side).copy()
    found[who] += step
    return certificate(m, **{side: found})


def multiplier(m: Matching, name: str, value: int) -> Matching:
    found = m.certificate.side_constraints.copy()
    found[name] = value
    return certificate(m, side_constraints=found)


def no_dearer(m: Matching) -> Matching:
    return certificate(m, pair=m.certificate.pair.iloc[:0])


def nobody_left(m: Matching) -> Matching:
    return FIELD(m, unmatched=m.unmatched.iloc[1:])


def totals(m: Matching, objective: int, bound: int, **more: Any) -> Matching:
    return FIELD(
        m, objective=objective, objective_units=objective, bound=bound, bound_units=bound, **more
    )


def random_scores(seed: int, mentors: int = 8, mentees: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 1000, (mentors, mentees))
