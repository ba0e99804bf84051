"""Do the hours that both sides gave last for the meetings that are due?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from revmentor.names import SIDES
from revmentor.params.models import Params
from revmentor.planning.pairs import places
from revmentor.planning.timeline import meetings
from revmentor.planning.waves import Wave, waves_of

BOTH = "both"


@dataclass(frozen=True)
class WavePlan:
    """One wave as it is planned.

    Parameters
    ----------
    wave : Wave
    pairs : int
        Pairs that are planned in it.
    meetings : tuple of date
        Days on which each of its pairs is due to meet.
    hours : mapping of side to float
        Hours that one pair asks of each of its two people, preparation included.
    """

    wave: Wave
    pairs: int
    meetings: tuple[dt.date, ...]
    hours: Mapping[str, float]


@dataclass(frozen=True)
class CapacityOf:
    """The hours and places of a cycle against the pairs that are planned.

    Parameters
    ----------
    planned : int
        Pairs over the whole cycle.
    at_once : int
        Most pairs that run on the same day.
    waves : tuple of WavePlan
    months : DataFrame
        month (first day), pairs (most on one day), meetings due, and hours due of either side
        (``mentor``, ``mentee``), preparation included.
    given : mapping of side to Series
        Hours a month of every applicant of that side (index: person_id): as stated, else the usual
        hours, else 0; whoever applied for both sides gives each half.
    stated : mapping of side to bool
        Does anybody of that side give hours, or are usual ones declared?
    places : mapping of side to int
        Partners that all of them can take.
    """

    planned: int
    at_once: int
    waves: tuple[WavePlan, ...]
    months: pd.DataFrame
    given: Mapping[str, pd.Series] = field(repr=False)
    stated: Mapping[str, bool]
    places: Mapping[str, int]

    def hours(self, side: str) -> float:
        """Hours a month that the side gives."""
        return math.fsum(self.given[side])

    def short(self, side: str) -> float:
        """Hours that are missing in the worst month; 0 if they last, or nobody gave any."""
        if not self.stated[side] or self.months.empty:
            return 0.0
        return max(0.0, float(self.months[side].max()) - self.hours(side))

    def lasts_for(self, side: str) -> int | None:
        """For how many pairs do the hours last in the busiest month; None if nobody said."""
        return (
            pairs_that_last(self.months[side], self.planned, self.hours(side))
            if (self.stated[side])
            else None
        )


def pairs_that_last(due: Sequence[float] | pd.Series, planned: int, given: float) -> int | None:
    """For how many pairs do so many hours a month last, if so many are due for those planned?

    Hours given, divided by the hours that one pair needs in the busiest month.

    >>> pairs_that_last([10.0, 15.0], 10, 12.0)
    8
    """
    busiest = max(due, default=0.0)
    return math.floor(given * planned / busiest + 1e-9) if busiest > 0 and planned else None


def plan_capacity(applications: pd.DataFrame, params: Params, planned: int) -> CapacityOf:
    """Do the hours that both sides gave last for the meetings that are due, month by month?

    Parameters
    ----------
    applications : DataFrame
        By contract; those in scope.
    params : Params
        Waves, rhythm, minutes of a meeting and of its preparation, usual hours and capacity.
    planned : int
        Pairs over the whole cycle.

    Returns
    -------
    CapacityOf

    Notes
    -----
    Hours due of a side in a month = sum over waves of pairs * meetings due in the month * (minutes
    of a meeting + minutes of preparation) / 60. The hours that a person gives are the same every
    month.
    """
    waves = waves_of(params)
    minutes = {
        side: params.programme.meeting_minutes
        + getattr(params.design.capacity.preparation_minutes, side)
        for side in SIDES
    }
    plans = []
    for wave, pairs in zip(waves, shared_out(waves, planned), strict=True):
        due = meetings(params.programme, wave)
        hours = {side: len(due) * minutes[side] / 60 for side in SIDES}
        plans.append(WavePlan(wave, pairs, due, hours))
    given, stated = _given(applications, params)
    return CapacityOf(
        planned=planned,
        at_once=_at_once(plans, waves[0].start, max(wave.end for wave in waves)),
        waves=tuple(plans),
        months=_months(plans, minutes),
        given=given,
        stated=stated,
        places=places(applications, params.matching.capacity),
    )


def shared_out(waves: Sequence[Wave], planned: int) -> tuple[int, ...]:
    """How many of the planned pairs does each wave have? As even as their limits allow.

    >>> day = dt.date(2026, 1, 1)
    >>> shared_out([Wave("a", day, day, 14, 2), Wave("b", day, day, 14)], 9)
    (2, 7)
    """
    found = [0] * len(waves)
    left = planned
    open_waves = list(range(len(waves)))
    while left and open_waves:
        each, more = divmod(left, len(open_waves))
        still = []
        for number, k in enumerate(open_waves):
            room = waves[k].at_most
            wanted = each + (number < more)
            taken = wanted if room is None else min(wanted, room - found[k])
            found[k] += taken
            left -= taken
            if room is None or found[k] < room:
                still.append(k)
        open_waves = still
    return tuple(found)


def _given(
    applications: pd.DataFrame, params: Params
) -> tuple[dict[str, pd.Series], dict[str, bool]]:
    given, stated = {}, {}
    for side in SIDES:
        rows = applications.loc[applications["side"].isin([side, BOTH])]
        usual = getattr(params.design.capacity.usual_hours, side)
        hours = pd.Series(
            rows["hours_per_month"].astype("float64").to_numpy(), rows["person_id"].astype("str")
        )
        stated[side] = bool(hours.notna().any()) or (usual is not None and len(rows) > 0)
        part = (rows["side"] == BOTH).map({True: 0.5, False: 1.0}).to_numpy()
        given[side] = hours.fillna(usual or 0.0) * part
    return given, stated


def _at_once(plans: Sequence[WavePlan], first: dt.date, last: dt.date) -> int:
    """Pairs change in number only where a wave starts."""
    days = {plan.wave.start for plan in plans} | {first}
    return max(
        sum(plan.pairs for plan in plans if plan.wave.start <= day <= plan.wave.end)
        for day in days
        if day <= last
    )


def _months(plans: Sequence[WavePlan], minutes: Mapping[str, int]) -> pd.DataFrame:
    first = min(plan.wave.start for plan in plans)
    last = max(plan.wave.end for plan in plans)
    rows = []
    for month in pd.period_range(first, last, freq="M"):
        begins, ends = month.start_time.date(), month.end_time.date()
        running = [p for p in plans if p.wave.start <= ends and p.wave.end >= begins]
        due = sum(
            plan.pairs * sum(begins <= day <= ends for day in plan.meetings) for plan in running
        )
        rows.append(
            {
                "month": begins,
                "pairs": _at_once(running, begins, ends) if running else 0,
                "meetings": due,
                **{side: due * minutes[side] / 60 for side in SIDES},
            }
        )
    return pd.DataFrame(rows, columns=["month", "pairs", "meetings", *SIDES])
