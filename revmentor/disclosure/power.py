"""What a planned number of pairs can show: numbers about a plan, not about people."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from revmentor.disclosure.counts import Disclosed, Frozen

# Digits of a chance in 0..1 that a figure shows.
DIGITS = 3


class PowerCurve(Frozen):
    """One criterion: the chance that its target is told from where it stands, by n.

    Parameters
    ----------
    criterion : str
        In the charter's words.
    n : int
        Planned; ``of`` says of what.
    needed : int or None
        n at which the target shows in 80% of cycles.
    power : float or None
        Chance (0..1) at the planned n, if the target is the truth.
    target : str
        In words, with its baseline.
    points : tuple of (int, float)
        n and chance; empty where nothing is computed.
    """

    criterion: str
    n: int
    of: str
    needed: int | None
    power: float | None
    target: str
    points: tuple[tuple[int, float], ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(not 0 <= chance <= 1 for _, chance in self.points):
            raise ValueError("a chance is in 0..1")
        return self


class DisclosedPower(Disclosed):
    """The power of a charter's criteria; without curves where fewer pairs than the minimum are
    planned, as the number would tell of a small group.

    Parameters
    ----------
    pairs : int or None
        Pairs planned; None: fewer than the minimum.
    """

    pairs: int | None
    curves: tuple[PowerCurve, ...]

    @model_validator(mode="after")
    def _large_enough(self) -> Self:
        if self.pairs is None and self.curves:
            raise ValueError("without a number of pairs there are no curves")
        if self.pairs is not None and self.pairs < self.minimum:
            raise ValueError(f"fewer than {self.minimum} pairs are not told")
        return self


def disclose_power(pairs: int, curves: tuple[PowerCurve, ...], minimum: int) -> DisclosedPower:
    """What may be shown of a plan for so many pairs?

    >>> disclose_power(3, (), 5).pairs is None
    True
    """
    if pairs < minimum:
        return DisclosedPower(minimum=minimum, pairs=None, curves=())
    return DisclosedPower(minimum=minimum, pairs=pairs, curves=curves)


def power_curve(
    criterion: str,
    n: int,
    of: str,
    target: str,
    *,
    power: float | None,
    needed: int | None,
    points: tuple[tuple[int, float], ...],
) -> PowerCurve:
    """One criterion's curve, with the digits that a figure shows."""
    return PowerCurve(
        criterion=criterion,
        n=n,
        of=of,
        needed=needed,
        power=None if power is None else _told(power),
        target=target,
        points=tuple((size, _told(chance)) for size, chance in points),
    )


def _told(chance: float) -> float:
    """A chance as it is told: never certain."""
    return min(round(chance, DIGITS), 1 - 10.0**-DIGITS)
