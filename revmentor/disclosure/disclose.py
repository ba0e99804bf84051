"""How does a metric become something that may be shown?

The rules, all with the cycle's minimum group (5 unless set otherwise):

- A count from 1 to minimum - 1 is hidden. **Zero is shown**: it says that nobody is there, and most
  zeros of a table are no secret (no junior is a mentee); a group of which *all* are in one cell
  is shown too, once it reaches the minimum.
- No hidden number may be worked out from totals, see `revmentor.disclosure.network`.
- A remainder counts as a group: 118 of 120 says that two are not, so it becomes "all but fewer
  than 5".
- Mean, interval and n of a small group are hidden together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from revmentor.disclosure.counts import NOT_SHOWN, Count, Counts, DisclosedCounts, fewer_than
from revmentor.disclosure.network import hide, table_network

Totals = Literal["both", "rows", "columns", "none"]
OTHERS = "others"


def disclose_counts(
    frame: pd.DataFrame,
    minimum: int,
    *,
    totals: Totals,
    unit: str = "people",
    row_name: str = "",
    column_name: str = "",
    open_columns: Sequence[str] = (),
    spare_columns: Sequence[str] = (),
    behind: pd.DataFrame | None = None,
) -> DisclosedCounts:
    """What of this table of counts may be shown?

    Parameters
    ----------
    frame : DataFrame
        Counts; index and columns are the labels.
    minimum : int
        Smallest group that is shown.
    totals : "both", "rows", "columns" or "none"
        Which totals are published with it. "none" only where neither totals nor anything that
        gives them away is published elsewhere.
    unit, row_name, column_name : str
        Words for the reader.
    open_columns : sequence of str
        Columns that count no people; shown as they are, no part of any total.
    spare_columns : sequence of str
        Columns that a reader can do without: where more must be hidden, theirs are hidden first.
    behind : DataFrame, optional
        Like `frame`, where it counts events: of how many people (or pairs) each number is. Events
        of fewer than the minimum are hidden, however many.
    """
    guarded = [name for name in frame.columns if name not in set(open_columns)]
    cells = [[int(value) for value in row] for row in frame[guarded].to_numpy()]
    by_rows, by_columns = totals in ("both", "rows"), totals in ("both", "columns")
    spare = frozenset(place for place, name in enumerate(guarded) if name in set(spare_columns))
    few = frozenset[tuple[int, int]]()
    if behind is not None:
        of = behind[guarded].to_numpy()
        few = frozenset((int(i), int(j)) for i, j in np.argwhere((of > 0) & (of < minimum)))
    network, place = table_network(
        cells, len(guarded), minimum, rows=by_rows, columns=by_columns, spare=spare, few=few
    )
    large = (place[at] for at in few)
    covered = hide(
        network, minimum, frozenset(at for at in large if network.arcs[at].value >= minimum)
    )
    small = fewer_than(minimum)

    def count(i: int, j: int) -> Count:
        arc = network.arcs[place[i, j]]
        if arc.state != "hidden":
            return Count.shown(arc.value)
        if covered:
            return Count(value=None, low=1, high=None, text=NOT_SHOWN)
        return Count(value=None, low=1, high=minimum - 1, text=small)

    def column_total(name: str) -> Count:
        if name in guarded:
            return count(-1, guarded.index(name))
        return Count.shown(int(frame[name].sum()))

    def row(i: int) -> Counts:
        return tuple(
            count(i, guarded.index(name))
            if name in guarded
            else Count.shown(int(frame.iloc[i][name]))
            for name in frame.columns
        )

    every = tuple(row(i) for i in range(len(frame)))
    hidden = any(arc.state == "hidden" for arc in network.arcs)
    return DisclosedCounts(
        minimum=minimum,
        rows=tuple(map(str, frame.index)),
        columns=tuple(map(str, frame.columns)),
        cells=every,
        row_totals=tuple(count(i, -1) for i in range(len(frame))) if by_rows else (),
        column_totals=tuple(map(column_total, frame.columns)) if by_columns else (),
        total=count(-1, -1) if totals == "both" else None,
        row_name=row_name or str(frame.index.name or ""),
        column_name=column_name or str(frame.columns.name or ""),
        unit=unit,
        open_columns=tuple(open_columns),
        note=_note(minimum, unit, covered) if hidden else "",
    )


def _note(minimum: int, unit: str, covered: bool) -> str:
    if covered:
        return (
            f"{NOT_SHOWN}: {fewer_than(minimum)} {unit}, or a number from which such a group "
            "could be worked out"
        )
    return f"numbers from 1 to {minimum - 1} are not shown"


def disclose_chain(
    frame: pd.DataFrame, minimum: int, *, unit: str = "people", row_name: str = ""
) -> DisclosedCounts:
    """What may be shown of counts that only fall (a funnel) or only rise, column by column?

    A number is hidden if it is small itself, or if it differs from the last one shown by a small
    group: then it reads "all but fewer than 5" (falling) or "fewer than 5 more" (rising). Shown
    neighbours so always differ by 0 or at least the minimum.

    Parameters
    ----------
    frame : DataFrame
        Counts; rows in the order of the steps, each column monotone.
    """
    columns = [_chain([int(value) for value in frame[name]], minimum) for name in frame.columns]
    hidden = any(count.value is None for column in columns for count in column)
    return DisclosedCounts(
        minimum=minimum,
        rows=tuple(map(str, frame.index)),
        columns=tuple(map(str, frame.columns)),
        cells=tuple(zip(*columns, strict=True)),
        row_name=row_name or str(frame.index.name or ""),
        unit=unit,
        note=f"groups and differences from 1 to {minimum - 1} are not shown" if hidden else "",
    )


def _chain(values: list[int], minimum: int) -> list[Count]:
    steps = np.sign(np.diff(values))
    if (steps > 0).any() and (steps < 0).any():
        raise ValueError("a chain of counts must only fall or only rise")
    last: int | None = None
    found = []
    for value in values:
        gap = 0 if last is None else value - last
        if 0 < value < minimum:
            found.append(Count(value=None, low=1, high=minimum - 1, text=fewer_than(minimum)))
        elif last is not None and 0 < -gap < minimum:
            text = f"all but {fewer_than(minimum)}"
            found.append(Count(value=None, low=last - minimum + 1, high=last - 1, text=text))
        elif last is not None and 0 < gap < minimum:
            text = f"{fewer_than(minimum)} more"
            found.append(Count(value=None, low=last + 1, high=last + minimum - 1, text=text))
        else:
            found.append(Count.shown(value))
            last = value
    return found


def disclose_categories(
    frame: pd.DataFrame, minimum: int, *, unit: str = "people", row_name: str = ""
) -> DisclosedCounts:
    """What may be shown of counts whose *labels* were written by people (support asked for)?

    A label that fewer than the minimum gave is not shown at all: such rows are summed up as
    "others". No totals.
    """
    size = frame.sum(axis=1)
    rare = size < minimum
    table = frame.loc[~rare]
    if rare.any():
        rest = frame.loc[rare].sum().rename(OTHERS).to_frame().T
        table = pd.concat([table, rest])
    name = row_name or str(frame.index.name or "")
    return disclose_counts(table, minimum, totals="none", unit=unit, row_name=name)
