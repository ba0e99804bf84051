"""Is a match of given scores made without loading what it does not need?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from revmentor import matching

HEAVY = ("pandas", "pydantic", "pulp", "highspy", "scipy.sparse", "scipy.optimize", "matplotlib")
SCRIPT = """
import json, sys
from revmentor.matching import Problem, solve
m = solve(Problem.from_scores([[5, 9], [8, 7]]))
print(json.dumps([m.objective, repr(sorted(set(sys.argv[1:]) & set(sys.modules)))]))
"""


def test_a_tiny_match_loads_neither_tables_nor_params_nor_models() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *HEAVY],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [17, "[]"]


def test_what_is_loaded_later_is_there_when_asked_for() -> None:
    assert matching.explain.contributions
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = matching.nothing
