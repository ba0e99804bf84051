"""What does a pack, a pair or a circle lack before it can begin, and what is to be done?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from revmentor.params.launch import can_be_written_to
from revmentor.planning.packs import Pack
from revmentor.planning.series import Series


@dataclass(frozen=True)
class Lack:
    """One thing that a pack may lack.

    Parameters
    ----------
    what : str
        As the object of "lacks".
    cure : str
        What the coordinator does about it.
    of : callable
        Does this pack lack it?
    """

    what: str
    cure: str
    of: Callable[[Pack], bool]


def _unknown_zone(pack: Pack) -> bool:
    return not all(one.zone for one in (pack.you, *pack.others))


LEFT = Lack(
    "somebody who has left the company",
    "Nothing is made or sent for who has left, nor for a partner about them, and their link opens "
    "no longer. Talk to the partner, and find them somebody new with revmentor rematch; tell a "
    "circle that it is one fewer.",
    lambda pack: not pack.goes,
)

LACKS: tuple[Lack, ...] = (
    Lack(
        "an address to send it to",
        "Fill in people.email, or hand the pack over in person.",
        lambda pack: not can_be_written_to(pack.you.email),
    ),
    Lack(
        "a job title of the other side",
        "Fill in people.job_title.",
        lambda pack: not all(one.job_title for one in pack.others),
    ),
    Lack(
        "a known time zone of everybody",
        "Fill in people.time_zone; until then the calendar has reminders without an hour.",
        _unknown_zone,
    ),
    Lack(
        "a working hour in common",
        "Help them to find an hour, or raise matching.rules.minimum_overlap_hours and match again.",
        lambda pack: bool(pack.lack) and not _unknown_zone(pack),
    ),
    Lack(
        "a skill that the mentee asked for",
        "Ask both what they make of it: the pair was matched for other reasons.",
        lambda pack: pack.kind == "pair" and not pack.teaches,
    ),
    Lack(
        "training that its reader still owes",
        "Invite them to the modules that design.training names. Whoever has completed one gets a "
        "row in the table training with status completed, and is not asked again.",
        lambda pack: any(not each.done for each in pack.training),
    ),
)


def lacking(packs: Sequence[Pack]) -> tuple[tuple[Lack, tuple[Pack, ...]], ...]:
    """What do these packs lack, and which of them? What none of them lacks is left out."""
    of = [(pack, _lacks(pack)) for pack in packs]
    found = ((lack, tuple(pack for pack, its in of if lack in its)) for lack in (LEFT, *LACKS))
    return tuple((lack, mine) for lack, mine in found if mine)


def _lacks(pack: Pack) -> tuple[Lack, ...]:
    """What does this pack lack? Where somebody has left, nothing else of it can be mended."""
    return (LEFT,) if LEFT.of(pack) else tuple(lack for lack in LACKS if lack.of(pack))


def called(pack: Pack) -> str:
    """How does the coordinator know the reader of this pack: by name, or else by id?"""
    return pack.you.name if pack.you.named else pack.person_id


@dataclass(frozen=True)
class Conflict:
    """One thing that stands against the plan of one pair or circle, and what to do."""

    kind: str
    number: int
    what: str
    do: str


def conflicts(packs: Sequence[Pack], series: Sequence[Series]) -> tuple[Conflict, ...]:
    """What stands against the plan of each pair and circle?

    Parameters
    ----------
    packs : sequence of Pack
        All packs; those of one pair or circle follow each other.
    series : sequence of Series
        One per pair or circle, in the same order.
    """
    found: list[Conflict] = []
    groups: dict[tuple[str, int], list[Pack]] = {}
    for pack in packs:
        groups.setdefault((pack.kind, pack.number), []).append(pack)
    for ((kind, number), mine), course in zip(groups.items(), series, strict=True):
        for pack in mine:
            if pack.person_id in pack.gone:
                found.append(Conflict(kind, number, f"{called(pack)} has left.", LEFT.cure))
            elif pack.goes and LACKS[0].of(pack):
                what = f"{called(pack)} has no e-mail address that can be written to."
                found.append(Conflict(kind, number, what, LACKS[0].cure))
        if any(pack.goes for pack in mine):
            found += [Conflict(kind, number, what, do) for what, do in _of_series(course)]
    return tuple(found)


def _of_series(series: Series) -> list[tuple[str, str]]:
    if series.lack:
        return [(series.lack, "Ask them after a week whether they have found an hour.")]
    found = []
    for meeting in series.meetings:
        if meeting.begin is None:
            found.append((f"{meeting.day:%-d %b %Y}: {meeting.note}", "Tell them to agree one."))
    for day in series.left_out:
        told = f"From {day:%-d %b %Y} on there is no day on which all work before the next meeting."
        found.append((told, "Nothing, or let them agree a day of their own."))
    return found
