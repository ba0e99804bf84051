"""What pairs do in the demo cycle: training, meetings, goals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.data.demo import voices, words
from revmentor.data.demo.cohort import FADING, SILENT, Cohort, Course, workday
from revmentor.data.demo.draws import Draws, Floats, Ints
from revmentor.data.demo.people import day_number, iso_dates, text_table
from revmentor.data.demo.planted import Planted
from revmentor.params.models import Programme

LATE_FIRST_MEETINGS = 0.12
"""Share of pairs whose first meeting is planned later than the programme asks for."""

_STATUS = ("held", "cancelled_by_mentee", "cancelled_by_mentor", "missed")
_CANCELS_MENTEE, _CANCELS_MENTOR, _MISSES = 0.07, 0.04, 0.03
_FADING_CANCELS, _FADING_MISSES, _FADING_UNPLANNED = 0.45, 0.18, 0.55
_TRAINING = ("completed", "attended", "excused", "invited")
_TRAINING_SHARES = np.array([[0.72, 0.11, 0.05, 0.12], [0.46, 0.16, 0.14, 0.24]])
_GOAL_SPREAD = 0.45


def pair_columns(cohort: Cohort, pairs: Ints) -> dict[str, list[str]]:
    """Ids of both sides of these pairs."""
    return {
        "mentor_id": cohort.ids[cohort.mentor[pairs]].tolist(),
        "mentee_id": cohort.ids[cohort.mentee[pairs]].tolist(),
    }


def _status_shares(cohort: Cohort, course: Course, gone: Floats, planted: Planted) -> Floats:
    """How likely is each status, by pair and meeting?"""
    executive = cohort.grade[cohort.mentee] == words.EXECUTIVE
    fades = (course.kind == FADING)[:, None] * gone
    mentee = _CANCELS_MENTEE + planted.executive_cancels.size * executive[:, None]
    mentee = mentee + _FADING_CANCELS * fades
    mentor = np.full(gone.shape, _CANCELS_MENTOR)
    missed = _MISSES + _FADING_MISSES * fades
    return np.stack([1.0 - mentee - mentor - missed, mentee, mentor, missed], axis=-1)


def hold_sessions(
    draws: Draws, cohort: Cohort, course: Course, programme: Programme, planted: Planted
) -> pd.DataFrame:
    """The raw table `sessions`.

    A steady pair plans a meeting every so many days from its first; a fading pair cancels and
    misses more and plans less as time goes by; a silent pair plans none.
    """
    length, every = cohort.end - cohort.start, programme.meeting_every_days
    within = programme.first_meeting_within_days
    pairs, most = len(cohort.mentor), -(-length // every)
    late = draws.chance(LATE_FIRST_MEETINGS, pairs)
    first = 1.0 + np.where(
        late,
        within + draws.uniform(pairs) * 20.0,
        draws.uniform(pairs) * max(within * 0.75 - 2.0, 0.0),
    )
    sway = min(2, (every - 1) // 2)
    moved = np.where(np.arange(most) > 0, draws.whole(-sway, sway, pairs, most), 0)
    day = np.floor(first).astype(np.int64)[:, None] + every * np.arange(most) + moved
    gone = np.clip(day / length, 0.0, 1.0)
    on = workday(cohort.start + day)
    planned = (on <= course.until[:, None]) & (course.kind != SILENT)[:, None]
    fades = (course.kind == FADING)[:, None] * gone * (np.arange(most) > 0)
    planned &= ~draws.chance(_FADING_UNPLANNED * fades)
    shares = _status_shares(cohort, course, gone, planted)
    status = (draws.uniform(pairs, most)[..., None] >= np.cumsum(shares, axis=-1)[..., :-1]).sum(-1)
    minutes = np.maximum(programme.meeting_minutes + 5 * draws.whole(-3, 3, pairs, most), 5)
    topic = _topics(draws, cohort, pairs, most)

    pair, meeting = np.nonzero(planned)
    held = status[pair, meeting] == 0
    named = held & ~draws.chance(0.1, len(pair))
    table = text_table(
        {
            **pair_columns(cohort, pair),
            "on": iso_dates(on[pair, meeting]),
            "status": np.array(_STATUS, dtype=object)[status[pair, meeting]].tolist(),
            "minutes": np.where(held, minutes[pair, meeting].astype("U4"), "").tolist(),
            "topic": np.where(named, topic[pair, meeting], "").tolist(),
        }
    )
    return table.drop_duplicates(["mentor_id", "mentee_id", "on"], ignore_index=True)


def _topics(draws: Draws, cohort: Cohort, pairs: int, most: int) -> npt.NDArray[np.object_]:
    """What each meeting is about: the pair's skill, or something that every pair talks about."""
    skill = np.array([skills[0] if skills else "" for skills in cohort.skills], dtype=object)
    general = np.array(voices.TOPICS, dtype=object)
    topic = general[draws.whole(0, len(general) - 1, pairs, most)]
    on_skill = draws.chance(0.6, pairs, most) & (skill != "")[:, None]
    return np.where(on_skill, np.broadcast_to(skill[:, None], topic.shape), topic)


