"""What changed in skills, leadership and creativity, among the people of these pairs?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from revmentor.metrics.change import (
    Change,
    paired_change,
    people_called,
    refused_change,
    sides_of,
)
from revmentor.metrics.estimate import Estimate, proportion
from revmentor.metrics.otherwise import changed_between, refusal
from revmentor.metrics.reliability import Reliability, reliability
from revmentor.names import SIDES
from revmentor.people import are_in

if TYPE_CHECKING:
    from revmentor.params.models import ChangedItems

WAVES = ("before", "after")


@dataclass(frozen=True)
class Changes:
    """All comparisons of one survey.

    Parameters
    ----------
    changes : tuple of Change
        The whole first, then its parts; side by side, and both together where both were asked.
    measured : mapping of side to Estimate
        Share of the side's people in pairs who answered both times, with Wilson's interval.
    reliability : tuple of Reliability
        Of every scale of several items, by the first answers.
    left_out : int
        Respondents who are in no pair of this matching: in no figure.
    first, last : str
        The two waves that are compared; empty where there are no two.
    """

    changes: tuple[Change, ...]
    measured: Mapping[str, Estimate]
    reliability: tuple[Reliability, ...]
    left_out: int
    first: str = WAVES[0]
    last: str = WAVES[1]

    def change(self, what: str, side: str) -> Change:
        """The comparison of that name and side; KeyError if there is none."""
        for change in self.changes:
            if (change.what, change.side) == (what, side):
                return change
        raise KeyError((what, side))


def skill_changes(
    skills: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    seed: int,
    side: str = "mentee",
    changed: Sequence[ChangedItems] = (),
) -> Changes:
    """By how much did the skills of the mentees grow, over all and skill by skill?

    Over all (``"all skills"``), a person is the mean over the skills that were rated both before
    and after, and counts once, however many skills; so ratings of one person are rightly taken
    as one. Student's interval, standardised change and sign-flip p as in `paired_change`.

    Parameters
    ----------
    skills, pairs : DataFrame
        As in the contract (person_id, skill, level in scale points, when).
    seed : int
        Of the permutations.
    side : str
        Whose skills: ``"mentee"`` or ``"mentor"``.
    changed : sequence of ChangedItems
        As declared in ``data.items.changed``.

    Returns
    -------
    Changes
        ``"all skills"``, then each skill, the most rated first.
    """
    people = sides_of(pairs, [side])[side]
    mine = are_in(skills["person_id"], people)
    rows, of = skills.loc[mine], people_called(side)
    keys = [rows["person_id"], rows["skill"], rows["when"]]
    wide = rows["level"].groupby(keys).mean().unstack("when").reindex(columns=list(WAVES))
    both = wide.dropna().groupby(level="person_id").mean()
    refused = refusal(changed_between(changed, "skills", *WAVES), ["level"])
    whole = compared(
        both["before"], both["after"], "all skills", side, of, seed, refused,
        (people_in(wide["before"]), people_in(wide["after"])),
    )  # fmt: skip
    sizes = wide.dropna().groupby(level="skill").size()
    order = sorted(wide.index.unique("skill"), key=lambda name: (-int(sizes.get(name, 0)), name))
    parts = []
    for name in order:
        one = wide.xs(name, level="skill")
        parts.append(compared(one["before"], one["after"], name, side, of, seed, refused))
    return Changes(
        (whole, *parts),
        {side: proportion(len(both), len(people), of)},
        (),
        skills.loc[~mine, "person_id"].nunique(),
    )


def people_in(answers: pd.Series) -> int:
    """How many people gave any of these answers?"""
    return int(answers.dropna().index.get_level_values("person_id").nunique())


def compared(
    before: pd.Series,
    after: pd.Series,
    what: str,
    side: str,
    of: str,
    seed: int,
    refused: str,
    answered: tuple[int, int] | None = None,
) -> Change:
    """The comparison, or its refusal, with the numbers of those who answered at all."""
    n = answered or (int(before.notna().sum()), int(after.notna().sum()))
    if refused:
        return refused_change(refused, what=what, side=side, of=of, n_before=n[0], n_after=n[1])
    return paired_change(before, after, what=what, side=side, of=of, seed=seed, answered=n)


def scale_changes(
    answers: pd.DataFrame,
    pairs: pd.DataFrame,
    items: Sequence[str],
    *,
    table: str,
    seed: int,
    sides: Sequence[str] = SIDES,
    changed: Sequence[ChangedItems] = (),
) -> Changes:
    """By how much did the answers of a before/after survey change: leadership, creativity?

    A person's change on the scale is the mean over the items answered both times, so that a
    question left out once is no change. The scale is averaged only if `reliability`, from the
    first answers, does not refuse it, and compared only if none of its items was asked otherwise.

    Parameters
    ----------
    answers, pairs : DataFrame
        As in the contract (person_id, when, items in scale points).
    items : sequence of str
        The question columns.
    table : str
        ``"leadership"`` or ``"creativity"``: names the whole ("all of leadership").
    seed : int
        Of the permutations.
    sides : sequence of str
        Whose answers count; with both sides, both together are compared as well.
    changed : sequence of ChangedItems
        As declared in ``data.items.changed``.
    """
    people = sides_of(pairs, sides)
    everyone = frozenset().union(*people.values())
    mine = are_in(answers["person_id"], everyone)
    asked = [item for item in items if item in answers.columns]
    wide = answers.loc[mine].set_index(["when", "person_id"])[asked]
    before, after = (wave_answers(wide, wave) for wave in WAVES)
    judged = _judged(before, after, asked, table)
    otherwise = changed_between(changed, table, *WAVES)
    why = refusal(otherwise, asked) or (judged.text.rstrip(".") if judged.refused else "")
    changes, measured = [], {}
    for side, members in people.items():
        of = people_called(side)
        ours = [part.loc[are_in(part.index, members)] for part in (before, after)]
        first, last = same_items(*ours)
        n = tuple(int(part.notna().any(axis=1).sum()) for part in ours)
        changes.append(compared(first, last, f"all of {table}", side, of, seed, why, (n[0], n[1])))
        for item in asked:
            told = refusal(otherwise, [item])
            changes.append(compared(ours[0][item], ours[1][item], item, side, of, seed, told))
        measured[side] = proportion(len(first), len(members), of)
    left_out = answers.loc[~mine, "person_id"].nunique()
    return Changes(tuple(changes), measured, (judged,), left_out)


def wave_answers(wide: pd.DataFrame, wave: str) -> pd.DataFrame:
    """One wave's answers by person."""
    return wide.loc[wide.index.get_level_values(0) == wave].droplevel(0).astype("float64")


def _judged(
    first: pd.DataFrame, last: pd.DataFrame, items: Sequence[str], scale: str
) -> Reliability:
    """Reliability by the first answers, or the last ones where nobody answered first."""
    return reliability(first if len(first.dropna()) else last, items, scale)


def same_items(first: pd.DataFrame, last: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What is each unit's mean over the items that it answered both times?

    Parameters
    ----------
    first, last : DataFrame of float
        The same items as columns; units (people, or people and partners) as index.

    Returns
    -------
    (Series, Series)
        First and last means, of those units that answered at least one item both times.
    """
    both = first.index.intersection(last.index)
    values = np.stack([part.loc[both].to_numpy(dtype=np.float64) for part in (first, last)])
    known = ~np.isnan(values).any(axis=0)
    times = known.sum(axis=1)
    any_ = times > 0
    sums = np.where(known, values, 0.0).sum(axis=2)[:, any_] / times[any_]
    return pd.Series(sums[0], index=both[any_]), pd.Series(sums[1], index=both[any_])
