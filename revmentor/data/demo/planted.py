"""The effects that the demo company carries on purpose, each in one place with how to recover it.

A metric that is right finds these within its interval; with `PLANTED_NONE` it must find nothing.
Sizes are expectations over chance: levels and items are rounded such that no effect shrinks.
Beside the effects there is *self-selection*: who has long tenure or was promoted lately signs up
more often (`applications.TENURE_APPEAL`, `applications.PROMOTED_APPEAL`) and leaves less often
(`outcomes.RISK_BY_TENURE`, `outcomes.RISK_IF_PROMOTED`). Nothing else moves both, so adjusting for
tenure and last promotion is enough, and the comparison without it overstates what the cycle did.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Effect:
    """One planted effect.

    Attributes
    ----------
    size : float
        Expected size, in `unit`; 0 where nothing is planted.
    unit : str
    acts_on : str
        Table, columns and people that it acts on.
    recover : str
        The estimate whose expectation is `size`.
    """

    size: float
    unit: str
    acts_on: str
    recover: str


@dataclass(frozen=True)
class Planted:
    """All planted effects by name.

    >>> PLANTED.skill_gain.size, PLANTED_NONE.skill_gain.size
    (0.6, 0.0)
    """

    skill_gain: Effect = Effect(
        0.6,
        "levels (1..5)",
        "skills.level of mentees, in the skills that their pair works on",
        "mean of after minus before over the rows that have both",
    )
    leadership_gain: Effect = Effect(
        0.3,
        "scale points (1..5)",
        "each item of leadership, mentors",
        "mean of after minus before, of an item or of the mean of all items",
    )
    creativity_gain: Effect = Effect(
        0.0,
        "scale points (1..5)",
        "each item of creativity, both sides: nothing is planted, on purpose",
        "mean of after minus before, of an item or of the mean of all items",
    )
    pulse_change: Effect = Effect(
        0.4,
        "scale points (1..5)",
        "pulse items of transparency and willingness, mentees; even over the waves",
        "mean of last wave minus first wave over people who answered both; other principles "
        "of mentees and all of mentors stay level, but see commitment_fall",
    )
    commitment_fall: Effect = Effect(
        -1.2,
        "scale points (1..5)",
        "pulse items of commitment, both sides of fading pairs; even over the waves",
        "mean of last wave minus first wave over pairs whose meetings die out; below zero "
        "over all pairs, in proportion to their share",
    )
    goal_attainment: Effect = Effect(
        0.7,
        "share of the way from baseline to target",
        "goals.current at the last date, pairs that met",
        "mean of (current - baseline) / (target - baseline), uncapped, at the last measure "
        "of goals measured within ten days of the end",
    )
    executive_cancels: Effect = Effect(
        0.18,
        "share of planned meetings",
        "sessions.status, mentees who are executives",
        "share cancelled_by_mentee with executives minus the share with managers and "
        "specialists, among pairs that keep meeting",
    )
    bridging_ties: Effect = Effect(
        0.7,
        "new ties per person",
        "ties between departments, participants who answered after the cycle",
        "mean number of ties after but not before to another department, participants minus "
        "other people who answered",
    )
    retention: Effect = Effect(
        -0.03,
        "difference in the share who left during the cycle",
        "outcomes.left_on, participants; the same in every stratum",
        "risk difference within strata of tenure (under 2, 2 to 6, over 6 years at the start) "
        "and last promotion (within 730 days or not), weighted by participants",
    )
    promotion: Effect = Effect(
        0.0,
        "difference in the share promoted during the cycle",
        "outcomes.promoted_on, participants: nothing is planted, on purpose",
        "risk difference within strata of grade and last promotion, weighted by participants",
    )
    rating_by_skills: Effect = Effect(
        1.2,
        "rating points (1..5) for a fit of 1 against 0",
        "history.rating_mentor and rating_mentee",
        "slope of the rating on |offered and wanted| / |wanted|, with department in the model",
    )
    rating_by_department: Effect = Effect(
        0.5,
        "rating points (1..5)",
        "history.rating_mentor and rating_mentee",
        "slope of the rating on being of different departments, with skills in the model",
    )

    def sizes(self) -> dict[str, float]:
        """Size of each effect by name."""
        return {field.name: getattr(self, field.name).size for field in fields(self)}


def _without(planted: Planted) -> Planted:
    """The same effects with size 0."""
    return replace(
        planted,
        **{
            field.name: replace(getattr(planted, field.name), size=0.0) for field in fields(planted)
        },
    )


PLANTED = Planted()
PLANTED_NONE = _without(PLANTED)
