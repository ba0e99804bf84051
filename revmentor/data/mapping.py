"""A company's own columns and labels to the contract's, as params declare, still as text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from revmentor.data.columns import TableContract
from revmentor.data.contract import DERIVED
from revmentor.data.draft import Draft
from revmentor.data.reading import RawTable, Reading
from revmentor.data.report import count
from revmentor.data.rules import Place, headed, rules_of
from revmentor.data.values import Unreadable, number
from revmentor.errors import Fault
from revmentor.params.models import Derived, Source
from revmentor.params.nearest import nearest

_DATE_LIKE = re.compile(r"\s*[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}")


def map_table(raw: RawTable, contract: TableContract, source: Source, reading: Reading) -> Draft:
    """Which contract columns does the raw table fill, and which rows stay?

    Every contract column is in the frame (all missing if nothing supplies it; identity columns
    only if supplied), then the source's other columns, all as text with missing values as NA.
    Faults (unknown names, required columns without a source, values that a rule of `Derived`
    cannot read) are in the draft, not raised.
    """
    at = Place(contract.name, raw.file)
    index = pd.Index(np.asarray(raw.rows, dtype="int64"), name="row")
    supplied = {
        name: _blanked(pd.Series(list(cells), index=index, dtype="str"), reading.missing)
        for name, cells in raw.columns.items()
    }
    rules, faults = rules_of(raw, contract, source, at)
    names = {
        name: rule if isinstance(rule, str) else (rule.column or name)
        for name, rule in rules.items()
    }
    faults += _answers_skipped(raw, contract, names, at)
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
    others = {n: c for n, c in extras.items() if n not in clash and source.others == "keep"}
    frame = pd.DataFrame({**columns, **others}, index=index)
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
        + _unused([n for n in extras if n not in clash], contract, rules, source),
        warnings=raw.warnings,
        faults=tuple(faults),
        digest=raw.digest,
    )
    for reason in dict.fromkeys(left_out.values()):
        draft = draft.leave_out([row for row, why in left_out.items() if why == reason], reason)
    for name in source.exclude_without:
        if headed(name, raw) is None and name in draft.frame:
            gone = draft.frame.index[draft.frame[name].isna()]
            draft = draft.leave_out(gone, f"there is no {name}")
    return draft.blame(_several_lines(raw, draft))


def _unused(
    extras: list[str],
    contract: TableContract,
    rules: Mapping[str, str | Derived],
    source: Source,
) -> tuple[str, ...]:
    """Which columns of the source serve for nothing, and what may each have been meant for?"""
    open_names = [name for name in contract.names if name not in rules]
    told = []
    for extra in extras:
        meant = nearest(re.sub(r"[^\w]+", "_", extra.strip()), open_names)
        told.append(f"“{extra}”" + (f" (did you mean {meant}?)" if meant else ""))
    what = "columns kept but not used" if source.others == "keep" else "columns not read"
    return (f"{what}: {', '.join(told)}",) if told else ()


def _blanked(cells: pd.Series, missing: frozenset[str]) -> pd.Series:
    return cells.mask(cells.isin(list(missing)))


def _left_out(raw: RawTable, source: Source, supplied: Mapping[str, pd.Series]) -> dict[int, str]:
    """Rows that are blank, are declared not to count, or lack a column of ``exclude_without``."""
    left_out = dict.fromkeys(sorted(raw.blank), "the row is blank")
    for name, values in source.keep.items():
        cells = supplied.get(headed(name, raw) or "")
        if cells is not None:
            for row in cells.index[~cells.isin(values)]:
                left_out.setdefault(int(row), f"{name} is not {' or '.join(values)}")
    for name in source.exclude_without:
        cells = supplied.get(headed(name, raw) or "")
        if cells is not None:
            for row in cells.index[cells.isna()]:
                left_out.setdefault(int(row), f"there is no {name}")
    return left_out


def _answers_skipped(
    raw: RawTable, contract: TableContract, names: Mapping[str, str], at: Place
) -> Iterable[Fault]:
    """Rows that are declared to be no data, although they have a date where rows have one."""
    dates = {own for name, own in names.items() if contract.column(name).kind == "date"}
    for row, cells in raw.skipped:
        own = next((own for own in dates if _DATE_LIKE.match(cells.get(own, ""))), "")
        if own:
            problem = "the row is declared to be no data, and has a date like the rows below"
            cure = (
                f"set {at.param('skip_rows')} to the rows between the header and the first answer"
            )
            yield Fault("answer skipped", problem, cure, at.file, row, own)


def _derive(
    rule: Derived,
    supplied: Mapping[str, pd.Series],
    index: pd.Index,
    stays: np.ndarray,
    at: Place,
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
            declared = source.columns.get(name)
            by = declared.by if isinstance(declared, Derived) else None
            if by is not None:
                whose = "the person" if by == "email" else f"the {by} in the published pair"
                yield f"{name} is {whose} of the address in {rule}"
            elif rule != name:
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
