"""Is every key of a layer a parameter, and if not, which one was meant?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from revmentor.errors import Fault
from revmentor.params.layers import Layer, dotted, shown
from revmentor.params.models import Params
from revmentor.params.nearest import nearest
from revmentor.params.section import Section

SCENARIO_SECTIONS = ("matching", "circles", "solver")
_LISTED = 12


def suggestion(word: str, among: Collection[str]) -> str:
    """What should stand there instead: the nearest name, else the names there are."""
    near = nearest(word, among)
    if near is not None:
        return f"write {near}, if that is what you mean"
    names = list(among)
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"the names here are {', '.join(names[:_LISTED])}{more}"


def check_keys(layer: Layer) -> Layer:
    """Which keys of this layer does nobody know? Returns it without them and with their faults."""
    if layer.values is None:
        return layer
    faults: list[Fault] = []
    values = dict(layer.values)
    if layer.name.startswith("scenario "):
        values = _scenario_sections(layer, values, faults)
    kept = _known(values, Params, (), layer.file, faults)
    return Layer(layer.name, layer.file, kept, (*layer.faults, *faults))


def _scenario_sections(layer: Layer, values: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """A scenario touches scores and the solver, and says why; its `why` is read elsewhere."""
    allowed = ("why", *SCENARIO_SECTIONS)
    for key in [key for key in values if key not in allowed]:
        value = values.pop(key)
        if key in Params.model_fields:
            problem = "a scenario may touch matching, circles and solver only"
            faults.append(
                _fault(
                    "out of bounds",
                    layer.file,
                    (key,),
                    value,
                    problem,
                    f"move {key} to the cycle's file",
                )
            )
        else:
            faults.append(_unknown(layer.file, (key,), value, allowed))
    values.pop("why", None)
    return values


def _known(
    value: Any, kind: Any, path: tuple[str | int, ...], file: str, faults: list[Fault]
) -> Any:
    """The value without the keys that its type does not have."""
    if isinstance(value, Mapping):
        section = _part(kind, lambda part: isinstance(part, type) and issubclass(part, Section))
        if section is not None:
            fields = {info.alias or name: info for name, info in section.model_fields.items()}
            return _map(value, {k: i.annotation for k, i in fields.items()}, path, file, faults)
        table = _part(kind, lambda part: _made_of(part) is dict)
        if table is not None:
            key_kind, item_kind = get_args(table)
            keys = get_args(key_kind) if get_origin(key_kind) is Literal else tuple(value)
            return _map(value, dict.fromkeys(keys, item_kind), path, file, faults)
    if isinstance(value, list):
        items = _part(kind, lambda part: _made_of(part) is tuple)
        if items is not None:
            item_kind = get_args(items)[0]
            return [
                _known(item, item_kind, (*path, n), file, faults) for n, item in enumerate(value)
            ]
    return value


def _map(
    value: Mapping[str, Any],
    kinds: Mapping[str, Any],
    path: tuple[str | int, ...],
    file: str,
    faults: list[Fault],
) -> dict[str, Any]:
    kept = {}
    for key, item in value.items():
        if key in kinds:
            kept[key] = _known(item, kinds[key], (*path, key), file, faults)
        else:
            faults.append(_unknown(file, (*path, key), item, kinds))
    return kept


def _made_of(kind: Any) -> Any:
    """The bare type of a generic one; Any, since mypy holds `tuple` and `dict` impossible here."""
    return get_origin(kind)


def _part(kind: Any, wanted: Callable[[Any], bool]) -> Any:
    """The first part of a type, inside Annotated and unions, that is wanted; None if none is."""
    if wanted(kind):
        return kind
    parts: tuple[Any, ...] = ()
    if get_origin(kind) is Annotated:
        parts = get_args(kind)[:1]
    elif get_origin(kind) in (Union, UnionType):
        parts = get_args(kind)
    return next((found for part in parts if (found := _part(part, wanted)) is not None), None)


def _unknown(file: str, path: tuple[str | int, ...], value: Any, allowed: Collection[str]) -> Fault:
    problem = "there is no such parameter"
    cure = suggestion(str(path[-1]), allowed)
    if value is None and " " in str(path[-1]):
        # YAML reads {objective: learn SQL, and more} as two keys, the second without a value.
        cure = f"put text that holds a comma in quotes; or {cure}"
    return _fault("unknown key", file, path, value, problem, cure)


def _fault(
    kind: str, file: str, path: tuple[str | int, ...], value: Any, problem: str, cure: str
) -> Fault:
    return Fault(kind, problem, cure, file, None, dotted(path), shown(value))
