"""What the first notebook shows of the design: who is asked, hours, dates, conflicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from revmentor import figures, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.planned import Plan
from revmentor.data import Tables
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedEstimates,
    Group,
    Members,
    disclose_hours,
    estimated,
)
from revmentor.names import SIDES
from revmentor.params import Params
from revmentor.planning.capacity import CapacityOf, plan_capacity
from revmentor.planning.closed import UNSURE, holidays_between
from revmentor.planning.conflict import Conflict
from revmentor.planning.conflicts import find_conflicts
from revmentor.planning.designed import (
    PROMOTION_HEADS,
    TRAINING_HEADS,
    plan_events,
    promotion_rows,
    scope_lines,
    training_rows,
    wave_line,
)
from revmentor.planning.timeline import hours_per_pair, meetings
from revmentor.planning.waves import waves_of
from revmentor.tables import plain_table
from revmentor.tiles import finding, findings

CONFLICT_HEADS = ("Conflict", "Where", "What to do")
HOURS, MONTHS = "hours-given", "hours-due"
MOST_HOURS = 744.0


@dataclass(frozen=True)
class DesignPart:
    """The design of a cycle against its tables.

    Parameters
    ----------
    params : Params
    tables : Tables
        People and applications.
    planned : int
        Pairs over the whole cycle; what cannot hold is found by it.
    plan : Plan
        What of that may be told; the hours that are due are worked out from it.
    """

    params: Params
    tables: Tables
    planned: int
    plan: Plan

    @property
    def minimum(self) -> int:
        """Smallest group that is shown, in people."""
        return self.params.disclosure.minimum_group

    @cached_property
    def capacity(self) -> CapacityOf:
        """Hours given against hours due."""
        return plan_capacity(self.tables.applications, self.params, self.planned)

    @cached_property
    def told(self) -> CapacityOf | None:
        """The same for the pairs that are told; None where none are."""
        if self.plan.pairs is None:
            return None
        return plan_capacity(self.tables.applications, self.params, self.plan.pairs)

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What cannot hold."""
        return find_conflicts(
            self.params, self.tables.people, self.tables.applications, self.capacity
        )

    @property
    def tells_hours(self) -> bool:
        """May the hours be shown at all? Few pairs give the places of few people away."""
        return self.planned >= self.minimum

    def found(self) -> Mapping[str, Disclosed]:
        """Hours given by side."""
        if not self.tells_hours:
            return {}
        _, given = disclose_hours(self.capacity, self.minimum)
        return {HOURS: given}

    def due(self) -> Mapping[str, Disclosed]:
        """Hours due by month, of the pairs that are told."""
        if self.told is None:
            return {}
        due, _ = disclose_hours(self.told, self.minimum)
        return {MONTHS: due}

    def members(self) -> Mapping[str, Members]:
        """Whose hours these are."""
        if not self.tells_hours:
            return {}
        groups: dict[tuple[str, ...], Group] = {
            (side,): Group.of_values(
                self.capacity.given[side], f"hours as {side}", (0.0, MOST_HOURS)
            )
            for side in SIDES
            if self.capacity.stated[side]
        }
        return {HOURS: estimated(groups)}

    def design(self) -> Shown:
        """Who is asked, in which waves, what is offered, and who owes which training."""
        design = self.params.design
        lines = [*scope_lines(design.scope), *self._waves()]
        lines += [("Incentives", text) for text in design.incentives]
        training, promotion = training_rows(self.params), promotion_rows(self.params)
        silent = [
            what
            for what, told in (
                ("incentive (design.incentives)", design.incentives),
                ("training (design.training)", training),
                ("announcement (design.promotion.plan)", promotion),
            )
            if not told
        ]
        return shown(
            plain_table(("", "Design"), _once(lines)),
            plain_table(TRAINING_HEADS, training) if training else None,
            plain_table(PROMOTION_HEADS, promotion) if promotion else None,
            finding(f"The design names no {words.listed(silent, 'and no')}.") if silent else None,
        )

    def _waves(self) -> list[tuple[str, str]]:
        waves, programme = waves_of(self.params), self.params.programme
        lines = [
            (f"Wave {wave.name}" if wave.name else "Pairs meet", wave_line(wave, programme))
            for wave in waves
        ]
        lines.append(("Planned", self.plan.text + self._at_once()))
        return lines

    def _at_once(self) -> str:
        """How many of the planned pairs run at the same time."""
        if self.told is None:
            return ""
        if self.told.at_once == self.told.planned:
            return " over the cycle, all at the same time"
        if self.plan.at_least:
            return " over the cycle, not all at the same time"
        return f" over the cycle, at most {words.number(self.told.at_once)} at the same time"

    def hours(self, due: DisclosedCounts | None, given: DisclosedEstimates | None) -> Shown:
        """Hours given against hours due, month by month, on both sides."""
        if due is None or given is None or self.plan.pairs is None:
            return shown(finding(self.plan.why))
        told = []
        for side in SIDES:
            mean = given.get(side)
            if mean is not None and mean.state == "shown":
                told.append(f"A {side} gives {mean.text} hours a month on average.")
        usual = self.params.design.capacity.usual_hours
        how = "the usual hours" if usual.mentor or usual.mentee else "none"
        return shown(
            figures.hours_by_month(due, given, self.plan.pairs, at_least=self.plan.at_least),
            finding(
                *told,
                f"Whoever names no hours counts with {how}; whoever applied for both sides gives "
                "half to each.",
                self._beside(),
            ),
        )

    def _beside(self) -> str:
        """What circles ask beside the pairs: who is in them is known only with the match."""
        if not self.params.circles.on:
            return ""
        hours = hours_per_pair(self.params.programme)
        return (
            "Circles are not counted here: whoever is in one needs "
            f"{words.number(hours, 1)} hours more over the cycle. 04_launch counts them."
        )

    def timeline(self) -> Shown:
        """All dates in one figure with the holidays, and the hours that are asked of a person."""
        events = plan_events(self.params)
        first, last = min(e.first for e in events), max(e.last for e in events)
        off = [each for each in self.conflicts if each.kind == "day off"]
        many = f"{_many(len(off), 'date')} {words.agree(len(off), 'falls')}" if off else ""
        what = f"{many or 'no date falls'} on {self._looked_at()}"
        return shown(
            figures.timeline(events, self._holidays(first, last), what),
            finding(*asked) if len(asked := self._asked()) == 1 else findings(asked),
        )

    def _looked_at(self) -> str:
        """On which days nobody works, as far as the design lets them be known."""
        design = self.params.design
        if not (design.country or design.countries):
            return "a weekend"
        unsure = any(each.kind in UNSURE for each in self.conflicts)
        return "a known day off" if unsure else "a day off"

    def _holidays(self, first: dt.date, last: dt.date) -> Sequence[dt.date]:
        return holidays_between(self.params, self.tables.people, first, last)

    def _asked(self) -> list[str]:
        programme, told = self.params.programme, []
        for wave in waves_of(self.params):
            due, hours = len(meetings(programme, wave)), hours_per_pair(programme, wave)
            who = f"Each pair of wave {wave.name}" if wave.name else "Each pair"
            told.append(
                f"{who} is due to meet {words.counted(due, 'time')} for "
                f"{programme.meeting_minutes} minutes: {hours:.0f} hours for each side, "
                "preparation, training and travel not counted."
            )
        return told

    def conflict_table(self) -> Shown:
        """What cannot hold, with what to do; numbers of people are with `revmentor check`."""
        design = self.params.design
        checked = (
            ""
            if design.country or design.countries
            else (" Public holidays were not looked at: the design names no country.")
        )
        if not self.conflicts:
            return shown(finding(f"No conflict in this design.{checked}", tone="good"))
        many = _many(len(self.conflicts), "conflict")
        them = "it" if len(self.conflicts) == 1 else "them"
        lead = f"{words.capital(many)} in this design: settle {them} before anybody is invited."
        rows = [(each.what, each.where, f"{words.capital(each.cure)}.") for each in self.conflicts]
        return shown(finding(lead + checked, tone="look"), plain_table(CONFLICT_HEADS, rows))


def _many(count: int, noun: str) -> str:
    return f"{words.small(count)} {words.agree(count, noun)}"


def _once(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Lines of one label in a row, with the label once."""
    found: list[tuple[str, str]] = []
    last = None
    for label, text in lines:
        found.append(("" if label == last else label, text))
        last = label
    return found
