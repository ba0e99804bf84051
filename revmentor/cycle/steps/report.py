"""Step 6: the cycle in two minutes. Reads what the other steps wrote, and computes nothing."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, ClassVar

from revmentor import figures, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.base import Check, Step
from revmentor.cycle.steps.circling import circles_proof
from revmentor.cycle.steps.headline import headline, proof
from revmentor.cycle.steps.launch import Launch
from revmentor.cycle.steps.matching import SUMMARY, MatchingStep
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.participants import Participants
from revmentor.cycle.steps.review import (
    WOULD_SHOW,
    Review,
    goals_figure,
    response,
    rhythm_figure,
)
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.names import CRITERION_LABELS, GLOSSARY, SIDES
from revmentor.planning import in_unit
from revmentor.tables import plain_table
from revmentor.tiles import Tile, Tiles, finding, findings


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

    @property
    def _absent(self) -> tuple[str, ...]:
        return tuple(self._json("review")["absent"])

    def opening(self) -> Shown:
        """Name, dates and objective."""
        charter = self._json("charter")
        lines = dict(charter["lines"])
        why = self.context.resolved.why
        scenario = self.context.resolved.scenario
        return shown(
            finding(
                f"{charter['title']}.",
                f"Pairs meet from {lines['Pairs meet']}.",
                "" if scenario == "base" else f"Scenario {scenario}: {why}",
            ),
            finding(f"What it should change: {lines['Objective']}"),
        )

    def headline(self) -> Shown:
        """Four figures of the match, two of the months, three sentences."""
        shares = self._read("quality", DisclosedEstimates)
        summary = self._json(SUMMARY)
        tiles = headline(
            self._read("pairs", DisclosedCounts),
            self._read("placed", DisclosedCounts),
            shares,
            self._read("scores", DisclosedDistribution),
        )
        wanted = shares.get("wanted_skill")
        skill = (
            f"The mentor knows something that the mentee asked for in {_of_pairs(wanted)}."
            if wanted is not None and wanted.state != "not computed"
            else "Nobody states a wanted skill, so skills do not count in this match."
        )
        return shown(
            tiles,
            self._months_tiles(),
            finding(_proof(summary), skill, self._short()),
        )

    def _months_tiles(self) -> Tiles | None:
        tiles = []
        if "sessions" not in self._absent:
            held = self._read("held-of-due", DisclosedEstimate)
            first = self._read("first-meeting", DisclosedEstimate)
            days = self.context.params.programme.first_meeting_within_days
            tiles.append(
                Tile(
                    "of the meetings due were held",
                    held.text,
                    self._aimed(held, "meetings_held_share"),
                )
            )
            tiles.append(
                Tile(
                    f"of pairs met within {days} days",
                    first.text,
                    self._aimed(first, "first_meeting_share"),
                )
            )
        if "goals" not in self._absent:
            mean = self._read("goals-mean", DisclosedEstimate)
            tiles.append(
                Tile(
                    "of the way to their goals, on average",
                    mean.text,
                    self._aimed(mean, "goal_attainment"),
                )
            )
        return Tiles(tuple(tiles)) if tiles else None

    def _aimed(self, share: DisclosedEstimate, metric: str) -> str:
        """The interval, and the charter's target where it names this figure."""
        aims = [
            f"the charter's target: {in_unit(float(item['target']), item['unit'])}"
            for item in self._json("charter")["criteria"]
            if item["metric"] == metric and item["target"] is not None
        ]
        return "; ".join(part for part in (*aims, share.detail) if part)

    def _short(self) -> str:
        gap = self._read("skill-gap", DisclosedCounts)
        return f"{words.capital(figures.skill_gap(gap).title)}." if gap.rows else ""

    def who_took_part(self) -> Shown:
        """Skills supplied against wanted, and both sides against the company."""
        notes = self._json("pool-about")
        gap = self._read("skill-gap", DisclosedCounts)
        plots = [figures.skill_gap(gap)] if gap.rows else []
        plots += [
            figures.composition(self._read(f"composition-{by}", DisclosedCounts))
            for by in notes["groupings"][:1]
        ]
        return shown(*plots, findings(notes["notes"], "look") if notes["notes"] else None)

    def the_match(self) -> Shown:
        """Scores with the worst pair, and who meets whom."""
        plots = [figures.score_distribution(self._read("scores", DisclosedDistribution))]
        plots += [
            figures.who_meets_whom(self._read(f"meets-{by}", DisclosedCounts), by)
            for by in self._json(SUMMARY)["groupings"]
        ]
        return shown(finding(*self._joined()), *plots, self._circles())

    def _circles(self) -> object:
        """How many circles meet beside the pairs; None where there are none."""
        if not self.context.params.circles.on:
            return None
        summary, placed = (
            self._json("circles_summary"),
            self._read("circles-placed", DisclosedCounts),
        )
        if not summary["circles"]:
            return finding("Circles were asked for, and none can be formed.")
        mentors, mentees = (placed.at("in a circle", side).text for side in SIDES)
        return finding(
            f"Beside the pairs, {mentors} mentors and {mentees} mentees meet in "
            f"{words.counted(summary['circles'], 'circle')}, each about one topic.",
            circles_proof(summary),
        )

    def _joined(self) -> list[str]:
        """Shares of pairs that the charter may aim at, each with its target if it does."""
        shares = self._read("quality", DisclosedEstimates)
        told = []
        for name, metric, what in (
            ("wanted_skill", "wanted_skill_share", "bring a skill that was asked for"),
            ("across_department", "across_departments", "join two departments"),
        ):
            share = shares.get(name)
            if share is not None and share.state != "not computed":
                beside = self._aimed(share, metric)
                told.append(f"{_of_pairs(share)} {what}{f' ({beside})' if beside else ''}.")
        return [words.capital(sentence) for sentence in told]

    def the_months(self) -> Shown:
        """Meetings, pulse and goals, as far as there are tables."""
        parts: list[object] = []
        if "sessions" not in self._absent:
            parts.append(
                rhythm_figure(
                    {
                        "rhythm": self._read("rhythm", DisclosedCounts),
                        "cancelled": self._read("cancelled", DisclosedEstimates),
                        "held-of-due": self._read("held-of-due", DisclosedEstimate),
                    }
                )
            )
        if "pulse" not in self._absent:
            scale = self.context.params.data.scales.item
            pulse = self._read("pulse", DisclosedEstimates)
            parts.append(figures.pulse_lines(pulse, (scale.low, scale.high)))
            parts.append(finding(response(self._read("response", DisclosedEstimates))))
        if "goals" not in self._absent:
            parts.append(
                goals_figure(
                    {
                        "goals": self._read("goals", DisclosedDistribution),
                        "goals-mean": self._read("goals-mean", DisclosedEstimate),
                        "goals-reached": self._read("goals-reached", DisclosedEstimate),
                    }
                )
            )
        if len(self._absent) == len(WOULD_SHOW):
            parts.append(
                finding("The months are not in this report: the cycle has no table of them yet.")
            )
        return shown(*parts)

    def how_we_know(self) -> Shown:
        """What cannot be said, the words used, and what the report was made with."""
        return shown(findings(self._limits()), plain_table(("", "How we know"), self._methods()))

    def _limits(self) -> list[str]:
        unseen = [
            f"Without a table “{name}” we cannot say {WOULD_SHOW[name]}." for name in self._absent
        ]
        gaps = [f"{gap}." for gap in self._json("charter")["gaps"]]
        return [
            *unseen,
            *gaps,
            "The score says how well two people fit the criteria and weights that were chosen, "
            "not that their mentoring will succeed.",
            "Who volunteers differs from who does not: nothing here shows that the programme "
            "caused a change.",
            f"Groups of fewer than {self.minimum} people are not shown, nor what would give them "
            "away.",
        ]

    def _methods(self) -> list[tuple[str, str]]:
        summary = self._json(SUMMARY)
        weights = [
            f"{CRITERION_LABELS[name]} {words.percent(share)}"
            for name, share in self._json("pool-about")["shares"].items()
            if share > 0
        ]
        candidates = words.counted(summary["columns"], "candidate pair")
        rounds = words.counted(summary["rounds"], "round")
        versions = [f"{name} {version(name)}" for name in ("revmentor", "pulp", "highspy")]
        return [
            ("Score", f"Weighted sum of criteria: {', '.join(weights)}."),
            (
                "Proof",
                f"{_proof(summary)} Solved over {candidates} in {rounds}, then tested "
                "on every eligible pair, twice: by the solver and by an independent "
                "calculation.",
            ),
            ("Certificate", words.sentence(GLOSSARY["certificate"])),
            ("Intervals", "95%: Wilson's for shares, Student's t for means."),
            ("Parameters", f"{self.context.resolved.digest[:12]}, in params.resolved.yaml"),
            ("Versions", f"{', '.join(versions)}, Python {platform.python_version()}"),
        ]

    def verify(self) -> tuple[Check, ...]:
        """Everything that the report quotes is disclosed."""
        return (Check("Smallest group that is shown", words.counted(self.minimum, "person")),)


def _proof(summary: Mapping[str, Any]) -> str:
    return proof(summary["status"], summary["gap"], summary["aim"])


def _of_pairs(share: DisclosedEstimate) -> str:
    return f"{share.text} of the pairs" if share.state == "shown" else f"{share.text} pairs"
