"""Did all groups have access: to apply, to a place, to a partner?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from revmentor import metrics, words
from revmentor.cycle.shown import Shown, shown
from revmentor.disclosure import (
    NOT_SHOWN,
    Disclosed,
    DisclosedCounts,
    Members,
    by_cells,
    disclose_counts,
)
from revmentor.metrics import Audit, Estimate
from revmentor.metrics.cohort import roles
from revmentor.metrics.groups import NOT_GIVEN
from revmentor.publish.workspace import Workspace
from revmentor.tables import plain_table
from revmentor.tiles import Heading, finding, findings

GENDER, AGE = "gender", "generation"
BY = (GENDER, AGE)
HAS, WITHOUT, ABSENT = "applied and has a place", "applied, no place", "did not apply"
APPLIED = "applied"
BEFORE, MATCHED = "access-audit", "access-audit-matched"
# Fewer people than this in a group, and it is summed up with others before anything is hidden.
LEAST = 10


@dataclass(frozen=True)
class Access:
    """The audit of access of one cycle, before the match.

    Parameters
    ----------
    people, applications : DataFrame
        As loaded: everybody.
    placed : set of str or None
        Who has a place on some side; None where everybody who applied has.
    able : set of str
        Who has a place and an eligible partner.
    minimum : int
        Smallest group that is shown.
    """

    people: pd.DataFrame
    applications: pd.DataFrame
    placed: frozenset[str] | None
    able: frozenset[str]
    minimum: int

    @cached_property
    def groupings(self) -> tuple[str, ...]:
        """Groupings that are stated, with more than one group."""
        return groupings_of(self.people)

    def _rows(self, by: str) -> pd.DataFrame:
        """person_id, group, role: one row per person of the company."""
        # Generations stand beside the composition of the cycle and must be summed up as there.
        people = self.people if by == AGE else self.people.dropna(subset=[by])
        each = roles(people, self.applications, by, least=LEAST)
        applied = each["role"].astype(str) != "neither"
        has = applied if self.placed is None else each["person_id"].isin(self.placed)
        names = APPLIED if self.placed is None else HAS
        role = applied.map({True: WITHOUT, False: ABSENT}).mask(has, names)
        return each.assign(role=role)

    @property
    def _columns(self) -> list[str]:
        return [APPLIED, ABSENT] if self.placed is None else [HAS, WITHOUT, ABSENT]

    def found(self) -> dict[str, Disclosed]:
        """Who applied and has a place, by gender and by generation."""
        found: dict[str, Disclosed] = {}
        for by in self.groupings:
            rows = self._rows(by)
            table = pd.crosstab(rows["group"].to_numpy(), rows["role"].to_numpy())
            order = list(rows["group"].cat.categories)
            table = table.reindex(index=order, columns=self._columns, fill_value=0)
            table = table.rename_axis(index=by, columns=None)
            found[f"access-{by}"] = disclose_counts(table, self.minimum, totals="both")
        return found

    def behind(self) -> dict[str, Members]:
        """Who is in which group, and how far they came."""
        return {f"access-{by}": by_cells(self._rows(by), "group", "role") for by in self.groupings}

    def shown(self, told: Mapping[str, DisclosedCounts]) -> Shown:
        """The rates of applying and of having a place, from what is shown of the counts."""
        parts: list[object] = [Heading("Access: who applied, and who has a place")]
        if not told:
            text = (
                "Neither gender nor birth year is stated, so access is not audited. Add gender, or "
                "birth_year, to people."
            )
            return shown(finding(text, tone="look"))
        said, small = [], []
        for by, counts in told.items():
            audits = [audit for audit in _audits(by, counts) if audit.reference]
            if not audits:
                small.append(f"by {by}")
                continue
            heads = (words.capital(by), "Step", "Rate", "Against the highest")
            lines = [row for each in audits for row in _lines(each)]
            hidden = [name for name in counts.rows if name not in {line[0] for line in lines}]
            lines += [(name, APPLIED, NOT_SHOWN, "–") for name in hidden]
            parts.append(plain_table(heads, lines))
            said += [audit.text for audit in audits]
        if small:
            what = words.capital(words.listed(small))
            said.append(f"{what}, the groups are too small to compare here.")
        said.append(f"All groups, and the step to an eligible partner: restricted/{BEFORE}.csv.")
        return shown(*parts, findings(said))

    def write(self, work: Workspace) -> list[Path]:
        """All steps that are known before the match, with every number, for the coordinator."""
        steps = {
            "applied": (set(self.people["person_id"]), set(self.applications["person_id"])),
            "has a place": (set(self.applications["person_id"]), self._placed),
            "has an eligible partner": (self._placed, set(self.able)),
        }
        tables = [
            audit_table(self.people, by, what, of, who)
            for what, (of, who) in steps.items()
            for by in self.groupings
        ]
        if not tables:
            return []
        return [work.write_table(BEFORE, pd.concat(tables, ignore_index=True), csv=True)]

    @property
    def _placed(self) -> set[str]:
        return set(self.applications["person_id"]) if self.placed is None else set(self.placed)


def write_matched(work: Workspace, people: pd.DataFrame, pairs: pd.DataFrame) -> list[Path]:
    """The last step of the audit, once pairs are known: who of the pool has a partner.

    With every number, so for the coordinator only.
    """
    pool = set(work.read_table("pool")["person_id"])
    paired = {*pairs["mentor_id"], *pairs["mentee_id"]}
    tables = [audit_table(people, by, "has a partner", pool, paired) for by in groupings_of(people)]
    if not tables:
        return []
    return [work.write_table(MATCHED, pd.concat(tables, ignore_index=True), csv=True)]


def groupings_of(people: pd.DataFrame) -> tuple[str, ...]:
    """Groupings of the audit that are stated, with more than one group."""
    return tuple(by for by in BY if by in people and people[by].dropna().nunique() > 1)


def _audits(by: str, counts: DisclosedCounts) -> list[Audit]:
    """The audits that the shown counts allow: of applying, and where places lack of places."""
    applied: dict[str, tuple[int, int]] = {}
    placed: dict[str, tuple[int, int]] = {}
    ins = [name for name in counts.columns if name != ABSENT]
    for group, total in zip(counts.rows, counts.row_totals, strict=True):
        cells = [counts.at(group, name).value for name in ins]
        known = [cell for cell in cells if cell is not None]
        if group == NOT_GIVEN or total.value is None or len(known) < len(cells):
            continue
        applied[group] = (sum(known), total.value)
        placed[group] = (known[0], sum(known))
    rule = by == GENDER
    found = [metrics.selection_audit(applied, by, "applied", four_fifths=rule)]
    if HAS in ins:
        found.append(metrics.selection_audit(placed, by, "have a place", four_fifths=rule))
    return found


def _lines(audit: Audit) -> list[tuple[str, str, str, str]]:
    return [
        (
            each.group,
            audit.what,
            _rate(each.rate),
            "highest" if each.group == audit.reference else _ratio(each.ratio),
        )
        for each in audit.groups
    ]


def _rate(rate: Estimate) -> str:
    if rate.value is None or rate.low is None or rate.high is None:
        return "–"
    between = words.interval(rate.low, rate.high, "share")
    return f"{words.percent(rate.value)} ({between}, n = {words.number(rate.n)})"


def _ratio(ratio: Estimate) -> str:
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return "–"
    return (
        f"{words.number(ratio.value, 2)} ({words.number(ratio.low, 2)} to "
        f"{words.number(ratio.high, 2)})"
    )


def audit_table(
    people: pd.DataFrame, by: str, what: str, of: Collection[str], who: Collection[str]
) -> pd.DataFrame:
    """The audit of one step by one grouping, with every number: for the coordinator only.

    Parameters
    ----------
    people : DataFrame
    by : str
    what : str
        What the chosen have or did.
    of, who : collection of str
        Everybody at the step, and those of them who were chosen.

    Returns
    -------
    DataFrame
        by, step, group, people, chosen, rate, rate_low, rate_high, impact_ratio, ratio_low,
        ratio_high, conclusion.
    """
    groups = metrics.group_of(people, by)
    there = groups.loc[groups.index.isin(set(of))]
    chosen = there.loc[there.index.isin(set(who))].value_counts()
    known = [group for group in metrics.group_order(people, by) if group != NOT_GIVEN]
    sizes = there.value_counts()
    counts = {
        group: (int(chosen.get(group, 0)), int(sizes[group])) for group in known if group in sizes
    }
    found = metrics.selection_audit(counts, by, what, four_fifths=by == GENDER)
    rows = [
        {
            "by": by, "step": what, "group": each.group, "people": each.rate.n,
            "chosen": each.rate.count, "rate": each.rate.value, "rate_low": each.rate.low,
            "rate_high": each.rate.high, "impact_ratio": each.ratio.value,
            "ratio_low": each.ratio.low, "ratio_high": each.ratio.high,
            "conclusion": {"": "none: access only" if by != GENDER else "", "open": "none: open",
                           "below": "below four fifths",
                           "not below": "not below four fifths"}[each.verdict],
        }
        for each in found.groups
    ]  # fmt: skip
    return pd.DataFrame(rows)
