"""Do the two of a pair see it alike?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from revmentor.metrics.estimate import Estimate, mean, proportion
from revmentor.metrics.pulse import of_pairs, principle_of, wave_order
from revmentor.metrics.sessions import PAIR
from revmentor.names import PRINCIPLES, SIDES

FAR = 1.0


@dataclass(frozen=True)
class Disagreement:
    """One principle in one wave: mentors against their own mentees.

    Parameters
    ----------
    principle, wave : str
        What was asked, and when.
    distance : Estimate
        Mean over pairs of |mentor - mentee|, in points.
    signed : Estimate
        Mean over pairs of mentor - mentee, in points; below 0: mentors see it worse.
    apart : Estimate
        Share of pairs that differ by more than one point.
    """

    principle: str
    wave: str
    distance: Estimate
    signed: Estimate
    apart: Estimate


def pair_differences(
    pulse: pd.DataFrame, pairs: pd.DataFrame, items: Sequence[str]
) -> pd.DataFrame:
    """How far is each mentor's answer from the mentee's, by pair, wave and principle?

    An answer is the mean over the principle's items that *both* of the pair answered.

    Returns
    -------
    DataFrame
        Indexed by mentor_id, mentee_id, wave; a column per principle: mentor - mentee in points,
        NaN where one of the two did not answer. For the coordinator: it names people.
    """
    rows = of_pairs(pulse, pairs).rows
    ends = []
    asked = [item for item in items if item in rows.columns]
    for side, other in (SIDES, SIDES[::-1]):
        own = rows.loc[rows["side"] == side].rename(
            columns={"person_id": f"{side}_id", "partner_id": f"{other}_id"}
        )
        ends.append(own.set_index([*PAIR, "wave"])[asked].astype("float64"))
    both = ends[0].index.intersection(ends[1].index).sort_values()
    gaps = ends[0].loc[both] - ends[1].loc[both]
    by_principle = {
        name: [item for item in asked if principle_of(item) == name] for name in PRINCIPLES
    }
    columns = {name: gaps[own].mean(axis=1) for name, own in by_principle.items() if own}
    return pd.DataFrame(columns, index=both)


def disagreement(
    pulse: pd.DataFrame, pairs: pd.DataFrame, items: Sequence[str]
) -> tuple[Disagreement, ...]:
    """How much do mentors and their mentees disagree on each principle, wave by wave?

    Means over the pairs in which both answered, with Student's interval over pairs; the share of
    pairs more than one point apart with Wilson's. A mentor of several pairs is in each of them.

    Parameters
    ----------
    pulse, pairs : DataFrame
        As in the contract; answers about nobody of this matching are left out.
    items : sequence of str
        The pulse's question columns, by principle (``compassion_1``).

    Returns
    -------
    tuple of Disagreement
        By principle, then by wave in their order.
    """
    gaps = pair_differences(pulse, pairs, items)
    waves = wave_order(of_pairs(pulse, pairs).rows)
    found = []
    for principle in gaps.columns:
        for wave in waves:
            gap = gaps.loc[gaps.index.get_level_values("wave") == wave, principle].dropna()
            far = int((gap.abs() > FAR + 1e-9).sum())
            found.append(
                Disagreement(
                    str(principle),
                    wave,
                    mean(gap.abs(), "points", "pairs", bounds=(0.0, math.inf)),
                    mean(gap, "points", "pairs"),
                    proportion(far, len(gap), "pairs in which both answered"),
                )
            )
    return tuple(found)
