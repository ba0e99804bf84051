"""Which group does a person belong to, and in which order are groups shown?"""

from __future__ import annotations

import re

import pandas as pd

NOT_GIVEN = "not given"
GROUPINGS = ("generation", "department", "site", "grade")
ORDERED = ("generation", "grade")
MOST_IN_LABEL = 34


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


def lump(
    order: list[str], sizes: pd.Series, most: int, least: int, *, ordered: bool = False
) -> dict[str, str]:
    """Which groups keep their name, and which are summed up under one label?

    Groups smaller than `least`, and the smallest beyond `most`, are summed up: ordered groups
    (generations, grades) with a neighbour, others all together, until no sum is below `least`.

    Parameters
    ----------
    order : list of str
        All groups, in the order in which they are shown.
    sizes : Series of int
        Size of each group, by name.
    most, least : int
        Largest number of groups shown, smallest size shown.
    ordered : bool
        Whether the order has a meaning, so that only neighbours may be joined.

    Returns
    -------
    dict
        Every group to the label that it is shown under, in the order of the labels.

    >>> lump(["a", "b", "c", "d"], pd.Series({"a": 1, "b": 9, "c": 30, "d": 2}), 8, 5)
    {'c': 'c', 'a': '3 others', 'b': '3 others', 'd': '3 others'}
    >>> lump(["A", "B", "C", "D"], pd.Series({"A": 40, "B": 9, "C": 7, "D": 1}), 8, 5, ordered=True)
    {'A': 'A', 'B': 'B', 'C': 'C, D', 'D': 'C, D'}
    """
    size = {name: int(sizes.get(name, 0)) for name in order}
    if ordered:
        return _joined_neighbours(order, size, most, least)
    rest: list[str] = []
    for name in sorted(order, key=lambda name: (size[name], -order.index(name))):
        enough = not rest or (len(rest) > 1 and sum(size[each] for each in rest) >= least)
        too_many = len(order) - len(rest) + bool(rest) > most
        if size[name] >= least and enough and not too_many:
            break
        rest.append(name)
    kept = {name: name for name in order if name not in rest}
    rest = [name for name in order if name in rest]
    return kept | dict.fromkeys(rest, others_label(rest))


def _joined_neighbours(
    order: list[str], size: dict[str, int], most: int, least: int
) -> dict[str, str]:
    blocks = [[name] for name in order]

    def weight(block: list[str]) -> int:
        return sum(size[name] for name in block)

    while len(blocks) > 1:
        smallest = min(range(len(blocks)), key=lambda place: weight(blocks[place]))
        if weight(blocks[smallest]) >= least and len(blocks) <= most:
            break
        beside = [place for place in (smallest - 1, smallest + 1) if 0 <= place < len(blocks)]
        other = min(beside, key=lambda place: weight(blocks[place]))
        first, second = sorted((smallest, other))
        blocks[first : second + 1] = [blocks[first] + blocks[second]]
    return {name: _range_label(block) for block in blocks for name in block}


def _range_label(block: list[str]) -> str:
    given = [name for name in block if name != NOT_GIVEN]
    label = f"{given[0]} to {given[-1]}" if len(given) > 2 else ", ".join(given)
    return ", ".join([*([label] if label else []), *([NOT_GIVEN] if NOT_GIVEN in block else [])])


def may_be_several(label: str) -> bool:
    """Could this be the label of several groups together? A group's own name can look like it.

    >>> may_be_several("Baby Boomers, Generation X"), may_be_several("Generation X")
    (True, False)
    """
    return is_sum(label) or ", " in label or " to " in label


def is_sum(label: str) -> bool:
    """Is this the label of several groups that lost their names?

    >>> is_sum("3 others"), is_sum("Law, Ops")
    (True, False)
    """
    return re.fullmatch(r"\d+ others", label) is not None


def others_label(names: list[str]) -> str:
    """What is a sum of several groups called?

    >>> others_label(["Law", "Ops"]), others_label(["Law", "Ops", "IT"])
    ('Law, Ops', '3 others')
    """
    joined = ", ".join(names)
    short = len(names) < 3 and len(joined) <= MOST_IN_LABEL
    return joined if short else f"{len(names)} others"
