"""What people of the demo cycle answer: the pulse, skills, leadership, creativity."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.data.demo import voices, words
from revmentor.data.demo.cohort import FADING, SILENT, Cohort, Course
from revmentor.data.demo.draws import Bools, Draws, Floats, Ints
from revmentor.data.demo.people import iso_dates, text_table
from revmentor.data.demo.planted import Planted
from revmentor.params.models import Programme

DISAGREEING = 0.06
"""Share of pairs whose mentor feels much less compassion and respect than the mentee."""

_PULSE_LEVEL = np.array([3.6, 3.8, 3.1, 3.3, 3.4])
_RISING = np.array([0.0, 0.0, 1.0, 1.0, 0.0])
_FALLING = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
_DISAGREED = np.array([-1.2, -1.2, 0.0, 0.0, 0.0])
_BLANK_ITEM = 0.015
_LATEST_ANSWER = 8
SIDES = ("mentor", "mentee")


def pulse_days(programme: Programme) -> list[int]:
    """Days after the start of the waves: every check-in that leaves two weeks to the end.

    A cycle that is too short for one has a single wave in its middle.
    """
    length, every = (programme.end - programme.start).days, programme.check_in_every_days
    days = list(range(every, length - 13, every))
    return days or [max(1, length // 2)]


def answer_pulse(
    draws: Draws, cohort: Cohort, course: Course, programme: Programme, planted: Planted
) -> pd.DataFrame:
    """The raw table `pulse`: both sides, every wave, two items per principle.

    People of fading pairs answer less and less, of silent pairs seldom, who has left not at all.
    """
    days = np.array(pulse_days(programme))
    pairs, waves = len(cohort.mentor), len(days)
    path = np.arange(waves) / max(waves - 1, 1)
    fading = (course.kind == FADING)[:, None, None]
    own = draws.between(-0.45, 0.45, pairs, 2)
    level = (
        _PULSE_LEVEL
        + draws.between(-0.3, 0.3, pairs)[:, None, None, None]
        + own[:, :, None, None]
        + draws.between(-0.2, 0.2, pairs, 2, waves, len(words.PRINCIPLES))
    )
    mentee = np.array([0.0, 1.0])[:, None, None]
    level += planted.pulse_change.size * mentee * path[:, None] * _RISING
    level += planted.commitment_fall.size * fading[..., None] * path[:, None] * _FALLING
    apart = draws.chance(DISAGREEING, pairs)
    level += apart[:, None, None, None] * (1.0 - mentee) * _DISAGREED
    items = np.clip(draws.rounded(np.repeat(level, 2, axis=3)), 1, 5)

    on = cohort.start + days + draws.whole(0, _LATEST_ANSWER, pairs, 2, waves)
    likely = 0.88 + 0.1 * own[:, :, None] - 0.45 * fading * path
    likely = np.where((course.kind == SILENT)[:, None, None], 0.25, likely)
    answered = draws.chance(likely) & (on <= course.until[:, None, None])
    pair, side, wave = np.nonzero(answered)
    both = np.stack([cohort.mentor, cohort.mentee], axis=1)
    helped = draws.chance(np.where(course.kind[pair] == FADING, 0.28, 0.1) - 0.04 * side)
    return text_table(
        {
            "person_id": cohort.ids[both[pair, side]].tolist(),
            "partner_id": cohort.ids[both[pair, 1 - side]].tolist(),
            "wave": [f"day{day}" for day in days[wave]],
            "on": iso_dates(on[pair, side, wave]),
            **_answers(draws, words.PULSE_ITEMS, items[pair, side, wave]),
            "support_needed": _said(draws, voices.SUPPORT, side, helped),
            "comment": _comments(draws, side),
        }
    )


def _answers(draws: Draws, names: tuple[str, ...], items: Ints) -> dict[str, list[str]]:
    """Item columns; a few answers are blank."""
    blank = draws.chance(_BLANK_ITEM, *items.shape)
    cells = np.where(blank, "", items.astype("U1"))
    return {name: cells[:, index].tolist() for index, name in enumerate(names)}


def _said(
    draws: Draws, lines: Mapping[str, tuple[str, ...]], side: Ints, speaks: Bools
) -> list[str]:
    """One of the side's lines where somebody speaks."""
    chance = draws.uniform(len(side))
    return [
        lines[SIDES[s]][int(u * len(lines[SIDES[s]]))] if says else ""
        for s, u, says in zip(side.tolist(), chance.tolist(), speaks.tolist(), strict=True)
    ]


