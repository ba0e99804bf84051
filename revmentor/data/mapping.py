"""A company's own columns and labels to the contract's, as params declare, still as text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from revmentor.data.columns import TableContract
from revmentor.data.contract import DERIVED
from revmentor.data.draft import Draft
from revmentor.data.reading import RawTable, Reading
from revmentor.data.report import count
from revmentor.data.values import Unreadable, number
from revmentor.errors import Fault
from revmentor.params.models import Derived, Source
from revmentor.params.nearest import nearest


@dataclass(frozen=True)
class _Place:
    """Where a table's declaration stands, for messages about it."""

    table: str
    file: str

    def param(self, key: str) -> str:
        return f"data.tables.{self.table}.{key}"


def map_table(raw: RawTable, contract: TableContract, source: Source, reading: Reading) -> Draft:
    """Which contract columns does the raw table fill, and which rows stay?

    Every contract column is in the frame (all missing if nothing supplies it; identity columns
    only if supplied), then the source's other columns, all as text with missing values as NA.
    Faults (unknown names, required columns without a source, values that a rule of `Derived`
    cannot read) are in the draft, not raised.
    """
    at = _Place(contract.name, raw.file)
    index = pd.Index(np.asarray(raw.rows, dtype="int64"), name="row")
    supplied = {
        name: _blanked(pd.Series(list(cells), index=index, dtype="str"), reading.missing)
        for name, cells in raw.columns.items()
    }
    rules, faults = _rules(raw, contract, source, at)
    names = {
        name: rule if isinstance(rule, str) else (rule.column or name)
        for name, rule in rules.items()
    }
    left_out = _left_out(raw, source, supplied)
    stays = ~index.isin(list(left_out))
    columns: dict[str, pd.Series] = {}
    for name in contract.names:
        rule = rules.get(name)
        if rule is None:
            if not contract.column(name).identity:
                columns[name] = pd.Series(None, index=index, dtype="str")
            continue
        if isinstance(rule, str):
            columns[name] = supplied[rule]
        else:
            columns[name], wrong = _derive(rule, supplied, index, stays, at)
            faults += wrong
        if name in source.labels and name in contract.names:
            split = reading.list_separator if contract.column(name).kind == "list" else ""
            columns[name] = _relabelled(columns[name], source.labels[name], split)
    taken = {rule for rule in rules.values() if isinstance(rule, str)}
    extras = {name: cells for name, cells in supplied.items() if name not in taken}
    reserved = (*contract.names, *DERIVED.get(contract.name, ()))
    clash = [name for name in extras if name in reserved]
    frame = pd.DataFrame(
        {**columns, **{n: c for n, c in extras.items() if n not in clash}}, index=index
    )
    draft = Draft(
        contract=contract,
        file=raw.file,
        frame=frame,
        everyone=frame,
        names=names,
        mapped=tuple(_mapped(rules, source)),
        trimmed=raw.trimmed,
        notes=raw.notes
        + tuple(
            f"the source's own column {n} is not used: the name means something else here"
            for n in clash
        )
        + _unused([n for n in extras if n not in clash], contract, rules),
        warnings=raw.warnings,
        faults=tuple(faults),
        digest=raw.digest,
    )
    for reason in dict.fromkeys(left_out.values()):
        draft = draft.leave_out([row for row, why in left_out.items() if why == reason], reason)
    for name in source.exclude_without:
        if name not in supplied and name in draft.frame:
            gone = draft.frame.index[draft.frame[name].isna()]
            draft = draft.leave_out(gone, f"there is no {name}")
    return draft.blame(_several_lines(raw, draft))


def _unused(
    extras: list[str], contract: TableContract, rules: Mapping[str, str | Derived]
) -> tuple[str, ...]:
    """Which columns of the source serve for nothing, and what may each have been meant for?"""
    open_names = [name for name in contract.names if name not in rules]
    told = []
    for extra in extras:
        meant = nearest(re.sub(r"[^\w]+", "_", extra.strip()), open_names)
        told.append(f"“{extra}”" + (f" (did you mean {meant}?)" if meant else ""))
    return (f"columns kept but not used: {', '.join(told)}",) if told else ()


def _blanked(cells: pd.Series, missing: frozenset[str]) -> pd.Series:
    return cells.mask(cells.isin(list(missing)))


def _rules(
    raw: RawTable, contract: TableContract, source: Source, at: _Place
) -> tuple[dict[str, str | Derived], list[Fault]]:
    """The rule that fills each contract column, and the faults of what is declared."""
    faults: list[Fault] = []
    rules: dict[str, str | Derived] = {}
    for name, rule in source.columns.items():
        if name not in contract.names:
            faults.append(
                _unknown(
                    f"{contract.name} has no column {name!r}",
                    name,
                    contract.names,
                    at.param("columns"),
                )
            )
            continue
        column = rule if isinstance(rule, str) else rule.column
        if column is not None and column not in raw.columns:
            faults.append(_no_column(column, name, raw, at))
            continue
        rules[name] = _plain(rule)
    for name in contract.names:
        if name not in source.columns and name in raw.columns:
            rules[name] = name
    for name in contract.required:
        if name not in rules and name not in source.columns:
            faults.append(_no_column("", name, raw, at))
    for name in source.labels:
        if name not in contract.names:
            faults.append(
                _unknown(
                    f"{contract.name} has no column {name!r}",
                    name,
                    contract.names,
                    at.param("labels"),
                )
            )
    for name in source.exclude_without:
        if name not in contract.names and name not in raw.columns:
            known = (*raw.columns, *contract.names)
            problem = f"neither {raw.file} nor {contract.name} has a column {name!r}"
            faults.append(_unknown(problem, name, known, at.param("exclude_without")))
    return rules, faults