def train(draws: Draws, cohort: Cohort, programme: Programme) -> pd.DataFrame:
    """The raw table `training`: every participant is invited to every module."""
    person = np.repeat(np.flatnonzero(cohort.participates), len(words.MODULES))
    module = np.tile(np.arange(len(words.MODULES)), len(person) // len(words.MODULES))
    top = (cohort.grade[person] == words.EXECUTIVE).astype(np.int64)
    status = draws.pick_by_row(_TRAINING_SHARES, top)
    opens = programme.training_from
    begin = cohort.start - 14 if opens is None else day_number(opens)
    on = workday(begin + 7 * module + draws.whole(0, 13, len(person)))
    asked = np.full(len(person), begin)
    on = np.where(status == 3, asked, np.where(status == 2, -1, on))
    return text_table(
        {
            "person_id": cohort.ids[person].tolist(),
            "module": np.array(words.MODULES, dtype=object)[module].tolist(),
            "status": np.array(_TRAINING, dtype=object)[status].tolist(),
            "on": iso_dates(on),
        }
    )


def pursue_goals(draws: Draws, cohort: Cohort, course: Course, planted: Planted) -> pd.DataFrame:
    """The raw table `goals`: one or two counted goals per pair, measured at four dates.

    Attainment at the end is even around the planted mean, on the way there it grows with time;
    a silent pair at most writes its goal down.
    """
    pairs = len(cohort.mentor)
    two = draws.chance(0.4, pairs)
    pair = np.repeat(np.arange(pairs), 1 + two)
    second = np.zeros(len(pair), dtype=np.bool_)
    second[1:] = pair[1:] == pair[:-1]
    baseline = draws.whole(3, 5, len(pair))
    target = baseline + draws.whole(4, 6, len(pair))
    size = planted.goal_attainment.size
    reached = draws.between(size - _GOAL_SPREAD, size + _GOAL_SPREAD, len(pair))
    first = draws.whole(0, len(voices.GOALS) - 1, pairs)
    texts, skills = [], []
    for p, later in zip(pair.tolist(), second.tolist(), strict=True):
        known = cohort.skills[p]
        skill = known[-1 if later else 0] if known else ""
        form = voices.GOALS[(first[p] + later) % len(voices.GOALS)]
        texts.append(form.format(skill=skill) if skill else voices.GOAL_WITHOUT_SKILL)
        skills.append(skill)

    length = cohort.end - cohort.start
    share = np.array([0.0, 1 / 3, 2 / 3, 1.0])
    day = cohort.start + np.floor(10 + share * (length - 13)).astype(np.int64)
    day = np.minimum(workday(day), cohort.end)
    current = baseline[:, None] + (target - baseline)[:, None] * reached[:, None] * share
    current = draws.rounded(current)
    written = np.where((course.kind[pair] == SILENT) & draws.chance(0.5, len(pair)), 1, 4)
    written = np.where(course.kind[pair] == SILENT, np.minimum(written, 1), written)
    kept = (np.arange(4) < written[:, None]) & (day <= course.until[pair][:, None])
    goal, date = np.nonzero(kept)
    table = text_table(
        {
            **pair_columns(cohort, pair[goal]),
            "goal": [texts[g] for g in goal],
            "baseline": baseline[goal].astype("U4").tolist(),
            "target": target[goal].astype("U4").tolist(),
            "current": current[goal, date].astype("U4").tolist(),
            "on": iso_dates(day[date]),
            "skill": [skills[g] for g in goal],
        }
    )
    return table.drop_duplicates(["mentor_id", "mentee_id", "goal", "on"], ignore_index=True)
