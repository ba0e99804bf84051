"""Who signs up for the demo cycle, with what to offer and what to learn."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from revmentor.data.demo import voices, words
from revmentor.data.demo.draws import Bools, Draws, Floats, Ints
from revmentor.data.demo.people import Staff, day_number, iso_dates, text_table

SIGN_UP_DAYS = (56, 31)
"""Sign-up opens and closes so many days before the start."""

TENURE_YEARS = (2.0, 6.0)
TENURE_APPEAL = (0.45, 1.0, 1.5)
"""How readily people sign up whose tenure at the start is under 2, 2 to 6, over 6 years."""

PROMOTED_DAYS = 730
PROMOTED_APPEAL = 1.6
"""How much more readily people sign up who were promoted within the last 730 days."""

MENTOR, MENTEE, BOTH = "mentor", "mentee", "both"
_SIDES = (MENTOR, BOTH, MENTEE)
_SIDE_BY_GRADE = np.array(
    [
        [0.98, 0.0, 0.02],
        [0.97, 0.03, 0.0],
        [0.66, 0.16, 0.18],
        [0.06, 0.10, 0.84],
        [0.0, 0.04, 0.96],
        [0.0, 0.0, 1.0],
    ]
)
_APPEAL_BY_DEPARTMENT = np.array([1.15, 0.9, 0.95, 1.0, 1.25, 1.25, 1.35, 0.8])


@dataclass(frozen=True)
class Applicants:
    """Everybody who signed up, in the order of their ids.

    Attributes
    ----------
    person : int array
        Index into the staff.
    mentors, mentees : bool array
        Signed up for this side (a person of both sides is in both).
    offered, wanted : bool array, applicants by `words.SKILLS`
    capacity : int array
        1 to 3; -1 where the form was left blank.
    here : bool array
        Still employed when the cycle starts.
    """

    person: Ints
    mentors: Bools
    mentees: Bools
    offered: Bools
    wanted: Bools
    capacity: Ints
    here: Bools


def take_up(people: int) -> tuple[float, float]:
    """Which share of juniors and of seniors signs up in a company of this size?

    A programme of 600 people is carried by word of mouth; in a company of 100,000 invitations,
    coordinators and meeting rooms do not grow in step. So the share falls with the size, more
    slowly for seniors, who are invited by name: 100,000 people give 5,000 to 8,000 on each side.

    >>> take_up(600), take_up(100_000)
    ((0.39, 0.76), (0.082765, 0.249399))
    """
    ratio = 600 / max(people, 300)
    return round(0.39 * ratio**0.303, 6), round(min(0.76 * ratio**0.2178, 0.85), 6)


def tenure_stratum(hired: Ints, start: int) -> Ints:
    """0, 1, 2 for a tenure under 2, of 2 to 6, over 6 years (of 365 days) at the start."""
    years = (start - hired) / 365.0
    return np.searchsorted(np.array(TENURE_YEARS), years, side="right")


def recently_promoted(promoted: Ints, start: int) -> Bools:
    """Was the last promotion within 730 days before the start?"""
    return (promoted >= 0) & (promoted >= start - PROMOTED_DAYS)


def _volunteers(draws: Draws, staff: Staff, start: int) -> Ints:
    """Who signs up: a share of juniors and of seniors, by appeal, and one who leaves soon after."""
    appeal = np.array(TENURE_APPEAL)[tenure_stratum(staff.hired, start)]
    appeal = appeal * np.where(recently_promoted(staff.promoted, start), PROMOTED_APPEAL, 1.0)
    appeal = appeal * _APPEAL_BY_DEPARTMENT[staff.department]
    appeal = np.where((staff.left >= 0) & (staff.left <= start - SIGN_UP_DAYS[1]), 0.0, appeal)
    senior = staff.grade >= words.MANAGER
    signed = np.zeros(len(staff.ids), dtype=np.bool_)
    for group, share in zip((~senior, senior), take_up(len(staff.ids)), strict=True):
        signed |= draws.first(np.where(group, appeal, 0.0), round(share * int(group.sum())))
    resigned = np.flatnonzero(staff.left > start - SIGN_UP_DAYS[1])
    signed[resigned[:1]] = True
    return np.flatnonzero(signed)


def _skills(draws: Draws, department: Ints, offers: bool) -> Floats:
    """Places of all skills in everybody's mind; the smallest come first."""
    weights = np.array([skill.offered if offers else skill.wanted for skill in words.SKILLS])
    names = [d.name for d in words.DEPARTMENTS]
    home = np.array([[name in skill.home for skill in words.SKILLS] for name in names])
    tilt = np.where(home, 2.2, 0.9) if offers else np.where(home, 0.6, 1.05)
    return draws.race(weights * tilt[department])


def _lists(names: tuple[str, ...], places: Floats, counts: Ints) -> tuple[Bools, list[list[str]]]:
    """The first few of everybody's places, as flags and as lists in their order."""
    order = np.argsort(places, axis=1, kind="stable")
    flags = np.zeros(places.shape, dtype=np.bool_)
    lists = []
    for row, (ranked, count) in enumerate(zip(order, counts, strict=True)):
        chosen = ranked[:count]
        flags[row, chosen] = True
        lists.append([names[index] for index in chosen])
    return flags, lists


def _cells(draws: Draws, lists: list[list[str]], variants: float) -> list[str]:
    """The lists as cells; now and then an item is written with the other case."""
    odd = draws.chance(variants, len(lists))
    written = [
        [item[0].swapcase() + item[1:] for item in items] if strange else items
        for items, strange in zip(lists, odd, strict=True)
    ]
    return [";".join(items) for items in written]


