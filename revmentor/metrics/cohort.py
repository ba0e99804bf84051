"""Who is in, what do they want and offer, and how do they compare with the company?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from revmentor.metrics.estimate import Estimate, census_share
from revmentor.metrics.groups import ORDERED, group_of, group_order, lump
from revmentor.names import SIDES

COMPANY, APPLIED, PLACED = "in the company", "applied", "has a place"
ABLE = "has an eligible partner"
STAGES = (COMPANY, APPLIED, ABLE)


def on_side(applications: pd.DataFrame, side: str) -> pd.DataFrame:
    """Which applications are for this side? "both" counts for either."""
    return applications.loc[applications["side"].isin([side, "both"])]


def funnel(
    people: pd.DataFrame,
    applications: pd.DataFrame,
    eligible_ids: Mapping[str, Collection[str]],
    placed_ids: Mapping[str, Collection[str]] | None = None,
) -> pd.DataFrame:
    """How many people are left at each stage, by side?

    Parameters
    ----------
    people, applications : DataFrame
        As in the contract, one row per person each.
    eligible_ids : mapping of "mentor" and "mentee" to person ids
        Who has at least one eligible partner on the other side.
    placed_ids : the same, optional
        Who has a place, where places are short; it adds the stage "has a place".

    Returns
    -------
    DataFrame
        Rows "in the company", "applied", "has a place" (where places are short), "has an eligible
        partner"; columns mentor, mentee: counts of people. A person who applied for both sides
        counts on both.
    """
    stages = in_stages(people, applications, eligible_ids, placed_ids)
    counts = {side: [len(ids) for ids in stages[side].values()] for side in SIDES}
    return pd.DataFrame(counts, index=pd.Index(list(stages[SIDES[0]]), name="stage"))


def in_stages(
    people: pd.DataFrame,
    applications: pd.DataFrame,
    eligible_ids: Mapping[str, Collection[str]],
    placed_ids: Mapping[str, Collection[str]] | None = None,
) -> dict[str, dict[str, set[str]]]:
    """Who is left at each stage, by side? Parameters are those of `funnel`."""
    found = {}
    for side in SIDES:
        stages = {COMPANY: set(people["person_id"])}
        stages[APPLIED] = set(on_side(applications, side)["person_id"])
        if placed_ids is not None:
            stages[PLACED] = stages[APPLIED] & set(placed_ids[side])
        stages[ABLE] = list(stages.values())[-1] & set(eligible_ids[side])
        found[side] = stages
    return found


def supply_demand(applications: pd.DataFrame, default_capacity: int) -> pd.DataFrame:
    """Where are we short: which skills are wanted more than mentors have places for?

    A mentor's places count for every skill that the mentor offers, although one place can serve
    one mentee only: so a shortage is certain and a surplus is not.

    Parameters
    ----------
    applications : DataFrame
        With side, capacity, skills_offered, skills_wanted (tuples).
    default_capacity : int
        Places of a mentor whose capacity is not given.

    Returns
    -------
    DataFrame
        skill, mentors (offering it), places (their capacity), wanted (mentees who want it),
        short (wanted - places); sorted by short, the largest first, then by skill.
    """
    offers = on_side(applications, "mentor")[["person_id", "capacity", "skills_offered"]]
    offers = offers.assign(capacity=offers["capacity"].fillna(default_capacity).astype("int64"))
    offers = _one_row_per_skill(offers, "skills_offered")
    offered = offers.groupby("skill")["capacity"].agg(mentors="size", places="sum")
    wants = _one_row_per_skill(
        on_side(applications, "mentee")[["person_id", "skills_wanted"]], "skills_wanted"
    )
    wanted = wants.groupby("skill").size().rename("wanted")
    table: pd.DataFrame = offered.join(wanted, how="outer").fillna(0).astype("int64")
    table["short"] = table["wanted"] - table["places"]
    table = table.rename_axis("skill").reset_index()
    return table.sort_values(["short", "skill"], ascending=[False, True], ignore_index=True)


def _one_row_per_skill(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Spread a column of tuples over rows, each skill once per person."""
    rows = frame.explode(column).rename(columns={column: "skill"}).dropna(subset=["skill"])
    unique: pd.DataFrame = rows.drop_duplicates(["person_id", "skill"])
    return unique


