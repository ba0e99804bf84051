"""What does one layer's file say, as plain values, and which of its YAML is a trap?

YAML is read as text nodes and turned into values here, not by a general loader: then a fault can
name the dotted path, and nothing but maps, lists, text, numbers, dates, true/false and null exists.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import (
    AliasToken,
    AnchorToken,
    BlockEndToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    DirectiveToken,
    FlowMappingEndToken,
    FlowMappingStartToken,
    FlowSequenceEndToken,
    FlowSequenceStartToken,
    TagToken,
)

from revmentor.errors import Fault

SHOWN_CHARACTERS = 60
_MOST_DIGITS = 18
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_REFUSED = {
    TagToken: ("a tag (!)", "write the plain value"),
    AnchorToken: ("an anchor (&)", "write the value out where it is used"),
    AliasToken: ("an alias (*)", "write the value out"),
    DirectiveToken: ("a directive (%)", "delete the line; params are YAML 1.2"),
}
_OPENS = (
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowMappingStartToken,
    FlowSequenceStartToken,
)
_CLOSES = (BlockEndToken, FlowMappingEndToken, FlowSequenceEndToken)
_DEEPEST = 30
_SECRET = re.compile(
    r"(://[^:/?@\s]*:)(?!\$\{)\S+(?=@)|([?&](?:password|passwd|pwd)=)(?!\$\{)[^&\s]+", re.IGNORECASE
)
_DROP = object()


@dataclass(frozen=True)
class Layer:
    """One file's values, with what was wrong in it.

    Parameters
    ----------
    name : str
        ``base``, ``cycle <name>`` or ``scenario <name>``.
    file : str
        Path as the user knows it, relative to the workbench.
    values : mapping or None
        Nested maps and lists; a faulty value is left out. None: the file could not be read.
    faults : tuple of Fault
        Everything that is wrong in the file by itself.
    """

    name: str
    file: str
    values: Mapping[str, Any] | None
    faults: tuple[Fault, ...] = ()


def dotted(path: tuple[str | int, ...]) -> str:
    """Which name does a user know this place by? List items count from 1.

    >>> dotted(("data", "tables", "people", "labels", "Yes, 5.0"))
    'data.tables.people.labels."Yes, 5.0"'
    >>> dotted(("generations", 0, "name"))
    'generations[#1].name'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[#{part + 1}]"
        else:
            text += "." * bool(text) + (part if _PLAIN_KEY.fullmatch(part) else f'"{part}"')
    return text


def shown(value: object) -> str:
    """How does a value look in one short line, in the file's own notation?"""
    if isinstance(value, Mapping):
        text = "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown(item) for item in value) + "]"
    elif value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
    else:
        # an address of a database can hold a password
        text = _SECRET.sub(r"\1\2***", str(value))
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 3] + "..."


def read_layer(name: str, file: Path, shown_as: str) -> Layer:
    """What does this file say? Never raises for what is in the file: the layer has the faults."""
    try:
        return parse_layer(name, shown_as, file.read_bytes())
    except OSError as error:
        fault = Fault(
            "unreadable file",
            f"the file cannot be read ({error.strerror})",
            "check that it is a file and that you may read it",
            shown_as,
        )
        return Layer(name, shown_as, None, (fault,))


