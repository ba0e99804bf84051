"""Who is who: ids of one table looked up in the people table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import pandas as pd
from rapidfuzz import process

from revmentor.data.answers import WAVE_COLUMNS
from revmentor.data.draft import Draft
from revmentor.data.report import count
from revmentor.errors import SHOWN_PER_KIND, Fault

_CLOSE = 50.0


@dataclass(frozen=True)
class Roster:
    """Everyone whom the people source names, whether they stay or were left out.

    Parameters
    ----------
    file : str
        The people source, for messages.
    rows : mapping
        Id to its spreadsheet row, everyone.
    present : frozenset of str
        Ids that stay.
    reasons : mapping
        Id to why it was left out.
    by_bare_id : mapping
        Id without leading zeros to the id as people has it.
    names, births : mapping
        Id to name and birth date (ISO), of those who stay and have them.
    """

    file: str
    rows: Mapping[str, int]
    present: frozenset[str]
    reasons: Mapping[str, str]
    by_bare_id: Mapping[str, str]
    names: Mapping[str, str]
    births: Mapping[str, str]

    @classmethod
    def of(cls, people: Draft) -> Self:
        """The roster of a loaded people table."""
        named = people.everyone["person_id"].dropna()
        ids = dict(zip(named.index.tolist(), named.tolist(), strict=True))
        rows = {person: row for row, person in reversed(ids.items())}
        present = frozenset(person for _, person in people.filled("person_id"))
        reasons = {
            ids[row]: reason
            for row, reason in people.left_out.items()
            if row in ids and ids[row] not in present
        }
        own = dict(people.filled("person_id"))
        return cls(
            file=people.file,
            rows=rows,
            present=present,
            reasons=reasons,
            by_bare_id={i.lstrip("0"): i for i in rows},
            names={own[row]: name for row, name in people.filled("name") if row in own},
            births={
                own[row]: f"{day:%Y-%m-%d}"
                for row, day in people.filled("birth_date")
                if row in own
            },
        )

    def twin(self, person: str) -> str:
        """The id that differs from this unknown one by leading zeros only; empty if none does."""
        return self.by_bare_id.get(person.lstrip("0"), "")

    def nearest(self, person: str) -> str:
        """The known id that is most like this one; empty if none is close."""
        found = process.extractOne(person, self.rows.keys(), score_cutoff=_CLOSE)
        return str(found[0]) if found else ""


def folded(name: str) -> str:
    """A name without regard to case, blanks, order of words and Unicode form.

    >>> folded("LEE,  Ann") == folded("Ann Lee")
    True
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(sorted(words))


def unknown_id(
    draft: Draft,
    roster: Roster,
    row: int,
    column: str,
    person: str,
    *,
    hint: bool,
    item: str = "the cell",
    or_else: str = "",
) -> Fault:
    """What to say of an id that the people table does not have (the id itself is not shown)."""
    twin = roster.twin(person)
    if twin:
        return draft.fault(
            "leading zeros",
            f"{item} has an id that differs only by leading zeros from one in {roster.file}, row "
            f"{roster.rows[twin]:,}",
            "write ids alike in all tables; in a spreadsheet format the column as text",
            row,
            column,
        )
    near = roster.nearest(person) if hint else ""
    close = f"; the closest is {near!r} in row {roster.rows[near]:,}" if near else "; none is close"
    return draft.fault(
        "unknown id",
        f"{item} names an id that {roster.file} does not have{close if hint else ''}",
        f"correct the id, or add the person to {roster.file}{or_else}",
        row,
        column,
    )


def check_ids(draft: Draft, roster: Roster) -> Draft:
    """Whom do the rows name? Refuse or leave out unknown ids, leave out people who are left out,
    refuse a row that names one person twice or an id that now belongs to somebody else."""
    columns = draft.contract.people_columns
    unknown: dict[int, str] = {}
    gone: dict[int, str] = {}
    faults: list[Fault] = []
    for column in columns:
        hints = SHOWN_PER_KIND
        for row, person in draft.filled(column):
            if person in roster.present:
                continue
            if person in roster.rows:
                reason = roster.reasons.get(person, "")
                gone.setdefault(row, f"{column} is left out of people: {reason}")
            elif draft.contract.unknown_ids == "error" or roster.twin(person):
                faults.append(unknown_id(draft, roster, row, column, person, hint=hints > 0))
                hints -= 1
            else:
                unknown.setdefault(row, f"{column} is not in {roster.file}")
    draft = draft.blame(faults)
    out = {**gone, **unknown}
    for reason in dict.fromkeys(out.values()):
        draft = draft.leave_out([row for row, why in out.items() if why == reason], reason)
    if len(columns) == 2:
        draft = draft.blame(_same_person_twice(draft, *columns))
    return draft.blame(_other_person(draft, roster))


