"""The week as a reader sees it: signs by number, pairs by name for a person in Lab only."""

from __future__ import annotations

import pandas as pd

from revmentor.cycle.shown import somebody_is_looking
from revmentor.cycle.steps.review.foretold import Foretold
from revmentor.cycle.steps.review.week import Week
from revmentor.disclosure import DisclosedCounts, Restricted
from revmentor.tables import show
from revmentor.tiles import Pointer, finding, findings

WEEK_PAGE = "restricted/review/week.html"
REMATCH = (
    "Some pairs are proposed for a rematch: the same page says which, and the least change that "
    "would serve them."
)


def of_week(
    week: Week, signs: DisclosedCounts, foretold: Foretold, people: pd.DataFrame
) -> list[object]:
    """How many pairs show each sign, what such a screen can tell, and who they are."""
    day = f"{week.as_of:%-d %B %Y}"
    over = " No more meeting is due: what is left is to close each pair well."
    over = over if week.over else ""
    if not signs.rows:
        return [finding(f"On {day} no pair shows a sign.{over}", tone="good")]
    return [
        show(signs, title=f"Signs on {day}", subtitle="Pairs; a pair may show several"),
        finding(Week.caution() + over, foretold.shared),
        _by_name(week, people.set_index("person_id")["name"]),
        Pointer("By name, with reasons and what to do: ", f"../{WEEK_PAGE}", WEEK_PAGE, "."),
        # How few ask for one, and how few it would move, is for the coordinator.
        _rematch(week),
    ]


def _by_name(week: Week, names: pd.Series) -> object:
    """The list by name, for a person in Lab only."""
    if not somebody_is_looking():
        return None
    rows = week.first.assign(
        mentee=week.first["mentee_id"].map(names).fillna(week.first["mentee_id"]),
        mentor=week.first["mentor_id"].map(names).fillna(week.first["mentor_id"]),
        why=["; ".join(reasons) for reasons in week.first["reasons"]],
    )
    columns = ["mentee", "mentor", "health", "why", "action"]
    return show(Restricted(rows[columns]), title="Look here first")


def _rematch(week: Week) -> object:
    """The least change, for a person in Lab only: it names people, and tells small numbers."""
    if week.over or not week.screened["rematch"].any():
        return None
    return findings(week.rematch_words()) if somebody_is_looking() else finding(REMATCH)
