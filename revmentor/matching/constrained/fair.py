"""Which plan is fairest to the worst off under conditions, waves and pairs to make?"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.columns import Columns
from revmentor.matching.constrained.bound import Multipliers
from revmentor.matching.constrained.ladder import Fairest, Ladder
from revmentor.matching.constrained.lifting import MOST_PAIRS, Lifting, Stages, allowed_pairs
from revmentor.matching.constrained.solve import Outcome, solve_constrained
from revmentor.matching.constrained.task import Task
from revmentor.matching.fairness.table import Compared
from revmentor.matching.generation import Rounds


@dataclass(frozen=True, eq=False)
class FairOutcome(Outcome):
    """A fair plan under conditions, and what is known about it.

    What is said of `Outcome` holds among plans that are as fair: `bound` is that no such plan is
    worth more. While it is not proven that none is fairer, `bound` is that of all plans, if known.
    Multipliers and prices prove `certified` for `task`, which then asks for as many pairs as the
    plan has and as many units of each as its worst has; where levels were settled by models,
    `task` is the one that was given and `certified` is None.

    Parameters
    ----------
    served : int
        People compared who have a pair.
    worst : int
        Best pair of the worst of them, in units; 0 if nobody is served.
    most_proven : bool
        No plan serves more.
    worst_proven : bool
        No plan that serves as many has more units for the worst.
    order_proven : bool
        And, of leximin, no plan is better for the next worst, and so on.
    """

    served: int = 0
    worst: int = 0
    most_proven: bool = False
    worst_proven: bool = False
    order_proven: bool = False

    @property
    def proven(self) -> bool:
        """Is no plan fairer, and none as fair worth more?"""
        return self.order_proven and Outcome.proven.fget(self)  # type: ignore[attr-defined]


def solve_fair(
    task: Task,
    who: Compared,
    objective: Literal["max_min", "leximin"],
    rounds: Rounds,
    clock: Clock,
) -> FairOutcome:
    """The fairest plan that keeps to conditions and waves, as `fairness` defines it.

    First most people of `who` are served; then the worst one's best pair is as good as possible
    (max_min), or the whole ascending vector of best pairs is lexicographically largest (leximin);
    then the total worth is as large as possible. Between equal plans no lot is drawn.

    Parameters
    ----------
    task : Task
    who : Compared
        With places in the task's market.
    objective : {"max_min", "leximin"}
    rounds : Rounds
        Of the task's market, started.
    clock : Clock
        When it stops, the fairest plan so far comes back, and what is proven about it.

    Raises
    ------
    InputError
        More pairs than the models of levels may hold: of leximin, pairs at least as good as the
        best possible worst one; of max_min with people compared who have several places, pairs
        allowed.
    SolverError
        HiGHS is missing or failed.
    """
    if not (who.mentors.any() or who.mentees.any()):
        outcome = solve_constrained(task, rounds, clock)
        nobody = Fairest(task, who, False)
        return _fair(outcome, nobody, rounds, Stages(True, True, True))
    best = Fairest(task, who, objective == "leximin")
    stages = Stages()
    try:
        if not who.one_each(task.market):
            ladder = Ladder(best, _listed(task, 0, rounds, objective, clock), clock)
            return _climbed(ladder, rounds, stages)
        lifting = Lifting(best, rounds, clock, stages)
        lifting.run()
        if best.plan is None:
            return _found(best, rounds, stages, infeasible=lifting.infeasible)
        if objective == "leximin":
            ladder = Ladder(best, _listed(task, best.worst, rounds, objective, clock), clock)
            return _climbed(ladder, rounds, stages)
        stages.order = stages.worst
        above = lifting.task_above()
        outcome = solve_constrained(above, rounds.again(above.market, clock), clock)
    except OutOfTime:
        return _found(best, rounds, stages, stopped=True)
    if outcome.plan is not None:
        best.offer(outcome.plan)
    return _fair(outcome, best, rounds, stages)


def _climbed(ladder: Ladder, rounds: Rounds, stages: Stages) -> FairOutcome:
    """Settle the stages that are left by models of levels."""
    best = ladder.best
    if best.plan is None:
        ladder.serve()
        if best.plan is None:
            return _found(best, rounds, stages, infeasible=ladder.infeasible)
        stages.most = ladder.sure
        ladder.lift()
        stages.worst = ladder.sure
    else:
        ladder.sure = stages.worst
    if best.whole:
        ladder.climb()
    stages.order = ladder.sure
    bound = ladder.total()
    over = best.plan is not None and bound != best.task.total(best.plan)
    return _found(best, rounds, stages, bound, stopped=over and ladder.clock.left() == 0)


def _listed(task: Task, worst: int, rounds: Rounds, objective: str, clock: Clock) -> Columns:
    """All pairs with at least so many units.

    Raises
    ------
    InputError
        They are more than models of levels may hold.
    """
    market = replace(task.market, least=max(task.market.least, worst))
    found = allowed_pairs(rounds, market, clock, MOST_PAIRS)
    if found is not None:
        return found
    which = f"at least as good as the best possible worst one, {worst:,} units" if worst else ""
    cure = "max_min" if worst else "max_min with fairness_over a side where everybody has one place"
    raise InputError(
        Fault(
            "too many pairs to settle",
            f"under conditions or waves, this objective holds every pair {which or 'allowed'}, and "
            f"stops at {MOST_PAIRS:,} of them",
            f"choose objective {cure}, or raise minimum_score, or match by site or department, "
            "one after the other",
            "",
            None,
            "objective",
            objective,
        )
    )


def _fair(outcome: Outcome, best: Fairest, rounds: Rounds, stages: Stages) -> FairOutcome:
    """An outcome of the last stage, with the best plan of all stages."""
    known = {each.name: getattr(outcome, each.name) for each in fields(Outcome)}
    plan = best.plan
    if plan is not None:
        known |= {
            "plan": plan,
            "waves": best.task.waves_of(plan),
            "objective": best.task.total(plan),
            "bound": outcome.bound if stages.order else _bound_of_all(best.task, rounds),
        }
    return FairOutcome(**known, served=best.served, worst=best.worst, most_proven=stages.most,
                       worst_proven=stages.worst, order_proven=stages.order)  # fmt: skip


def _found(
    best: Fairest,
    rounds: Rounds,
    stages: Stages,
    bound: int | None = None,
    *,
    infeasible: bool = False,
    stopped: bool = False,
) -> FairOutcome:
    """An outcome without prices."""
    task, plan, market = best.task, best.plan, best.task.market
    return FairOutcome(
        task,
        plan,
        np.empty(0, np.int64) if plan is None else task.waves_of(plan),
        None if plan is None else task.total(plan),
        bound if stages.order and bound is not None else _bound_of_all(task, rounds),
        None,
        Multipliers.none(task),
        np.zeros_like(market.mentor_places),
        np.zeros_like(market.mentee_places),
        Columns.none(),
        infeasible,
        stopped,
        None,
        best.served,
        best.worst,
        stages.most,
        stages.worst,
        stages.order,
    )


def _bound_of_all(task: Task, rounds: Rounds) -> int | None:
    """What no plan is worth more than, fair or not, if it is known."""
    return None if rounds.bound is None else sum(map(int, task.made.units)) + rounds.bound