def _plain(rule: str | Derived) -> str | Derived:
    """A rule that only names a column is that name."""
    if isinstance(rule, str) or rule.column is None:
        return rule
    return rule if rule.bands or rule.year_minus is not None else rule.column


def _unknown(problem: str, name: str, known: Iterable[str], param: str) -> Fault:
    near = closest(name, known)
    cure = f"write {near!r} if that is meant" if near else f"use one of {', '.join(known)}"
    return Fault("unknown column", problem, cure, param)


def closest(name: str, known: Iterable[str]) -> str:
    """Which known name is most like this one, letter case aside? Empty if none is.

    >>> closest("Departement", ["site", "department"])
    'department'
    """
    folded = {other.casefold(): other for other in known}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def _no_column(column: str, name: str, raw: RawTable, at: _Place) -> Fault:
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


def _left_out(raw: RawTable, source: Source, supplied: Mapping[str, pd.Series]) -> dict[int, str]:
    """Rows that are blank or lack a source column of ``exclude_without``, with the first reason."""
    left_out = dict.fromkeys(sorted(raw.blank), "the row is blank")
    for name in source.exclude_without:
        if name in supplied:
            cells = supplied[name]
            for row in cells.index[cells.isna()]:
                left_out.setdefault(int(row), f"there is no {name}")
    return left_out


def _derive(
    rule: Derived,
    supplied: Mapping[str, pd.Series],
    index: pd.Index,
    stays: np.ndarray,
    at: _Place,
) -> tuple[pd.Series, list[Fault]]:
    """A column made by a declared rule, and faults of values in rows that stay."""
    if rule.row_number:
        return pd.Series((index - 1).astype(str), index=index, dtype="str"), []
    if rule.column is None:
        return pd.Series(rule.constant, index=index, dtype="str"), []
    made: Callable[[float], str | None]
    if rule.year_minus is not None:
        year = rule.year_minus
        made = lambda age: f"{year - math.floor(age):04d}"  # noqa: E731
    else:
        made = lambda value: next((b.label for b in rule.bands if b.holds(value)), None)  # noqa: E731
    cells = supplied[rule.column]
    codes, texts = pd.factorize(cells)
    results: list[str | None] = []
    faults: list[Fault] = []
    for code, text in enumerate(texts):
        try:
            results.append(made(number(text)))
        except Unreadable as wrong:
            results.append(None)
            faults += [
                Fault(wrong.kind, wrong.problem, wrong.cure, at.file, int(row), rule.column)
                for row in index[(codes == code) & stays]
            ]
    taken = np.array([*results, None], dtype=object)[codes]
    return pd.Series(taken, index=index, dtype="str"), faults


def _relabelled(cells: pd.Series, labels: Mapping[str, str], list_separator: str) -> pd.Series:
    """Labels put in place of the source's values, within lists item by item."""

    def relabel(text: str) -> str:
        if not list_separator:
            return labels.get(text, text)
        items = (item.strip() for item in text.split(list_separator))
        return list_separator.join(labels.get(item, item) for item in items)

    return cells.map(relabel, na_action="ignore").astype("str")


def _mapped(rules: Mapping[str, str | Derived], source: Source) -> Iterable[str]:
    """How each column that is not simply there is filled, in words."""
    for name, rule in rules.items():
        if isinstance(rule, str):
            if rule != name:
                yield f"{name} from {rule}"
        elif rule.row_number:
            yield f"{name} is the number of the data row"
        elif rule.constant is not None:
            yield f"{name} is always {rule.constant}"
        elif rule.year_minus is not None:
            yield f"{name} is {rule.year_minus} minus the whole years of {rule.column}"
        else:
            yield f"{name} from {rule.column}, by {count(len(rule.bands), 'band')}"
    for name, labels in source.labels.items():
        if name in rules:
            yield f"{name} by {count(len(labels), 'declared label')}"


def _several_lines(raw: RawTable, draft: Draft) -> Iterable[Fault]:
    """Values over several lines where no value can have several: a quote that is not closed."""
    by_source = {own: name for name, own in draft.names.items()}
    for (row, own), line in raw.several_lines.items():
        name = by_source.get(own, "")
        if name and not draft.contract.column(name).free_text and row not in draft.left_out:
            yield draft.fault(
                "value over several lines",
                f"the value starts in line {line:,} and runs over several lines, so rows may be "
                "lost in it",
                "close the quote where it belongs, or put the value on one line",
                row,
                name,
            )
