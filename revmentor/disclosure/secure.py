"""Which numbers must be told less of, so that a whole report gives no small group away?

The attack (`revmentor.disclosure.attack`) says which numbers hold a small group's number or mean;
of these the one that a reader misses least is told less exactly, and the attack is repeated. What
turns out not to be needed is told again. Where earlier pages hold a small group so tightly that
this does not help, nothing is told of a further group (`revmentor.disclosure.leaving`), and all of
it is done again. The same input gives the same output.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from revmentor.disclosure.attack import KEPT_SHARE, NEAR, Finding, attack, attacks_on_means
from revmentor.disclosure.audit import Audit
from revmentor.disclosure.counts import Disclosed
from revmentor.disclosure.leaving import Stuck, left_out
from revmentor.disclosure.ledger import Ledger, Query
from revmentor.disclosure.members import Estimated, Key, Members
from revmentor.disclosure.once import Once
from revmentor.disclosure.told import told
from revmentor.disclosure.weaken import GONE, OPEN, Hidden, weaken
from revmentor.people import NOBODY, People

DEFAULT_COST = 10
WITHHOLDING = 5


@dataclass(frozen=True)
class Secured:
    """Values that may be shown together, what they tell, and what is still given away.

    ``lessened`` names the values that tell less than they would alone. ``findings`` is empty unless
    what is already published leaves no way out.
    """

    values: Mapping[str, Disclosed]
    ledger: Ledger
    findings: tuple[Finding, ...]
    lessened: tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """One step to tell less: of a group everywhere, or of one value altogether."""

    cost: tuple[int, int, int, str]
    group: People | None = None
    value: tuple[str, Key] | None = None


@dataclass
class _Work:
    """The values as they are told now."""

    found: Mapping[str, Disclosed]
    members: Mapping[str, Members]
    before: Ledger
    beside: Ledger
    spare: Mapping[str, int]
    once: Once
    hidden: Hidden = field(default_factory=Hidden)
    values: dict[str, Disclosed] = field(default_factory=dict)
    parts: dict[str, Ledger] = field(default_factory=dict)

    def __post_init__(self) -> None:
        told = (*self.before, *self.beside)
        self.pinned = {q.members for q in told if q.kind == "count" and q.low == q.high}
        self.tell(self.found)
        self.at: dict[People, set[str]] = {}
        for query in self.ledger:
            for group in (query.members, query.of):
                self.at.setdefault(group, set()).add(query.name)
        # A share is told less exactly with its parts, also where it names none of them.
        self.parted: dict[People, set[str]] = {}
        for name, who in self.members.items():
            if isinstance(who, Estimated):
                for each in who.groups.values():
                    for group in (each.having, each.rest) if each.having is not None else ():
                        self.parted.setdefault(group, set()).add(name)

    def tell(self, names: Iterable[str]) -> None:
        """Work these values out again, and what they tell."""
        for name in names:
            value, who = self.found[name], self.members.get(name)
            if who is not None:
                value = weaken(name, value, who, self.hidden)
                self.parts[name] = self.once.ledger(told({name: value}, {name: who}))
            self.values[name] = value

    @property
    def ledger(self) -> Ledger:
        """All that is told now."""
        return tuple(query for part in self.parts.values() for query in part)

    def cost(self, name: str) -> int:
        return self.spare.get(name, DEFAULT_COST)

    def costs(self) -> dict[People, int]:
        """How much would a reader miss what is told of each group?"""
        return {group: max(map(self.cost, names)) for group, names in self.at.items()}

    def moves(self, held: Iterable[Query]) -> list[Move]:
        """What could be told less of, among the numbers that hold a small group?"""
        found: dict[People | tuple[str, Key], Move] = {}
        for query in held:
            if query.source or query not in self.parts.get(query.name, ()):
                continue
            place = (query.name, query.key)
            if query.kind == "count":
                group, level = query.members, self.hidden.level(query.members)
                if group not in self.pinned and level < OPEN and query.low:
                    names = self.at[group]
                    cost = max(map(self.cost, names))
                    found[group] = Move((cost, len(names), level, repr(place)), group=group)
            elif place not in self.hidden.withheld:
                cost = self.cost(query.name) + WITHHOLDING
                found[place] = Move((cost, 1, -len(query.terms), repr(place)), value=place)
        return sorted(found.values(), key=lambda move: move.cost)

    def make(self, move: Move) -> dict[str, Ledger]:
        """Tell less; returns what the values tell that have changed."""
        if move.group is not None:
            self.hidden.levels[move.group] = self.hidden.level(move.group) + 1
        elif move.value is not None:
            self.hidden.withheld.add(move.value)
        return self._changed(move)

    def unmake(self, move: Move) -> dict[str, Ledger]:
        """Tell it again; returns what the values tell that have changed."""
        if move.group is not None:
            self.hidden.levels[move.group] -= 1
        elif move.value is not None:
            self.hidden.withheld.discard(move.value)
        return self._changed(move)

    def _changed(self, move: Move) -> dict[str, Ledger]:
        if move.value is not None:
            names = [move.value[0]]
        else:
            group = move.group or NOBODY
            names = sorted(self.at[group] | self.parted.get(group, set()))
        self.tell(names)
        return {name: self.parts[name] for name in names}


def secure(
    found: Mapping[str, Disclosed],
    members: Mapping[str, Members],
    minimum: int,
    *,
    before: Ledger = (),
    beside: Ledger = (),
    spare: Mapping[str, int] | None = None,
) -> Secured:
    """What of these values may be shown together, and with all that is published already?

    Parameters
    ----------
    found : mapping of name to disclosed value
        Each as it may be shown alone.
    members : mapping of name to who stands behind it
        Values without an entry tell nothing of people, and stay as they are.
    minimum : int
        Smallest group that is shown.
    before : tuple of Query
        What earlier reports told; what follows from them alone is past.
    beside : tuple of Query
        What earlier pages of this report tell: it cannot be told less of here, but what it tells
        together with these values is not past.
    spare : mapping of name to int, optional
        How much a reader would miss a value (10 if not said); the least is hidden first.
    """
    once = Once()
    who = {name: once.members(each) for name, each in members.items()}
    past, pages = once.ledger(before), once.ledger(beside)
    gone = set[People]()
    refused: Secured | None = None
    for attempt in count():
        hidden = Hidden(dict.fromkeys(gone, GONE))
        work = _Work(found, who, past, pages, spare or {}, once, hidden)
        current, costs = work.ledger, work.costs()
        stuck = [*_secure_means(work, minimum), *_secure_counts(work, minimum)]
        lessened = tuple(name for name in found if work.values[name] != found[name])
        findings = tuple(each.finding for each in stuck)
        secured = Secured(work.values, work.ledger, findings, lessened)
        if not stuck:
            break
        # What is withheld now tells of no group: what it once made known may be known no more.
        if not attack((*pages, *work.ledger), minimum, before=past):
            secured = replace(secured, findings=())
            break
        refused = refused or secured
        more = left_out(stuck, current, (*past, *pages), costs, attempt)
        if more <= gone:
            return refused
        gone |= more
    return secured


def _secure_means(work: _Work, minimum: int) -> list[Stuck]:
    found = []
    told = (*work.before, *work.beside)
    for means in attacks_on_means(work.ledger, told, minimum):
        for target in range(len(means.targets)):
            while True:
                width, held = means.ask(target)
                if width >= KEPT_SHARE - NEAR:
                    break
                moves = work.moves(query for query in held if query.kind == "sum")
                if not moves:
                    finding = Finding("mean", width, held, minimum)
                    found.append(Stuck(finding, frozenset(means.place)))
                    break
                gone = moves[0].value
                for query in held:
                    if query in work.ledger and (query.name, query.key) == gone:
                        means.leave(query)
                work.make(moves[0])
    return found


def _secure_counts(work: _Work, minimum: int) -> list[Stuck]:
    audit = Audit(work.before, work.ledger, minimum, beside=work.beside)
    broken = [target for target in range(len(audit.targets)) if not audit.ask(target)[0]]
    found, made = [], list[Move]()
    guarded = list(broken)
    for target in broken:
        fine, held = audit.ask(target)
        while not fine:
            # Where a linear program leaves room and whole numbers do not, what it names does not
            # hold the group: shares of a number that is not told do, with the rest of the cluster.
            moves = work.moves(held) or work.moves(audit.around(target))
            if not moves:
                guarded.remove(target)
                finding = Finding("number", audit.values(target), held, minimum)
                found.append(Stuck(finding, audit.groups(target)))
                break
            audit.tell(work.make(moves[0]))
            made.append(moves[0])
            fine, held = audit.ask(target)
    _tell_again(work, audit, made, guarded)
    return found


def _tell_again(work: _Work, audit: Audit, made: list[Move], guarded: list[int]) -> None:
    """Undo what turned out not to be needed, what a reader misses most first."""
    for move in sorted(made, key=lambda move: move.cost, reverse=True):
        touched = audit.tell(work.unmake(move))
        for part in touched:
            part.forget()
        if not all(audit.ask(at)[0] for at in guarded if audit.targets[at][0] in touched):
            audit.tell(work.make(move))
