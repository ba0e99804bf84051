"""What can a reader work out about a small group from all that is published together?

For every group of 1 to minimum - 1 people that follows from the published groups
(`revmentor.disclosure.atoms`), the *feasibility interval* of its number, and of its mean answer, is
worked out by linear programming, as an intruder would ("audit"; Hundepool et al., *Statistical
Disclosure Control*, 2012, sections 4.3 and 4.4). A publication passes if

- the number of such a group keeps at least minimum - 1 possible values: as many as the words
  "fewer than `minimum`" leave (a *sliding protection interval* of that width);
- its mean answer keeps at least half of the scale (a p% rule with p = 50, of the scale's width,
  as an attacker knows the scale beforehand).

The attacker is taken to know more than a reader can: among groups that can be put together
(`revmentor.disclosure.linked`) which combinations occur, and for means even how many people are in
each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revmentor.disclosure.atoms import Atoms
from revmentor.disclosure.attack_means import Means, by_variables
from revmentor.disclosure.audit import Audit
from revmentor.disclosure.ledger import Ledger, Query
from revmentor.disclosure.once import Once
from revmentor.words import counted, listed

KEPT_SHARE = 0.5
NEAR = 1e-6
SHOWN = 2


@dataclass(frozen=True)
class Finding:
    """A small group that the publication gives away, and the numbers that together do it.

    ``what`` is "number" or "mean"; ``values`` how many values are left, or how wide the mean's
    interval is as a share of the scale.
    """

    what: str
    values: float
    queries: tuple[Query, ...]
    minimum: int

    @property
    def sentence(self) -> str:
        """What is given away and by which figures of which reports, in words that name nobody."""
        what = {
            "number": "how many people are in a group of",
            "mean": "what was answered by a group of",
        }[self.what]
        figures: dict[str, set[str]] = {}
        for query in self.queries:
            figures.setdefault(query.source, set()).add(f"“{query.name}”")
        places = [
            f"{_named(sorted(names))} {source or 'in this report'}"
            for source, names in sorted(figures.items())
        ]
        if len(places) > SHOWN:
            places[SHOWN:] = [counted(len(places) - SHOWN, "other report")]
        return f"{what} fewer than {self.minimum}, from {', with '.join(places)}"


def _named(figures: list[str]) -> str:
    """Names of a few; of many none helps."""
    return listed(figures) if len(figures) <= SHOWN else "several figures"


def attack(ledger: Ledger, minimum: int, *, before: Ledger = ()) -> tuple[Finding, ...]:
    """Which small groups does this publication give away, together with the earlier ones?

    Parameters
    ----------
    ledger : tuple of Query
        What the report tells.
    minimum : int
        Smallest group that is shown.
    before : tuple of Query
        What earlier reports told; what follows from them alone is past.

    Returns
    -------
    tuple of Finding
        Empty if nothing is given away.

    >>> from revmentor.disclosure.ledger import count_query
    >>> pool, placed = frozenset(map(str, range(20))), frozenset(map(str, range(18)))
    >>> told = [("pool", pool), ("pairs", placed)]
    >>> published = [count_query(name, (), "n", who, len(who), len(who)) for name, who in told]
    >>> [finding.values for finding in attack(tuple(published), 5)]
    [1]
    """
    findings = []
    once = Once()
    before, ledger = once.ledger(before), once.ledger(ledger)
    audit = Audit(before, ledger, minimum)
    for target in range(len(audit.targets)):
        fine, held = audit.ask(target)
        if not fine:
            findings.append(Finding("number", audit.values(target), held, minimum))
    for means in attacks_on_means(ledger, before, minimum):
        for target in range(len(means.targets)):
            width, held = means.ask(target)
            if width < KEPT_SHARE - NEAR:
                findings.append(Finding("mean", width, held, minimum))
    return tuple(findings)


def attacks_on_means(current: Ledger, before: Ledger, minimum: int) -> Iterator[Means]:
    """One attack for all sums, of this and earlier reports, whose variables belong together."""
    sums = tuple(query for query in (*before, *current) if query.kind == "sum")
    new, atoms = set(current), Atoms.of(query.members for query in sums)
    for part in by_variables(sums):
        now = tuple(query for query in part if query in new)
        if now:
            yield Means(part, now, minimum, atoms)
