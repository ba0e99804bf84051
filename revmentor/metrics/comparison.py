"""Did participants fare otherwise than comparable people, and may the cycle say so?"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from revmentor import words
from revmentor.metrics.balance import balance, codes, design
from revmentor.metrics.compared import (
    BAD,
    LEAST,
    Bools,
    Case,
    Clause,
    Comparison,
    Kind,
    compared,
    left_out,
    plain,
    share,
)
from revmentor.metrics.compared_words import caution, e_value_said, objections, said
from revmentor.metrics.covariates import Covariates, covariates
from revmentor.metrics.drawn import lottery
from revmentor.metrics.estimate import LEVEL, Estimate, not_computed
from revmentor.metrics.sensitivity import EValue, e_value
from revmentor.metrics.survival import Event, follow
from revmentor.metrics.weighting import Weighted, by_overlap, by_strata, strata_weights
from revmentor.people import are_in, people_of

__all__ = ["Comparison", "compare", "e_value_said"]

KEPT = 0.80
DRAWS = 400
ROUNDING = 1e-9
WIDEST = 50.0
_Z = float(stats.norm.ppf(0.5 + LEVEL / 2))


def compare(
    people: pd.DataFrame,
    applications: pd.DataFrame,
    outcomes: pd.DataFrame,
    participants: Collection[str],
    start: dt.date,
    end: dt.date,
    *,
    event: Event = "left_on",
    lacked_places: Collection[str] = (),
    seed: int = 0,
    draws: int = DRAWS,
) -> Comparison:
    """Did participants stay more often, or rise more often, than comparable people?

    The best comparison that the cycle allows: (a) a lottery, where applications say who was drawn
    and who was not: everybody as drawn, whether they took part or not; (b) participants against
    people who asked when places were gone; (c) participants against other people, made comparable
    on what was known before the start. (a) and (b) need 20 people on either side.

    Parameters
    ----------
    people, outcomes : DataFrame
        As in the contract; see `revmentor.metrics.survival.follow` for who is at risk.
    applications : DataFrame
        person_id, side; ``place`` (drawn, not drawn, waitlist; blank) where there is one.
    participants : collection of str
        Who was in a pair.
    start, end : date
        The window.
    event : str
        ``left_on`` or ``promoted_on``.
    lacked_places : collection of str
        Applicants who got no partner because places were short; taken as a waitlist.
    seed : int
        For the bootstrap; people are sorted first, so that row order has no say.
    draws : int
        Bootstrap draws.

    Returns
    -------
    Comparison
        ``speaks`` only where each group has 20 people and all covariates are at most 0.1 standard
        deviations apart after weighting (not asked of a lottery).

    Notes
    -----
    (b) and (c) use coarsened exact matching where it keeps 80% of the participants and balances
    everything, else overlap weights: see `revmentor.metrics.weighting`.
    """
    followed = follow(people, outcomes, start, end, event)
    rows = followed.rows
    seen = (rows["happened"] | rows["gone"] | (rows["days"] >= followed.length)).to_numpy()
    ids = rows.index[seen]
    took = are_in(ids, participants)
    case = Case(followed, took, rows["happened"].to_numpy()[seen], ids, int((~seen).sum()))
    naive = plain(case, took, ~took)
    drawn, undrawn, waiting = _places(applications, ids)
    if min(drawn.sum(), undrawn.sum()) >= LEAST:
        return lottery(case, drawn, undrawn, applications, naive, covariates(people, start))
    waiting = (waiting | are_in(ids, lacked_places)) & ~took
    known = covariates(people, start)
    if not took.any() or took.all():
        return _nobody(case, naive)
    if min(waiting.sum(), took.sum()) >= LEAST:
        found = _weighted(case.among(took | waiting), "waitlist", known, naive, seed, draws)
        if found.speaks:
            who = replace(found.who, everybody=people_of(case.ids))
            return replace(found, who=who)
    return _weighted(case, "matched", known, naive, seed, draws)


def _places(applications: pd.DataFrame, ids: pd.Index) -> tuple[Bools, Bools, Bools]:
    """Who was drawn, not drawn, on the waitlist?"""
    if "place" not in applications:
        nobody = np.zeros(len(ids), dtype=np.bool_)
        return nobody, nobody, nobody
    place = applications.drop_duplicates("person_id").set_index("person_id")["place"]
    place = place.reindex(ids).astype("str")
    drawn, undrawn, waiting = (
        (place == name).fillna(False).to_numpy(dtype=bool)
        for name in ("drawn", "not drawn", "waitlist")
    )
    return drawn, undrawn, waiting


def _nobody(case: Case, naive: Estimate) -> Comparison:
    """There is nobody to compare with."""
    group = "participants" if not case.took.any() else "other people"
    reason = f"there are no {group} who were at risk and seen to the end of the window"
    none = not_computed(reason, len(case.ids), "share", "comparison", "people")
    everyone, mine = np.ones(len(case.ids), dtype=np.bool_), case.took
    clauses = [Clause(f"Nothing is compared: {reason}"), *left_out(case)]
    return Comparison(
        "none",
        case.event,
        int(mine.sum()),
        int((everyone & ~mine).sum()),
        none,
        share(case, mine, "participants"),
        share(case, ~mine, "other people"),
        naive,
        (),
        None,
        False,
        words.joined([clause.text for clause in clauses]),
        "",
        tuple(clauses),
        reason,
        compared(case, mine, ~mine),
    )


def _weighted(
    case: Case, kind: Kind, known: Covariates, naive: Estimate, seed: int, draws: int
) -> Comparison:
    """Participants against others who are made comparable."""
    known = known.of(case.ids)
    columns, names = design(known)
    found = _balanced(case, known, columns, names, seed, draws)
    apart = balance(columns, names, case.took, found.weights)
    sign = -1.0 if case.event == "left_on" else 1.0
    mine, others = case.took & found.used, ~case.took & found.used
    n, effective = int(found.used.sum()), found.effective(others)
    value = sign * (found.risk_treated - found.risk_control)
    half = _Z * found.widen * float((found.draws[:, 0] - found.draws[:, 1]).std(ddof=1))
    method = f"difference of two shares, {found.method}"
    if min(case.did[mine].sum(), case.did[others].sum()) == 0 and not case.did.any():
        difference = not_computed(
            f"nobody {BAD[case.event].removeprefix('were ')}", n, "share", method, "people"
        )
    else:
        ends = max(-1.0, value - half), min(1.0, value + half)
        difference = Estimate(value, *ends, n, "share", method, "", "people")
    off = [each for each in apart if not each.balanced]
    few = min(found.effective(mine), effective) < LEAST
    speaks = difference.value is not None and bool(apart) and not off and not few
    clauses = said(case, kind, known, found, off, few, bool(apart))
    return Comparison(
        kind,
        case.event,
        int(mine.sum()),
        int(others.sum()),
        difference,
        _weighted_share(found, 0, int(mine.sum()), "participants", sign),
        _weighted_share(found, 1, int(others.sum()), "comparable people", sign),
        naive,
        apart,
        _strength(found),
        speaks,
        words.joined([clause.text for clause in clauses]),
        caution(kind),
        tuple(clauses),
        words.joined(objections(off, few, bool(apart))),
        compared(case, mine, others),
    )


def _balanced(
    case: Case,
    known: Covariates,
    columns: npt.NDArray[np.float64],
    names: tuple[str, ...],
    seed: int,
    draws: int,
) -> Weighted:
    """Exact strata where they keep enough participants and balance all, else overlap weights."""
    strata = codes(known)
    weights = strata_weights(strata, case.took)
    kept = float((weights[case.took] > 0).mean())
    exact = kept >= KEPT and columns.shape[1] > 0
    if exact:
        exact = all(each.balanced for each in balance(columns, names, case.took, weights))
    if exact or columns.shape[1] == 0:
        return by_strata(strata, case.took, case.did, draws=draws, seed=seed)
    return by_overlap(columns, case.took, case.did, draws=draws, seed=seed)


def _weighted_share(found: Weighted, place: int, n: int, of: str, sign: float) -> Estimate:
    """The share who stayed or were promoted, with its bootstrap interval on the logit scale."""
    risk = (found.risk_treated, found.risk_control)[place]
    good = 1 - risk if sign < 0 else risk
    if not ROUNDING < good < 1 - ROUNDING:
        return not_computed(
            "all or nobody did, so that it has no interval", n, "share", found.method, of
        )
    half = _Z * found.widen * float(found.draws[:, place].std(ddof=1)) / (good * (1 - good))
    middle = math.log(good / (1 - good))
    low, high = (float(special.expit(middle + way * half)) for way in (-1, 1))
    return Estimate(good, low, high, n, "share", f"weighted share, {found.method}", "", of)


def _strength(found: Weighted) -> EValue | None:
    """E-value of the ratio of the two risks; None without events in both groups."""
    if min(found.risk_treated, found.risk_control) <= 0 or (found.draws <= 0).any():
        return None
    ratio = found.risk_treated / found.risk_control
    half = _Z * found.widen * float(np.log(found.draws[:, 0] / found.draws[:, 1]).std(ddof=1))
    if half > WIDEST:
        return None
    return e_value(ratio, ratio * math.exp(-half), ratio * math.exp(half))
