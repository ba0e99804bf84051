"""How is a finding said: numbers, singular and plural, shares, lists, whole sentences?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
IRREGULAR = {
    "person": "people",
    "is": "are",
    "has": "have",
    "was": "were",
    "does": "do",
    "criterion": "criteria",
}
# Decimals of a value in its unit; every other unit has one. What spans less than a few units
# (an index from -1 to 1, standard deviations) would lose most of its interval to one decimal.
DIGITS = {"share": 2, "score": 3, "sd": 2, "SD before": 2, "index": 2, "reliability": 2}
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$&])")


def number(value: float, digits: int = 0) -> str:
    """How is a number written? Commas between thousands, a true minus, no "-0".

    >>> number(12345.6), number(-0.04, 1), number(-3)
    ('12,346', '0.0', '−3')
    """
    text = f"{value:,.{digits}f}"
    if text.startswith("-") and not any(digit in text for digit in "123456789"):
        text = text[1:]
    return text.replace("-", "−")


def plural(word: str) -> str:
    """What is the plural of a noun or verb that this programme uses?

    >>> plural("place"), plural("person"), plural("company"), plural("is"), plural("match")
    ('places', 'people', 'companies', 'are', 'matches')
    """
    if word in IRREGULAR:
        return IRREGULAR[word]
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|x|z|ch|sh)$", word) else f"{word}s"


def agree(count: float, word: str) -> str:
    """Singular or plural? Only exactly one is singular.

    >>> f"{agree(1, 'pair')} {agree(1, 'is')}", f"{agree(0, 'pair')} {agree(0, 'is')}"
    ('pair is', 'pairs are')
    """
    return word if count == 1 else plural(word)


def counted(count: int, noun: str) -> str:
    """How many of them?

    >>> counted(1, "place"), counted(1200, "person"), counted(0, "pair")
    ('1 place', '1,200 people', 'no pairs')
    """
    return f"{number(count) if count else 'no'} {agree(count, noun)}"


def small(count: int) -> str:
    """How is a count written inside a sentence? Words up to ten.

    >>> small(4), small(12)
    ('four', '12')
    """
    return SMALL[count] if 0 <= count <= 10 else number(count)


def percent(share: float, digits: int = 0) -> str:
    """How is a share (0..1) written? Rounding never claims all or none.

    >>> percent(0.612), percent(1.0), percent(0.9987), percent(0.001), percent(-0.05)
    ('61%', '100%', 'over 99%', 'under 1%', '−5%')
    """
    step = 10.0**-digits
    rounded = round(share * 100, digits)
    if share < 1 and rounded >= 100:
        return f"over {number(100 - step, digits)}%"
    if share > 0 and rounded <= 0:
        return f"under {number(step, digits)}%"
    return f"{number(rounded, digits)}%"


def of_ten(share: float) -> str:
    """A share as "four of ten", or as a percentage where tenths would mislead.

    >>> of_ten(0.41), of_ten(0.03), of_ten(0.5)
    ('four of ten', '3%', 'half')
    """
    tenths = round(share * 10)
    if tenths == 5 and abs(share - 0.5) < 0.02:
        return "half"
    if 1 <= tenths <= 9 and abs(share * 10 - tenths) <= 0.25:
        return f"{small(tenths)} of ten"
    return percent(share)


def listed(items: Sequence[str], last: str = "and") -> str:
    """A list in words.

    >>> listed(["Python"]), listed(["a", "b"]), listed(["a", "b", "c"]), listed([])
    ('Python', 'a and b', 'a, b and c', 'nothing')
    """
    if not items:
        return "nothing"
    if len(items) == 1:
        return items[0]
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def capital(text: str) -> str:
    """How does a line begin: with a capital, the rest as it is.

    >>> capital("two things")
    'Two things'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Text as a sentence: a capital first letter and one full stop.

    >>> sentence("no skill is short")
    'No skill is short.'
    """
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


def headed(text: str) -> str:
    """Text as a title: a capital first letter, unless the first word has capitals of its own.

    >>> headed("generative AI is short"), headed("iOS is short")
    ('Generative AI is short', 'iOS is short')
    """
    first = text.split(" ", 1)[0]
    return f"{text[:1].upper()}{text[1:]}" if first.islower() else text


def joined(sentences: Sequence[str]) -> str:
    """Several sentences as one paragraph; empty ones are left out."""
    return " ".join(sentence(text) for text in sentences if text.strip())


def shortened(text: str, most: int) -> str:
    """Text on one line, at most so many characters, cut with an ellipsis.

    >>> shortened("data   literacy", 8)
    'data li…'
    """
    flat = " ".join(str(text).split())
    flat = "".join(sign for sign in flat if sign.isprintable())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"


def markdown_text(text: str) -> str:
    r"""Text that Markdown shows as it is: no link, emphasis, heading, HTML or formula.

    >>> markdown_text("[x](y) $z$")
    '\\[x\\]\\(y\\) \\$z\\$'
    """
    return MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def digits(unit: str) -> int:
    """To how many decimals is a value of this unit shown, in the unit itself?

    >>> digits("share"), digits("score"), digits("points"), digits("index")
    (2, 3, 1, 2)
    """
    return DIGITS.get(unit, 1)


def as_shown(value: float, unit: str) -> float:
    """The value with the digits that are shown and no others; never rounded to all or none.

    >>> as_shown(0.6149, "share"), as_shown(0.9987, "share"), as_shown(3.14159, "points")
    (0.61, 0.995, 3.1)
    """
    rounded = round(value, digits(unit)) + 0.0  # no "-0.0"
    if unit == "share" and value < 1 <= rounded:
        return 0.995
    if unit == "share" and rounded <= 0 < value:
        return 0.005
    return rounded


def writer(unit: str) -> Callable[[float], str]:
    """How is a value of this unit written?

    >>> writer("share")(0.5), writer("points")(4.25), writer("score")(0.731), writer("sd")(0.48)
    ('50%', '4.2', '73.1', '0.48')
    """
    if unit == "share":
        return percent
    if unit == "score":
        return lambda value: number(value * 100, 1)
    return lambda value: number(value, digits(unit))


def interval(low: float, high: float, unit: str) -> str:
    """An interval in words.

    >>> interval(0.805, 0.993, "share")
    '80% to 99%'
    """
    write = writer(unit)
    return f"{write(low)} to {write(high)}"


def days_after_start(check_in: str) -> int | None:
    """How many days after a pair's start is this check-in? None if its name does not say.

    >>> days_after_start("day30"), days_after_start("Start")
    (30, None)
    """
    found = re.fullmatch(r"day\s*(\d{1,4})", check_in.strip(), re.IGNORECASE)
    return int(found[1]) if found else None


def called_check_in(check_in: str, *, short: bool = False) -> str:
    """What do readers call a check-in, whose name in the tables is a column's value?

    >>> called_check_in("day30"), called_check_in("day30", short=True), called_check_in("Start")
    ('after 30 days', 'day 30', 'Start')
    """
    days = days_after_start(check_in)
    if days is None:
        return check_in
    return f"day {days}" if short else f"after {counted(days, 'day')}"
