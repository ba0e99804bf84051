"""What is known of each pair up to a day: meetings, cancellations, pulse, goals, training."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from revmentor.metrics.goals import goal_attainment
from revmentor.metrics.pulse import asked_by, principle_scores, wave_order
from revmentor.metrics.pulse import of_pairs as answers_of_pairs
from revmentor.metrics.sessions import PAIR, of_pairs, starts_of
from revmentor.names import SIDES, TRAINED

_WORDS = np.array(["", "mentor", "mentee", "both"], dtype=object)
_BY_SIDE = {str(word): number for number, word in enumerate(_WORDS)}


def pair_facts(
    pairs: pd.DataFrame,
    *,
    as_of: dt.date,
    start: dt.date,
    sessions: pd.DataFrame | None = None,
    pulse: pd.DataFrame | None = None,
    items: Sequence[str] = (),
    goals: pd.DataFrame | None = None,
    training: pd.DataFrame | None = None,
    outcomes: pd.DataFrame | None = None,
    requests: pd.DataFrame | None = None,
    gone: Collection[str] = (),
) -> pd.DataFrame:
    """What is known of each pair on this day?

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, one row per pair; begins and ends where waves have days of their own.
    as_of : date
        Rows of the tables after this day are not looked at.
    start : date
        First day of the pairs.
    sessions, pulse, goals, training, outcomes : DataFrame or None
        As in the contract; None where the cycle has none.
    items : sequence of str
        The pulse's question columns.
    requests : DataFrame or None
        As in the contract: what waits for an answer now, whatever the day.
    gone : collection of str
        Who has left as other tables know, such as the roster, beside `outcomes`.

    Returns
    -------
    DataFrame
        Indexed like `pairs` by mentor_id, mentee_id, one row per pair, in their order:
        held (meetings), first_after (days from the start to the first meeting, NaN: none),
        quiet (days since the last meeting, since the start if none), cancelled_in_a_row (by the
        mentee, since the last meeting), mentor_pulse, mentee_pulse (mean over the principles in
        the latest wave that the person answered), mentor_change, mentee_change (against the wave
        answered before), gap (mentor minus mentee in the latest wave that both answered),
        answered (people of the pair who answered the latest wave in which it was asked, 0..2, NaN
        without one),
        support_side (side or sides that asked for support in their latest answer, or wait for it,
        "" for none), hand_side (side or sides whose raised hand waits, "" for none),
        attainment (mean over the goals, uncapped), untrained_side (side or sides with training
        due), left_side (side or sides who have left the company). Where the pairs have days of
        their own also days (since the first of them, negative before it) and length (in days).
    """
    index = pd.MultiIndex.from_frame(pairs[PAIR])
    facts = pd.DataFrame(index=index)
    day = pd.Timestamp(as_of)
    begins = starts_of(pairs, start).set_axis(index)
    if "begins" in pairs:
        facts["days"] = (day - begins).dt.days.astype("float64")
        ends = pairs["ends"].set_axis(index)
        facts["length"] = (ends - begins).dt.days.astype("float64")
    facts = facts.join(_meetings(pairs, sessions, index, day, begins))
    facts = facts.join(_pulse(pairs, pulse, index, day, items))
    facts["attainment"] = np.nan
    if goals is not None:
        known = goal_attainment(goals.loc[goals["on"] <= day], pairs).goals
        facts["attainment"] = known.groupby(PAIR)["attainment"].mean().reindex(index)
    facts["untrained_side"] = _sides(index, _untrained(training, day))
    facts["left_side"] = _sides(index, {*_left(outcomes, day), *gone})
    asked = _asking(requests, index, "support")
    asked |= facts["support_side"].map(_BY_SIDE).to_numpy()
    facts["support_side"] = _WORDS[asked]
    facts["hand_side"] = _WORDS[_asking(requests, index, "hand")]
    return facts


def own_days(
    facts: pd.DataFrame, as_of: dt.date, start: dt.date, end: dt.date, *, over: bool
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """How many days is each pair old, how many does it last, and is it over?

    Its own days where `pair_facts` found such; else those of the cycle, which is over for all.
    """
    if "days" in facts:
        days, length = facts["days"], facts["length"]
        return days, length, over | (days > length)
    alike = facts.assign(days=float((as_of - start).days), length=float((end - start).days))
    return alike["days"], alike["length"], pd.Series(over, index=facts.index)


def _meetings(
    pairs: pd.DataFrame,
    sessions: pd.DataFrame | None,
    index: pd.MultiIndex,
    day: pd.Timestamp,
    begins: pd.Series,
) -> pd.DataFrame:
    known = sessions is not None
    found = pd.DataFrame(
        {
            "held": 0 if known else np.nan,
            "first_after": np.nan,
            "quiet": (day - begins).dt.days.astype("float64") if known else np.nan,
            "cancelled_in_a_row": 0,
        },
        index=index,
    )
    if sessions is None:
        return found
    rows = of_pairs(sessions.loc[sessions["on"] <= day], pairs).rows
    rows = rows.sort_values([*PAIR, "on"], kind="stable", ignore_index=True)
    held = rows.loc[rows["status"] == "held"].groupby(PAIR)["on"]
    found["held"] = held.size().reindex(index, fill_value=0).astype("int64")
    found["first_after"] = (held.min().reindex(index) - begins).dt.days.astype("float64")
    last = held.max()
    quiet = (day - last.reindex(index)).dt.days.astype("float64")
    found["quiet"] = quiet.fillna(found["quiet"]).clip(lower=0)
    met = last.reindex(pd.MultiIndex.from_frame(rows[PAIR])).to_numpy()
    since = rows.loc[pd.isna(met) | (rows["on"].to_numpy() > met)]
    if len(since):
        # The streak ends at the last meeting that somebody else called off or missed.
        other = (since["status"] != "cancelled_by_mentee").astype("int64")
        later = other[::-1].groupby([since["mentor_id"], since["mentee_id"]]).cumsum()
        streak = (later == 0).groupby([since["mentor_id"], since["mentee_id"]]).sum()
        found["cancelled_in_a_row"] = streak.reindex(index, fill_value=0).astype("int64")
    return found


def _pulse(
    pairs: pd.DataFrame,
    pulse: pd.DataFrame | None,
    index: pd.MultiIndex,
    day: pd.Timestamp,
    items: Sequence[str],
) -> pd.DataFrame:
    names = [f"{side}_{what}" for what in ("pulse", "change") for side in SIDES]
    found = pd.DataFrame(np.nan, index=index, columns=[*names, "gap", "answered"])
    found["support_side"] = ""
    answers = None if pulse is None else answers_of_pairs(pulse.loc[pulse["on"] <= day], pairs).rows
    if answers is None or answers.empty:
        return found
    waves = wave_order(answers)
    mentor = answers["side"] == "mentor"
    keyed = answers.assign(
        mentor_id=answers["person_id"].where(mentor, answers["partner_id"]),
        mentee_id=answers["partner_id"].where(mentor, answers["person_id"]),
    )
    scored = keyed.assign(level=principle_scores_of_rows(keyed, items))
    wide = scored.pivot(index=PAIR, columns=["side", "wave"], values="level").reindex(index)
    both = {}
    for side in SIDES:
        levels = wide.reindex(columns=[(side, wave) for wave in waves]).to_numpy(dtype="float64")
        latest, before = _last_two(levels)
        found[f"{side}_pulse"], found[f"{side}_change"] = latest, latest - before
        both[side] = levels
    found["gap"] = _last_two(both["mentor"] - both["mentee"])[0]
    found["answered"] = _answered(keyed, asked_by(answers, pairs, day.date()))
    place = {wave: at for at, wave in enumerate(waves)}
    latest_rows = keyed.assign(at=keyed["wave"].map(place)).sort_values("at", kind="stable")
    latest_rows = latest_rows.drop_duplicates([*PAIR, "side"], keep="last")
    asked = latest_rows.loc[latest_rows["support_needed"].notna()]
    found["support_side"] = _joined_sides(asked, index)
    return found


def _answered(keyed: pd.DataFrame, asked: pd.DataFrame) -> np.ndarray:
    """Answers of each pair in the latest wave in which it was asked; NaN if it was in none."""
    given = pd.crosstab([keyed["mentor_id"], keyed["mentee_id"]], keyed["wave"])
    counts = given.reindex(index=asked.index, columns=asked.columns, fill_value=0).to_numpy()
    last = asked.shape[1] - 1 - asked.to_numpy()[:, ::-1].argmax(axis=1)
    latest = counts[np.arange(len(asked)), last].astype("float64")
    return np.where(asked.any(axis=1), latest, np.nan)


def principle_scores_of_rows(answers: pd.DataFrame, items: Sequence[str]) -> pd.Series:
    """Mean over the principles of each answer (a principle is the mean of its items)."""
    keyed = answers.assign(person_id=answers.index.astype(str), side="", wave="")
    scores = principle_scores(keyed, items).mean(axis=1)
    levels = scores.reset_index().set_index("person_id")[0]
    return pd.Series(levels.reindex(answers.index.astype(str)).to_numpy(), index=answers.index)


def _last_two(levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The last and the last but one known value of each row; NaN where there is none."""
    known = ~np.isnan(levels)
    rank = known[:, ::-1].cumsum(axis=1)[:, ::-1]
    values = []
    for nth in (1, 2):
        at = known & (rank == nth)
        row = np.where(at, levels, 0.0).sum(axis=1)
        values.append(np.where(at.any(axis=1), row, np.nan))
    return values[0], values[1]


