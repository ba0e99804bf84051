"""What does each column that a new cycle is asked for mean, for whoever fills it?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from revmentor.data.columns import Column
from revmentor.names import PRINCIPLE_LABELS

_MEANINGS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "people": {
            "person_id": "The same id in every table; each person once.",
            "grade": "A mentor is always of a lower grade than the mentee.",
            "department": "Where somebody works; pairs may be asked to join two departments.",
            "manager_id": "The person_id of the manager: nobody is paired within their own line.",
            "birth_year": "One of birth_year, birth_date and generation is enough: it tells the "
            "generation.",
            "birth_date": "See birth_year.",
            "generation": "See birth_year.",
            "job_title": "Stands in the partner's pack.",
            "site": "Where somebody works: for holidays, and for pairs at one or at two sites.",
            "time_zone": "For meetings within both working days.",
            "languages": "Languages somebody can meet in.",
            "gender": "In your own words; to see whether groups fared alike, "
            "and to compare like with like. No score reads it.",
            "hired_on": "First day at work; who is hired after the start takes no part.",
            "left_on": "Last day at work; blank while somebody is employed.",
            "promoted_on": "Day of the latest promotion, for comparing who is promoted.",
            "email": "Where the pack and the link to the check-in page are sent.",
            "name": "Stands in packs and on pages under restricted/ only.",
        },
        "applications": {
            "person_id": "As in people.csv; each person once.",
            "side": "mentor: the junior one, who teaches; mentee: the senior one, who learns; "
            "both: may be either.",
            "enrolment": "How somebody came in.",
            "capacity": "Partners this person can have; blank: matching.capacity of the "
            "parameters, 1 unless changed; 0: none.",
            "skills_offered": "What somebody could teach as a mentor.",
            "skills_wanted": "What somebody would learn as a mentee.",
            "interests": "What they like to talk about beside work.",
            "extraversion": "Low: introvert, high: extrovert, as they see themselves.",
            "hours_per_month": "Hours somebody can give.",
            "waves": "Names of the waves in which somebody is free; blank: any.",
            "waited": "In how many earlier cycles somebody applied and had no partner.",
            "wishes": "Whom somebody would like as a partner, the most wanted first.",
            "vetoes": "Whom somebody must not be paired with; the order says nothing.",
            "applied_on": "Day of the application.",
            "place": "Only where places were given before: drawn by lot, not drawn, or on the "
            "waitlist. Leave blank if enrolment.places is to decide, or everybody has a place.",
            "share": "May the partner read what stands in about? yes; blank is no.",
            "about": "What somebody writes about themselves, for the partner; see share.",
        },
    }
)


def meaning(table: str, column: Column) -> str:
    """What a column stands for, in a sentence; empty where its name says it all.

    Parameters
    ----------
    table : str
        Of the contract.
    column : Column
        One of its columns; a question column is known by its principle.
    """
    known = _MEANINGS.get(table, {})
    principle, _, number = column.name.rpartition("_")
    if column.name in known or not number.isdigit():
        return known.get(column.name, "")
    about = PRINCIPLE_LABELS.get(principle)
    if about is None:
        return ""
    return f"Answer before the start to your question {number} on {about}; higher is readier."
