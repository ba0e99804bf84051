"""Which dates of a design fall on a weekend or a public holiday, and at which sites?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from revmentor import words
from revmentor.params.models import Params
from revmentor.params.nearest import nearest
from revmentor.planning.calendar import country_of, day_off, holidays_of
from revmentor.planning.conflict import Conflict, called, day, starts
from revmentor.planning.timeline import check_ins
from revmentor.planning.waves import waves_of

SITES_SHOWN = 6
SMALL_SITES = "small sites"
CHECK_INS = "programme.check_in_every_days"
LACKING, NOBODY = "site without a country", "site that nobody has"
UNSURE = (LACKING, NOBODY)
"""Conflicts with which the holidays of some site are not known."""


def sites_of(people: pd.DataFrame, minimum: int) -> Mapping[str | None, str | None]:
    """Which sites has the company, and by which name may each be told? None: a small one.

    A person without a site counts for the cycle's own country; no such person, no such site.
    """
    counts = people["site"].value_counts()
    sites: dict[str | None, str | None] = {
        str(site): str(site) if many >= minimum else None for site, many in counts.items()
    }
    return sites or {None: None}


def closed_on(
    params: Params, people: pd.DataFrame, days: Sequence[dt.date]
) -> dict[dt.date, dict[str, list[str]]]:
    """On which of these days does nobody work where: day to reason to names of sites?

    Parameters
    ----------
    params : Params
        Countries of sites; the smallest group that is named.
    people : DataFrame
        By contract.
    days : sequence of date

    Returns
    -------
    dict
        Days off only. Sites of fewer people than the minimum are "small sites"; an empty list
        says that it holds everywhere.
    """
    sites = sites_of(people, params.disclosure.minimum_group)
    found: dict[dt.date, dict[str, list[str]]] = {}
    for date in days:
        reasons: dict[str, list[str]] = {}
        for site, name in sites.items():
            reason = day_off(date, country_of(site, params.design))
            if reason is not None:
                reasons.setdefault(reason, []).append(name or SMALL_SITES)
        if reasons:
            everywhere = len(reasons) == 1 and len(next(iter(reasons.values()))) == len(sites)
            found[date] = {
                reason: [] if everywhere else sorted(set(names), key=names.index)
                for reason, names in reasons.items()
            }
    return found


def in_words(reasons: Mapping[str, Sequence[str]]) -> str:
    """Why nobody works on a day, and where.

    >>> in_words({"Epiphany": ["Munich"]}), in_words({"weekend": []})
    ('Epiphany in Munich', 'weekend')
    """
    parts = []
    for reason, names in reasons.items():
        parts.append(f"{reason} in {_few(names)}" if names else reason)
    return "; ".join(parts)


def _few(names: Sequence[str]) -> str:
    """The first of these sites, and that there are more."""
    more = " and elsewhere" if len(names) > SITES_SHOWN else ""
    return words.listed(list(names[:SITES_SHOWN])) + more


def holidays_between(
    params: Params, people: pd.DataFrame, first: dt.date, last: dt.date
) -> tuple[dt.date, ...]:
    """Which days from Monday to Friday are public holidays at any site?"""
    sites = sites_of(people, params.disclosure.minimum_group)
    countries = {country_of(site, params.design) for site in sites} - {None}
    years = range(first.year, last.year + 1)
    found = {date for country in countries for date in holidays_of(str(country), years)}
    return tuple(sorted(date for date in found if first <= date <= last and date.weekday() < 5))


def closed_days(params: Params, people: pd.DataFrame) -> Iterator[Conflict]:
    """Which of the cycle's own days are no working days, and which sites have no country?"""
    dated = list(_dated(params))
    closed = closed_on(params, people, [date for _, _, date in dated])
    sites = sites_of(people, params.disclosure.minimum_group)
    for what, path, date in dated:
        if date in closed:
            why = in_words(closed[date])
            yield Conflict(
                "day off",
                f"{what} on {date:%A}, {day(date)}, is no working day: {why}",
                path,
                date.isoformat(),
                _asked_later(params, sites, date)
                if path == CHECK_INS
                else _moved(params, sites, date, path),
            )
    yield from _without_country(params, people)
    yield from _nobodys_sites(params, people)


