"""Who stands behind the numbers of the pool and of the match?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from revmentor import metrics
from revmentor.cycle.steps.planned import CELL
from revmentor.disclosure import (
    Counted,
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
    Estimated,
    Group,
    Members,
    by_cells,
    counted,
    estimated,
    pair_units,
    spread,
)
from revmentor.disclosure.reports import PLACES, WANTED
from revmentor.matching import Matching
from revmentor.matching.explain import Reach
from revmentor.metrics.cohort import in_stages, on_side, roles
from revmentor.metrics.match import ACROSS, joins_two, skill_met
from revmentor.names import SIDES
from revmentor.params.models import Capacity

SCORE = (0.0, 1.0)


def in_funnel(
    people: pd.DataFrame,
    applications: pd.DataFrame,
    eligible: Mapping[str, Collection[str]],
    placed: Mapping[str, Collection[str]] | None = None,
) -> Counted:
    """Who is left at each stage, by side?"""
    stages = in_stages(people, applications, eligible, placed)
    return counted(
        {(stage, side): ids for side in SIDES for stage, ids in stages[side].items()}, core=True
    )


def in_composition(people: pd.DataFrame, applications: pd.DataFrame, by: str) -> Counted:
    """Who is in which group, by what they applied for?"""
    return by_cells(roles(people, applications, by), "group", "role")


def _wishes(applications: pd.DataFrame) -> pd.DataFrame:
    """One row per mentee and wanted skill; a want is counted, not a person."""
    wants = on_side(applications, "mentee")[["person_id", "skills_wanted"]]
    rows = wants.explode("skills_wanted").dropna().drop_duplicates()
    rows["want"] = rows["person_id"].astype(str) + " wants " + rows["skills_wanted"].astype(str)
    return rows


def in_gap(applications: pd.DataFrame, shown: DisclosedCounts, capacity: int) -> Counted:
    """Which wants and places stand behind each skill; skills without a row are in the last.

    A mentor's first place is the mentor, further ones have ids of their own. In the sum of the
    other skills a mentor who offers several of these stands once for each.
    """
    wants = _wishes(applications).rename(columns={"skills_wanted": "skill", "want": "id"})
    places = _places(applications, capacity)
    last = shown.rows[-1] if shown.rows else ""
    cells: dict[tuple[str, str], Iterable[str]] = {}
    for column, rows in ((WANTED, wants), (PLACES, places)):
        known = rows["skill"].isin(list(shown.rows))
        for skill, ids in rows.loc[known].groupby("skill")["id"]:
            cells[str(skill), column] = ids
        rest = rows.loc[~known]
        if len(rest):
            again = rest["id"].duplicated()
            cells[last, column] = rest["id"].where(~again, rest["id"] + " for " + rest["skill"])
    return counted(cells)


def _numbered(rows: pd.DataFrame, many: pd.Series) -> pd.DataFrame:
    """One row per place, with its id: a person's first place is the person."""
    places = rows.loc[rows.index.repeat(many.astype("int64"))]
    number = places.groupby("person_id").cumcount()
    own = places["person_id"].astype("str")
    return places.assign(id=own.where(number == 0, own + " place " + (number + 1).astype("str")))


def in_plan(applications: pd.DataFrame, capacity: Capacity) -> Counted:
    """Whose places are the pairs that can be planned: those of the smaller side?"""
    sides: list[list[str]] = []
    for side in SIDES:
        rows = on_side(applications, side)[["person_id", "side", "capacity"]]
        # The column counts mentees for whoever mentors; see `revmentor.planning.pairs.places`.
        stated = pd.to_numeric(rows["capacity"], errors="coerce").astype("float64")
        own = stated if side == "mentor" else stated.where(rows["side"].astype("str") == side)
        sides.append(_numbered(rows, own.fillna(getattr(capacity, side)))["id"].tolist())
    mentors, mentees = sides
    smaller = mentors if len(mentors) <= len(mentees) else mentees
    return counted({CELL: smaller}, core=True)


