"""Step 1: what should this cycle change, and could we tell?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd

from revmentor import figures, words
from revmentor.cycle.charters import DATED, Standing, first_data, standing, to_json
from revmentor.cycle.pool import selection_of
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps import behind
from revmentor.cycle.steps.base import Check, Step
from revmentor.cycle.steps.designing import HOURS, MONTHS, DesignPart
from revmentor.cycle.steps.planned import PLANNED, Plan, planned_counts
from revmentor.cycle.steps.power_rows import (
    POWER_HEADS,
    at_the_target,
    disclosed_power,
    power_of,
    power_row,
)
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedEstimates,
    Members,
)
from revmentor.disclosure.power import DisclosedPower
from revmentor.errors import InputError
from revmentor.planning import (
    CharterDocument,
    charter_document,
    pairs_planned,
    promised,
)
from revmentor.planning.designed import offered
from revmentor.planning.power import Power
from revmentor.planning.waves import waves_of
from revmentor.tables import plain_table
from revmentor.tiles import Pointer, finding, findings

CHARTER_PAGE = "report/charter.html"


@dataclass(frozen=True)
class Objectives(Step):
    """The charter of the cycle."""

    notebook: ClassVar[str] = "01_objectives"
    spare: ClassVar[Mapping[str, int]] = {PLANNED: 30}

    @cached_property
    def document(self) -> CharterDocument:
        """The charter, with what it lacks, and whether the cycle could tell."""
        params = self.context.params
        told = [each.text for each in self.power]
        title, waves = self.context.title, waves_of(params)
        return charter_document(params.charter, params.programme, title, told, self._offered, waves)

    @cached_property
    def _offered(self) -> Mapping[str, Sequence[str]]:
        params = self.context.params
        return offered(params.design, waves_of(params), params.programme)

    @cached_property
    def _pool(self) -> pd.DataFrame:
        return selection_of(self.context.tables, self.context.params).pool()

    @cached_property
    def planned(self) -> int:
        """Pairs that planning counts with."""
        params = self.context.params
        return pairs_planned(self._pool, params.matching.capacity, params.programme.pairs_planned)

    @property
    def _stated(self) -> bool:
        return self.context.params.programme.pairs_planned is not None

    def _plan(self, values: Mapping[str, Disclosed]) -> Plan:
        """How many pairs may be told, by what these values tell."""
        counts = values.get(PLANNED)
        if isinstance(counts, DisclosedCounts):
            return Plan.told(counts)
        return Plan.of(self.planned, self.minimum)

    @cached_property
    def plan(self) -> Plan:
        """How many pairs are planned, as far as it may be told."""
        return self._plan(self.secured.values)

    @cached_property
    def power(self) -> Sequence[Power]:
        """What the pairs that are told can show, per criterion; empty where none are told."""
        return power_of(self.context.params.charter, self.plan)

    def _design(self, plan: Plan) -> DesignPart:
        return DesignPart(self.context.params, self.context.tables, self.planned, plan)

    @cached_property
    def designed(self) -> DesignPart:
        """The design: who is asked, hours, dates and what cannot hold."""
        return self._design(self.plan)

    def found(self) -> Mapping[str, Disclosed]:
        """How many pairs are planned, where that counts people, and the hours given."""
        counts = {} if self._stated else {PLANNED: planned_counts(self.planned, self.minimum)}
        return {**counts, **self._alone.found()}

    def members(self) -> Mapping[str, Members]:
        """Whose places and whose hours are told."""
        capacity = self.context.params.matching.capacity
        places = {} if self._stated else {PLANNED: behind.in_plan(self._pool, capacity)}
        return {**places, **self._alone.members()}

    @cached_property
    def _alone(self) -> DesignPart:
        return self._design(Plan.of(self.planned, self.minimum))

    def settled(self, values: Mapping[str, Disclosed]) -> Mapping[str, Disclosed]:
        """The power of every criterion and the hours due, of the pairs that are told."""
        plan = self._plan(values)
        power = disclosed_power(self.context.params.charter, plan, self.minimum)
        return {**values, "power": power, **self._design(plan).due()}

    @cached_property
    def standing(self) -> Standing:
        """Which version of the charter this is, and what changed."""
        params = self.context.params
        return standing(
            self.context.work.folder.parent,
            promised(params.charter, params.programme, self._offered),
            params.programme.start,
            self.context.today,
            self._first_data,
        )

    def _first_data(self) -> dt.date | None:
        """The first day that meetings, pulses or goals tell of; None where they cannot be read."""
        context = self.context
        try:
            tables = context.read(DATED)
        except InputError:
            return None
        return first_data(tables)

    def charter(self) -> Shown:
        """The charter as one table, its version, and what changed since the first."""
        lead, *changed = self.standing.sentences
        if not self.standing.known and self.context.draft:
            lead = f"{lead.partition(', first published')[0]}, not published yet."
        tone = "look" if self.standing.late else "plain"
        page = Pointer(
            "To print or to send: ", f"../{CHARTER_PAGE}", CHARTER_PAGE,
            ", and the same as charter.docx.",
        )  # fmt: skip
        return shown(
            plain_table(("", "Charter"), self.document.lines),
            finding(lead),
            findings(changed, tone) if changed else None,
            None if self.context.draft else page,
        )

    def success(self) -> Shown:
        """Every criterion with baseline and target, and the rule that judges it."""
        rows = [
            (item.criterion, item.figure, item.baseline, item.target, item.due)
            for item in self.document.promises
        ]
        head = ("Success criterion", "Figure that judges it", "Today", "Target", "Judged on")
        rules = [
            f"{words.listed([f'“{name}”' for name in names])}: {rule}."
            for rule, names in self.document.rules
        ]
        return shown(plain_table(head, rows) if rows else None, findings(rules) if rules else None)

    def could_we_tell(self) -> Shown:
        """Per criterion: planned n, smallest effect that shows, n needed; and the curves."""
        if self.plan.pairs is None:
            return shown(finding(self.plan.why))
        if not self.power:
            return shown(finding("The charter states no criterion, so nothing could be told."))
        criteria = self.context.params.charter.success
        both = list(zip(criteria, self.power, strict=True))
        table = plain_table(POWER_HEADS, [power_row(item, found) for item, found in both])
        inferred = [(item, found) for item, found in both if item.measure.kind != "counted"]
        if not inferred:
            text = "Every criterion is judged on everybody: any difference shows, however few."
            return shown(table, finding(text))
        drawn = any(found.curve for _, found in inferred)
        beyond = at_the_target(self.context.params.charter, self.power)
        return shown(
            figures.power_curves(self.take("power", DisclosedPower)) if drawn else None,
            table,
            findings([f"“{item.criterion}”: {found.sentences[0]}" for item, found in inferred]),
            finding(beyond) if beyond else None,
            finding(*self._counted_on()),
        )

    def _counted_on(self) -> tuple[str, ...]:
        """What n stands on, and what makes it smaller."""
        source = "as the parameters state" if self._stated else "the places of the smaller side"
        return (
            f"Planned: {self.plan.text} ({source}), if everybody is matched, stays and answers.",
            "Fewer who answer see less.",
            *self._assumed(),
        )

    def _assumed(self) -> list[str]:
        found: dict[str, list[str]] = {}
        for item, power in zip(self.context.params.charter.success, self.power, strict=True):
            for clause in power.assumed:
                found.setdefault(clause, []).append(f"“{item.criterion}”")
        return [
            f"{words.listed(who)} {words.agree(len(who), 'takes')} {clause}."
            for clause, who in found.items()
        ]

    def missing(self) -> Shown:
        """What the charter does not say yet, with what to do."""
        gaps = self.document.gaps
        if not gaps:
            return shown(finding("Nothing is missing from the charter.", tone="good"))
        lacks: dict[str, list[str]] = {}
        for gap in gaps:
            lacks.setdefault(gap.cure, []).append(gap.text)
        told = [
            f"{words.sentence('; '.join(what))} To fix: {cure}." for cure, what in lacks.items()
        ]
        many = words.capital(words.counted(len(gaps), "thing"))
        lead = finding(f"{many} {words.agree(len(gaps), 'is')} still missing:")
        return shown(lead, findings(told, "look"))

    def design(self) -> Shown:
        """Who is asked, in which waves, what is offered, and who owes which training."""
        return self.designed.design()

    def capacity(self) -> Shown:
        """Do the hours that both sides gave last for the meetings that are due?"""
        values = self.secured.values
        if MONTHS not in values:
            return self.designed.hours(None, None)
        due = self.take(MONTHS, DisclosedCounts)
        return self.designed.hours(due, self.take(HOURS, DisclosedEstimates))

    def timeline(self) -> Shown:
        """The phases as a figure, with announcements, trainings and holidays."""
        return self.designed.timeline()

    def conflicts(self) -> Shown:
        """What in the design cannot hold, with what to do."""
        return self.designed.conflict_table()

    def verify(self) -> tuple[Check, ...]:
        """Every criterion can be judged, or says what is missing."""
        criteria = self.context.params.charter.success
        rules = sum(bool(item.rule) for item in self.document.promises)
        of = f"of {len(criteria)}"
        planned = len(criteria) - sum(gap.lacks == "baseline" for gap in self.document.gaps)
        return (
            Check("The cycle's dates are in order", "yes"),
            Check("Conflicts in the design", words.number(len(self.designed.conflicts))),
            Check("Criteria with a figure that the review computes", f"{len(criteria)} {of}"),
            Check("Criteria with a rule that judges them", f"{rules} {of}"),
            Check(
                "Criteria with a target",
                f"{sum(item.target is not None for item in criteria)} {of}",
            ),
            Check("Criteria with a baseline, or a plan to get one", f"{planned} {of}"),
        )

    def write(self) -> tuple[Path, ...]:
        """The charter, for the report and for everybody whom it names."""
        found, version = self.document, self.standing.current
        content = {
            "title": self.context.title,
            "lines": found.lines,
            "criteria": [
                item.model_dump(mode="json") for item in self.context.params.charter.success
            ],
            "promises": [asdict(promise) for promise in found.promises],
            "rules": found.rules,
            "dates": found.dates,
            "gaps": [words.capital(gap.text) for gap in found.gaps],
            "digest": found.digest,
            "version": to_json(version),
            "history": self.standing.sentences,
            "late": self.standing.late,
        }
        return (self.context.work.write_json("charter", content, restricted=False),)
