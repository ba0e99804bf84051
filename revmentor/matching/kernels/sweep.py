"""The same people under many weights: scores again, and the best assignment from the last one."""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import BoolArray, FloatArray, IntArray
from revmentor.matching.kernels.compiled import compiled

FAR = 2**62


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
def assign(cost: IntArray, price: IntArray, column_of: IntArray, row_of: IntArray) -> None:
    """The cheapest assignment of all rows to all columns, from prices and an assignment at hand.

    Rows that no longer have their cheapest column leave it, try twice to find another by raising
    its price (augmenting row reduction), and else get one along a shortest path (Jonker and
    Volgenant, Computing 38, 1987).

    Parameters
    ----------
    cost : array of int, shape (n, n)
    price : array of int, shape (n,), updated
        Any; in the end cost less price is least, in each row, at its column.
    column_of, row_of : arrays of int, shape (n,), updated
        Each other's inverse; -1 where there is none.
    """
    size = len(price)
    free = np.empty(size, np.int64)
    waiting = 0
    for row in range(size):
        column = column_of[row]
        line = cost[row]
        least = FAR
        for other in range(size):
            least = min(least, line[other] - price[other])
        if column >= 0 and line[column] - price[column] > least:
            row_of[column] = -1
            column_of[row] = -1
            column = -1
        if column < 0:
            free[waiting] = row
            waiting += 1
    for _ in range(2):
        waiting = _reduce_rows(cost, price, column_of, row_of, free, waiting)
    distance = np.empty(size, np.int64)
    before = np.empty(size, np.int64)
    order = np.empty(size, np.int64)
    for number in range(waiting):
        _augment(cost, price, column_of, row_of, free[number], distance, before, order)


@compiled
def _reduce_rows(
    cost: IntArray,
    price: IntArray,
    column_of: IntArray,
    row_of: IntArray,
    free: IntArray,
    waiting: int,
) -> int:
    """Give free rows their cheapest columns, whose price falls to the second cheapest's."""
    size = len(price)
    at, left = 0, 0
    # Prices of whole numbers could creep for long; what is not settled by then gets a path.
    steps = 4 * waiting + 8
    while at < waiting:
        row = free[at]
        at += 1
        line = cost[row]
        first, second = FAR, FAR
        column, other = -1, -1
        for c in range(size):
            reduced = line[c] - price[c]
            if reduced < second:
                if reduced < first:
                    second, other = first, column
                    first, column = reduced, c
                else:
                    second, other = reduced, c
        owner = row_of[column]
        if first < second and other >= 0:
            price[column] -= second - first
        elif owner >= 0 and other >= 0:
            column = other
            owner = row_of[column]
        column_of[row] = column
        row_of[column] = row
        if owner >= 0:
            column_of[owner] = -1
            steps -= 1
            if first < second and steps > 0:
                at -= 1
                free[at] = owner
            else:
                free[left] = owner
                left += 1
    return left


@compiled
def _augment(
    cost: IntArray,
    price: IntArray,
    column_of: IntArray,
    row_of: IntArray,
    root: int,
    distance: IntArray,
    before: IntArray,
    order: IntArray,
) -> None:
    """Give a free row a column along a shortest path of exchanges, and move the prices."""
    size = len(price)
    line = cost[root]
    for column in range(size):
        distance[column] = line[column] - price[column]
        before[column] = root
        order[column] = column
    # In `order`: columns settled, then those at the least distance, then all others.
    low, high, settled = 0, 0, 0
    least, end = 0, -1
    while end < 0:
        if low == high:
            settled = low
            least = distance[order[high]]
            high += 1
            for k in range(high, size):
                column = order[k]
                if distance[column] <= least:
                    if distance[column] < least:
                        high = low
                        least = distance[column]
                    order[k] = order[high]
                    order[high] = column
                    high += 1
            for k in range(low, high):
                if row_of[order[k]] < 0:
                    end = order[k]
                    break
            if end >= 0:
                break
        near = order[low]
        low += 1
        row = row_of[near]
        line = cost[row]
        shift = line[near] - price[near] - least
        for k in range(high, size):
            column = order[k]
            through = line[column] - price[column] - shift
            if through < distance[column]:
                distance[column] = through
                before[column] = row
                if through == least:
                    if row_of[column] < 0:
                        end = column
                        break
                    order[k] = order[high]
                    order[high] = column
                    high += 1
    for k in range(settled):
        column = order[k]
        price[column] += distance[column] - least
    column = end
    while True:
        row = before[column]
        row_of[column] = row
        following = column_of[row]
        column_of[row] = column
        if row == root:
            break
        column = following


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
    start_column: IntArray,
    survives: BoolArray,
    worth: IntArray,
) -> None:
    """The best assignment at each of many shares, and which listed pairs are in it.

    Each starts from the same prices and assignment, so that none depends on the others.

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
    start, start_column : arrays of int, shape (n,), n the larger of rows and columns
        Prices and columns to start from.
    survives : array of bool, shape (scenarios, listed pairs), overwritten
    worth : array of int, shape (scenarios,), overwritten
        Of the best assignment.
    """
    rows, columns = allowed.shape
    size = len(start)
    units = np.empty((rows, columns), np.int64)
    cost = np.zeros((size, size), np.int64)
    price = np.empty(size, np.int64)
    column_of = np.empty(size, np.int64)
    row_of = np.empty(size, np.int64)
    for scenario in range(len(shares)):
        rescore(shares[scenario], values, known, exclude, units)
        for row in range(rows):
            for column in range(columns):
                value = units[row, column] + added[row, column]
                made = allowed[row, column] and units[row, column] >= least and value > 0
                more = bonus[1] if pair_of[row, column] >= 0 else 0
                cost[row, column] = -(value * bonus[0] + more) if made else 0
        price[:] = start
        row_of[:] = -1
        column_of[:] = start_column
        for row in range(size):
            if column_of[row] >= 0:
                row_of[column_of[row]] = row
        assign(cost, price, column_of, row_of)
        survives[scenario] = False
        worth[scenario] = 0
        for row in range(rows):
            column = column_of[row]
            if column < columns and cost[row, column] < 0:
                worth[scenario] += units[row, column] + added[row, column]
                if pair_of[row, column] >= 0:
                    survives[scenario, pair_of[row, column]] = True
