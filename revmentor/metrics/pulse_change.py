"""How did the pulse move from the first wave to the last, among the same people?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.metrics.change import Change, people_called, sides_of
from revmentor.metrics.estimate import proportion
from revmentor.metrics.otherwise import changed_between, refusal
from revmentor.metrics.pulse import of_pairs, principle_of, wave_order
from revmentor.metrics.reliability import reliability
from revmentor.metrics.surveys import Changes, compared, same_items, wave_answers
from revmentor.names import PRINCIPLES, SIDES

if TYPE_CHECKING:
    from revmentor.params.models import ChangedItems


def pulse_changes(
    pulse: pd.DataFrame,
    pairs: pd.DataFrame,
    items: Sequence[str],
    *,
    seed: int,
    changed: Sequence[ChangedItems] = (),
) -> Changes:
    """How did each principle move from the first wave to the last, side by side?

    Of everybody who answered about the same partner in both waves, over the items answered both
    times; somebody with several partners is the mean over them, and counts once.

    Parameters
    ----------
    pulse, pairs : DataFrame
        As in the contract.
    items : sequence of str
        The pulse's question columns, by principle (``compassion_1``).
    seed : int
        Of the permutations.
    changed : sequence of ChangedItems
        As declared in ``data.items.changed``.

    Returns
    -------
    Changes
        Per principle: mentors, mentees, both.
    """
    kept = of_pairs(pulse, pairs)
    strangers = _strangers(pulse, pairs)
    waves = wave_order(kept.rows)
    first, last = (waves[0], waves[-1]) if len(waves) > 1 else ("", "")
    otherwise = changed_between(changed, "pulse", first, last)
    rows = kept.rows.set_index(["wave", "person_id", "partner_id", "side"])
    wide = [wave_answers(rows[_asked(items, kept.rows)], wave) for wave in (first, last)]
    opening = kept.rows.loc[kept.rows["wave"] == (waves[0] if waves else "")]
    changes: list[Change] = []
    judged = []
    people = sides_of(pairs, SIDES)
    for principle in PRINCIPLES:
        asked = [item for item in _asked(items, kept.rows) if principle_of(item) == principle]
        if not asked:
            continue
        own = opening.groupby("person_id")[asked].mean()
        verdict = reliability(own, asked, principle)
        judged.append(verdict)
        why = refusal(otherwise, asked) or (verdict.text.rstrip(".") if verdict.refused else "")
        if not first:
            why = "there are no two waves to compare"
        changes += _principle([part[asked] for part in wide], principle, people, seed, why)
    answered = _people_by_side(same_items(*wide)[0], people)
    measured = {
        side: proportion(answered[side], len(members), people_called(side))
        for side, members in people.items()
    }
    return Changes(tuple(changes), measured, tuple(judged), strangers, first, last)


def _asked(items: Sequence[str], rows: pd.DataFrame) -> list[str]:
    return [item for item in items if item in rows.columns]


def _strangers(pulse: pd.DataFrame, pairs: pd.DataFrame) -> int:
    """Respondents who are in no pair at all."""
    inside = set(pairs["mentor_id"]) | set(pairs["mentee_id"])
    return int(pulse.loc[~pulse["person_id"].isin(inside), "person_id"].nunique())


def _on_side(index: pd.MultiIndex, side: str) -> npt.NDArray[np.bool_]:
    """Which answers are of this side?"""
    if side == "both":
        return np.ones(len(index), dtype=np.bool_)
    return np.asarray(index.get_level_values("side") == side)


def _people_by_side(answers: pd.Series, sides: Iterable[str]) -> dict[str, int]:
    """How many people of each side gave any of these answers?"""
    known = answers.dropna().index
    assert isinstance(known, pd.MultiIndex)
    codes = known.codes[known.names.index("person_id")]
    return {side: len(np.unique(codes[_on_side(known, side)])) for side in sides}


def _principle(
    wide: Sequence[pd.DataFrame], principle: str, sides: Iterable[str], seed: int, why: str
) -> Iterator[Change]:
    """One principle from the first wave to the last, side by side."""
    means = pd.DataFrame(dict(zip(("first", "last"), same_items(*wide), strict=True)))
    answered = [_people_by_side(part.mean(axis=1), sides) for part in wide]
    units = means.index
    assert isinstance(units, pd.MultiIndex)
    for side in sides:
        own = means.loc[_on_side(units, side)].groupby(level="person_id").mean()
        n = (answered[0][side], answered[1][side])
        yield compared(
            own["first"], own["last"], principle, side, people_called(side), seed, why, n
        )
