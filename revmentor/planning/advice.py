"""What should be done where a criterion was not met?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from revmentor.names import PRINCIPLES

_PULSE = (
    "Talk about it in the next check-ins, side by side, and train for it before the next cycle."
)

IF_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "score_share": "See what each rule costs in the match, and which you would give up.",
        "wanted_skill_share": "Recruit mentors who know what is asked for and nobody offers.",
        "across_departments": "Raise the weight of department, or set a limit for it.",
        "across_generations": "Invite the generations that are missing on one side.",
        "across_sites": "Set a limit for sites, and see that hours overlap.",
        "wishes_met_share": "Raise the weight of wishes, or ask for more of them per person.",
        "first_meeting_share": (
            "Fix the first meeting at the launch, in both calendars, before people leave the room."
        ),
        "meetings_held_share": (
            "Agree a fixed slot for the whole cycle, and ask seniors for it before they are "
            "matched."
        ),
        "senior_cancellation_share": (
            "Ask the sponsor to write to the seniors: moving a meeting is fine, cancelling is not."
        ),
        "response_rate": "Ask less and later, say what became of the answers, and remind once.",
        "training_compliance": "Offer the training before the first meeting and in working hours.",
        **{f"{name}_change": _PULSE for name in PRINCIPLES},
        "goal_attainment": "Have pairs set fewer and smaller goals, and look at them half-way.",
        "goals_reached_share": "Have pairs set goals that half a year can reach.",
        "skill_change": "Match on the skills that are asked for, and give exercises for them.",
        "skills_measured_share": "Ask for the ratings in the first and the last meeting.",
        "leadership_change": "Give mentors training in feedback and goal setting, and a second go.",
        "creativity_change": "Give pairs one real process to improve together.",
        "new_ties": "Have each pair bring one more colleague to a meeting.",
        "ei_change": "Match across departments, and add circles.",
        "retention": "Look at who left and when, before anything is said of the programme.",
        "retention_difference": "Do not claim an effect on retention.",
        "promotion": "See that mentors' work is visible to those who decide on promotions.",
        "promotion_difference": "Do not claim an effect on promotions.",
    }
)
