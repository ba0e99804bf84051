"""A company of five on disk, for tests that break one of its files."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from revmentor.data import Tables, load_tables
from revmentor.errors import Fault, InputError
from revmentor.params import Params

REPOSITORY = Path(__file__).parents[1]
PEOPLE = """\
person_id,grade,department,manager_id,birth_year,hired_on,name
00001,senior,Sales,,1970,2001-05-01,Ann Lee
00002,senior,Finance,00001,1972,2003-02-01,Bo Wu
00003,junior,Sales,00001,1999,2024-09-01,Cy Roe
00004,junior,Finance,00002,2001,2025-01-15,Di Fox
00005,middle,Legal,00001,1985,2015-04-01,Ed Kim
"""
APPLICATIONS = """\
person_id,side,capacity,skills_offered,skills_wanted,wishes,vetoes
00001,mentee,,,Python;SQL,00003,
00002,mentee,,,Python,,00004
00003,mentor,2,Python,,00001,
00004,mentor,1,SQL,,,
"""
CYCLE: dict[str, Any] = {
    "programme": {
        "title": "Spring",
        "start": "2026-01-12",
        "end": "2026-07-10",
    },
    "grades": ["junior", "middle", "senior"],
}


@cache
def _base() -> dict[str, Any]:
    text = (REPOSITORY / "params" / "base.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = YAML(typ="safe").load(text)
    return loaded


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Maps merge deeply, everything else replaces."""
    both = dict(under)
    for key, value in over.items():
        maps = isinstance(value, dict) and isinstance(both.get(key), dict)
        both[key] = merged(both[key], value) if maps else value
    return both


def make_params(over: dict[str, Any] | None = None) -> Params:
    """Base params, a small cycle, and what a test sets."""
    return Params.model_validate(merged(merged(copy.deepcopy(_base()), CYCLE), over or {}))


@dataclass(frozen=True)
class Company:
    """The folder of one small company."""

    folder: Path

    def write(self, file: str, content: str | bytes) -> Path:
        """Put this into a file, byte by byte."""
        path = self.folder / file
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def change(self, file: str, old: str, new: str) -> None:
        """Replace text that stands once in a file."""
        text = (self.folder / file).read_bytes().decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def load(self, over: dict[str, Any] | None = None, **more: Any) -> Tables:
        """The tables, with these params on top."""
        return load_tables(make_params(over), self.folder, **more)

    def faults(self, over: dict[str, Any] | None = None, **more: Any) -> list[Fault]:
        """Every fault that loading meets."""
        with pytest.raises(InputError) as refused:
            self.load(over, **more)
        return list(refused.value.faults)

    def fault(self, over: dict[str, Any] | None = None, **more: Any) -> Fault:
        """The one fault that loading meets."""
        found = self.faults(over, **more)
        assert len(found) == 1, "\n".join(str(fault) for fault in found)
        return found[0]


def small_company(folder: Path) -> Company:
    """Five people, four applications, no fault."""
    company = Company(folder)
    company.write("people.csv", PEOPLE)
    company.write("applications.csv", APPLICATIONS)
    return company


def people_source(**source: Any) -> dict[str, Any]:
    """Params that say how the people table is written."""
    return {"data": {"tables": {"people": source}}}
