"""For how long a day do people in two time zones work at the same time?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from revmentor.errors import Fault, check_faults
from revmentor.matching.arrays import FloatArray

DAY = 24 * 60


def overlap_minutes(zones: Sequence[str], begin: int, end: int, on: dt.date) -> FloatArray:
    """Shared working minutes a day of each two time zones.

    Parameters
    ----------
    zones : sequence of str
        Names as in the IANA database (``Asia/Kolkata``).
    begin, end : int
        Local working hours, whole; the same everywhere.
    on : date
        The offsets from UTC are those of this day's noon, so summer time is right for the start
        of a cycle.

    Returns
    -------
    array of shape (zones, zones), minutes
        Both ways round the clock count: where a working day is long, two far zones can share
        its early and its late hours.

    Raises
    ------
    InputError
        With every name that is no time zone.

    >>> overlap_minutes(["Europe/London", "Asia/Kolkata"], 9, 17, dt.date(2026, 1, 15)).tolist()
    [[480.0, 150.0], [150.0, 480.0]]
    """
    offsets, faults = [], []
    for name in zones:
        try:
            moment = dt.datetime.combine(on, dt.time(12), ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            faults.append(
                Fault(
                    "unknown time zone",
                    "this is not the name of a time zone",
                    "use a name of the IANA database, such as Europe/Paris, or leave it blank",
                    "people",
                    None,
                    "time_zone",
                    name,
                )
            )
            continue
        offset = moment.utcoffset()
        assert offset is not None
        offsets.append(offset.total_seconds() / 60)
    check_faults(faults)
    at = np.array(offsets, float)
    apart = np.abs(at[:, None] - at[None, :]) % DAY
    length = (end - begin) * 60
    shared: FloatArray = np.maximum(0.0, length - apart)
    shared += np.maximum(0.0, length - (DAY - apart))
    return shared
