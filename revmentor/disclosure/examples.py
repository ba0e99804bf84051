"""Pairs shown without names, and the marker of rows that have them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from revmentor.disclosure.counts import Disclosed, Frozen
from revmentor.names import CRITERION_LABELS


class Example(Frozen):
    """One pair without names: points per criterion, and each side's best other partner."""

    label: str
    parts: tuple[tuple[str, float], ...]
    mentor_alternative: tuple[tuple[str, float], ...] | None = None
    mentee_alternative: tuple[tuple[str, float], ...] | None = None


class PairExamples(Disclosed):
    """A few pairs without names or ids, for the coordinator's notebook; not for a report."""

    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Restricted:
    """Named rows, for the coordinator only: a marker that a table must never reach a report."""

    frame: pd.DataFrame


def pair_example(
    label: str,
    pair: pd.Series,
    mentor_alternative: pd.Series | None = None,
    mentee_alternative: pd.Series | None = None,
) -> Example:
    """One pair as points per criterion, without ids.

    Parameters
    ----------
    label : str
        What the pair is an example of: "best pair".
    pair, mentor_alternative, mentee_alternative : Series of float
        Criterion to its part of the score (0..1): of the pair, of the mentor's best other
        eligible mentee, of the mentee's best other eligible mentor (None: there is none).
        Anything that is no criterion (ids, score) is dropped.
    """

    def points(parts: pd.Series | None) -> tuple[tuple[str, float], ...] | None:
        if parts is None:
            return None
        known = [name for name in CRITERION_LABELS if name in parts.index]
        return tuple((CRITERION_LABELS[name], round(100 * float(parts[name]), 4)) for name in known)

    return Example(
        label=label,
        parts=points(pair) or (),
        mentor_alternative=points(mentor_alternative),
        mentee_alternative=points(mentee_alternative),
    )
