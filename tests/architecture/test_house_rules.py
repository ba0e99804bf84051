"""What every file keeps to: its length, its words, and no trace of where it was written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LONGEST = 350
# Written so that this file does not name what it looks for.
HOSTS = re.compile(r"pypi[.]org|pythonhosted[.]org|npmjs[.]org|debian[.]org/debian|anaconda[.]org")
MACHINE = re.compile(r"(?<![\w.~$}])/(?:work|root|tmp|home/\w+|Users/\w+|farm)/[\w.]|bash_[j]obs")


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    found = []
    for file in files:
        for n, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{file.name}, line {n}: {line.strip()[:100]}")
    return found


def test_no_module_is_too_long(repository: Path) -> None:
    lengths = {
        file.relative_to(repository).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for file in (repository / "revmentor").rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_the_pattern_of_paths_finds_paths() -> None:
    assert MACHINE.search("see " + "/wo" + "rk/main")
    assert MACHINE.search('"' + "/ro" + 'ot/.cache"')
    assert not MACHINE.search("~/wo" + "rk/main")
    assert not MACHINE.search("outputs/work/a and https://example.com/home/you")


def test_no_file_names_a_host_of_packages(project_files: list[Path]) -> None:
    assert lines_with(HOSTS, project_files) == []


def test_no_file_names_a_path_of_one_machine(project_files: list[Path]) -> None:
    assert lines_with(MACHINE, project_files) == []


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Public functions and classes of a module, and the public methods of those."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                        yield inner


def test_everything_public_says_what_it_is_for(modules: dict[str, ast.Module]) -> None:
    silent = [name for name, tree in modules.items() if tree.body and not ast.get_docstring(tree)]
    silent += [
        f"{name}.{node.name}, line {node.lineno}"
        for name, tree in modules.items()
        for node in public(tree)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_exception_is_swallowed(modules: dict[str, ast.Module]) -> None:
    swallowed = []
    for name, tree in modules.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or all(isinstance(inner, ast.Pass) for inner in node.body)
            ):
                swallowed.append(f"{name}, line {node.lineno}")
    assert swallowed == []
