"""What may one participant read about another, and why were they brought together?"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from revmentor.names import CRITERIA
from revmentor.params.models import WorkingHours

if TYPE_CHECKING:
    from babel import Locale

Side = Literal["mentor", "mentee"]
SIDES: tuple[tuple[Side, Side], ...] = (("mentor", "mentee"), ("mentee", "mentor"))

# A pack never tells one side what the other wished, how old or of which temper they are.
TOLD = tuple(
    name
    for name in CRITERIA
    if name not in {"wishes", "generation", "personality", "seniority_gap"}
)
WHY: Mapping[str, str] = {
    "department": "You work in different departments, so you see different sides of the company",
    "site": "You work at different sites",
    "time_zone": "Your working hours overlap",
    "language": "You speak a language in common",
}
WHY_SAME: Mapping[str, str] = {
    "department": "You work in the same department, so you know the same ground",
    "site": "You work at the same site and can meet face to face",
}
REASONS = 3


@dataclass(frozen=True)
class Profile:
    """What one side reads about the other; no age, grade, gender, wish or score.

    Parameters
    ----------
    side : str
    name : str
        Or a stand-in where the roster has none.
    job_title, department, site, email, zone : str
        Empty where they are not known.
    languages, interests : tuple of str
    skills : tuple of str
        What a mentor offers, what a mentee wants to learn.
    about : str
        Their own words, only where they agreed to share them.
    named : bool
        Is the name their own?
    """

    side: Side
    name: str
    job_title: str = ""
    department: str = ""
    site: str = ""
    email: str = ""
    languages: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    about: str = ""
    zone: str = ""
    named: bool = True


def text_of(value: Any) -> str:
    """A cell as text; missing is empty, and line breaks are blanks.

    >>> text_of(" a\\r\\n b "), text_of(pd.NA)
    ('a b', '')
    """
    return "" if pd.isna(value) else " ".join(str(value).split())


def language_name(told: str) -> str:
    """What is this language called? A code by its English name, anything else as it was written.

    >>> language_name("de"), language_name("pt-BR"), language_name("English"), language_name("xx")
    ('German', 'Portuguese (Brazil)', 'English', 'xx')
    """
    code = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?", told.strip())
    if code is None:
        return told
    language, country = code[1].lower(), (code[2] or "").upper()
    known = _english()
    name = known.languages.get(language, told)
    return (
        f"{name} ({known.territories.get(country, country)})" if name != told and country else name
    )


@cache
def _english() -> Locale:
    from babel import Locale  # imported here: it is slow, and only packs name languages

    return Locale("en")


def profile(
    person: Mapping[str, Any], application: Mapping[str, Any], side: Side, stand_in: str
) -> Profile:
    """Whom does the partner read about?

    Parameters
    ----------
    person, application : mapping
        Rows of the tables `people` and `applications`, by column.
    side : str
        On which this person is here.
    stand_in : str
        Name of somebody without one.
    """
    agreed = text_of(application.get("share")) == "yes"
    return Profile(
        side,
        text_of(person["name"]) or stand_in,
        text_of(person["job_title"]),
        text_of(person["department"]),
        text_of(person["site"]),
        text_of(person["email"]),
        tuple(language_name(each) for each in person["languages"]),
        tuple(application["interests"]),
        tuple(application["skills_offered" if side == "mentor" else "skills_wanted"]),
        text_of(application.get("about")) if agreed else "",
        text_of(person["time_zone"]),
        bool(text_of(person["name"])),
    )


def reasons(row: pd.Series, mentor: Profile, mentee: Profile) -> tuple[str, ...]:
    """What spoke most for this pair, in words, beside skills and interests; only from `TOLD`.

    Parameters
    ----------
    row : Series
        Each criterion's part of the score; only those above 0 count, the largest first.
    mentor, mentee : Profile
    """
    parts = sorted(
        ((float(row[name]), name) for name in TOLD if name in row.index and row[name] > 0),
        reverse=True,
    )
    # A page names skills and interests that both have one by one.
    plain = {"skills", "interests"}
    return tuple(_why(name, mentor, mentee) for _, name in parts[:REASONS] if name not in plain)


def _why(name: str, mentor: Profile, mentee: Profile) -> str:
    same = name in WHY_SAME and getattr(mentor, name) == getattr(mentee, name)
    return (WHY_SAME if same else WHY)[name]


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
