"""Chance for the demo company: the same draws on every machine and with every numpy.

Only ``Generator.random`` is asked, and only sums, products, quotients and comparisons follow:
these are exact in IEEE arithmetic. Samplers such as ``normal`` or ``choice`` may change between
numpy versions (NEP 19), and ``exp`` or ``log`` between processors.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Draws:
    """Which numbers does chance give at this place of this seed?

    Parameters
    ----------
    seed : int
        Not negative.
    place : str
        What is drawn; every place has its own stream, so a draw that is added at one place leaves
        all others as they were.

    >>> Draws(7, "names").whole(1, 6, 3).tolist() == Draws(7, "names").whole(1, 6, 3).tolist()
    True
    """

    def __init__(self, seed: int, place: str) -> None:
        entropy = np.random.SeedSequence([seed, *place.encode()])
        self._generator = np.random.Generator(np.random.PCG64(entropy))

    def uniform(self, *shape: int) -> Floats:
        """Numbers in 0..1, 1 excluded."""
        return self._generator.random(shape)

    def between(self, low: float, high: float, *shape: int) -> Floats:
        """Numbers in low..high, evenly."""
        return low + (high - low) * self.uniform(*shape)

    def whole(self, low: int, high: int, *shape: int) -> Ints:
        """Whole numbers in low..high, both included, evenly."""
        return (low + np.floor(self.uniform(*shape) * (high - low + 1))).astype(np.int64)

    def bell(self, *shape: int) -> Floats:
        """Bell-shaped numbers, mean 0, SD 1, within -6..6: twelve even numbers summed."""
        total = np.full(shape, -6.0)
        for _ in range(12):
            total += self.uniform(*shape)
        return total

    def chance(self, probability: npt.ArrayLike, *shape: int) -> Bools:
        """Does it happen, with this probability (an array, or one number and a shape)?"""
        p = np.broadcast_to(
            np.asarray(probability, dtype=np.float64), shape or np.shape(probability)
        )
        return self.uniform(*p.shape) < p

    def pick(self, weights: npt.ArrayLike, *shape: int) -> Ints:
        """Indices of options, each as often as its weight."""
        ends = np.cumsum(np.asarray(weights, dtype=np.float64))
        seen = self.uniform(*shape) * ends[-1]
        return np.asarray(np.searchsorted(ends[:-1], seen, side="right"), dtype=np.int64)

    def pick_by_row(self, weights: Floats, rows: Ints) -> Ints:
        """One option for each entry of `rows`, by the weights of that row."""
        ends = np.cumsum(weights, axis=1)[rows]
        seen = self.uniform(len(rows))[:, None] * ends[:, -1:]
        return np.asarray((seen >= ends[:, :-1]).sum(axis=1), dtype=np.int64)

    def order(self, count: int) -> Ints:
        """A shuffled 0..count-1."""
        return np.argsort(self.uniform(count), kind="stable")

    def race(self, weights: Floats) -> Floats:
        """Places in a race: the larger the weight, the smaller the number; weight 0 never runs."""
        runs = self.uniform(*weights.shape)
        return np.where(weights > 0, runs / np.where(weights > 0, weights, 1.0), np.inf)

    def first(self, weights: Floats, count: int) -> Bools:
        """Exactly `count` winners of a race over all entries of a vector (fewer if fewer run)."""
        places = self.race(weights)
        won = np.zeros(len(weights), dtype=np.bool_)
        won[np.argsort(places, kind="stable")[: min(count, int((weights > 0).sum()))]] = True
        return won

    def rounded(self, values: Floats) -> Ints:
        """Whole numbers beside the values, such that the mean over chance is the value itself.

        Ordinary rounding and clipping would shrink a planted effect; this does not.
        """
        return np.floor(values + self.uniform(*values.shape)).astype(np.int64)
