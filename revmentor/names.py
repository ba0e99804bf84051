"""Which words does the programme use, and what do its short names mean to a reader?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SIDES: Final[tuple[str, str]] = ("mentor", "mentee")

# With one of these, nothing of a training is owed any more: who only attended has not completed it.
TRAINED: Final[tuple[str, str]] = ("completed", "excused")

# The order in which the parts of a score are added up.
CRITERIA: Final[tuple[str, ...]] = (
    "skills",
    "department",
    "generation",
    "seniority_gap",
    "interests",
    "personality",
    "site",
    "time_zone",
    "language",
    "wishes",
)

# How a figure for slides travels in an executed notebook until the run takes it out, and the
# variable by which a run asks its kernels for such figures.
SLIDE_TYPE: Final = "application/x-revmentor-slide"
SLIDES_WANTED: Final = "REVMENTOR_SLIDES"

PRINCIPLES: Final[tuple[str, ...]] = (
    "compassion",
    "respect",
    "transparency",
    "willingness",
    "commitment",
)


def _fixed(words: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(words)


SIDE_LABELS: Final = _fixed(
    {
        "mentor": "mentors (junior)",
        "mentee": "mentees (senior)",
    }
)

PRINCIPLE_LABELS: Final = _fixed(
    {
        "compassion": "compassion: a judgement-free zone",
        "respect": "mutual respect",
        "transparency": "transparent communication",
        "willingness": "willingness to learn",
        "commitment": "commitment: time, workload and mental energy",
    }
)

CRITERION_LABELS: Final = _fixed(
    {
        "skills": "skills wanted and offered",
        "department": "department",
        "generation": "generation",
        "seniority_gap": "seniority gap",
        "interests": "shared interests",
        "personality": "personality",
        "site": "site",
        "time_zone": "shared working hours",
        "language": "shared language",
        "wishes": "wishes of both sides",
    }
)

RULE_LABELS: Final = _fixed(
    {
        "minimum_grade_gap": "the mentor is junior by grade",
        "reporting_line": "not in one reporting line",
        "same_manager": "not the same manager",
        "no_repeat": "have not met in an earlier cycle",
        "vetoes": "nobody has vetoed the other",
        "forbidden": "not forbidden by a decision",
        "shared_language": "a language in common",
        "minimum_overlap_hours": "enough shared working hours",
        "common_wave": "a wave in which both are free",
    }
)

RULE_WORDS: Final = _fixed({**RULE_LABELS, "eligible": "marked as eligible"})

OTHER_LABELS: Final = _fixed(
    {
        "department": "departments",
        "generation": "generations",
        "site": "sites",
    }
)

UNMATCHED_LABELS: Final = _fixed(
    {
        "capacity": "can take nobody: capacity 0",
        "no_eligible_partner": "no eligible partner",
        "minimum_score": "no partner with enough in common",
        "places_taken": "no eligible partner has a place left",
        "outbid": "all places are filled by pairs that fit better",
        "not_proven": "the search stopped before its proof",
    }
)

OBJECTIVE_KINDS: Final = _fixed(
    {
        "hard_skill": "a hard skill: a tool or program",
        "soft_skill": "a soft skill: communication, leadership",
        "skill_gaps": "identifying skill gaps",
        "process": "finding processes to improve",
        "digital_literacy": "social media and digital literacy",
        "culture": "a more connected and inclusive culture",
    }
)

GLOSSARY: Final = _fixed(
    {
        "cycle": "one run of the programme",
        "cohort": "people who entered in the same cycle",
        "wave": "a group of pairs of one cycle that starts together",
        "scenario": "a named overlay of weights and solver settings",
        "circle": "a few mentors and mentees who meet about one topic, beside the pairs",
        "coverage": "how many mentees of the circles asked for their circle's topic",
        "criterion": "one component of a score, in 0..1",
        "weight": "a criterion's share of the score",
        "score": "the weighted sum of the criteria, 0..1 (shown 0-100)",
        "rule": "a yes/no condition on a pair",
        "eligible pair": "a pair that all rules allow",
        "capacity": "how many mentees a mentor can take",
        "matching": "the chosen pairs",
        "unmatched": "in the pool without a pair, with a reason",
        "blocking pair": (
            "two people who both strictly prefer each other to what they have, spare capacity "
            "included"
        ),
        "dual price": "the gain in the objective per extra place, locally",
        "certificate": "dual prices that prove the bound: no other matching can score more",
        "objective": "what a matching is best at: total score, most pairs, or the worst-off first",
        "frontier": "the best total for each score that the worst pair may have",
        "lottery": "the seeded choice among equally good matchings",
        "locked pair": "a pair that is kept whatever the rules say; the rest is solved around it",
        "rematch": "a new plan that breaks as few running pairs as it is allowed to",
        "pulse": "a short repeated survey",
        "response rate": "answered / invited",
        "attrition": "leavers / at risk in a stated window",
        "censored": "not yet left when observation ended",
        "minimum reporting group": "smallest n shown",
        "complementary suppression": (
            "hiding a second cell so that the first cannot be derived from the total"
        ),
    }
)
