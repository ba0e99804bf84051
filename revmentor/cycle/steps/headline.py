"""How is the match told in four figures and one sentence?"""

from __future__ import annotations

from revmentor import words
from revmentor.cycle.steps.asked import PROVEN
from revmentor.disclosure import (
    NOT_SHOWN,
    Count,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimates,
)
from revmentor.tiles import Tile, Tiles


def proof(status: str, gap: float, objective: str = "total") -> str:
    """How sure is the answer, in a sentence?

    Parameters
    ----------
    status : str
        ``optimal`` or ``feasible``.
    gap : float, 0..1
    objective : {"total", "participation", "max_min", "leximin"}

    >>> proof("feasible", 0.0125)
    'Not proven optimal: another matching could score up to 1.2500% more.'
    """
    if status == "optimal":
        return f"Proven optimal: {PROVEN[objective]}."
    return f"Not proven optimal: another matching could score up to {gap:.4%} more."


def headline(
    pairs: DisclosedCounts,
    placed: DisclosedCounts,
    shares: DisclosedEstimates,
    scores: DisclosedDistribution,
) -> Tiles:
    """The match in four figures."""
    share = shares.get("share_of_possible")
    lowest = "not shown" if scores.lowest is None else f"{100 * scores.lowest:.0f}"
    middle = (
        scores.reason
        if scores.median is None
        else f"of 100; the middle pair {100 * scores.median:.0f}"
    )
    return Tiles(
        (
            Tile("pairs", pairs.cells[0][0].text, _people_in(placed)),
            Tile(
                "of the possible score",
                share.text if share else "not computed",
                "100%: every mentee with their best eligible partner",
            ),
            Tile(_worst(scores.minimum), lowest, middle),
            Tile(
                "mentees without a partner",
                placed.at("without a partner", "mentee").text,
                f"and {how_many(placed.at('without a partner', 'mentor'), 'mentor')}",
            ),
        )
    )


def _worst(least: int) -> str:
    """Whose score stands for the worst pairs: where one may be shown, that of the worst."""
    if least == 1:
        return "score of the worst pair"
    return f"average score of the {words.small(least)} worst pairs"


def _people_in(placed: DisclosedCounts) -> str:
    mentors, mentees = (
        how_many(placed.at("with a partner", side), side, about)
        for side, about in (("mentor", "junior"), ("mentee", "senior"))
    )
    return f"{mentors} and {mentees}"


def how_many(count: Count, noun: str, about: str = "") -> str:
    """So many of them, however much of the number may be shown.

    >>> how_many(Count.shown(1), "mentor"), how_many(Count.shown(70), "mentor", "junior")
    ('1 mentor', '70 mentors (junior)')
    >>> how_many(Count(value=None, low=1, high=None, text="not shown"), "mentee")
    'a number of mentees that is not shown'
    """
    extra = f" ({about})" if about else ""
    if count.text == NOT_SHOWN:
        return f"a number of {words.plural(noun)}{extra} that is not shown"
    return f"{count.text} {words.agree(count.value or 0, noun)}{extra}"
