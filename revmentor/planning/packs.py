"""What does each side of a pair need for its first meeting?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from revmentor.names import CRITERION_LABELS
from revmentor.params.models import CRITERIA, Params, WorkingHours
from revmentor.planning.cards import AGENDA, CARDS, EXPECTATIONS
from revmentor.planning.timeline import check_ins, meetings

Side = Literal["mentor", "mentee"]
SIDES: tuple[tuple[Side, Side], ...] = (("mentor", "mentee"), ("mentee", "mentor"))

# A pack never tells one side what the other wished, how old or of which temper they are.
TOLD = tuple(
    name
    for name in CRITERIA
    if name not in {"wishes", "generation", "personality", "seniority_gap"}
)


@dataclass(frozen=True)
class Profile:
    """What one side reads about the other; no age, grade, gender, wish or score."""

    name: str
    job_title: str
    department: str
    site: str
    email: str
    languages: tuple[str, ...]
    interests: tuple[str, ...]


@dataclass(frozen=True)
class Pack:
    """One side's page of one pair."""

    number: int
    side: Side
    you: Profile
    partner: Profile
    teaches: tuple[str, ...]
    also_wanted: tuple[str, ...]
    why: tuple[str, ...]
    shared_interests: tuple[str, ...]
    hours: str
    first_meeting_by: dt.date
    meetings: tuple[dt.date, ...]
    check_ins: tuple[dt.date, ...]
    minutes: int
    agenda: tuple[tuple[int, str], ...]
    expectations: tuple[str, ...]
    cards: tuple[str, ...]


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _profile(person: Mapping[str, Any], application: Mapping[str, Any], stand_in: str) -> Profile:
    return Profile(
        _text(person["name"]) or stand_in,
        _text(person["job_title"]),
        _text(person["department"]),
        _text(person["site"]),
        _text(person["email"]),
        tuple(person["languages"]),
        tuple(application["interests"]),
    )


def shared_hours(own_zone: object, other_zone: object, hours: WorkingHours, on: dt.date) -> str:
    """Which hours of one's own working day does the other side work too?

    >>> from revmentor.params.models import WorkingHours
    >>> day = WorkingHours.model_validate({"from": 9, "to": 17})
    >>> shared_hours("Europe/London", "Europe/Berlin", day, dt.date(2026, 1, 12))
    '09:00 to 16:00 your time (Europe/London)'
    >>> shared_hours("Europe/London", None, day, dt.date(2026, 1, 12))
    ''
    """
    if pd.isna(own_zone) or pd.isna(other_zone):  # type: ignore[call-overload]
        return ""
    try:
        noon = dt.datetime.combine(on, dt.time(12))
        ahead = [ZoneInfo(str(zone)).utcoffset(noon) for zone in (own_zone, other_zone)]
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    shift = ((ahead[1] or dt.timedelta()) - (ahead[0] or dt.timedelta())) / dt.timedelta(hours=1)
    spans = []
    for days in (-24, 0, 24):
        begin = max(float(hours.begin), hours.begin - shift + days)
        end = min(float(hours.end), hours.end - shift + days)
        if end > begin:
            spans.append(f"{_clock(begin)} to {_clock(end)}")
    if not spans:
        return f"outside working hours: your days do not overlap ({own_zone})"
    return f"{' and '.join(spans)} your time ({own_zone})"


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def make_packs(
    pairs: pd.DataFrame,
    contributions: pd.DataFrame,
    people: pd.DataFrame,
    applications: pd.DataFrame,
    params: Params,
) -> tuple[Pack, ...]:
    """Which two pages does every pair get, mentor's first, in the order of ``pairs``?

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id; one row per pair, numbered from 1 in this order.
    contributions : DataFrame
        mentor_id, mentee_id and one column per criterion: its part of the score.
    people, applications : DataFrame
        As loaded by contract.
    params : Params
        Dates, working hours and the kind of objective.

    Returns
    -------
    tuple of Pack
        Two per pair. ``teaches`` are the skills that the mentor offers and the mentee wants,
        ``also_wanted`` the mentee's other wants; ``why`` names the (at most three) criteria that
        brought most of the score, among those in `TOLD`.
    """
    persons, applied = _by_id(people), _by_id(applications)
    shares = contributions.set_index(["mentor_id", "mentee_id"])
    programme, due = params.programme, meetings(params.programme)
    first_by = programme.start + dt.timedelta(days=programme.first_meeting_within_days)
    found: list[Pack] = []
    for number, (mentor, mentee) in enumerate(
        zip(pairs["mentor_id"], pairs["mentee_id"], strict=True), 1
    ):
        ids: dict[Side, str] = {"mentor": mentor, "mentee": mentee}
        profile = {
            side: _profile(persons[who], applied[who], f"your {side}") for side, who in ids.items()
        }
        offered = set(applied[mentor]["skills_offered"])
        wanted = applied[mentee]["skills_wanted"]
        why = _reasons(shares.loc[(mentor, mentee)])
        both = set(profile["mentee"].interests)
        for side, other in SIDES:
            zones = persons[ids[side]]["time_zone"], persons[ids[other]]["time_zone"]
            found.append(
                Pack(
                    number,
                    side,
                    profile[side],
                    profile[other],
                    tuple(skill for skill in wanted if skill in offered),
                    tuple(skill for skill in wanted if skill not in offered),
                    why,
                    tuple(item for item in profile["mentor"].interests if item in both),
                    shared_hours(*zones, params.matching.working_hours, programme.start),
                    min(first_by, programme.end),
                    due,
                    check_ins(programme),
                    programme.meeting_minutes,
                    agenda(programme.meeting_minutes),
                    EXPECTATIONS[side],
                    CARDS[params.charter.kind],
                )
            )
    return tuple(found)


def agenda(minutes: int) -> tuple[tuple[int, str], ...]:
    """How does a first meeting of this length (minutes) spend its time? At least a minute each.

    >>> sum(part for part, _ in agenda(90))
    90
    """
    whole = sum(part for part, _ in AGENDA)
    return tuple((max(1, round(part * minutes / whole)), what) for part, what in AGENDA)


def _by_id(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    rows = frame.to_dict("records")
    return {str(row["person_id"]): {str(name): cell for name, cell in row.items()} for row in rows}


def _reasons(row: pd.Series) -> tuple[str, ...]:
    parts = sorted(
        ((float(row[name]), name) for name in TOLD if name in row.index and row[name] > 0),
        reverse=True,
    )
    return tuple(CRITERION_LABELS[name] for _, name in parts[:3])
