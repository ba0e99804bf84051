"""Step 2: who is in, where are we short, and what do the rules leave?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd

from revmentor import figures, metrics, words
from revmentor.cycle.pool import problem_of, selection_of
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps import behind
from revmentor.cycle.steps.access import Access
from revmentor.cycle.steps.base import Check, CheckError, Step
from revmentor.cycle.steps.here import Here
from revmentor.cycle.steps.naming import write_selection
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.pool_notes import (
    PAIRS_LEFT,
    STEP_LABELS,
    STEPS,
    accounted,
    criteria_notes,
    steps_told,
)
from revmentor.cycle.steps.ready import READINESS, Ready
from revmentor.cycle.steps.recruits import RECRUITING, ROOM, Recruits
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedEstimates,
    Members,
    disclose_chain,
    disclose_estimates,
    disclose_gap,
)
from revmentor.matching import Problem, explain
from revmentor.names import SIDES
from revmentor.planning.enrolment import Selection
from revmentor.publish.cells import to_csv
from revmentor.tiles import finding, findings

SKILLS = "places-and-wants.csv"


@dataclass(frozen=True)
class Participants(Step):
    """The pool that the match draws from."""

    notebook: ClassVar[str] = "02_participants"
    needs: ClassVar[tuple[type[Step], ...]] = (Objectives,)
    spare: ClassVar[Mapping[str, int]] = {
        "funnel": 20,
        STEPS: 5,
        "room": 4,
        "recruiting": 4,
        "access-gender": 3,
        "access-generation": 2,
    }

    @cached_property
    def problem(self) -> Problem:
        """Everybody who can be matched, and the rules."""
        return problem_of(self.context.tables, self.context.params, self.selection)

    @cached_property
    def selection(self) -> Selection:
        """Who has a place, who waits, and why."""
        return selection_of(self.context.tables, self.context.params)

    @cached_property
    def _placed(self) -> Mapping[str, set[str]] | None:
        """By side: who has a place; None where everybody has."""
        if not self.selection.short:
            return None
        rows = self.selection.rows.loc[self.selection.rows["has_place"]]
        return {side: set(rows.loc[rows["side"] == side, "person_id"]) for side in SIDES}

    @cached_property
    def pool(self) -> pd.DataFrame:
        """person_id, side, able: everybody on a side, and whether an eligible partner exists."""
        alone = explain.without_partner(self.problem)
        parts = []
        for side, roster in (("mentor", self.problem.mentors), ("mentee", self.problem.mentees)):
            stuck = set(alone.loc[alone["side"] == side, "person_id"])
            able = [
                who not in stuck and places > 0
                for who, places in zip(roster.ids, roster.places, strict=True)
            ]
            parts.append(pd.DataFrame({"person_id": roster.ids, "side": side, "able": able}))
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def supply(self) -> pd.DataFrame:
        """Places and wants per skill, of those who can be matched."""
        capacity = self.context.params.matching.capacity.mentor
        return metrics.supply_demand(self.selection.pool(), capacity)

    @cached_property
    def recruits(self) -> Recruits:
        """Room for all, and whom to recruit."""
        return Recruits(self.problem, self.context.params)

    @cached_property
    def here(self) -> Here:
        """Who is here, against the company."""
        tables = self.context.tables
        return Here(tables.people, tables.applications, self.minimum)

    @cached_property
    def access(self) -> Access:
        """Whether all groups had access."""
        tables, placed = self.context.tables, self._placed
        return Access(
            tables.people,
            tables.applications,
            None if placed is None else frozenset().union(*placed.values()),
            frozenset().union(*self._eligible.values()),
            self.minimum,
        )

    @cached_property
    def readiness(self) -> Ready:
        """Whether people are ready for the five principles."""
        return Ready(self.context.tables, self.context.params)

    @cached_property
    def _reach(self) -> explain.Reach:
        return explain.reach(self.problem)

    @cached_property
    def _eligible(self) -> Mapping[str, set[str]]:
        """By side: who has an eligible partner."""
        able = self.pool.loc[self.pool["able"]]
        return {side: set(able.loc[able["side"] == side, "person_id"]) for side in SIDES}

    @cached_property
    def _disclosed(self) -> Mapping[str, Disclosed]:
        tables = self.context.tables
        stages = metrics.funnel(tables.people, tables.applications, self._eligible, self._placed)
        steps = explain.rule_effects(self.problem, self._reach).set_index("rule")
        found: dict[str, Disclosed] = {
            "funnel": disclose_chain(stages, self.minimum, row_name="stage"),
            "skill-gap": disclose_gap(self.supply, self.minimum),
            STEPS: disclose_chain(
                steps[[PAIRS_LEFT, "people_without"]], self.minimum, row_name="rule"
            ),
        }
        found |= self.here.found()
        wants = metrics.demand(self.supply)
        found["demand"] = disclose_estimates(
            {"share_of_wants": wants.share_of_wants, "covered": wants.covered},
            self.minimum,
            "what",
        )
        for part in (self.recruits, self.access, self.readiness):
            found |= part.found()
        return found

    def _counts(self, name: str) -> DisclosedCounts:
        return self.take(name, DisclosedCounts)

    def funnel(self) -> Shown:
        """From the company to those who can be matched, and who was left out of the files."""
        lines = [
            accounted(table, self.minimum)
            for table in self.context.tables.report.tables
            if table.table in ("people", "applications")
        ]
        if self.context.tables.report.warnings:
            lines.append(
                "There are warnings on the files: the load report in the restricted folder lists "
                "them."
            )
        return shown(figures.funnel(self._counts("funnel")), findings(lines))

    def supply_and_demand(self) -> Shown:
        """Places against wants, skill by skill."""
        if not int(self.supply["wanted"].sum()):
            text = (
                "Nobody states a wanted skill, so the criterion “skills” cannot count. Add the "
                "columns skills_offered and skills_wanted to applications to use it."
            )
            return shown(finding(text, tone="look"))
        wants, text = self.take("demand", DisclosedEstimates), ""
        share, covered = wants.get("share_of_wants"), wants.get("covered")
        if share and covered and share.value is not None and covered.value is not None:
            skills = words.listed(list(metrics.demand(self.supply).skills))
            text = (
                f"{share.text} of all wants are for {skills}; the mentors' places cover "
                f"{covered.text} of these."
            )
        gap = self._counts("skill-gap")
        where = f"restricted/{SKILLS} has every number." if gap.note else ""
        return shown(figures.skill_gap(gap), finding(text, where) if text or where else None)

    def into_the_pool(self) -> Shown:
        """The funnel, then what the rules remove."""
        return shown(self.funnel(), self.what_rules_remove())

    def where_short(self) -> Shown:
        """Supply and demand by skill, room in all, and whom to recruit."""
        told = self.secured.values.get(RECRUITING)
        return shown(self.supply_and_demand(), self.recruits.shown(self._counts(ROOM), told))

    def ready(self) -> Shown:
        """Both sides on the five principles, and what to do for a low one."""
        return self.readiness.shown(self.secured.values.get(READINESS))

    def who_is_here(self) -> Shown:
        """Generations, departments and grades against the company, and who had access."""
        here = {by: self._counts(f"composition-{by}") for by in self.here.groupings}
        told = {by: self._counts(f"access-{by}") for by in self.access.groupings}
        return shown(self.here.shown(here), self.access.shown(told))

    def what_rules_remove(self) -> Shown:
        """Eligible pairs after each rule, and what cannot count."""
        notes = criteria_notes(self.problem, self.context.params.matching.missing)
        return shown(
            figures.rule_steps(self._counts(STEPS), STEP_LABELS),
            findings(notes, "look") if notes else None,
        )

    def found(self) -> Mapping[str, Disclosed]:
        """Funnel, skill gap, composition, demand and the rules' effects."""
        return self._disclosed

    def members(self) -> Mapping[str, Members]:
        """Who is in the funnel, in each group, behind each want, and whom the rules leave out."""
        people, applications = self.context.tables.people, self.context.tables.applications
        pool, places = self.selection.pool(), self.context.params.matching.capacity.mentor
        found: dict[str, Members] = {
            "funnel": behind.in_funnel(people, applications, self._eligible, self._placed),
            "skill-gap": behind.in_gap(pool, self._raw_counts("skill-gap"), places),
            STEPS: behind.left_by_rules(
                self._reach, self.problem.mentors.ids, self.problem.mentees.ids
            ),
            "demand": behind.in_demand(pool, metrics.demand(self.supply).skills),
        }
        for part in (self.here, self.recruits, self.access, self.readiness):
            found |= part.behind()
        return found

    def settled(self, values: Mapping[str, Disclosed]) -> Mapping[str, Disclosed]:
        """The pairs that the rules leave, as far as the numbers of both sides are told."""
        return steps_told(values, "funnel")

    def _raw_counts(self, name: str) -> DisclosedCounts:
        value = self._disclosed[name]
        assert isinstance(value, DisclosedCounts)
        return value

    def verify(self) -> tuple[Check, ...]:
        """The files are accounted for, and there is somebody to match on both sides."""
        tables = self.context.tables
        for table in tables.report.tables:
            lost = sum(count for _, count, *_ in table.excluded)
            if table.rows_read != table.rows_used + lost:
                raise CheckError(
                    f"{table.table}: {table.rows_read} rows read, but {table.rows_used} used and "
                    f"{lost} excluded. This is a fault of revmentor: please report it."
                )
        funnel = self._counts("funnel")
        able = funnel.rows[-1]
        return (
            Check("Rows read = rows used + rows excluded, in every table", "yes"),
            Check("Mentors with an eligible partner", funnel.at(able, "mentor").text),
            Check("Mentees with an eligible partner", funnel.at(able, "mentee").text),
            Check("Smallest group that is shown", words.counted(self.minimum, "person")),
        )

    def write(self) -> tuple[Path, ...]:
        """The pool by name, every number that is not shown, and the load report."""
        work, report = self.context.work, self.context.tables.report.to_json()
        influence = self.problem.influence.set_index("criterion")
        about = {
            "notes": criteria_notes(self.problem, self.context.params.matching.missing),
            "groupings": list(self.here.groupings),
            "shares": influence["share"].to_dict(),
            "recruiting": self.recruits.advice(self.secured.values.get(RECRUITING)),
        }
        return (
            work.write_table("pool", self.pool),
            *write_selection(work, self.selection.rows, self.context.tables.people),
            *self.recruits.write(work),
            *self.here.write(work),
            *self.access.write(work),
            work.write_bytes(SKILLS, to_csv(self.supply)),
            *self.readiness.write(work),
            work.write_json("load-report", report, restricted=True),
            work.write_json("criteria-notes", list(self.problem.notes), restricted=True),
            work.write_json("pool-about", about, restricted=False),
        )
