"""Who is who in a match: pairs and people without partner by name, for the coordinator."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path

import pandas as pd

from revmentor.cycle.changes import Changes
from revmentor.matching import Matching
from revmentor.names import CRITERION_LABELS, SIDES
from revmentor.publish.named import AloneRow, ChangeRow, Named, PairRow, pairs_page
from revmentor.publish.workspace import Workspace

MENTIONED = 0.5  # points: what rounds to nothing is not mentioned
CARRIED = 3


def pairs_by_name(contributions: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Who with whom, by name and id, with what each criterion contributed?

    Parameters
    ----------
    contributions : DataFrame
        mentor_id, mentee_id, a column per criterion, score (0..1), and wave if there are any.
    people : DataFrame
        As loaded; whoever has no name is called by the id.
    """
    names = people.set_index("person_id")["name"]
    table = contributions.copy()
    for at, side in ((1, "mentor"), (3, "mentee")):
        ids = table[f"{side}_id"]
        table.insert(at, f"{side}_name", ids.map(names).fillna(ids))
    return table


def page_by_name(
    contributions: pd.DataFrame,
    unmatched: pd.DataFrame,
    people: pd.DataFrame,
    title: str,
    changes: Changes | None = None,
) -> str:
    """Which page does the coordinator read and search?

    What changed since the match published before, the pairs, then people without a partner.
    """
    named = named_people(people)
    pairs = [
        PairRow(named[mentor], named[mentee], 100 * score, carried, wave)
        for mentor, mentee, score, carried, wave in zip(
            contributions["mentor_id"],
            contributions["mentee_id"],
            contributions["score"],
            carried_by(contributions),
            contributions["wave"] if "wave" in contributions else [""] * len(contributions),
            strict=True,
        )
    ]
    columns = ("person_id", "side", "reason")
    alone = [
        AloneRow(named[who], side, reason)
        for who, side, reason in zip(*(unmatched[column] for column in columns), strict=True)
    ]
    mentors, mentees = (contributions[f"{side}_id"].nunique() for side in SIDES)
    changed = changes.sentence if changes and not changes.same else ""
    rows = _changed(changes.others, named) if changes else []
    return pairs_page(
        pairs, alone, title, mentors=mentors, mentees=mentees, changed=changed, changes=rows
    )


def _changed(others: pd.DataFrame, named: Mapping[str, Named]) -> list[ChangeRow]:
    """Pairs that are gone or new, by name; somebody may be in no table of people any more."""

    def called(who: str, name: str) -> Named:
        return named.get(who) or Named(name, "")

    return [
        ChangeRow(
            row["change"],
            called(row["mentor_id"], row["mentor_name"]),
            called(row["mentee_id"], row["mentee_name"]),
            row["mentor_now"],
            row["mentee_now"],
            row["decision"],
            row["by"],
            row["reason"],
        )
        for row in others.to_dict("records")
    ]


def named_people(people: pd.DataFrame) -> dict[str, Named]:
    """Everybody as the coordinator knows them, by id."""
    about = people[["job_title", "department", "site"]].fillna("").to_numpy().tolist()
    names = people["name"].fillna(people["person_id"])
    return {
        who: Named(name, " · ".join(part for part in parts if part))
        for who, name, parts in zip(people["person_id"], names, about, strict=True)
    }


def carried_by(contributions: pd.DataFrame) -> list[str]:
    """What carries each pair, in words."""
    criteria = [name for name in CRITERION_LABELS if name in contributions]
    return [_carried(parts) for parts in contributions[criteria].to_dict("records")]


def _carried(parts: Mapping[Hashable, float]) -> str:
    """The criteria that bring most, with their points.

    >>> _carried({"skills": 0.3, "site": 0.004, "department": 0.15})
    'skills wanted and offered 30, department 15'
    """
    most = sorted(parts.items(), key=lambda part: -part[1])[:CARRIED]
    told = [
        f"{CRITERION_LABELS[str(name)]} {100 * value:.0f}"
        for name, value in most
        if 100 * value >= MENTIONED
    ]
    return ", ".join(told)


def with_names(frame: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """The table with the name of each person_id; empty where there is none."""
    return frame.merge(names, on="person_id", how="left", validate="many_to_one")


def certificate_table(matching: Matching) -> pd.DataFrame:
    """The certificate as one table: side, person_id, price in millionths."""
    certificate = matching.certificate
    if certificate is None:
        return pd.DataFrame({"person_id": [], "price": [], "side": []})
    sides = (("mentor", certificate.mentor), ("mentee", certificate.mentee))
    return pd.concat(
        [
            price.rename("price").rename_axis("person_id").reset_index().assign(side=side)
            for side, price in sides
        ],
        ignore_index=True,
    )


def write_selection(work: Workspace, rows: pd.DataFrame, people: pd.DataFrame) -> list[Path]:
    """Everybody with place, rank, score and reason, where places were given or stated."""
    if set(rows["how"]) <= {"everybody"}:
        return []
    told = with_names(rows, people[["person_id", "name"]])
    return [work.write_table("selection", told, csv=True)]
