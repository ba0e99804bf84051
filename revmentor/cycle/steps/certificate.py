"""The best matching, its proof, and what of the proof may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from revmentor import words
from revmentor.cycle.steps.asked import cannot
from revmentor.cycle.steps.base import Check, CheckError
from revmentor.errors import NotProven
from revmentor.matching import Matching, Problem, solve, verify
from revmentor.params.models import Solver

SUMMARY = "certificate_summary"
EXACT = "certificate_totals"
GAP_DIGITS = 6


def best_matching(
    problem: Problem,
    solver: Solver,
    decided_at: Mapping[tuple[str, str, str], tuple[str, int]] = MappingProxyType({}),
) -> Matching:
    """The best matching; raises if there is none, or none that is proven well enough."""
    found = solve(problem, time_limit=solver.time_limit, seed=solver.seed)
    if found.status == "infeasible":
        raise cannot(problem, found, decided_at)
    why = " ".join(words.sentence(reason) for reason in found.reasons)
    if found.status == "none":
        raise NotProven(
            f"The solver stopped before it had any matching. {why} Raise solver.time_limit."
        )
    if found.status == "feasible" and found.gap > solver.accept_gap:
        raise NotProven(
            f"Best found, not proven: another matching could score up to {found.gap:.4%} more. "
            f"{why} Raise solver.time_limit, or set solver.accept_gap to publish it as it is."
        )
    return found


def verified(problem: Problem, matching: Matching) -> tuple[Check, ...]:
    """The independent verification of all pairs; raises if their scores do not add up."""
    objective, bound = verify(problem, matching)
    pairs = matching.pairs
    worth = pairs["score"] + pairs["priority"] if "priority" in pairs else pairs["score"]
    total = float(worth.sum())
    if abs(total - float(objective)) > 1e-6 * max(1, len(pairs)):
        raise CheckError(f"The scores add up to {total}, not to the objective {objective}.")
    return (
        Check("Points of all pairs, computed again", f"{100 * float(objective):,.4f}"),
        Check("Most that any matching can have, by prices", f"{100 * float(bound):,.4f}"),
        Check("Rules, decisions, places and limits hold", "yes"),
    )


def summary(problem: Problem, matching: Matching, groupings: Sequence[str]) -> dict[str, Any]:
    """The proof as the shared pages tell it.

    Without the total score: divided by the mean that a page shows it is the exact number of pairs.
    """
    return {
        "status": matching.status,
        "gap": round(float(matching.gap), GAP_DIGITS),
        "aim": problem.objective,
        "rounds": matching.rounds,
        "columns": matching.columns,
        "groupings": list(groupings),
    }


def totals(matching: Matching) -> dict[str, Any]:
    """The proof in exact numbers, for the coordinator and the manifest."""
    return {
        "objective": float(matching.objective),
        "bound": float(matching.bound),
        "gap": float(matching.gap),
        "seed": matching.seed,
    }
