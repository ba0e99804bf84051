"""Which match is it? One digest of who meets whom, whatever the scores are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from revmentor.publish.workspace import Workspace

PAIRS, CIRCLES = "pairs", "circles"


@dataclass(frozen=True)
class Match:
    """A match as its files tell it: its digest, and how large it is."""

    digest: str
    pairs: int
    circles: int


def match_in(work: Workspace) -> Match | None:
    """The match in this folder of results; None if there is none.

    Parameters
    ----------
    work : Workspace
        A published result, a run's private folder, or a draft folder.
    """
    if not work.has(PAIRS):
        return None
    circles = work.read_table(CIRCLES) if work.has(CIRCLES) else None
    return match_of(work.read_table(PAIRS), circles)


def match_of(pairs: pd.DataFrame, circles: pd.DataFrame | None = None) -> Match:
    """The match of these pairs and circles.

    Parameters
    ----------
    pairs : DataFrame
        mentor_id, mentee_id, and wave if there are any; other columns do not count.
    circles : DataFrame or None
        circle, side, person_id, and topic; a circle's number does not count.

    Examples
    --------
    >>> pairs = pd.DataFrame({"mentor_id": ["a", "b"], "mentee_id": ["x", "y"], "score": [1, 2]})
    >>> match_of(pairs).digest == match_of(pairs.iloc[::-1].assign(score=0)).digest
    True
    """
    columns = [name for name in ("mentor_id", "mentee_id", "wave") if name in pairs]
    groups = _circles(circles)
    told = {"pairs": sorted(_texts(pairs, columns)), "circles": groups}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Match(hashlib.sha256(text.encode()).hexdigest(), len(pairs), len(groups))


def _circles(members: pd.DataFrame | None) -> list[list[list[str]]]:
    if members is None or members.empty:
        return []
    columns = [name for name in ("topic", "side", "person_id") if name in members]
    return sorted(sorted(_texts(group, columns)) for _, group in members.groupby("circle"))


def _texts(frame: pd.DataFrame, columns: Sequence[str]) -> list[list[str]]:
    """The rows of these columns as text; a missing value is empty text."""
    filled = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), "")
    return [[str(cell) for cell in row] for row in filled.to_numpy().tolist()]
