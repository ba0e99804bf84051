"""The months as a reader sees them: meetings, pulse, support, training, the mentors' load."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from revmentor import figures, words
from revmentor.cycle.steps.review.during import HOURS
from revmentor.cycle.steps.review.telling import (
    first_meeting,
    lacking,
    response,
    rhythm_figure,
    told_of,
)
from revmentor.disclosure import (
    Disclosed,
    DisclosedComments,
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.metrics.training import ALL_MODULES
from revmentor.names import SIDES
from revmentor.tables import show
from revmentor.tiles import Heading, finding, findings

Found = Mapping[str, Disclosed]
MOST_COMMENTS = 10


def rhythm(found: Found, days: int, on_page: Collection[str]) -> list[object]:
    """Meetings held against due, and the first of them."""
    first = found.get("first-meeting")
    if not isinstance(first, DisclosedEstimate):
        return [lacking("sessions", on_page)]
    return [rhythm_figure(found), finding(first_meeting(first, days))]


def pulse(
    found: Found, scale: tuple[float, float], doubts: Sequence[str], on_page: Collection[str]
) -> list[object]:
    """The five principles, which of them are doubtful as scales, and how many answered."""
    answers, rates = found.get("pulse"), found.get("response")
    if not isinstance(answers, DisclosedEstimates) or not isinstance(rates, DisclosedEstimates):
        return [lacking("pulse", on_page)]
    return [
        figures.pulse_lines(answers, scale),
        findings(doubts, "look") if doubts else None,
        finding(response(rates)),
    ]


def support(found: Found) -> list[object]:
    """What people ask for."""
    asked = found.get("support")
    if not isinstance(asked, DisclosedCounts):
        return []
    if not asked.rows:
        return [finding("Nobody asked for support in the pulse.")]
    return [figures.support_needed(asked)]


def comments(found: Found) -> list[object]:
    """What people wrote, by side: a few, drawn by lot, without pair and wave; as plain text."""
    parts: list[object] = []
    for side in SIDES:
        value = found.get(f"comments-{side}")
        if not isinstance(value, DisclosedComments):
            continue
        if value.comments:
            left_out = f" ({value.left_out})" if value.left_out else ""
            parts.append(Heading(f"What {side}s wrote"))
            parts.append(
                finding(f"Drawn by lot from all waves, in an order that tells nothing{left_out}:")
            )
            parts.append(findings([f"“{text}”" for text in value.comments[:MOST_COMMENTS]]))
        else:
            parts.append(finding(f"Comments of {side}s are not shown: {value.reason}."))
    return parts


def training(found: Found) -> list[object]:
    """Training completed of what was due, by module."""
    done = found.get("training")
    if not isinstance(done, DisclosedEstimates):
        return [lacking("training")]
    keys = [key for key in done.keys if key[1] == "both" and key[0] != ALL_MODULES]
    every = done.get(ALL_MODULES, "both")
    rows = DisclosedEstimates(
        minimum=done.minimum,
        names=("training",),
        keys=tuple((key[0],) for key in keys),
        estimates=tuple(each for key in keys if (each := done.get(*key)) is not None),
    )
    title = "Training completed, of what was due"
    if every is not None and every.value is not None:
        title = f"{words.capital(every.text)} of the trainings that were due were completed"
    return [show(rows, title=title, subtitle="People due who completed it")] if keys else []


def burden(found: Found) -> list[object]:
    """How loaded the mentors are, in a sentence."""
    load = found.get("burden")
    if not isinstance(load, DisclosedEstimates):
        return []
    hours, loaded = load.get(HOURS), load.get("share loaded")
    told = [text for text in (_hours(hours) if hours else "",) if text]
    if loaded is not None and loaded.state != "not computed":
        told.append(
            told_of(
                loaded,
                "mentors",
                "show two or more signs of a heavy load (many hours, low commitment, "
                "cancellations, support asked for)",
            )
        )
    return [finding(*told)] if told else []


def _hours(hours: DisclosedEstimate) -> str:
    """How many hours meetings take, or that it is not known yet; without a table, nothing."""
    whose = "hours a month of a mentor's time"
    if hours.state == "shown":
        many = hours.text if hours.value else "less than 0.1"
        return f"Meetings take {many} {whose} ({hours.detail}); preparation comes on top."
    how = f"How many {whose} meetings take is"
    if hours.state == "not computed":
        lacks_table = hours.reason.startswith("there is no table")
        return "" if lacks_table else f"{how} not known yet: {hours.reason}."
    if hours.state == "small group":
        return f"{how} not known yet: there are {hours.text}."
    return f"{how} not shown."
