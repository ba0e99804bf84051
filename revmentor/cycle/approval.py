"""Is this match approved, and by whom? A matching is a draft until a person says that it is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from revmentor.cycle import trail
from revmentor.cycle.trail import Entry
from revmentor.data.decided import SHEET, decide_words
from revmentor.params import Params

APPROVED, REOPENED = "approved", "reopened"


@dataclass(frozen=True)
class Approval:
    """A match that stands approved.

    Parameters
    ----------
    cycle, scenario : str
        Whose match it is.
    match : str
        Digest of its pairs and circles; see `revmentor.cycle.identity`. Empty where the cycle
        approves whatever it matches, and has not matched yet.
    by : str
        Who approved it; empty: the cycle itself (``launch.approval: cycle``).
    at : datetime or None
        When, UTC; None where the cycle approves its own match and has not published it yet.
    hash : str
        Of the trail's entry; empty where there is none yet.
    reason : str
        As given; may be empty.
    """

    cycle: str
    scenario: str
    match: str
    by: str = ""
    at: dt.datetime | None = None
    hash: str = ""
    reason: str = ""

    @property
    def itself(self) -> bool:
        """Did the cycle approve its own match, rather than a person?"""
        return not self.by

    @property
    def on(self) -> dt.date | None:
        """The day, UTC, or None; see `at`."""
        return self.at.date() if self.at else None

    @property
    def short(self) -> str:
        """The first characters of the entry's hash, to note down."""
        return self.hash[: trail.SHORT]

    @property
    def sentence(self) -> str:
        """Who approved it and when, for restricted pages."""
        if self.itself:
            return (
                f"approved by the cycle itself, as params/cycles/{self.cycle}.yaml says: "
                "launch.approval"
            )
        return f"approved by {self.by} on {self.at:%-d %B %Y}, trail {self.short}"

    @property
    def shareable(self) -> str:
        """The same without a name, for pages that may be shared."""
        return "approved by the cycle itself" if self.itself else f"approved on {self.at:%-d %B %Y}"


def approvals(entries: Iterable[Entry], cycle: str) -> Mapping[str, Approval]:
    """What stands approved after these entries, by scenario."""
    standing: dict[str, Approval] = {}
    for entry in entries:
        facts = entry.facts
        if entry.what == APPROVED:
            standing[facts["scenario"]] = Approval(
                cycle, facts["scenario"], facts["match"], entry.by, entry.at, entry.hash,
                facts.get("reason", ""),
            )  # fmt: skip
        elif entry.what == REOPENED:
            standing.pop(facts["scenario"], None)
    return standing


def approval_of(home: Path, scenario: str = "") -> Approval | None:
    """What stands approved in this cycle, if anything does?

    Parameters
    ----------
    home : Path
        ``outputs/<cycle>``; it need not exist.
    scenario : str
        Of which scenario; empty: of the one that a person approved.

    Raises
    ------
    InputError
        The trail is not as it was written.
    """
    standing = approvals(trail.read(home).entries, home.name)
    if scenario:
        return standing.get(scenario)
    return next((each for each in standing.values() if not each.itself), None)


def approval_of_match(
    standing: Approval | None, params: Params, cycle: str, scenario: str, match: str
) -> Approval | None:
    """The approval of just this match, if there is one.

    Parameters
    ----------
    standing : Approval or None
        What stands approved of this scenario.
    params : Params
        Where ``launch.approval`` is ``cycle``, there always is one.
    cycle, scenario : str
        Names.
    match : str
        Its digest; empty: there is none yet.
    """
    this = standing if standing and match and standing.match == match else None
    if this is not None and not this.itself:
        return this
    if params.launch.approval != "cycle":
        return None
    return this or Approval(cycle, scenario, match)


def option(scenario: str) -> str:
    """How a command names this scenario, if it must."""
    return "" if scenario == "base" else f" --scenario {scenario}"


def next_of_draft(cycle: str, scenario: str) -> str:
    """What to do with a match that nobody has approved."""
    return (
        f"Next: read restricted/matching.html; to change pairs, fill restricted/{SHEET} and "
        f"take it in with {decide_words(cycle, scenario)}; when the pairs are "
        f"right, revmentor approve {cycle} --by NAME{option(scenario)}."
    )


def basis(params: Params, standing: Approval | None, gone: Collection[str] = ()) -> str:
    """What are packs made on? Changes when the approval does, or when one more has left."""
    left = f" without {len(gone)}" if gone else ""
    if standing is not None and not standing.itself:
        return standing.hash + left
    return ("cycle" if params.launch.approval == "cycle" else "") + left
