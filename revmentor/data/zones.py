"""By whose clock does somebody work? Names of time zones, and the clock of a site."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.errors import Fault
from revmentor.params.programme import Programme

HINT = "write the IANA name of a region and its city, like Europe/Berlin or America/New_York"
_NO_PLACE = {"Factory", "localtime"}
_MISTYPED = 0.9
"""As Europe/Berlim is; Europe/Munich (0.85) and America/Boston are no spellings of other cities."""
_FEWEST = 3
_FEW = 10


@cache
def zone_names() -> frozenset[str]:
    """Every name that says the same on all machines."""
    return frozenset(available_timezones() - _NO_PLACE)


@cache
def _cities() -> Mapping[str, str]:
    """Zones of a region and a city, by their name in small letters."""
    parts = (name.partition("/") for name in zone_names())
    return {
        f"{region}/{city}".casefold(): f"{region}/{city}"
        for region, _, city in parts
        if city and region != "Etc"
    }


@cache
def meant_zone(text: str) -> str:
    """Which zone is meant by a text that misspells one, or names its city? Empty if none is.

    An abbreviation is no misspelling of another one: CEST is not EST.

    >>> meant_zone("europe/berlim"), meant_zone("New York")
    ('Europe/Berlin', 'America/New_York')
    >>> meant_zone("CEST"), meant_zone("America/Boston")
    ('', '')
    """
    name = "_".join(text.casefold().split())
    near = get_close_matches(name, _cities(), n=1, cutoff=_MISTYPED)
    if near:
        return _cities()[near[0]]
    of_city = [zone for low, zone in _cities().items() if low.rpartition("/")[2] == name]
    return of_city[0] if len(of_city) == 1 else ""


def usual_zones(people: pd.DataFrame) -> dict[str, str]:
    """Which zone do more than half of a site's people have, of those whose zone is known?

    >>> usual_zones(pd.DataFrame({"site": ["Bonn"] * 3,
    ...                           "time_zone": ["CEST", "Europe/Berlin", "Europe/Berlin"]}))
    {'Bonn': 'Europe/Berlin'}
    """
    known = people[people["time_zone"].isin(set(_cities().values()))]
    found = {}
    for site, zones in known.groupby("site")["time_zone"]:
        zone, times = Counter(zones.tolist()).most_common(1)[0]
        if 2 * times > len(zones):
            found[str(site)] = str(zone)
    return found


def cure_of_zone(text: str, usual: str | None) -> str:
    """What to write in place of this text in the people table.

    Parameters
    ----------
    text : str
    usual : str or None
        The zone of most people at the same site; None: not known.
    """
    zone = meant_zone(text)
    meant = f"write {zone!r} if that is meant; " if zone else ""
    if usual and not zone:
        meant = f"write {usual!r}, the zone of most people at this site, if that is meant; "
    return f"{meant}{HINT}, or declare in labels what the source's text stands for"


def warn_of_clocks(people: Draft, programme: Programme) -> Draft:
    """Warn of the few whose clock is not that of all others at their site."""
    return people.warn(_other_clocks(people, programme))


def _other_clocks(people: Draft, programme: Programme) -> Iterator[Fault]:
    frame = people.frame
    known = frame[frame["time_zone"].isin(zone_names())]
    clocks = {zone: _clock(zone, programme) for zone in known["time_zone"].unique()}
    for _, zones in known.groupby("site")["time_zone"]:
        counted = Counter(zones.map(clocks).tolist())
        clock, times = counted.most_common(1)[0]
        others = len(zones) - times
        if len(zones) < _FEWEST or not 0 < others <= max(1, len(zones) // _FEW):
            continue
        usual = Counter(zone for zone in zones if clocks[zone] == clock).most_common(1)[0][0]
        whose = "everybody else" if others == 1 else "nearly everybody else"
        for row, zone in zones.items():
            if clocks[zone] != clock:
                yield people.fault(
                    "other clock at site",
                    f"{whose} at this site has the clock of {usual}",
                    "correct it, or leave it if this person does work by another clock",
                    int(str(row)),
                    "time_zone",
                    str(zone),
                )


def _clock(zone: str, programme: Programme) -> tuple[dt.timedelta | None, ...]:
    """How far the clock is ahead of UTC, each week of the cycle."""
    weeks = range(0, (programme.end - programme.start).days + 1, 7)
    noon = dt.datetime.combine(programme.start, dt.time(12), ZoneInfo(zone))
    return tuple((noon + dt.timedelta(days=days)).utcoffset() for days in weeks)
