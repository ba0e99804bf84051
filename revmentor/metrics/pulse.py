"""What do people answer in the pulse: means with intervals, change, response, support?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from revmentor.metrics.estimate import Estimate, mean, not_computed, proportion
from revmentor.metrics.otherwise import changed_between, refusal
from revmentor.metrics.sessions import PAIR
from revmentor.names import PRINCIPLES, SIDES

if TYPE_CHECKING:
    from revmentor.params.models import ChangedItems

POINTS = "points"


@dataclass(frozen=True)
class Answers:
    """Pulse answers of people in pairs, with their side; and how many are of nobody's pair."""

    rows: pd.DataFrame
    left_out: int


def of_pairs(pulse: pd.DataFrame, pairs: pd.DataFrame) -> Answers:
    """Which answers are about a partner of this matching, and from which side?

    Where somebody answered twice about one partner in one wave, the latest answer counts. Where
    pairs have days of their own, each answer has the first one of its pair in ``begins``.
    """
    own = ["begins"] if "begins" in pairs else []
    ends = []
    for side, other in (("mentor", "mentee"), ("mentee", "mentor")):
        part = pairs[[f"{side}_id", f"{other}_id", *own]]
        ends.append(part.set_axis(["person_id", "partner_id", *own], axis=1).assign(side=side))
    rows = pulse.merge(pd.concat(ends), on=["person_id", "partner_id"], how="left")
    known = rows["side"].notna()
    rows = rows.loc[known].sort_values("on", kind="stable")
    rows = rows.drop_duplicates(["person_id", "partner_id", "wave"], keep="last")
    return Answers(rows.reset_index(drop=True), int((~known).sum()))


def wave_order(pulse: pd.DataFrame) -> list[str]:
    """In which order were the waves? By the median day of their answers, then by name.

    Numbers in names count as numbers: day30 before day120. Where pairs began on different days
    (column ``begins``), the order among those that began together comes first, as the mean of their
    ranks: the second check-in of early pairs may be before the first of late ones.
    """
    middle = pulse.groupby("wave")["on"].median()
    rank = pd.Series(0.0, index=middle.index)
    if "begins" in pulse:
        together = pulse.groupby(["begins", "wave"])["on"].median().groupby(level="begins").rank()
        rank = together.groupby(level="wave").mean().reindex(middle.index).fillna(0.0)

    def key(wave: str) -> tuple[float, int, list[tuple[int, str]]]:
        when = middle[wave]
        parts = re.findall(r"(\d+)|(\D+)", wave)
        stamp = -1 if pd.isna(when) else int(pd.Timestamp(when).value)
        return float(rank[wave]), stamp, [(int(number or 0), text) for number, text in parts]

    return sorted((str(wave) for wave in middle.index), key=key)


def asked_by(answers: pd.DataFrame, pairs: pd.DataFrame, as_of: dt.date | None) -> pd.DataFrame:
    """Which pairs had been asked in which wave by this day?

    Parameters
    ----------
    answers : DataFrame
        Rows of `of_pairs`.
    pairs : DataFrame
        mentor_id, mentee_id; begins where pairs have days of their own.
    as_of : date or None
        None: the day of the last answer.

    Returns
    -------
    DataFrame
        True or False; indexed by mentor_id, mentee_id as the pairs are, a column for each wave that
        has an answer, in their order. A pair was asked once it is as old as the first that
        answered was; all were where all began on one day.
    """
    waves = wave_order(answers)
    asked = pd.DataFrame(True, index=pd.MultiIndex.from_frame(pairs[PAIR]), columns=waves)
    if "begins" not in answers or not waves:
        return asked
    age = (answers["on"] - answers["begins"]).groupby(answers["wave"]).min()
    day = answers["on"].max() if as_of is None else pd.Timestamp(as_of)
    old = day - pairs["begins"]
    for wave in waves:
        asked[wave] = (old >= age[wave]).to_numpy()
    return asked


def principle_of(item: str) -> str:
    """Which principle does an item ask for?

    >>> principle_of("compassion_2")
    'compassion'
    """
    return item.rsplit("_", 1)[0]


