"""Step 6: the cycle in two minutes. Reads what the other steps wrote, and computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from revmentor import figures, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.base import Check, Step
from revmentor.cycle.steps.certificate import SUMMARY
from revmentor.cycle.steps.circling import circles_proof
from revmentor.cycle.steps.headline import headline, proof
from revmentor.cycle.steps.here import too_small
from revmentor.cycle.steps.launch import Launch
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.cycle.steps.meeting import meetings_shown
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.participants import Participants
from revmentor.cycle.steps.report import advice
from revmentor.cycle.steps.report.methods import METHODS
from revmentor.cycle.steps.report.telling import made_of, what_cannot_be_said
from revmentor.cycle.steps.review import Review, months, outcomes
from revmentor.cycle.steps.review.outcomes import Said
from revmentor.cycle.steps.review.verdicts import (
    interim,
    judged_by,
    verdict_table,
    verdict_tiles,
)
from revmentor.cycle.steps.review.weights import SCENARIO_FILE
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.disclosure.verdicts import DisclosedVerdicts
from revmentor.figures.composition import compares
from revmentor.names import SIDES
from revmentor.planning.due import judged_on
from revmentor.publish.methods import methods_page
from revmentor.tables import plain_table
from revmentor.tiles import Finding, Heading, Pointer, finding, findings

METHODS_PAGE = "methods.html"


@dataclass(frozen=True)
class Report(Step):
    """The page that an HR lead forwards."""

    notebook: ClassVar[str] = "06_report"
    needs: ClassVar[tuple[type[Step], ...]] = (
        Objectives,
        Participants,
        MatchingStep,
        Launch,
        Review,
    )

    def _read[T: Disclosed](self, name: str, kind: type[T]) -> T:
        return kind.from_json(self.context.work.read_json(name))

    def _json(self, name: str) -> Any:
        return self.context.work.read_json(name)

    @cached_property
    def _months(self) -> Mapping[str, Disclosed]:
        """Everything that the review disclosed, by name."""
        work = self.context.work
        names = self._json("review")["values"]
        return {name: Disclosed.from_json(work.read_json(name)) for name in names}

    @cached_property
    def said(self) -> Said:
        """What the review said in words."""
        return Said.read(self._json("review"))

    @cached_property
    def told(self) -> DisclosedVerdicts:
        """The verdicts."""
        return self._read("judgement", DisclosedVerdicts)

    def opening(self) -> Shown:
        """Name, dates and objective; then the verdict on each criterion, and what it rests on."""
        charter = self._json("charter")
        lines = dict(charter["lines"])
        why, scenario = self.context.resolved.why, self.context.resolved.scenario
        told = self.told
        lead = (
            f"{figures.verdict_title(told)}."
            if told.rows
            else "The charter names no criterion of success, so there is nothing to judge."
        )
        return shown(
            finding(
                f"{charter['title']}.",
                f"Pairs meet from {lines['Pairs meet']}.",
                "" if scenario == "base" else f"Scenario {scenario}: {why}",
                f"What it should change: {lines['Objective']}",
            ),
            Heading(lead.rstrip(".")),
            verdict_tiles(told) if told.rows else None,
            self._rests_on(charter),
            self._figures(),
            finding(proof(*self._proof()), self._skill(), self._short()),
        )

    def _rests_on(self, charter: Mapping[str, Any]) -> Finding:
        """By which charter it was judged, and up to which day."""
        day = f"The review looks from {self.said.as_of:%-d %B %Y}." if self.said.as_of else ""
        open_still = interim(self.said.as_of, self.context.params.programme)
        return judged_by(charter, day, open_still)

    def _figures(self) -> object:
        """Four figures of the match."""
        return headline(
            self._read("pairs", DisclosedCounts),
            self._read("placed", DisclosedCounts),
            self._read("quality", DisclosedEstimates),
            self._read("scores", DisclosedDistribution),
        )

    def _proof(self) -> tuple[str, float, str]:
        summary = self._json(SUMMARY)
        return summary["status"], summary["gap"], summary["aim"]

    def _skill(self) -> str:
        wanted = self._read("quality", DisclosedEstimates).get("wanted_skill")
        if wanted is None or wanted.state == "not computed":
            return "Nobody states a wanted skill, so skills do not count in this match."
        return f"The mentor knows something that the mentee asked for in {_of_pairs(wanted)}."

    def _short(self) -> str:
        gap = self._read("skill-gap", DisclosedCounts)
        return f"{words.capital(figures.skill_gap(gap).title)}." if gap.rows else ""

    def what_to_do(self) -> Shown:
        """What follows for the next months and the next cycle."""
        found = self._months
        told = []
        first, programme = found.get("first-meeting"), self.context.params.programme
        if isinstance(first, DisclosedEstimate):
            open_still = bool(interim(self.said.as_of, programme))
            days = programme.first_meeting_within_days
            told += advice.on_first_meetings(first, days, open_still=open_still)
        params = self.context.params
        begun = judged_on(params, self.said.as_of, self.context.today) >= programme.start
        told += advice.on_verdicts(self.told, begun=begun)
        cancelled, support = found.get("cancelled"), found.get("support")
        if isinstance(cancelled, DisclosedEstimates):
            told += advice.on_cancellations(cancelled)
        told += advice.on_recruiting(self._json("pool-about").get("recruiting", ()))
        if isinstance(support, DisclosedCounts):
            told += advice.on_support(support)
        if self.context.work.has_report(SCENARIO_FILE):
            told.append(
                f"Try the weights that past ratings speak for: {SCENARIO_FILE}, as a scenario."
            )
        plot = figures.verdicts(self.told) if self.told.rows else None
        if not told:
            return shown(finding("Nothing follows that the figures ask for.", tone="good"), plot)
        return shown(findings(told), plot)

    def who_and_match(self) -> Shown:
        """Skills supplied against wanted, both sides against the company, the pairs."""
        notes = self._json("pool-about")
        gap = self._read("skill-gap", DisclosedCounts)
        plots: list[object] = [figures.skill_gap(gap)] if gap.rows else []
        for by in notes["groupings"][:1]:
            here = self._read(f"composition-{by}", DisclosedCounts)
            plots.append(
                figures.composition(here) if compares(here) else too_small([by], self.minimum)
            )
        plots.append(figures.score_distribution(self._read("scores", DisclosedDistribution)))
        groupings = self._json(SUMMARY)["groupings"]
        plots += meetings_shown(
            {by: self._read(f"meets-{by}", DisclosedCounts) for by in groupings}
        )
        told = findings(notes["notes"], "look") if notes["notes"] else None
        return shown(*plots, self._circles(), told)

    def _circles(self) -> object:
        """How many circles meet beside the pairs; None where there are none."""
        if not self.context.params.circles.on:
            return None
        summary = self._json("circles_summary")
        if not summary["circles"]:
            return finding("Circles were asked for, and none can be formed.")
        placed = self._read("circles-placed", DisclosedCounts)
        mentors, mentees = (placed.at("in a circle", side).text for side in SIDES)
        return finding(
            f"Beside the pairs, {mentors} mentors and {mentees} mentees meet in "
            f"{words.counted(summary['circles'], 'circle')}, each about one topic.",
            circles_proof(summary),
        )

    def months(self) -> Shown:
        """Meetings and pulse, as far as there are tables."""
        params, found, said = self.context.params, self._months, self.said
        scale = params.data.scales.item
        parts = [
            *months.rhythm(found, params.programme.first_meeting_within_days, said.on_page),
            *months.pulse(found, (scale.low, scale.high), said.reliability["pulse"], said.on_page),
            *months.support(found),
            *months.training(found),
        ]
        return shown(*parts)

    def outcomes(self) -> Shown:
        """What has changed, benefit by benefit."""
        return shown(*outcomes.all_of(self._months, self.context.params.data.scales, self.said))

    def how_we_know(self) -> Shown:
        """What cannot be said, the rules of the verdicts, and what the report was made with."""
        told = self.told
        lead = "Every figure with its formula and source: "
        methods = Pointer(lead, METHODS_PAGE, "methods", ".")
        return shown(
            findings(what_cannot_be_said(self.said, self._json("charter")["gaps"], self.minimum)),
            verdict_table(told) if told.rows else None,
            plain_table(
                ("", "How we know"),
                made_of(
                    self._json(SUMMARY),
                    self._json("pool-about")["shares"],
                    proof(*self._proof()),
                    self.context.resolved.digest,
                    self._json("charter"),
                ),
            ),
            None if self.context.draft else methods,
        )

    def verify(self) -> tuple[Check, ...]:
        """Everything that the report quotes is disclosed."""
        return (
            Check("Smallest group that is shown", words.counted(self.minimum, "person")),
            Check("Criteria judged", words.number(len(self.told.rows))),
        )

    def write(self) -> tuple[Path, ...]:
        """The page of methods."""
        return (
            self.context.work.write_report(METHODS_PAGE, methods_page(self.context.title, METHODS)),
        )


def _of_pairs(share: DisclosedEstimate) -> str:
    return f"{share.text} of the pairs" if share.state == "shown" else f"{share.text} pairs"
