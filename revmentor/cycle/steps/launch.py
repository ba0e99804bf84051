"""Step 4: is every pair ready for its first meeting?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd
from IPython.display import HTML

from revmentor import figures, metrics, words
from revmentor.cycle.shown import Shown, shown, somebody_is_looking
from revmentor.cycle.steps import packing
from revmentor.cycle.steps.base import Check, CheckError, Step
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.cycle.steps.spans import spans_of
from revmentor.disclosure import (
    EVERY_NUMBER,
    Disclosed,
    DisclosedCounts,
    DisclosedEstimates,
    disclose_categories,
    disclose_load,
)
from revmentor.names import SIDES
from revmentor.planning import (
    Known,
    Pack,
    Series,
    make_circle_packs,
    make_packs,
    meeting_series,
    meetings,
    sample_pack,
)
from revmentor.planning.lacking import lacking
from revmentor.planning.series import in_two_places
from revmentor.publish.mailmerge import MAIL, MERGE, Letter, letters, merge_table
from revmentor.publish.named import (
    FOLDER,
    LACKING,
    lacking_page,
    pack_file,
    pack_fragment,
    pack_page,
    series_file,
)
from revmentor.publish.overview import overview
from revmentor.tables import plain_table
from revmentor.tiles import Pointer, finding, findings

ROSTER = "checkin"


@dataclass(frozen=True)
class Launch(Step):
    """A pack for everybody in a pair or a circle, once the match is approved."""

    notebook: ClassVar[str] = "04_launch"
    needs: ClassVar[tuple[type[Step], ...]] = (MatchingStep,)
    shareable: ClassVar[bool] = False

    @cached_property
    def approved(self) -> bool:
        """Has somebody approved just this match?"""
        return self.context.approval is not None

    @cached_property
    def _match(self) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        work = self.context.work
        circles = work.read_table("circles") if work.has("circles") else None
        return work.read_table("pairs"), circles

    @cached_property
    def _series(self) -> tuple[tuple[Series, ...], tuple[Series, ...]]:
        pairs, circles = self._match
        return meeting_series(pairs, circles, self.context.tables.people, self.context.params)

    @property
    def series(self) -> tuple[Series, ...]:
        """The meetings of every pair, then of every circle."""
        return (*self._series[0], *self._series[1])

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """Two packs per pair, then one for each member of every circle."""
        work, tables = self.context.work, self.context.tables
        pairs, circles = self._match
        members = [] if circles is None else circles["person_id"].to_list()
        everybody = [*pairs["mentor_id"], *pairs["mentee_id"], *members]
        params = self.context.params
        gone = self.context.gone
        here = [who for who in everybody if who not in gone]
        links = packing.personal_links(self.context, here) if self.approved else {}
        known = Known(tables.people, tables.applications, tables.training, params, links, gone)
        own, others = self._series
        contributions = work.read_table("contributions")
        return (
            *make_packs(pairs, contributions, own, known),
            *make_circle_packs(circles, others, known),
        )

    @property
    def going(self) -> tuple[Pack, ...]:
        """The packs that are made and sent: not those of who has left, nor of their partners."""
        return tuple(pack for pack in self.packs if pack.goes)

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Each pack as a page; none before the match is approved."""
        if not self.approved:
            return ()
        return tuple(pack_page(pack, self.context.title) for pack in self.going)

    @cached_property
    def printed(self) -> packing.Printed:
        """Each pack as a PDF, if they are wished and can be made here."""
        wish = self.context.params.launch.pdf
        return packing.print_pages(self.pages, wish, draft=self.context.draft)

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        """The message that goes with each pack."""
        return self._written(self.going)

    def _written(self, packs: Sequence[Pack]) -> tuple[Letter, ...]:
        return letters(
            packs,
            self.context.params.launch.mail,
            cycle=self.context.resolved.cycle,
            title=self.context.title,
            pdfs=bool(self.printed.pdfs),
        )

    def _sample(self) -> Pack:
        """A pack of invented people; with a link where real ones have theirs."""
        linked = next((pack.link for pack in self.packs if pack.link), "")
        place = linked.rpartition("/")[0]
        return replace(sample_pack(self.context.params), link=f"{place}/…" if place else "")

    @cached_property
    def _lacking(self) -> pd.DataFrame:
        """What packs lack (rows), by the side that reads them (columns): numbers of packs."""
        counts = {
            lack.what: [sum(pack.side == side for pack in mine) for side in SIDES]
            for lack, mine in lacking(self.packs)
        }
        return pd.DataFrame.from_dict(counts, orient="index", columns=list(SIDES))

    @cached_property
    def _disclosed(self) -> Mapping[str, Disclosed]:
        programme = self.context.params.programme
        weeks, hours = disclose_load(
            metrics.load(
                self._match[0],
                self.context.tables.applications,
                meetings(programme),
                programme.end,
                programme.meeting_minutes,
                spans_of(self.context.params),
                self._match[1],
            ),
            EVERY_NUMBER,
        )
        return {
            "weeks-ahead": weeks,
            "weeks-hours": hours,
            "packs-lacking": disclose_categories(
                self._lacking, EVERY_NUMBER, unit="packs", row_name="What packs lack"
            ),
        }

    def readiness(self) -> Shown:
        """Is the match approved, what do the packs lack, and what is to be done?"""
        told = packing.cautions(self.context, self.going, approved=self.approved)
        return shown(
            self._standing(), *(finding(each, tone="look") for each in told), *self._to_do()
        )

    def _standing(self) -> object:
        approval, resolved = self.context.approval, self.context.resolved
        if approval is None:
            scenario = "" if resolved.scenario == "base" else f" --scenario {resolved.scenario}"
            return findings(
                (
                    "This is a draft: nobody has approved this match, so no pack is written.",
                    "Whoever decides reads 03_matching and then says: "
                    f"revmentor approve {resolved.cycle}{scenario} --by NAME",
                    "After that, the packs are made by: "
                    f"revmentor run {resolved.cycle}{scenario} --stage launch",
                ),
                tone="look",
            )
        groups = packing.grouped(self.going)
        pairs = sum(group[0].kind == "pair" for group in groups)
        counts = [words.counted(pairs, "pair")]
        if len(groups) > pairs:
            counts.append(words.counted(len(groups) - pairs, "circle"))
        lead = (
            f"{words.capital(words.counted(len(self.going), 'pack'))} for {words.listed(counts)} "
            f"{words.agree(len(self.going), 'is')} ready in the restricted folder"
        )
        kinds = "as pages and as PDFs" if self.printed.pdfs else "as pages"
        # Executed copies of notebooks name nobody: who approved stands on the page only.
        named = approval.itself or somebody_is_looking()
        return finding(
            f"{lead}, {kinds}: {approval.sentence if named else approval.shareable}.",
            self.printed.why_not,
            f"To see what would be sent: revmentor send {resolved.cycle}.",
            tone="plain" if self.printed.why_not else "good",
        )

    def _to_do(self) -> tuple[object, ...]:
        if self._lacking.empty:
            return (finding("No pack lacks anything.", tone="good"),)
        counts = self.take("packs-lacking", DisclosedCounts)
        cures = {lack.what: lack.cure for lack, _ in lacking(self.packs)}
        rows = [
            (what, *(counts.at(what, side).text for side in SIDES), cures[what])
            for what in counts.rows
            if what in cures
        ]
        heads = ("What packs lack", "Mentors' packs", "Mentees' packs", "What to do")
        page = f"restricted/{LACKING}"
        who = Pointer("Who they are, by name: ", f"../{page}", page, ".") if self.approved else None
        return (plain_table(heads, rows), who)

    def sample_pack(self) -> Shown:
        """A pack of a pair that does not exist."""
        page = pack_fragment(self._sample(), self.context.title)
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
        """A pack for everybody, no meeting of anybody at two places."""
        pairs, circles = self._match
        expected = 2 * len(pairs) + (0 if circles is None else len(circles))
        if len(self.packs) != expected:
            raise CheckError(f"{len(self.packs)} packs, and {expected} were expected.")
        meant = sum(len(series.meetings) for series in self.series)
        twice = in_two_places(self.series)
        if twice:
            raise CheckError(f"{words.counted(twice, 'meeting')} of one person at the same time.")
        written = len(self.going) if self.approved else 0
        return (
            Check("Match approved", "yes" if self.approved else "no: a draft"),
            Check("Packs written, one for each person of each pair and circle",
                  words.number(written)),
            Check("Meetings planned, nobody at two places", words.number(meant)),
        )  # fmt: skip

    def write(self) -> tuple[Path, ...]:
        """Every pack and calendar, the overview, the messages, and who may check in."""
        work = self.context.work
        work.clear(FOLDER)
        for name in ("launch.xlsx", LACKING, MERGE, f"{MAIL}.json", f"{ROSTER}.json"):
            work.clear(name)
        if not self.approved:
            return ()
        found = []
        for pack, page in zip(self.going, self.pages, strict=True):
            found.append(work.write_text(f"{FOLDER}/{pack_file(pack)}", page))
        for pack, pdf in zip(self.going, self.printed.pdfs, strict=False):
            found.append(work.write_bytes(f"{FOLDER}/{pack_file(pack, '.pdf')}", pdf))
        stamp = packing.settled_at(self.context)
        for series, group in zip(self.series, packing.grouped(self.packs), strict=True):
            group = tuple(pack for pack in group if pack.goes)
            if not group:
                continue
            content = packing.calendar_of(series, group, self.context, stamp)
            found.append(work.write_bytes(f"{FOLDER}/{series_file(group[0])}", content))
        sheets = packing.sheets(self.packs, self.series, pdfs=bool(self.printed.pdfs))
        mail = {
            "match": self.context.approval.match if self.context.approval else "",
            "letters": [each.to_json() for each in self.letters],
            "sample": self._written([self._sample()])[0].to_json(),
        }
        return (
            *found,
            work.write_bytes("launch.xlsx", overview(sheets, self.context.title)),
            work.write_text(LACKING, lacking_page(self.packs, self.context.title)),
            work.write_bytes(MERGE, merge_table(self.letters)),
            work.write_json(MAIL, mail, restricted=True),
            work.write_json(
                ROSTER, packing.check_in_list(self.packs, self.context), restricted=True
            ),
        )