def principle_scores(answers: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """What did each person say on each principle in each wave?

    An answer's score on a principle is the mean of its items that were answered; a person with
    several partners is the mean over them, so that each person counts once.

    Returns
    -------
    DataFrame
        Indexed by person_id, side, wave; one column per principle, in the scale's points.
    """
    by_principle = {
        name: [item for item in items if principle_of(item) == name and item in answers.columns]
        for name in PRINCIPLES
    }
    scores = pd.DataFrame(
        {name: answers[list(asked)].mean(axis=1) for name, asked in by_principle.items() if asked}
    )
    keys = [answers[key] for key in ("person_id", "side", "wave")]
    return scores.groupby(keys).mean()


@dataclass(frozen=True)
class PulsePoint:
    """One principle, wave and side: the mean, and the change since the wave before and the first.

    ``change`` and ``since_first`` compare the same people only; their n is the paired n.
    """

    principle: str
    wave: str
    side: str
    mean: Estimate
    change: Estimate
    since_first: Estimate


def pulse_points(
    pulse: pd.DataFrame,
    pairs: pd.DataFrame,
    items: Sequence[str],
    changed: Sequence[ChangedItems] = (),
) -> tuple[PulsePoint, ...]:
    """How do the two sides see the five principles, wave by wave?

    Means over people with Student's interval; change since the wave before, and since the first
    wave, as the mean paired difference of those who answered both, with Student's interval.

    Parameters
    ----------
    pulse, pairs : DataFrame
        As in the contract; answers about nobody of this matching are left out.
    items : sequence of str
        The pulse's question columns, two per principle (``compassion_1``).
    changed : sequence of ChangedItems
        As declared in ``data.items.changed``: waves in which a principle was asked otherwise are
        not compared, and a wave on another scale has no mean.

    A principle whose items run against each other in the first wave is not averaged in any (see
    `revmentor.metrics.reliability`).
    """
    answers = of_pairs(pulse, pairs).rows
    scores = principle_scores(answers, items)
    waves = wave_order(answers)
    points = []
    for principle in scores.columns:
        wide = scores[principle].unstack("wave").reindex(columns=waves)
        asked = [item for item in items if principle_of(item) == principle]
        apart = _run_apart(answers, waves, asked, str(principle))
        for before, wave in zip([None, *waves], waves, strict=False):
            rescaled = [c.told() for c in changed if c.scale and wave in c.waves
                        and c.table == "pulse" and set(c.items) & set(asked)]  # fmt: skip
            since = {
                earlier: apart or refusal(changed_between(changed, "pulse", earlier, wave), asked)
                for earlier in (before, waves[0])
                if earlier
            }
            for side in SIDES:
                mine = wide.loc[wide.index.get_level_values("side") == side]
                why = apart or (f"asked on {rescaled[0]}" if rescaled else "")
                now = (
                    not_computed(why, int(mine[wave].count()), POINTS, "mean", f"{side}s")
                    if why
                    else mean(mine[wave], POINTS, f"{side}s")
                )
                change = _paired(mine, before, wave, side, since)
                since_first = _paired(mine, waves[0] if before else None, wave, side, since)
                points.append(PulsePoint(str(principle), wave, side, now, change, since_first))
    return tuple(points)


def _run_apart(
    answers: pd.DataFrame, waves: Sequence[str], asked: Sequence[str], principle: str
) -> str:
    """Why these items are not averaged, where they run against each other; else empty."""
    from revmentor.metrics.reliability import reliability  # only now: it takes long to load

    known = [item for item in asked if item in answers.columns]
    if len(known) < 2 or not waves:
        return ""
    opening = answers.loc[answers["wave"] == waves[0]]
    judged = reliability(opening.groupby("person_id")[known].mean(), known, principle)
    return judged.text.rstrip(".") if judged.against else ""


def _paired(
    wide: pd.DataFrame, before: str | None, wave: str, side: str, refused: Mapping[str, str]
) -> Estimate:
    """Mean change of those who answered both waves."""
    reason = "this is the first wave" if before is None else refused.get(before, "")
    if before is None or reason:
        method = "mean paired difference, t 95% interval"
        n = 0 if before is None else int((wide[wave] - wide[before]).count())
        return not_computed(reason, n, POINTS, method, f"{side}s")
    return mean(wide[wave] - wide[before], POINTS, f"{side}s in both waves")


def response_rates(
    pulse: pd.DataFrame, pairs: pd.DataFrame, as_of: dt.date | None = None
) -> dict[tuple[str, str], Estimate]:
    """What share of those invited answered? Keys (wave, side), in the order of the waves.

    Everybody in a pair is invited in every wave that has an answer, once about each partner, and
    from the day on that `asked_by` tells; answered / invited with Wilson's interval.
    """
    answers = of_pairs(pulse, pairs).rows
    given = answers.groupby(["wave", "side"]).size()
    invited = asked_by(answers, pairs, as_of).sum()
    return {
        (str(wave), side): proportion(
            int(given.get((wave, side), 0)), int(many), f"{side}s invited"
        )
        for wave, many in invited.items()
        for side in SIDES
    }


def support_needed(pulse: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """What support do people ask for? Rows: what; columns mentor, mentee: people who asked.

    Each person counts once for each kind of support, over all waves; most frequent first.
    """
    answers = of_pairs(pulse, pairs).rows
    asked = answers.dropna(subset="support_needed")
    asked = asked.drop_duplicates(["person_id", "side", "support_needed"])
    table = pd.crosstab(asked["support_needed"].to_numpy(), asked["side"].to_numpy())
    table = table.reindex(columns=list(SIDES), fill_value=0).astype("int64")
    order = table.assign(n=table.sum(axis=1), name=table.index.astype("str"))
    order = order.sort_values(["n", "name"], ascending=[False, True])
    return table.loc[order.index].rename_axis(index="support", columns=None)
