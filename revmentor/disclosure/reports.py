"""How do whole metrics (skills, rhythm, pulse, load) become something that may be shown?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from revmentor.disclosure.counts import NOT_SHOWN, Count, DisclosedCounts, fewer_than
from revmentor.disclosure.disclose import disclose_counts
from revmentor.disclosure.estimates import DisclosedEstimates
from revmentor.disclosure.numbers import disclose_estimate
from revmentor.metrics.estimate import Estimate, not_computed
from revmentor.metrics.load import Load
from revmentor.metrics.pulse import PulsePoint
from revmentor.metrics.sessions import Rhythm
from revmentor.planning.capacity import CapacityOf

PLACES, WANTED = "places", "wanted"


def disclose_gap(supply: pd.DataFrame, minimum: int, *, most: int = 14) -> DisclosedCounts:
    """What may be shown of skills supplied against wanted?

    A number of places is hidden if fewer than `minimum` mentors give them, a number of wants if
    fewer than `minimum` mentees have them. Rows are ranked by what is shown only (a hidden number
    counts as 0), so that a row's place tells nothing; the rows beyond `most` are summed up. No
    totals are published.

    Parameters
    ----------
    supply : DataFrame
        From `revmentor.metrics.supply_demand`.
    most : int
        Skills with a row of their own.

    Returns
    -------
    DisclosedCounts
        Columns places, wanted; sorted by wanted - places, the largest first; the sum last.
    """

    def guarded(value: int, group: int, who: str) -> Count:
        if 0 < group < minimum:
            text = f"{fewer_than(minimum)} {who}"
            return Count(
                value=None, low=1, high=None if value >= minimum else minimum - 1, text=text
            )
        return Count.shown(value)

    rows = []
    for skill, *facts in zip(
        supply["skill"], supply["mentors"], supply["places"], supply["wanted"], strict=True
    ):
        offering, giving, wanting = map(int, facts)
        places = guarded(giving, offering, "mentors")
        wants = guarded(wanting, wanting, "mentees")
        rows.append((str(skill), (places, wants), np.array([offering, giving, wanting])))
    rows.sort(key=lambda row: ((row[1][0].value or 0) - (row[1][1].value or 0), row[0]))
    kept = rows if len(rows) <= most + 1 else rows[:most]
    labels, cells = [row[0] for row in kept], [row[1] for row in kept]
    rest = [row[2] for row in rows[len(kept) :]]
    if rest:
        labels.append(f"{len(rest)} other skills")
        # One person may stand in several of these rows: only a row that reaches the minimum by
        # itself proves that the sum does.
        _, giving, wanting = (int(total) for total in np.sum(rest, axis=0))
        offering, _, asking = (int(widest) for widest in np.max(rest, axis=0))
        unproven = Count(value=None, low=1, high=None, text=NOT_SHOWN)
        cells.append(
            (
                unproven if 0 < offering < minimum else Count.shown(giving),
                unproven if 0 < asking < minimum else Count.shown(wanting),
            )
        )
    hidden = any(count.value is None for pair in cells for count in pair)
    return DisclosedCounts(
        minimum=minimum,
        rows=tuple(labels),
        columns=(PLACES, WANTED),
        cells=tuple(cells),
        row_name="skill",
        unit="places and wants",
        note=f"fewer than {minimum} mentors or mentees are not shown" if hidden else "",
    )


def disclose_composition(composition: pd.DataFrame, minimum: int) -> DisclosedCounts:
    """What may be shown of who is here? Columns mentors, mentees, both, neither; all totals.

    The row totals are the company. What must be hidden in addition is taken from "neither" and
    "both" first, which the figure does not show.

    Parameters
    ----------
    composition : DataFrame
        From `revmentor.metrics.composition`.
    """
    return disclose_counts(
        composition.drop(columns="company"),
        minimum,
        totals="both",
        spare_columns=("neither", "both"),
    )


def disclose_rhythm(rhythm: Rhythm, minimum: int) -> DisclosedCounts:
    """What may be shown of the meetings by week? Columns due (a plan, always shown) and held.

    The total of the meetings held counts as published, as the cancellations give it away. A week in
    which fewer than the minimum of pairs met is hidden, however many meetings they held.
    """
    weeks = rhythm.weeks.set_index("week")[["due", "held"]]
    return disclose_counts(
        weeks,
        minimum,
        totals="columns",
        unit="meetings",
        row_name="week",
        open_columns=("due",),
        behind=weeks.assign(held=rhythm.pairs_met),
    )


def disclose_pulse(points: Iterable[PulsePoint], minimum: int) -> DisclosedEstimates:
    """What may be shown of the pulse?

    Keys principle, wave, side, and "mean", "change" (since the wave before) or "since first".
    """
    keys, estimates = [], []
    for point in points:
        for what, estimate in (
            ("mean", point.mean),
            ("change", point.change),
            ("since first", point.since_first),
        ):
            keys.append((point.principle, point.wave, point.side, what))
            estimates.append(disclose_estimate(estimate, minimum))
    return DisclosedEstimates(
        minimum=minimum,
        names=("principle", "wave", "side", "what"),
        keys=tuple(keys),
        estimates=tuple(estimates),
    )


def disclose_load(load: Load, minimum: int) -> tuple[DisclosedCounts, DisclosedEstimates]:
    """What may be shown of the weeks ahead?

    Returns
    -------
    DisclosedCounts
        Rows weeks, column "meetings" (a plan, always shown).
    DisclosedEstimates
        Keys side, and "hours" (a month, mean) or "overbooked" (share); ("pair", "needed"): the
        hours a month that one pair asks of each of its two people; ("circle", "needed"): one
        circle, if there are any.
    """
    weeks = load.weeks.set_index("week")[["meetings"]]
    counts = disclose_counts(
        weeks, minimum, totals="none", unit="meetings", row_name="week", open_columns=("meetings",)
    )
    keys, estimates = [], []
    for side in load.hours:
        for what, estimate in (("hours", load.hours[side]), ("overbooked", load.overbooked[side])):
            keys.append((side, what))
            estimates.append(disclose_estimate(estimate, minimum))
    method = "meetings due x minutes / 60 / months of the cycle"
    needed = Estimate(load.needed, None, None, load.pairs, "hours a month", method, "", "pairs")
    keys.append(("pair", "needed"))
    estimates.append(disclose_estimate(needed, minimum))
    if load.circle is not None:
        circle = Estimate(load.circle, None, None, load.circles, needed.unit, method, "", "circles")
        keys.append(("circle", "needed"))
        estimates.append(disclose_estimate(circle, minimum))
    hours = DisclosedEstimates(
        minimum=minimum, names=("side", "what"), keys=tuple(keys), estimates=tuple(estimates)
    )
    return counts, hours


def disclose_hours(
    capacity: CapacityOf, minimum: int
) -> tuple[DisclosedCounts, DisclosedEstimates]:
    """What may be shown of the hours that people give and that the plan asks for?

    Returns
    -------
    DisclosedCounts
        Rows months (ISO date of the first day), columns "pairs", "meetings", "mentor" and "mentee":
        most pairs at once, meetings and hours due of each side (a plan, always shown).
    DisclosedEstimates
        Keys side: hours a month that one applicant of the side gives (mean over all of them; who
        names none and has no usual ones gives none); "not computed" where nobody gave any.
    """
    columns = ["pairs", "meetings", *capacity.given]
    months = capacity.months.set_index(capacity.months["month"].map(str))[columns]
    counts = disclose_counts(
        months.round().astype("int64"),
        minimum,
        totals="none",
        unit="hours",
        row_name="month",
        open_columns=columns,
    )
    keys, estimates = [], []
    for side, given in capacity.given.items():
        of, method = f"{side}s", "mean of everybody who applied"
        if capacity.stated[side]:
            mean = float(given.sum()) / len(given)
            estimate = Estimate(mean, None, None, len(given), "hours a month", method, "", of)
        else:
            reason = "nobody said how many hours they have"
            estimate = not_computed(reason, 0, "hours a month", method, of)
        keys.append((side,))
        estimates.append(disclose_estimate(estimate, minimum))
    return counts, DisclosedEstimates(
        minimum=minimum, names=("side",), keys=tuple(keys), estimates=tuple(estimates)
    )
