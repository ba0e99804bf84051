"""Why has somebody no partner: nobody suits, others suit better, or a limit of the whole match?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from revmentor.errors import Fault, InputError
from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.clock import Clock, OutOfTime
from revmentor.matching.explain.offers import offer_sentences, offers, taken_by
from revmentor.matching.explain.people import broken, plan_of, said, worth_of
from revmentor.matching.margins import extreme_prices
from revmentor.matching.market import opened
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import Matching, table
from revmentor.matching.solver import solve
from revmentor.matching.tradeoff.conditional import has_conditions, lifted
from revmentor.matching.unmatched import hurdles
from revmentor.matching.variants import LABELS, Side, requiring
from revmentor.matching.worth import NEVER
from revmentor.names import SIDES
from revmentor.words import counted, listed

if TYPE_CHECKING:
    import pandas as pd

Code = Literal[
    "capacity", "no_eligible_partner", "minimum_score", "places_taken", "condition", "outbid",
    "not_proven",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class WhyUnmatched:
    """Why somebody has no partner.

    Parameters
    ----------
    person_id, side
    code : str
        ``capacity``: can take nobody. ``no_eligible_partner``, ``minimum_score``: the rules, or
        the minimum, leave nobody. ``places_taken``: no eligible partner has any. ``condition``:
        a condition on the whole match keeps them out. ``outbid``: others fit better.
        ``not_proven``: the matching is not proven best, or the time was over.
    rules : DataFrame
        rule, label, partners (whom it leaves out, whatever other rules do), first (whom it leaves
        out after the rules before it); the minimum score comes last.
    partners : DataFrame
        The best few partners when outbid: partner_id, score, taken_by (ids of their partners),
        weakest (score of the weakest of these pairs; NaN for required ones only), margin (by how
        much the pair's score must exceed what it is before it can be made); smallest margin first.
    conditions : tuple of str
        Labels of the conditions without any one of which the person would have a partner.
    sentences : tuple of str
    """

    person_id: Id
    side: Side
    code: Code
    rules: pd.DataFrame
    partners: pd.DataFrame
    conditions: tuple[str, ...]
    sentences: tuple[str, ...]


def why_unmatched(
    problem: Problem,
    matching: Matching,
    person: Id,
    *,
    side: Side | None = None,
    few: int = 3,
    time_limit: float | None = None,
) -> WhyUnmatched:
    """Why has this person no partner?

    Parameters
    ----------
    matching : Matching
        Of the problem.
    person : id
    side : {"mentor", "mentee"}, optional
        Needed only for somebody who is without a partner on both sides.
    few : int
        How many of the best partners to look at.
    time_limit : float, seconds, optional

    Raises
    ------
    InputError
        The person is not in the pool, has a partner, or stands on both sides without one.

    >>> problem = Problem.from_scores([[9, 7]], mentor_ids=["m"], mentee_ids=["s", "t"])
    >>> why_unmatched(problem, solve(problem), "t").sentences
    ('Mentee t has 1 eligible partner, and all are in pairs that score more together.', \
'Mentor m (score 7) is with s (score 9): the pair would have to score 2 more.')
    """
    at, where = _find(problem, matching, person, side)
    return _Person(problem, matching, at, where, few, Clock.start(time_limit)).answer()


def _find(problem: Problem, matching: Matching, person: Id, side: Side | None) -> tuple[int, Side]:
    """Where the person stands without a partner."""
    found: list[tuple[int, Side]] = []
    known = False
    sides: tuple[tuple[Side, tuple[Id, ...]], ...] = (
        ("mentor", problem.mentors.ids),
        ("mentee", problem.mentees.ids),
    )
    for name, ids in sides:
        if person in ids and side in (None, name):
            known = True
            if person not in set(matching.pairs[f"{name}_id"]):
                found.append((ids.index(person), name))
    if len(found) == 1:
        return found[0]
    if not known:
        fault = ("unknown person", "this person is not in the pool", "use an id of the pool")
    elif not found:
        fault = ("has a partner", "this person has a partner", "ask `why_not` about another one")
    else:
        fault = ("two sides", "this person is without a partner on both sides", "name the side")
    raise InputError(Fault(*fault, "", None, "person", str(person)))


@dataclass(eq=False)
class _Person:
    """Somebody without a partner, and the pairs that they could be in."""

    problem: Problem
    matching: Matching
    at: int
    side: Side
    few: int
    clock: Clock
    cells: tuple[IntArray, IntArray] = field(init=False)

    def __post_init__(self) -> None:
        everybody = np.arange(len(self.others))
        me = np.full(len(everybody), self.at)
        self.cells = (me, everybody) if self.side == "mentor" else (everybody, me)
        roster = self.problem.mentors if self.side == "mentor" else self.problem.mentees
        self.who = roster.ids[self.at]
        self.called = f"{self.side.capitalize()} {self.who}"
        self.places = int(roster.places[self.at])

    @property
    def others(self) -> tuple[Id, ...]:
        return (self.problem.mentees if self.side == "mentor" else self.problem.mentors).ids

    @property
    def other_side(self) -> str:
        return SIDES[1] if self.side == "mentor" else SIDES[0]

    def answer(self) -> WhyUnmatched:
        """The first of the reasons that holds."""
        if self.places == 0:
            return self._because("capacity", f"{self.called} can take nobody: their capacity is 0.")
        start = opened(self.problem)
        worth = start.market.worth(*self.cells)
        allowed = worth != NEVER
        if not allowed.any():
            return self._nobody()
        market = start.market
        theirs = market.mentee_places if self.side == "mentor" else market.mentor_places
        able = allowed & (theirs > 0)
        if not able.any():
            return self._because(
                "places_taken",
                f"{self.called} has {counted(int(allowed.sum()), 'eligible partner')}, but none "
                "has a place: their capacity is 0, or taken by required pairs.",
            )
        try:
            if has_conditions(self.problem):
                return self._under_conditions(able, worth)
            return self._outbid(able, worth)
        except OutOfTime:
            return self._because("not_proven", "The time was over before the reason was proven.")

    def _nobody(self) -> WhyUnmatched:
        scores = self.problem.scores
        plain = scores.plain(*self.cells)
        fine = scores.units(*self.cells) >= 0
        among = counted(len(self.others), self.other_side)
        if not fine.any():
            rules = self._rules()
            left_out = [
                f"'{label}' leaves out {count:,}"
                for label, count in zip(rules["label"], rules["first"], strict=True)
                if count
            ]
            told = f": rule {listed(left_out)}" if left_out else ""
            return self._because(
                "no_eligible_partner",
                f"{self.called} has no eligible partner among {among}{told}.",
            )
        best = int(plain[fine].max())
        if not best:
            text = f"{self.called} has no eligible partner with a score above 0 among {among}."
            return self._because("minimum_score", text)
        return self._because(
            "minimum_score",
            f"The best eligible partner of {self.called.lower()} among {among} scores "
            f"{said(self.problem, best)}, under the minimum of "
            f"{said(self.problem, self.problem.least)}.",
        )

    def _outbid(self, able: BoolArray, worth: IntArray) -> WhyUnmatched:
        """By whom, and by how much: the price of a partner's last place is what beats the pair."""
        if self.matching.status != "optimal":
            return self._because("not_proven", "The matching is not proven best.")
        market = opened(self.problem).market
        found = extreme_prices(
            market, self.clock, seed=self.matching.seed, warm=self.matching.state
        )
        price = found.mentee_high if self.side == "mentor" else found.mentor_high
        margin = price - worth
        near = np.flatnonzero(able)
        near = near[np.lexsort((near, margin[near]))][: self.few]
        return self._told_outbid(near, margin[near], int(able.sum()))

    def _under_conditions(self, able: BoolArray, worth: IntArray) -> WhyUnmatched:
        """Which condition keeps them out, or what would forcing a pair cost?"""
        keeping_out = []
        for _, label, free in lifted(self.problem):
            found = self._solve(free)
            if self.who in set(found.pairs[f"{self.side}_id"]):
                keeping_out.append(label)
        if keeping_out:
            words = listed([f"'{label}'" for label in keeping_out], "or")
            text = f"{self.called} would have a partner without the condition {words}."
            return self._because("condition", text, conditions=tuple(keeping_out))
        near = np.flatnonzero(able)
        near = near[np.lexsort((near, -worth[near]))][: self.few]
        today = worth_of(self.problem, *plan_of(self.problem, self.matching))
        margins = []
        for partner in near.tolist():
            pair = (self.at, partner) if self.side == "mentor" else (partner, self.at)
            forced = self._solve(requiring(self.problem, *pair))
            reached = worth_of(self.problem, *plan_of(self.problem, forced))
            margins.append(today - reached if forced.objective_units is not None else NEVER)
        known = np.array(margins, np.int64)
        return self._told_outbid(near[known > NEVER], known[known > NEVER], int(able.sum()))

    def _solve(self, problem: Problem) -> Matching:
        left = self.clock.left()
        if left == 0:
            raise OutOfTime
        return solve(problem, time_limit=left, seed=self.matching.seed)

    def _told_outbid(self, near: IntArray, margin: IntArray, able: int) -> WhyUnmatched:
        ids = (self.problem.mentors if self.side == "mentor" else self.problem.mentees).ids
        taken = taken_by(self.problem, self.matching, self.side, ids, near)
        scores = self.problem.scores.plain(*(cells[near] for cells in self.cells))
        partners = offers(self.problem, [self.others[k] for k in near], scores, taken, margin)
        first = (
            f"{self.called} has {counted(able, 'eligible partner')}, and all are in pairs that "
            "score more together."
        )
        if len(margin) and int(margin.min()) == 0:
            first = f"{self.called} is left out of one of several equally good plans."
        told = offer_sentences(self.problem, self.other_side, partners, margin)
        return self._because("outbid", first, *told, partners=partners)

    def _rules(self) -> pd.DataFrame:
        scores = self.problem.scores
        alone = broken(scores, *self.cells)
        first = hurdles(self.problem, self.side, np.array([self.at])).removed[0].tolist()
        low = (scores.units(*self.cells) >= 0) & (scores.plain(*self.cells) < self.problem.least)
        names = [*(name for name, _ in alone), "minimum_score"]
        return table(
            {
                "rule": names,
                "label": [LABELS.get(name, name) for name in names],
                "partners": [
                    *(int(mask.sum()) for _, mask in alone),
                    int((scores.plain(*self.cells) < self.problem.least).sum()),
                ],
                "first": [*first, int(low.sum())],
            }
        )

    def _because(
        self,
        code: Code,
        *sentences: str,
        partners: pd.DataFrame | None = None,
        conditions: tuple[str, ...] = (),
    ) -> WhyUnmatched:
        none: dict[str, object] = {
            name: [] for name in ("partner_id", "score", "taken_by", "weakest", "margin")
        }
        return WhyUnmatched(
            self.who, self.side, code, self._rules(), table(none) if partners is None else partners,
            conditions, sentences,
        )  # fmt: skip