def _asked_later(params: Params, sites: Mapping[str | None, str | None], date: dt.date) -> str:
    """When a check-in may be asked for at the sites that are closed on its day."""
    countries = {site: country_of(site, params.design) for site in sites}
    off = [site for site, country in countries.items() if day_off(date, country) is not None]
    names = dict.fromkeys(sites[site] or SMALL_SITES for site in off)
    who = f"the people in {_few(list(names))}" if len(off) < len(sites) else "everybody"
    free = _free_day(date, {countries[site] for site in off})
    return f"ask {who} on {free:%A}, {day(free)}, when they work again, or change {CHECK_INS}"


def _moved(params: Params, sites: Mapping[str | None, str | None], date: dt.date, path: str) -> str:
    """To which day something may be moved: the next on which all sites work.

    What must be done by a day is done before it: the last one on which all sites work.
    """
    until = path.startswith("design.training")
    free = _free_day(date, {country_of(site, params.design) for site in sites}, -1 if until else 1)
    which = "last day before" if until else "next day"
    return f"change {path} to {free}, a {free:%A}, the {which} on which all sites work"


def _free_day(date: dt.date, countries: Collection[str | None], step: int = 1) -> dt.date:
    """The nearest working day of all these countries, later or (step -1) earlier."""
    while any(day_off(date, country) is not None for country in countries):
        date += dt.timedelta(days=step)
    return date


def _dated(params: Params) -> Iterator[tuple[str, str, dt.date]]:
    """What somebody must do on one day, with the path of the parameter.

    A day on which sign-up opens or closes, or on which the pairs end, asks nothing of anybody: it
    may be a day off.
    """
    programme, design = params.programme, params.design
    if programme.promotion_from:
        yield "The start of promotion", "programme.promotion_from", programme.promotion_from
    for number, message in enumerate(design.promotion.plan, start=1):
        path = f"design.promotion.plan[#{number}].on"
        yield f"The message for “{message.channel}”", path, message.on
    for wave, path in starts(params):
        yield f"The start of {called(wave)}", path, wave.start
    if programme.training_from:
        yield "The first day of training", "programme.training_from", programme.training_from
    for number, module in enumerate(design.training, start=1):
        if module.due:
            path = f"design.training[#{number}].due"
            yield f"The last day for “{module.module}”", path, module.due
    asked: dict[dt.date, None] = {}
    for wave in waves_of(params):
        asked |= dict.fromkeys(check_ins(programme, wave))
    for number, date in enumerate(sorted(asked), start=1):
        yield f"Check-in {number}", CHECK_INS, date
    if programme.review_on:
        yield "The review", "programme.review_on", programme.review_on


def _without_country(params: Params, people: pd.DataFrame) -> Iterator[Conflict]:
    """Sites that have no country while others have; without any country nothing is checked."""
    design = params.design
    if not design.countries:
        return
    sites = sites_of(people, params.disclosure.minimum_group)
    lacking = [name or SMALL_SITES for site, name in sites.items()
               if site is not None and country_of(site, design) is None]  # fmt: skip
    if lacking:
        names = words.listed(sorted(set(lacking)))
        yield Conflict(
            LACKING,
            f"The public holidays of {names} are not known",
            "design.countries",
            names,
            "add the country of each, or name the country of all others in design.country",
        )


def _nobodys_sites(params: Params, people: pd.DataFrame) -> Iterator[Conflict]:
    """Sites that are given a country and that nobody has, while others are given none.

    Where every site of the people has its country, further ones do no harm.
    """
    given = params.design.countries
    sites = sites_of(people, params.disclosure.minimum_group)
    named = {site.strip().casefold() for site in given}
    left = {site: name for site, name in sites.items() if str(site).strip().casefold() not in named}
    if not left:
        return
    known = {str(site).strip().casefold() for site in sites}
    for site in given:
        if site.strip().casefold() in known:
            continue
        near = nearest(site, [name for name in left.values() if name])
        yield Conflict(
            NOBODY,
            f"Nobody is at the site {site}, which is given a country",
            "design.countries",
            site,
            f"write {near}, if that is what is meant"
            if near
            else "write the site as people.site has it, or take it out",
        )
