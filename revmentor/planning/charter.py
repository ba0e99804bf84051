"""What should this cycle change, and is it written down so that it can be judged?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from revmentor import words
from revmentor.measures import RULES
from revmentor.names import OBJECTIVE_KINDS
from revmentor.params.models import Charter, Programme, SuccessCriterion
from revmentor.planning.promise import Promised, digest, promised, said
from revmentor.planning.timeline import phases
from revmentor.planning.waves import Wave

NOT_STATED = "not stated"
NOT_MEASURED = "not measured yet"
OFFERED = {"waves": "Waves", "training": "Training owed", "incentives": "Incentives"}


@dataclass(frozen=True)
class Gap:
    """One thing that the charter does not say yet."""

    criterion: str
    lacks: str
    cure: str

    @property
    def text(self) -> str:
        """The gap as a clause.

        >>> Gap("charter", "owner", "").text, Gap("Pairs meet", "target", "").text
        ('the charter has no owner', '“Pairs meet” has no target')
        """
        who = "the charter" if self.criterion == "charter" else f"“{self.criterion}”"
        return f"{who} has no {self.lacks}"


@dataclass(frozen=True)
class Promise:
    """One criterion of success, in the words that its reader holds the cycle to."""

    criterion: str
    figure: str
    baseline: str
    target: str
    due: str
    rule: str
    power: str = ""


@dataclass(frozen=True)
class CharterDocument:
    """The charter as everybody reads it.

    Parameters
    ----------
    title : str
        Of the cycle.
    lines : tuple of (str, str)
        Label and text: objective, method, owner, audience, dates.
    promises : tuple of Promise
        One per criterion of success.
    dates : tuple of (str, str)
        Each phase of the cycle and when it is.
    gaps : tuple of Gap
        What it does not say yet.
    promised : mapping
        What `digest` is of: charter and dates, not the power.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    promises: tuple[Promise, ...]
    dates: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]
    promised: Promised

    @property
    def digest(self) -> str:
        """The fingerprint (sha256, hex) of what is promised."""
        return digest(self.promised)

    @property
    def rules(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every rule in words, with the criteria that it judges."""
        found: dict[str, list[str]] = {}
        for promise in self.promises:
            found.setdefault(promise.rule, []).append(promise.criterion)
        return tuple((rule, tuple(criteria)) for rule, criteria in found.items())


def charter_document(
    charter: Charter,
    programme: Programme,
    title: str,
    power: Sequence[str] = (),
    offered: Mapping[str, Sequence[str]] | None = None,
    waves: Sequence[Wave] = (),
) -> CharterDocument:
    """Which objective, by which method, judged how, by when, by whom, shared with whom?

    Parameters
    ----------
    charter : Charter
        Lines that it leaves empty read "not stated" and are listed among the gaps.
    programme : Programme
        The cycle's dates.
    title : str
        Of the cycle.
    power : sequence of str
        Per criterion, in order: whether the cycle could tell. Empty: nothing is said of it.
    offered : mapping of str to sequence of str, optional
        From `revmentor.planning.designed.offered`: waves, training and incentives, in words.
    waves : sequence of Wave
        Whose pairs start on days of their own; empty: all start with the cycle.

    Returns
    -------
    CharterDocument
    """
    due = programme.review_on or programme.end
    lines = (
        ("Objective", charter.objective or NOT_STATED),
        ("Kind", OBJECTIVE_KINDS[charter.kind]),
        ("Method", charter.method or NOT_STATED),
        ("Owner", charter.owner or NOT_STATED),
        ("Shared with", ", ".join(charter.audience) or NOT_STATED),
        ("Pairs meet", f"{_day(programme.start)} to {_day(programme.end)}"),
        ("Judged on", _day(due)),
        *(
            (OFFERED[key], "; ".join(text.rstrip(". ") for text in texts))
            for key, texts in (offered or {}).items()
        ),
    )
    told = power or [""] * len(charter.success)
    return CharterDocument(
        title,
        lines,
        tuple(_promise(item, text) for item, text in zip(charter.success, told, strict=True)),
        _dates(programme, waves),
        charter_gaps(charter),
        promised(charter, programme, offered),
    )


def rule_in_words(item: SuccessCriterion) -> str:
    """By which rule is this criterion judged, as it was fixed before the data?

    >>> from revmentor.params.models import SuccessCriterion
    >>> rule_in_words(SuccessCriterion(criterion="c", metric="across_sites"))
    'met if the figure reaches the target, not met if it falls short: everybody is counted'
    """
    least = f"; with n under {item.least} it cannot be concluded" if item.least else ""
    return RULES[item.judged_by] + least


def _promise(item: SuccessCriterion, power: str) -> Promise:
    measure = item.measure
    baseline = NOT_MEASURED if item.baseline is None else said(item.baseline, measure)
    note = item.baseline_note.strip().rstrip(".")
    target = NOT_STATED if item.target is None else said(item.target, measure)
    if item.target is not None and measure.unit != "share":
        target += f" {item.unit or measure.unit}"
    return Promise(
        item.criterion,
        measure.label,
        f"{baseline} ({note})" if note else baseline,
        target if measure.higher or item.target is None else f"{target} or less",
        NOT_STATED if item.due is None else _day(item.due),
        rule_in_words(item),
        power,
    )


def _dates(programme: Programme, waves: Sequence[Wave]) -> tuple[tuple[str, str], ...]:
    """The phases in order of time, check-ins as one line, first meetings wave by wave."""
    found: dict[str, list[tuple[dt.date, dt.date]]] = {}
    for event in phases(programme, waves):
        name = "Check-ins" if event.name.startswith("Check-in") else event.name
        found.setdefault(name, []).append((event.first, event.last))
    return tuple((name, _span(spans)) for name, spans in found.items())


def _span(spans: Sequence[tuple[dt.date, dt.date]]) -> str:
    if len(spans) > 1:
        return words.listed([_day(first) for first, _ in spans])
    first, last = spans[0]
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def _day(date: dt.date) -> str:
    return f"{date:%-d %B %Y}"


def charter_gaps(charter: Charter) -> tuple[Gap, ...]:
    """What is missing before anybody could say that the cycle worked?

    A criterion needs a target, the date on which it is judged, and a baseline or how one will be
    measured; where everybody is counted, the match is the first measurement.
    """
    gaps = [
        Gap("charter", name, f"write charter.{key} in the cycle's parameters")
        for key, name in (("objective", "objective"), ("method", "method"), ("owner", "owner"))
        if not getattr(charter, key).strip()
    ]
    if not charter.audience:
        gaps.append(Gap("charter", "audience", "name the teams in charter.audience"))
    if not charter.success:
        cure = "add at least one criterion to charter.success; revmentor charter prints examples"
        gaps.append(Gap("charter", "success criteria", cure))
    for item in charter.success:
        if item.target is None:
            gaps.append(Gap(item.criterion, "target", "state the value that counts as success"))
        elif item.measure.unit == "share" and abs(item.target) > 1:
            cure = "write shares from 0 to 1: 0.9 for 90%"
            gaps.append(Gap(item.criterion, "target that a share can reach", cure))
        if item.baseline is None and not _has_plan(item):
            cure = "measure it before the pairs start, or say how you will in baseline_note"
            gaps.append(Gap(item.criterion, "baseline", cure))
        if item.due is None:
            gaps.append(Gap(item.criterion, "date", "state in due when it is judged"))
    return tuple(gaps)


def _has_plan(item: SuccessCriterion) -> bool:
    return bool(item.baseline_note.strip()) or item.measure.kind == "counted"
