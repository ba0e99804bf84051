"""How near are the pairs to their goals?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from revmentor.metrics.estimate import Estimate, clustered_share, mean
from revmentor.metrics.sessions import PAIR, of_pairs


@dataclass(frozen=True)
class Goals:
    """Progress towards the goals.

    Parameters
    ----------
    goals : DataFrame
        mentor_id, mentee_id, side (where the table has it), goal, attainment (uncapped: 1 =
        target reached, below 0 = moved away), capped (0..1).
    capped, uncapped : Estimate
        Mean attainment over pairs (a pair's goals are averaged first).
    reached : Estimate
        Share of goals that are reached.
    left_out : int
        Rows of people who are no pair of this matching.
    undefined : int
        Goals whose target equals their baseline or that lack a number: no attainment.
    """

    goals: pd.DataFrame
    capped: Estimate
    uncapped: Estimate
    reached: Estimate
    left_out: int
    undefined: int


def latest_goals(goals: pd.DataFrame) -> pd.DataFrame:
    """Where is each goal now: its latest row, goals of a pair beside each other?

    The same words of the other side are another goal: each side sets its own.

    Parameters
    ----------
    goals : DataFrame
        As in the contract; ``side`` may be absent, or blank.

    Returns
    -------
    DataFrame
        The columns of `goals`, one row per pair, side and goal, in this order.
    """
    one = _own(goals)
    latest = goals.sort_values("on", kind="stable").drop_duplicates(one, keep="last")
    return latest.sort_values(one, kind="stable")


def _own(goals: pd.DataFrame) -> list[str]:
    return [*PAIR, *(["side"] if "side" in goals else []), "goal"]


def goal_attainment(goals: pd.DataFrame, pairs: pd.DataFrame) -> Goals:
    """How much of the way from baseline to target have the goals gone?

    (current - baseline) / (target - baseline) of the latest row per pair, side and goal; capped
    to 0..1 so that one goal far beyond its target cannot hide others. Means with Student's interval
    over pairs; the share reached allows for goals of one pair being alike.

    Parameters
    ----------
    goals, pairs : DataFrame
        As in the contract.
    """
    kept = of_pairs(goals, pairs)
    latest = latest_goals(kept.rows)
    way = (latest["target"] - latest["baseline"]).where(lambda gap: gap != 0)
    attainment = (latest["current"] - latest["baseline"]) / way
    one = _own(latest)
    table = latest[one].assign(attainment=attainment, capped=attainment.clip(0, 1))
    known = table.dropna(subset="attainment").reset_index(drop=True)
    means = known.groupby(PAIR)[["attainment", "capped"]].mean()
    done = (known["attainment"] >= 1).groupby([known["mentor_id"], known["mentee_id"]])
    return Goals(
        goals=known,
        capped=mean(means["capped"], "share", "pairs", bounds=(0.0, 1.0)),
        uncapped=mean(means["attainment"], "share", "pairs"),
        reached=clustered_share(done.sum(), done.size(), "goals", "pairs"),
        left_out=kept.left_out,
        undefined=len(table) - len(known),
    )
