"""All tables of a cycle: read, mapped, typed and checked against each other, or every fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from revmentor.data.addresses import Directory, name_people
from revmentor.data.answers import check_answers, takes_latest
from revmentor.data.applications import check_applications, supply_told
from revmentor.data.contract import CONTRACT, DERIVED
from revmentor.data.convert import Manner, clocks_of, convert
from revmentor.data.decided import Decided, with_decided
from revmentor.data.decisions import check_decisions, places_of
from revmentor.data.draft import Draft, joined
from revmentor.data.emails import check_emails
from revmentor.data.gather import Gatherer
from revmentor.data.history import check_history
from revmentor.data.home import Home
from revmentor.data.identity import Roster, check_ids, merge_duplicates
from revmentor.data.mapping import map_table
from revmentor.data.owners import Owners, check_owners
from revmentor.data.people import check_people
from revmentor.data.reading import RawTable, Reading
from revmentor.data.report import LoadReport
from revmentor.data.schemas import check_schema
from revmentor.data.scope import apply_scope
from revmentor.data.tables import Tables
from revmentor.data.vocabulary import merge_spellings, note_other_separators
from revmentor.errors import Fault, InputError, check_faults
from revmentor.params.models import Params, Source

NEEDED = ("people", "applications")


def load_tables(
    params: Params,
    folder: Path,
    *,
    only: Collection[str] | None = None,
    cycle: str = "",
    owners: Owners = MappingProxyType({}),
    home: Home | None = None,
    decided: Sequence[Decided] = (),
) -> Tables:
    """What does the cycle know? Its tables, validated, with a report of how they came in.

    Parameters
    ----------
    params : Params
        Resolved; ``params.data`` says where the tables are and how they are written.
    folder : Path
        Where relative paths of sources start.
    only : collection of str, optional
        Tables to load besides people and applications, which everything is checked against;
        None: all that params declare.
    cycle : str
        The cycle's name, to tell an earlier cycle in history from this one.
    owners : mapping
        Whose each id was in earlier published cycles: an id with another owner is refused.
    home : Home, optional
        The cycle's folder of results: published pairs, and the check-in page's answers.
    decided : sequence of Decided
        Decisions that were taken by sheet, in order: they join the table of decisions.

    Returns
    -------
    Tables
        Frames with a RangeIndex; None for an optional table that is not there.

    Raises
    ------
    InputError
        Every fault of every table at once.
    """
    faults: list[Fault] = []
    drafts: dict[str, Draft] = {}
    absent: list[str] = []
    gatherer = Gatherer(params, folder, cycle, home)
    for table in _wanted(params, only):
        try:
            parts = gatherer.gather(table)
        except InputError as error:
            faults += error.faults
            continue
        faults += _without_rows(table, parts)
        if not parts:
            absent.append(table)
        elif parts[0][0].rows or table not in NEEDED:
            drafts[table] = _typed(params, parts, table, Directory(drafts.get("people"), home))
    decided = decided if "decisions" in _wanted(params, only) else ()
    drafts = _cross_checked(drafts, params, cycle, owners, decided)
    absent = [table for table in absent if table not in drafts]
    faults += [fault for draft in drafts.values() for fault in draft.faults]
    # One file can feed two tables; what is wrong with it is said once.
    check_faults(dict.fromkeys(faults))
    on_page = [table for table, source in params.data.tables.items() if source.checkin]
    return _tables(drafts, absent, gatherer.taken, on_page)


def _wanted(params: Params, only: Collection[str] | None) -> list[str]:
    unknown = sorted(set(only or ()) - set(CONTRACT))
    if unknown:
        known = ", ".join(CONTRACT)
        problem = f"there is no table {', '.join(unknown)}"
        raise InputError(Fault("unknown table", problem, f"choose from {known}", "only"))
    declared = [table for table in CONTRACT if table in params.data.tables]
    return [table for table in declared if only is None or table in only or table in NEEDED]


def _without_rows(table: str, parts: Sequence[tuple[RawTable, Source]]) -> list[Fault]:
    """Faults of a needed table that has no rows."""
    if table not in NEEDED or not parts or parts[0][0].rows:
        return []
    problem = f"the file has a header and no rows, so there are no {table}"
    cure = "export it again, or correct the path"
    return [Fault("no rows", problem, cure, parts[0][0].file)]


def _typed(
    params: Params, parts: Sequence[tuple[RawTable, Source]], table: str, directory: Directory
) -> Draft:
    """One table by itself: mapped, each person once, typed, within its schema."""
    contract = CONTRACT[table].with_items(params.data.items)
    mapped = []
    for raw, source in parts:
        draft = map_table(raw, contract, source, Reading.of(source, params.data))
        draft = name_people(draft, source, directory)
        if not raw.rows:
            cure = "fill it, or leave it if there is nothing to tell yet"
            draft = draft.warn([draft.fault("no rows", "the file has a header and no rows", cure)])
        mapped.append(draft)
    draft, source = joined(mapped), parts[0][1]
    if not takes_latest(draft.contract, params):
        draft = merge_duplicates(draft)
    reading = Reading.of(source, params.data)
    order = source.date_order or params.data.date_order
    manner = Manner(params, reading.list_separator, order, clocks_of(source))
    return check_answers(check_schema(convert(draft, manner), params), params)


def _cross_checked(
    drafts: Mapping[str, Draft],
    params: Params,
    cycle: str,
    owners: Owners,
    decided: Sequence[Decided],
) -> dict[str, Draft]:
    """All tables against the people table and each other, as far as they could be read."""
    drafts = dict(drafts)
    people = drafts.get("people")
    if people is not None and "person_id" in people.names:
        people = check_owners(check_people(people, params), owners, params.data.same_person)
        drafts["people"] = people
        roster = Roster.of(people)
        both = with_decided(drafts.get("decisions"), decided, params, roster)
        drafts |= {"decisions": both} if both is not None else {}
        for table, draft in drafts.items():
            if table != "people" and set(draft.contract.people_columns) <= set(draft.names):
                drafts[table] = _among_people(
                    check_ids(draft, roster), roster, drafts, params, cycle
                )
        if "applications" in drafts and "person_id" in drafts["applications"].names:
            applied = {person for _, person in drafts["applications"].filled("person_id")}
            drafts["people"] = check_emails(people, applied)
    drafts = note_other_separators(merge_spellings(drafts))
    if "applications" in drafts:
        drafts["applications"] = supply_told(drafts["applications"])
    return drafts


def _among_people(
    draft: Draft, roster: Roster, drafts: Mapping[str, Draft], params: Params, cycle: str
) -> Draft:
    """A table whose ids are known, by the checks of its own."""
    people = drafts["people"]
    if draft.contract.name == "applications":
        draft = apply_scope(draft, people, roster, params.design.scope)
        return check_applications(draft, roster, params)
    if draft.contract.name == "decisions":
        return check_decisions(draft, people, drafts.get("applications"), params)
    if draft.contract.name == "history":
        return check_history(draft, people, params, cycle)
    return draft


def _tables(
    drafts: Mapping[str, Draft],
    absent: Sequence[str],
    taken: Mapping[str, RawTable | None],
    on_page: Sequence[str],
) -> Tables:
    frames = {table: _frame(draft) for table, draft in drafts.items()}
    report = LoadReport(
        tables=tuple(draft.report() for draft in drafts.values()),
        absent=tuple(absent),
        on_page=tuple(on_page),
        warnings=tuple(dict.fromkeys(w for draft in drafts.values() for w in draft.warnings)),
    )
    digests = {table: draft.digest for table, draft in drafts.items()}
    return Tables(
        report=report,
        digests=MappingProxyType(digests),
        decided_at=MappingProxyType(
            places_of(drafts["decisions"]) if "decisions" in drafts else {}
        ),
        taken=MappingProxyType(dict(taken)),
        **frames,
    )


def _frame(draft: Draft) -> pd.DataFrame:
    """The finished frame: contract columns, what the loader derived, then extra columns."""
    own = [name for name in draft.contract.names if name in draft.frame]
    derived = [name for name in DERIVED.get(draft.contract.name, ()) if name in draft.frame]
    extra = [name for name in draft.frame if name not in (*own, *derived)]
    return draft.frame[[*own, *derived, *extra]].reset_index(drop=True)
