"""One text to one day: dates in a declared order, and times of a clock in a zone."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from revmentor.data.values import ISO, Unreadable, full_year, two_digits
from revmentor.params.models import DateOrder

_YEAR_FIRST = re.compile(r"([0-9]{4}|[0-9]{2})([-/. ])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIMED = re.compile(
    r"(.+?),?[T ] *([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
    r"(?: ?(Z|UTC|GMT)?([+-][0-9]{1,2}(?::?[0-9]{2})?)?)?"
)
_SERIAL = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000
_TIMED = re.compile(
    r"(.+?),?[T ] *([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
    r"(?: ?(Z|UTC|GMT)?([+-][0-9]{1,2}(?::?[0-9]{2})?)?)?"
)
_ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


def calendar_date(
    text: str,
    order: DateOrder,
    latest_year: int,
    zone: str | None = None,
    clock: str | None = None,
) -> dt.date:
    """Which day is this, in the declared order? ISO dates are read in every order.

    Parameters
    ----------
    text : str
        The trimmed cell: a date, or a date with a time.
    order : {"iso", "dmy", "mdy", "ymd"}
        As declared for the source.
    latest_year : int
        A year of two digits is the latest such year that is not after this one.
    zone : str, optional
        IANA name of the zone whose calendar day a time with an offset is put into; without one,
        such a time is refused.
    clock : str, optional
        IANA name of the zone of times without an offset; without one, their day is as written.

    >>> calendar_date("3.4.21", "dmy", 2026)
    datetime.date(2021, 4, 3)
    >>> calendar_date("2026-01-11T23:30:00-05:00", "iso", 2026, "Europe/Berlin")
    datetime.date(2026, 1, 12)
    >>> calendar_date("9/27/2026 11:30:05 PM", "mdy", 2026, "Europe/Berlin", "UTC")
    datetime.date(2026, 9, 28)
    """
    timed = _TIMED.fullmatch(text)
    if timed:
        return _in_zone(calendar_date(timed[1], order, latest_year), timed, zone, clock)
    iso = ISO.fullmatch(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    parts = _parts(text, order)
    if parts is None:
        raise _no_date(text, order)
    year, month, day = parts
    return _day(full_year(year, latest_year), int(month), int(day))


def has_offset(text: str) -> bool:
    """Is this a time with an offset from UTC?

    >>> has_offset("2026-01-11T23:30Z"), has_offset("2026-01-11 23:30"), has_offset("2026-01-11")
    (True, False, False)
    >>> has_offset("2026/09/27 3:00:00 PM GMT+3")
    True
    """
    timed = _TIMED.fullmatch(text)
    return bool(timed and (timed[6] or timed[7]))


def _in_zone(day: dt.date, timed: re.Match[str], zone: str | None, clock: str | None) -> dt.date:
    """The day of a time: in its zone if one is declared, else as written."""
    try:
        hour, half = int(timed[2]), (timed[5] or "").casefold()
        if half and not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + 12 * (half == "p") if half else hour
        time = dt.time(hour, int(timed[3]), int(timed[4] or 0))
        if timed[6] or timed[7]:
            if zone is None and clock is None:
                raise Unreadable(
                    "time zone in a date",
                    "the date has a time with an offset, so its day depends on the place",
                    "give the local calendar day, like 2026-01-31, or declare data.time_zone",
                )
            moment = dt.datetime.combine(day, time, _offset(timed[7] or "+0"))
            return moment.astimezone(ZoneInfo(zone or str(clock))).date()
        if clock is None or zone is None:
            return day
        return dt.datetime.combine(day, time, ZoneInfo(clock)).astimezone(ZoneInfo(zone)).date()
    except Unreadable:
        raise
    except (ValueError, OverflowError):
        raise Unreadable(
            "no such date", "there is no such time", "write it like 2026-01-31T09:30:00+01:00"
        ) from None


def _offset(text: str) -> dt.timezone:
    """An offset such as +1, -05:00 or +0530."""
    sign, digits = text[0], text[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    size = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return dt.timezone(-size if sign == "-" else size)


def _parts(text: str, order: DateOrder) -> tuple[str, str, str] | None:
    """Year, month and day as written, if the text has the declared order."""
    if order == "ymd":
        match = _YEAR_FIRST.fullmatch(text)
        if match:
            return match[1], match[3], match[4]
        match = _COMPACT.fullmatch(text)
        return (match[1], match[2], match[3]) if match else None
    match = _YEAR_LAST.fullmatch(text) if order in ("dmy", "mdy") else None
    if not match:
        return None
    return (match[4], match[3], match[1]) if order == "dmy" else (match[4], match[1], match[3])


def short_year(text: str) -> bool:
    """Is this a date whose year has two digits?"""
    timed = _TIMED.fullmatch(text)
    day = timed[1] if timed else text
    last, first = _YEAR_LAST.fullmatch(day), _YEAR_FIRST.fullmatch(day)
    return bool(last and two_digits(last[4])) or bool(first and two_digits(first[1]))


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Unreadable(
            "no such date",
            "the calendar has no such day in the declared date order",
            "correct the date, or declare the date_order in which the source writes",
        ) from None


def _no_date(text: str, order: DateOrder) -> Unreadable:
    """Why is this no date, and what should be declared or done?"""
    if _SERIAL.fullmatch(text) and _FIRST_SERIAL <= float(text) <= _LAST_SERIAL:
        return Unreadable(
            "spreadsheet day number",
            "this is a spreadsheet's day number, not a date (44197 stands for 2021-01-01)",
            "format the column as a date in the spreadsheet and export it again",
        )
    shape = _YEAR_LAST.fullmatch(text)
    if shape and order == "iso":
        first, second = int(shape[1]), int(shape[3])
        if first <= 12 and second <= 12:
            problem = (
                "the date is ambiguous, as 03/04/2021 would be: 3 April or 4 March; no order is "
                "declared"
            )
            cure = "declare date_order: dmy (day first) or mdy (month first) for this source"
        else:
            fits = "dmy" if first > 12 else "mdy"
            problem = f"the date is not ISO; it looks {_ORDERS[fits]}"
            cure = f"declare date_order: {fits} for this source, or write 2021-04-03"
        return Unreadable("date order", problem, cure)
    if _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        problem = f"the date has its year first, but the declared order is {order}"
        cure = "declare date_order: ymd for this source, or write dates like 2021-04-03"
        return Unreadable("date order", problem, cure)
    example = {"dmy": "31/12/2021 or ", "mdy": "12/31/2021 or ", "ymd": "2021/12/31 or "}
    return Unreadable(
        "not a date",
        "this is not a date" + (f" in the order {order}" if order != "iso" else ""),
        f"write dates like {example.get(order, '')}2021-12-31, or declare this text in missing",
    )
