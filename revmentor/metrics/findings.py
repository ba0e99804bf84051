"""Every figure of the review, each computed once, on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from revmentor.metrics.compared import Comparison
from revmentor.metrics.comparison import compare
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.evidence import Evidence
from revmentor.metrics.goals import Goals, goal_attainment
from revmentor.metrics.pulse import Answers
from revmentor.metrics.pulse import of_pairs as answers_of_pairs
from revmentor.metrics.pulse_change import pulse_changes
from revmentor.metrics.sessions import Rhythm, first_meeting, of_pairs, rhythm
from revmentor.metrics.surveys import Changes, scale_changes, skill_changes
from revmentor.metrics.survival import Event, Followed, follow
from revmentor.metrics.ties import Network, network
from revmentor.metrics.training import Training, training_compliance


@dataclass(frozen=True)
class Findings:
    """What the tables of a cycle say; None where the table that it needs is not there.

    Parameters
    ----------
    evidence : Evidence
        Pairs, people and review tables, as known on the day of the review.
    """

    evidence: Evidence

    @cached_property
    def rhythm(self) -> Rhythm | None:
        """Meetings held against due, by week."""
        sessions, seen = self.evidence.table("sessions"), self.evidence
        if sessions is None:
            return None
        known = seen.known_until("sessions")
        return rhythm(sessions, seen.pairs, seen.due, seen.end, known, seen.waves)

    @cached_property
    def held(self) -> pd.DataFrame | None:
        """Meetings held by the pairs of this match: mentor_id, mentee_id, on and more."""
        sessions = self.evidence.table("sessions")
        if sessions is None:
            return None
        rows = of_pairs(sessions, self.evidence.pairs).rows
        return rows.loc[rows["status"] == "held"]

    @cached_property
    def first_meeting(self) -> Estimate | None:
        """Share of pairs that met in time."""
        sessions, seen = self.evidence.table("sessions"), self.evidence
        if sessions is None:
            return None
        days, known = seen.first_meeting_within_days, seen.known_until("sessions")
        return first_meeting(sessions, seen.pairs, seen.start, days, known)

    @cached_property
    def answers(self) -> Answers | None:
        """Pulse answers of people in pairs."""
        pulse = self.evidence.table("pulse")
        return None if pulse is None else answers_of_pairs(pulse, self.evidence.pairs)

    @cached_property
    def pulse_changes(self) -> Changes | None:
        """The principles from the first wave to the last."""
        pulse, seen = self.evidence.table("pulse"), self.evidence
        if pulse is None:
            return None
        return pulse_changes(
            pulse, seen.pairs, seen.items["pulse"], seed=seen.seed, changed=seen.changed
        )

    @cached_property
    def goals(self) -> Goals | None:
        """Goal attainment."""
        goals = self.evidence.table("goals")
        return None if goals is None else goal_attainment(goals, self.evidence.pairs)

    @cached_property
    def training(self) -> Training | None:
        """Training attended and completed, of what was due."""
        training = self.evidence.table("training")
        return None if training is None else training_compliance(training, self.evidence.pairs)

    @cached_property
    def skills(self) -> Changes | None:
        """Skills of the mentees, before and after."""
        skills, seen = self.evidence.table("skills"), self.evidence
        if skills is None:
            return None
        return skill_changes(skills, seen.pairs, seed=seen.seed, changed=seen.changed)

    @cached_property
    def leadership(self) -> Changes | None:
        """Leadership items of the mentors, before and after."""
        return self._scale("leadership", ("mentor",))

    @cached_property
    def creativity(self) -> Changes | None:
        """Creativity items of both sides, before and after."""
        return self._scale("creativity", ("mentor", "mentee"))

    def _scale(self, table: str, sides: tuple[str, ...]) -> Changes | None:
        answers, seen = self.evidence.table(table), self.evidence
        if answers is None:
            return None
        return scale_changes(
            answers,
            seen.pairs,
            seen.items[table],
            table=table,
            seed=seen.seed,
            sides=sides,
            changed=seen.changed,
        )

    @cached_property
    def network(self) -> Network | None:
        """New ties and the E-I index."""
        ties, seen = self.evidence.table("ties"), self.evidence
        return None if ties is None else network(ties, seen.people, seen.pairs, seed=seen.seed)

    @cached_property
    def stayed(self) -> Followed | None:
        """Everybody at risk at the start, and who left by the end of the cycle or the last day."""
        return self._followed("left_on")

    @cached_property
    def promoted(self) -> Followed | None:
        """As `stayed`, and who was promoted."""
        return self._followed("promoted_on")

    def _followed(self, event: Event) -> Followed | None:
        outcomes, seen = self.evidence.table("outcomes"), self.evidence
        if outcomes is None or seen.window_end is None:
            return None
        return follow(seen.people, outcomes, seen.start, seen.window_end, event)

    @cached_property
    def stays_more(self) -> Comparison | None:
        """Participants against comparable people: who stays."""
        return self._compared("left_on")

    @cached_property
    def rises_more(self) -> Comparison | None:
        """Participants against comparable people: who is promoted."""
        return self._compared("promoted_on")

    def _compared(self, event: Event) -> Comparison | None:
        outcomes, seen = self.evidence.table("outcomes"), self.evidence
        if outcomes is None or seen.window_end is None:
            return None
        return compare(
            seen.people,
            seen.applications,
            outcomes,
            set(seen.participants["person_id"]),
            seen.start,
            seen.window_end,
            event=event,
            lacked_places=seen.lacked_places,
            seed=seen.seed,
        )
