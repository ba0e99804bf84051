"""Compile the loops of the matching engine now, so that no match waits for it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from revmentor.data import load_tables
from revmentor.data.demo import company, write_tables
from revmentor.matching import Problem, explain, solve, verify
from revmentor.matching.circles import form_circles
from revmentor.matching.clock import Clock
from revmentor.matching.engine import opening
from revmentor.matching.market import opened
from revmentor.matching.tickets import Tickets
from revmentor.params import load_params
from revmentor.params.circles import CircleDesign, CircleSize

# Enough people for every kind of pass, few enough to take no time once all is compiled.
PEOPLE = 120


def warm_up(root: Path) -> None:
    """Match a small invented company in every way; what is compiled stays on disk.

    Parameters
    ----------
    root : Path
        The workbench.
    """
    params = load_params("demo", root=root).params
    with tempfile.TemporaryDirectory() as folder:
        written = company(PEOPLE, 0, params.programme.start)
        write_tables(written, Path(folder))
        tables = load_tables(params, Path(folder), only=set(written))
    problem = Problem.from_tables(
        tables.people, tables.applications, params,
        decisions=tables.decisions, history=tables.history,
    )  # fmt: skip
    found = solve(problem)
    verify(problem, found)
    explain.robustness(problem, found, draws=2)
    explain.capacity_prices(problem, found)
    explain.other_optima(problem, found)
    form_circles(problem, CircleDesign())
    pairs = CircleSize.model_validate({"from": 1, "to": 2})
    form_circles(problem, CircleDesign(mentees=pairs, most=3, objective="participation"))
    scores = np.random.default_rng(0).random((20, 20))
    several = Problem.from_scores(scores, mentor_capacity=2, mentee_demand=2)
    for asked in (problem, Problem.from_scores(scores), several):
        _scan_all(asked)
        for objective in ("max_min", "leximin"):
            solve(asked.under(objective=objective, over="both"))


def _scan_all(problem: Problem) -> None:
    """Every kind of pass over all pairs, also those that only large companies need."""
    market = opened(problem).market
    clock = Clock.start(None)
    tickets = Tickets.draw(len(problem.mentors), len(problem.mentees), 0)
    rounds = opening(market, tickets, clock)
    rounds.start()
    rounds.run()
    scan, core = rounds.scan, rounds.core
    for side in ("mentor", "mentee"):
        other = core.mentee_price if side == "mentor" else core.mentor_price
        scan.best(side, other)
        scan.top(side, core.mentor_price, core.mentee_price, 3, floor=-(2**60))
