"""One text to one value: numbers, scales and years, or why it cannot be read."""

from __future__ import annotations

import re

from revmentor.params.models import Scale

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"([+-]?[0-9]+)(\.0+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9:.]+)(Z|[+-][0-9:]+)?)?")
_MONTH = (
    "(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|"
    "oct(ober)?|nov(ember)?|dec(ember)?)"
)
_DAY_MONTH = re.compile(
    rf"[0-9]{{1,2}}[-. /]{_MONTH}([-. /][0-9]{{2,4}})?|{_MONTH}[-. /][0-9]{{1,4}}", re.IGNORECASE
)
_CODED = re.compile(r"([+-]?[0-9]+)\s*[-–—:.=)(]\s*\D.*")


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
    if _DAY_MONTH.fullmatch(text) or ISO.fullmatch(text):
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


def birth_year(text: str, latest_year: int) -> int:
    """Which birth year is this? Two digits are read as the latest that is not after the limit.

    >>> birth_year("1990", 2012), birth_year("90", 2012)
    (1990, 1990)
    """
    return full_year(text, latest_year) if two_digits(text) else whole(text)
