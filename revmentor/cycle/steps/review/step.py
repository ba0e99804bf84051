"""Step 5: which pairs need us, how do the months go, what has changed, and was it worth it?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd

from revmentor import figures, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.base import Check, Step
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.review import months, outcomes, signs
from revmentor.cycle.steps.review.after import add_changes, add_staying, add_ties
from revmentor.cycle.steps.review.during import (
    COUNT_NOBODY,
    add_burden,
    add_comments,
    add_goals,
    add_pulse,
    add_training,
    add_week,
    with_sums,
)
from revmentor.cycle.steps.review.evidence import burden_of, evidence_of
from revmentor.cycle.steps.review.foretold import Foretold
from revmentor.cycle.steps.review.meetings import add_sessions, with_due
from revmentor.cycle.steps.review.outcomes import Said
from revmentor.cycle.steps.review.pages import write_waiting, write_week
from revmentor.cycle.steps.review.shares import Shares
from revmentor.cycle.steps.review.telling import WOULD_SHOW, lacking, strangers
from revmentor.cycle.steps.review.verdicts import (
    Verdicts,
    as_json,
    interim,
    judged_by,
    verdict_table,
    verdict_tiles,
)
from revmentor.cycle.steps.review.week import Week
from revmentor.cycle.steps.review.weights import SCENARIO_FILE, Weighing
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedEstimates,
    Group,
    Members,
)
from revmentor.disclosure.verdicts import DisclosedVerdicts
from revmentor.metrics import Burden, Findings, last_day, measured
from revmentor.metrics.reliability import doubts
from revmentor.planning.due import judged_on
from revmentor.tiles import finding


@dataclass(frozen=True)
class Review(Step):
    """The review tables of the pairs of this match."""

    notebook: ClassVar[str] = "05_review"
    needs: ClassVar[tuple[type[Step], ...]] = (Objectives, MatchingStep)
    no_people: ClassVar[frozenset[str]] = COUNT_NOBODY
    spare: ClassVar[Mapping[str, int]] = {
        "verdicts": 60,
        "held-of-due": 50,
        "first-meeting": 50,
        "goals-mean": 50,
    }

    @cached_property
    def _read(self) -> dict[str, pd.DataFrame]:
        """Every review table that the cycle has, as loaded."""
        frames = {name: getattr(self.context.tables, name) for name in WOULD_SHOW}
        return {name: frame for name, frame in frames.items() if frame is not None and len(frame)}

    @cached_property
    def as_of(self) -> dt.date | None:
        """The day from which the review looks; None where no table tells of any day."""
        return self.context.params.review.as_of or last_day(self._read)

    @cached_property
    def findings(self) -> Findings:
        """Every figure, as known on the day of the review."""
        return Findings(evidence_of(self.context, self._read))

    @property
    def absent(self) -> tuple[str, ...]:
        """Review tables that this cycle does not have."""
        return tuple(name for name in WOULD_SHOW if name not in self.findings.evidence.tables)

    @cached_property
    def week(self) -> Week | None:
        """The pairs with their signs; None where no table tells of any day."""
        if self.as_of is None:
            return None
        seen, tables, params = self.findings.evidence, self.context.tables, self.context.params
        return Week(seen, self.as_of, tables, params, self._judged_on)

    @property
    def foretold(self) -> Foretold:
        """Whether health foretold early ends in earlier cycles."""
        return Foretold(self.context.tables.history, self.context.work.folder.parent.parent)

    @cached_property
    def burden(self) -> Burden | None:
        """How loaded the mentors are; None without meetings and pulse."""
        if self.as_of is None:
            return None
        return burden_of(self.findings.evidence, self.as_of, self.context.params)

    @cached_property
    def judged(self) -> Verdicts:
        """The charter's criteria with their verdicts."""
        return Verdicts(self.context.params.charter.success, self.findings, self._judged_on)

    @property
    def _judged_on(self) -> dt.date:
        """The day that the calendar says it is, as far as it has a say."""
        return judged_on(self.context.params, self.as_of, self.context.today)

    @cached_property
    def _shares(self) -> Shares:
        scales = self.context.params.data.scales
        item, level = ((s.low, s.high) for s in (scales.item, scales.level))
        shares = Shares(self.findings, self.minimum, item, level)
        if self.week is not None:
            add_week(shares, self.week)
        add_sessions(
            shares,
            measured(self.findings, "first_meeting_share"),
            measured(self.findings, "meetings_held_share"),
        )
        add_pulse(shares)
        add_comments(shares, self.context.params.disclosure.minimum_comments)
        add_goals(shares, measured(self.findings, "goals_reached_share"))
        add_training(shares)
        if self.burden is not None:
            add_burden(shares, self.burden)
        for name in ("skills", "leadership", "creativity"):
            add_changes(shares, name, getattr(self.findings, name))
        add_ties(shares)
        add_staying(shares)
        pool = self.context.work.read_table("pool")
        able = pool.loc[pool["able"] & (pool["side"] == "mentee"), "person_id"]
        shares.of_measure["score_share"] = Group.of(able)
        self.judged.disclose(shares)
        return shares

    def found(self) -> Mapping[str, Disclosed]:
        """What may be shared, as far as the tables exist."""
        return self._shares.found

    def members(self) -> Mapping[str, Members]:
        """Who stands behind it."""
        return self._shares.members

    def settled(self, values: Mapping[str, Disclosed]) -> Mapping[str, Disclosed]:
        """Sums and products of numbers only where these are shown."""
        return with_sums(with_due(values), self.judged.numbers("training_compliance"))

    def this_week(self) -> Shown:
        """Which pairs need a look, what such a screen can tell, and who they are."""
        if self.week is None:
            return shown(lacking("sessions", self.findings.evidence.on_page))
        told = self.take("signs", DisclosedCounts)
        people = self.context.tables.people
        return shown(*signs.of_week(self.week, told, self.foretold, people))

    def months(self) -> Shown:
        """Meetings, pulse, response, what people ask for, training, and the mentors' load."""
        found, params = self.secured.values, self.context.params
        scale, seen, said = params.data.scales.item, self.findings, self.said
        return shown(
            *months.rhythm(found, params.programme.first_meeting_within_days, said.on_page),
            strangers(seen.rhythm.left_out, "session", self.minimum) if seen.rhythm else None,
            *months.pulse(found, (scale.low, scale.high), said.reliability["pulse"], said.on_page),
            *months.support(found),
            *months.comments(found),
            *months.training(found),
            *months.burden(found),
        )

    @cached_property
    def said(self) -> Said:
        """What the review says in words, for the report as well."""
        seen = self.findings
        judged = {
            name: [
                each
                for each in (changes.reliability if changes else ())
                if each.people >= self.minimum
            ]
            for name, changes in (
                ("pulse", seen.pulse_changes),
                ("leadership", seen.leadership),
                ("creativity", seen.creativity),
            )
        }
        texts = {name: tuple(each.text for each in scales) for name, scales in judged.items()}
        texts["pulse"] = doubts(judged["pulse"])
        staying = outcomes.staying_told(self.secured.values, seen.stays_more)
        on_page = tuple(name for name in WOULD_SHOW if name in seen.evidence.on_page)
        return Said(self.absent, self.as_of, texts, staying, on_page)

    def outcomes(self) -> Shown:
        """Goals, skills, leadership, creativity, ties, retention: what has changed?"""
        goals = self.findings.goals
        return shown(
            *outcomes.all_of(self.secured.values, self.context.params.data.scales, self.said),
            strangers(goals.left_out, "goal report", self.minimum) if goals else None,
        )

    @cached_property
    def weighing(self) -> Weighing:
        """What past ratings say about the weights."""
        return Weighing(self.context.tables, self.context.params, self.findings.evidence.pairs)

    @cached_property
    def told(self) -> DisclosedVerdicts:
        """The verdicts as far as their figures may be shown."""
        return self.judged.told(self.take("verdicts", DisclosedEstimates))

    def judgement(self) -> Shown:
        """Every criterion of the charter: met, not met, or cannot be concluded."""
        parts: list[object] = [
            finding(
                "The charter names no criterion of success, so there is nothing to judge. "
                "Add criteria to charter.success before the next cycle starts.",
                tone="look",
            )
        ]
        if self.told.rows:
            told = self.told
            charter = self.context.work.read_json("charter")
            lead = judged_by(charter, interim(self.as_of, self.context.params.programme))
            parts = [verdict_tiles(told), lead, figures.verdicts(told)]
            parts.append(verdict_table(told))
        return shown(*parts, *self.weighing.parts(self.minimum))

    def verify(self) -> tuple[Check, ...]:
        """Which tables there are, and from which day the review looks."""
        held = [name for name in WOULD_SHOW if name not in self.absent]
        return (
            Check("Review tables read", words.listed(held) if held else "none"),
            Check("Review tables that this cycle lacks", words.listed(list(self.absent)) or "none"),
            Check(
                "The review looks from",
                f"{self.as_of:%-d %B %Y}" if self.as_of else "no day, as no table tells of any",
            ),
            Check(
                "Numbers told less exactly, as others would give a small group away",
                words.number(len(self.secured.lessened)),
            ),
        )

    def write(self) -> tuple[Path, ...]:
        """The week by name, the verdicts, and what is absent."""
        work = self.context.work
        about = {**asdict(self.said), "values": list(self.secured.values)}
        written = [work.write_json("review", about, restricted=False)]
        written.append(write_waiting(self.context.tables.requests, work))
        if self.week is not None:
            written += write_week(self.week, work, self.context.title, self.foretold.sentence)
        written.append(work.write_json("judgement", self.told.to_json(), restricted=False))
        written.append(work.write_report("verdicts.json", as_json(self.told)))
        if self.weighing.scenario:
            written.append(work.write_report(SCENARIO_FILE, self.weighing.scenario))
        return tuple(written)
