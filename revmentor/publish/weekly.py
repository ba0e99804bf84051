"""Pages by name for the coordinator's week: the list of pairs, and a page for each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from revmentor.publish.named import Named, template


@dataclass(frozen=True)
class WeekRow:
    """One pair that needs a look.

    Parameters
    ----------
    number : int
        The pair's number, as in ``pairs.html`` and in the packs.
    mentor, mentee : Named
    health : int
        0..100.
    reasons : sequence of str
        Heaviest first.
    action : str
    """

    number: int
    mentor: Named
    mentee: Named
    health: int
    reasons: Sequence[str]
    action: str


@dataclass(frozen=True)
class Waiting:
    """Who waits for the coordinator, about whom ("" if nobody), as what and since when.

    ``times`` is how often they have asked, ``latest`` the day on which they did so last.
    What they wrote is read on the coordinator's page of the check-in only.
    """

    who: Named
    partner: str
    what: str
    since: str
    times: int = 1
    latest: str = ""


@dataclass(frozen=True)
class PairCourse:
    """All that the coordinator may know of one pair.

    ``facts`` are labelled lines; ``meetings`` (day, what happened); ``pulse`` one row per wave:
    (wave, mentor's mean, mentee's mean); ``goals`` (goal, side that set it or "", from,
    to, now, share of the way).
    """

    row: WeekRow
    score: float
    facts: Sequence[tuple[str, str]]
    meetings: Sequence[tuple[str, str]]
    pulse: Sequence[tuple[str, str, str]]
    goals: Sequence[tuple[str, str, str, str, str, str]]


def pair_page_file(number: int) -> str:
    """Under which name is a pair's page filed? It names nobody.

    >>> pair_page_file(7)
    'pair-0007.html'
    """
    return f"pair-{number:04d}.html"


def week_page(
    first: Sequence[WeekRow],
    others: Sequence[WeekRow],
    *,
    title: str,
    as_of: str,
    screen: str,
    rematch: Sequence[str],
    new_pairs: Sequence[tuple[Named, Named]],
    counts: Mapping[str, int],
    waiting: Sequence[Waiting] = (),
) -> str:
    """Which pairs need the coordinator this week, by name?

    Parameters
    ----------
    first, others : sequence of WeekRow
        The list of the week, and all other pairs with a sign.
    title, as_of : str
        The cycle's title, and the day of the look.
    screen : str
        What such a screen can and cannot tell, in a sentence.
    rematch : sequence of str
        The least change that would serve the pairs proposed for a rematch, in sentences.
    new_pairs : sequence of (Named, Named)
        Mentor and mentee of every pair that this plan would make.
    counts : mapping of str to int
        How many pairs show each sign.
    waiting : sequence of Waiting
        Raised hands and requests that are not done, in the order to read.
    """
    return template("week.html.j2").render(
        first=first,
        others=others,
        title=title,
        as_of=as_of,
        screen=screen,
        rematch=rematch,
        new_pairs=new_pairs,
        counts=counts,
        waiting=waiting,
        page=pair_page_file,
    )


def pair_page(course: PairCourse, title: str, as_of: str) -> str:
    """How has this pair fared? For the coordinator only."""
    return template("pair.html.j2").render(course=course, row=course.row, title=title, as_of=as_of)
