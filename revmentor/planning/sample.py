"""What does a pack look like? One of a pair that does not exist."""

from __future__ import annotations

import datetime as dt

from revmentor.params.models import Params
from revmentor.planning.cards import CARDS, EXPECTATIONS
from revmentor.planning.packs import Pack, Profile, agenda, shared_hours
from revmentor.planning.timeline import check_ins, meetings

MENTOR = Profile(
    "Tamsin Oyelaran",
    "Analyst",
    "Technology",
    "Berlin",
    "tamsin.oyelaran@example.com",
    ("English", "German"),
    ("running", "ceramics"),
)
MENTEE = Profile(
    "Joris Halvorsen",
    "Director",
    "Finance",
    "London",
    "joris.halvorsen@example.com",
    ("English",),
    ("running", "chess"),
)


def sample_pack(params: Params) -> Pack:
    """Which page would this mentee read? Invented people, the cycle's own dates and questions."""
    programme = params.programme
    by = programme.start + dt.timedelta(days=programme.first_meeting_within_days)
    zones = "Europe/London", "Europe/Berlin"
    return Pack(
        number=0,
        side="mentee",
        you=MENTEE,
        partner=MENTOR,
        teaches=("data literacy", "generative AI"),
        also_wanted=("short video",),
        why=("skills wanted and offered", "department"),
        shared_interests=("running",),
        hours=shared_hours(*zones, params.matching.working_hours, programme.start),
        first_meeting_by=min(by, programme.end),
        meetings=meetings(programme),
        check_ins=check_ins(programme),
        minutes=programme.meeting_minutes,
        agenda=agenda(programme.meeting_minutes),
        expectations=EXPECTATIONS["mentee"],
        cards=CARDS[params.charter.kind],
    )
