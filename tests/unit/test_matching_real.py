"""Is the match of real people proven, checked and explained, at its real size?"""

from pathlib import Path

import numpy as np
import pytest

from revmentor.data import load_tables
from revmentor.matching import Problem, explain, solve, verify
from revmentor.params import load_params


def problem_of(cycle: str, repository: Path, real_data: Path) -> Problem:
    params = load_params(cycle, root=repository).params
    tables = load_tables(params, real_data, only=["people", "applications"])
    return Problem.from_tables(tables.people, tables.applications, params)


@pytest.mark.real
def test_ten_thousand_developers(repository: Path, real_data: Path) -> None:
    problem = problem_of("stackoverflow-2019", repository, real_data)
    assert (len(problem.mentors), len(problem.mentees)) == (10_277, 1_244)
    m = solve(problem)
    assert m.status == "optimal"
    assert verify(problem, m) == (m.objective, m.bound)
    assert len(m.pairs) == 1_244
    assert m.columns < 10_277 * 1_244 / 100
    parts = explain.contributions(problem, m.pairs)
    units = np.rint(parts[["skills", "department", "site"]] * 1e6).astype(int).sum(axis=1)
    assert units.sum() == m.objective_units
    assert m.objective <= explain.potential(problem).total


@pytest.mark.real
def test_a_cycle_without_skills_says_what_cannot_count(repository: Path, real_data: Path) -> None:
    problem = problem_of("ibm-attrition", repository, real_data)
    m = solve(problem)
    assert m.status == "optimal"
    assert verify(problem, m) == (m.objective, m.bound)
    notes = " ".join(problem.notes)
    said = ("a skill to offer", "interests", "how introvert or", "a time zone", "a wish")
    for lacking in said:
        assert f"no mentor states {lacking}" in notes
    assert "nobody in the pool has one stated" in notes
    assert problem.influence["share"].sum() == pytest.approx(1)
