"""What every step has in common: opened on a context, it finds, checks, and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Self

from revmentor import words
from revmentor.cycle.context import Context, open_context
from revmentor.cycle.ledgers import LEDGER, told_before
from revmentor.cycle.shown import Shown, shown
from revmentor.cycle.stages import is_restricted
from revmentor.disclosure import (
    Disclosed,
    DisclosedEstimates,
    Estimated,
    Members,
    Secured,
    secure,
)
from revmentor.disclosure.ledger import to_frame
from revmentor.errors import RevmentorError
from revmentor.tables import plain_table
from revmentor.tiles import finding, findings


@dataclass(frozen=True)
class Check:
    """One thing that must hold: what, and what was found."""

    what: str
    found: str


class CheckError(RevmentorError):
    """A check of a notebook does not hold; nothing of the step is recorded."""


@dataclass(frozen=True)
class Step:
    """One notebook's work on one cycle and scenario.

    A subclass names its notebook, the steps that it reads from, and whether what it found may be
    shared; figures that only the coordinator's page shows stay with the coordinator. `open` makes
    sure that earlier steps are recorded from the same inputs: a notebook opened alone so computes
    what it lacks.

    `found` gives each value as it may be shown alone, `members` who stands behind it, and `secured`
    what may be shown together with the other values, the earlier steps and the earlier reports.
    `exact` gives every number as it is: a page that only the coordinator reads is made of these.
    `no_people` names values that count no people, `kept` those that stay with the coordinator;
    `spare` says how much a reader would miss a value (10 if not said): the least is hidden first.
    """

    context: Context
    notebook: ClassVar[str] = ""
    needs: ClassVar[tuple[type[Step], ...]] = ()
    shareable: ClassVar[bool] = True
    no_people: ClassVar[frozenset[str]] = frozenset()
    kept: ClassVar[frozenset[str]] = frozenset()
    spare: ClassVar[Mapping[str, int]] = {}

    @classmethod
    def of_cycle(cls, cycle: str, scenario: str, *, root: str, data: str, workdir: str) -> Self:
        """Open the step as its notebook does; see `revmentor.lab.Opener`."""
        places = {"root": root, "data": data, "workdir": workdir}
        return cls.open(open_context(cls.notebook, cycle, scenario, **places))

    @classmethod
    def open(cls, context: Context) -> Self:
        """Open the step, recording first what it reads and what is not up to date."""
        for earlier in cls.needs:
            earlier.ensure(context)
        return cls(context)

    @classmethod
    def ensure(cls, context: Context) -> None:
        """See that this step is recorded, as it is today or, if it stands approved, as it was."""
        if not context.is_recorded(cls.notebook):
            step = cls.open(context)
            if not context.take_approved(cls.notebook):
                step.record()

    @property
    def minimum(self) -> int:
        """Smallest group that is shown, in people."""
        return self.context.params.disclosure.minimum_group

    def opening(self) -> Shown:
        """Which cycle, which scenario and why, and what it reads."""
        programme, resolved = self.context.params.programme, self.context.resolved
        dates = f"{programme.start:%-d %B %Y} to {programme.end:%-d %B %Y}"
        lines = [f"{self.context.title}: pairs meet from {dates}."]
        if resolved.scenario != "base":
            lines.append(f"Scenario {resolved.scenario}: {resolved.why}")
        return shown(finding(*lines), self._for_whom())

    @property
    def restricted(self) -> bool:
        """Does this page stay with the coordinator?"""
        return is_restricted(self.notebook)

    def _for_whom(self) -> object:
        """That a restricted page hides no number; None where the page may be shared."""
        if not self.restricted:
            return None
        return finding(
            "This page is for the coordinator: it shows every number, also of fewer than "
            f"{words.small(self.minimum)} people. Do not forward it; what may be shared is in "
            "report/.",
            tone="look",
        )

    def take[T: Disclosed](self, name: str, kind: type[T]) -> T:
        """One disclosed value for this step's page, of the kind that a figure asks for."""
        value = (self.exact() if self.restricted else self.secured.values)[name]
        assert isinstance(value, kind)
        return value

    def found(self) -> Mapping[str, Disclosed]:
        """What may be shared, each alone, by the name under which later steps read it."""
        return {}

    def exact(self) -> Mapping[str, Disclosed]:
        """The same with every number, for a page that only the coordinator reads."""
        return self.found()

    def members(self) -> Mapping[str, Members]:
        """Who stands behind each value of `found`, those of `no_people` left out."""
        return {}

    def settled(self, values: Mapping[str, Disclosed]) -> Mapping[str, Disclosed]:
        """The secured values, and those worked out from them: told as far as these are."""
        return values

    @cached_property
    def secured(self) -> Secured:
        """What may be shared, all together, and what it tells."""
        found = self.found()
        members = {name: who for name, who in self.members().items() if name not in self.kept}
        if not self.shareable:
            return Secured(found, (), (), ())
        bare = [
            f"“{name}”"
            for name, value in found.items()
            if name not in self.kept and value.minimum < self.minimum
        ]
        if bare:
            raise LookupError(
                f"{type(self).__name__} would share {', '.join(bare)} with every number: found() "
                "takes the cycle's minimum, only exact() and what is kept take none"
            )
        unknown = nobody_behind(found, members, self.no_people | self.kept)
        if unknown:
            raise LookupError(
                f"{type(self).__name__} shows {', '.join(unknown)} without saying of whom: add "
                "them to members(), or to no_people with the reason why they count no people"
            )
        if not members:
            return Secured(self.settled(found), (), (), ())
        before, beside = told_before(self.context, self.notebook)
        secured = secure(
            found, members, self.minimum, before=before, beside=beside, spare=self.spare
        )
        return replace(secured, values=self.settled(secured.values))

    def verify(self) -> tuple[Check, ...]:
        """What was checked; raises if something does not hold."""
        return ()

    def write(self) -> tuple[Path, ...]:
        """Write what only the coordinator may read, and plain facts; returns the files."""
        return ()

    def record(self) -> tuple[Path, ...]:
        """Check, write every artefact, and say so; nothing is written if a check fails."""
        self.verify()
        work = self.context.work
        shared = [
            work.write_json(
                name, value.to_json(), restricted=not self.shareable or name in self.kept
            )
            for name, value in self.secured.values.items()
        ]
        if self.secured.ledger:
            told = to_frame(self.secured.ledger)
            shared.append(work.write_table(f"{LEDGER}{self.notebook}", told))
        named = self.write()
        self.context.mark_recorded(self.notebook)
        return (*named, *shared)

    def checks(self) -> Shown:
        """Every check with what it found."""
        rows = [(check.what, check.found) for check in self.verify()]
        return shown(plain_table(("Check", "Found"), rows))

    def files(self) -> Shown:
        """Record the step and list what it wrote."""
        folder = self.context.work.folder
        names = [path.relative_to(folder).as_posix() for path in self.record()]
        packs = [name for name in names if "/packs/" in name]
        lines = [name for name in names if name not in packs]
        if packs:
            lines.append(f"restricted/packs/ ({len(packs)} pages)")
        place = "the draft folder of this cycle" if self.context.draft else "this run's folder"
        return shown(finding(f"In {place}:"), findings(lines))


def nobody_behind(
    found: Mapping[str, Disclosed], members: Mapping[str, Members], without: frozenset[str]
) -> list[str]:
    """Which values, or estimates in them, are shown without anybody who is said to be behind them?

    Parameters
    ----------
    found : mapping of name to disclosed value
    members : mapping of name to who stands behind it
    without : frozenset of str
        Names of values that need nobody.
    """
    unknown = []
    for name, value in found.items():
        who = members.get(name)
        if name in without:
            continue
        if who is None:
            unknown.append(f"“{name}”")
        elif isinstance(value, DisclosedEstimates) and isinstance(who, Estimated):
            unknown += [
                f"“{name}” ({', '.join(key)})"
                for key, each in zip(value.keys, value.estimates, strict=True)
                if key not in who.groups and key not in who.events and each.tells
            ]
    return unknown
