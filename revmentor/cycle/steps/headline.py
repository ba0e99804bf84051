"""How is the match told in four figures and one sentence?"""

from __future__ import annotations

from revmentor import words
from revmentor.cycle.steps.asked import PROVEN
from revmentor.disclosure import DisclosedCounts, DisclosedDistribution, DisclosedEstimates
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
            Tile(f"average score of the {words.small(scores.minimum)} worst pairs", lowest, middle),
            Tile(
                "mentees without a partner",
                placed.at("without a partner", "mentee").text,
                f"and {placed.at('without a partner', 'mentor').text} mentors",
            ),
        )
    )


def _people_in(placed: DisclosedCounts) -> str:
    mentors = placed.at("with a partner", "mentor").text
    mentees = placed.at("with a partner", "mentee").text
    return f"{mentors} mentors (junior) and {mentees} mentees (senior)"
