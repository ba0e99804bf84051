"""What does each rule cost, how sure is the match, and what would fairness cost?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from revmentor import figures, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.asked import is_limited, limit_words
from revmentor.disclosure import (
    EVERY_NUMBER,
    DisclosedCounts,
    DisclosedFrontier,
    DisclosedPrices,
    FrontierPoint,
    disclose_counts,
    disclose_prices,
)
from revmentor.matching import Matching, Problem, explain
from revmentor.matching.explain.worst import unpinned
from revmentor.names import SIDE_LABELS
from revmentor.params.models import Solver
from revmentor.tiles import finding, findings

BANDS = (
    ("in every draw", 1.0),
    ("in at least 9 of 10 draws", 0.9),
    ("in at least half of the draws", 0.5),
    ("in fewer than half", 0.0),
)


@dataclass(frozen=True)
class Sureness:
    """What a matching costs and how sure it is; each part is worked out when it is asked for.

    All of it stays with the coordinator, so no number is hidden.
    """

    problem: Problem
    matching: Matching
    solver: Solver

    @cached_property
    def prices(self) -> DisclosedPrices:
        """What rules, quotas and limits cost."""
        limit = self.solver.time_limit
        rules = explain.rule_prices(self.problem, self.matching, time_limit=limit)
        limits = explain.condition_prices(self.problem, self.matching, time_limit=limit)
        asked = limit_words(self.problem)
        limits["label"] = [asked.get(name, name) for name in limits["condition"]]
        listed = pd.concat([rules, limits])[["label", "price", "more_pairs"]]
        rows = [
            (str(label), 100 * float(price), int(more))
            for label, price, more in listed.itertuples(index=False)
            if pd.notna(price)
        ]
        total = 100 * float(self.matching.objective)
        return disclose_prices(rows, total, len(self.matching.pairs), EVERY_NUMBER)

    @cached_property
    def _robustness(self) -> explain.Robustness:
        solver = self.solver
        return explain.robustness(
            self.problem, self.matching, draws=solver.robustness_draws,
            by=solver.robustness_by, seed=solver.seed, time_limit=solver.time_limit,
        )  # fmt: skip

    @cached_property
    def survival(self) -> DisclosedCounts:
        """Pairs by how often they survive other weights."""
        shares = self._robustness.pairs["survives"]
        above = 2.0
        counts = []
        for _, least in BANDS:
            counts.append(int(((shares >= least) & (shares < above)).sum()))
            above = least
        frame = pd.DataFrame({"pairs": counts}, index=[label for label, _ in BANDS])
        return disclose_counts(frame, EVERY_NUMBER, totals="columns", unit="pairs")

    @cached_property
    def frontier(self) -> DisclosedFrontier:
        """Total against the worst pair."""
        found = explain.frontier(
            self.problem, self.matching,
            points=self.solver.frontier_points, time_limit=self.solver.time_limit,
        )  # fmt: skip
        pairs = self.matching.pairs
        free = unpinned(self.problem, pairs)["score"]
        here = FrontierPoint(
            worst=_points(free.min()) if len(free) else 0.0,
            total=_points(float(self.matching.objective)),
            pairs=len(pairs),
        )
        points = tuple(
            FrontierPoint(worst=_points(worst), total=_points(total), pairs=int(many))
            for worst, total, many in found[["worst", "total", "pairs"]].itertuples(index=False)
        )
        return DisclosedFrontier(minimum=EVERY_NUMBER, here=here, points=points or (here,))

    @cached_property
    def equals(self) -> explain.OtherOptima:
        """For whom another matching is equally good."""
        return explain.other_optima(self.problem, self.matching, time_limit=self.solver.time_limit)

    @property
    def worst_pair(self) -> str:
        """Which pair is the worst, if a decision has made it; else nothing."""
        pairs = self.matching.pairs
        free = unpinned(self.problem, pairs)["score"]
        if free.empty or free.min() <= pairs["score"].min():
            return ""
        return (
            "The worst pair is one that a decision has made; the worst of the others scores "
            f"{_points(free.min()):.0f}."
        )

    def shown_prices(self) -> Shown:
        """A bar per rule, quota and limit."""
        return shown(figures.rule_prices(self.prices))

    def shown_places(self) -> object:
        """The places that would add most, by kind of person; named rows stay in the file."""
        found = explain.capacity_prices(
            self.problem, self.matching, time_limit=self.solver.time_limit
        )
        worth = found.loc[found["one_more"] > 0]
        if worth.empty:
            return finding("One more place of anybody would add nothing.")
        first = worth.iloc[0]
        tried = int(found["one_more"].notna().sum())
        among = "" if tried == len(found) else f" (of the {tried:,} with the dearest places)"
        side = SIDE_LABELS[str(first["side"])].replace("mentors", "mentor")
        side = side.replace("mentees", "mentee")
        return finding(
            f"One more place would help for {words.counted(len(worth), 'person')}{among}; the "
            f"best, of a {side}, would add {100 * float(first['one_more']):.1f} points. "
            "restricted/prices.csv names them."
        )

    def shown_sureness(self) -> Shown:
        """How often pairs survive, equally good matchings, and pairs that would rather swap."""
        draws = self._robustness.draws
        return shown(
            figures.survival(self.survival, draws, self.solver.robustness_by),
            findings([self._lottery(), *self._rather()]),
        )

    def _lottery(self) -> str:
        """For how many people the lottery decided, and by which seed."""
        seed = f" (seed {self.matching.seed})" if len(self.equals.people) else ""
        return f"{self.equals.sentence.rstrip('.')}{seed}."

    def _rather(self) -> list[str]:
        """Who would rather swap, and what a match would cost in which nobody would."""
        blocking = explain.blocking_pairs(self.problem, self.matching)
        if not blocking.count:
            return [blocking.sentence]
        if is_limited(self.problem):
            many = words.counted(blocking.count, "pair")
            return [
                f"{many} of people would both rather have each other than what they have. Limits "
                "on the whole match keep some of them apart, so this is no sign of a poor match."
            ]
        stable = explain.stability_price(self.problem, self.matching)
        return [self._wanting(blocking), *self._why_not(blocking), self._stable(stable)]

    @property
    def _fair(self) -> bool:
        """Does the worst-off come first, and the total after?"""
        return self.problem.objective in ("max_min", "leximin")

    def _wanting(self, blocking: explain.Blocking) -> str:
        """How many would rather have each other, and why they do not."""
        if not self._fair:
            return blocking.sentence
        many = words.counted(blocking.count, "pair")
        return (
            f"{many} of people would both rather have each other than what they have: the "
            "worst-off come first."
        )

    def _why_not(self, blocking: explain.Blocking) -> list[str]:
        """What it would change to make the pair that both its people would like best."""
        first = blocking.pairs.iloc[0]
        pair = (str(first["mentor_id"]), str(first["mentee_id"]))
        found = explain.why_not(
            self.problem, self.matching, pair, time_limit=self.solver.time_limit
        )
        if found.best is None:
            return []
        change = 100 * float(found.best.change)
        verb = "lose" if change <= 0 else "gain"
        moved = words.counted(len(found.best.people), "person")
        return [
            f"Why not make the first of them, a pair of {_points(first['score']):.0f}? The whole "
            f"match would {verb} {words.number(abs(change), 1)} points, and {moved} would change "
            f"partner.{_worse(found)}"
        ]

    def _stable(self, found: explain.Stability) -> str:
        """What a match without blocking pairs would cost."""
        change = -100 * float(found.price)
        cost = (
            f"cost {words.number(-change)} points ({found.share:.1%})" if change else "cost nothing"
        )
        if change > 0:
            cost = f"have {words.number(change)} points more"
        if self._fair:
            now, then = (
                _points(unpinned(self.problem, pairs)["score"].min())
                for pairs in (self.matching.pairs, found.pairs)
            )
            if then < now:
                cost += f", with a worst pair of {then:.0f} instead of {now:.0f},"
        return (
            "A stable match, in which no two people would rather have each other, would "
            f"{cost} and change {words.counted(found.differ, 'pair')}."
        )

    def shown_frontier(self) -> Shown:
        """The frontier, and where we are."""
        return shown(figures.frontier(self.frontier))


def _worse(found: explain.WhyNot) -> str:
    """What it would do to the worst-off, where the match is for them; else nothing."""
    if found.worst is None:
        return ""
    now, then = found.worst
    if then.served < now.served:
        return f" {words.counted(now.served - then.served, 'person')} fewer would have a partner."
    if then.worst < now.worst:
        worse, today = _points(then.worst), _points(now.worst)
        return f" The worst-off would have a pair of {worse:.0f} instead of {today:.0f}."
    return " The worst-off would be as well off; others among those who fit badly would not."


def _points(score: float) -> float:
    return round(100 * float(score), 4)
