"""What does a pack look like? One of a pair that does not exist."""

from __future__ import annotations

import pandas as pd

from revmentor.params.models import Params
from revmentor.planning.cards import EXPECTATIONS
from revmentor.planning.packs import Known, Pack, agenda, rhythm
from revmentor.planning.profiles import WHY, Profile, shared_hours
from revmentor.planning.series import Group, Seat, plan_series
from revmentor.planning.slots import Place
from revmentor.planning.waves import waves_of

ZONES = "Europe/London", "Europe/Berlin"
MENTOR = Profile(
    side="mentor",
    name="Tamsin Oyelaran",
    job_title="Analyst",
    department="Technology",
    site="Berlin",
    email="tamsin.oyelaran@example.com",
    languages=("English", "German"),
    interests=("running", "ceramics"),
    skills=("data literacy", "generative AI", "Python"),
    about="I learn best at the keyboard, with a real task in front of us.",
    zone=ZONES[1],
)
MENTEE = Profile(
    side="mentee",
    name="Joris Halvorsen",
    job_title="Director",
    department="Finance",
    site="London",
    email="joris.halvorsen@example.com",
    languages=("English",),
    interests=("running", "chess"),
    skills=("data literacy", "generative AI", "short video"),
    zone=ZONES[0],
)


def sample_pack(params: Params) -> Pack:
    """Which pack would this mentee read? Invented people, the cycle's own dates and questions.

    Parameters
    ----------
    params : Params
        The sample is in the first wave.
    """
    wave = waves_of(params)[0]
    programme = wave.of(params.programme)
    seats = Seat("mentee", Place(ZONES[0])), Seat("mentor", Place(ZONES[1]))
    hours = params.matching.working_hours
    (series,) = plan_series([Group("sample", seats, programme)], hours)
    nobody = pd.DataFrame({"person_id": pd.Series([], dtype=object)})
    known = Known(nobody, nobody, None, params)
    return Pack(
        kind="pair",
        number=0,
        side="mentee",
        seat=1,
        person_id="mentee",
        partner_ids=("mentor",),
        you=MENTEE,
        others=(MENTOR,),
        topic="",
        teaches=("data literacy", "generative AI"),
        also_wanted=("short video",),
        why=(WHY["department"],),
        shared_interests=("running",),
        hours=shared_hours(*ZONES, hours, programme.start),
        agenda=agenda(programme.meeting_minutes),
        expectations=EXPECTATIONS["mentee"],
        **rhythm("mentee", "mentee", MENTEE, series, programme, wave.name, known),
    )