def _same_person_twice(draft: Draft, one: str, other: str) -> Iterable[Fault]:
    frame = draft.frame
    for row in frame.index[(frame[one] == frame[other]).fillna(False)]:
        problem = f"{one} and {other} are the same person"
        yield draft.fault("same person", problem, "correct one of the two ids", row, other)


def _other_person(draft: Draft, roster: Roster) -> Iterable[Fault]:
    """Rows whose name or birth date is not that of the id's owner in the people table."""
    for column in draft.contract.people_columns:
        prefix = column.removesuffix("id").removeprefix("person_")
        for suffix, owned in (("name", roster.names), ("birth_date", roster.births)):
            told = prefix + suffix
            known = told in draft.contract.names and draft.contract.column(told).identity
            if not known or told not in draft.frame:
                continue
            people = dict(draft.filled(column))
            for row, value in draft.filled(told):
                person = people.get(row, "")
                own = owned.get(person)
                said = value if isinstance(value, str) else f"{value:%Y-%m-%d}"
                if own is not None and folded(own) != folded(said):
                    what = suffix.replace("_", " ")
                    yield draft.fault(
                        "id of another person",
                        f"the {what} is not that of the person who has this id in {roster.file}, "
                        f"row {roster.rows[person]:,}: the id seems to belong to somebody else now",
                        f"correct the id; if it is the same person, make the {what} the same in "
                        "both tables",
                        row,
                        told,
                    )


def warn_of_twins(people: Draft) -> Draft:
    """Warn of people whose ids differ only by leading zeros: two persons, or one twice?"""
    first: dict[str, tuple[str, int]] = {}
    warnings: list[Fault] = []
    for row, person in people.filled("person_id"):
        other, at = first.setdefault(person.lstrip("0"), (person, row))
        if other != person:
            problem = f"the ids in rows {at:,} and {row:,} differ only by leading zeros"
            cure = "check that these are two people"
            warnings.append(people.fault("alike ids", problem, cure, row, "person_id"))
    return people.warn(warnings)


def merge_duplicates(draft: Draft) -> Draft:
    """Rows of one key: identical ones merged with a warning, conflicting ones refused.

    Works on text, before conversion, so that *identical* means what a reader of the source sees.
    """
    key, keyed = draft.keyed()
    later = keyed[keyed.duplicated(key)] if key else keyed
    if later.empty:
        return draft
    rows = pd.Series(keyed.index, index=keyed.index)
    alike = rows.groupby([keyed[name] for name in key], sort=False, dropna=False)
    firsts = alike.transform("first")[later.index]
    earlier = keyed.loc[firsts].set_axis(later.index)
    differs = (later != earlier) & ~(later.isna() & earlier.isna())
    same = [int(row) for row in later.index[~differs.any(axis=1)]]
    columns = [str(name) for name in keyed]
    of = " and ".join(draft.names.get(name, name) for name in key)
    cure = "delete the wrong one"
    if draft.contract.name in WAVE_COLUMNS:
        cure += ", or set data.on_second_answer: latest to let the latest answer count"
    draft = draft.blame(
        draft.fault(
            "conflicting rows",
            f"{draft.told([int(firsts[row]), int(row)])} have the same {of} but differ in "
            + ", ".join(draft.names.get(name, name) for name in columns if differs.at[row, name]),
            cure,
            row,
            key[0],
        )
        for row in later.index[differs.any(axis=1)]
    )
    if not same:
        return draft
    warned = draft.fault(
        "identical rows",
        f"{count(len(same), 'row repeats', 'rows repeat')} an earlier row exactly and "
        f"{'was' if len(same) == 1 else 'were'} merged with it "
        f"({draft.told(same)})",
        "check why the source repeats them",
    )
    return draft.warn([warned]).leave_out(same, "the row repeats an earlier one exactly")
