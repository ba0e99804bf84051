"""Which column of a source fills which column of the contract, as params declare?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from revmentor.data.columns import TableContract
from revmentor.data.reading import RawTable
from revmentor.errors import Fault
from revmentor.params.models import Derived, Source
from revmentor.params.nearest import as_role


@dataclass(frozen=True)
class Place:
    """Where a table's declaration stands, for messages about it."""

    table: str
    file: str

    def param(self, key: str) -> str:
        """Path of a key of the table's source."""
        return f"data.tables.{self.table}.{key}"


def rules_of(
    raw: RawTable, contract: TableContract, source: Source, at: Place
) -> tuple[dict[str, str | Derived], list[Fault]]:
    """The rule that fills each contract column, and the faults of what is declared."""
    faults: list[Fault] = []
    rules: dict[str, str | Derived] = {}
    for name, rule in source.columns.items():
        if name not in contract.names:
            faults.append(_not_in_contract(name, contract, at.param("columns")))
            continue
        column = rule if isinstance(rule, str) else rule.column
        own = None if column is None else headed(column, raw)
        if column is not None and own is None:
            faults.append(_no_column(column, name, raw, at))
            continue
        rules[name] = _plain(rule, own)
    for name in contract.names:
        if name not in source.columns and name in raw.columns:
            rules[name] = name
    for name in contract.required:
        if name not in rules and name not in source.columns:
            faults.append(_no_column("", name, raw, at))
    for name in source.labels:
        if name not in contract.names:
            faults.append(_not_in_contract(name, contract, at.param("labels")))
    for name in source.exclude_without:
        if name not in contract.names and headed(name, raw) is None:
            known = (*raw.columns, *contract.names)
            problem = f"neither {raw.file} nor {contract.name} has a column {name!r}"
            faults.append(_unknown(problem, name, known, at.param("exclude_without")))
    for name in source.keep:
        if headed(name, raw) is None:
            problem = f"{raw.file} has no column {name!r}"
            faults.append(_unknown(problem, name, raw.columns, at.param("keep")))
    return rules, faults


def _not_in_contract(name: str, contract: TableContract, param: str) -> Fault:
    """A column that this parameter names and the contract does not know."""
    return _unknown(f"{contract.name} has no column {name!r}", name, contract.names, param)


def _plain(rule: str | Derived, own: str | None) -> str | Derived:
    """The rule with the source's own spelling; one that only names a column is that name."""
    if isinstance(rule, str):
        return own or rule
    if own is None:
        return rule
    if rule.bands or rule.year_minus is not None:
        return rule.model_copy(update={"column": own})
    return own


def headed(column: str, raw: RawTable) -> str | None:
    """The source's column of this name, kinds of blanks and line breaks aside; None if none is.

    Forms put line breaks and hard blanks of the question into the header.
    """
    if column in raw.columns:
        return column
    wanted = column.split()
    return next((own for own in raw.columns if own.split() == wanted), None)


def _unknown(problem: str, name: str, known: Iterable[str], param: str) -> Fault:
    near = closest(name, known)
    cure = f"write {near!r} if that is meant" if near else f"use one of {', '.join(known)}"
    return Fault("unknown column", problem, cure, param)


def closest(name: str, known: Iterable[str]) -> str:
    """Which known name is most like this one, letter case aside? Empty if none is.

    >>> closest("Departement", ["site", "department"])
    'department'
    >>> closest("mentor_id", ["Senior ID", "Junior ID"])
    'Junior ID'
    """
    known = tuple(known)
    folded = {as_role(other, (name, *known)).casefold(): other for other in known}
    near = get_close_matches(as_role(name, known).casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def _no_column(column: str, name: str, raw: RawTable, at: Place) -> Fault:
    wanted = column or name
    near = "" if raw.seems_separated_by else closest(wanted, raw.columns)
    hint = f"; the nearest is {near!r}" if near else ""
    if column:
        problem = f"the header has no column {column!r}, from which params take {name}{hint}"
    else:
        problem = f"there is no column for {name}, which is required{hint}"
    if raw.seems_separated_by:
        problem += f"; the header looks as if separated by {raw.seems_separated_by!r}"
        cure = f"declare separator: {raw.seems_separated_by!r} for this source, if that is so"
        return Fault("missing column", problem, cure, raw.file, 1, wanted)
    cure = f"name the source's column in {at.param('columns')}, like {name}: {near or 'Its Name'}"
    return Fault("missing column", problem, cure, raw.file, 1, wanted)
