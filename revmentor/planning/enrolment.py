"""Who has a place where places are short, who waits, in which order, and why?"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from revmentor import words
from revmentor.errors import Fault, InputError, check_faults
from revmentor.names import SIDES
from revmentor.params.models import Params
from revmentor.planning.application_score import PARTS, application_scores
from revmentor.planning.places import Given, Rules, give

DRAWN, NOT_DRAWN, WAITLIST = "drawn", "not drawn", "waitlist"
How = Literal[
    "everybody", "stated", "certain", "decision", "running", "enough", "score", "lottery",
    "not drawn", "waitlist",
]  # fmt: skip
HOW_LABELS: Final[dict[How, str]] = {
    "everybody": "there is no limit",
    "stated": "as the applications say",
    "certain": "a place for certain",
    "decision": "a decision requires a pair",
    "running": "in a running pair",
    "enough": "places for all",
    "score": "by score",
    "lottery": "drawn by lot",
    "not drawn": "not drawn by lot",
    "waitlist": "on the waitlist",
}


@dataclass(frozen=True)
class Selection:
    """Who has a place.

    Parameters
    ----------
    rows : DataFrame
        One per person and side, mentors first, by id: person_id, side, way (how they came in, ""
        if not stated), has_place (bool), how (why, see `HOW_LABELS`), place (drawn, not drawn,
        waitlist, or "" where no lot and no waitlist decided), rank (Int64: on the side's waitlist,
        from 1), score (0..1) and its parts (NaN where the score is not used), reason (a sentence).
    applications : DataFrame
        As they were given.
    """

    rows: pd.DataFrame
    applications: pd.DataFrame

    @property
    def short(self) -> bool:
        """Is anybody without a place?"""
        return not bool(self.rows["has_place"].all())

    def pool(self) -> pd.DataFrame:
        """The applications of those who have a place, in the rows' order: who can be matched.

        Who applied for both sides and has a place on one stands on that side alone. Where
        everybody has a place these are the very applications that were given.
        """
        if not self.short:
            return self.applications
        here = self.rows.loc[self.rows["has_place"]].groupby("person_id")["side"].agg(tuple)
        sides = here.reindex(self.applications["person_id"].to_numpy())
        kept = sides.notna().to_numpy()
        pool = self.applications.loc[kept]
        one = [
            each[0] if len(each) == 1 else stated
            for each, stated in zip(sides[kept], pool["side"], strict=True)
        ]
        return pool.assign(side=pd.Series(one, pool.index, dtype="str")).reset_index(drop=True)

    def told(self) -> pd.DataFrame:
        """The applications with the column place filled, as the review compares by it.

        Who is in by anything but the lot on one side is blank: no lot decided about them.
        """
        found = self.rows.groupby("person_id").agg(
            {"place": tuple, "has_place": tuple, "how": tuple}
        )
        if not found["place"].map(any).any():
            return self.applications
        word = pd.Series(
            [_one_word(*row) for row in found.itertuples(index=False)], found.index, dtype=object
        )
        place = word.reindex(self.applications["person_id"].to_numpy()).to_numpy()
        return self.applications.assign(
            place=pd.Series(place, self.applications.index, dtype="str").replace("", pd.NA)
        )


def _one_word(places: tuple[str, ...], held: tuple[bool, ...], how: tuple[str, ...]) -> str:
    sure = any(
        has and not place and why != "running"
        for place, has, why in zip(places, held, how, strict=True)
    )
    order = (DRAWN, NOT_DRAWN, WAITLIST)
    return "" if sure else next((word for word in order if word in places), "")


def select(
    applications: pd.DataFrame, params: Params, decisions: pd.DataFrame | None = None
) -> Selection:
    """Who has a place, who waits, and why?

    What the column ``place`` of applications says stands. Of the others, a side without
    ``enrolment.places`` takes everybody. Else those who came by a certain way, and those of whom a
    decision requires a pair, have a place; the others by lottery or by score, see
    `revmentor.planning.places.give`. Who is in a locked, running pair keeps it whatever the lot
    said, and still counts as drawn or not drawn: who crosses over after the draw must not change
    what the draw is compared by (intention to treat).

    Parameters
    ----------
    applications : DataFrame
        As loaded.
    params : Params
    decisions : DataFrame, optional
        As loaded.

    Returns
    -------
    Selection
        The same whatever the order of the rows. A person's lot depends on the seed, the cycle's
        first day, the side and the id alone, so that one application more or less leaves the
        order of all others as it was.

    Raises
    ------
    InputError
        More people have a place for certain than there are places.
    """
    frames, faults = [], list[Fault]()
    for side in SIDES:
        try:
            frames.append(_select_side(applications, params, decisions, side))
        except InputError as error:
            faults += error.faults
    check_faults(faults)
    return Selection(pd.concat(frames, ignore_index=True), applications)


def _select_side(
    applications: pd.DataFrame, params: Params, decisions: pd.DataFrame | None, side: str
) -> pd.DataFrame:
    asked = params.enrolment
    here = applications.loc[applications["side"].isin([side, "both"])].sort_values("person_id")
    rows = pd.DataFrame(
        {
            "person_id": here["person_id"].astype("str").to_numpy(),
            "side": _said(len(here), side),
            "way": _texts(here, "enrolment"),
            "has_place": True,
            "how": _said(len(here), "everybody"),
            "place": _texts(here, "place"),
            "rank": pd.array([pd.NA] * len(here), dtype="Int64"),
            "reason": _said(len(here), f"Every {side} who applied has a place."),
        }
    ).set_index("person_id", drop=False)
    limit: int | None = getattr(asked.places, side)
    scores = application_scores(applications, side, params) if _scored(params, side) else None
    rows[["score", *PARTS]] = float("nan") if scores is None else scores[["score", *PARTS]]
    _take_stated(rows)
    open_rows = rows.index[rows["how"] == "everybody"]
    if limit is not None:
        _take_certain(rows, _named_in(decisions, "require", side), asked.certain)
        left = limit - int((rows["has_place"] & (rows["how"] != "everybody")).sum())
        if left < 0:
            raise InputError(_too_few(limit, limit - left, side))
        open_rows = rows.index[rows["how"] == "everybody"]
        score = None if scores is None else scores.loc[open_rows, "score"]
        seed = params.solver.seed if asked.seed is None else asked.seed
        salt = f"{seed}|{params.programme.start}|{side}"
        rules = Rules(left, asked.bar, asked.lottery_share)
        _write(rows, give(tickets(open_rows, salt), score, rules), side, left)
    _keep_running(rows, _named_in(decisions, "lock", side) | _named_in(decisions, "require", side))
    _number(rows)
    return rows.reset_index(drop=True)[
        ["person_id", "side", "way", "has_place", "how", "place", "rank", "score", *PARTS, "reason"]
    ]


def _scored(params: Params, side: str) -> bool:
    asked = params.enrolment
    return asked.by == "score" and getattr(asked.places, side) is not None


def tickets(ids: Collection[str], salt: str) -> pd.Series:
    """The lot of each person: 64 bits of SHA-256 of the salt and the id; the lowest is first.

    >>> tickets(["a", "b"], "0").equals(tickets(["b", "a"], "0").sort_index())
    True
    """
    lots = [
        int.from_bytes(hashlib.sha256(f"{salt}|{who}".encode()).digest()[:8], "big") for who in ids
    ]
    return pd.Series(lots, pd.Index(list(ids), dtype="str"), dtype="uint64")


def _said(n: int, text: str) -> pd.Series:
    return pd.Series([text] * n, dtype="str")


def _texts(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return _said(len(frame), "")
    texts = frame[column].astype(object)
    return pd.Series([str(text) for text in texts.where(texts.notna(), "")], dtype="str")


def _named_in(decisions: pd.DataFrame | None, kind: str, side: str) -> set[str]:
    """Who is named in the decisions of a kind, on this side?"""
    if decisions is None:
        return set()
    return set(decisions.loc[decisions["decision"] == kind, f"{side}_id"].astype("str"))


def _take_stated(rows: pd.DataFrame) -> None:
    """What the applications say of places."""
    stated = rows["place"] != ""
    rows.loc[stated, "how"] = "stated"
    rows.loc[stated, "has_place"] = rows.loc[stated, "place"] == DRAWN
    rows.loc[stated, "reason"] = [
        f"The table applications says: {word}." for word in rows.loc[stated, "place"]
    ]


def _take_certain(rows: pd.DataFrame, required: set[str], certain: Collection[str]) -> None:
    """Those who have a place before any other is given."""
    free = rows["how"] == "everybody"
    sure = free & rows["way"].isin(list(certain))
    rows.loc[sure, "how"] = "certain"
    rows.loc[sure, "reason"] = [
        f"{words.capital(way)}: a place for certain." for way in rows.loc[sure, "way"]
    ]
    named = free & ~sure & rows["person_id"].isin(required)
    rows.loc[named, ["how", "reason"]] = ["decision", "A decision requires a pair of theirs."]


def _write(rows: pd.DataFrame, given: Given, side: str, left: int) -> None:
    """What was given, with a sentence each."""
    if not given.order:
        return
    who, people, places = given.order, len(given.order), words.counted(left, "place")
    how = [given.how[each] for each in who]
    rows.loc[who, "how"] = how
    rows.loc[who, "place"] = [given.place.get(each, "") for each in who]
    rows.loc[who, "has_place"] = [each in ("enough", "score", "lottery") for each in how]
    rows.loc[who, "rank"] = pd.array(range(1, people + 1), dtype="Int64")
    rows.loc[who, "reason"] = [given.said(each, places, side, people) for each in who]


def _keep_running(rows: pd.DataFrame, named: set[str]) -> None:
    """Who is in a pair that a decision keeps is matched whatever the lot said."""
    running = ~rows["has_place"] & rows["person_id"].isin(named)
    rows.loc[running, "has_place"] = True
    rows.loc[running, "how"] = "running"
    rows.loc[running, "reason"] = [
        f"{reason} In a pair that a decision keeps, and so matched."
        for reason in rows.loc[running, "reason"]
    ]


def _number(rows: pd.DataFrame) -> None:
    """The waitlist, numbered from 1, in the order in which places would be given."""
    waiting = rows.index[rows["rank"].notna() & ~rows["has_place"]]
    order = rows.loc[waiting, "rank"].sort_values().index.tolist()
    rows["rank"] = pd.array([pd.NA] * len(rows), dtype="Int64")
    if order:
        numbers = range(1, len(order) + 1)
        rows.loc[order, "rank"] = pd.array(numbers, dtype="Int64")
        reasons = rows.loc[order, "reason"]
        rows.loc[order, "reason"] = [
            f"{reason} Number {words.number(n)} on the waitlist."
            for n, reason in zip(numbers, reasons, strict=True)
        ]


def _too_few(places: int, certain: int, side: str) -> Fault:
    return Fault(
        "too few places",
        f"{words.counted(certain, side)} {words.agree(certain, 'has')} a place for certain "
        "(by their way in, by a decision, or drawn already), more than there are places",
        f"raise enrolment.places.{side}, or take a way out of enrolment.certain",
        "",
        None,
        f"enrolment.places.{side}",
        str(places),
    )
