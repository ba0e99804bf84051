"""What does each side of a pair, or each member of a circle, need to begin?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from revmentor.params.models import Params, Programme
from revmentor.planning.cards import AGENDA, CARDS, EXPECTATIONS
from revmentor.planning.profiles import SIDES, Profile, Side, profile, reasons, shared_hours
from revmentor.planning.series import Series, local
from revmentor.planning.timeline import check_ins
from revmentor.planning.training import Training, statuses, training_of
from revmentor.planning.walk import Stride, walk
from revmentor.planning.waves import wave_named

Kind = Literal["pair", "circle"]


@dataclass(frozen=True)
class Slot:
    """One meeting as its reader sees it.

    Parameters
    ----------
    number : int
    day : date
        In the reader's calendar.
    yours : str
        The reader's local time, as 10:00; empty where the hour is to be agreed.
    theirs : tuple of (str, str)
        Time and zone of everybody who is in another zone; a day is added where it is another.
    note : str
        Why it is not at the usual time, or has none.
    """

    number: int
    day: dt.date
    yours: str
    theirs: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Pack:
    """One person's pack for one pair or circle; everything in it may be read by that person.

    ``others`` are the partner, or all other members of the circle, mentors first. ``teaches`` are
    skills that a mentor here offers and a mentee wants, ``also_wanted`` the mentee's other wants.
    ``seat`` counts the members of one side of a circle. ``gone`` are who of them all has left.
    """

    kind: Kind
    number: int
    side: Side
    seat: int
    person_id: str
    partner_ids: tuple[str, ...]
    you: Profile
    others: tuple[Profile, ...]
    topic: str
    teaches: tuple[str, ...]
    also_wanted: tuple[str, ...]
    why: tuple[str, ...]
    shared_interests: tuple[str, ...]
    hours: str
    wave: str
    start: dt.date
    end: dt.date
    first_meeting_by: dt.date
    slots: tuple[Slot, ...]
    lack: str
    check_ins: tuple[dt.date, ...]
    minutes: int
    agenda: tuple[tuple[int, str], ...]
    expectations: tuple[str, ...]
    walk: tuple[Stride, ...]
    cards: tuple[str, ...]
    training: tuple[Training, ...] = ()
    link: str = ""
    coordinator: str = ""
    write_to: str = ""
    gone: tuple[str, ...] = ()

    @property
    def goes(self) -> bool:
        """Is it made and sent? Not to who has left, nor about a partner who has."""
        return not self.gone or (self.kind == "circle" and self.person_id not in self.gone)

    @property
    def partner(self) -> Profile:
        """The other side of a pair; the first other member of a circle."""
        return self.others[0]

    @property
    def mentors(self) -> tuple[Profile, ...]:
        """All mentors, the reader included."""
        return tuple(one for one in (self.you, *self.others) if one.side == "mentor")

    @property
    def mentees(self) -> tuple[Profile, ...]:
        """All mentees, the reader included."""
        return tuple(one for one in (self.you, *self.others) if one.side == "mentee")


@dataclass(frozen=True)
class Known:
    """All that packs are made from, beside who meets whom.

    Parameters
    ----------
    people, applications : DataFrame
        As loaded by contract.
    training : DataFrame or None
        Who did which module.
    params : Params
    links : mapping of str to str
        Each person's own link to the check-in page, as far as there are any.
    gone : collection of str
        Who has left.
    """

    people: pd.DataFrame
    applications: pd.DataFrame
    training: pd.DataFrame | None
    params: Params
    links: Mapping[str, str] = field(default_factory=dict)
    gone: Collection[str] = ()

    @cached_property
    def persons(self) -> Mapping[str, Mapping[str, Any]]:
        """Rows of people, by person."""
        return _by_id(self.people)

    @cached_property
    def applied(self) -> Mapping[str, Mapping[str, Any]]:
        """Rows of applications, by person."""
        return _by_id(self.applications)

    @cached_property
    def trained(self) -> Mapping[str, Mapping[str, str]]:
        """The status of each person's modules."""
        return statuses(self.training)


