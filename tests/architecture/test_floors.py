"""The house has floors: a module imports from floors below its own, and no circle closes."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator

import pytest

FLOORS = {
    "errors": 0, "measures": 0, "names": 0, "paths": 0, "people": 0, "words": 0,
    "params": 1,
    "data": 2,
    "matching": 3, "metrics": 3, "planning": 3,
    "disclosure": 4, "figures": 4, "tables": 4, "tiles": 4,
    "publish": 5,
    "cycle": 6, "lab": 6, "schedule": 6, "checkin": 6,
    "cli": 7, "commands": 7, "options": 7, "__main__": 7,
}  # fmt: skip
PURE = ("matching", "metrics", "planning")
IMPURE = {"io", "logging", "os", "pathlib", "random", "shutil", "socket", "sqlite3", "subprocess",
          "sys", "tempfile", "threading", "urllib", "requests", "time", "warnings"}  # fmt: skip
# The solver's time limit is a promise about the clock, kept in one room.
MAY_IMPORT = {"revmentor.matching.clock": {"time"}}
EFFECTS = {"open", "print", "input", "read_csv", "read_parquet", "read_excel", "to_csv",
           "to_parquet", "to_excel", "savefig", "today", "now", "utcnow", "seed"}  # fmt: skip


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "revmentor"


def imported(name: str, tree: ast.Module, known: set[str]) -> Iterator[str]:
    """Modules of the package that this one imports, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if room_of(alias.name))
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: import by full name, not relatively"
            if node.module and room_of(node.module):
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    yield inner if inner in known else node.module


def room_of(module: str) -> bool:
    return module == "revmentor" or module.startswith("revmentor.")


@pytest.fixture(scope="module")
def edges(modules: dict[str, ast.Module]) -> list[tuple[str, str]]:
    known = set(modules)
    return [
        (name, target)
        for name, tree in modules.items()
        for target in imported(name, tree, known)
        if target != name
    ]


def test_every_room_has_a_floor(modules: dict[str, ast.Module]) -> None:
    rooms = {room(name) for name in modules} - {"revmentor"}
    assert rooms - set(FLOORS) == set()


def test_no_module_imports_from_a_floor_above(edges: list[tuple[str, str]]) -> None:
    upward = [
        f"{name} (floor {FLOORS[room(name)]}) imports {target} (floor {FLOORS[room(target)]})"
        for name, target in edges
        if room(name) != "revmentor" and room(target) != "revmentor"
        if FLOORS[room(target)] > FLOORS[room(name)]
    ]
    assert upward == []


def test_the_package_itself_imports_nothing(edges: list[tuple[str, str]]) -> None:
    assert [target for name, target in edges if name == "revmentor"] == []


def test_no_two_rooms_import_each_other_in_a_circle(edges: list[tuple[str, str]]) -> None:
    graph: dict[str, set[str]] = {}
    for name, target in edges:
        if room(name) != room(target):
            graph.setdefault(room(name), set()).add(room(target))
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"rooms in a circle: {' -> '.join(reversed(error.args[1]))}")


def test_no_two_modules_import_each_other_in_a_circle(edges: list[tuple[str, str]]) -> None:
    graph: dict[str, set[str]] = {}
    for name, target in edges:
        graph.setdefault(name, set()).add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"modules in a circle: {' -> '.join(reversed(error.args[1]))}")


def test_computation_is_pure(modules: dict[str, ast.Module]) -> None:
    found = []
    for name, tree in modules.items():
        if room(name) not in PURE:
            continue
        refused = IMPURE - MAY_IMPORT.get(name, set())
        for node in ast.walk(tree):
            bad: set[str] = set()
            if isinstance(node, ast.Import):
                bad = {alias.name.split(".")[0] for alias in node.names} & refused
            elif isinstance(node, ast.ImportFrom):
                bad = {str(node.module).split(".")[0]} & refused
            elif isinstance(node, ast.Global):
                bad = {f"global {', '.join(node.names)}"}
            elif isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                bad = {f"{called}()"} if called in EFFECTS else set()
            found += [f"{name}, line {node.lineno}: {what}" for what in sorted(bad)]  # type: ignore[attr-defined]
    assert found == []
