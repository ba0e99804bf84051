"""A notebook narrates, the package computes: thin, parameterised, stored without outputs."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path
from typing import Any

import nbformat
import pytest

HERE = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(HERE.rglob("*.ipynb"))
REPORT_TITLE = "# The cycle in two minutes"
STEPS = ("01_objectives", "02_participants", "03_matching", "04_launch", "05_review", "06_report")
PARAMETERS = {"cycle", "scenario", "root", "data", "workdir"}
LOGIC = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.AsyncFor, ast.While,
    ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Try,
)  # fmt: skip

pytestmark = pytest.mark.parametrize("file", NOTEBOOKS, ids=[file.stem for file in NOTEBOOKS])


def cells(file: Path, kind: str) -> list[Any]:
    book = nbformat.read(file, as_version=4)
    return [cell for cell in book.cells if cell.cell_type == kind]


def parameter_cells(file: Path) -> list[Any]:
    return [cell for cell in cells(file, "code") if "parameters" in cell.metadata.get("tags", [])]


def test_is_a_valid_notebook_for_any_python_kernel(file: Path) -> None:
    book = nbformat.read(file, as_version=4)
    nbformat.validate(book)
    assert book.metadata.kernelspec.name == "python3"
    assert book.metadata.kernelspec.display_name


def test_is_stored_without_outputs_or_traces_of_a_run(file: Path) -> None:
    book = nbformat.read(file, as_version=4)
    assert not {"papermill", "widgets"} & set(book.metadata)
    for cell in book.cells:
        assert not {"papermill", "execution", "ExecuteTime"} & set(cell.metadata)
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_is_thin(file: Path) -> None:
    code = cells(file, "code")
    lines = [
        line
        for cell in code
        for line in cell.source.splitlines()
        if line.strip() and not line.strip().startswith("#")
    ]
    assert len(code) <= 8
    assert len(lines) <= 40
    assert len(nbformat.read(file, as_version=4).cells) <= 20


def test_holds_no_logic(file: Path) -> None:
    found = [
        type(node).__name__
        for cell in cells(file, "code")
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, LOGIC)
    ]
    assert found == []


def test_has_one_cell_of_parameters_with_literals_that_papermill_can_explain(file: Path) -> None:
    (cell,) = parameter_cells(file)
    tree = ast.parse(cell.source)
    names = set()
    for node in tree.body:
        assert isinstance(node, ast.AnnAssign), f"not `name: type = value`: {ast.unparse(node)}"
        assert isinstance(node.target, ast.Name)
        assert node.value is not None
        assert type(ast.literal_eval(node.value)).__name__ == ast.unparse(node.annotation)
        names.add(node.target.id)
    tokens = tokenize.generate_tokens(io.StringIO(cell.source).readline)
    explained = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    assert {node.lineno for node in tree.body} <= explained
    if file.parent == HERE:
        assert names == PARAMETERS


def test_its_title_is_a_question_and_says_for_whom(file: Path) -> None:
    first = nbformat.read(file, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    title = first.source.splitlines()[0]
    assert title.startswith("# ")
    if title != REPORT_TITLE:
        assert title.endswith("?")
        assert "**For**" in first.source


def test_the_six_steps_are_there(file: Path) -> None:
    assert {book.stem for book in HERE.glob("*.ipynb")} >= set(STEPS)
