"""Step 5: do the pairs meet, how does it feel, and do they get where they wanted to be?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pandas as pd

from revmentor import figures, metrics, words
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.steps.base import Check, Step
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
    disclose_categories,
    disclose_distribution,
    disclose_estimate,
    disclose_estimates,
    disclose_pulse,
    disclose_rhythm,
)
from revmentor.planning import meetings
from revmentor.tiles import Finding, finding

WOULD_SHOW = {
    "sessions": "whether the pairs meet, and who cancels",
    "pulse": "how both sides see the five principles, and what support they ask for",
    "goals": "how near the pairs are to their goals",
}


@dataclass(frozen=True)
class Review(Step):
    """Sessions, pulse and goals of the pairs of this match."""

    notebook: ClassVar[str] = "05_review"
    needs: ClassVar[tuple[type[Step], ...]] = (MatchingStep,)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """The pairs of this match."""
        return self.context.work.read_table("pairs")

    def table(self, name: str) -> pd.DataFrame | None:
        """A review table, or None where the cycle has none or an empty one."""
        frame: pd.DataFrame | None = getattr(self.context.tables, name)
        return None if frame is None or frame.empty else frame

    @property
    def absent(self) -> tuple[str, ...]:
        """Review tables that this cycle does not have."""
        return tuple(name for name in WOULD_SHOW if self.table(name) is None)

    @cached_property
    def as_of(self) -> dt.date | None:
        """The last day that the sessions tell of."""
        sessions = self.table("sessions")
        if sessions is None or sessions["on"].isna().all():
            return None
        last: dt.date = sessions["on"].max().date()
        return last

    @cached_property
    def _sessions(self) -> metrics.Rhythm | None:
        sessions, programme = self.table("sessions"), self.context.params.programme
        if sessions is None:
            return None
        due = meetings(programme)
        return metrics.rhythm(sessions, self.pairs, due, programme.end, self.as_of)

    @cached_property
    def _goals(self) -> metrics.Goals | None:
        goals = self.table("goals")
        return None if goals is None else metrics.goal_attainment(goals, self.pairs)

    @cached_property
    def _disclosed(self) -> Mapping[str, Disclosed]:
        found: dict[str, Disclosed] = {}
        programme, minimum = self.context.params.programme, self.minimum
        rhythm, sessions = self._sessions, self.table("sessions")
        if rhythm is not None and sessions is not None:
            days = programme.first_meeting_within_days
            first = metrics.first_meeting(sessions, self.pairs, programme.start, days, self.as_of)
            found["rhythm"] = disclose_rhythm(rhythm, minimum)
            found["cancelled"] = disclose_estimates(rhythm.cancelled, minimum, "side")
            found["held-of-due"] = disclose_estimate(rhythm.held_of_due, minimum)
            found["first-meeting"] = disclose_estimate(first, minimum)
        pulse = self.table("pulse")
        if pulse is not None:
            items = self.context.params.data.items.pulse
            points = metrics.pulse_points(pulse, self.pairs, items)
            rates = metrics.response_rates(pulse, self.pairs)
            support = metrics.support_needed(pulse, self.pairs)
            found["pulse"] = disclose_pulse(points, minimum)
            found["response"] = disclose_estimates(rates, minimum, "wave", "side")
            found["support"] = disclose_categories(
                support, minimum, row_name="Support asked for in the pulse"
            )
        goals = self._goals
        if goals is not None:
            found["goals"] = disclose_distribution(
                goals.goals["capped"], minimum, step=0.1, unit="share", of="goals"
            )
            found["goals-mean"] = disclose_estimate(goals.capped, minimum)
            found["goals-reached"] = disclose_estimate(goals.reached, minimum)
        return found

    def rhythm(self) -> Shown:
        """Meetings held against due by week, and the first meeting."""
        if self._sessions is None:
            return shown(lacking("sessions"))
        text = first_meeting(
            self.take("first-meeting", DisclosedEstimate),
            self.context.params.programme.first_meeting_within_days,
        )
        plot = rhythm_figure(self._disclosed)
        return shown(plot, finding(text), self._strangers(self._sessions.left_out, "session"))

    def pulse(self) -> Shown:
        """The five principles by wave and side, and how many answered."""
        if "pulse" not in self._disclosed:
            return shown(lacking("pulse"))
        rates = self.take("response", DisclosedEstimates)
        scale = self.context.params.data.scales.item
        return shown(
            figures.pulse_lines(self.take("pulse", DisclosedEstimates), (scale.low, scale.high)),
            finding(response(rates)),
        )

    def progress(self) -> Shown:
        """How far the goals have come."""
        if self._goals is None:
            return shown(lacking("goals"))
        return shown(
            goals_figure(self._disclosed), self._strangers(self._goals.left_out, "goal report")
        )

    def support(self) -> Shown:
        """What people ask for, by side."""
        if "support" not in self._disclosed:
            return shown(lacking("pulse"))
        asked = self.take("support", DisclosedCounts)
        if not asked.rows:
            return shown(finding("Nobody asked for support in the pulse."))
        return shown(figures.support_needed(asked))

    def _strangers(self, count: int, noun: str) -> Finding | None:
        if not count:
            return None
        many = words.capital(words.counted(count, noun))
        verb = words.agree(count, "belongs") if count == 1 else "belong"
        return finding(
            f"{many} {verb} to no pair of this match and {'is' if count == 1 else 'are'} left out. "
            "Under a scenario that was not launched this is expected.",
            tone="look",
        )

    def found(self) -> Mapping[str, Disclosed]:
        """Rhythm, pulse, goals and support, as far as the tables exist."""
        return self._disclosed

    def verify(self) -> tuple[Check, ...]:
        """Which tables there are, and that every estimate says its n."""
        held = [name for name in WOULD_SHOW if name not in self.absent]
        return (
            Check("Review tables read", words.listed(held) if held else "none"),
            Check("Review tables that this cycle lacks", words.listed(list(self.absent)) or "none"),
            Check(
                "Sessions known up to",
                f"{self.as_of:%-d %B %Y}" if self.as_of else "no sessions",
            ),
        )

    def write(self) -> tuple[Path, ...]:
        """What is absent, so that the report can say so."""
        about = {"absent": list(self.absent), "as_of": self.as_of}
        return (self.context.work.write_json("review", about, restricted=False),)


def lacking(table: str) -> Finding:
    """What does the reader miss because a table is not there, and how is it added?"""
    return finding(
        f"There is no table “{table}”, so this section is empty.",
        f"It would show {WOULD_SHOW[table]}.",
        f"Name its file in the cycle's parameters under data.tables.{table}.",
        tone="look",
    )


def first_meeting(share: DisclosedEstimate, days: int) -> str:
    """How many pairs met in time, in a sentence."""
    if share.state == "not computed":
        return f"First meetings within {days} days: not computed, {share.reason}."
    detail = f" ({share.detail})" if share.detail else ""
    return f"{words.capital(share.text)} of the pairs met within {days} days{detail}."


def response(rates: DisclosedEstimates) -> str:
    """How many answered in the first and the last wave, in a sentence."""
    waves = rates.labels("wave")
    if not waves:
        return "Nobody was asked yet."
    parts = []
    for side in ("mentor", "mentee"):
        ends = [rates.get(wave, side) for wave in dict.fromkeys((waves[0], waves[-1]))]
        shares = [each.text for each in ends if each is not None]
        parts.append(f"{' and then '.join(shares)} of the {side}s")
    asked = words.listed(list(dict.fromkeys((waves[0], waves[-1]))))
    return f"Answered, in {asked}: {'; '.join(parts)}."


def rhythm_figure(found: Mapping[str, Disclosed]) -> figures.Plot:
    """The figure of meetings from what was disclosed of them."""
    weeks, cancelled, held = found["rhythm"], found["cancelled"], found["held-of-due"]
    assert isinstance(weeks, DisclosedCounts)
    assert isinstance(cancelled, DisclosedEstimates)
    assert isinstance(held, DisclosedEstimate)
    return figures.meetings_rhythm(weeks, cancelled, held)


def goals_figure(found: Mapping[str, Disclosed]) -> figures.Plot:
    """The figure of goals from what was disclosed of them."""
    goals, capped, reached = found["goals"], found["goals-mean"], found["goals-reached"]
    assert isinstance(goals, DisclosedDistribution)
    assert isinstance(capped, DisclosedEstimate)
    assert isinstance(reached, DisclosedEstimate)
    return figures.goal_progress(goals, capped, reached)
