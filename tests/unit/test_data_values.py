"""Which value does one text mean?"""

from __future__ import annotations

import datetime as dt

import pytest

from revmentor.data.dates import calendar_date
from revmentor.data.values import (
    Unreadable,
    birth_year,
    full_year,
    number,
    on_scale,
    whole,
)
from revmentor.params.models import Scale

SCALE = Scale.model_validate({"from": 1, "to": 5, "labels": {"Agree": 4}})


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3.0), ("+2.5", 2.5), ("-.5", -0.5), ("7.", 7.0), ("1E5", 1e5)]
)
def test_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "x", "3,5", "1,000", "nan", "inf", "1e400", "٣", "1_000", "0x10", "5-Jan", " 3"]
)
def test_texts_that_are_no_numbers(text: str) -> None:
    with pytest.raises(Unreadable):
        number(text)


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("-2", -2), ("4.00", 4), ("1e2", 100)])
def test_whole_numbers(text: str, value: int) -> None:
    assert whole(text) == value


def test_a_fraction_is_not_whole() -> None:
    with pytest.raises(Unreadable, match="not a whole number"):
        whole("2.5")


def test_labels_of_a_scale_are_taken_as_declared() -> None:
    assert on_scale("Agree", SCALE) == 4
    assert on_scale("2.5", SCALE) == 2.5
    with pytest.raises(Unreadable, match="neither a number nor a declared label"):
        on_scale("agree strongly", SCALE)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2021-04-03", "iso", (2021, 4, 3)),
        ("2021-04-03", "mdy", (2021, 4, 3)),
        ("2021-04-03 00:00:00", "iso", (2021, 4, 3)),
        ("2021-04-03T09:30", "dmy", (2021, 4, 3)),
        ("03/04/2021", "dmy", (2021, 4, 3)),
        ("03/04/2021", "mdy", (2021, 3, 4)),
        ("3.4.21", "dmy", (2021, 4, 3)),
        ("03-04-68", "dmy", (1968, 4, 3)),
        ("2021/4/3", "ymd", (2021, 4, 3)),
        ("20210403", "ymd", (2021, 4, 3)),
        ("21.04.03", "ymd", (2021, 4, 3)),
    ],
)
def test_dates_in_their_declared_order(text: str, order: str, day: tuple[int, int, int]) -> None:
    assert calendar_date(text, order, 2026) == dt.date(*day)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "order", "kind", "cure"),
    [
        ("03/04/2021", "iso", "date order", "dmy (day first) or mdy"),
        ("13/04/2021", "iso", "date order", "declare date_order: dmy"),
        ("04/13/2021", "iso", "date order", "declare date_order: mdy"),
        ("2021/04/03", "iso", "date order", "declare date_order: ymd"),
        ("20210403", "dmy", "date order", "ymd"),
        ("13/13/2021", "dmy", "no such date", "date_order"),
        ("2021-02-29", "iso", "no such date", "correct the date"),
        ("44197", "iso", "spreadsheet day number", "format the column"),
        ("44197.5", "dmy", "spreadsheet day number", "format the column"),
        ("2021-04-03T09:30+02:00", "iso", "time zone in a date", "local calendar day"),
        ("April 3", "dmy", "not a date", "31/12/2021"),
        ("03/04-2021", "mdy", "not a date", "12/31/2021"),
    ],
)
def test_texts_that_are_no_dates(text: str, order: str, kind: str, cure: str) -> None:
    with pytest.raises(Unreadable) as refused:
        calendar_date(text, order, 2026)  # type: ignore[arg-type]
    assert refused.value.kind == kind
    assert cure in refused.value.cure


@pytest.mark.parametrize(
    ("text", "year"), [("00", 2000), ("12", 2012), ("13", 1913), ("99", 1999), ("1913", 1913)]
)
def test_two_digit_years_end_at_the_limit(text: str, year: int) -> None:
    assert full_year(text, 2012) == year
    assert birth_year(text, 2012) == year
