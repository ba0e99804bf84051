"""Which comments may be shown, word for word but without a trace to who wrote them?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Self

import numpy as np
import pandas as pd
from pydantic import model_validator

from revmentor.disclosure.counts import Disclosed
from revmentor.people import people_of

_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_NUMBER = re.compile(r"\+?\d[\d\s()./-]{5,}\d")
LEAST_WORD = 3


class DisclosedComments(Disclosed):
    """Comments in an order that tells nothing, or why none is shown.

    ``left_out`` says that some name somebody; not how many, where these are fewer than the minimum.
    """

    comments: tuple[str, ...] = ()
    left_out: str = ""
    reason: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if 0 < len(self.comments) < self.minimum:
            raise ValueError(f"fewer than {self.minimum} comments must not be shown")
        return self


def disclose_comments(
    comments: pd.DataFrame,
    people: pd.DataFrame,
    minimum: int,
    *,
    seed: int,
    most: int | None = None,
) -> DisclosedComments:
    """Which of these comments may be shown?

    Only where at least `minimum` people wrote comments that name nobody. Without side, wave, pair
    and date, so that no two comments can be put together; in an order that is drawn with `seed` and
    does not depend on the order of the rows. A comment in which anybody of the roster is named, or
    which holds an address, an id or a telephone number, is left out. Whoever wrote several
    comments is shown with one, the longest: two in one hand can be told by their style.

    Parameters
    ----------
    comments : DataFrame
        person_id, text; missing and blank texts are no comments.
    people : DataFrame
        The contract's ``people``: person_id, and name and email if there are any.
    minimum : int
        Smallest number of people whose comments are shown (10 unless set otherwise).
    seed : int
        Of the order.
    most : int, optional
        How many are shown at most, drawn by lot; none twice as long as there are others.
    """
    written = comments.dropna(subset=["text"])
    written = written.assign(text=[" ".join(str(text).split()) for text in written["text"]])
    written = written.loc[written["text"] != ""]
    traces = traces_of(people)
    named = pd.Series([names_somebody(text, traces) for text in written["text"]], written.index)
    kept = written.loc[~named.astype(bool)]
    kept = kept.assign(length=kept["text"].str.len())
    kept = kept.sort_values(["person_id", "length", "text"]).drop_duplicates(
        "person_id", keep="last"
    )
    authors = int(kept["person_id"].nunique())
    left_out = _left_out(int(named.sum()), minimum)
    if authors < minimum:
        reason = "nobody wrote a comment" if written.empty else f"fewer than {minimum} people wrote"
        return DisclosedComments(minimum=minimum, left_out="", reason=reason)
    texts = sorted(kept["text"], key=lambda text: hashlib.sha256(text.encode()).hexdigest())
    order = np.random.default_rng(seed).permutation(len(texts))
    drawn = pd.Series([texts[at] for at in order])
    if most is not None:
        drawn = drawn.loc[drawn.groupby(drawn).cumcount().sort_values(kind="stable").index]
        drawn = drawn.head(max(most, minimum))
    return DisclosedComments(minimum=minimum, comments=tuple(drawn), left_out=left_out)


def _left_out(count: int, minimum: int) -> str:
    if not count:
        return ""
    many = str(count) if count >= minimum else f"fewer than {minimum}"
    return f"{many} left out, as they name somebody"


def traces_of(people: pd.DataFrame) -> frozenset[str]:
    """What names somebody: every part of a name, every id and address, in small letters.

    Parts of a name shorter than three letters are left out: they are words of many languages.
    """
    found: set[str] = set()
    if "name" in people:
        names = "\n".join(people_of(people["name"].dropna())).lower()
        found |= {part for part in _WORD.findall(names) if len(part) >= LEAST_WORD}
    for column in ("person_id", "email"):
        if column in people:
            found |= {text.strip().lower() for text in people_of(people[column].dropna())}
    return frozenset(found - {""})


def names_somebody(text: str, traces: frozenset[str]) -> bool:
    """Does this text name somebody of the roster, or hold an address or telephone number?

    >>> traces = frozenset({"ada", "e-17"})
    >>> [names_somebody(text, traces) for text in ("Thanks, Ada!", "ask E-17", "more time")]
    [True, True, False]
    """
    low = text.lower()
    if _ADDRESS.search(low) or _NUMBER.search(low):
        return True
    words: Sequence[str] = [*_WORD.findall(low), *re.findall(r"[^\s,;:!?()\"“”]+", low)]
    return any(word in traces or word.rstrip(".") in traces for word in words)
