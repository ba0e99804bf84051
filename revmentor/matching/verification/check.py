"""Is a matching what it says it is? A second opinion that trusts nothing."""

from __future__ import annotations

from revmentor.matching.problem import GivenSource, Problem
from revmentor.matching.result import Matching
from revmentor.matching.verification.best import Best
from revmentor.matching.verification.case import Case
from revmentor.matching.verification.chosen import Chosen, check_chosen
from revmentor.matching.verification.conflict import check_without_plan
from revmentor.matching.verification.fortunes import Fortunes
from revmentor.matching.verification.prices import Prices
from revmentor.matching.verification.recount import GivenRecount, Recount
from revmentor.matching.verification.verdict import VerificationError, Verified

NAN = float("nan")


def verify(problem: Problem, m: Matching) -> Verified:
    """Recompute every score, rule, place, the objective, and the proof over all pairs.

    It rereads what the problem was made of and shares no code with the solver but data types; of
    the solver's work it takes the matching, and the prices, which prove themselves.

    What is proven: that the pairs are allowed and keep to places, pins, conditions and waves; all
    numbers that are told; in whole numbers and over all pairs that no matching is worth more than
    `Verified.priced`. Where that is above the objective of a matching that is said to be optimal
    (its conditions bind), where most pairs come first under conditions, and where the worst off
    come first without a proof of the kind, models of few pairs are solved once more, in double
    precision. What is left is told in `Verified.unproven`.

    Returns
    -------
    Verified
        objective and bound.

    Raises
    ------
    VerificationError
        With every violation found.

    >>> from revmentor.matching import solve
    >>> problem = Problem.from_scores([[0.5, 0.9], [0.8, 0.7]])
    >>> verify(problem, solve(problem))
    Verified(objective=1.7, bound=1.7)
    """
    case = Case(problem, second_opinion(problem), m)
    found = Verified(NAN, NAN)
    if m.status in ("infeasible", "none"):
        check_without_plan(case)
    else:
        chosen = check_chosen(case)
        fortunes = Fortunes(case, chosen) if case.fair else None
        _beside(case)
        prices = None if m.certificate is None else Prices(case, chosen, m.certificate)
        if prices is not None:
            prices.cover()
            case.violations += case.second.complaints()
        bound = _totals(case, chosen, prices, fortunes)
        priced = NAN if prices is None else case.points(prices.bound)
        found = Verified(case.points(chosen.objective), case.points(bound), priced)
    if case.violations:
        raise VerificationError(case.violations)
    found.unproven = tuple(case.unproven)
    return found


def second_opinion(problem: Problem) -> Recount:
    """The scores and rules of a problem, worked out anew from what it was made of."""
    if isinstance(problem.source, GivenSource):
        return GivenRecount(problem.source, problem.waves)
    # Only now: given scores can be verified without loading what reads tables.
    from revmentor.matching.verification.tables import TableRecount

    return TableRecount(problem.source)


def _beside(case: Case) -> None:
    """Is anything told that a matching of this kind does not have?"""
    if case.m.fairness is not None and not case.fair:
        case.fail("fairness is told, which is not the objective")
    if case.m.conflict is not None:
        case.fail(f"the status is {case.m.status}, but there is a conflict")


def _totals(case: Case, chosen: Chosen, prices: Prices | None, fortunes: Fortunes | None) -> int:
    """Objective, bound, gap and status, against what was recomputed; the bound that is proven."""
    m, objective = case.m, chosen.objective
    if m.objective_units != objective or m.objective != case.points(objective):
        case.fail(f"the objective is {case.points(objective)}, not {m.objective}")
    bound = m.bound_units
    if bound is None or m.bound != case.points(bound):
        case.fail(f"the bound is {m.bound}, and in units {bound}")
        return objective
    if bound < objective:
        case.fail("the bound is below the objective")
    _priced(case, prices, bound)
    if case.violations:
        # What is wrong already would only be told once more.
        if not case.conditional:
            _gap(case, objective, bound if prices is None else prices.bound)
        return bound
    if m.status == "optimal":
        return _optimal(case, Best(case, chosen, prices, fortunes), bound)
    return _feasible(case, chosen, prices, fortunes, bound)


def _priced(case: Case, prices: Prices | None, bound: int) -> None:
    """Is the bound that is told what the prices prove, or one that may be below it?"""
    m = case.m
    if prices is None or m.certificate is None:
        if not case.fair and not (case.conditional and m.status == "feasible"):
            case.fail("there is no certificate")
        return
    if m.certificate.bound_units != prices.bound:
        told = case.points(m.certificate.bound_units)
        case.fail(f"the prices prove a bound of {case.points(prices.bound)}, not {told}")
    # Models of the solver's lower the bound under conditions; so does counting, without a proof.
    searched = case.conditional or (
        m.status == "feasible" and case.problem.objective == "participation"
    )
    if bound > prices.bound or (bound < prices.bound and not searched):
        case.fail(f"the prices prove a bound of {case.points(prices.bound)}, not {m.bound}")


def _gap(case: Case, objective: int, bound: int) -> None:
    if (case.m.status == "optimal") != (bound == objective):
        case.fail(f"the status is {case.m.status}, but the gap is {bound - objective}")


def _optimal(case: Case, best: Best, bound: int) -> int:
    """What is proven of a matching that is said to be optimal."""
    objective = best.chosen.objective
    if bound != objective:
        case.fail(f"the status is optimal, but the gap is {bound - objective}")
        return bound
    claims = []
    if case.problem.objective == "participation":
        claims.append((best.most_pairs, "That no other matching has more pairs."))
    if case.fair:
        claims += [
            (best.most_served, "That no other matching serves more people."),
            (best.best_worst, "That no other matching is better for the worst off."),
        ]
    if case.problem.objective == "leximin":
        claims.append(
            (best.best_order, "That no other matching is better for those after the worst off.")
        )
    case.unproven += [sentence for claim, sentence in claims if claim() is None]
    if best.total() is None:
        told = case.points(objective)
        if best.prices is None:
            case.unproven.append(f"That no other matching is worth more than {told}.")
            return bound
        priced = case.points(best.prices.bound)
        case.unproven.append(
            f"That no other matching is worth more than {told}: the prices prove {priced}."
        )
        return best.prices.bound
    return bound


def _feasible(
    case: Case, chosen: Chosen, prices: Prices | None, fortunes: Fortunes | None, bound: int
) -> int:
    """What is proven of a matching that might not be the best."""
    objective = chosen.objective
    aim = case.problem.objective
    first = {
        "total": True,
        "participation": prices is not None and prices.proves_most_pairs,
        "max_min": fortunes is not None and fortunes.most_proven and fortunes.worst_proven,
        "leximin": False,
    }[aim]
    known = bound if prices is None else prices.bound
    if first and (known == objective or (aim == "total" and bound == objective)):
        case.fail(f"the status is feasible, but the gap is {bound - objective}")
    pins = sum(chosen.worth[~chosen.free].tolist())
    countable = pins + case.most_pairs * max(0, case.largest)
    if prices is not None and prices.bound == bound:
        return bound
    if bound >= countable:
        return bound
    if prices is None:
        case.unproven.append(f"That no matching is worth more than {case.points(bound)}.")
        return bound
    case.unproven.append(
        f"That no matching is worth more than {case.points(bound)}: the prices prove "
        f"{case.points(prices.bound)}."
    )
    return prices.bound
