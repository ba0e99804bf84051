"""The same people under many weights: scores again, and the best assignment from the last one."""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.kernels.assignment import assign
from revmentor.matching.kernels.compiled import compiled


@compiled
def rescore(
    shares: FloatArray, values: FloatArray, known: BoolArray, exclude: bool, units: IntArray
) -> None:
    """Scores in millionths at other shares, with the operations and the order of `Scoring.score`.

    Parameters
    ----------
    shares : array of float, one per criterion
    values : array of float, shape (criteria, rows, columns)
        With stand-ins, or zeros where criteria that are not known are excluded.
    known : array of bool, the same shape; may be empty unless `exclude`
    exclude : bool
        Weigh each pair by the criteria that are known for it.
    units : array of int, shape (rows, columns), overwritten
    """
    criteria, rows, columns = values.shape
    total = np.empty(columns)
    weight = np.empty(columns)
    for row in range(rows):
        total[:] = 0.0
        if exclude:
            weight[:] = 0.0
            for criterion in range(criteria):
                share = shares[criterion]
                for column in range(columns):
                    weight[column] += share if known[criterion, row, column] else 0.0
            for column in range(columns):
                if weight[column] == 0.0:
                    weight[column] = 1.0
            for criterion in range(criteria):
                share = shares[criterion]
                line = values[criterion, row]
                for column in range(columns):
                    total[column] += (share * line[column]) / weight[column]
        else:
            for criterion in range(criteria):
                share = shares[criterion]
                line = values[criterion, row]
                for column in range(columns):
                    total[column] += share * line[column]
        out = units[row]
        for column in range(columns):
            out[column] = np.int64(np.rint(total[column] * 1_000_000.0))


@compiled
def weigh(
    units: IntArray,
    allowed: BoolArray,
    least: int,
    added: IntArray,
    bonus: IntArray,
    pair_of: IntArray,
    value: IntArray,
) -> None:
    """What each pair counts for: see `sweep`; -1 where it may not be made."""
    rows, columns = units.shape
    for row in range(rows):
        for column in range(columns):
            worth = units[row, column] + added[row, column]
            made = allowed[row, column] and units[row, column] >= least and worth > 0
            more = bonus[1] if pair_of[row, column] >= 0 else 0
            value[row, column] = worth * bonus[0] + more if made else -1


@compiled
def sweep(
    shares: FloatArray,
    values: FloatArray,
    known: BoolArray,
    exclude: bool,
    allowed: BoolArray,
    least: int,
    added: IntArray,
    bonus: IntArray,
    pair_of: IntArray,
    start: IntArray,
    survives: BoolArray,
    worth: IntArray,
) -> None:
    """The best assignment at each of many shares, and which listed pairs are in it.

    Each starts from the same prices, so that none depends on the others.

    Parameters
    ----------
    shares : array of float, shape (scenarios, criteria)
    values, known, exclude
        As for `rescore`.
    allowed : array of bool, shape (rows, columns)
    least : int
        Fewest units of a pair that may be made.
    added : array of int, shape (rows, columns)
        Units that a pair's worth has beyond its score.
    bonus : array of int, shape (2,)
        How often worth counts, and what a listed pair has beside it: settles ties.
    pair_of : array of int, shape (rows, columns)
        Number of a listed pair; -1 for all others.
    start : array of int, shape (columns,), at least 0
        Prices to start from.
    survives : array of bool, shape (scenarios, listed pairs), overwritten
    worth : array of int, shape (scenarios,), overwritten
        Of the best assignment.
    """
    rows, columns = allowed.shape
    units = np.empty((rows, columns), np.int64)
    value = np.empty((rows, columns), np.int64)
    row_price = np.empty(rows, np.int64)
    price = np.empty(columns, np.int64)
    column_of = np.empty(rows, np.int64)
    for scenario in range(len(shares)):
        rescore(shares[scenario], values, known, exclude, units)
        weigh(units, allowed, least, added, bonus, pair_of, value)
        price[:] = start
        assign(value, row_price, price, column_of)
        survives[scenario] = False
        worth[scenario] = 0
        for row in range(rows):
            column = column_of[row]
            if column >= 0:
                worth[scenario] += units[row, column] + added[row, column]
                if pair_of[row, column] >= 0:
                    survives[scenario, pair_of[row, column]] = True