def _places(applications: pd.DataFrame, capacity: int) -> pd.DataFrame:
    """One row per skill and place of a mentor who offers it: skill, id."""
    mentors = on_side(applications, "mentor")[["person_id", "capacity", "skills_offered"]]
    places = _numbered(mentors, mentors["capacity"].fillna(capacity))
    rows = places.explode("skills_offered").dropna(subset=["skills_offered"])
    rows = rows.drop_duplicates(["id", "skills_offered"])
    return rows.rename(columns={"skills_offered": "skill"})[["skill", "id"]]


def in_demand(applications: pd.DataFrame, most_wanted: Iterable[str]) -> Estimated:
    """Of which wants do the shares tell?"""
    rows = _wishes(applications)
    top = rows.loc[rows["skills_wanted"].isin(list(most_wanted)), "want"]
    return estimated(
        {("share_of_wants",): Group.of(rows["want"], top), ("covered",): Group.of(top)}
    )


def left_by_rules(
    reach: Reach, mentors: Collection[str | int], mentees: Collection[str | int]
) -> Counted:
    """Who has no pair left after each rule? Whoever is on both sides counts once for each."""
    ids = {side: list(map(str, who)) for side, who in zip(SIDES, (mentors, mentees), strict=True)}
    both = set(ids["mentor"]) & set(ids["mentee"])
    ids["mentor"] = [f"{who} as mentor" if who in both else who for who in ids["mentor"]]
    cells = {}
    for step, rule in enumerate(reach.rules):
        have = {"mentor": reach.mentors[step], "mentee": reach.mentees[step]}
        cells[rule, "people_without"] = [
            who for side in SIDES for who, has in zip(ids[side], have[side], strict=True) if not has
        ]
    return counted(cells, core=True)


def in_match(
    matching: Matching,
    people: pd.DataFrame,
    applications: pd.DataFrame,
    able: Collection[str],
    reasons: pd.DataFrame,
    quality: DisclosedEstimates,
) -> dict[str, Members]:
    """Who stands behind scores, shares, people placed and reasons?

    Parameters
    ----------
    able : collection of str
        Mentees with an eligible partner.
    reasons : DataFrame
        person_id, side, reason of those without a partner.
    quality : DisclosedEstimates
        Its shares of all pairs count those that are not known as without.
    """
    pairs = matching.pairs
    units = pair_units(pairs)
    placed = {("with a partner", side): set(pairs[f"{side}_id"]) for side in SIDES}
    alone = {
        ("without a partner", side): set(reasons.loc[reasons["side"] == side, "person_id"])
        for side in SIDES
    }
    traits = {"wanted_skill": skill_met(pairs, applications)}
    traits |= {
        f"across_{by}": joins_two(pairs, people, by)
        for by in ACROSS
        if quality.get(f"across_{by}") is not None
    }
    shares: dict[tuple[str, ...], Group] = {("share_of_possible",): Group.of(able)}
    for name, trait in traits.items():
        shares[(name,)] = _share(units, trait, quality.get(name))
    return {
        "scores": spread(pd.Series(pairs["score"].to_numpy(), units), "score", SCORE),
        "quality": estimated(shares),
        "placed": counted({**placed, **alone}, core=True),
        "pairs": counted({("pairs", "pairs"): units}, core=True),
        "unmatched": by_cells(reasons, "reason", "side"),
    }


def _share(units: pd.Series, trait: pd.Series, shown: DisclosedEstimate | None) -> Group:
    having = units[trait.fillna(False).astype(bool)]
    known = units[trait.notna()]
    of_all = shown is not None and shown.n == len(units)
    return Group.of(units if of_all else known, having)


def in_meetings(meeting: metrics.Meeting, units: pd.Series) -> Counted:
    """Which pairs join which groups?"""
    return by_cells(meeting.pairs.assign(person_id=units), "mentee", "mentor")