def _untrained(training: pd.DataFrame | None, day: pd.Timestamp) -> set[str]:
    if training is None:
        return set()
    known = training.loc[training["on"].isna() | (training["on"] <= day)]
    return set(known.loc[~known["status"].isin(TRAINED), "person_id"])


def _left(outcomes: pd.DataFrame | None, day: pd.Timestamp) -> set[str]:
    if outcomes is None:
        return set()
    return set(outcomes.loc[(outcomes["left_on"] <= day).fillna(False), "person_id"])


def _sides(index: pd.MultiIndex, who: set[str]) -> list[str]:
    """Which sides of each pair are among these people: "", "mentor", "mentee", "both"?"""
    mentor = index.get_level_values("mentor_id").isin(who)
    mentee = index.get_level_values("mentee_id").isin(who)
    return _side_words(mentor, mentee)


def _joined_sides(rows: pd.DataFrame, index: pd.MultiIndex) -> list[str]:
    flags = []
    for side in SIDES:
        pairs = pd.MultiIndex.from_frame(rows.loc[rows["side"] == side, PAIR])
        flags.append(index.isin(pairs))
    return _side_words(*flags)


def _side_words(mentor: np.ndarray, mentee: np.ndarray) -> list[str]:
    return list(_WORDS[mentor.astype(int) + 2 * mentee.astype(int)])


def _asking(requests: pd.DataFrame | None, index: pd.MultiIndex, kind: str) -> np.ndarray:
    """Whose request waits, 1 the mentor's, 2 the mentee's, 3 both? About nobody: of every pair."""
    found = np.zeros(len(index), dtype=int)
    if requests is None:
        return found
    rows = requests.loc[requests["kind"] == kind]
    if "circle" in rows:
        # What is about a circle is about no pair.
        rows = rows.loc[rows["circle"].isna()]
    alone = set(rows.loc[rows["partner_id"].isna(), "person_id"])
    about = pd.MultiIndex.from_frame(rows[["person_id", "partner_id"]])
    for place, turned in enumerate((index, index.swaplevel())):
        found |= (turned.isin(about) | turned.get_level_values(0).isin(alone)) * (1 << place)
    return found
