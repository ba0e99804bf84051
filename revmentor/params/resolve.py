"""Which parameters hold for one cycle and scenario, and which layer does each come from?"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from revmentor.errors import Fault, InputError, check_faults
from revmentor.params.complaints import Layers, complaints
from revmentor.params.keys import check_keys, suggestion
from revmentor.params.layers import Layer, dotted, read_layer, shown
from revmentor.params.models import Params
from revmentor.paths import check_name, params_dir

_PLAIN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
_NOT_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


@dataclass(frozen=True)
class Resolved:
    """Parameters of one cycle and scenario, each with the layer that it came from.

    Parameters
    ----------
    params : Params
        Validated and frozen.
    cycle, scenario : str
        Checked names.
    why : str
        What the scenario's file says it is for.
    provenance : mapping of str to str
        Dotted path of each value to ``base``, ``cycle <name>`` or ``scenario <name>``. A list is
        one value. Paths that no layer names are not in it; they have the model's default.
    """

    params: Params
    cycle: str
    scenario: str
    why: str
    provenance: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all values, defaults included, as JSON with sorted keys."""
        values = self.params.model_dump(mode="json", by_alias=True)
        text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_yaml(self) -> str:
        """What do all layers together say, as YAML, with the layer of each value behind it?"""
        head = f"# Parameters of cycle {self.cycle}, scenario {self.scenario}, as resolved.\n"
        return head + "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        values = self.params.model_dump(by_alias=True, exclude_unset=True)
        for path, value in _walk(values):
            lead = "  " * (len(path) - 1) + written(path[-1]) + ":"
            if isinstance(value, dict) and value:
                yield lead
            else:
                layer = self.provenance.get(dotted(path), "set by the program")
                yield f"{lead} {written(value)}  # {layer}"


def load_params(cycle: str, scenario: str = "base", *, root: Path) -> Resolved:
    """Which parameters hold for this cycle and scenario?

    Parameters
    ----------
    cycle, scenario : str
        Names of ``params/cycles/<cycle>.yaml`` and ``params/scenarios/<scenario>.yaml``.
    root : Path
        The workbench, the folder that holds ``params/``.

    Raises
    ------
    InputError
        With every fault of every layer at once; each names layer, path, value and cure.

    >>> from revmentor.paths import workbench_root
    >>> resolved = load_params("demo", "skills-first", root=workbench_root())
    >>> resolved.params.matching.weights.skills, resolved.provenance["matching.weights.skills"]
    (0.75, 'scenario skills-first')
    """
    check_faults(_bad_names(cycle, scenario))
    files = (
        ("base", Path("params/base.yaml")),
        (f"cycle {cycle}", Path("params/cycles") / f"{cycle}.yaml"),
        (f"scenario {scenario}", Path("params/scenarios") / f"{scenario}.yaml"),
    )
    check_faults(fault for name, file in files for fault in _absent(name, file, root))
    read = [read_layer(name, root / file, file.as_posix()) for name, file in files]
    why, why_faults = _why(read[2])
    layers = Layers(tuple(check_keys(layer) for layer in read))
    faults = [fault for layer in layers.stack for fault in layer.faults] + why_faults
    if any(layer.values is None for layer in layers.stack):
        check_faults(faults)
    merged: dict[str, Any] = {}
    provenance: dict[tuple[str, ...], str] = {}
    for layer in layers.stack:
        _merge(merged, layer.values or {}, layer.name, (), provenance)
    try:
        params = Params.model_validate(merged)
    except ValidationError as error:
        found = complaints(error.errors(include_url=False), merged, layers)
        raise InputError([*faults, *_not_following(found, faults)]) from None
    check_faults(faults)
    if params.matching.limits.waves and not merged["matching"]["limits"]["waves"]:
        provenance["matching", "limits", "waves"] = "as design.waves"
    named = MappingProxyType({dotted(path): name for path, name in provenance.items()})
    return Resolved(params, cycle, scenario, why, named)


def read_resolved(file: Path) -> Params:
    """Which parameters does a ``params.resolved.yaml`` hold?

    Raises
    ------
    InputError
        If it is no such file, or was edited into something that is not allowed.
    """
    layer = check_keys(read_layer("resolved", file, file.name))
    check_faults(layer.faults)
    values = dict(layer.values or {})
    try:
        return Params.model_validate(values)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        raise InputError(complaints(errors, values, Layers((layer,)))) from None


