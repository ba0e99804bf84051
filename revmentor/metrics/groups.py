"""Which group does a person belong to, and in which order are groups shown?"""

from __future__ import annotations

import pandas as pd

NOT_GIVEN = "not given"
GROUPINGS = ("generation", "department", "site", "grade")


def group_of(people: pd.DataFrame, by: str) -> pd.Series:
    """Which group is each person in? Series of text indexed by person_id; missing: "not given".

    Parameters
    ----------
    people : DataFrame
        The contract's ``people``.
    by : str
        A column of it: generation, department, site, grade, or any other.
    """
    if by not in people.columns:
        raise KeyError(f"people has no column {by!r}; it has {', '.join(map(str, people.columns))}")
    groups = people[by].astype("str").fillna(NOT_GIVEN)
    return pd.Series(groups.to_numpy(), index=people["person_id"].to_numpy(), name=by, dtype="str")


def group_order(people: pd.DataFrame, by: str) -> list[str]:
    """In which order are the groups shown? "not given" stands last.

    Generations from old to young (by the median birth year), grades from junior to senior, all
    others by size, the largest first, then by name.
    """
    groups = group_of(people, by).to_numpy()
    rank = {"generation": "birth_year", "grade": "grade_rank"}.get(by)
    ranked = pd.DataFrame({"group": groups})
    ranked["rank"] = (
        people[rank].astype("float64").to_numpy()
        if rank and rank in people.columns
        else float("nan")
    )
    table = ranked.groupby("group")["rank"].agg(["median", "size"]).reset_index()
    table["last"] = table["group"] == NOT_GIVEN
    table["size"] = -table["size"]
    table = table.sort_values(["last", "median", "size", "group"], na_position="last")
    return [str(name) for name in table["group"]]


def others_label(count: int) -> str:
    """What is a sum of several groups called?

    >>> others_label(3)
    '3 others'
    """
    return f"{count} other{'' if count == 1 else 's'}"


def lump(order: list[str], sizes: pd.Series, most: int) -> dict[str, str]:
    """Which groups keep their name when at most `most` are shown, and which are summed up?

    The largest keep their name; the rest (two or more) become "k others". Returns a mapping from
    every group to the label that it is shown under, in the order given.

    >>> lump(["a", "b", "c", "d"], pd.Series({"a": 1, "b": 9, "c": 3, "d": 2}), 3)
    {'a': '2 others', 'b': 'b', 'c': 'c', 'd': '2 others'}
    """
    if len(order) <= most:
        return {name: name for name in order}
    by_size = sorted(order, key=lambda name: (-int(sizes.get(name, 0)), order.index(name)))
    keep = set(by_size[: most - 1])
    rest = others_label(len(order) - len(keep))
    return {name: name if name in keep else rest for name in order}
