"""How is everybody on a small list paired at best, when each has one place and any pair a value?

Jonker and Volgenant's method (1987) where people may stay unmatched: rows bid for columns as long
as that settles something, then shortest augmenting paths with prices do the rest. Columns start
without a price, so a column that nobody holds has none, and the plan is optimal when every row is
settled; from other prices, columns are settled in the same way afterwards.
"""

from __future__ import annotations

import numpy as np

from revmentor.matching.arrays import IntArray
from revmentor.matching.kernels.compiled import compiled

NOBODY = -1
FAR = 2**62
# Bids per row, after which paths are quicker.
BIDS = 2


@compiled
def assign(
    units: IntArray, row_price: IntArray, column_price: IntArray, column_of: IntArray
) -> None:
    """Find the best plan and the prices that prove it.

    Parameters
    ----------
    units : array of int, shape (rows, columns), at most 2**60
        Negative where a pair is not allowed, not below -2**62.
    row_price : array of int, shape (rows,)
        Overwritten.
    column_price : array of int, shape (columns,), 0 to 2**60
        Prices to start from, overwritten.
    column_of : array of int, shape (rows,)
        Overwritten with the column of each row, `NOBODY` for none.
    """
    rows, columns = units.shape
    row_of = np.full(columns, NOBODY)
    column_of[:] = NOBODY
    bid(units, column_price, column_of, row_of)
    for row in range(rows):
        column = column_of[row]
        if column >= 0:
            row_price[row] = units[row, column] - column_price[column]
        else:
            best = 0
            for column in range(columns):
                best = max(best, units[row, column] - column_price[column])
            row_price[row] = best
    settle(units, row_price, column_price, column_of, row_of)
    left = False
    for column in range(columns):
        left = left or (row_of[column] < 0 and column_price[column] > 0)
    if not left:
        return
    across = np.ascontiguousarray(units.T)
    for column in range(columns):
        if row_of[column] < 0:
            best = 0
            for row in range(rows):
                best = max(best, across[column, row] - row_price[row])
            column_price[column] = best
    settle(across, column_price, row_price, row_of, column_of)


@compiled
def bid(units: IntArray, column_price: IntArray, column_of: IntArray, row_of: IntArray) -> None:
    """Let rows without a column bid for the best one, up to what the second best would bring.

    Whoever is outbid bids next. Rows that gain nothing, and those that are outbid for nothing
    more than a tie, wait for `settle`.
    """
    rows = len(units)
    bids = 0
    for first in range(rows):
        row = first
        while row >= 0 and bids < BIDS * rows:
            bids += 1
            line = units[row]
            best = most(line, column_price)
            if best <= 0:
                break
            choice = where(line, column_price, best)
            second = max(
                most(line[:choice], column_price[:choice]),
                most(line[choice + 1 :], column_price[choice + 1 :]),
            )
            if second == best and row_of[choice] >= 0:
                after = choice + 1
                choice = after + where(line[after:], column_price[after:], best)
            loser = row_of[choice]
            if second == best and loser >= 0:
                break
            column_price[choice] += best - second
            row_of[choice] = row
            column_of[row] = choice
            if loser >= 0:
                column_of[loser] = NOBODY
            row = loser


@compiled
def most(units: IntArray, price: IntArray) -> int:
    """The largest gain, 0 if none is above."""
    best = 0
    for column in range(len(units)):
        best = max(best, units[column] - price[column])
    return best


@compiled
def where(units: IntArray, price: IntArray, gain: int) -> int:
    """The first column with exactly this gain; there must be one."""
    column = 0
    while units[column] - price[column] != gain:
        column += 1
    return column


@compiled
def settle(
    units: IntArray,
    row_price: IntArray,
    column_price: IntArray,
    column_of: IntArray,
    row_of: IntArray,
) -> None:
    """Find a column for every row without one whose price is above 0, or bring that down to 0.

    No gain may be above 0, and that of pairs made must be 0; both stay so.
    """
    rows, columns = units.shape
    distance = np.empty(columns, np.int64)
    settled = np.zeros(columns, np.int64)
    reached = np.empty(rows + 1, np.int64)
    from_row = np.empty(rows + 1, np.int64)
    base = np.empty(rows + 1, np.int64)
    for source in range(rows):
        if column_of[source] >= 0 or row_price[source] <= 0:
            continue
        distance[:] = FAR
        best = row_price[source]
        last = NOBODY
        giver = row = source
        near = count = 0
        while True:
            from_row[count] = row
            base[count] = near + row_price[row]
            if base[count] < best:
                best = base[count]
                giver = row
            nearest = relax(distance, settled, base[count], column_price, units[row])
            if nearest >= best:
                break
            column = 0
            while distance[column] + settled[column] != nearest:
                column += 1
            near = nearest
            if row_of[column] < 0:
                best = near
                last = column
                break
            settled[column] = FAR
            reached[count] = column
            count += 1
            row = row_of[column]
        shift(units, column_price, column_of, row_of, distance, from_row, base, giver, last)
        row_price[source] -= best
        for at in range(count):
            column = reached[at]
            settled[column] = 0
            column_price[column] += best - distance[column]
            row_price[from_row[at + 1]] -= best - distance[column]


@compiled
def relax(
    distance: IntArray, settled: IntArray, base: int, column_price: IntArray, units: IntArray
) -> int:
    """Shorten distances by way of a row, and say which is least among columns not settled."""
    nearest = FAR
    for column in range(len(distance)):
        far = base + column_price[column] - units[column]
        distance[column] = min(distance[column], far)
        nearest = min(nearest, distance[column] + settled[column])
    return nearest


@compiled
def shift(
    units: IntArray,
    column_price: IntArray,
    column_of: IntArray,
    row_of: IntArray,
    distance: IntArray,
    from_row: IntArray,
    base: IntArray,
    giver: int,
    last: int,
) -> None:
    """Move rows along the way that ends at a column, or at a row that gives its column up.

    Which row a column was reached from is found by its distance, the source being the first.
    """
    source = from_row[0]
    if last < 0:
        if giver == source:
            return
        last = column_of[giver]
        column_of[giver] = NOBODY
    while True:
        at = 0
        while base[at] + column_price[last] - units[from_row[at], last] != distance[last]:
            at += 1
        row = from_row[at]
        following = column_of[row]
        column_of[row] = last
        row_of[last] = row
        if row == source:
            return
        last = following
