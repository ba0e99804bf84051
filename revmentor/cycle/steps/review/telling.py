"""What the review says in words, and the figures that the report shows as well."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from revmentor import figures, words
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.metrics.evidence import why_absent
from revmentor.tiles import Finding, finding

WOULD_SHOW = {
    "sessions": "whether the pairs meet, and who cancels",
    "pulse": "how both sides see the five principles, and what support they ask for",
    "goals": "how near the pairs are to their goals",
    "training": "who has had the training that is due",
    "skills": "what the mentees can do now and could not before",
    "leadership": "whether the mentors grow as leaders",
    "creativity": "whether either side has more ideas",
    "ties": "who has colleagues now whom they had not before",
    "outcomes": "who stayed and who was promoted",
}


REMIND = "Remind both sides of their personal links to the page"


def lacking(table: str, on_page: Collection[str] = ()) -> Finding:
    """What does the reader miss because a table is not there, and how is it added?

    Parameters
    ----------
    table : str
        A review table.
    on_page : collection of str
        Tables that people fill on the check-in page.
    """
    cure = f"Name its file in the cycle's parameters under data.tables.{table}."
    return finding(
        f"{words.capital(why_absent(table, on_page))}, so this section is empty.",
        f"It would show {WOULD_SHOW[table]}.",
        f"{REMIND}." if table in on_page else cure,
        tone="look",
    )


def first_meeting(share: DisclosedEstimate, days: int) -> str:
    """How many pairs met in time, in a sentence."""
    if share.state == "not computed":
        return f"First meetings within {days} days: not computed, {share.reason}."
    return told_of(share, "pairs", f"met within {days} days")


def told_of(share: DisclosedEstimate, noun: str, did: str) -> str:
    """Who of them did so, in a sentence, however much of the share may be shown.

    Parameters
    ----------
    share : DisclosedEstimate
    noun, did : str
        Of whom it is, and what they do: "pairs", "met within 30 days".
    """
    match share.state:
        case "shown":
            return f"{share.text} of the {noun} {did} ({share.detail})."
        case "few" | "nearly all":
            return f"{words.capital(share.text)} {noun} {did}."
        case "small group":
            return f"How many {noun} {did} is not shown: there are {share.text}."
        case "not computed":
            return f"How many {noun} {did} is not computed: {share.reason}."
    return f"How many {noun} {did} is not shown."


def response(rates: DisclosedEstimates) -> str:
    """How many answered in the first and the last wave, in a sentence."""
    waves = rates.labels("wave")
    if not waves:
        return "Nobody was asked yet."
    parts = []
    for side in ("mentor", "mentee"):
        ends = [rates.get(wave, side) for wave in dict.fromkeys((waves[0], waves[-1]))]
        shares = [each.text for each in ends if each is not None]
        parts.append(f"{side}s {' and then '.join(shares)}")
    both = dict.fromkeys((waves[0], waves[-1]))
    asked = words.listed([words.called_check_in(wave) for wave in both])
    return f"Answered, {asked}: {'; '.join(parts)}."


def rhythm_figure(found: Mapping[str, Disclosed]) -> figures.Plot:
    """The figure of meetings from what was disclosed of them."""
    weeks, cancelled, held = found["rhythm"], found["cancelled"], found["held-of-due"]
    assert isinstance(weeks, DisclosedCounts)
    assert isinstance(cancelled, DisclosedEstimates)
    assert isinstance(held, DisclosedEstimate)
    return figures.meetings_rhythm(weeks, cancelled, held)


def goals_figure(found: Mapping[str, Disclosed]) -> figures.Plot:
    """The figure of goals from what was disclosed of them."""
    goals, capped, reached = found["goals"], found["goals-mean"], found["goals-reached"]
    assert isinstance(goals, DisclosedDistribution)
    assert isinstance(capped, DisclosedEstimate)
    assert isinstance(reached, DisclosedEstimate)
    return figures.goal_progress(goals, capped, reached)


def strangers(count: int, noun: str, minimum: int) -> Finding | None:
    """How many rows belong to no pair of this match? None without any."""
    if not count:
        return None
    many = words.number(count) if count >= minimum else "Some"
    return finding(
        f"{many} {words.plural(noun)} belong to no pair of this match and are left out. Under a "
        "scenario that was not launched this is expected.",
        tone="look",
    )
