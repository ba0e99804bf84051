"""Published matches without a run: a folder of pairs with a manifest, in milliseconds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from tiny import mark_published

from revmentor.publish.workspace import Workspace

PAIRS = (("P-001", "P-003"), ("P-002", "P-004"))


def pairs_of(*pairs: tuple[str, str], score: float = 0.5) -> pd.DataFrame:
    """Pairs as the matching writes them."""
    frame = pd.DataFrame(list(pairs), columns=["mentor_id", "mentee_id"], dtype="str")
    return frame.assign(score=score)


def published(
    outputs: Path,
    *pairs: tuple[str, str],
    scenario: str = "base",
    score: float = 0.5,
    trail: tuple[int, str] = (0, ""),
) -> Path:
    """Publish these pairs (or `PAIRS`) as the cycle tiny; returns the folder of all its results."""
    folder = outputs / "tiny" / scenario
    folder.mkdir(parents=True, exist_ok=True)
    Workspace(folder).write_table("pairs", pairs_of(*(pairs or PAIRS), score=score))
    mark_published(folder, "tiny", scenario, trail=trail)
    return folder.parent