@dataclass(frozen=True)
class Demand:
    """What do the mentees want most, and do the mentors' places cover it?

    Shares of wants (a mentee who wants three skills has three wants).
    """

    skills: tuple[str, ...]
    share_of_wants: Estimate
    covered: Estimate
    skills_wanted: int
    skills_short: int


def demand(supply: pd.DataFrame, top: int = 2) -> Demand:
    """Which skills are wanted most, what share of all wants are they, how many have a place?

    Parameters
    ----------
    supply : DataFrame
        From `supply_demand`.
    top : int
        How many skills to name.

    Notes
    -----
    covered = sum over the top skills of min(places, wanted) / sum of wanted.
    """
    wanted = supply.loc[supply["wanted"] > 0]
    first = wanted.sort_values(["wanted", "skill"], ascending=[False, True]).head(top)
    served = first[["places", "wanted"]].min(axis=1)
    return Demand(
        skills=tuple(str(skill) for skill in first["skill"]),
        share_of_wants=census_share(
            int(first["wanted"].sum()), int(wanted["wanted"].sum()), "wants"
        ),
        covered=census_share(int(served.sum()), int(first["wanted"].sum()), "wants"),
        skills_wanted=len(wanted),
        skills_short=int((supply["short"] > 0).sum()),
    )


def composition(
    people: pd.DataFrame, applications: pd.DataFrame, by: str, *, most: int = 10, least: int = 10
) -> pd.DataFrame:
    """Who is here: how do the two sides compare with the company, group by group?

    Parameters
    ----------
    people, applications : DataFrame
        As in the contract.
    by : str
        Grouping: generation, department, site, grade.
    most : int
        Groups shown; the smallest beyond them are summed up.
    least : int
        Smallest group with a row of its own, in people of the company; smaller ones are summed up
        (ordered ones with a neighbour). Twice the minimum reporting group shows most.

    Returns
    -------
    DataFrame
        One row per group (index, in `group_order`); columns mentors, mentees, both, neither:
        people by what they applied for, each person once; and company, their sum.
    """
    each = roles(people, applications, by, most=most, least=least)
    table = pd.crosstab(each["group"].to_numpy(), each["role"].to_numpy())
    rows = list(each["group"].cat.categories)
    columns = ["mentors", "mentees", "both", "neither"]
    table = table.reindex(index=rows, columns=columns, fill_value=0)
    table["company"] = table.sum(axis=1)
    return table.astype("int64").rename_axis(index=by, columns=None)


def roles(
    people: pd.DataFrame, applications: pd.DataFrame, by: str, *, most: int = 10, least: int = 10
) -> pd.DataFrame:
    """What did each person of the company apply for, and in which group are they?

    Parameters are those of `composition`.

    Returns
    -------
    DataFrame
        person_id, group (categories in the order in which they are shown), role (mentors, mentees,
        both, neither); one row per person.
    """
    side = applications.set_index("person_id")["side"].reindex(people["person_id"])
    role = side.map({"mentor": "mentors", "mentee": "mentees", "both": "both"}).fillna("neither")
    groups, order = group_of(people, by), group_order(people, by)
    shown = lump(order, groups.value_counts(), most, least, ordered=by in ORDERED)
    labels = list(dict.fromkeys(shown.values()))
    return pd.DataFrame(
        {
            "person_id": people["person_id"].to_numpy(),
            "group": pd.Categorical(groups.map(shown).to_numpy(), categories=labels),
            "role": role.to_numpy(),
        }
    )