def make_packs(
    pairs: pd.DataFrame, contributions: pd.DataFrame, series: Sequence[Series], known: Known
) -> tuple[Pack, ...]:
    """Which two packs does every pair get, mentor's first, in the order of ``pairs``?

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, perhaps wave; one row per pair, numbered from 1 in this order.
    contributions : DataFrame
        mentor_id, mentee_id and one column per criterion: its part of the score.
    series : sequence of Series
        Of the pairs, in the same order; see `revmentor.planning.meeting_groups`.
    known : Known
    """
    persons, applied = known.persons, known.applied
    shares = contributions.set_index(["mentor_id", "mentee_id"])
    params = known.params
    found: list[Pack] = []
    waves = pairs["wave"] if "wave" in pairs else [None] * len(pairs)
    rows = zip(pairs["mentor_id"], pairs["mentee_id"], waves, series, strict=True)
    for number, (mentor, mentee, wave, meetings) in enumerate(rows, 1):
        ids: dict[Side, str] = {"mentor": mentor, "mentee": mentee}
        told = {
            side: profile(persons[who], applied[who], side, f"the {side}")
            for side, who in ids.items()
        }
        offered, wanted = set(told["mentor"].skills), told["mentee"].skills
        why = reasons(shares.loc[(mentor, mentee)], told["mentor"], told["mentee"])
        both = set(told["mentee"].interests)
        course = wave_named(params, wave)
        programme = course.of(params.programme)
        asked = check_ins(programme)
        for side, other in SIDES:
            zones = persons[ids[side]]["time_zone"], persons[ids[other]]["time_zone"]
            found.append(
                Pack(
                    kind="pair",
                    number=number,
                    side=side,
                    seat=1,
                    person_id=ids[side],
                    partner_ids=(ids[other],),
                    you=told[side],
                    others=(told[other],),
                    topic="",
                    teaches=tuple(skill for skill in wanted if skill in offered),
                    also_wanted=tuple(skill for skill in wanted if skill not in offered),
                    why=why,
                    shared_interests=tuple(x for x in told["mentor"].interests if x in both),
                    hours=shared_hours(*zones, params.matching.working_hours, programme.start),
                    agenda=agenda(programme.meeting_minutes),
                    expectations=EXPECTATIONS[side],
                    gone=tuple(who for who in ids.values() if who in known.gone),
                    **rhythm(
                        ids[side], side, told[side], meetings, programme, course.name, known, asked
                    ),
                )
            )
    return tuple(found)


def rhythm(
    person: str,
    side: Side,
    you: Profile,
    series: Series,
    programme: Programme,
    wave: str,
    known: Known,
    asked: tuple[dt.date, ...] = (),
) -> dict[str, Any]:
    """The parts of a pack that a pair's and a circle's have in common.

    ``asked`` are the days of check-ins; a circle has none, as answers are about a partner.
    """
    params = known.params
    by = programme.start + dt.timedelta(days=programme.first_meeting_within_days)
    helper = params.checkin.coordinator
    sender = params.launch.mail
    return {
        "wave": wave,
        "start": programme.start,
        "end": programme.end,
        "first_meeting_by": min(by, programme.end),
        "slots": slots(series, you.zone),
        "lack": series.lack,
        "check_ins": asked,
        "minutes": programme.meeting_minutes,
        "walk": walk(programme, asked),
        "cards": CARDS[params.charter.kind],
        "training": training_of(
            side, programme.start, params.design, known.trained.get(person, {})
        ),
        "link": known.links.get(person, ""),
        "coordinator": helper.name,
        "write_to": helper.email or sender.reply_to or sender.sender,
    }


def slots(series: Series, zone: str) -> tuple[Slot, ...]:
    """The meetings of a series as somebody in this time zone sees them."""
    zones = [seat.place.zone for seat in series.group.seats if seat.place.zone]
    away = [other for other in dict.fromkeys(zones) if other != zone]
    found = []
    for meeting in series.meetings:
        if meeting.begin is None or not zone:
            found.append(Slot(meeting.number, meeting.day, "", (), meeting.note))
            continue
        own = local(meeting.begin, zone)
        theirs = []
        for other in away:
            there = local(meeting.begin, other)
            same = there.date() == own.date()
            theirs.append((f"{there:%H:%M}" if same else f"{there:%H:%M %a}", other))
        found.append(Slot(meeting.number, own.date(), f"{own:%H:%M}", tuple(theirs), meeting.note))
    return tuple(found)


def agenda(minutes: int, parts: Sequence[tuple[int, str]] = AGENDA) -> tuple[tuple[int, str], ...]:
    """How does a first meeting of this length (minutes) spend its time?

    Whole minutes that add up to the meeting: each part has its share rounded down, and those that
    lose most get the minutes that are left (largest remainder), the earlier first. What has no
    minute in a very short meeting is left out.

    >>> [part for part, _ in agenda(50)], len(agenda(5))
    ([6, 11, 11, 11, 6, 5], 5)
    """
    whole = sum(part for part, _ in parts)
    shares = [divmod(part * minutes, whole) for part, _ in parts]
    left = minutes - sum(share for share, _ in shares)
    more = sorted(range(len(parts)), key=lambda place: -shares[place][1])[:left]
    told = [share + (place in more) for place, (share, _) in enumerate(shares)]
    return tuple((part, what) for part, (_, what) in zip(told, parts, strict=True) if part)


def _by_id(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    rows = frame.to_dict("records")
    return {str(row["person_id"]): {str(name): cell for name, cell in row.items()} for row in rows}
