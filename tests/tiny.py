"""A cycle of few people and notebooks of few lines, so that a whole run takes seconds."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from revmentor.publish.manifest import build_manifest, write_manifest

NOTEBOOKS = (
    "01_objectives",
    "02_participants",
    "03_matching",
    "04_launch",
    "05_review",
    "06_report",
)
_PARAMETERS = 'cycle = ""\nscenario = ""\nroot = ""\ndata = ""\nworkdir = ""'
_WORK = """from pathlib import Path
import json
work = Path(workdir)
def write(name, text, mode):
    path = work / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
def share(name, content):
    document = {'schema': 1, 'name': name, 'content': content}
    write(f'report/data/{name}.json', json.dumps(document), 0o644)
def keep(name, text):
    write(f'restricted/{name}', text, 0o600)"""
_DATES = {"start": "2026-01-12", "end": "2026-07-10"}
PEOPLE = """person_id,grade,department,name
P-001,1,Sales,Ada Lovelace
P-002,1,Finance,Alan Turing
P-003,3,Sales,Grace Hopper
P-004,4,Finance,Edsger Dijkstra
"""
APPLICATIONS = """person_id,side,skills_offered,skills_wanted
P-001,mentor,Python;SQL,
P-002,mentor,SQL,
P-003,mentee,,Python
P-004,mentee,,SQL
"""


def write_notebook(
    root: Path,
    name: str,
    code: str = "",
    *,
    parameters: str = _PARAMETERS,
    end: bool = True,
) -> Path:
    """A notebook that writes two artefacts, notes that it ran, and leaves its end mark.

    It writes what `revmentor.publish.workspace` would, without the second that importing pandas
    takes in every kernel.
    """
    cells = [
        new_markdown_cell(f"# What does {name} say?"),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        new_code_cell(
            f"{_WORK}\n"
            f"with (Path(root) / 'runs.txt').open('a') as log: log.write('{name}\\n')\n"
            f"share('{name}', {{'cycle': cycle}})\n"
            f"keep('{name}.txt', 'P-001')"
        ),
        new_code_cell(f"print('{name} ran')\n{code}"),
    ]
    if end:
        cells.append(new_code_cell(f"write('.done/{name}.json', '{{}}', 0o600)"))
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    for at, cell in enumerate(cells):
        cell["id"] = f"cell-{at}"
    book = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(book, path)
    return path


def tiny_cycle(repository: Path, root: Path, notebooks: Iterable[str] = NOTEBOOKS) -> Path:
    """Make a workbench there with a cycle named tiny, its data, and small notebooks."""
    shutil.copytree(repository / "params", root / "params")
    dates = "\n".join(f"  {key}: {value}" for key, value in _DATES.items())
    (root / "params" / "cycles" / "tiny.yaml").write_text(
        f"programme:\n  title: Tiny\n{dates}\ndata:\n  folder: tiny\n"
    )
    (root / "tiny").mkdir()
    (root / "tiny" / "people.csv").write_text(PEOPLE)
    (root / "tiny" / "applications.csv").write_text(APPLICATIONS)
    for name in notebooks:
        write_notebook(root, name)
    return root


def mark_published(
    folder: Path, cycle: str, scenario: str = "base", trail: tuple[int, str] = (0, "")
) -> None:
    """Make the files of a folder a result: with a manifest, made from nothing."""
    manifest = build_manifest(
        folder,
        cycle=cycle,
        scenario=scenario,
        created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        inputs={},
        params_digest="",
        seed=0,
        git=None,
        stages=[],
        matching=None,
        trail=trail,
    )
    write_manifest(folder, manifest)


def edit(path: Path, old: str, new: str) -> None:
    """Replace text that must be there once."""
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def runs(root: Path) -> list[str]:
    """Names of the notebooks that ran since the last call, in order."""
    path = root / "runs.txt"
    names = path.read_text().split() if path.exists() else []
    path.write_text("")
    return names


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below the folder with its mode and bytes."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode & 0o777, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
