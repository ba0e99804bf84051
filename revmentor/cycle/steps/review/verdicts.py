"""The charter's criteria, each judged by the rule that was fixed before the data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from revmentor import words
from revmentor.cycle.steps.review.shares import Key, Shares
from revmentor.disclosure import DisclosedEstimate, DisclosedEstimates, Group
from revmentor.disclosure.verdicts import DisclosedVerdicts, VerdictRow
from revmentor.measures import MEASURES
from revmentor.metrics import Findings, Measured, measured
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.measured_kind import Events
from revmentor.metrics.verdict import Aim, Verdict, judge, needed_n
from revmentor.params.models import Programme, SuccessCriterion
from revmentor.planning import meetings, said
from revmentor.tables import Table, plain_table
from revmentor.tiles import Finding, Tile, Tiles, finding

TONES = {"met": "good", "not met": "look", "cannot conclude": "open", "not due yet": "open"}
SIGNS = {"met": "✓", "not met": "✗", "cannot conclude": "?", "not due yet": "…"}


@dataclass(frozen=True)
class Verdicts:
    """All criteria of a charter, with figure, rule and verdict.

    Parameters
    ----------
    criteria : sequence of SuccessCriterion
        In the charter's order.
    findings : Findings
        The figures of the cycle.
    on : date or None
        The day on which they are judged: before it is due, a criterion has no verdict.
    """

    criteria: Sequence[SuccessCriterion]
    findings: Findings
    on: dt.date | None

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """The figure of each criterion."""
        return tuple(measured(self.findings, item.metric) for item in self.criteria)

    @cached_property
    def aims(self) -> tuple[Aim, ...]:
        """What the charter fixed for each criterion."""
        return tuple(
            Aim(
                item.target,
                item.baseline,
                item.judged_by,
                item.measure.higher,
                item.least,
                item.due,
            )
            for item in self.criteria
        )

    @cached_property
    def answers(self) -> tuple[Verdict, ...]:
        """The verdict on each criterion, by the exact figures."""
        return tuple(
            judge(each.estimate, aim, self.on)
            for each, aim in zip(self.measured, self.aims, strict=True)
        )

    def numbers(self, metric: str) -> tuple[str, ...]:
        """Which criteria, by number from 1, are judged by this measure?"""
        return tuple(str(at) for at, item in enumerate(self.criteria, 1) if item.metric == metric)

    def disclose(self, shares: Shares) -> None:
        """Add the figures, by the number of the criterion from 1."""
        estimates: dict[Key, Estimate] = {}
        groups: dict[Key, Group] = {}
        events: dict[Key, Events] = {}
        for number, (item, each) in enumerate(zip(self.criteria, self.measured, strict=True), 1):
            key = (str(number),)
            estimates[key] = each.estimate
            if each.events is not None:
                events[key] = each.events
            known = shares.of_measure.get(item.metric)
            if known is not None or each.events is None:
                groups[key] = (known or shares.group(each)) if each.estimate.n else Group.of(())
        shares.several("verdicts", estimates, groups, "criterion", events=events)

    def told(self, shown: DisclosedEstimates) -> DisclosedVerdicts:
        """Every criterion with its verdict, and its figure as far as it may be shown."""
        rows = []
        for number, (item, aim, answer, each) in enumerate(
            zip(self.criteria, self.aims, self.answers, self.measured, strict=True), 1
        ):
            figure = shown.get(str(number))
            assert figure is not None
            if figure.state == "small group" and answer.answer != "not due yet":
                answer = Verdict("cannot conclude", f"there are {figure.text}")
            rows.append(
                VerdictRow(
                    criterion=item.criterion,
                    metric=item.metric,
                    figure=item.measure.label,
                    answer=answer.answer,
                    why=answer.why,
                    rule=aim.words,
                    baseline=item.baseline,
                    target=item.target,
                    unit=item.measure.unit,
                    estimate=figure,
                    needed=_needed(figure, each.estimate, aim, answer),
                    due=item.due,
                )
            )
        return DisclosedVerdicts(minimum=shown.minimum, rows=tuple(rows))


def _needed(figure: DisclosedEstimate, estimate: Estimate, aim: Aim, answer: Verdict) -> int | None:
    """How many would have settled it, rounded up to two digits; only where the figure is shown."""
    if answer.answer != "cannot conclude" or figure.value is None:
        return None
    exact = needed_n(estimate, aim)
    if exact is None:
        return None
    unit: int = 10 ** max(0, len(str(exact)) - 2)
    return -(-exact // unit) * unit


def as_json(found: DisclosedVerdicts) -> list[dict[str, object]]:
    """The verdicts for other programs: criterion, verdict, n, estimate, interval, rule."""
    return [
        {
            "criterion": row.criterion,
            "verdict": row.answer,
            "due": row.due.isoformat() if row.due else None,
            "n": row.estimate.n,
            "estimate": row.estimate.value,
            "interval": (
                None
                if row.estimate.low is None or row.estimate.high is None
                else [row.estimate.low, row.estimate.high]
            ),
            "rule": row.rule,
            "why": row.why,
            "metric": row.metric,
            "figure": row.figure,
            "unit": row.unit,
            "baseline": row.baseline,
            "target": row.target,
            "needed_n": row.needed,
        }
        for row in found.rows
    ]


def judged_by(charter: Mapping[str, Any], *more: str) -> Finding:
    """By which charter the verdicts are, and what changed in it: a late one is marked."""
    version = charter["version"]
    late = charter["late"] or version["after_start"] or version["after_data"]
    sentences = ("Judged by the rules of the charter.", *charter["history"], *more)
    return finding(*sentences, tone="look" if late else "plain")


def interim(as_of: dt.date | None, programme: Programme) -> str:
    """That figures may still change, where meetings are due after the day of the review."""
    if as_of is None or all(day <= as_of for day in meetings(programme)):
        return ""
    return (
        f"Meetings are due until {programme.end:%-d %B %Y}: what stands here is of "
        f"{as_of:%-d %B %Y} and may change."
    )


def verdict_tiles(found: DisclosedVerdicts) -> Tiles:
    """One tile per criterion: the verdict first."""
    return Tiles(
        tuple(
            Tile(
                row.criterion,
                f"{SIGNS[row.answer]} {row.answer}",
                f"{_judged_on(row)}{_so_far(row)}{row.found}; target {target_said(row)}",
                TONES[row.answer],
            )
            for row in found.rows
        )
    )


def verdict_table(found: DisclosedVerdicts) -> Table:
    """Every criterion with figure, target, verdict, and the rule that gave it."""
    rows = [
        (
            row.criterion,
            words.capital(row.figure),
            row.found,
            target_said(row),
            marked(row),
            words.capital(row.why),
        )
        for row in found.rows
    ]
    return plain_table(("Criterion", "Figure", "Found", "Target", "Verdict", "Why"), rows)


def marked(row: VerdictRow) -> str:
    """The verdict with its sign."""
    return f"{SIGNS[row.answer]} {row.said}"


def _judged_on(row: VerdictRow) -> str:
    early = row.answer == "not due yet" and row.due is not None
    return f"judged on {row.due:%-d %B %Y}; " if early else ""


def _so_far(row: VerdictRow) -> str:
    known = row.answer == "not due yet" and row.estimate.value is not None
    return "so far " if known else ""


def target_said(row: VerdictRow) -> str:
    """A target as its reader says it, in the unit in which its figure is told."""
    return "not stated" if row.target is None else said(row.target, MEASURES[row.metric])
