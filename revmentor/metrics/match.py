"""How good is a matching: scores, wishes, wanted skills, and who meets whom?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from revmentor.metrics.estimate import Estimate, census_share, not_computed
from revmentor.metrics.groups import NOT_GIVEN, ORDERED, group_of, group_order, lump
from revmentor.names import CRITERION_LABELS, SIDES

ACROSS = ("department", "generation", "site")
PAIR = ["mentor_id", "mentee_id"]


@dataclass(frozen=True)
class Scores:
    """How are the pairs' scores (0..1) spread? All None when there is no pair."""

    n: int
    mean: float | None
    lowest: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    highest: float | None


def scores(values: pd.Series) -> Scores:
    """What are the mean, quartiles, worst and best of these scores?

    Quartiles by linear interpolation (`numpy.quantile`'s default).

    >>> scores(pd.Series([0.2, 0.4, 0.9])).median
    0.4
    """
    known = values.dropna().to_numpy(dtype="float64")
    if not len(known):
        return Scores(0, None, None, None, None, None, None)
    cuts = [float(cut) for cut in np.quantile(known, [0, 0.25, 0.5, 0.75, 1])]
    return Scores(len(known), float(known.mean()), *cuts)


def typical_pairs(pairs: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Which pairs are the best, the median and the worst? Label to (mentor_id, mentee_id).

    The median pair is the lower one where two are in the middle; ties go by mentee_id and
    mentor_id. Fewer labels where there are fewer than three pairs.
    """
    order = pairs.sort_values(["score", "mentee_id", "mentor_id"], ascending=[False, True, True])
    ids = [(str(a), str(b)) for a, b in zip(order["mentor_id"], order["mentee_id"], strict=True)]
    if len(ids) < 3:
        return dict(zip(("best pair", "worst pair"), ids, strict=False))
    return {"best pair": ids[0], "median pair": ids[len(ids) // 2], "worst pair": ids[-1]}


@dataclass(frozen=True)
class Quality:
    """How good is a matching?

    Parameters
    ----------
    pairs, mentors, mentees : int
        Pairs, and people in them.
    scores : Scores
        Spread of the pairs' scores, 0..1.
    share_of_possible : Estimate
        Sum of the scores over the sum of each mentee's best eligible score.
    wanted_skill : Estimate
        Share of pairs in which the mentor offers a skill that the mentee wants, of the pairs
        whose mentee names one.
    across : mapping of grouping to Estimate
        Share of pairs across two departments, generations, sites, of the pairs in which both
        are known.
    wishes : DataFrame
        side, rank, wished (wishes of that rank by people of that side), met (of which pairs).
    criteria : DataFrame
        criterion, points: mean contribution to the score, 0..100, the largest first.
    """

    pairs: int
    mentors: int
    mentees: int
    scores: Scores
    share_of_possible: Estimate
    wanted_skill: Estimate
    across: Mapping[str, Estimate]
    wishes: pd.DataFrame
    criteria: pd.DataFrame


def quality(
    pairs: pd.DataFrame,
    contributions: pd.DataFrame,
    people: pd.DataFrame,
    applications: pd.DataFrame,
    *,
    possible: float,
    able: int,
) -> Quality:
    """How good is this matching?

    Share of the possible = sum of the pairs' scores / sum over the mentees of each one's best
    eligible score: 100% would be everybody with the partner who fits best, which several mentees
    who want the same mentor cannot have. Everybody is counted, so there is no interval.

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, score (0..1).
    contributions : DataFrame
        mentor_id, mentee_id and one column per criterion: its part of the score (0..1).
    people, applications : DataFrame
        As in the contract.
    possible : float
        Sum over the mentees of each one's best eligible score (0..1).
    able : int
        Mentees with an eligible partner.
    """
    return Quality(
        pairs=len(pairs),
        mentors=int(pairs["mentor_id"].nunique()),
        mentees=int(pairs["mentee_id"].nunique()),
        scores=scores(pairs["score"]),
        share_of_possible=_share_of_possible(pairs, possible, able),
        wanted_skill=wanted_skill(pairs, applications),
        across={by: across(pairs, people, by) for by in ACROSS},
        wishes=wishes_met(pairs, applications),
        criteria=criteria_points(contributions),
    )


def _share_of_possible(pairs: pd.DataFrame, possible: float, able: int) -> Estimate:
    method = "sum of scores / sum of each mentee's best eligible score"
    if possible <= 0:
        return not_computed("no mentee has an eligible partner", 0, "share", method, "mentees")
    share = float(pairs["score"].sum()) / possible
    return Estimate(share, None, None, able, "share", method, "", "mentees")


def wanted_skill(pairs: pd.DataFrame, applications: pd.DataFrame) -> Estimate:
    """In what share of pairs does the mentor offer a skill that the mentee wants?

    Of the pairs whose mentee names at least one; a count of all, so without interval.
    """
    met = skill_met(pairs, applications).dropna()
    return census_share(int(met.sum()), len(met), "pairs")


def skill_met(pairs: pd.DataFrame, applications: pd.DataFrame) -> pd.Series:
    """Does the mentor offer a skill that the mentee wants, pair by pair?

    Returns
    -------
    Series of boolean
        In the pairs' index; missing where the mentee names no skill.
    """
    lists = applications.set_index("person_id")
    offered = pairs["mentor_id"].map(lists["skills_offered"])
    wanted = pairs["mentee_id"].map(lists["skills_wanted"])
    met = [bool(set(a or ()) & set(b)) if b else None for a, b in zip(offered, wanted, strict=True)]
    return pd.Series(met, index=pairs.index, dtype="boolean")


def across(pairs: pd.DataFrame, people: pd.DataFrame, by: str) -> Estimate:
    """What share of pairs joins two different groups, of the pairs in which both are known?

    Pairs whose two people are of different departments, generations or sites / pairs in which both
    are known; a count of all, so without interval.
    """
    joins = joins_two(pairs, people, by).dropna()
    return census_share(int(joins.sum()), len(joins), "pairs")


def joins_two(pairs: pd.DataFrame, people: pd.DataFrame, by: str) -> pd.Series:
    """Does it join two different groups, pair by pair?

    Returns
    -------
    Series of boolean
        In the pairs' index; missing where one of the two groups is not known.
    """
    groups = group_of(people, by)
    mentor = pairs["mentor_id"].map(groups).to_numpy()
    mentee = pairs["mentee_id"].map(groups).to_numpy()
    known = (mentor != NOT_GIVEN) & (mentee != NOT_GIVEN)
    return pd.Series(mentor != mentee, index=pairs.index, dtype="boolean").where(known)


def wishes_met(pairs: pd.DataFrame, applications: pd.DataFrame) -> pd.DataFrame:
    """How many wishes were met, by side and rank?

    Returns
    -------
    DataFrame
        side, rank (1 = first wish), wished (people of that side who named somebody at that
        rank), met (of them, those who are paired with the one named); sorted by side, rank.
    """
    made = {
        "mentor": set(zip(pairs["mentor_id"], pairs["mentee_id"], strict=True)),
        "mentee": set(zip(pairs["mentee_id"], pairs["mentor_id"], strict=True)),
    }
    rows = []
    for side in SIDES:
        who = applications.loc[applications["side"].isin([side, "both"])]
        for person, wishes in zip(who["person_id"], who["wishes"], strict=True):
            for rank, wish in enumerate(wishes, start=1):
                rows.append((side, rank, 1, int((person, wish) in made[side])))
    table = pd.DataFrame(rows, columns=["side", "rank", "wished", "met"])
    return table.groupby(["side", "rank"], as_index=False)[["wished", "met"]].sum()


def criteria_points(contributions: pd.DataFrame) -> pd.DataFrame:
    """Which criteria carry the scores? criterion, points (0..100, mean per pair), largest first."""
    points = contributions[[c for c in contributions if c in CRITERION_LABELS]].mean() * 100
    table = points.rename_axis("criterion").rename("points").reset_index()
    return table.sort_values(["points", "criterion"], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True)
class Meeting:
    """Who meets whom: counts of pairs, and what chance would give.

    Both frames have the mentees' groups as rows and the mentors' groups as columns; `pairs` has the
    two groups of each pair, in columns mentee and mentor.
    """

    counts: pd.DataFrame
    chance: pd.DataFrame
    pairs: pd.DataFrame


def who_meets_whom(
    pairs: pd.DataFrame, people: pd.DataFrame, by: str, *, most: int = 8, least: int = 10
) -> Meeting:
    """Which groups do the pairs join, and how often would chance alone join them?

    Parameters
    ----------
    pairs, people : DataFrame
        mentor_id, mentee_id; the contract's people.
    by : str
        Grouping: generation, department, site, grade.
    most : int
        Groups shown per side; the smallest beyond them are summed up.
    least : int
        Smallest group with a row or column of its own, in pairs; smaller ones are summed up
        (ordered ones with a neighbour). Twice the minimum reporting group shows most.

    Notes
    -----
    chance = (pairs of the mentee group) * (pairs of the mentor group) / pairs: what pairing the
    same people blindly would give on average.
    """
    groups = group_of(people, by)
    order = group_order(people, by)
    sides = {}
    labels = {}
    for side in SIDES:
        column = pairs[f"{side}_id"].map(groups)
        sizes = column.value_counts()
        present = [name for name in order if name in sizes.index]
        shown = lump(present, sizes, most, least, ordered=by in ORDERED)
        sides[side] = column.map(shown)
        labels[side] = list(dict.fromkeys(shown.values()))
    counts = pd.crosstab(sides["mentee"].to_numpy(), sides["mentor"].to_numpy())
    counts = counts.reindex(index=labels["mentee"], columns=labels["mentor"], fill_value=0)
    counts = counts.astype("int64").rename_axis(index="mentee", columns="mentor")
    margins = np.outer(counts.sum(axis=1), counts.sum(axis=0))
    chance = pd.DataFrame(margins / max(1, len(pairs)), counts.index, counts.columns)
    return Meeting(counts, chance, pd.DataFrame(sides)[["mentee", "mentor"]])


def unmatched_reasons(unmatched: pd.DataFrame) -> pd.DataFrame:
    """Why has somebody no partner? Rows: reasons, most frequent first; columns mentor, mentee.

    Parameters
    ----------
    unmatched : DataFrame
        person_id, side, reason.
    """
    table = pd.crosstab(unmatched["reason"].to_numpy(), unmatched["side"].to_numpy())
    table = table.reindex(columns=list(SIDES), fill_value=0).astype("int64")
    order = table.assign(n=table.sum(axis=1), name=table.index.astype("str"))
    order = order.sort_values(["n", "name"], ascending=[False, True])
    return table.loc[order.index].rename_axis(index="reason", columns=None)
