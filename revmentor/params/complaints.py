"""What is wrong with a value, in words: pydantic's errors as faults that name the guilty layer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from revmentor.errors import Fault
from revmentor.params.layers import Layer, dotted, shown
from revmentor.params.nearest import DIRECTION, as_role, nearest

Path = tuple[str | int, ...]

_NEEDED = {
    "int_type": ("a whole number", "write digits only, such as 3"),
    "float_type": ("a number", "write a number with a point, such as 0.5"),
    "bool_type": ("true or false", "write true or false"),
    "string_type": ("text", "put it in quotes"),
    "date_type": ("a date", "write it as year-month-day, such as 2026-01-31"),
    "tuple_type": ("a list", "write it in brackets, such as [a, b]"),
    "dict_type": ("a map", "write it in braces, such as {a: b}"),
    "model_type": ("a section with keys of its own", "list its keys below it, as base.yaml does"),
}
_LIMITS = {
    "greater_than_equal": ("ge", "below {0}, the least allowed", "write {0} or more"),
    "greater_than": ("gt", "not above {0}", "write more than {0}"),
    "less_than_equal": ("le", "above {0}, the most allowed", "write {0} or less"),
    "less_than": ("lt", "not below {0}", "write less than {0}"),
    "string_too_short": ("min_length", "shorter than {0} character", "write {0} character"),
    "string_too_long": ("max_length", "longer than {0} character", "write {0} character"),
    "too_short": ("min_length", "a list with fewer than {0} item", "write at least {0} item"),
    "too_long": ("max_length", "a list with more than {0} items", "write at most {0} items"),
}


@dataclass(frozen=True)
class Layers:
    """The layers of one resolution, lowest first; they know which of them set a value.

    Parameters
    ----------
    stack : tuple of Layer
        base, cycle, scenario; all of them readable.
    """

    stack: tuple[Layer, ...]

    def highest(self, path: Path) -> Layer:
        """Which layer set the value at this path, or set any part of it last?"""
        found = [layer for layer in self.stack if _has(layer.values, path)]
        return found[-1] if found else self.lowest(path[:-1])

    def lowest(self, path: Path) -> Layer:
        """Which layer brought this section in?"""
        for layer in self.stack:
            if _has(layer.values, path):
                return layer
        return self.lowest(path[:-1]) if path else self.stack[0]

    @property
    def cycle(self) -> Layer:
        """The layer where a company's own values belong."""
        return self.stack[min(1, len(self.stack) - 1)]


def complaints(errors: Iterable[Any], merged: Mapping[str, Any], layers: Layers) -> list[Fault]:
    """How do these errors of pydantic read, one fault each, in the words of the params files?

    Parameters
    ----------
    errors : iterable of dict
        As `ValidationError.errors()` gives them.
    merged : mapping
        The merged values that were validated.
    layers : Layers
        Where the values came from.
    """
    return [_complaint(error, merged, layers) for error in errors]


def _complaint(error: Mapping[str, Any], merged: Mapping[str, Any], layers: Layers) -> Fault:
    kind: str = error["type"]
    context: Mapping[str, Any] = error.get("ctx", {})
    path = _located(merged, error["loc"], missing=kind == "missing")
    if kind == "missing":
        layer = layers.lowest(path[:-1])
        cure = f"give {path[-1]} there"
        return Fault("missing", "it is needed and not given", cure, layer.file, None, dotted(path))
    if kind == "cross_check" and context["path"]:
        path = (*path, *_parts(str(context["path"])))
    value = _at(merged, path)
    layer = layers.highest(path)
    if value is None and layer is layers.stack[0]:
        cure = f"write it in {layers.cycle.file}"
        problem = "it has no value, and this cycle needs one"
        return Fault("missing", problem, cure, layers.cycle.file, None, dotted(path))
    problem, cure = _said(kind, context, value, str(error["msg"]))
    return Fault("bad value", problem, cure, layer.file, None, dotted(path), shown(value))


def _parts(dotted_path: str) -> Path:
    """A dotted path by its parts; the number of an item in a list is one."""
    return tuple(int(part) if part.isdigit() else part for part in dotted_path.split("."))


def _said(kind: str, context: Mapping[str, Any], value: object, message: str) -> tuple[str, str]:
    """Problem and cure of one error, in words."""
    if kind == "cross_check":
        return str(context["problem"]), str(context["cure"])
    if kind in _LIMITS:
        key, problem, cure = _LIMITS[kind]
        limit = context[key]
        number = f"{limit:.0f}" if limit == int(limit) else f"{limit:g}"
        return f"it is {problem.format(number)}", cure.format(number)
    if kind == "literal_error":
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        near = nearest(value, words) if isinstance(value, str) else None
        why = f": {DIRECTION}" if near and as_role(str(value), words) != value else ""
        hint = f" (did you mean {near}{why}?)" if near else ""
        return "it is not one of the words allowed here", f"write {', '.join(words)}{hint}"
    if kind in _NEEDED:
        needed, cure = _NEEDED[kind]
        problem = f"it is {_what(value)}, and must be {needed}"
        if kind == "bool_type" and isinstance(value, str):
            problem += "; in YAML 1.2 only true and false are not text"
        if kind == "float_type" and isinstance(value, str) and "," in value:
            cure = f"write {value.replace(',', '.')}, with a point"
        return problem, cure
    return message.removeprefix("Value error, "), "compare with params/base.yaml"


def _what(value: object) -> str:
    """What a value is, in words."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, float):
        return "a number with decimals"
    for types, word in (
        (str, "text"),
        (int, "a whole number"),
        (dt.date, "a date"),
        (list | tuple, "a list"),
        (Mapping, "a map"),
    ):
        if isinstance(value, types):
            return word
    return "empty"


def _located(merged: Mapping[str, Any], loc: Iterable[str | int], *, missing: bool) -> Path:
    """The path in the file: pydantic adds the tags of unions, which stand in no file."""
    here: Any = merged
    path: list[str | int] = []
    parts = list(loc)
    for n, part in enumerate(parts):
        last = missing and n == len(parts) - 1
        if _has(here, (part,)):
            here = here[part]
        elif not last:
            continue
        path.append(part)
    return tuple(path)


def _at(values: Any, path: Path) -> Any:
    """The value at this path; None where there is nothing."""
    for part in path:
        if not _has(values, (part,)):
            return None
        values = values[part]
    return values


def _has(values: Any, path: Path) -> bool:
    """Is there a value, null included, at this path?"""
    for part in path:
        in_map = isinstance(values, Mapping) and part in values
        in_list = isinstance(values, list) and isinstance(part, int) and part < len(values)
        if not (in_map or in_list):
            return False
        values = values[part]
    return True
