"""Step 4: is every pair ready for its first meeting?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd
from IPython.display import HTML

from revmentor import figures, metrics, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.base import Check, CheckError, Step
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedEstimates,
    disclose_categories,
    disclose_load,
)
from revmentor.planning import Pack, make_packs, meetings, sample_pack
from revmentor.publish.named import pack_file, pack_fragment, pack_page
from revmentor.tables import show
from revmentor.tiles import finding

LACKS: Mapping[str, tuple[str, Callable[[Pack], bool]]] = {
    "an address to write to": ("people.email", lambda pack: not pack.partner.email),
    "a job title": ("people.job_title", lambda pack: not pack.partner.job_title),
    "working hours of both": ("people.time_zone", lambda pack: not pack.hours),
    "a working hour in common": (
        "matching.rules.minimum_overlap_hours",
        lambda pack: pack.hours.startswith("outside"),
    ),
    "a skill that the mentee asked for": (
        "applications.skills_offered, skills_wanted",
        lambda pack: not pack.teaches,
    ),
}


@dataclass(frozen=True)
class Launch(Step):
    """A first pack for each side of every pair."""

    notebook: ClassVar[str] = "04_launch"
    needs: ClassVar[tuple[type[Step], ...]] = (MatchingStep,)
    shareable: ClassVar[bool] = False

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """Two packs per pair."""
        work, tables = self.context.work, self.context.tables
        return make_packs(
            work.read_table("pairs"),
            work.read_table("contributions"),
            tables.people,
            tables.applications,
            self.context.params,
        )

    @cached_property
    def _lacking(self) -> pd.DataFrame:
        """What packs lack (rows), by the side that reads them (columns): numbers of packs."""
        counts = {
            what: [
                sum(lacks(pack) for pack in self.packs if pack.side == side)
                for side in ("mentor", "mentee")
            ]
            for what, (_, lacks) in LACKS.items()
        }
        return pd.DataFrame.from_dict(counts, orient="index", columns=["mentor", "mentee"])

    @cached_property
    def _disclosed(self) -> Mapping[str, Disclosed]:
        programme = self.context.params.programme
        weeks, hours = disclose_load(
            metrics.load(
                self.context.work.read_table("pairs"),
                self.context.tables.applications,
                meetings(programme),
                programme.end,
                programme.meeting_minutes,
            ),
            self.minimum,
        )
        lacking = self._lacking.loc[self._lacking.sum(axis=1) > 0]
        return {
            "weeks-ahead": weeks,
            "weeks-hours": hours,
            "packs-lacking": disclose_categories(
                lacking, self.minimum, unit="packs", row_name="What packs lack"
            ),
        }

    def readiness(self) -> Shown:
        """How many packs there are, and what they lack."""
        lead = (
            f"{words.capital(words.counted(len(self.packs), 'page'))} for "
            f"{words.counted(len(self.packs) // 2, 'pair')} are ready in the restricted folder."
        )
        lacking = self._lacking.loc[self._lacking.sum(axis=1) > 0]
        if lacking.empty:
            return shown(finding(lead, "None lacks anything.", tone="good"))
        cures = ", ".join(LACKS[str(what)][0] for what in lacking.index)
        return shown(
            finding(lead),
            show(self.take("packs-lacking", DisclosedCounts)),
            finding(f"To complete them, fill in: {cures}.", tone="look"),
        )

    def sample_pack(self) -> Shown:
        """A pack of a pair that does not exist."""
        page = pack_fragment(sample_pack(self.context.params), self.context.title)
        return shown(HTML(page))  # type: ignore[no-untyped-call]

    def weeks_ahead(self) -> Shown:
        """Meetings due per week against the hours that people gave."""
        weeks = self.take("weeks-ahead", DisclosedCounts)
        hours = self.take("weeks-hours", DisclosedEstimates)
        minutes = self.context.params.programme.meeting_minutes
        return shown(figures.load_by_week(weeks, hours, minutes))

    def found(self) -> Mapping[str, Disclosed]:
        """Load by week and what packs lack."""
        return self._disclosed

    def verify(self) -> tuple[Check, ...]:
        """Two packs for every pair, and no pack that says more than it may."""
        pairs = len(self.context.work.read_table("pairs"))
        if len(self.packs) != 2 * pairs:
            raise CheckError(f"{len(self.packs)} packs for {pairs} pairs: two each were expected.")
        return (Check("Packs made, two per pair", words.number(len(self.packs))),)

    def write(self) -> tuple[Path, ...]:
        """Every pack, in the restricted folder."""
        work, title = self.context.work, self.context.title
        return tuple(
            work.write_text(f"packs/{pack_file(pack)}", pack_page(pack, title))
            for pack in self.packs
        )
