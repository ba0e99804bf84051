"""Which rows of the loaded tables make up the pool, and are they fit to be matched?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from revmentor.errors import Fault, check_faults
from revmentor.names import SIDES
from revmentor.params.models import Params

OF_PEOPLE = ("manager_id", "department", "site", "time_zone", "generation")
LISTS_OF_PEOPLE = ("languages",)
LISTS_OF_APPLICATIONS = ("skills_offered", "skills_wanted", "interests", "wishes", "vetoes")


def texts(frame: pd.DataFrame, column: str) -> list[str | None]:
    """A column as text, None where it is missing or absent."""
    if column not in frame.columns:
        return [None] * len(frame)
    return [None if pd.isna(value) else str(value) for value in frame[column]]


def pool_rows(people: pd.DataFrame, applications: pd.DataFrame, params: Params) -> pd.DataFrame:
    """Who is in the pool, with everything that scoring and rules need?

    Parameters
    ----------
    people, applications : DataFrame
        As loaded. Columns that are absent count as missing for everybody; ranks of grades are
        worked out from `grade` where `grade_rank` is absent. A list may also be one text with
        the separator that the params declare.
    params : Params

    Returns
    -------
    DataFrame
        One row per applicant, sorted by person_id: person_id, side, capacity (Int64), grade_rank
        (int64), extraversion (float64, NaN if missing), texts (None if missing) and lists
        (tuples, empty if missing) as in the module's constants.

    Raises
    ------
    InputError
        For a repeated id, an unknown side, an applicant who is not in `people` or has no grade.
    """
    who = _with_ids(people).assign(grade_rank=_ranks(people, params))
    asked = _with_ids(applications)
    check_faults(_id_faults(who, asked))
    asked = asked.sort_values("person_id", ignore_index=True)
    who = who.set_index("person_id").loc[asked["person_id"]].reset_index()
    columns: dict[str, object] = {
        "person_id": asked["person_id"].to_list(),
        "side": texts(asked, "side"),
        "capacity": _numbers(asked, "capacity").astype("Int64"),
        "grade_rank": who["grade_rank"].astype("int64"),
        "extraversion": _numbers(asked, "extraversion").astype("float64"),
    }
    columns |= {name: pd.Series(texts(who, name), dtype=object) for name in OF_PEOPLE}
    for frame, names in ((who, LISTS_OF_PEOPLE), (asked, LISTS_OF_APPLICATIONS)):
        columns |= {name: pd.Series(_items(frame, name, params), dtype=object) for name in names}
    return pd.DataFrame(columns)


def _with_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its ids as text, whatever they were."""
    ids = pd.Series(texts(frame, "person_id"), index=frame.index, dtype=object)
    return frame.assign(person_id=ids)


def _numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame.columns:
        return pd.Series([float("nan")] * len(frame), dtype="float64")
    return pd.to_numeric(frame[column]).reset_index(drop=True)


def _ranks(people: pd.DataFrame, params: Params) -> pd.Series:
    if "grade_rank" in people.columns:
        return pd.to_numeric(people["grade_rank"]).astype("Int64")
    if params.grades:
        order = {grade: rank for rank, grade in enumerate(params.grades)}
        return people["grade"].map(order).astype("Int64")
    return pd.to_numeric(people["grade"]).astype("Int64")


def _items(frame: pd.DataFrame, column: str, params: Params) -> list[tuple[str, ...]]:
    """Lists as tuples without blanks and repeats, in the order given."""
    if column not in frame.columns:
        return [()] * len(frame)
    rows: list[tuple[str, ...]] = []
    for cell in frame[column]:
        items: Iterable[object] = ()
        if isinstance(cell, str):
            items = cell.split(params.data.list_separator)
        elif isinstance(cell, Iterable):
            items = cell
        kept = (str(item).strip() for item in items)
        rows.append(tuple(dict.fromkeys(item for item in kept if item)))
    return rows


def _id_faults(people: pd.DataFrame, asked: pd.DataFrame) -> list[Fault]:
    faults = []

    def fault(kind: str, problem: str, cure: str, file: str, column: str, value: object) -> None:
        shown = None if value is None else str(value)
        faults.append(Fault(kind, problem, cure, file, None, column, shown))

    for name, frame in (("people", people), ("applications", asked)):
        for person in frame["person_id"][frame["person_id"].duplicated()]:
            fault("duplicate id", "this person has more than one row", "keep one", name,
                  "person_id", person)  # fmt: skip
    grades = dict(zip(people["person_id"], people["grade_rank"], strict=True))
    for person, side in zip(asked["person_id"], texts(asked, "side"), strict=True):
        if side not in (*SIDES, "both"):
            fault("unknown side", "a side is mentor, mentee or both", "correct it",
                  "applications", "side", side)  # fmt: skip
        if person not in grades:
            fault("unknown person", "this applicant is not in people", "add them to people",
                  "applications", "person_id", person)  # fmt: skip
        elif pd.isna(grades[person]):
            fault("no grade", "an applicant without a grade is neither junior nor senior",
                  "give the grade", "people", "grade", None)  # fmt: skip
    return faults
