"""Estimates and distributions that have passed disclosure control."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from revmentor import words
from revmentor.disclosure.counts import NOT_SHOWN, Disclosed, fewer_than

State = Literal["shown", "few", "nearly all", "small group", "withheld", "not computed"]
NOT_STATED = "not stated"


def n_words(n: int | None, low: int | None, high: int | None) -> str:
    """How is n said: exactly, as a range, or not at all?

    >>> n_words(118, None, None), n_words(None, 115, 119), n_words(None, 5, None)
    ('118', '115 to 119', 'not stated')
    """
    if n is not None:
        return words.number(n)
    if low is None or high is None:
        return NOT_STATED
    return f"{words.number(low)} to {words.number(high)}"


class DisclosedEstimate(Disclosed):
    """An estimate as a reader sees it.

    ``state``: "shown"; "few" (a share of 1 to minimum - 1 of n); "nearly all" (all but 1 to
    minimum - 1); "small group" (n under the minimum: mean, interval and n are hidden together);
    "not computed" (with the reason). ``bound`` is the share that "few" or "nearly all" stops at.
    """

    state: State
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    n_low: int | None = None
    n_high: int | None = None
    count: int | None = None
    bound: float | None = None
    p: float | None = None
    unit: str
    of: str
    method: str
    reason: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        numbers = (self.value, self.low, self.high, self.count, self.p)
        if self.state != "shown" and any(number is not None for number in numbers):
            raise ValueError(f"an estimate in state {self.state!r} has no numbers")
        if self.state == "shown" and (self.value is None or (self.n is None and not self.n_low)):
            raise ValueError("a shown estimate has a value and n")
        if self.n is None and self.count is not None:
            raise ValueError("a count beside a share gives n away")
        if self.n_low is not None and (self.n is not None or self.n_low < self.minimum):
            raise ValueError("a range of n stands in the place of n, from the minimum on")
        if self.n is not None and 0 < self.n < self.minimum:
            raise ValueError(f"n under the minimum of {self.minimum} must not be shown")
        if self.count is not None and self.n is not None:
            for group in (self.count, self.n - self.count):
                if 0 < group < self.minimum:
                    raise ValueError(f"a share that shows a group of {group} must be hidden")
        return self

    @property
    def tells(self) -> bool:
        """Does it tell anything of anybody? Not where nobody could be counted."""
        return self.state not in ("not computed", "withheld") or bool(self.n or self.n_low)

    @property
    def text(self) -> str:
        """The value in words, without interval and n."""
        if self.state == "shown" and self.value is not None:
            return words.writer(self.unit)(self.value)
        if self.state == "few":
            return f"{fewer_than(self.minimum)} of {self._whole}"
        if self.state == "nearly all":
            return f"all but {fewer_than(self.minimum)} of {self._whole}"
        if self.state == "small group":
            return f"{fewer_than(self.minimum)} {self.of}"
        return NOT_SHOWN if self.state == "withheld" else "not computed"

    @property
    def n_text(self) -> str:
        """How many it stands on, in words: "118", "115 to 119" or "not stated"."""
        return n_words(self.n, self.n_low, self.n_high)

    @property
    def _whole(self) -> str:
        return self.n_text if self.n is not None or self.n_high is not None else "all"

    @property
    def brief(self) -> str:
        """The value with interval and n in brackets: "13% (11% to 15%, n = 1,643)"."""
        if self.state != "shown":
            return f"{self.text} ({self.reason})" if self.reason else self.text
        n = f"n = {self.n_text}" if self.n is not None else f"n {self.n_text}"
        if self.low is None or self.high is None:
            return f"{self.text} ({n})"
        return f"{self.text} ({words.interval(self.low, self.high, self.unit)}, {n})"

    @property
    def points(self) -> str:
        """A difference of shares in percentage points, with interval and n in brackets."""
        if self.value is None or self.low is None or self.high is None:
            return self.brief
        n = f"n = {self.n_text}" if self.n is not None else f"n {self.n_text}"
        value, low, high = (words.number(100 * end) for end in (self.value, self.low, self.high))
        return f"{value} percentage points (95% interval {low} to {high}, {n})"

    @property
    def detail(self) -> str:
        """The interval and n in words; or the reason why there is no value."""
        if self.state == "not computed":
            return self.reason
        n = f"{self.n_text} {self.of}" if self.state == "shown" else ""
        if self.n is None and self.n_high is None:
            n = f"number of {self.of} {NOT_STATED}" if n else ""
        if self.low is None or self.high is None:
            return n
        return f"95% interval {words.interval(self.low, self.high, self.unit)}, {n}"


class DisclosedEstimates(Disclosed):
    """Estimates by one or more keys, for example principle, wave, side.

    ``keys`` has one tuple per estimate, in the order of ``names``.
    """

    names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    estimates: tuple[DisclosedEstimate, ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.keys) != len(self.estimates) or len(set(self.keys)) != len(self.keys):
            raise ValueError("every estimate needs one key of its own")
        if any(len(key) != len(self.names) for key in self.keys):
            raise ValueError("every key has one part per name")
        return self

    def get(self, *key: str) -> DisclosedEstimate | None:
        """Which estimate has this key, if any?"""
        return self.estimates[self.keys.index(key)] if key in self.keys else None

    def labels(self, name: str) -> tuple[str, ...]:
        """Which values does this part of the key take, in order?"""
        part = self.names.index(name)
        return tuple(dict.fromkeys(key[part] for key in self.keys))


class DisclosedDistribution(Disclosed):
    """How many values lie where, with no bin under the minimum, and the summary of all.

    ``edges`` has one more entry than ``counts``; bins may differ in width, as small ones are
    merged with their neighbours. ``lowest`` and ``highest`` are means of the `minimum` lowest and
    highest values, as a single one would be somebody's own. All None and empty where n is under the
    minimum. Where n would give a small group away, ``counts`` are whole percents (``in_percent``)
    and n is a range.
    """

    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    n: int | None = None
    n_low: int | None = None
    n_high: int | None = None
    in_percent: bool = False
    mean: float | None = None
    lowest: float | None = None
    lower_quartile: float | None = None
    median: float | None = None
    upper_quartile: float | None = None
    highest: float | None = None
    step: float
    unit: str
    of: str
    reason: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.counts and len(self.edges) != len(self.counts) + 1:
            raise ValueError("a distribution has one more edge than bins")
        if self.in_percent == (self.n is not None) and self.counts:
            raise ValueError("counts are percents exactly where n is not told")
        if not self.in_percent and any(0 < count < self.minimum for count in self.counts):
            raise ValueError(f"a bin under the minimum of {self.minimum} must not be shown")
        if self.n is not None and 0 < self.n < self.minimum:
            raise ValueError(f"n under the minimum of {self.minimum} must not be shown")
        return self

    @property
    def n_text(self) -> str:
        """How many values there are, in words: "118", "115 to 119" or "not stated"."""
        return n_words(self.n, self.n_low, self.n_high)
