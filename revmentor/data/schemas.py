"""Typed tables against the contract: required, allowed and possible values, by pandera."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import pandera.pandas as pa
from pandera.errors import SchemaErrors

from revmentor.data.columns import Column
from revmentor.data.draft import Draft
from revmentor.data.rules import closest
from revmentor.data.zones import cure_of_zone, usual_zones, zone_names
from revmentor.errors import Fault
from revmentor.params.models import Params
from revmentor.params.nearest import DIRECTION, as_role

_DTYPES = {
    "whole": "Int64",
    "year": "Int64",
    "number": "float64",
    "scale": "float64",
    "date": "datetime64[us]",
    "list": "object",
    "ids": "object",
}
_REQUIRED = (
    "missing value",
    "there is no value, and every row needs one",
    "fill it in, delete the row, or name the column in exclude_without to leave such rows out",
)


OFF_SCALE_CURE = (
    "correct it, or declare it in missing if it stands for no answer; if a wave had another scale, "
    "declare that in data.items.changed"
)


@dataclass(frozen=True)
class _Rule:
    """A check of one column, and what to say when a value breaks it."""

    check: pa.Check
    kind: str
    problem: str
    cure: Callable[[str, int], str]
    """By the value, or nothing where it is personal, and the row."""


def check_schema(draft: Draft, params: Params) -> Draft:
    """Which typed values does the contract not allow?

    Values that could not be read, and columns that nothing supplies, are not blamed twice.
    """
    supplied = [column for column in draft.contract.columns if column.name in draft.names]
    rescaled = {item for change in params.data.items.changed for item in change.items
                if change.scale is not None and change.table == draft.contract.name}  # fmt: skip
    rules = {
        column.name: None if column.name in rescaled else _rule(column, params, draft)
        for column in supplied
    }
    try:
        _schema(supplied, rules).validate(draft.frame, lazy=True)
    except SchemaErrors as wrong:
        cases = wrong.failure_cases
        blamed = {(fault.row, fault.column) for fault in draft.faults}
        rows: dict[tuple[str, str, str], list[int]] = {}
        for name, check, value, row in zip(
            cases["column"], cases["check"], cases["failure_case"], cases["index"], strict=True
        ):
            text = f"{value:g}" if isinstance(value, float) else str(value)
            rows.setdefault((str(name), str(check), text), []).append(int(row))
        faults = [
            fault
            for (name, check, text), at in rows.items()
            for fault in _faults(draft, rules[name], name, check, text, sorted(at))
            if (fault.row, fault.column) not in blamed
        ]
        return draft.blame(sorted(faults, key=lambda fault: (fault.column, fault.row or 0)))
    return draft


def _schema(columns: Sequence[Column], rules: dict[str, _Rule | None]) -> pa.DataFrameSchema:
    checked = {}
    for column in columns:
        rule = rules[column.name]
        checked[column.name] = pa.Column(
            _DTYPES.get(column.kind, "str"),
            checks=[rule.check] if rule else [],
            nullable=not column.required,
        )
    return pa.DataFrameSchema(checked)


def _faults(
    draft: Draft, rule: _Rule | None, name: str, check: str, text: str, rows: Sequence[int]
) -> list[Fault]:
    """The faults of one value of a column."""
    if check == "not_nullable" or rule is None:
        return [draft.fault(*_REQUIRED, row, name) for row in rows]
    by_cure: dict[str, list[int]] = {}
    for row in rows:
        # A spelling hint would tell what a personal value is.
        cure = rule.cure("" if draft.contract.column(name).personal else text, row)
        by_cure.setdefault(cure, []).append(row)
    return [
        fault
        for cure, at in by_cure.items()
        for fault in draft.faults_of_one(at, rule.kind, rule.problem, cure, name, text)
    ]


def _rule(column: Column, params: Params, draft: Draft) -> _Rule | None:
    if column.kind == "choice":
        return _member(column.name, column.choices, f"use {_either(column.choices)}")
    if column.kind == "grade" and params.grades:
        return _member("grade", params.grades, f"params.grades has {', '.join(params.grades)}")
    if column.kind == "generation":
        names = [generation.name for generation in params.generations]
        return _member("generation", names, f"params.generations has {', '.join(names)}")
    if column.kind == "zone":
        check = pa.Check(lambda cells: cells.isin(zone_names()), error="one of time zone")
        usual = cache(lambda: usual_zones(draft.frame))

        def cure(text: str, row: int) -> str:
            return cure_of_zone(text, usual().get(str(draft.frame["site"].get(row))))

        return _Rule(check, "unknown time zone", "this is no known time zone", cure)
    if column.kind == "scale" and column.scale is not None:
        scale = getattr(params.data.scales, column.scale)
        low, high = scale.low, scale.high
        return _between(low, high, off_scale(low, high), OFF_SCALE_CURE)
    if column.low is not None or column.high is not None:
        low = float("-inf") if column.low is None else column.low
        high = float("inf") if column.high is None else column.high
        ends = f"of at least {low:g}" if high == float("inf") else f"from {low:g} to {high:g}"
        return _between(low, high, f"{column.name} is a number {ends}", "correct it")
    return None


def off_scale(low: float, high: float) -> str:
    """What is wrong with an answer that the scale does not have?"""
    return f"this is outside the declared scale {low:g} to {high:g}"


def _between(low: float, high: float, problem: str, cure: str) -> _Rule:
    check = pa.Check(lambda cells: (cells >= low) & (cells <= high), error=f"in {low}..{high}")
    return _Rule(check, "out of range", problem, lambda text, row: cure)


def _member(what: str, known: Sequence[str], hint: str) -> _Rule:
    allowed = list(known)

    def cure(text: str, row: int) -> str:
        near = closest(text, allowed)
        meant = f"write {near!r} if that is meant; " if near else ""
        if as_role(text, allowed) != text:
            meant += f"{DIRECTION}; "
        return f"{meant}{hint}, or declare in labels what the source's text stands for"

    check = pa.Check(lambda cells: cells.isin(allowed), error=f"one of {what}")
    return _Rule(check, f"unknown {what}", f"this is no known {what}", cure)


def _either(choices: Sequence[str]) -> str:
    return f"{', '.join(choices[:-1])} or {choices[-1]}"
