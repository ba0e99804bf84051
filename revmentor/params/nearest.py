"""Which name did the writer mean?"""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz, process

NEAR = 70.0


def nearest(word: str, among: Collection[str]) -> str | None:
    """Which of these names is the word most likely a misspelling of? None: none is near.

    >>> nearest("skils", ["skills", "site"])
    'skills'
    >>> nearest("zebra", ["skills", "site"]) is None
    True
    """
    found = process.extractOne(
        word, sorted(among), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=NEAR
    )
    return None if found is None else str(found[0])
