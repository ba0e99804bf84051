"""How loaded are the mentors?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from revmentor.metrics.estimate import Estimate, clustered_share, mean, not_computed, proportion
from revmentor.metrics.load import DAYS_A_MONTH
from revmentor.metrics.pulse import of_pairs as answers_of_pairs
from revmentor.metrics.pulse import principle_scores, wave_order
from revmentor.metrics.sessions import PAIR, STATUSES, of_pairs, starts_of

SIGNS = {
    "hours": "meets for more hours a month than offered",
    "commitment": "sees commitment below the middle of the scale",
    "cancelled": "cancelled at least a quarter of the arranged meetings",
    "support": "asked for support in the latest answer",
}
"""Signs of load, in the order in which they are told."""

LOADED_FROM = 2
TOLD_OF = "mentors of whom a meeting is told"
_OFTEN = 0.25


@dataclass(frozen=True)
class Burden:
    """The load of the mentors, as a whole and by person.

    Parameters
    ----------
    mentors : DataFrame
        Indexed by person_id: partners, hours (a month, in meetings), offered (hours a month),
        commitment (points, latest answer), cancelled and arranged (meetings), support (latest
        answer asks for it), a column per sign of `SIGNS` (True, False, or NA where there is
        nothing to tell from), known and signs (numbers of them). For the coordinator only.
    hours : Estimate
        Mean over mentors of whom a meeting, held or not, is told.
    partners, commitment : Estimate
        Means over mentors.
    cancelled : Estimate
        Share of the arranged meetings that the mentor cancelled, clustered by mentor.
    support : Estimate
        Share of mentors with a pulse whose latest answer asks for support.
    signs : mapping of sign to Estimate
        Share of mentors who show it, of those of whom it can be told.
    loaded : Estimate
        Share of mentors who show at least two signs, of those of whom two can be told.
    """

    mentors: pd.DataFrame
    hours: Estimate
    partners: Estimate
    commitment: Estimate
    cancelled: Estimate
    support: Estimate
    signs: Mapping[str, Estimate]
    loaded: Estimate


def burden(
    pairs: pd.DataFrame,
    *,
    start: dt.date,
    as_of: dt.date,
    minutes: float,
    middle: float,
    sessions: pd.DataFrame | None = None,
    pulse: pd.DataFrame | None = None,
    items: Sequence[str] = (),
    applications: pd.DataFrame | None = None,
) -> Burden:
    """How loaded are the mentors: hours, partners, commitment, cancellations, support asked for?

    Hours are those of meetings held; preparation is not measured, so the true load is higher. Their
    mean is of mentors of whom a meeting is told, as nothing told may be nothing entered. A
    mentor is called loaded from two signs on, as one alone is common. Means with Student's
    interval, shares with Wilson's, over mentors. It says who may need help, not who does badly.

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id; begins, ends where pairs have days of their own.
    start, as_of : date
        First day of the other pairs, and last day that is looked at.
    minutes : float
        Length of a meeting held whose minutes are not told.
    middle : float
        Middle of the pulse's scale, in points.
    sessions, pulse, applications : DataFrame or None
        As in the contract; None where the cycle has none: what needs them is then not computed.
    items : sequence of str
        The pulse's question columns, of which those of commitment are used.

    Notes
    -----
    Hours a month of a mentor = sum over the pairs of hours held / months of 365.25 / 12 days since
    the pair began (until it ended), as a pair of a later wave had less time to meet.
    """
    partners = pairs.groupby("mentor_id").size().rename("partners")
    table = partners.to_frame().rename_axis("person_id")
    day = pd.Timestamp(as_of)
    table = table.join(_meetings(pairs, sessions, day, minutes, _months(pairs, start, day)))
    table = table.join(_answers(pairs, pulse, day, items))
    gave: pd.Series | None = None
    if applications is not None:
        gave = applications.set_index("person_id")["hours_per_month"]
    table["offered"] = np.nan if gave is None else gave.reindex(table.index).astype("float64")
    table = _signed(table, middle)
    return _summed_up(table, sessions is not None, pulse is not None)


def _months(pairs: pd.DataFrame, start: dt.date, day: pd.Timestamp) -> pd.Series:
    """Months of each pair (by mentor_id, mentee_id) until its end or this day; a day at least."""
    begins = starts_of(pairs, start).to_numpy("datetime64[D]")
    today = np.datetime64(day, "D")
    ends = np.minimum(pairs["ends"].to_numpy("datetime64[D]"), today) if "ends" in pairs else today
    days = np.maximum((ends - begins).astype("float64") + 1, 1)
    return pd.Series(days / DAYS_A_MONTH, index=pd.MultiIndex.from_frame(pairs[PAIR]))


def _meetings(
    pairs: pd.DataFrame,
    sessions: pd.DataFrame | None,
    day: pd.Timestamp,
    minutes: float,
    months: pd.Series,
) -> pd.DataFrame:
    """Hours a month, arranged meetings and those that the mentor cancelled; NaN without a table."""
    mentors = pd.Index(pairs["mentor_id"].unique(), name="person_id")
    if sessions is None:
        return pd.DataFrame(np.nan, index=mentors, columns=["hours", "arranged", "cancelled"])
    rows = of_pairs(sessions, pairs).rows
    rows = rows.loc[(rows["on"] <= day) & rows["status"].isin(STATUSES)]
    held = rows["status"] == "held"
    told = rows["minutes"] if "minutes" in rows.columns else pd.Series(np.nan, index=rows.index)
    long = told.astype("float64").fillna(minutes).where(held, 0.0)
    by_mentor = pd.DataFrame(
        {
            "hours": long / 60 / months.reindex(pd.MultiIndex.from_frame(rows[PAIR])).to_numpy(),
            "arranged": 1.0,
            "cancelled": (rows["status"] == "cancelled_by_mentor").astype("float64"),
        }
    )
    return by_mentor.groupby(rows["mentor_id"]).sum().reindex(mentors, fill_value=0.0)


def _answers(
    pairs: pd.DataFrame, pulse: pd.DataFrame | None, day: pd.Timestamp, items: Sequence[str]
) -> pd.DataFrame:
    """Each mentor's commitment and call for support in the latest wave they answered."""
    none = pd.DataFrame(
        {"commitment": pd.Series(dtype="float64"), "support": pd.Series(dtype="boolean")}
    )
    if pulse is None:
        return none
    rows = answers_of_pairs(pulse.loc[pulse["on"] <= day], pairs).rows
    rows = rows.loc[rows["side"] == "mentor"]
    if rows.empty:
        return none
    order = {wave: place for place, wave in enumerate(wave_order(rows))}
    place = rows["wave"].map(order)
    latest = rows.loc[place == place.groupby(rows["person_id"]).transform("max")]
    asked = latest["support_needed"].notna().groupby(latest["person_id"]).any()
    found = asked.astype("boolean").rename("support").to_frame()
    scores = principle_scores(latest, items)
    found["commitment"] = np.nan
    if "commitment" in scores.columns:
        found["commitment"] = scores["commitment"].groupby(level="person_id").mean()
    return found


