"""One text to one value: numbers, scales, dates and years, or why it cannot be read."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from revmentor.params.models import DateOrder, Scale

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"([+-]?[0-9]+)(\.0+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9:.]+)(Z|[+-][0-9:]+)?)?")
_YEAR_FIRST = re.compile(r"([0-9]{4}|[0-9]{2})([-/. ])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")
_MONTH = (
    "(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|"
    "oct(ober)?|nov(ember)?|dec(ember)?)"
)
_DAY_MONTH = re.compile(
    rf"[0-9]{{1,2}}[-. /]{_MONTH}([-. /][0-9]{{2,4}})?|{_MONTH}[-. /][0-9]{{1,4}}", re.IGNORECASE
)
_CODED = re.compile(r"([+-]?[0-9]+)\s*[-–—:.=)(]\s*\D.*")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000
_ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


class Unreadable(ValueError):  # noqa: N818 - a value's state, not a failure of the program
    """The text is no such value: kind, problem and cure for a `Fault`."""

    def __init__(self, kind: str, problem: str, cure: str) -> None:
        super().__init__(problem)
        self.kind, self.problem, self.cure = kind, problem, cure


def number(text: str) -> float:
    """Which finite number is this?

    >>> number("2.50"), number("1E3")
    (2.5, 1000.0)
    >>> number("3,5")
    Traceback (most recent call last):
    ...
    revmentor.data.values.Unreadable: this looks like a number with a decimal comma
    """
    if _NUMBER.fullmatch(text):
        value = float(text)
        if abs(value) != float("inf"):
            return value
    if text.strip("+-").casefold() in ("nan", "inf", "infinity") or _NUMBER.fullmatch(text):
        problem = "this is not a finite number"
        cure = "give a number, or leave the cell empty if there is none"
    elif _THOUSANDS.fullmatch(text):
        problem = "this looks like a number with commas between thousands, or a decimal comma"
        cure = "write it without commas, with a point before decimals"
    elif _COMMA.fullmatch(text):
        problem = "this looks like a number with a decimal comma"
        cure = "write a point before the decimals, like 3.5"
    else:
        problem = "this is not a number"
        cure = "give a number, or declare this text in missing if it means no value"
    raise Unreadable("not a number", problem, cure)


def whole(text: str) -> int:
    """Which whole number is this?

    >>> whole("3"), whole("3.0")
    (3, 3)
    """
    match = _WHOLE.fullmatch(text)
    if match:
        return int(match[1])
    value = number(text)
    if value.is_integer():
        return int(value)
    raise Unreadable("not a whole number", "this is not a whole number", "give a whole number")


def on_scale(text: str, scale: Scale, where: str = "") -> float:
    """Which point of the scale is this: a declared label, or a number? Its ends are not checked.

    Parameters
    ----------
    text : str
        The trimmed cell.
    scale : Scale
        As declared.
    where : str
        Path of the scale's parameter, for messages.

    >>> on_scale("4", Scale.model_validate({"from": 1, "to": 5}))
    4.0
    >>> on_scale("5 - Strongly agree", Scale.model_validate({"from": 1, "to": 5}))
    Traceback (most recent call last):
    ...
    revmentor.data.values.Unreadable: this is a number with words, and the words are no declared \
