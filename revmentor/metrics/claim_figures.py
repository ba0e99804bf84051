"""What does a published claim state: percentages, counts, chi-square, odds, in which digits?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from revmentor.errors import Fault, InputError
from revmentor.words import counted

type Real = npt.NDArray[np.float64]

MOST = 3_000
LARGEST = 5_000
ROUNDING = 1e-9
_CURE = "see revmentor check-claim --help for examples"


@dataclass(frozen=True)
class Stated:
    """A number as somebody printed it: its digits say how exact it is.

    Parameters
    ----------
    whole : int
        The digits without the point: 1087 for 10.87.
    digits : int
        Digits behind the point.
    """

    whole: int
    digits: int

    @property
    def value(self) -> float:
        """The number itself."""
        return self.whole / 10.0**self.digits

    @property
    def text(self) -> str:
        """As it was printed."""
        return f"{self.value:.{self.digits}f}"

    def rounds_from(self, values: Real) -> npt.NDArray[np.bool_]:
        """Which of these values are printed like that? A half may be rounded either way."""
        half = 0.5 / 10.0**self.digits
        return np.abs(values - self.value) <= half + ROUNDING

    def between(self) -> tuple[float, float]:
        """Smallest and largest value that is printed like that."""
        half = 0.5 / 10.0**self.digits + ROUNDING
        return self.value - half, self.value + half


def read_stated(text: str, option: str) -> Stated:
    """Which number is printed here?

    Parameters
    ----------
    text : str
        Digits with a decimal point, and a percent sign if there is one.
    option : str
        Where it stands, for the fault.

    Raises
    ------
    InputError
        Where it is no such number: write it with a decimal point.

    >>> read_stated("10.870%", "--percent")
    Stated(whole=10870, digits=3)
    """
    found = re.fullmatch(r"(\d{1,9})(?:\.(\d{0,6}))?\s*%?", text.strip(), re.ASCII)
    if found is None:
        below = text.strip().startswith(("-", "\u2212"))
        problem = "this is below zero" if below else "this is no number as it would be printed"
        cure = "write digits with a decimal point, as in 10.87"
        raise InputError(Fault("no number", problem, cure, column=option, value=text))
    behind = found[2] or ""
    return Stated(int(found[1] + behind), len(behind))


@dataclass(frozen=True)
class Given:
    """A claim in numbers.

    Parameters
    ----------
    percents : tuple of Stated
        Percentage of each group; empty where only counts are given.
    counts : tuple of (int, int)
        How many of how many, for each group; empty where only percentages are given.
    sizes : tuple of int
        Size of each group, or of two groups together; empty where unknown.
    chi2, odds : Stated or None
    most : int
        Largest group that is tried.
    """

    percents: tuple[Stated, ...]
    counts: tuple[tuple[int, int], ...]
    sizes: tuple[int, ...]
    chi2: Stated | None
    odds: Stated | None
    most: int


def _wrong(option: str, problem: str, cure: str = _CURE, value: str | None = None) -> InputError:
    return InputError(Fault("claim", problem, cure, column=option, value=value))


def read_claim(
    percents: Sequence[str],
    counts: Sequence[str],
    chi2: str | None,
    odds: str | None,
    sizes: Sequence[int],
    most: int,
) -> Given:
    """What does a claim state, in numbers, if its parts go together?

    Parameters and faults are those of `revmentor.metrics.claims.check_claim`.
    """
    faults: list[Fault] = []
    shares = tuple(_each(_percent, percents, faults))
    groups = tuple(_each(_count, counts, faults))
    _each(_size, sizes, faults)
    if faults:
        raise InputError(faults)
    if not shares and not groups:
        raise _wrong("--percent", "there is nothing to check", "give --percent or --counts")
    if shares and groups and len(shares) != len(groups):
        problem = (
            f"there are {counted(len(shares), 'percentage')} for {counted(len(groups), 'count')}"
        )
        raise _wrong("--percent", problem, "give one percentage for each count, in their order")
    if (chi2 or odds) and len(groups or shares) != 2:
        option = "--chi2" if chi2 else "--odds-ratio"
        raise _wrong(option, "it compares two groups", "give two percentages or two counts")
    if not 1 <= most <= LARGEST:
        raise _wrong("--most", f"it is not in 1 to {LARGEST:,}", "choose one there", str(most))
    if sizes and groups:
        raise _wrong("--n", "counts have their sizes", "leave --n out")
    if sizes and len(sizes) != len(shares) and not (len(sizes) == 1 and len(shares) == 2):
        cure = "give one size for each percentage, or the total of two groups"
        raise _wrong("--n", "sizes do not go with the percentages", cure)
    if len(sizes) < len(shares) and sum(sizes) > LARGEST:
        cure = "give the size of each group"
        raise _wrong("--n", f"the total is above {LARGEST:,}", cure, str(sizes[0]))
    return Given(
        shares,
        groups,
        tuple(sizes),
        read_stated(chi2, "--chi2") if chi2 else None,
        read_stated(odds, "--odds-ratio") if odds else None,
        most,
    )


def _count(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*", text, re.ASCII)
    if found is None:
        raise _wrong("--counts", "this is no count", "write how many of how many: 13/133", text)
    count, size = int(found[1]), int(found[2])
    if size == 0:
        raise _wrong("--counts", "a group of nobody has no share", "leave the group out", text)
    if count > size:
        raise _wrong("--counts", "a part cannot exceed its whole", "write it as 13/133", text)
    return count, size


def _each[G, T](read: Callable[[G], T], given: Sequence[G], faults: list[Fault]) -> list[T]:
    """What each of these says; faults are gathered."""
    found = []
    for each in given:
        try:
            found.append(read(each))
        except InputError as error:
            faults += error.faults
    return found


def _percent(text: str) -> Stated:
    share = read_stated(text, "--percent")
    if share.value > 100:
        raise _wrong("--percent", "a share is above 100%", "correct it", text)
    return share


def _size(size: int) -> int:
    if not 1 <= size <= 10**9:
        raise _wrong("--n", "no group has that size", "give a whole number from 1", str(size))
    return size
