"""One piece of the engine by itself, for `bars.py`.

    python pieces.py PIECE --size N --seed S

Pieces run in a process of their own, after a small company has been matched, which is not timed.
The last line is a JSON object with `seconds` (the median run) and what the bar needs beside it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
from company import Company, company
from engine import WARM_UP, limit_threads
from measure import Spent, median_run, peak_mb, timed

limit_threads(2)

from revmentor.matching import Matching, Problem, solve  # noqa: E402 - after the threads
from revmentor.matching.arrays import IntArray  # noqa: E402
from revmentor.matching.clock import Clock  # noqa: E402
from revmentor.matching.columns import Columns  # noqa: E402
from revmentor.matching.conditions import Condition, PairKind  # noqa: E402
from revmentor.matching.explain.people import plan_of  # noqa: E402
from revmentor.matching.flow.core import Core  # noqa: E402
from revmentor.matching.scores import TableScores  # noqa: E402
from revmentor.matching.sweep import resolve  # noqa: E402
from revmentor.matching.variants import with_shares  # noqa: E402

CHANGES, COLD = 15, 3
SCENARIOS = 2_000


def core(size: int, seed: int, file: Path | None) -> dict[str, Any]:
    """The exact core alone, from nothing, on the columns of a whole solve."""
    problem, matching = solved(company(size, seed))
    assert matching.state is not None
    columns = matching.state.core.columns
    places = problem.mentors.places, problem.mentees.places

    def once() -> tuple[Spent, Core]:
        made = Core(*places)
        made.add(columns)
        with timed() as spent:
            made.solve(Clock.start(None))
        return spent, made

    spent, made = median_run(once, lambda spent: spent.wall)
    assert made.value == made.dual_value == matching.objective_units
    if file:
        np.savez(file, mentor=columns.mentor, mentee=columns.mentee, units=columns.units, size=size)
    return {"seconds": spent.wall, "columns": len(columns), "objective": made.value, **made.work}


def one_pass(size: int, seed: int, file: Path | None) -> dict[str, Any]:
    """One full pass over all pairs with the final prices: the physical limit of a proof."""
    drawn = company(size, seed)
    with timed() as whole:
        _, matching = solved(drawn)
    assert matching.state is not None
    scan, prices = matching.state.scan, matching.state.core

    def once() -> tuple[Spent, int]:
        with timed() as spent:
            found = scan.above(prices.mentor_price, prices.mentee_price, 0)
        assert found is not None
        return spent, len(found)

    spent, better = median_run(once, lambda spent: spent.wall)
    assert not better, "no pair improves a proven matching"
    return {"seconds": spent.wall, "whole_seconds": whole.wall, "passes": matching.passes,
            "ns_per_pair": spent.wall / size**2 * 1e9, "peak_mb": peak_mb()}  # fmt: skip


def warm(size: int, seed: int, file: Path | None) -> dict[str, Any]:
    """A proven answer after each weight moved by up to 20%, from the matching before."""
    problem, before = solved(company(size, seed))
    runs, cold = [], []
    for row in moved(problem, 0.2, CHANGES, seed).tolist():
        with timed() as again:
            changed = with_shares(problem, dict(zip(criteria(problem), row, strict=True)))
            matching = solve(changed, warm=before)
            assert len(matching.pairs)
        runs.append(again.wall)
        assert matching.status == "optimal"
        if len(cold) < COLD:
            with timed() as spent:
                same = solve(changed)
            assert same.objective_units == matching.objective_units
            cold.append(spent.wall)
    return {"seconds": median(runs), "worst_seconds": max(runs), "cold_seconds": median(cold)}


def sweep(size: int, seed: int, file: Path | None) -> dict[str, Any]:
    """Best matchings under weights moved by up to 50%, inside the engine, on one core."""
    problem, matching = solved(company(size, seed))
    shares = moved(problem, 0.5, SCENARIOS, seed)
    pairs = places(problem, matching)
    list(resolve(problem, shares[:2], pairs, Clock.start(None)))
    with timed() as spent:
        found = list(resolve(problem, shares, pairs, Clock.start(None)))
    assert len(found) == SCENARIOS
    for row, scenario in zip(shares[:COLD].tolist(), found, strict=False):
        changed = with_shares(problem, dict(zip(criteria(problem), row, strict=True)))
        assert solve(changed).objective_units == scenario.units
    return {"seconds": spent.wall, "cpu_seconds": spent.cpu, "scenarios": SCENARIOS,
            "per_second": SCENARIOS / spent.cpu}  # fmt: skip


def criteria(problem: Problem) -> list[str]:
    """The criteria that count, in their order."""
    assert isinstance(problem.scores, TableScores)
    return [criterion.name for criterion in problem.scores.scoring.criteria]


def moved(problem: Problem, most: float, count: int, seed: int) -> npt.NDArray[np.float64]:
    """Shares of the criteria, each moved by up to so much, rescaled to sum 1; one set a row."""
    assert isinstance(problem.scores, TableScores)
    now = np.array([problem.scores.scoring.share[name] for name in criteria(problem)])
    rng = np.random.default_rng(seed)
    shares = now * rng.uniform(1 - most, 1 + most, (count, len(now)))
    return shares / shares.sum(axis=1, keepdims=True)


def sides(size: int, seed: int, file: Path | None) -> dict[str, Any]:
    """Five conditions on the whole match: a total, three quotas, a share across departments."""
    problem = Problem.from_tables(**company(size, seed).tables())
    with timed() as plain:
        free = solve(problem)
    conditions = five(problem, free)
    bounded = problem.under(*conditions)

    def once() -> tuple[Spent, Matching]:
        with timed() as spent:
            matching = solve(bounded)
            assert len(matching.pairs)
        return spent, matching

    spent, matching = median_run(once, lambda spent: spent.wall)
    broken = [condition.name for condition in conditions if not kept(condition, bounded, matching)]
    assert not broken, broken
    if file:
        assert free.state is not None
        # All columns generated, and the plan itself, so that the peer can find it.
        columns = with_pairs(free.state.core.columns, bounded, matching)
        held = {f"row_{k}": condition.at(columns.mentor, columns.mentee)
                for k, condition in enumerate(conditions)}  # fmt: skip
        bounds = [[-np.inf if c.lower is None else c.lower, np.inf if c.upper is None else c.upper]
                  for c in conditions]  # fmt: skip
        np.savez(file, mentor=columns.mentor, mentee=columns.mentee, units=columns.units,
                 size=size, bounds=np.array(bounds), **held)  # fmt: skip
    return {"seconds": spent.wall, "plain_seconds": plain.wall, "status": matching.status,
            "gap": matching.gap, "objective": matching.objective_units,
            "bound": matching.bound_units, "free_objective": free.objective_units,
            "pairs": len(matching.pairs)}  # fmt: skip


def with_pairs(columns: Columns, problem: Problem, matching: Matching) -> Columns:
    """Listed pairs and those of a matching, each once."""
    i, j = plan_of(problem, matching)
    width = len(problem.mentors)
    new = ~np.isin(j * width + i, columns.mentee * width + columns.mentor)
    made = Columns(i, j, problem.scores.units(i, j)).take(np.flatnonzero(new))
    return Columns.join([columns, made])


def kept(condition: Condition, problem: Problem, matching: Matching) -> bool:
    """Do the pairs keep to the condition? Counted here, from their ids."""
    return condition.holds(condition.total(*places(problem, matching)))


def places(problem: Problem, matching: Matching) -> tuple[IntArray, IntArray]:
    """Places of the pairs' mentors and mentees in the rosters."""
    at = [{who: place for place, who in enumerate(side.ids)}
          for side in (problem.mentors, problem.mentees)]  # fmt: skip
    i = [at[0][who] for who in matching.pairs["mentor_id"]]
    j = [at[1][who] for who in matching.pairs["mentee_id"]]
    return np.array(i, np.int64), np.array(j, np.int64)


