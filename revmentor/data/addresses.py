"""Who answered? E-mail addresses of a form to ids of people, and to the partner of their pair."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.home import Home
from revmentor.errors import Fault
from revmentor.params.models import Derived, Source

_SIDES = {"mentor": 0, "mentee": 1}


@dataclass(frozen=True)
class Directory:
    """The people table as an address book, and the published pairs.

    Parameters
    ----------
    people : Draft or None
        As read, also those who are left out; None: it could not be read.
    home : Home or None
        Where pairs are published.
    """

    people: Draft | None
    home: Home | None

    @cached_property
    def rows_by_email(self) -> Mapping[str, list[int]]:
        """Rows of the people table by address, letter case aside."""
        found: dict[str, list[int]] = {}
        if self.people is not None:
            for row, address in self.people.everyone["email"].dropna().items():
                found.setdefault(str(address).casefold(), []).append(int(str(row)))
        return found

    @cached_property
    def ids(self) -> Mapping[int, str]:
        """Id by row of the people table."""
        if self.people is None:
            return {}
        return {int(str(r)): str(i) for r, i in self.people.everyone["person_id"].dropna().items()}

    @cached_property
    def pairs_of(self) -> Mapping[str, list[tuple[str, str]]]:
        """Published pairs by each of the two ids."""
        found: dict[str, list[tuple[str, str]]] = {}
        for pair in (self.home.pairs if self.home else None) or ():
            for person in pair:
                found.setdefault(person, []).append(pair)
        return found


def name_people(draft: Draft, source: Source, directory: Directory) -> Draft:
    """Put ids where a column is declared to name people by e-mail, or by their one pair.

    Parameters
    ----------
    draft : Draft
        Just mapped, still as text.
    source : Source
        Its ``columns`` with ``by``.
    directory : Directory

    Returns
    -------
    Draft
        Rows whose address nobody has are faults, or left out where params say so. The digest
        also tells which pairs it was, where a partner was looked up.
    """
    rules = {
        name: rule.by
        for name, rule in source.columns.items()
        if isinstance(rule, Derived) and rule.by is not None and name in draft.names
    }
    if not rules:
        return draft
    missing = tuple(_lacking(draft, rules, directory))
    if missing:
        # Without the book every row would be blamed for what one sentence says.
        return draft.blame(missing).leave_out(draft.frame.index, "nobody could be looked up")
    strangers: set[int] = set()
    faults: list[Fault] = []
    columns: dict[str, pd.Series] = {}
    for name, by in rules.items():
        ids: list[str | None] = []
        for row, text in draft.frame[name].items():
            answer = None if pd.isna(text) else _look_up(str(text), by, directory)
            ids.append(answer if isinstance(answer, str) else None)
            if isinstance(answer, _Unknown):
                if answer.stranger and source.on_unknown_address == "exclude":
                    strangers.add(int(str(row)))
                else:
                    said = (answer.kind, answer.problem, answer.cure)
                    faults.append(draft.fault(*said, int(str(row)), name))
        columns[name] = pd.Series(ids, index=draft.frame.index, dtype="str")
    gone = "nobody in the people table has this e-mail address"
    draft = draft.with_frame(draft.frame.assign(**columns)).leave_out(strangers, gone)
    draft = draft.blame(fault for fault in dict.fromkeys(faults) if fault.row not in strangers)
    if any(by != "email" for by in rules.values()) and directory.home:
        both = f"{draft.digest} {directory.home.pairs_digest}"
        draft = replace(draft, digest=hashlib.sha256(both.encode()).hexdigest())
    return draft


@dataclass(frozen=True)
class _Unknown:
    """Why nobody, or no one partner, is found."""

    kind: str
    problem: str
    cure: str
    stranger: bool = False


def _lacking(draft: Draft, rules: Mapping[str, str], directory: Directory) -> Iterable[Fault]:
    """What is needed to look people up and is not there."""
    people = directory.people
    if people is not None and not directory.rows_by_email and "email" in rules.values():
        yield Fault(
            "no addresses",
            f"people are to be found by e-mail, and {people.file} has no e-mail addresses",
            "name their column in data.tables.people.columns, like email: Mail",
            draft.file,
        )
    if set(rules.values()) != {"email"} and (not directory.home or directory.home.pairs is None):
        yield Fault(
            "no published pairs",
            "partners are to be taken from the published match, and none is published yet",
            "run the match first (revmentor run CYCLE --stage match), or ask in the form for the "
            "partner's e-mail and map that question with by: email",
            draft.file,
        )


def _look_up(text: str, by: str, directory: Directory) -> str | _Unknown:
    """The id that the text stands for."""
    rows = directory.rows_by_email.get(text.casefold(), [])
    if len(rows) > 1 and len({directory.ids.get(row) for row in rows}) > 1:
        where = " and ".join(f"{row:,}" for row in rows[:2])
        problem = f"the people table has this address in rows {where}"
        return _Unknown("shared address", problem, "give each person an address of their own")
    person = directory.ids.get(rows[0]) if rows else None
    if person is None and by != "email" and text in directory.pairs_of:
        person = text
    if person is None:
        return _stranger(text)
    if by == "email":
        return person
    pairs = directory.pairs_of.get(person, [])
    if len(pairs) != 1:
        how = "no pair" if not pairs else f"{len(pairs):,} pairs"
        return _Unknown(
            "no single partner",
            f"this person is in {how} of the published match, so whom the answer is about cannot "
            "be told",
            "ask in the form for the partner's e-mail, and map that question with by: email",
        )
    mentor, mentee = pairs[0]
    if by == "partner":
        return mentee if person == mentor else mentor
    return pairs[0][_SIDES[by]]


def _stranger(text: str) -> _Unknown:
    if text.casefold() == "anonymous":
        return _Unknown(
            "anonymous answer",
            "the form did not record who answered",
            "let the form record names (only people in the organisation can respond), or send "
            "personal links",
        )
    return _Unknown(
        "unknown address",
        "nobody in the people table has this e-mail address",
        "correct the address in the people table or in the file, or declare on_unknown_address: "
        "exclude for this source",
        stranger=True,
    )
