"""Where things are: the one module that knows the workbench's root and its folders."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

from revmentor.errors import Fault, InputError

NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]+)*")
NAME_RULE = (
    "letters, digits, hyphen, underscore and inner dots, starting with a letter or digit, "
    "at most 64 characters"
)
RESERVED_NAMES = frozenset(
    {
        "charters",
        "checkin",
        "data",
        "history",
        "latest",
        "rematch",
        "trend",
        "con",
        "prn",
        "aux",
        "nul",
    }
    | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)}
)

PROGRAM = "revmentor"
COMMANDS = (
    "approve", "charter", "check", "check-claim", "checkin", "decide", "demo", "history", "new",
    "rematch", "reopen", "run", "send", "trail", "trend", "warm",
)  # fmt: skip
_TO_TYPE = re.compile(rf"(?<![\w./-]){PROGRAM} (?=(?:{'|'.join(COMMANDS)})(?![\w-]))")


def check_name(what: str, name: object) -> str:
    """Is this a usable cycle or scenario name? Returns it, else raises `InputError`.

    Refused before any disk is touched, so that no name can leave the workbench.

    >>> check_name("cycle", "2026-spring")
    '2026-spring'
    """
    problem = ""
    if not isinstance(name, str):
        problem = f"the {what} name must be text, not {type(name).__name__}"
    elif not name:
        problem = f"the {what} name is empty"
    elif len(name) > 64:
        problem = f"the {what} name has {len(name)} characters"
    elif not NAME_PATTERN.fullmatch(name):
        problem = f"the {what} name has characters that are not allowed"
    elif name.lower().split(".")[0] in RESERVED_NAMES:
        problem = f"the {what} name is reserved"
    if problem:
        shown = repr(name)[:70].strip("'")
        raise InputError(Fault("bad name", problem, f"use {NAME_RULE}", "", None, what, shown))
    assert isinstance(name, str)
    return name


def workbench_root(root: str | Path = "") -> Path:
    """Which folder is the workbench (the one that holds ``params/base.yaml``)?

    Order: the argument, the environment variable ``REVMENTOR_ROOT``, the folder that this package
    stands in, the current folder and its parents.
    """
    asked = str(root) or os.environ.get("REVMENTOR_ROOT", "")
    here = Path.cwd()
    tries = [Path(asked)] if asked else [Path(__file__).parents[1], here, *here.parents]
    for folder in tries:
        if (folder / "params" / "base.yaml").is_file():
            return folder.resolve()
    raise InputError(
        Fault(
            "no workbench",
            "this folder has no params/base.yaml",
            "name the cloned revmentor folder with root (or REVMENTOR_ROOT)",
            str(tries[0]),
        )
    )


def params_dir(root: Path) -> Path:
    """Folder of the three layers of parameters."""
    return root / "params"


def notebooks_dir(root: Path) -> Path:
    """Folder of the source notebooks."""
    return root / "notebooks"


def outputs_dir(root: Path, outputs: str | Path = "") -> Path:
    """Folder of all results: the one asked for, else ``outputs/`` in the workbench."""
    return Path(outputs).resolve() if str(outputs) else root / "outputs"


def cycle_dir(outputs: Path, cycle: str) -> Path:
    """Folder of one cycle's results (names are checked here)."""
    return outputs / check_name("cycle", cycle)


def result_dir(outputs: Path, cycle: str, scenario: str) -> Path:
    """Folder of one published result."""
    return cycle_dir(outputs, cycle) / check_name("scenario", scenario)


def demo_data_dir(outputs: Path, cycle: str) -> Path:
    """Folder in which a demo cycle keeps the data that it made."""
    return cycle_dir(outputs, cycle) / "data"


def program() -> str:
    """How is this program typed in the terminal that it was called from?

    Its name where the terminal finds it by that name; else the path that it was called by, from
    the current folder on where it lies there.
    """
    called = Path(sys.argv[0])
    if called.name != PROGRAM or not called.is_file():
        return PROGRAM
    found = shutil.which(PROGRAM)
    if found is not None and os.path.samefile(found, called):
        return PROGRAM
    here = Path.cwd()
    place = str(called.relative_to(here) if called.is_relative_to(here) else called)
    return shlex.quote(place if os.sep in place else os.path.join(os.curdir, place))


def as_typed(text: str) -> str:
    """A text for the terminal, with each command in it as it is typed there; see `program`.

    >>> as_typed("Next: revmentor run spring; revmentor stopped")
    'Next: revmentor run spring; revmentor stopped'
    """
    typed = program()
    return text if typed == PROGRAM else _TO_TYPE.sub(lambda _: f"{typed} ", text)
