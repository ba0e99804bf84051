"""The week by name: the list of pairs, and a page for each of them. All of it is restricted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from revmentor import words
from revmentor.cycle.next_step import WAITING
from revmentor.cycle.steps.naming import named_people
from revmentor.cycle.steps.review.foretold import HALFWAY, halfway
from revmentor.cycle.steps.review.week import Week
from revmentor.matching.rematch import Rematch
from revmentor.metrics import Evidence
from revmentor.metrics.goals import latest_goals
from revmentor.metrics.pulse import of_pairs, principle_scores, wave_order
from revmentor.metrics.sessions import PAIR
from revmentor.names import SIDES
from revmentor.publish.named import Named
from revmentor.publish.weekly import (
    PairCourse,
    Waiting,
    WeekRow,
    pair_page,
    pair_page_file,
    week_page,
)
from revmentor.publish.workspace import Workspace

STATUS_WORDS = {
    "held": "held",
    "cancelled_by_mentor": "cancelled by the mentor",
    "cancelled_by_mentee": "cancelled by the mentee",
    "missed": "missed",
}
ASKED_AS = {"hand": "raised a hand in confidence", "support": "asked for support"}
Pair = tuple[str, str]


def write_week(week: Week, work: Workspace, title: str, foretold: str) -> tuple[Path, ...]:
    """The list, every pair's page, and the same as a table; all restricted.

    ``foretold`` says whether health foretold early ends in earlier cycles.
    """
    day = f"{week.as_of:%-d %B %Y}"
    people = named_people(week.tables.people)
    rows = _rows(week, people)
    page = week_page(
        [rows[pair] for pair in _pairs(week.first)],
        [rows[pair] for pair in _pairs(week.others)],
        title=title,
        as_of=day,
        screen=f"{week.caution()} {foretold}",
        rematch=week.rematch_words(),
        new_pairs=_new_pairs(week, people),
        counts={str(label): int(n) for label, n in week.counts(confidential=True)["pairs"].items()},
        waiting=_waiting(week.tables.requests, people),
    )
    written = [work.write_text("review/week.html", page)]
    for course in _courses(week, rows):
        name = f"review/pairs/{pair_page_file(course.row.number)}"
        written.append(work.write_text(name, pair_page(course, title, day)))
    table = week.screened.assign(**{HALFWAY: halfway(week)}).reset_index()
    written.append(work.write_table("review/pairs", table, csv=True))
    if isinstance(week.rematch, Rematch):
        written.append(work.write_table("review/rematch", week.rematch.pairs, csv=True))
    return tuple(written)


def write_waiting(requests: pd.DataFrame | None, work: Workspace) -> Path:
    """How many raised hands and requests for support wait; restricted."""
    kinds = [] if requests is None else requests["kind"].to_list()
    return work.write_json(WAITING, {kind: kinds.count(kind) for kind in ASKED_AS}, restricted=True)


def _waiting(requests: pd.DataFrame | None, people: Mapping[str, Named]) -> list[Waiting]:
    """Who waits for an answer, hands first, then who has waited longest; never what they wrote.

    Whoever has asked more than once stands there once, with how often.
    """
    if requests is None:
        return []
    rows = requests.sort_values(["kind", "on", "person_id"], kind="stable")
    found = []
    for _, mine in rows.groupby(["kind", "person_id"], sort=False):
        kind, who = mine["kind"].iloc[0], mine["person_id"].iloc[0]
        partners = [people[about].name for about in mine["partner_id"] if about in people]
        circles = mine["circle"].dropna() if "circle" in mine else ()
        partners += [f"the circle about {topic}" for topic in circles]
        named = ", ".join(dict.fromkeys(partners))
        days = [f"{on:%-d %B %Y}" for on in mine["on"]]
        found.append(Waiting(people[who], named, ASKED_AS[kind], days[0], len(days), days[-1]))
    return found


def _new_pairs(week: Week, people: Mapping[str, Named]) -> list[tuple[Named, Named]]:
    """Mentor and mentee of every pair that the rematch would make."""
    if not isinstance(week.rematch, Rematch):
        return []
    plan = week.rematch.pairs
    ran = pd.MultiIndex.from_frame(week.evidence.pairs[PAIR])
    new = plan.loc[~pd.MultiIndex.from_frame(plan[PAIR]).isin(ran)]
    return [(people[mentor], people[mentee]) for mentor, mentee in _pairs(new)]


def _pairs(rows: pd.DataFrame) -> list[Pair]:
    return list(zip(*_ids(rows), strict=True))


def _ids(rows: pd.DataFrame) -> list[list[str]]:
    return [rows[side].to_numpy(dtype=object).tolist() for side in PAIR]


def _rows(week: Week, people: Mapping[str, Named]) -> dict[Pair, WeekRow]:
    table = week.screened
    columns = (table["health"], table["reasons"], table["action"])
    return {
        pair: WeekRow(number, people[pair[0]], people[pair[1]], int(health), reasons, action)
        for number, (pair, health, reasons, action) in enumerate(
            zip(table.index, *columns, strict=True), 1
        )
    }


def _courses(week: Week, rows: Mapping[Pair, WeekRow]) -> list[PairCourse]:
    """Everything of each pair, ready for its page."""
    scores = week.evidence.pairs["score"].to_numpy()
    meetings, pulse, goals = _meetings(week.evidence), _pulse(week.evidence), _goals(week.evidence)
    facts = week.screened[["held", "quiet"]].to_numpy()
    return [
        PairCourse(
            row,
            100 * float(score),
            []
            if held != held  # no table of meetings
            else [("Meetings held", words.number(held)), ("Quiet for", f"{quiet:.0f} days")],
            meetings.get(pair, []),
            pulse.get(pair, []),
            goals.get(pair, []),
        )
        for (pair, row), score, (held, quiet) in zip(rows.items(), scores, facts, strict=True)
    ]


def _meetings(seen: Evidence) -> dict[Pair, list[tuple[str, str]]]:
    sessions = seen.table("sessions")
    if sessions is None:
        return {}
    rows = sessions.sort_values([*PAIR, "on"], kind="stable")
    days = rows["on"].dt.strftime("%Y-%m-%d")
    return _grouped(rows, list(zip(days, rows["status"].map(STATUS_WORDS), strict=True)))


def _pulse(seen: Evidence) -> dict[Pair, list[tuple[str, str, str]]]:
    pulse = seen.table("pulse")
    if pulse is None:
        return {}
    answers = of_pairs(pulse, seen.pairs).rows
    if answers.empty:
        return {}
    mentor = answers["side"] == "mentor"
    keyed = answers.assign(
        mentor_id=answers["person_id"].where(mentor, answers["partner_id"]),
        mentee_id=answers["partner_id"].where(mentor, answers["person_id"]),
        person_id=answers.index.astype("str"),
    )
    means = principle_scores(keyed, seen.items["pulse"]).mean(axis=1)
    levels = means.droplevel(["side", "wave"]).reindex(keyed["person_id"]).to_numpy()
    wide = keyed.assign(level=levels).pivot(index=[*PAIR, "wave"], columns="side", values="level")
    wide = wide.reindex(columns=list(SIDES)).reset_index()
    order = {wave: place for place, wave in enumerate(wave_order(answers))}
    wide = wide.sort_values([*PAIR, "wave"], key=lambda c: c.map(order) if c.name == "wave" else c)
    cells = [
        (
            words.called_check_in(str(wave)),
            *("no answer" if level != level else f"{level:.1f}" for level in both),
        )
        for wave, *both in wide[["wave", *SIDES]].itertuples(index=False)
    ]
    return _grouped(wide, cells)  # type: ignore[arg-type]


def _goals(seen: Evidence) -> dict[Pair, list[tuple[str, str, str, str, str, str]]]:
    goals = seen.table("goals")
    if goals is None:
        return {}
    latest = latest_goals(goals)
    way = (latest["current"] - latest["baseline"]) / (latest["target"] - latest["baseline"])
    side = latest["side"].fillna("") if "side" in latest else pd.Series("", index=latest.index)
    columns = (latest[name] for name in ("goal", "baseline", "target", "current"))
    cells = [
        (str(goal), str(whose), f"{begin:g}", f"{target:g}", f"{now:g}", _way(share))
        for whose, goal, begin, target, now, share in zip(side, *columns, way, strict=True)
    ]
    return _grouped(latest, cells)


def _way(share: float) -> str:
    return words.percent(share) if abs(share) < float("inf") else "not defined"


def _grouped[T](rows: pd.DataFrame, cells: list[T]) -> dict[Pair, list[T]]:
    """The cells of each pair, in the order of the rows."""
    found: dict[Pair, list[T]] = {}
    for mentor, mentee, cell in zip(*_ids(rows), cells, strict=True):
        found.setdefault((mentor, mentee), []).append(cell)
    return found
