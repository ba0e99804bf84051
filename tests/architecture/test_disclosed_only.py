"""What people see takes disclosed values only: by type, at run time, and in steps' sentences."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import UnionType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from revmentor import figures, tables
from revmentor.disclosure import Disclosed, Restricted
from revmentor.metrics import Estimate, census_share

RAW = (pd.DataFrame, pd.Series, np.ndarray, Estimate)
# Takes phases of the programme and words, no data.
PLANS = {"timeline", "plain_table"}


def shown_by() -> list[tuple[str, Callable[..., Any]]]:
    return [
        (name, each)
        for module in (figures, tables)
        for name in module.__all__
        if inspect.isfunction(each := getattr(module, name)) and name not in PLANS
    ]


def kinds(hint: object) -> tuple[object, ...]:
    is_union = isinstance(hint, UnionType) or typing.get_origin(hint) is typing.Union
    return typing.get_args(hint) if is_union else (hint,)


def guarded(function: Callable[..., Any]) -> list[str]:
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    return [
        name
        for name, hint in hints.items()
        if any(isinstance(k, type) and issubclass(k, Disclosed | Restricted) for k in kinds(hint))
    ]


@pytest.mark.parametrize(("name", "function"), shown_by())
def test_no_figure_or_table_takes_raw_data(name: str, function: Callable[..., Any]) -> None:
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    raw = [each for each, hint in hints.items() if set(kinds(hint)) & {*RAW, object, Any}]
    assert not raw, f"{name} takes raw data in {raw}"
    assert guarded(function), f"{name} shows nothing that was disclosed"


@pytest.mark.parametrize(("name", "function"), shown_by())
@pytest.mark.parametrize(
    "raw",
    [
        pd.DataFrame({"n": [1]}),
        pd.Series([1.0]),
        np.zeros(2),
        census_share(1, 3, "pairs"),
        0.5,
    ],
    ids=["frame", "series", "array", "estimate", "float"],
)
def test_raw_data_is_refused_at_run_time(
    name: str, function: Callable[..., Any], raw: object
) -> None:
    first = guarded(function)[0]
    others = {
        parameter.name: None
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    }
    with pytest.raises(TypeError, match=r"disclos|Restricted"):
        function(**{**others, first: raw})


def test_a_float_or_an_estimate_is_a_type_error(tmp_path: Path, repository: Path) -> None:
    source = tmp_path / "misuse.py"
    source.write_text(
        "import pandas as pd\n"
        "from revmentor import figures, metrics, tables\n"
        "share = metrics.census_share(1, 3, 'pairs')\n"
        "figures.pulse_lines(share, (1, 5))\n"
        "figures.goal_progress(pd.Series([1.0]), share, 0.5)\n"
        "figures.funnel(pd.DataFrame())\n"
        "tables.show(share)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(source)],
        capture_output=True, text=True, check=False, cwd=repository,
    )  # fmt: skip
    # mypy's cache may still call the folder as in an earlier run.
    errors = [line for line in done.stdout.splitlines() if "misuse.py:" in line]
    assert [line.split("misuse.py:")[1].split(":")[0] for line in errors] == [
        "4",
        "5",
        "5",
        "5",
        "6",
        "7",
    ], done.stdout


# Functions of steps whose pages are shared that write a number which did not pass disclosure, each
# with the reason why it tells of no people. Everything else says `.text`, `.detail` or `.brief` of
# a disclosed value.
WRITES_NUMBERS = {
    "access._rate": "rates of counts that are shown",
    "access._ratio": "ratios of counts that are shown",
    "pool_notes.accounted": "rows of a file, hidden where few are left out",
    "recruits._room_said": "places short, of two numbers that are shown",
    "participants.Participants.verify": "the minimum itself, from the params",
    "report.advice.on_support": "a count that is shown",
    "report.advice.on_verdicts": "n that a verdict would need",
    "report.step.Report._circles": "circles, not people",
    "report.step.Report.verify": "the minimum, and the charter's criteria",
    "report.telling.made_of": "weights, and the solver's work",
    "review.outcomes._staying_title": "an estimate that is shown",
    "review.pages._courses": "pages of pairs, restricted",
    "review.pages._way": "pages of pairs, restricted",
    "review.telling.strangers": "hidden where few",
    "review.step.Review.verify": "how many numbers were told less exactly",
    "review.week.Week.caution": "base rates of screens, from the literature",
    "review.week.Week.rematch_words": "shown in Lab and on the restricted page only",
    "review.weights.Weighing.parts": "weights; pairs that would change hidden where few",
}
WRITERS = {"counted", "number", "percent", "interval"}
PAGES = ("access", "participants", "pool_notes", "ready", "recruits", "report", "review")


def writers_in(tree: ast.AST, name: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from writers_in(node, f"{name}.{node.name}")
            continue
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITERS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "words"
        ):
            yield name
        yield from writers_in(node, name)


def test_sentences_of_shared_pages_say_disclosed_values_or_plans(repository: Path) -> None:
    steps = repository / "revmentor" / "cycle" / "steps"
    found = set()
    for page in PAGES:
        paths = [steps / f"{page}.py", *sorted((steps / page).glob("*.py"))]
        for path in filter(Path.is_file, paths):
            name = page if path.parent == steps else f"{page}.{path.stem}"
            found |= set(writers_in(ast.parse(path.read_text(encoding="utf-8")), name))
    strange = found - set(WRITES_NUMBERS)
    assert not strange, (
        f"{sorted(strange)} write a number into a shared page: say the .text of a disclosed value, "
        "or add the function to WRITES_NUMBERS with the reason why it tells of no people"
    )
