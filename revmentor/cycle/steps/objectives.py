"""Step 1: what should this cycle change, and how will it be judged?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from revmentor import figures, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.base import Check, Step
from revmentor.planning import COMPUTED, CharterPage, charter_page, hours_per_pair, meetings, phases
from revmentor.tables import plain_table
from revmentor.tiles import finding, findings


@dataclass(frozen=True)
class Objectives(Step):
    """The charter of the cycle."""

    notebook: ClassVar[str] = "01_objectives"

    @cached_property
    def page(self) -> CharterPage:
        """The charter, with what it lacks."""
        return charter_page(self.context.params.charter, self.context.params.programme)

    def charter(self) -> Shown:
        """The charter as one table."""
        return shown(plain_table(("", "Charter"), self.page.lines))

    def success(self) -> Shown:
        """Every criterion with baseline and target, and what is missing."""
        rows = [
            (
                item.criterion,
                COMPUTED.get(item.metric, item.metric),
                "not measured yet" if item.baseline is None else in_unit(item.baseline, item.unit),
                "not stated" if item.target is None else in_unit(item.target, item.unit),
                item.unit,
                "" if item.due is None else f"{item.due:%-d %b %Y}",
            )
            for item in self.page.criteria
        ]
        head = ("Success criterion", "Figure", "Baseline", "Target", "Unit", "Due")
        lacks: dict[str, list[str]] = {}
        for gap in self.page.gaps:
            lacks.setdefault(gap.cure, []).append(f"{gap.criterion}: no {gap.lacks}")
        gaps = [f"{'; '.join(what)}. To fix: {cure}." for cure, what in lacks.items()]
        if not gaps:
            return shown(plain_table(head, rows), finding("Nothing is missing.", tone="good"))
        missing = len(self.page.gaps)
        many = words.capital(words.counted(missing, "thing"))
        lead = finding(f"{many} {words.agree(missing, 'is')} still missing:")
        return shown(plain_table(head, rows) if rows else None, lead, findings(gaps, "look"))

    def timeline(self) -> Shown:
        """The phases as a figure, and the hours that are asked of a person."""
        programme = self.context.params.programme
        due, hours = len(meetings(programme)), hours_per_pair(programme)
        text = (
            f"Each pair is due to meet {words.counted(due, 'time')} for "
            f"{programme.meeting_minutes} minutes: {hours:.0f} hours for each side, training and "
            "travel not counted."
        )
        return shown(figures.timeline(phases(programme)), finding(text))

    def verify(self) -> tuple[Check, ...]:
        """Every criterion can be judged, or says what is missing."""
        judged = sum(
            item.target is not None and item.metric in COMPUTED for item in self.page.criteria
        )
        return (
            Check("The cycle's dates are in order", "yes"),
            Check(
                "Criteria with a target and a figure that the report computes",
                f"{judged} of {len(self.page.criteria)}",
            ),
        )

    def write(self) -> tuple[Path, ...]:
        """The charter, for the report and for everybody whom it names."""
        content = {
            "title": self.context.title,
            "lines": self.page.lines,
            "criteria": [item.model_dump(mode="json") for item in self.page.criteria],
            "gaps": [
                f"The charter has no {gap.lacks}"
                if gap.criterion == "charter"
                else f"“{gap.criterion}” has no {gap.lacks}"
                for gap in self.page.gaps
            ],
        }
        return (self.context.work.write_json("charter", content, restricted=False),)


def in_unit(value: float, unit: str) -> str:
    """A target as its reader says it: shares in percent.

    >>> in_unit(0.9, "share of pairs"), in_unit(0.5, "points")
    ('90%', '0.5')
    """
    return words.percent(value) if unit.startswith("share") else f"{value:g}"
