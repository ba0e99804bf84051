"""Who meets with whom in pairs and circles, and which pack does each member of a circle get?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from revmentor.params.models import Params
from revmentor.planning.calendar import country_of
from revmentor.planning.cards import CIRCLE_AGENDA, CIRCLE_EXPECTATIONS
from revmentor.planning.packs import Known, Pack, agenda, rhythm
from revmentor.planning.profiles import SIDES, Profile, Side, profile, text_of
from revmentor.planning.series import Group, Seat, Series, plan_series
from revmentor.planning.slots import Place
from revmentor.planning.waves import wave_named


def meeting_series(
    pairs: pd.DataFrame, circles: pd.DataFrame | None, people: pd.DataFrame, params: Params
) -> tuple[tuple[Series, ...], tuple[Series, ...]]:
    """When does every pair and every circle meet, so that nobody is in two places?

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, perhaps wave.
    circles : DataFrame or None
        circle, topic, person_id, side.
    people : DataFrame
        person_id, time_zone, site.
    params : Params

    Returns
    -------
    (tuple of Series, tuple of Series)
        Of the pairs in their order, and of the circles by number. Pairs choose first.
    """
    columns = people[["person_id", "time_zone", "site"]].itertuples(index=False)
    places = {
        str(person): Place(text_of(zone) or None, country_of(site, params.design))
        for person, zone, site in columns
    }
    waves = pairs["wave"] if "wave" in pairs else [None] * len(pairs)
    rows = zip(pairs["mentor_id"], pairs["mentee_id"], waves, strict=True)
    groups = [
        Group(
            f"pair {mentor} {mentee}",
            (Seat(mentee, places[mentee]), Seat(mentor, places[mentor])),
            wave_named(params, wave).of(params.programme),
        )
        for mentor, mentee, wave in rows
    ]
    for members in _circles(circles):
        ids = sorted(members["person_id"])
        ordered = members.sort_values(["side", "person_id"])["person_id"]
        key = f"circle {text_of(members['topic'].iloc[0])} {' '.join(ids)}"
        seats = tuple(Seat(who, places[who]) for who in ordered)
        groups.append(Group(key, seats, params.programme))
    found = plan_series(groups, params.matching.working_hours)
    return found[: len(pairs)], found[len(pairs) :]


def make_circle_packs(
    circles: pd.DataFrame | None, series: Sequence[Series], known: Known
) -> tuple[Pack, ...]:
    """Which pack does every member of every circle get, by circle, mentors first?

    Parameters
    ----------
    circles : DataFrame or None
        circle, topic, person_id, side, has_topic.
    series : sequence of Series
        Of the circles, by number.
    known : Known
    """
    persons, applied = known.persons, known.applied
    programme = known.params.programme
    found: list[Pack] = []
    for members, meetings in zip(_circles(circles), series, strict=True):
        number = int(members["circle"].iloc[0])
        topic = text_of(members["topic"].iloc[0])
        ordered = members.sort_values(["side", "person_id"], ascending=[True, True])
        told: list[tuple[str, Profile, int]] = []
        for side, _ in SIDES:
            mine = ordered.loc[ordered["side"] == side, "person_id"]
            told += [
                (who, _member(persons[who], applied[who], side), seat)
                for seat, who in enumerate(mine, 1)
            ]
        for who, you, seat in told:
            others = tuple(
                one for other, one, _ in told if other != who and other not in known.gone
            )
            ids = tuple(other for other, _, _ in told if other != who)
            both = set(you.interests)
            common = [x for one in others for x in one.interests if x in both]
            found.append(
                Pack(
                    kind="circle",
                    number=number,
                    side=you.side,
                    seat=seat,
                    person_id=who,
                    partner_ids=ids,
                    you=you,
                    others=others,
                    topic=topic,
                    teaches=(),
                    also_wanted=(),
                    why=_why(topic, [one for _, one, _ in told]),
                    shared_interests=tuple(dict.fromkeys(common)),
                    hours="",
                    agenda=agenda(programme.meeting_minutes, CIRCLE_AGENDA),
                    expectations=CIRCLE_EXPECTATIONS[you.side],
                    gone=tuple(member for member, _, _ in told if member in known.gone),
                    **rhythm(who, you.side, you, meetings, programme, "", known),
                )
            )
    return tuple(found)


def _member(person: Mapping[str, Any], application: Mapping[str, Any], side: Side) -> Profile:
    return profile(person, application, side, f"a {side}")


def _circles(circles: pd.DataFrame | None) -> list[pd.DataFrame]:
    if circles is None or circles.empty:
        return []
    return [members for _, members in circles.groupby("circle", sort=True)]


def _why(topic: str, members: Sequence[Profile]) -> tuple[str, ...]:
    """What spoke for this circle, in words that hold for all of it."""
    found = []
    if topic:
        know = sum(one.side == "mentor" and topic in one.skills for one in members)
        want = sum(one.side == "mentee" and topic in one.skills for one in members)
        if know and want:
            found.append(f"{_of(know, 'mentor')} know{'s' * (know == 1)} {topic}, and "
                         f"{_of(want, 'mentee')} asked for it")  # fmt: skip
    departments = {one.department for one in members if one.department}
    if len(departments) > 1:
        found.append(f"You come from {len(departments)} departments")
    sites = {one.site for one in members if one.site}
    if len(sites) > 1:
        found.append(f"You work at {len(sites)} sites")
    return tuple(found)


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
