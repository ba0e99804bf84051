"""How are so many places given to more people: by lot, by score, or some of each?"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from revmentor import words


@dataclass(frozen=True)
class Rules:
    """How places are given.

    Parameters
    ----------
    places : int
    bar : float
        Score (0..1) below which an application comes after all others.
    lottery_share : float
        Share (0..1) of the places given by score that is drawn among the others above the bar.
    """

    places: int
    bar: float = 0.0
    lottery_share: float = 0.0


@dataclass(frozen=True)
class Given:
    """Who was given a place, and the order in which everybody else comes.

    Parameters
    ----------
    order : list of str
        Everybody: those with a place first, then the waitlist.
    how : mapping of id to str
        enough, score, lottery; not drawn, waitlist.
    place : mapping of id to str
        drawn, not drawn, waitlist; absent where no lot and no waitlist decided.
    score : Series or None
        By id, 0..1.
    lot : mapping of id to int
        Who stood in a draw: which lot, from 1; and of how many for how many places in `draw`.
    draw : (int, int)
        People and places of the draw.
    least : float or None
        Lowest score that was given a place by score.
    """

    order: list[str]
    how: Mapping[str, str]
    place: Mapping[str, str]
    score: pd.Series | None
    lot: Mapping[str, int]
    draw: tuple[int, int]
    least: float | None

    def said(self, who: str, places: str, side: str, people: int) -> str:
        """Why somebody has a place or not, in a sentence or two."""
        how = self.how[who]
        scored = "" if self.score is None else f"Score {100 * float(self.score[who]):.1f}. "
        if how == "enough":
            return f"There are places for all who applied as {side}."
        drawn_of = f"lot {self.lot.get(who, 0):,} of {self.draw[0]:,} for " + words.counted(
            self.draw[1], "place"
        )
        if how == "lottery":
            return f"{scored}Drawn: {drawn_of}."
        if how == "not drawn":
            return f"{scored}Not drawn: {drawn_of}."
        if how == "score":
            return f"{scored}A place by score."
        if self.least is None:
            return f"{scored}{words.capital(places)} for {people:,} people."
        return f"{scored}Places by score went to scores from {100 * self.least:.1f} up."


def give(lots: pd.Series, score: pd.Series | None, rules: Rules) -> Given:
    """Who is given a place, and who comes next?

    By lottery (no score): the lowest lots. By score: the highest scores first, applications below
    the bar after all others, equal scores by lot. Of the places by score a share can be drawn by
    lot instead, among all others above the bar: both groups of that draw applied and were fit, so
    the review can compare them. No place stays empty while somebody waits.

    Parameters
    ----------
    lots : Series of uint64 by id
        Lowest first.
    score : Series of float by id, or None
    rules : Rules

    Notes
    -----
    Where a draw among equal scores decided, those of them who got in count as drawn and the others
    as not drawn, unless a share is drawn anyway.

    >>> lots = pd.Series({"a": 3, "b": 1, "c": 2}, dtype="uint64")
    >>> given = give(lots, None, Rules(1))
    >>> given.order, given.place
    (['b', 'c', 'a'], {'b': 'drawn', 'c': 'not drawn', 'a': 'not drawn'})
    >>> give(lots, pd.Series({"a": 0.9, "b": 0.1, "c": 0.5}), Rules(2)).how
    {'a': 'score', 'c': 'score', 'b': 'waitlist'}
    """
    drawn_order = sorted(lots.index, key=lambda who: (int(lots[who]), who))
    if len(lots) <= rules.places:
        return Given(sorted(lots.index), dict.fromkeys(lots.index, "enough"), {}, score, {}, (0, 0),
                     None)  # fmt: skip
    if score is None:
        return _drawn(drawn_order, rules.places)
    return _scored(drawn_order, score, lots, rules)


def _drawn(order: list[str], places: int) -> Given:
    how = {who: "lottery" if n < places else "not drawn" for n, who in enumerate(order)}
    place = {who: "drawn" if n < places else "not drawn" for n, who in enumerate(order)}
    lot = {who: n for n, who in enumerate(order, start=1)}
    return Given(order, how, place, None, lot, (len(order), places), None)


def _scored(drawn_order: list[str], score: pd.Series, lots: pd.Series, rules: Rules) -> Given:
    lot_of = {who: n for n, who in enumerate(drawn_order)}
    value = {who: float(score[who]) for who in drawn_order}
    ranked = sorted(drawn_order, key=lambda w: (value[w] < rules.bar, -value[w], lot_of[w]))
    by_lot = min(rules.places, math.floor(rules.places * rules.lottery_share + 0.5))
    by_score, rest = ranked[: rules.places - by_lot], ranked[rules.places - by_lot :]
    fit = [who for who in rest if value[who] >= rules.bar]
    how = {who: "score" if n < rules.places else "waitlist" for n, who in enumerate(ranked)}
    place = dict.fromkeys(ranked[rules.places :], "waitlist")
    drawing, places = ranked[:0], 0
    if by_lot and len(fit) > by_lot:
        # Fresh lots: whoever lost a tie for the last place by score would lose again.
        fresh = {who: _fresh(int(lots[who])) for who in fit}
        drawing, places = sorted(fit, key=lambda who: (fresh[who], who)), by_lot
        ranked = [*by_score, *drawing, *rest[len(fit) :]]
    elif rules.places:
        last = value[ranked[rules.places - 1]]
        tied = [who for who in ranked if value[who] == last]
        inside = sum(how[who] == "score" for who in tied)
        if inside < len(tied):
            drawing, places = tied, inside
    for n, who in enumerate(drawing):
        won = n < places
        how[who] = "lottery" if won else "not drawn"
        place[who] = "drawn" if won else "not drawn"
    chosen = [value[who] for who in ranked if how[who] == "score"]
    lot = {who: n for n, who in enumerate(drawing, start=1)}
    least = min(chosen, default=None)
    return Given(ranked, how, place, score, lot, (len(drawing), places), least)


def _fresh(lot: int) -> bytes:
    return hashlib.sha256(f"second|{lot}".encode()).digest()
