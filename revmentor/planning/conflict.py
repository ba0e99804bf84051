"""How is a design's conflict told, and what do its waves and dates read like?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from revmentor.params.models import Params
from revmentor.planning.waves import Wave, waves_of


@dataclass(frozen=True)
class Conflict:
    """Two things of a design that cannot both hold.

    Parameters
    ----------
    kind : str
        Short stable name.
    what : str
        One sentence without its full stop; it has no number of people, so that it may be shared.
    where : str
        Path of the parameter, or the table and column.
    value : str
        What stands there; may count people where ``of_people``.
    cure : str
        What to do, without a full stop.
    of_people : bool
        Is the value for the coordinator only?
    """

    kind: str
    what: str
    where: str
    value: str
    cure: str
    of_people: bool = False

    def __str__(self) -> str:
        return f"{self.where}, value {self.value!r}: {self.what}. To fix: {self.cure}."


def day(date: dt.date) -> str:
    """A date in words."""
    return f"{date:%-d %B %Y}"


def starts(params: Params) -> Iterator[tuple[Wave, str]]:
    """Every wave, with the path of its start."""
    for number, wave in enumerate(waves_of(params), start=1):
        own = params.design.waves and params.design.waves[number - 1].start is not None
        yield wave, f"design.waves[#{number}].start" if own else "programme.start"


def called(wave: Wave) -> str:
    """A wave in a sentence."""
    return f"wave {wave.name}" if wave.name else "the cycle"
