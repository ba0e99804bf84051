"""Who may answer, about whom, and when: what the launch of a cycle leaves for the check-in page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from revmentor import words
from revmentor.checkin.days import Days
from revmentor.errors import Fault, InputError
from revmentor.publish.workspace import RESTRICTED, Workspace

ARTEFACT = "checkin"

Side = Literal["mentor", "mentee"]
Id = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckinWave(_Part):
    """A check-in: its name in the table ``pulse``, its first and its last day.

    ``pairs`` is the wave of pairs that is asked, which goes by its own dates; "" for all pairs.
    """

    name: Id
    pairs: str = ""
    opens: dt.date
    closes: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.closes < self.opens:
            raise ValueError(f"{self.name} closes before it opens")
        return self

    @property
    def label(self) -> str:
        """What it is called where check-ins of several waves of pairs stand together."""
        called = words.called_check_in(self.name)
        return f"{called} (wave {self.pairs})" if self.pairs else called

    @property
    def days(self) -> int | None:
        """How many days after the start of its pairs it opens, if its name says so."""
        return words.days_after_start(self.name)


class Item(_Part):
    """A question column of ``pulse``, and the principle that it is about ("" if none)."""

    item: Id
    principle: str = ""


class Scale(_Part):
    """The ends of the scale of all items."""

    first: int = Field(alias="from")
    last: int = Field(alias="to")

    @model_validator(mode="after")
    def _few_steps(self) -> Self:
        if not 1 <= self.last - self.first <= 10:
            raise ValueError("a scale on the page has 2 to 11 steps")
        return self


class Participant(_Part):
    """Somebody with a link of their own, which opens until they leave."""

    person_id: Id
    name: str
    email: str = ""
    side: Literal["mentor", "mentee", "both"]
    left_on: dt.date | None = None

    def gone(self, day: dt.date) -> bool:
        """Has this person left by this day?"""
        return self.left_on is not None and self.left_on <= day


class CheckinPair(_Part):
    """A mentor (junior) and a mentee (senior), and the skills that they work on."""

    number: Annotated[int, Field(ge=1)]
    mentor_id: Id
    mentee_id: Id
    mentor_name: str
    mentee_name: str
    skills: tuple[str, ...] = ()
    wave: str = ""
    start: dt.date
    end: dt.date

    def side_of(self, person_id: str) -> Side | None:
        """On which side of the pair is this person, if at all?"""
        if person_id == self.mentor_id:
            return "mentor"
        return "mentee" if person_id == self.mentee_id else None

    def partner_of(self, person_id: str) -> tuple[str, str]:
        """Id and name of the other one."""
        if person_id == self.mentor_id:
            return self.mentee_id, self.mentee_name
        return self.mentor_id, self.mentor_name


class CheckinCircle(_Part):
    """A group about one topic; ids of its mentors and mentees."""

    number: Annotated[int, Field(ge=1)]
    topic: str
    mentors: tuple[Id, ...]
    mentees: tuple[Id, ...]


class Helper(_Part):
    """The coordinator, as participants are told."""

    name: str = ""
    email: str = ""


class Roster(_Part):
    """``restricted/checkin.json``: all that the check-in page knows of a cycle."""

    cycle: Id
    title: str
    start: dt.date
    end: dt.date
    languages: tuple[str, ...] = Field(default=("en", "de"), min_length=1)
    expires: dt.date
    waves: tuple[CheckinWave, ...] = ()
    items: tuple[Item, ...] = ()
    scale: Scale
    questions: Mapping[str, Mapping[str, str]] = {}
    minimum_group: Annotated[int, Field(ge=3)] = 5
    people: tuple[Participant, ...]
    pairs: tuple[CheckinPair, ...]
    circles: tuple[CheckinCircle, ...] = ()
    meeting_minutes: Annotated[int, Field(ge=1, le=1440)] = 45
    coordinator: Helper = Helper()

    @model_validator(mode="after")
    def _everybody_once(self) -> Self:
        ids = [person.person_id for person in self.people]
        if len(set(ids)) < len(ids):
            raise ValueError("a person stands more than once among people")
        numbers = [pair.number for pair in self.pairs]
        if len(set(numbers)) < len(numbers):
            raise ValueError("two pairs have the same number")
        asked = [(wave.name, wave.pairs) for wave in self.waves]
        if len(set(asked)) < len(asked):
            raise ValueError("two check-ins of the same pairs have the same name")
        known = set(ids)
        of_pairs = {one for pair in self.pairs for one in (pair.mentor_id, pair.mentee_id)}
        of_circles = {one for group in self.circles for one in (*group.mentors, *group.mentees)}
        if (of_pairs | of_circles) - known:
            raise ValueError("a pair or a circle has somebody who is not among people")
        return self

    @cached_property
    def person(self) -> dict[str, Participant]:
        """Everybody by id."""
        return {one.person_id: one for one in self.people}

    @cached_property
    def _pairs_by_person(self) -> dict[str, tuple[CheckinPair, ...]]:
        found: dict[str, list[CheckinPair]] = {}
        for pair in self.pairs:
            found.setdefault(pair.mentor_id, []).append(pair)
            found.setdefault(pair.mentee_id, []).append(pair)
        return {who: tuple(pairs) for who, pairs in found.items()}

    def pairs_of(self, person_id: str) -> tuple[CheckinPair, ...]:
        """In which pairs is this person, by number?"""
        return self._pairs_by_person.get(person_id, ())

    def circles_of(self, person_id: str) -> tuple[CheckinCircle, ...]:
        """In which circles is this person?"""
        return tuple(c for c in self.circles if person_id in (*c.mentors, *c.mentees))

    def waves_of(self, pair: CheckinPair) -> tuple[CheckinWave, ...]:
        """Which check-ins are for this pair: those of its wave, or of all pairs?"""
        return tuple(wave for wave in self.waves if wave.pairs in ("", pair.wave))

    def open_waves(self, days: Days, pair: CheckinPair | None = None) -> tuple[CheckinWave, ...]:
        """Which check-ins (for a pair) can be answered now? The one that closes first leads."""
        asked = self.waves if pair is None else self.waves_of(pair)
        now = [wave for wave in asked if days.within(wave.opens, wave.closes)]
        return tuple(sorted(now, key=lambda wave: (wave.closes, wave.name, wave.pairs)))


def read_roster(home: Path, scenario: str = "base") -> Roster:
    """Who may answer, of a published result?

    Parameters
    ----------
    home : Path
        Folder of the cycle's results.
    scenario : str
        Whose pairs were launched.

    Raises
    ------
    InputError
        If there is none, or it cannot be read: with what to do.
    """
    path = roster_file(home, scenario)
    cure = (
        "run the cycle, approve its match with `revmentor approve`, and run it again: "
        "the launch makes the roster of an approved match"
    )
    if not path.is_file():
        problem = "no pairs of this cycle have been launched, so nobody can check in yet"
        raise InputError(Fault("no roster", problem, cure, str(path)))
    content = Workspace(home / scenario).read_json(ARTEFACT)
    try:
        return Roster.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        problem = f"the roster of the check-in page cannot be used: {first['msg']}"
        cure = "run the launch of this cycle again with this version of revmentor"
        raise InputError(Fault("bad roster", problem, cure, str(path), None, place)) from None


def roster_file(home: Path, scenario: str = "base") -> Path:
    """Where does the launch leave the roster?"""
    return home / scenario / RESTRICTED / f"{ARTEFACT}.json"
