"""Which parts of a design cannot all hold? Said before anybody is invited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from revmentor import words
from revmentor.names import SIDES
from revmentor.params.models import Params
from revmentor.planning.capacity import BOTH, CapacityOf, WavePlan
from revmentor.planning.closed import closed_days
from revmentor.planning.conflict import Conflict, day
from revmentor.planning.pairs import places
from revmentor.planning.timing import wrong_order
from revmentor.planning.waves import waves_of

SKILLS_SHOWN = 8


def find_conflicts(
    params: Params, people: pd.DataFrame, applications: pd.DataFrame, capacity: CapacityOf
) -> tuple[Conflict, ...]:
    """What in this design cannot hold: dates, holidays, hours, places, skills, scope?

    Parameters
    ----------
    params : Params
    people : DataFrame
        By contract: the company.
    applications : DataFrame
        By contract: those in scope.
    capacity : CapacityOf
        From `plan_capacity`.

    Returns
    -------
    tuple of Conflict
        Dates first, then people. Empty: no conflict was found.
    """
    return (
        *wrong_order(params),
        *closed_days(params, people),
        *_sides(applications),
        *_pairs(params, capacity),
        *_overlaps(params, applications, capacity),
        *_skills(applications, params.disclosure.minimum_group),
    )


def _sides(applications: pd.DataFrame) -> Iterator[Conflict]:
    for side in SIDES:
        if not applications["side"].isin([side, BOTH]).any():
            yield Conflict(
                "nobody on a side",
                f"Nobody in scope has applied as {side}, so that no pair can be made",
                "design.scope, applications.side",
                side,
                "widen design.scope, or invite before you match",
                of_people=True,
            )


def _pairs(params: Params, capacity: CapacityOf) -> Iterator[Conflict]:
    planned = capacity.planned
    stated = params.programme.pairs_planned is not None
    path = "programme.pairs_planned" if stated else "applications.capacity"
    limits = [wave.at_most for wave in waves_of(params)]
    if all(limit is not None for limit in limits) and planned > sum(x or 0 for x in limits):
        yield Conflict(
            "more pairs than the waves hold",
            "More pairs are planned than all waves together hold",
            "design.waves" if params.design.waves else "matching.limits.waves",
            f"{words.number(sum(x or 0 for x in limits))} for {words.number(planned)} planned",
            "raise at_most of a wave, add a wave, or plan fewer pairs",
            of_people=not stated,
        )
    for side in SIDES:
        room = capacity.places[side]
        if planned > room > 0:
            yield Conflict(
                "more pairs than places",
                f"More pairs are planned than the {side}s in scope have places for",
                path,
                f"{words.counted(room, 'place')} for {words.counted(planned, 'pair')}",
                f"recruit {side}s, raise matching.capacity, or plan fewer pairs",
                of_people=True,
            )
        lasts = capacity.lasts_for(side)
        if lasts is not None and lasts < planned:
            yield Conflict(
                "more pairs than hours",
                f"In the busiest month the {side}s' hours do not last for all pairs that are "
                "planned",
                "applications.hours_per_month",
                f"hours for {words.counted(lasts, 'pair')} of {words.number(planned)}",
                f"recruit {side}s, meet less often (programme.meeting_every_days), start in waves, "
                "or plan fewer pairs",
                of_people=True,
            )


def _overlaps(
    params: Params, applications: pd.DataFrame, capacity: CapacityOf
) -> Iterator[Conflict]:
    """Waves that run at the same time and together count on more places than there are."""
    plans = [plan for plan in capacity.waves if plan.wave.at_most is not None]
    for number, one in enumerate(plans):
        for other in plans[number + 1 :]:
            if max(one.wave.start, other.wave.start) > min(one.wave.end, other.wave.end):
                continue
            wanted = (one.wave.at_most or 0) + (other.wave.at_most or 0)
            room = _room(applications, params, (one, other))
            alone = [_room(applications, params, (plan,)) for plan in (one, other)]
            fits = all(
                (plan.wave.at_most or 0) <= r for plan, r in zip((one, other), alone, strict=True)
            )
            if fits and wanted > room:
                begins = max(one.wave.start, other.wave.start)
                yield Conflict(
                    "waves count somebody twice",
                    f"The waves {one.wave.name} and {other.wave.name} both run from "
                    f"{day(begins)}, and together hold more pairs than the people who are free in "
                    "them can take: somebody is counted twice",
                    "design.waves",
                    f"{words.counted(wanted, 'pair')}, {words.counted(room, 'place')}",
                    "let the second start after the first ends, or lower at_most of one",
                    of_people=True,
                )


def _room(applications: pd.DataFrame, params: Params, plans: Sequence[WavePlan]) -> int:
    """Places of the smaller side among those who are free in any of these waves."""
    names = {plan.wave.name.casefold() for plan in plans}
    free = applications["waves"].map(
        lambda stated: not stated or any(name.casefold() in names for name in stated)
    )
    return min(places(applications.loc[free.astype(bool)], params.matching.capacity).values())


def _skills(applications: pd.DataFrame, minimum: int) -> Iterator[Conflict]:
    mentors = applications["side"].isin(["mentor", BOTH])
    offered = {skill for skills in applications.loc[mentors, "skills_offered"] for skill in skills}
    mentees = applications.loc[applications["side"].isin(["mentee", BOTH]), "skills_wanted"]
    wanted = Counter(skill for skills in mentees for skill in set(skills))
    lacking = sorted(skill for skill in wanted if skill not in offered)
    if not lacking or not mentors.any():
        return
    named = [skill for skill in lacking if wanted[skill] >= minimum]
    shown = ", ".join(named[:SKILLS_SHOWN]) + (" ..." if len(named) > SKILLS_SHOWN else "")
    what = (
        f"No mentor in scope offers what mentees want: {shown}"
        if named
        else ("No mentor in scope offers some skills that a few mentees want")
    )
    yield Conflict(
        "skill that nobody offers",
        what,
        "applications.skills_wanted",
        ", ".join(lacking[:SKILLS_SHOWN]) + (" ..." if len(lacking) > SKILLS_SHOWN else ""),
        "look for mentors who know it, or tell those who want it before they are matched",
        of_people=True,
    )
