"""Importing the package does nothing to the program that imports it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

# Run in a process of its own: first what the package builds on, then a picture of the program's
# state, then each module; the state must stay as it was.
SCRIPT = """
import importlib, json, locale, logging, os, random, sys, threading, warnings
theirs, ours = json.loads(sys.argv[1])
for name in theirs:
    importlib.import_module(name)
import matplotlib, numpy, pandas
def state():
    return {
        "warning filters": list(warnings.filters),
        "matplotlib rcParams": dict(matplotlib.rcParams),
        "root logger": (logging.root.level, list(logging.root.handlers)),
        "environment": dict(os.environ),
        "current folder": os.getcwd(),
        "random": random.getstate(),
        "numpy random": repr(numpy.random.get_state()),
        "pandas display": (pandas.get_option("display.max_rows"),
                           pandas.get_option("display.max_columns")),
        "locale": locale.setlocale(locale.LC_ALL),
        "threads": threading.active_count(),
        "excepthook": sys.excepthook,
    }
warnings.simplefilter("error")
before = state()
for name in ours:
    importlib.import_module(name)
    after = state()
    changed = [key for key in before if before[key] != after[key]]
    assert not changed, f"import {name} changed: {', '.join(changed)}"
assert os.listdir(".") == [], os.listdir(".")
"""


def foreign_modules(modules: dict[str, ast.Module]) -> list[str]:
    """What the package imports from elsewhere, at the top of its modules."""
    found: set[str] = set()
    for tree in modules.values():
        for node in tree.body:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
                found.add(str(node.module))
    return sorted(name for name in found if not name.startswith("revmentor"))


def test_importing_any_module_has_no_effect(modules: dict[str, ast.Module], tmp_path: Path) -> None:
    names = json.dumps([foreign_modules(modules), sorted(set(modules) - {"revmentor.__main__"})])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == ""
    assert done.stderr == ""