label
    """
    if text in scale.labels:
        return scale.labels[text]
    try:
        return number(text)
    except Unreadable as wrong:
        if wrong.problem != "this is not a number":
            raise
        raise _off_scale(
            text, scale, f"{where}.labels" if where else "the scale's labels"
        ) from None


def _off_scale(text: str, scale: Scale, labels: str) -> Unreadable:
    """Why is this no answer on the scale, and what should be declared or done?"""
    kind = "not on the scale"
    if _DAY_MONTH.fullmatch(text) or _ISO.fullmatch(text):
        return Unreadable(
            kind,
            "this is a date: spreadsheets turn answers like 1-5 or 5/1 into 5-Jan",
            "export the survey again with this column as text; what the answer was cannot be told "
            "from the date",
        )
    coded = _CODED.fullmatch(text)
    if coded:
        return Unreadable(
            kind,
            "this is a number with words, and the words are no declared label",
            f"declare it in {labels}, like {text!r}: {coded[1]}, or export the numbers alone",
        )
    near = next((label for label in scale.labels if label.casefold() == text.casefold()), "")
    if near:
        return Unreadable(
            kind,
            f"this is neither a number nor a declared label of the scale, though {near!r} is one",
            f"declare this spelling in {labels} as well: {text!r}: {scale.labels[near]:g}",
        )
    if not scale.labels:
        return Unreadable(
            kind,
            "this is not a number, and no labels of the scale are declared",
            f"give a number, or declare the label with its number in {labels}",
        )
    return Unreadable(
        kind,
        "this is neither a number nor a declared label of the scale",
        f"declare it with its number in {labels}, or use one of {', '.join(scale.labels)}",
    )


def calendar_date(
    text: str, order: DateOrder, latest_year: int, zone: str | None = None
) -> dt.date:
    """Which day is this, in the declared order? ISO dates are read in every order.

    Parameters
    ----------
    text : str
        The trimmed cell.
    order : {"iso", "dmy", "mdy", "ymd"}
        As declared for the source.
    latest_year : int
        A year of two digits is the latest such year that is not after this one.
    zone : str, optional
        IANA name of the zone whose calendar day a time with an offset is put into; without one,
        such a time is refused.

    >>> calendar_date("3.4.21", "dmy", 2026)
    datetime.date(2021, 4, 3)
    >>> calendar_date("2026-01-11T23:30:00-05:00", "iso", 2026, "Europe/Berlin")
    datetime.date(2026, 1, 12)
    """
    iso = _ISO.fullmatch(text)
    if iso:
        if iso[5]:
            return _day_in_zone(text, zone)
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
    """
    iso = _ISO.fullmatch(text)
    return bool(iso and iso[5])


def _day_in_zone(text: str, zone: str | None) -> dt.date:
    if zone is None:
        raise Unreadable(
            "time zone in a date",
            "the date has a time with an offset, so its day depends on the place",
            "give the local calendar day, like 2026-01-31, or declare data.time_zone",
        )
    try:
        return dt.datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).date()
    except (ValueError, OverflowError):
        raise Unreadable(
            "no such date", "there is no such time", "write it like 2026-01-31T09:30:00+01:00"
        ) from None


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


def full_year(text: str, latest_year: int) -> int:
    """A year of two digits as the latest such year that is not after ``latest_year``.

    >>> full_year("68", 2026), full_year("12", 2026), full_year("1968", 2026)
    (1968, 2012, 1968)
    """
    year = int(text)
    return latest_year - (latest_year - year) % 100 if two_digits(text) else year


def two_digits(text: str) -> bool:
    """Is this a year of two digits?"""
    return len(text) == 2 and text.isdigit()


def short_year(text: str) -> bool:
    """Is this a date whose year has two digits?"""
    last, first = _YEAR_LAST.fullmatch(text), _YEAR_FIRST.fullmatch(text)
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
                "the date is ambiguous: 03/04/2021 can be 3 April or 4 March, and no order is "
                "declared"
            )
            cure = "declare date_order: dmy (3 April) or mdy (4 March) for this source"
        else:
            fits = "dmy" if first > 12 else "mdy"
            problem = f"the date is not ISO; it looks {_ORDERS[fits]}"
            cure = f"declare date_order: {fits} for this source, or write 2021-04-03"
        return Unreadable("date order", problem, cure)
    if _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        problem = f"the date has its year first, but the declared order is {order}"
        cure = "declare date_order: ymd for this source, or write dates like 2021-04-03"
        return Unreadable("date order", problem, cure)
    example = {"dmy": "03/04/2021 or ", "mdy": "04/03/2021 or ", "ymd": "2021/04/03 or "}
    return Unreadable(
        "not a date",
        "this is not a date" + (f" in the order {order}" if order != "iso" else ""),
        f"write dates like {example.get(order, '')}2021-04-03, or declare this text in missing",
    )


def birth_year(text: str, latest_year: int) -> int:
    """Which birth year is this? Two digits are read as the latest that is not after the limit.

    >>> birth_year("1990", 2012), birth_year("90", 2012)
    (1990, 1990)
    """
    return full_year(text, latest_year) if two_digits(text) else whole(text)
