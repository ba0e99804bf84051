"""On which days does nobody work, in the country of a site?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from revmentor.params.design import Design

if TYPE_CHECKING:
    from holidays import HolidayBase

SATURDAY = 5
SHOWN_IN = "en_US"


@lru_cache(maxsize=256)
def _calendar(country: str, years: tuple[int, ...]) -> HolidayBase:
    """The country's calendar, with its names in English where the library has them."""
    import holidays  # slow to import, and needed only where a country is named

    code, _, part = country.partition("-")
    known = holidays.country_holidays(code).supported_languages
    language = SHOWN_IN if SHOWN_IN in known else None
    return holidays.country_holidays(code, subdiv=part or None, years=years, language=language)


def holidays_of(country: str, years: Iterable[int]) -> Mapping[dt.date, str]:
    """Which public holidays has a country, or a part of it, in these years?

    Parameters
    ----------
    country : str
        ISO 3166 code that the library ``holidays`` knows, such as DE, or DE-BY for a part.
    years : iterable of int

    Returns
    -------
    mapping of date to str
        In order of time, with the name in English where there is one, and days given instead.

    >>> holidays_of("DE-BY", [2026])[dt.date(2026, 1, 6)]
    'Epiphany'
    """
    found = _calendar(country, tuple(sorted(set(years))))
    return dict(sorted(found.items()))


def day_off(day: dt.date, country: str | None = None) -> str | None:
    """Why does nobody work on this day: the holiday's name, "weekend", or None for a working day?

    Parameters
    ----------
    day : date
    country : str or None
        As for `holidays_of`, with its own weekend and its worked Sundays; None: Saturday and
        Sunday alone are free.

    >>> day_off(dt.date(2026, 7, 3), "US"), day_off(dt.date(2026, 7, 4))
    ('Independence Day (observed)', 'weekend')
    """
    if country is None:
        return "weekend" if day.weekday() >= SATURDAY else None
    calendar = _calendar(country, (day.year,))
    if calendar.is_working_day(day):
        return None
    return calendar.get(day) or "weekend"


def is_working_day(day: dt.date, country: str | None = None) -> bool:
    """Do people work on this day? See `day_off`.

    >>> is_working_day(dt.date(2026, 6, 4), "DE-BY"), is_working_day(dt.date(2026, 6, 4), "DE-BE")
    (False, True)
    """
    return day_off(day, country) is None


def country_of(site: object, design: Design) -> str | None:
    """Which country is a site in? The cycle's own where it is not named; None if there is none.

    Parameters
    ----------
    site : object
        As the people table has it; a missing value is no site.
    design : Design
        ``countries`` by site (blanks and case do not matter), ``country`` for all others.

    >>> country_of("Munich", Design(country="DE", countries={"Munich": "DE-BY"}))
    'DE-BY'
    """
    if isinstance(site, str):
        wanted = site.strip().casefold()
        for name, country in design.countries.items():
            if name.strip().casefold() == wanted:
                return country
    return design.country