def sign_up(seed: int, staff: Staff, start: dt.date) -> tuple[Applicants, pd.DataFrame]:
    """Who signs up, on which side, with what?

    Returns
    -------
    (Applicants, DataFrame)
        The arrays, and the raw table `applications` in the same order, with `wishes` and `vetoes`
        still empty.
    """
    draws = Draws(seed, "applications")
    begin = day_number(start)
    person = _volunteers(draws, staff, begin)
    count = len(person)
    side = draws.pick_by_row(_SIDE_BY_GRADE, staff.grade[person])
    # Someone always mistakes the direction; the rules leave them without any partner.
    side[np.flatnonzero(staff.grade[person] == words.ASSOCIATE)[:1]] = _SIDES.index(MENTEE)
    mentors, mentees = side <= 1, side >= 1

    offers = np.where(mentors, 1 + draws.pick([0.22, 0.36, 0.28, 0.14], count), 0)
    wants = np.where(mentees, 1 + draws.pick([0.30, 0.38, 0.22, 0.10], count), 0)
    offers[draws.chance(0.015, count)] = 0
    wants[draws.chance(0.015, count)] = 0
    names = tuple(skill.name for skill in words.SKILLS)
    department = staff.department[person]
    offered, offer_lists = _lists(names, _skills(draws, department, True), offers)
    wanted, want_lists = _lists(names, _skills(draws, department, False), wants)
    likes = np.where(draws.chance(0.03, count), 0, draws.whole(2, 5, count))
    appeal = 1.0 / (4.0 + np.arange(len(words.INTERESTS)))
    _, interests = _lists(
        words.INTERESTS, draws.race(np.broadcast_to(appeal, (count, len(appeal)))), likes
    )

    capacity = 1 + draws.pick([0.78, 0.17, 0.05], count)
    capacity = np.where(side == 1, 1, capacity)
    capacity[draws.chance(0.04, count) | ~mentors] = -1
    outgoing = np.clip(np.floor(3.0 + 1.15 * draws.bell(count) + 0.5), 1, 5).astype(np.int64)
    hours = draws.whole(1, 6, count)
    waves = draws.pick([0.62, 0.16, 0.16, 0.06], count)
    applied = begin - draws.whole(SIGN_UP_DAYS[1], SIGN_UP_DAYS[0], count)
    table = {
        "person_id": staff.ids[person].tolist(),
        "side": np.array(_SIDES, dtype=object)[side].tolist(),
        "enrolment": _labels(
            ("hand-picked", "open", "application"), draws, [0.15, 0.55, 0.3], count
        ),
        "capacity": _numbers(capacity),
        "skills_offered": _cells(draws, offer_lists, 0.02),
        "skills_wanted": _cells(draws, want_lists, 0.02),
        "interests": [";".join(items) for items in interests],
        "extraversion": _numbers(np.where(draws.chance(0.02, count), -1, outgoing)),
        "hours_per_month": _numbers(np.where(draws.chance(0.05, count), -1, hours)),
        "waves": np.array(["1;2", "1", "2", ""], dtype=object)[waves].tolist(),
        "wishes": [""] * count,
        "vetoes": [""] * count,
        **_readiness(draws, count),
        "applied_on": iso_dates(applied),
        **_own_words(Draws(seed, "own words"), mentors),
    }
    here = staff.left[person] < 0
    applicants = Applicants(person, mentors, mentees, offered, wanted, capacity, here)
    return applicants, text_table(table)


def _labels(labels: tuple[str, ...], draws: Draws, weights: list[float], count: int) -> list[str]:
    return [labels[index] for index in draws.pick(weights, count)]


def _numbers(values: Ints) -> list[str]:
    """Whole numbers as text; -1 is blank."""
    return [str(cell) for cell in np.where(values < 0, "", values.astype("U12"))]


def _own_words(draws: Draws, mentors: Bools) -> dict[str, list[str]]:
    """Who agreed that a partner reads their own words, and the words; some awkward on purpose."""
    count = len(mentors)
    share = draws.pick([0.25, 0.15, 0.60], count)
    which = draws.whole(0, len(voices.ABOUT["mentor"]) - 1, count)
    about = [
        voices.ABOUT["mentor" if mentor else "mentee"][k]
        for mentor, k in zip(mentors, which, strict=True)
    ]
    silent = draws.chance(0.2, count)
    texts = ["" if quiet else text for quiet, text in zip(silent, about, strict=True)]
    agreed = np.flatnonzero((share == 2) & ~silent)
    if len(agreed) >= 4 * len(voices.AWKWARD):
        for row, text in zip(agreed[1::4], voices.AWKWARD, strict=False):
            texts[row] = text
    return {"share": [("", "no", "yes")[k] for k in share], "about": texts}


def _readiness(draws: Draws, count: int) -> dict[str, list[str]]:
    """Two items per principle; a person's answers go together; some are blank."""
    person = draws.between(-0.7, 0.7, count)
    columns = {}
    for index, principle in enumerate(words.PRINCIPLES):
        own = draws.between(-0.5, 0.5, count)
        for item in words.READINESS_ITEMS[2 * index : 2 * index + 2]:
            level = (3.9, 4.0, 3.6, 4.1, 3.4)[index] + person + own
            answers = np.clip(draws.rounded(level), 1, 5)
            columns[item] = _numbers(np.where(draws.chance(0.03, count), -1, answers))
        assert principle in item
    return columns
