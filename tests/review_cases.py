"""A small company whose pairs have lived their months, opened as the steps of a cycle."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure
from ruamel.yaml import YAML
from small_company import merged

from revmentor.cycle.context import Context, open_context
from revmentor.cycle.demo import write_demo_company
from revmentor.cycle.shown import Shown
from revmentor.cycle.steps import base
from revmentor.cycle.steps.report import Report
from revmentor.cycle.steps.review import Review
from revmentor.disclosure import Disclosed, Secured

REPOSITORY = Path(__file__).parents[1]
PEOPLE, SEED = 160, 7
REVIEW_TABLES = (
    "sessions",
    "pulse",
    "goals",
    "training",
    "skills",
    "leadership",
    "creativity",
    "ties",
    "outcomes",
)
QUICK = {"solver": {"robustness_draws": 10, "frontier_points": 2}}


def _alone(found: Mapping[str, Disclosed], *_: object, **__: object) -> Secured:
    return Secured(dict(found), (), (), ())


@contextmanager
def each_alone() -> Iterator[None]:
    """Every value is shown as it may be shown alone, and no picture is painted.

    What is secured together is tested apart, and so are pictures; both take seconds.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "secure", _alone)
        patch.setattr(Figure, "savefig", lambda *_, **__: None)
        yield


@dataclass(frozen=True)
class Cycle:
    """A workbench with one cycle, its tables, and what its earlier steps have written.

    ``home`` holds ``bench`` (params), ``data`` (tables) and ``work`` (artefacts).
    """

    home: Path

    def table(self, name: str) -> pd.DataFrame:
        """A table as it stands in its file: all text."""
        return pd.read_csv(self.home / "data" / f"{name}.csv", dtype=str, keep_default_na=False)

    def put(self, name: str, frame: pd.DataFrame) -> None:
        """Replace a table."""
        frame.to_csv(self.home / "data" / f"{name}.csv", index=False, lineterminator="\n")

    def drop(self, *names: str) -> None:
        """Take tables away."""
        for name in names:
            (self.home / "data" / f"{name}.csv").unlink(missing_ok=True)

    def set(self, over: Mapping[str, Any]) -> None:
        """Change params of the cycle."""
        file, yaml = self.home / "bench" / "params" / "cycles" / "demo.yaml", YAML(typ="safe")
        content = merged(yaml.load(file.read_text(encoding="utf-8")), dict(over))
        with file.open("w", encoding="utf-8") as stream:
            yaml.dump(content, stream)

    def context(self, notebook: str) -> Context:
        """The cycle as one notebook opens it."""
        places = {name: str(self.home / name) for name in ("data", "work")}
        return open_context(
            notebook,
            "demo",
            "base",
            root=str(self.home / "bench"),
            data=places["data"],
            workdir=places["work"],
        )

    def review(self) -> Review:
        """The review, on the match as it is."""
        return Review(self.context("05_review"))

    def report(self) -> Report:
        """The report, on the artefacts as they are."""
        return Report(self.context("06_report"))

    @property
    def restricted(self) -> Path:
        """What only the coordinator reads."""
        return self.home / "work" / "restricted"

    @property
    def shared(self) -> Path:
        """What may be shared."""
        return self.home / "work" / "report"


@functools.cache
def _made(home: Path) -> Cycle:
    bench = home / "bench"
    shutil.copytree(REPOSITORY / "params", bench / "params")
    (bench / "notebooks").symlink_to(REPOSITORY / "notebooks")
    cycle = Cycle(home)
    write_demo_company(PEOPLE, SEED, home / "data", root=bench)
    cycle.set(QUICK)
    with each_alone():
        Report.open(cycle.context("06_report"))
    return cycle


def reviewed_cycle(home: Path, to: Path) -> Cycle:
    """A cycle of its own, copied from one that is made once in `home`.

    Its objectives, match, launch and review are recorded.
    """
    shutil.copytree(_made(home).home, to, symlinks=True)
    return Cycle(to)


def texts(parts: object) -> str:
    """Everything that a cell shows, in words."""
    found = getattr(parts, "parts", (parts,))
    return "\n".join(f"{part!r}\n{getattr(part, 'alt', '')}" for part in found)


def html_of(parts: object) -> str:
    """Everything that a cell shows, as a page has it; figures by their words."""
    found = []
    for part in getattr(parts, "parts", (parts,)):
        if isinstance(part, Shown):
            found.append(html_of(part))
        elif hasattr(part, "alt"):
            found.append(f"<img alt={part.alt!r}>")
        else:
            found.append(part._repr_html_())
    return "\n".join(found)
