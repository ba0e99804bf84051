"""Did those whom a lottery drew fare otherwise than those whom it did not?"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from revmentor import words
from revmentor.metrics.balance import balance, design
from revmentor.metrics.compared import (
    LEAST,
    Bools,
    Case,
    Clause,
    Comparison,
    compared,
    good,
    left_out,
    plain,
    share,
    window,
)
from revmentor.metrics.covariates import Covariates
from revmentor.metrics.estimate import LEVEL, Estimate

_Z = float(stats.norm.ppf(0.5 + LEVEL / 2))


def lottery(
    case: Case,
    drawn: Bools,
    undrawn: Bools,
    applications: pd.DataFrame,
    naive: Estimate,
    known: Covariates,
) -> Comparison:
    """Drawn against not drawn, within each side that had a lottery of its own.

    Intention to treat: everybody as drawn, whether they took part or not, because who drops out is
    not chance. One side: Newcombe's interval; both: Mantel and Haenszel's weights.

    Parameters
    ----------
    case : Case
    drawn, undrawn : array of bool
        In the order of the case.
    applications : DataFrame
        person_id, side.
    naive : Estimate
        Participants against all others.
    known : Covariates
        What was known before; shown as balance, not adjusted for.
    """
    side = applications.drop_duplicates("person_id").set_index("person_id")["side"]
    sides = side.reindex(case.ids).astype("str").fillna("").to_numpy(dtype=str)
    both = drawn | undrawn
    strata = [
        name
        for name in sorted(set(sides[both].tolist()))
        if (drawn & (sides == name)).any() and (undrawn & (sides == name)).any()
    ]
    inside = both & np.isin(sides, strata)
    difference = plain(case, drawn & inside, undrawn & inside)
    if len(strata) > 1:
        difference = _pooled(case, [(drawn & (sides == s), undrawn & (sides == s)) for s in strata])
    subset = known.of(case.ids[inside])
    columns, names = design(subset)
    apart = balance(columns, names, drawn[inside], np.ones(int(inside.sum())))
    crossed = int((drawn & ~case.took).sum())
    n_drawn, n_undrawn = int((drawn & inside).sum()), int((undrawn & inside).sum())
    lead = (
        f"A lottery decided: {words.number(n_drawn)} who were drawn are compared with "
        f"{words.number(n_undrawn)} who applied as well and were not drawn, "
        f"{'within each side, ' if len(strata) > 1 else ''}{window(case)}"
    )
    stayed_out = (
        f"{words.counted(crossed, 'person')} drawn who did not take part "
        f"{words.agree(crossed, 'is')} counted as drawn"
    )
    clauses = [
        Clause(lead, (n_drawn, n_undrawn)),
        Clause(stayed_out, (crossed,)),
        *left_out(case),
    ]
    caution = (
        "Chance alone separated the groups, so the difference is an effect of being drawn, within "
        "its interval; of those who took part it can be larger"
    )
    return Comparison(
        "lottery",
        case.event,
        n_drawn,
        n_undrawn,
        difference,
        share(case, drawn & inside, "people drawn"),
        share(case, undrawn & inside, "people not drawn"),
        naive,
        apart,
        None,
        difference.value is not None and min(n_drawn, n_undrawn) >= LEAST,
        words.joined([clause.text for clause in clauses]),
        words.sentence(caution),
        tuple(clauses),
        who=compared(case, drawn & inside, undrawn & inside),
    )


def _pooled(case: Case, pairs: list[tuple[Bools, Bools]]) -> Estimate:
    """Difference within strata, weighted by n1 n0 / (n1 + n0) (Mantel and Haenszel's weights).

    Variance: sum of weight^2 (p1 q1 / n1 + p0 q0 / n0), with one half added to each count, so that
    a stratum without events does not claim certainty (Agresti and Caffo 2000 add one).
    """
    total = value = variance = 0.0
    people = 0
    for one, other in pairs:
        n1, n0 = int(one.sum()), int(other.sum())
        weight = n1 * n0 / (n1 + n0)
        well = good(case, one), good(case, other)
        near = [(count + 0.5) / (n + 1) for count, n in zip(well, (n1, n0), strict=True)]
        value += weight * (well[0] / n1 - well[1] / n0)
        variance += weight**2 * sum(p * (1 - p) / n for p, n in zip(near, (n1, n0), strict=True))
        total, people = total + weight, people + n1 + n0
    value, half = value / total, _Z * math.sqrt(variance) / total
    method = "difference within each side, Mantel-Haenszel weights, normal 95% interval"
    return Estimate(value, value - half, value + half, people, "share", method, "", "people")
