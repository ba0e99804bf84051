"""Does every id still belong to the person who had it in an earlier cycle?

An id that changed hands ties somebody to another person's partners, ratings and past; so each
published cycle keeps a fingerprint of (id, name, birth date), and a later roster is held to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from revmentor import words
from revmentor.data.draft import Draft
from revmentor.data.identity import folded
from revmentor.errors import Fault

PARAM = "data.same_person"


@dataclass(frozen=True)
class Owner:
    """Whose an id was: the cycle that knew it last, and fingerprints; empty where not given."""

    cycle: str
    name: str = ""
    birth: str = ""


Owners = Mapping[str, Owner]


def fingerprint(cycle: str, text: str) -> str:
    """A text's fingerprint under this cycle, so that two cycles' files cannot be joined by it.

    >>> fingerprint("2026", "ann lee") == fingerprint("2027", "ann lee")
    False
    """
    return hashlib.blake2b(text.encode(), key=cycle.encode()[:64], digest_size=16).hexdigest()


def owners_of(people: pd.DataFrame, cycle: str) -> pd.DataFrame:
    """Whose is every id of this roster?

    Parameters
    ----------
    people : DataFrame
        As loaded: person_id, and name and birth_date where the source has them.
    cycle : str
        The cycle that is run.

    Returns
    -------
    DataFrame
        cycle, person_id, name, birth: fingerprints, empty where not given; one row per person with
        at least one of the two.
    """
    rows = [
        (cycle, person, *_prints(cycle, name, born))
        for person, name, born in zip(
            people["person_id"], _texts(people, "name"), _texts(people, "birth_date"), strict=True
        )
    ]
    found = pd.DataFrame(rows, columns=["cycle", "person_id", "name", "birth"], dtype="str")
    return found[(found["name"] != "") | (found["birth"] != "")].reset_index(drop=True)


def _prints(cycle: str, name: str, born: str) -> tuple[str, str]:
    own = folded(name)
    return (
        fingerprint(cycle, own) if own else "",
        fingerprint(cycle, born) if born else "",
    )


def _texts(people: pd.DataFrame, column: str) -> list[str]:
    if column not in people:
        return [""] * len(people)
    return [
        "" if pd.isna(value) else value if isinstance(value, str) else f"{value:%Y-%m-%d}"
        for value in people[column]
    ]


def check_owners(people: Draft, known: Owners, same: Collection[str]) -> Draft:
    """Refuse ids whose name or birth date is not that of their owner in an earlier cycle.

    Parameters
    ----------
    people : Draft
        The roster; rows that are left out are not looked at.
    known : mapping
        Id to whose it was in the last earlier cycle that knew it.
    same : collection of str
        Ids that still belong to the same person, whose name or birth date was changed.
    """
    return people.blame(_moved(people, known, frozenset(same))) if known else people


def _moved(people: Draft, known: Owners, same: Collection[str]) -> Iterable[Fault]:
    names = dict(people.filled("name")) if "name" in people.frame else {}
    births = dict(people.filled("birth_date")) if "birth_date" in people.frame else {}
    for row, person in people.filled("person_id"):
        before = known.get(person)
        if before is None or person in same:
            continue
        born = births.get(row)
        name, birth = _prints(
            before.cycle, names.get(row, ""), "" if born is None else f"{born:%Y-%m-%d}"
        )
        differs = [
            (what, column)
            for what, column, was, now in (
                ("name", "name", before.name, name),
                ("birth date", "birth_date", before.birth, birth),
            )
            if was and now and was != now
        ]
        if differs:
            what = words.listed([each for each, _ in differs])
            verb = "is" if len(differs) == 1 else "are"
            yield people.fault(
                "id of another person",
                f"the {what} {verb} not that of the person who had this id in the published cycle "
                f"{before.cycle}: the id seems to belong to somebody else now",
                "correct the id; if it is the same person under a new name or with a corrected "
                f"birth date, add the id to {PARAM} in the cycle's parameters",
                row,
                differs[0][1],
            )
