"""Did the caller of a notebook misspell a parameter? Papermill only warns and runs on."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from IPython.core.getipython import get_ipython

from revmentor.errors import Fault, check_faults
from revmentor.params.keys import suggestion

PARAMETERS = ("cycle", "scenario", "root", "data", "workdir")
MARK = "# Parameters\n"


def injected_values(sources: Sequence[str]) -> dict[str, object]:
    """Which names, with which values, do the cells assign that papermill put in?

    Such a cell begins with the comment ``# Parameters``; papermill writes literals only.

    >>> injected_values(["cycle: str = 'demo'", "# Parameters\\ncycel = 'demo'\\n"])
    {'cycel': 'demo'}
    """
    found: dict[str, object] = {}
    for source in sources:
        if source.startswith(MARK):
            for line in ast.parse(source).body:
                if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                    found[line.targets[0].id] = ast.literal_eval(line.value)
    return found


def check_injected(
    values: dict[str, object], known: Collection[str] = PARAMETERS, notebook: str = ""
) -> None:
    """Are these all parameters, and all text? Else `InputError` with every one that is not."""
    faults = []
    for name, value in values.items():
        if name not in known:
            problem, cure = "the notebook has no such parameter", suggestion(name, known)
        elif not isinstance(value, str):
            problem = f"a parameter is text, not {type(value).__name__}"
            cure = f"pass it as text: papermill -r {name} {value}"
        else:
            continue
        faults.append(Fault("bad parameter", problem, cure, notebook, None, name, str(value)[:60]))
    check_faults(faults)


def check_this_notebook(notebook: str) -> None:
    """Check what papermill put into the notebook that this kernel runs, if anything."""
    shell = get_ipython()
    if shell is not None:
        check_injected(injected_values(shell.user_ns.get("In", ())), notebook=f"{notebook}.ipynb")