def _signed(table: pd.DataFrame, middle: float) -> pd.DataFrame:
    """The table with its signs; a sign is NA where there is nothing to tell it from."""
    rate = table["cancelled"] / table["arranged"].where(table["arranged"] > 0)
    over = table["hours"] - table["offered"]
    signs = pd.DataFrame(
        {
            "hours": _where(over > 1e-9, over),
            "commitment": _where(table["commitment"] < middle, table["commitment"]),
            "cancelled": _where(rate >= _OFTEN, rate),
            "support": table["support"].astype("boolean"),
        }
    ).add_prefix("sign_")
    found = table.join(signs)
    found["known"] = signs.notna().sum(axis=1)
    found["signs"] = signs.fillna(False).sum(axis=1).astype("int64")
    return found.sort_index()


def _where(flags: pd.Series, known: pd.Series) -> pd.Series:
    return flags.astype("boolean").where(known.notna())


def _summed_up(table: pd.DataFrame, met: bool, asked: bool) -> Burden:
    signs = {}
    for name in SIGNS:
        column = table[f"sign_{name}"].dropna()
        signs[name] = proportion(int(column.sum()), len(column), "mentors")
    enough = table.loc[table["known"] >= LOADED_FROM]
    loaded = int((enough["signs"] >= LOADED_FROM).sum())
    no_meetings, no_pulse = "there is no table sessions", "there is no table pulse"
    told = table["hours"].where(table["arranged"] > 0)
    not_yet = "" if told.notna().any() else "no meeting is told yet"
    return Burden(
        mentors=table,
        hours=_mean(told, "hours a month", not_yet if met else no_meetings, TOLD_OF, 0.0),
        partners=_mean(table["partners"], "partners", "", least=1.0),
        commitment=_mean(table["commitment"], "points", "" if asked else no_pulse),
        cancelled=clustered_share(
            table["cancelled"].fillna(0),
            table["arranged"].fillna(0),
            "arranged meetings",
            "mentors",
        )
        if met
        else not_computed(no_meetings, 0, "share", "share", "arranged meetings"),
        support=signs["support"]
        if asked
        else not_computed(no_pulse, 0, "share", "share", "mentors"),
        signs=signs,
        loaded=proportion(loaded, len(enough), "mentors of whom two signs can be told"),
    )


def _mean(
    values: pd.Series, unit: str, lacking: str, of: str = "mentors", least: float = -math.inf
) -> Estimate:
    """Mean over mentors; where all are alike, the number itself without an interval."""
    if lacking:
        return not_computed(lacking, 0, unit, "mean, t 95% interval", of)
    known = values.dropna().astype("float64")
    if len(known) > 1 and known.nunique() == 1:
        method = "mean, all mentors alike, no interval"
        return Estimate(float(known.iloc[0]), None, None, len(known), unit, method, "", of)
    return mean(known, unit, of, bounds=(least, math.inf))
