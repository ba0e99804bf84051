"""Is there room for all, and whom should the coordinator recruit before the match?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from revmentor import words
from revmentor.cycle.shown import Shown, shown
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    Members,
    counted,
    disclose_counts,
    fewer_than,
)
from revmentor.errors import NotProven
from revmentor.matching import Problem, explain
from revmentor.matching.explain.newcomers import ANY
from revmentor.matching.variants import Side
from revmentor.params import Params
from revmentor.publish.workspace import Workspace
from revmentor.tables import show
from revmentor.tiles import finding, findings

RECRUITING, ROOM = "recruiting", "room"
PEOPLE, PLACED = "to recruit", "would get a partner"
OFFERED, WANTED = "mentors have places for", "mentees want"
NEWCOMERS: tuple[Side, Side] = ("mentor", "mentee")
OTHER = {"mentor": "mentee", "mentee": "mentor"}
MOST_SHOWN = 4


@dataclass(frozen=True)
class Recruits:
    """Places against wants in all, and which newcomers of either side would place whom.

    Parameters
    ----------
    problem : Problem
        Of everybody who can be matched.
    params : Params
    """

    problem: Problem
    params: Params

    @property
    def _minimum(self) -> int:
        return self.params.disclosure.minimum_group

    @cached_property
    def lists(self) -> dict[Side, explain.Recruiting]:
        """The recruiting list of each side."""
        solver, most = self.params.solver, self.params.enrolment.recruit_most
        found: dict[Side, explain.Recruiting] = {}
        for side in NEWCOMERS:
            try:
                found[side] = explain.recruiting(
                    self.problem, side, most=most, time_limit=solver.time_limit, seed=solver.seed
                )
            except NotProven:
                reason = "the time limit (solver.time_limit) passed"
                found[side] = explain.Recruiting(side, 0, (), None, reason=reason)
        return found

    @cached_property
    def _told(self) -> dict[str, tuple[int, set[str]]]:
        """What may be shown with numbers: row to newcomers, and who would get a partner."""
        rows = {}
        for side in NEWCOMERS:
            for recruit in self.lists[side].recruits[:MOST_SHOWN]:
                step = recruit.best
                if step.more >= self._minimum:
                    who = sorted(map(str, step.placed))[: step.more]
                    rows[_called(side, recruit.skill)] = (step.people, set(who))
        return rows

    @cached_property
    def _room(self) -> dict[str, list[str]]:
        """An id for every place of the mentors, and for every one that mentees want."""
        rosters = zip((OFFERED, WANTED), (self.problem.mentors, self.problem.mentees), strict=True)
        return {
            name: [
                str(who) if n == 0 else f"{who} place {n + 1}"
                for who, places in zip(roster.ids, roster.places.tolist(), strict=True)
                for n in range(places)
            ]
            for name, roster in rosters
        }

    def found(self) -> dict[str, Disclosed]:
        """Room in all, and the numbers of the recruiting list that may be shown."""
        room = pd.DataFrame({name: [len(ids)] for name, ids in self._room.items()}, ["places"])
        found: dict[str, Disclosed] = {
            ROOM: disclose_counts(room, self._minimum, totals="none", unit="places")
        }
        if self._told:
            table = pd.DataFrame(
                [(people, len(who)) for people, who in self._told.values()],
                pd.Index(list(self._told), name="Recruit"),
                [PEOPLE, PLACED],
            )
            found[RECRUITING] = disclose_counts(
                table, self._minimum, totals="none", open_columns=(PEOPLE,)
            )
        return found

    def behind(self) -> dict[str, Members]:
        """Whose places these are, and who would get a partner."""
        found: dict[str, Members] = {
            ROOM: counted({("places", name): ids for name, ids in self._room.items()})
        }
        if self._told:
            cells = {(row, PLACED): who for row, (_, who) in self._told.items()}
            found[RECRUITING] = counted(cells)
        return found

    def shown(self, room: DisclosedCounts, told: Disclosed | None) -> Shown:
        """Room in all, then whom to recruit, side by side.

        Numbers are those of `told`, which has been secured with all others.
        """
        known = told if isinstance(told, DisclosedCounts) else None
        table = None
        if known is not None and len(known.rows) > 1:
            subtitle = "Each row alone; solved with these people really added"
            table = show(known, title="Whom to recruit", subtitle=subtitle)
        return shown(
            finding(_room_said(room)),
            findings(tuple(text for side in NEWCOMERS for text in self._said(side, known))),
            table,
            finding("Every number that was tried: restricted/recruiting.csv.")
            if any(each.recruits for each in self.lists.values())
            else None,
        )

    def advice(self, told: Disclosed | None) -> list[str]:
        """Whom to recruit, a sentence or two for each side that somebody would help."""
        known = told if isinstance(told, DisclosedCounts) else None
        helped = [s for s in NEWCOMERS if not (self.lists[s].reason or self.lists[s].nobody)]
        return [next(iter(self._said(side, known))) for side in helped]

    def _said(self, side: Side, known: DisclosedCounts | None) -> Iterable[str]:
        """What recruiting on one side would do, in sentences."""
        found, others = self.lists[side], f"{OTHER[side]}s"
        if found.reason:
            yield f"Which further {side}s would help is not worked out: {found.reason}."
            return
        if found.nobody:
            yield (
                f"Nobody else could be placed by recruiting {side}s: the {others} without a "
                "partner lack something else."
                if found.without
                else f"No further {side}s are needed: every one of the {others} can have a partner."
            )
            return
        best = [each for each in found.recruits if each.best.more > 0]
        if not found.anybody:
            yield _effect(best[0], side, self._minimum, known)
            more = [each.skill for each in best[1:MOST_SHOWN] if each.skill != ANY]
            if more:
                yield f"{words.capital(side)}s who {_know(side)} {_or(more)} would help as well."
            return
        plain = next(each for each in best if each.skill == ANY)
        lack = "places" if found.only_places else f"{side}s whom the rules allow"
        effect = _effect(plain, side, self._minimum, known)
        yield f"What the {others} without a partner lack is {lack}, not a skill. {effect}"
        better = [each.skill for each in found.recruits if each.skill != ANY][:MOST_SHOWN]
        if better:
            yield f"They would fit better with {side}s who {_know(side)} {_or(better)}."

    def typical(self, side: Side) -> str:
        """What is assumed of a newcomer besides the skill."""
        found = self.lists[side].typical
        if found is None:
            return ""
        speaks = f", {words.listed(list(found.languages))}" if found.languages else ""
        zone = f", {found.time_zone}" if found.time_zone else ""
        return f"grade {found.grade}{zone}{speaks}"

    def write(self, work: Workspace) -> list[Path]:
        """All numbers that were tried."""
        tables = [
            self.lists[side].table().assign(side=side, otherwise=self.typical(side))
            for side in NEWCOMERS
        ]
        table = pd.concat(tables, ignore_index=True)
        if table.empty:
            return []
        table = table.rename(columns={"people": "recruited", "placed": "more_with_partner"})
        table["gain"] = 100 * table["gain"].astype("float64")
        order = ["side", "skill", "recruited", "more_with_partner", "gain", "otherwise"]
        return [work.write_table(RECRUITING, table[order], csv=True)]


def _know(side: str) -> str:
    return "know" if side == "mentor" else "want"


def _or(skills: list[str]) -> str:
    return words.listed(skills, "or")


def _called(side: str, skill: str) -> str:
    """Newcomers of one kind.

    >>> _called("mentor", "Python"), _called("mentee", "")
    ('mentors who know Python', 'mentees, whatever they want')
    """
    if skill == ANY:
        return f"{side}s, whatever they {_know(side)}"
    return f"{side}s who {_know(side)} {skill}"


def _effect(
    recruit: explain.Recruit, side: Side, minimum: int, known: DisclosedCounts | None
) -> str:
    """What so many newcomers of one kind would do; numbers only as they may be told.

    How many are recruited gives away how many they place, so both are told or neither.
    """
    other, kind = OTHER[side], f" who {_know(side)} {recruit.skill}"
    if recruit.skill == ANY:
        kind = f", whatever they {_know(side)},"
    row = _called(side, recruit.skill)
    placed = known.at(row, PLACED).value if known is not None and row in known.rows else None
    if placed is None:
        few = fewer_than(minimum) if recruit.best.more < minimum else "some"
        return f"A few more {side}s{kind} would place {few} more {other}s."
    people = recruit.best.people
    if people == 1 and recruit.skill != ANY:
        kind = f" who {_know(side)}s {recruit.skill}"
    return (
        f"{words.capital(words.small(people))} more {words.agree(people, side)}{kind} "
        f"would place {words.small(placed)} more {words.agree(placed, other)}."
    )


def _room_said(room: DisclosedCounts) -> str:
    offered, wanted = (room.at("places", name) for name in (OFFERED, WANTED))
    lead = (
        f"The mentors have places for {offered.text} mentees in all, and the mentees want "
        f"{wanted.text} mentors"
    )
    if offered.value is None or wanted.value is None:
        return f"{lead}."
    short = wanted.value - offered.value
    if short > 0:
        return f"{lead}: {words.counted(short, 'place')} too few, whoever meets whom."
    return f"{lead}: there is room for all, where skills and rules let them meet."