def parse_layer(name: str, file: str, content: bytes) -> Layer:
    """What do these bytes say as a layer of parameters?

    >>> layer = parse_layer("base", "params/base.yaml", b"solver: {seed: 007, time_limit: 12}")
    >>> layer.values
    {'solver': {'time_limit': 12}}
    >>> print(layer.faults[0])
    params/base.yaml, solver.seed, value '007': YAML reads this as a number, not as it is written. \
To fix: write 7, or '007' in quotes if it is text.
    """
    faults: list[Fault] = []
    values: object = None
    try:
        text = content.decode("utf-8-sig")
        faults += _refused_marks(file, text)
        if not faults:
            node = YAML(typ="safe", pure=True).compose(text)
            values = {} if node is None else _Reader(file, faults).value(node, ())
            if not isinstance(values, dict):
                values = None
                faults.append(_broken(file, "the file is not a map of sections", ""))
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        where = f"line {row}: byte 0x{content[error.start]:02x} is not UTF-8"
        faults.append(_broken(file, where, "save the file as UTF-8"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        why = error.problem or error.context or "unreadable"
        faults.append(
            _broken(
                file, f"{where}{why}", _CURES.get(why) or _BETWEEN * why.startswith("expected ','")
            )
        )
    except YAMLError as error:
        faults.append(_broken(file, str(error).strip().splitlines()[0], ""))
    return Layer(name, file, values if isinstance(values, dict) else None, tuple(faults))


_BETWEEN = (
    "put a comma between two entries in brackets or braces, and close them; put text that holds a "
    "colon or a comma in quotes; compare indentation with params/base.yaml"
)
_CURES = {
    "mapping values are not allowed here": 'put text that holds a colon in quotes, "like: this", '
    "and compare indentation with params/base.yaml"
}


def _broken(file: str, why: str, cure: str) -> Fault:
    return Fault(
        "bad YAML",
        f"this is not a params file: {why}",
        cure or "compare indentation, colons and quotes with params/base.yaml",
        file,
    )


def _refused_marks(file: str, text: str) -> list[Fault]:
    found = []
    depth = 0
    for token in YAML(typ="safe", pure=True).scan(text):
        depth += isinstance(token, _OPENS) - isinstance(token, _CLOSES)
        if depth > _DEEPEST:
            line = token.start_mark.line + 1
            return [_broken(file, f"line {line} is nested more than {_DEEPEST} deep", "")]
        if type(token) in _REFUSED:
            what, cure = _REFUSED[type(token)]
            line = token.start_mark.line + 1
            found.append(Fault("refused YAML", f"line {line} has {what}", cure, file))
    return found


@dataclass
class _Reader:
    """Turns nodes into plain values and notes what is wrong on the way."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def value(self, node: Node, path: tuple[str | int, ...]) -> Any:
        if isinstance(node, MappingNode):
            return self._map(node, path)
        if isinstance(node, SequenceNode):
            items = [self.value(item, (*path, n)) for n, item in enumerate(node.value)]
            return [item for item in items if item is not _DROP]
        assert isinstance(node, ScalarNode)
        return self._scalar(str(node.tag).rpartition(":")[2], str(node.value), path)

    def _map(self, node: MappingNode, path: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._fault("bad key", path, None, f"line {line} has a key that is not text", "")
                continue
            key = str(key_node.value)
            if key in lines:
                both = f"it stands twice, in lines {lines[key]} and {line}"
                self._fault("double key", (*path, key), None, both, "keep one of them")
                continue
            lines[key] = line
            value = self.value(value_node, (*path, key))
            if value is not _DROP:
                found[key] = value
        return found

    def _scalar(self, tag: str, text: str, path: tuple[str | int, ...]) -> Any:
        if tag == "null":
            return None
        if tag == "bool":
            return text.lower() == "true"
        if tag == "int":
            return self._whole(text, path)
        if tag == "float":
            return self._float(text, path)
        if tag == "timestamp" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return _date_or_text(text)
        return text

    def _whole(self, text: str, path: tuple[str | int, ...]) -> Any:
        digits = text.replace("_", "")
        if len(digits) > _MOST_DIGITS:
            problem = f"this number has more than {_MOST_DIGITS} digits"
            self._fault("surprising number", path, shown(text), problem, "write a smaller number")
            return _DROP
        if _WHOLE.fullmatch(text):
            return int(text)
        base = {"0x": 16, "0o": 8, "0b": 2}.get(digits.lstrip("+-")[:2].lower(), 10)
        self._fault(
            "surprising number",
            path,
            text,
            "YAML reads this as a number, not as it is written",
            f"write {int(digits, base)}, or '{text}' in quotes if it is text",
        )
        return _DROP

    def _float(self, text: str, path: tuple[str | int, ...]) -> Any:
        plain = text.lower().replace("_", "")
        number = math.nan if "nan" in plain or "inf" in plain else float(plain)
        if math.isfinite(number):
            return number
        what = "not a number (NaN)" if "nan" in plain else "not a finite number"
        self._fault("not finite", path, text, f"this is {what}", "write a number such as 0.5")
        return _DROP

    def _fault(
        self, kind: str, path: tuple[str | int, ...], value: str | None, problem: str, cure: str
    ) -> None:
        cure = cure or "write a plain name before the colon"
        self.faults.append(Fault(kind, problem, cure, self.file, None, dotted(path), value))


def _date_or_text(text: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
