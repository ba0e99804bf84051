"""What is different from the match that is published, and which decisions brought it?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from revmentor.cycle.identity import CIRCLES, PAIRS, match_of
from revmentor.publish.workspace import Workspace
from revmentor.words import agree, counted, listed, number

NAME = "changes"
FILE = f"{NAME}.csv"
PAIR = ["mentor_id", "mentee_id"]
KEPT, GONE, NEW = "kept", "gone", "new"
_BROUGHT = {"forbid": GONE, "require": NEW, "lock": NEW}
Pair = tuple[str, str]


@dataclass(frozen=True)
class Changes:
    """Two matches of one scenario, compared.

    Parameters
    ----------
    table : DataFrame
        One row per pair of either: change (kept, gone, new), both by id and name, for a pair that
        is gone whom each of the two meets now, and the decision that brought it with by and reason.
    moved : int
        People who meet somebody else than before.
    decided : int
        Changes that follow from a decision about just that pair.
    regrouped : bool
        Waves or circles are others.
    """

    table: pd.DataFrame
    moved: int
    decided: int
    regrouped: bool

    def _many(self, change: str) -> int:
        return int((self.table["change"] == change).sum())

    @property
    def same(self) -> bool:
        """Are the pairs those of before?"""
        return not self._many(GONE) and not self._many(NEW)

    @property
    def others(self) -> pd.DataFrame:
        """The pairs that are gone or new, of `table`."""
        return self.table[self.table["change"] != KEPT]

    @property
    def sentence(self) -> str:
        """What changed, with its numbers; for the coordinator."""
        if self.same:
            rest = ", in other waves or circles" if self.regrouped else ""
            return f"These are the same pairs as in the match published before{rest}."
        told = [f"{counted(self._many(KEPT), 'pair')} as before"]
        told += [f"{number(self._many(change))} {change}" for change in (GONE, NEW)]
        moved = f"{counted(self.moved, 'person')} {agree(self.moved, 'has')} another partner."
        if not self.decided:
            why = "No decision about just these pairs brought it."
        else:
            follow = "follows" if self.decided == 1 else "follow"
            why = f"{counted(self.decided, 'change')} {follow} from decisions."
        return f"Against the match published before: {listed(told)}; {moved} {why}"


def changes_since(
    published: Workspace,
    pairs: pd.DataFrame,
    circles: pd.DataFrame | None,
    decisions: pd.DataFrame | None,
    names: Mapping[str, str],
    there: Collection[str] | None = None,
) -> Changes | None:
    """How does this match differ from the published one? None if no match is published.

    Parameters
    ----------
    published : Workspace
        The published result of the same cycle and scenario.
    pairs, circles : DataFrame
        The match, as the matching writes it; None: it has no circles.
    decisions : DataFrame or None
        Those in force.
    names : mapping
        Id to name; whoever is not in it is called by the id.
    there : collection of str or None
        Who takes part now: a pair of somebody else is gone because of that. None: not known.
    """
    if not published.has(PAIRS):
        return None
    before = published.read_table(PAIRS)
    groups = published.read_table(CIRCLES) if published.has(CIRCLES) else None
    other = match_of(before, groups).digest != match_of(pairs, circles).digest
    return compared(before, pairs, decisions, names, there=there, regrouped=other)


def compared(
    before: pd.DataFrame,
    after: pd.DataFrame,
    decisions: pd.DataFrame | None,
    names: Mapping[str, str],
    *,
    there: Collection[str] | None = None,
    regrouped: bool = False,
) -> Changes:
    """Compare two tables of pairs; see `changes_since`."""
    old, new = _pairs(before), _pairs(after)
    change = {pair: KEPT if pair in new else GONE for pair in old}
    change |= {pair: NEW for pair in new if pair not in old}
    partners = _partners(new)
    brought = _brought(decisions)
    rows = [_row(pair, what, partners, brought, names) for pair, what in change.items()]
    for row in rows:
        if there is not None and row["change"] == GONE and not row["decision"]:
            row["reason"] = _left(row, there)
    order = {GONE: 0, NEW: 1, KEPT: 2}
    rows.sort(key=lambda row: (order[str(row["change"])], row["mentor_id"], row["mentee_id"]))
    had = _partners(old)
    moved = sum(bool(partners[who]) and partners[who] != had[who] for who in had if who in partners)
    columns = ["change", "mentor_id", "mentor_name", "mentee_id", "mentee_name", "mentor_now",
               "mentee_now", "decision", "by", "reason"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    decided = int((table["decision"] != "").sum()) if len(table) else 0
    return Changes(table, moved, decided, regrouped)


def _row(
    pair: Pair,
    what: str,
    partners: Mapping[str, set[str]],
    brought: Mapping[tuple[str, Pair], tuple[str, str, str]],
    names: Mapping[str, str],
) -> dict[str, str]:
    def called(people: set[str]) -> str:
        return ", ".join(sorted(names.get(who, who) for who in people)) or "nobody"

    mentor, mentee = pair
    decision, by, reason = brought.get((what, pair), ("", "", ""))
    gone = what == GONE
    return {
        "change": what,
        "mentor_id": mentor,
        "mentor_name": names.get(mentor, mentor),
        "mentee_id": mentee,
        "mentee_name": names.get(mentee, mentee),
        "mentor_now": called(partners.get(mentor, set())) if gone else "",
        "mentee_now": called(partners.get(mentee, set())) if gone else "",
        "decision": decision,
        "by": by,
        "reason": reason,
    }


def _left(row: Mapping[str, str], there: Collection[str]) -> str:
    """That one of a pair, or both, take part no longer; "" if both do."""
    out = [row[f"{side}_name"] for side in ("mentor", "mentee") if row[f"{side}_id"] not in there]
    return f"{listed(out)} {'takes' if len(out) == 1 else 'take'} part no longer" if out else ""


def _pairs(frame: pd.DataFrame) -> list[Pair]:
    return [(str(a), str(b)) for a, b in frame[PAIR].to_numpy().tolist()]


def _partners(pairs: list[Pair]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for mentor, mentee in pairs:
        found.setdefault(mentor, set()).add(mentee)
        found.setdefault(mentee, set()).add(mentor)
    return found


def _brought(
    decisions: pd.DataFrame | None,
) -> dict[tuple[str, Pair], tuple[str, str, str]]:
    """What each decision can bring about, to its words."""
    if decisions is None:
        return {}
    columns = [*PAIR, "decision", "by", "reason"]
    rows = decisions[columns].astype(object).to_numpy().tolist()
    return {(_BROUGHT[what], (a, b)): (what, by, why) for a, b, what, by, why in rows}
