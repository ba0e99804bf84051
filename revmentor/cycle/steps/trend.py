"""The programme over its cycles: the same figures, each as its own report shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

import pandas as pd

from revmentor import words
from revmentor.cycle import charters, history
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.base import Check, CheckError
from revmentor.disclosure import (
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
    disclose_counts,
)
from revmentor.figures.trend import directions, trend_lines
from revmentor.measures import MEASURES
from revmentor.params import Resolved, load_params
from revmentor.paths import outputs_dir, workbench_root
from revmentor.publish.workspace import Workspace
from revmentor.tables import plain_table, show
from revmentor.tiles import finding, findings

FOLDER = "trend"
MOST_FIGURES = 8
MOST_CYCLES = 6
NO_CAUSE = (
    "Cycles differ in people, size and season, and some people take part in several: a change from "
    "one cycle to the next is no proof that the programme brought it about."
)


@dataclass(frozen=True)
class Trend:
    """Published cycles side by side, up to one of them.

    Parameters
    ----------
    resolved : Resolved
        The last cycle that is compared; invented cycles are compared among themselves.
    outputs : Path
        The folder of all results.
    work : Workspace
        Where artefacts are written.
    """

    resolved: Resolved
    outputs: Path
    work: Workspace

    notebook: ClassVar[str] = "07_trend"

    @classmethod
    def of_cycle(cls, cycle: str, scenario: str, *, root: str, data: str, workdir: str) -> Self:
        """Open the published cycles up to this one; `data` is not read, results are."""
        bench = workbench_root(root)
        work = Path(workdir).resolve() if workdir else outputs_dir(bench) / f".draft-{FOLDER}"
        return cls(load_params(cycle, scenario, root=bench), work.parent, Workspace(work))

    @property
    def minimum(self) -> int:
        """Smallest group that is shown."""
        return self.resolved.params.disclosure.minimum_group

    @cached_property
    def _history(self) -> dict[str, pd.DataFrame]:
        return history.read(self.outputs)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The published cycles that are compared, in order of time."""
        runs, params = self._history["runs"], self.resolved.params
        mine = (
            (runs["scenario"] == self.resolved.scenario)
            & (runs["invented"] == (params.data.demo is not None))
            & (pd.to_datetime(runs["start"]) <= pd.Timestamp(params.programme.start))
        )
        return runs[mine].sort_values(["start", "cycle"]).tail(MOST_CYCLES).reset_index(drop=True)

    @property
    def cycles(self) -> list[str]:
        """Their names."""
        return [str(name) for name in self.runs["cycle"]]

    def _of(self, table: str) -> pd.DataFrame:
        frame = self._history[table]
        mine = frame["cycle"].isin(self.cycles) & (frame["scenario"] == self.resolved.scenario)
        return frame[mine]

    @cached_property
    def figures(self) -> DisclosedEstimates:
        """Every figure that a charter can name and a report shows, by cycle."""
        told: dict[tuple[str, str], DisclosedEstimate] = {}
        for table in ("metrics", "verdicts"):
            frame = self._of(table).dropna(subset=["measure", "estimate"])
            for row in frame.itertuples():
                key = (str(row.measure), str(row.cycle))
                told.setdefault(key, DisclosedEstimate.from_json(str(row.estimate)))
        aimed = [str(name) for name in reversed(self._of("verdicts")["measure"].tolist())]
        order = [*dict.fromkeys(aimed), *MEASURES]
        names = sorted({name for name, _ in told}, key=order.index)[:MOST_FIGURES]
        keys = [(name, cycle) for name in names for cycle in self.cycles if (name, cycle) in told]
        return DisclosedEstimates(
            minimum=self.minimum,
            names=("figure", "cycle"),
            keys=tuple(keys),
            estimates=tuple(told[key] for key in keys),
        )

    @cached_property
    def pairs(self) -> DisclosedCounts:
        """Pairs by cycle."""
        sizes = self._of("pairs").groupby("cycle").size().reindex(self.cycles, fill_value=0)
        return disclose_counts(
            pd.DataFrame({"pairs": sizes.astype("int64")}),
            self.minimum,
            totals="none",
            row_name="cycle",
            unit="pairs",
        )

    def opening(self) -> Shown:
        """Which cycles are compared."""
        if not self.cycles:
            text = f"No cycle is published yet: run revmentor run {self.resolved.cycle} first."
            return shown(finding(text, tone="look"))
        told = [f"{row.title} ({row.cycle})" for row in self.runs.itertuples()]
        if len(told) == 1:
            return shown(finding(f"One cycle only: no trend yet. It is {told[0]}."))
        return shown(finding(f"{len(told)} cycles, oldest first: {words.listed(told)}."))

    def over_cycles(self) -> Shown:
        """The same figures by cycle, and which have changed by more than chance."""
        labels = {name: words.capital(MEASURES[name].label) for name in MEASURES}
        plot = trend_lines(self.figures, labels)
        told = directions(self.figures)
        moved = {"up": "rose", "down": "fell"}
        changed = [
            f"{labels[name]} {moved[direction]} between the first and the last cycle that show it."
            for name, direction in told.items()
            if direction in moved
        ]
        return shown(
            plot,
            findings(changed) if changed else None,
            finding(NO_CAUSE) if told else None,
        )

    def verdicts(self) -> Shown:
        """What each charter aimed at, and whether it was met."""
        rows = self._of("verdicts")
        if rows.empty:
            return shown(finding("No published report has judged a criterion yet."))
        table = []
        for measure in dict.fromkeys(rows["measure"]):
            mine = rows[rows["measure"] == measure].drop_duplicates("cycle").set_index("cycle")
            cells = [
                _verdict(mine.loc[cycle]) if cycle in mine.index else "not an aim"
                for cycle in self.cycles
            ]
            table.append((words.capital(MEASURES[measure].label), *cells))
        return shown(plain_table(("Figure", *self.cycles), table))

    def size(self) -> Shown:
        """Pairs by cycle, and the version of each charter."""
        if not self.cycles:
            return shown(finding("There is nothing to count yet."))
        told = []
        for row in self.runs.itertuples():
            versions = charters.read(self.outputs / str(row.cycle))
            late = [each for each in versions if each.number > 1 and each.after_start]
            if versions:
                many = words.counted(len(versions), "version")
                after = "changed after the start" if late else "not changed after the start"
                told.append(f"Charter of {row.cycle}: {many}, {after}.")
        return shown(show(self.pairs), findings(told) if told else None)

    def verify(self) -> tuple[Check, ...]:
        """Figures of the same name are in the same unit in every cycle."""
        for name in self.figures.labels("figure"):
            units = {
                each.unit
                for (figure, _), each in zip(self.figures.keys, self.figures.estimates, strict=True)
                if figure == name
            }
            if len(units) > 1:
                raise CheckError(
                    f"{name} is in {words.listed(sorted(units))} in different cycles, so it cannot "
                    "be compared: run the older cycle again with this version."
                )
        return (
            Check("Published cycles compared", words.number(len(self.cycles))),
            Check("Figures in one unit in every cycle", words.number(
                len(self.figures.labels("figure"))
            )),
            Check("Only what reports show is shown here", "yes"),
        )  # fmt: skip

    def checks(self) -> Shown:
        """Every check with what it found."""
        return shown(
            plain_table(("Check", "Found"), [(each.what, each.found) for each in self.verify()])
        )

    def files(self) -> Shown:
        """Write what is shown, and list it."""
        self.verify()
        written = [
            self.work.write_json("trend", self.figures.to_json(), restricted=False),
            self.work.write_json("pairs-by-cycle", self.pairs.to_json(), restricted=False),
        ]
        self.work.mark_done(self.notebook)
        return shown(findings([path.relative_to(self.work.folder).as_posix() for path in written]))


def _verdict(row: pd.Series) -> str:
    """A verdict with its figure; before the criterion is due, with its day."""
    early = f", {row['why']}" if row["verdict"] == "not due yet" else ""
    return f"{row['verdict']}{early} ({row['text']})"