def _comments(draws: Draws, side: Ints) -> list[str]:
    """Comments of some; where enough people comment, every awkward one is among them."""
    speaks = draws.chance(0.13, len(side))
    comments = _said(draws, voices.COMMENTS, side, speaks)
    rows = np.flatnonzero(speaks)[draws.order(int(speaks.sum()))]
    if len(rows) >= 2 * len(voices.AWKWARD):
        for row, text in zip(rows, voices.AWKWARD, strict=False):
            comments[row] = text
    return comments


def _reachable(cohort: Cohort, course: Course) -> tuple[Bools, Bools]:
    """Who can be asked after the cycle: employed, and (mentors, mentees) of a pair that met."""
    flags = []
    for side in (cohort.mentor, cohort.mentee):
        asked = np.zeros(len(cohort.ids), dtype=np.bool_)
        asked[side[course.kind != SILENT]] = True
        flags.append(asked & (course.left < 0))
    return flags[0], flags[1]


def _before_after(
    draws: Draws, before: Ints, after: Ints, reachable: Bools
) -> tuple[Ints, Ints, Ints]:
    """Rows of those who answered: who (index), when (0, 1), answers."""
    first = draws.chance(0.96, len(before))
    second = draws.chance(np.where(reachable, 0.84, 0.0))
    who = np.concatenate([np.flatnonzero(first), np.flatnonzero(second)])
    when = np.repeat([0, 1], [first.sum(), second.sum()])
    return who, when, np.concatenate([before[first], after[second]])


def _when(when: Ints) -> list[str]:
    return ["after" if later else "before" for later in when.tolist()]


def rate_skills(draws: Draws, cohort: Cohort, course: Course, planted: Planted) -> pd.DataFrame:
    """The raw table `skills`: mentees, in what their pair works on, before and after."""
    asked = {
        (int(mentee), skill): None
        for mentee, skills in zip(cohort.mentee, cohort.skills, strict=True)
        for skill in skills
    }
    person = np.array([mentee for mentee, _ in asked], dtype=np.int64)
    names = np.array([skill for _, skill in asked], dtype=object)
    level = draws.between(1.6, 3.4, len(person))
    gain = planted.skill_gain.size + draws.between(-0.6, 0.6, len(person))
    reachable = _reachable(cohort, course)[1][person]
    before, after = draws.rounded(level), draws.rounded(level + gain)
    who, when, levels = _before_after(draws, before, after, reachable)
    return text_table(
        {
            "person_id": cohort.ids[person[who]].tolist(),
            "skill": names[who].tolist(),
            "level": levels.astype("U1").tolist(),
            "when": _when(when),
        }
    )


def _scale(
    draws: Draws, person: Ints, ends: tuple[float, float], items: int, gain: float
) -> tuple[Ints, Ints]:
    """Answers before and after on a scale whose items hang together."""
    offset = np.linspace(-0.15, 0.15, items)
    level = draws.between(*ends, len(person))[:, None] + offset
    change = (gain + draws.between(-0.4, 0.4, len(person)))[:, None]
    asked: list[Floats] = [level, level + change]
    noisy = [draws.rounded(x + draws.between(-0.2, 0.2, *x.shape)) for x in asked]
    return noisy[0], noisy[1]


def _survey(
    draws: Draws,
    cohort: Cohort,
    person: Ints,
    reachable: Bools,
    scales: tuple[Ints, Ints],
    names: tuple[str, ...],
) -> pd.DataFrame:
    who, when, answers = _before_after(draws, *scales, reachable[person])
    ids: npt.NDArray[np.object_] = cohort.ids[person[who]]
    columns = {"person_id": ids.tolist(), "when": _when(when)}
    return text_table({**columns, **_answers(draws, names, answers)})


def rate_leadership(draws: Draws, cohort: Cohort, course: Course, planted: Planted) -> pd.DataFrame:
    """The raw table `leadership`: mentors about themselves, before and after."""
    person = np.unique(cohort.mentor)
    names = words.LEADERSHIP_ITEMS
    scales = _scale(draws, person, (2.4, 3.7), len(names), planted.leadership_gain.size)
    return _survey(draws, cohort, person, _reachable(cohort, course)[0], scales, names)


def rate_creativity(draws: Draws, cohort: Cohort, course: Course, planted: Planted) -> pd.DataFrame:
    """The raw table `creativity`: both sides, before and after."""
    person = np.flatnonzero(cohort.participates)
    names = words.CREATIVITY_ITEMS
    mentors, mentees = _reachable(cohort, course)
    scales = _scale(draws, person, (1.9, 4.1), len(names), planted.creativity_gain.size)
    return _survey(draws, cohort, person, mentors | mentees, scales, names)
