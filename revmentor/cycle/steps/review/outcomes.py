"""What has changed, as a reader sees it: goals, skills, leaders, ideas, ties, who stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from revmentor import figures, words
from revmentor.cycle.steps.review.telling import goals_figure, lacking
from revmentor.disclosure import (
    Disclosed,
    DisclosedCounts,
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.metrics.compared import Comparison
from revmentor.metrics.compared_words import e_value_said
from revmentor.params.models import Scales
from revmentor.tiles import Heading, finding, findings

Scale = tuple[float, float]
Found = Mapping[str, Disclosed]

SURVEYS = {
    "skills": ("Skills of the mentees", "The mentees' skills", "all skills"),
    "leadership": (
        "Leadership of the mentors",
        "The mentors' leadership items",
        "all of leadership",
    ),
    "creativity": ("New ideas", "Creativity answers", "all of creativity"),
}


@dataclass(frozen=True)
class Said:
    """What the review says in words, as the report reads it.

    Parameters
    ----------
    absent : tuple of str
        Review tables that the cycle does not have.
    as_of : date or None
        The day from which the review looks.
    reliability : mapping of table to tuple of str
        What may be said of each scale, in sentences.
    staying : Staying or None
        What the comparison of who stays says.
    on_page : tuple of str
        Review tables that people fill on the check-in page.
    """

    absent: tuple[str, ...]
    as_of: dt.date | None
    reliability: Mapping[str, tuple[str, ...]]
    staying: Staying | None
    on_page: tuple[str, ...] = ()

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """From the artefact ``review``."""
        told = content["staying"]
        return cls(
            tuple(content["absent"]),
            dt.date.fromisoformat(content["as_of"]) if content["as_of"] else None,
            {name: tuple(texts) for name, texts in content["reliability"].items()},
            None
            if told is None
            else Staying(told["title"], tuple(told["sentences"]), told["speaks"]),
            tuple(content.get("on_page", ())),
        )


def all_of(found: Found, scales: Scales, said: Said) -> list[object]:
    """Everything that changed, one benefit after the other."""
    item, level = ((scale.low, scale.high) for scale in (scales.item, scales.level))
    return [
        *goals(found, said.on_page),
        *survey(found, "skills", level, ()),
        *survey(found, "leadership", item, said.reliability["leadership"]),
        *survey(found, "creativity", item, said.reliability["creativity"]),
        *ties(found),
        *staying(found, said.staying),
    ]


def goals(found: Found, on_page: Collection[str]) -> list[object]:
    """Goal attainment."""
    if "goals" not in found:
        return [Heading("Goals"), lacking("goals", on_page)]
    progress = found["goals"]
    if isinstance(progress, DisclosedDistribution) and not progress.counts:
        why = progress.reason or "no goal has a baseline, a target and a value"
        return [Heading("Goals"), finding(f"The progress is not shown: {why}.")]
    return [Heading("Goals"), goals_figure(found)]


def survey(found: Found, table: str, scale: Scale, reliability: Sequence[str]) -> list[object]:
    """Before and after of one survey, and whether its items may be averaged."""
    title, subject, whole = SURVEYS[table]
    changes = found.get(f"{table}-change")
    if not isinstance(changes, DisclosedEstimates):
        return [Heading(title), lacking(table)]
    return [
        Heading(title),
        figures.paired_dots(changes, scale, subject, whole),
        findings(reliability) if reliability else None,
    ]


def ties(found: Found) -> list[object]:
    """New ties, and whether the network opened."""
    title = Heading("Connections")
    new, mixing = found.get("new-ties"), found.get("mixing")
    if not isinstance(new, DisclosedEstimates) or not isinstance(mixing, DisclosedEstimates):
        return [title, lacking("ties")]
    return [title, figures.new_ties(new), finding(*_mixed(mixing))]


def _mixed(mixing: DisclosedEstimates) -> list[str]:
    change = mixing.get("department", "participants", "change")
    before, after = (mixing.get("department", "participants", when) for when in ("before", "after"))
    if change is None or change.value is None or before is None or after is None:
        return []
    return [
        "The E-I index by department (−1: all ties inside the own department, 1: all outside) "
        f"went from {before.text} to {after.text} among participants: a change of {change.brief}."
    ]


def staying(found: Found, told: Staying | None) -> list[object]:
    """Who is still there, against whom it is compared, and what may be concluded."""
    title = Heading("Who stays")
    curve, at_risk, apart = (found.get(name) for name in ("staying", "at-risk", "balance"))
    if (
        told is None
        or not isinstance(curve, DisclosedEstimates)
        or not isinstance(at_risk, DisclosedCounts)
    ):
        return [title, lacking("outcomes")]
    parts: list[object] = [
        title,
        figures.retention_curves(curve, at_risk, told.title, ALL_OTHERS),
        finding(*told.sentences),
    ]
    if isinstance(apart, DisclosedEstimates) and apart.keys:
        parts.append(figures.balance_dots(apart, told.speaks))
    return parts


@dataclass(frozen=True)
class Staying:
    """What the comparison of who stays says in words, and whether it may be used."""

    title: str
    sentences: tuple[str, ...]
    speaks: bool


def staying_told(found: Found, compared: Comparison | None) -> Staying | None:
    """What may be said of who stays; None where nothing was compared."""
    shares = found.get("compared")
    if compared is None or not isinstance(shares, DisclosedEstimates):
        return None
    difference = shares.get("stay", "difference")
    assert difference is not None
    title, sentences = _staying_title(difference, compared), _compared_words(difference, compared)
    return Staying(title, tuple(sentences), compared.speaks)


def _staying_title(difference: DisclosedEstimate, compared: Comparison) -> str:
    if difference.value is None or difference.low is None or difference.high is None:
        return "Whether participants stay more often cannot be shown"
    if not compared.speaks:
        return "Whether participants stay more often cannot be concluded: the others are not alike"
    points = f"{words.number(abs(100 * difference.value), 0)} percentage points"
    if difference.low > 0:
        return f"Participants stay more often than comparable people, by {points}"
    if difference.high < 0:
        return f"Participants stay less often than comparable people, by {points}"
    return "Whether participants stay more often cannot be concluded: the interval holds zero"


ALL_OTHERS = (
    "Others are everybody else, as they are; the title goes by the comparison that is told below."
)
AGAINST = {
    "lottery": "Who was drawn for a place is compared with who was not, taking part or not",
    "waitlist": "Participants are compared with people who asked for a place when none was left",
    "matched": "Participants are compared with other people of the company",
    "none": "There is nobody to compare participants with",
}


def _why(compared: Comparison) -> str:
    """Who was compared, and how; without any number of people.

    Numbers of people stand in the tables only, where they are told together with all others.
    """
    told = [clause.text for clause in compared.clauses if not clause.groups]
    return words.joined([AGAINST[compared.kind], *told])


def _compared_words(difference: DisclosedEstimate, compared: Comparison) -> list[str]:
    told = [_why(compared)]
    if difference.value is not None:
        told.append(f"The share who stay differs by {difference.points}.")
    if difference.value is not None:
        told.append(e_value_said(compared))
    told.append(compared.caution)
    return told
