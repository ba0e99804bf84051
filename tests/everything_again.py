"""The same problem with its rows in another order, and the same people with other scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from revmentor.matching import Problem
from revmentor.matching.made_of import GivenSource
from revmentor.params import Params
from revmentor.params.models import CRITERIA


def reordered(problem: Problem, random: np.random.Generator) -> Problem:
    """Every table and side in another order."""
    source = problem.source
    if not isinstance(source, GivenSource):

        def mixed(frame: pd.DataFrame | None) -> pd.DataFrame | None:
            return None if frame is None else frame.iloc[random.permutation(len(frame))]

        return Problem.from_tables(
            mixed(source.people), mixed(source.applications), source.params,  # type: ignore[arg-type]
            decisions=mixed(source.decisions), history=mixed(source.history),
        )  # fmt: skip
    by = [random.permutation(len(ids)) for ids in (source.mentor_ids, source.mentee_ids)]
    both = np.ix_(*by)
    plain = Problem.from_scores(
        source.scores[both],
        eligible=None if source.eligible is None else source.eligible[both],
        mentor_capacity=source.mentor_capacity[by[0]],
        mentee_demand=source.mentee_demand[by[1]],
        mentor_ids=[source.mentor_ids[k] for k in by[0]],
        mentee_ids=[source.mentee_ids[k] for k in by[1]],
    )
    return asked_alike(plain, problem)


def asked_alike(plain: Problem, problem: Problem) -> Problem:
    """What is asked of a problem of given scores, asked of others of the same people."""
    pins = {
        kind: [(pin.mentor_id, pin.mentee_id) for pin in problem.pins if pin.kind == kind]
        for kind in ("require", "lock")
    }
    found = plain.under(
        *problem.conditions, waves=problem.waves, require=pins["require"], lock=pins["lock"],
        objective=problem.objective, over=problem.over,
    )  # fmt: skip
    return replace(found, priorities=problem.priorities)


def before(problem: Problem, random: np.random.Generator) -> Problem:
    """The same people under other scores, rules, places and with less or all asked of them."""
    source = problem.source
    if not isinstance(source, GivenSource):
        values = source.params.model_dump(by_alias=True)
        weights = {name: float(random.integers(0, 3)) for name in CRITERIA} | {"department": 1.0}
        values["matching"] |= {"weights": weights}
        if random.random() < 0.5:
            values["matching"] |= {"objective": "total", "minimum_score": 0.2}
        return Problem.from_tables(
            source.people, source.applications, Params.model_validate(values),
            decisions=None if random.random() < 0.5 else source.decisions,
        )  # fmt: skip
    scores = random.permuted(source.scores, axis=int(random.integers(0, 2)))
    plain = Problem.from_scores(
        scores,
        eligible=random.random(scores.shape) < 0.8,
        mentor_capacity=random.integers(0, 3, len(source.mentor_ids)),
        mentee_demand=random.integers(0, 3, len(source.mentee_ids)),
        mentor_ids=source.mentor_ids,
        mentee_ids=source.mentee_ids,
    )
    return plain if random.random() < 0.5 else asked_alike(plain, problem)