def five(problem: Problem, free: Matching) -> tuple[Condition, ...]:
    """Conditions that the free matching breaks: nine tenths of its pairs, more of three small
    departments' seniors among them, and more pairs across departments.
    """
    source = problem.source
    department = source.people.set_index("person_id")["department"]  # type: ignore[union-attr]
    of_mentors, of_mentees = (
        department.reindex(list(side.ids)).to_numpy(object)
        for side in (problem.mentors, problem.mentees)
    )
    people = len(of_mentors), len(of_mentees)
    made = free.pairs.merge(department, left_on="mentee_id", right_index=True)
    usual = made["department"].value_counts(normalize=True)
    total = PairKind.every(*people).number("pairs", "pairs", at_most=int(0.9 * len(made)))
    quotas = []
    for name in usual.index[-3:]:
        kind = PairKind.having(np.zeros(people[0], bool), of_mentees == name, "mentee")
        share = min(1.0, 1.1 * float(usual[name]))
        quotas += kind.share(f"seniors of {name}", f"pairs with seniors of {name}", at_least=share)
    number = {name: place for place, name in enumerate(sorted(set(department)))}
    across = PairKind.joining([number[x] for x in of_mentors], [number[x] for x in of_mentees])
    codes = made.merge(department, left_on="mentor_id", right_index=True, suffixes=("", "_mentor"))
    now = float((codes["department"] != codes["department_mentor"]).mean())
    share = across.share("across", "pairs across departments", at_least=now + 0.5 * (1 - now))
    return (total, *quotas, *share)


def leximin(size: int, seed: int, file: Path | None) -> dict[str, Any]:
    """The leximin matching over mentees."""
    problem = Problem.from_tables(**company(size, seed).tables())
    asked = problem.under(objective="leximin", over="mentees")

    def once() -> tuple[Spent, Matching]:
        with timed() as spent:
            matching = solve(asked)
            assert len(matching.pairs)
        return spent, matching

    spent, matching = median_run(once, lambda spent: spent.wall)
    return {"seconds": spent.wall, "status": matching.status, "peak_mb": peak_mb(),
            "worst": float(matching.pairs["score"].min())}  # fmt: skip


def solved(drawn: Company) -> tuple[Problem, Matching]:
    """A proven matching of a company."""
    problem = Problem.from_tables(**drawn.tables())
    matching = solve(problem)
    assert matching.status == "optimal"
    assert len(matching.pairs)
    return problem, matching


PIECES: dict[str, Callable[[int, int, Path | None], dict[str, Any]]] = {
    piece.__name__: piece for piece in (core, one_pass, warm, sweep, sides, leximin)
}


def main() -> None:
    """Run one piece."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("piece", choices=PIECES)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="file for the columns that peers solve, too")
    asked = parser.parse_args()
    for small in WARM_UP:
        solved(company(small, 1))
    if asked.piece in ("sides", "leximin", "warm"):
        PIECES[asked.piece](WARM_UP[-1], 1, None)
    print(json.dumps(PIECES[asked.piece](asked.size, asked.seed, asked.out)))


if __name__ == "__main__":
    main()
