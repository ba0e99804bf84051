"""Can what is asked really not all hold? And is what is named as the conflict one?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from revmentor.matching.constrained.conflict import Change, Conflict
from revmentor.matching.problem import GivenSource
from revmentor.matching.verification.best import MOST_LISTED, listed_pairs, model_of_all
from revmentor.matching.verification.case import Case
from revmentor.matching.verification.model import Model, Solved
from revmentor.matching.verification.recount import Units, any_of

MINIMUM = "minimum_score"
NO_LIMIT = 2**31


def check_without_plan(case: Case) -> None:
    """No pairs; and if infeasible, something that cannot hold."""
    m = case.m
    if len(m.pairs) or m.objective_units is not None or m.certificate:
        case.fail(f"the status is {m.status}, but there are pairs or a total or prices")
    if m.status != "infeasible":
        return
    small = len(case.second.mentors) * len(case.second.mentees) <= MOST_LISTED
    if not _pins_conflict(case):
        if not case.conditional:
            case.fail("the status is infeasible, but the required pairs can all be made")
        else:
            _nothing_fits(case)
    if m.conflict is not None and small:
        _check_conflict(case, m.conflict)
    elif m.conflict is not None:
        case.unproven.append("That what is named cannot hold together, and that the repair is one.")


def _pins_conflict(case: Case) -> bool:
    """Are the pairs to make alone impossible?"""
    for side, places in enumerate((case.second.capacity, case.second.demand)):
        for who, count in Counter(pair[side] for pair in case.pins).items():
            if who not in case.at[side] or count > places[case.at[side][who]]:
                return True
    required = [pair for pair, kind in case.pins.items() if kind == "require"]
    return any(mask.any() for mask in case.second.broken(*case.places(required)).values())


def _nothing_fits(case: Case) -> None:
    """Is there no matching that keeps to everything?"""
    most = case.most_pairs + len(case.pinned)
    for condition in case.conditions:
        largest = int(condition.coefficient.max(initial=0))
        if condition.lower is not None and condition.lower > max(0, largest) * most:
            return
    pairs = listed_pairs(case)
    if pairs is None:
        case.unproven.append("That no matching keeps to everything that is asked.")
        return
    model = model_of_all(case, *pairs)
    _told(case, model.solve(np.zeros(len(model.i), np.int64)))


def _told(case: Case, solved: Solved) -> None:
    if solved.made is not None:
        case.fail("the status is infeasible, but there is a matching that keeps to everything")
    elif not solved.impossible:
        case.unproven.append("That no matching keeps to everything that is asked.")


def _check_conflict(case: Case, conflict: Conflict) -> None:
    """The items cannot hold together, any one less could; the repair is one, of such worth."""
    asked = _Items(case)
    names = [item.name for item in conflict.items]
    if names:
        if asked.solve(names).made is not None:
            case.fail(f"what is named as the conflict can hold together: {', '.join(names)}")
        for name in names:
            if asked.solve([other for other in names if other != name]).impossible:
                case.fail(f"the conflict does not need {name}")
    relaxation = conflict.relaxation
    if relaxation is None:
        return
    if not relaxation.changes:
        case.fail("the status is infeasible, but its repair changes nothing")
        return
    solved = asked.repaired(relaxation.changes)
    if solved.impossible:
        case.fail("what is named as the repair does not make a matching possible")
    elif not abs(solved.bound - relaxation.objective_units) < 0.5:
        found = case.points(round(solved.bound))
        told = case.points(relaxation.objective_units)
        case.fail(f"after the repair the best matching is worth {found}, not {told}")


class _Items:
    """All that is asked, by name, so that any of it can be left out or be asked less of."""

    def __init__(self, case: Case) -> None:
        self.case, second = case, case.second
        sizes = len(second.mentors), len(second.mentees)
        i, j = (index.ravel() for index in np.indices(sizes))
        units = second.units(i, j)
        free = (units > 0) & ~case.is_pinned(i, j)
        if not isinstance(case.problem.source, GivenSource):
            # Nobody is paired with themselves, whatever the rules.
            oneself = [case.at[1].get(who, -1) for who in second.mentors]
            free &= np.array(oneself, np.int64)[i] != j
        self.i, self.j, units = i[free], j[free], units[free]
        self.rules = dict(second.broken(self.i, self.j)) | {MINIMUM: units < second.least}
        self.names = {
            *(f"pin:{mentor}:{mentee}" for mentor, mentee in case.pins),
            *(f"rule:{rule}" for rule in self.rules),
            *(f"condition:{c.name}:{end}" for c in case.conditions for end in ("lower", "upper")),
            *(f"wave:{name}" for name in (case.waves.names if case.waves else ())),
            *self._of_places(0, "mentor"),
            *self._of_places(1, "mentee"),
        }

    def _of_places(self, side: int, word: str) -> list[str]:
        """The item that holds each person's places: those in pins have their own."""
        pinned = {pair[side] for pair in self.case.pins}
        return [f"places:{word}:{who}" if who in pinned else f"places:{word}"
                for who in self.case.at[side]]  # fmt: skip

    def repaired(self, changes: Collection[Change]) -> Solved:
        """All that is asked, less these changes."""
        by: Counter[str] = Counter()
        for change in changes:
            by[change.item.name] += change.by
        given_up = {name for name in by if name.startswith("pin:")}
        return self.solve(self.names - given_up, by)

    def solve(self, names: Collection[str], more: Mapping[str, int] | None = None) -> Solved:
        """The best matching that keeps to these items alone, some of them with more room."""
        case, room, held = self.case, more or {}, set(names)
        rules = [rule for rule in self.rules if f"rule:{rule}" in held]
        out = any_of({rule: self.rules[rule] for rule in rules}, len(self.i))
        pins = [(pair, f"pin:{pair[0]}:{pair[1]}" in held) for pair in case.pins]
        if any(fixed and not case.inside([pair]) for pair, fixed in pins):
            return Solved(None, -np.inf)
        usable = []
        for pair, fixed in pins:
            if not case.inside([pair]):
                continue
            broken = case.second.broken(*case.places([pair]))
            if case.pins[pair] == "require" and any(
                broken[rule][0] for rule in rules if rule != MINIMUM
            ):
                if fixed:
                    return Solved(None, -np.inf)
                continue
            usable.append((pair, fixed))
        i, j = case.places([pair for pair, _ in usable])
        free = np.flatnonzero(~out)
        made = np.zeros(len(i) + len(free), bool)
        made[: len(i)] = [own for _, own in usable]
        both = np.concatenate([i, self.i[free]]), np.concatenate([j, self.j[free]])
        model = Model(case, *both, made)
        self._limit(model, held, room)
        return model.solve(case.worth(model.i, model.j))

    def _limit(self, model: Model, held: set[str], room: Mapping[str, int]) -> None:
        case = self.case
        for side, word, places in (
            (0, "mentor", case.second.capacity), (1, "mentee", case.second.demand)
        ):  # fmt: skip
            limits: Units = np.full(len(places), NO_LIMIT)
            for k, (who, item) in enumerate(
                zip(case.at[side], self._of_places(side, word), strict=True)
            ):
                if item in held:
                    limits[k] = places[k] + room.get(f"places:{word}:{who}", 0)
            model.keep_places(side, limits)
        for c in case.conditions:
            low, high = (f"condition:{c.name}:{end}" for end in ("lower", "upper"))
            lower = c.lower if low in held else None
            upper = c.upper if high in held else None
            model.keep_condition(replace(
                c,
                lower=None if lower is None else lower - c.per_pair * room.get(low, 0),
                upper=None if upper is None else upper + c.per_pair * room.get(high, 0),
            ))  # fmt: skip
        if case.waves is not None:
            model.keep_waves(case.waves, [
                None if most is None or f"wave:{name}" not in held
                else most + room.get(f"wave:{name}", 0)
                for name, most in zip(case.waves.names, case.waves.at_most, strict=True)
            ])  # fmt: skip