def cycle_names(root: Path) -> list[str]:
    """Which cycles are there?"""
    return _names(params_dir(root) / "cycles")


def scenario_names(root: Path) -> list[str]:
    """Which scenarios are there?"""
    return _names(params_dir(root) / "scenarios")


def _names(folder: Path) -> list[str]:
    return sorted(file.stem for file in folder.glob("*.yaml") if file.is_file())


def _bad_names(cycle: str, scenario: str) -> list[Fault]:
    faults: list[Fault] = []
    for what, name in (("cycle", cycle), ("scenario", scenario)):
        try:
            check_name(what, name)
        except InputError as error:
            faults += error.faults
    return faults


def _absent(layer: str, file: Path, root: Path) -> list[Fault]:
    """A layer that is not there, or stands outside the workbench."""
    what, _, name = layer.partition(" ")
    place = root / file
    if not place.is_file():
        if what == "base":
            cure = "name the cloned revmentor folder with root (or REVMENTOR_ROOT)"
            return [Fault("no file", "there is no such file", cure, file.as_posix())]
        names = cycle_names(root) if what == "cycle" else scenario_names(root)
        cure = suggestion(name, names) if names else f"write {file.as_posix()}"
        have = f"; there are {', '.join(names)}" if names else ""
        problem = f"there is no {what} of this name{have}"
        return [Fault(f"no {what}", problem, cure, file.as_posix(), None, what, name)]
    if not place.resolve().is_relative_to(root.resolve()):
        problem = "the file is a link to a place outside the workbench"
        return [Fault("outside", problem, "copy the file here", file.as_posix())]
    return []


def _not_following(found: list[Fault], known: list[Fault]) -> list[Fault]:
    """Without those that only follow from a key already called wrong in the same section."""
    muddled = {fault.column.rpartition(".")[0] for fault in known} - {""}
    return [
        fault
        for fault in found
        if fault.column not in muddled
        and not (fault.kind == "missing" and fault.column.rpartition(".")[0] in muddled)
    ]


def _why(layer: Layer) -> tuple[str, list[Fault]]:
    """The scenario's reason, which every scenario must give."""
    if layer.values is None:
        return "", []
    why = layer.values.get("why")
    if isinstance(why, str) and why.strip():
        return " ".join(why.split()), []
    value = shown(why) if "why" in layer.values else None
    problem = "a scenario must say in words what it is for"
    cure = "add a line such as why: what if only skills mattered?"
    return "", [Fault("no why", problem, cure, layer.file, None, "why", value)]


def _merge(
    into: dict[str, Any],
    values: Mapping[str, Any],
    name: str,
    path: tuple[str, ...],
    provenance: dict[tuple[str, ...], str],
) -> None:
    """Lay one layer over the others: maps merge deeply, all else replaces."""
    for key, value in values.items():
        here = (*path, key)
        below = into.get(key)
        if isinstance(value, Mapping) and value:
            if not isinstance(below, dict):
                _forget(provenance, here)
                into[key] = below = {}
            provenance.pop(here, None)
            _merge(below, value, name, here, provenance)
        elif not (value == {} and isinstance(below, dict)):
            _forget(provenance, here)
            into[key] = value
            provenance[here] = name


def _forget(provenance: dict[tuple[str, ...], str], path: tuple[str, ...]) -> None:
    for known in [known for known in provenance if known[: len(path)] == path]:
        del provenance[known]


def _walk(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    for key, value in values.items():
        yield (*path, key), value
        if isinstance(value, dict):
            yield from _walk(value, (*path, key))


def written(value: object) -> str:
    """A value in YAML that reads back as the same value."""
    if isinstance(value, str):
        if _PLAIN_TEXT.fullmatch(value) and value.lower() not in _NOT_TEXT:
            return value
        quoted = json.dumps(value, ensure_ascii=False)
        return re.sub(r"[^\x20-\x7e]", _escaped, quoted)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        items = (f"{written(key)}: {written(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return json.dumps(value, allow_nan=False)


def _escaped(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else f"\\U{ord(match[0]):08X}"
