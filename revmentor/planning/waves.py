"""Which pairs start together, when, and how often do they meet?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from revmentor.params.models import Params, Programme


@dataclass(frozen=True)
class Wave:
    """A group of pairs of one cycle that starts together.

    Parameters
    ----------
    name : str
        Empty for the one wave of a cycle that names none.
    start, end : date
        First and last day of its pairs.
    meeting_every_days : int
        Days between two meetings of a pair.
    at_most : int or None
        Pairs that it can hold.
    """

    name: str
    start: dt.date
    end: dt.date
    meeting_every_days: int
    at_most: int | None = None

    def of(self, programme: Programme) -> Programme:
        """The programme as this wave has it: its own dates and rhythm, all else as it is."""
        return programme.model_copy(
            update={
                "start": self.start,
                "end": self.end,
                "meeting_every_days": self.meeting_every_days,
            }
        )


def waves_of(params: Params) -> tuple[Wave, ...]:
    """Which waves has the cycle? One without a name, on the cycle's dates, if none is named.

    Parameters
    ----------
    params : Params
        ``design.waves``, and ``matching.limits.waves`` where they say no dates: those run through
        the whole cycle.

    Returns
    -------
    tuple of Wave
        In the order of the parameters, at least one.
    """
    programme, planned = params.programme, params.design.waves
    limits = {wave.name.casefold(): wave.at_most for wave in params.matching.limits.waves}
    if planned:
        return tuple(
            Wave(
                wave.name,
                wave.first(programme.start),
                wave.last(programme.start, programme.end),
                wave.meeting_every_days or programme.meeting_every_days,
                limits.get(wave.name.casefold(), wave.at_most),
            )
            for wave in planned
        )
    whole = (programme.start, programme.end, programme.meeting_every_days)
    named = tuple(Wave(wave.name, *whole, wave.at_most) for wave in params.matching.limits.waves)
    return named or (Wave("", *whole),)


def wave_named(params: Params, name: object) -> Wave:
    """Which wave is a pair in, by the column ``wave`` of the pairs? Without one: the first.

    Raises
    ------
    LookupError
        If the cycle has no wave of this name.
    """
    waves = waves_of(params)
    if not isinstance(name, str) or not name:
        return waves[0]
    for wave in waves:
        if wave.name.casefold() == name.casefold():
            return wave
    raise LookupError(f"the cycle has no wave {name!r}")
