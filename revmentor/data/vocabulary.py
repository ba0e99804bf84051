"""List items in one spelling: normalised, and case variants merged to the commonest."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.report import count

_SHOWN = 10


def normal(item: str) -> str:
    """An item in Unicode's composed form, without outer or double blanks.

    >>> normal("  Power   BI ")
    'Power BI'
    """
    return " ".join(unicodedata.normalize("NFC", item).split())


def items(text: str, separator: str, normalised: bool = True) -> tuple[tuple[str, ...], int]:
    """The items of a list in order, each once, and the number of empty ones left out.

    Ids (``normalised`` False) keep repetitions: a person wished twice is a fault to be found.

    >>> items("Python; SQL;;Python ", ";")
    (('Python', 'SQL'), 1)
    """
    parts = [normal(p) if normalised else p.strip() for p in text.split(separator)]
    kept = [part for part in parts if part]
    return tuple(dict.fromkeys(kept) if normalised else kept), len(parts) - len(kept)


def merge_spellings(drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    """One spelling per item in every vocabulary, over all tables that share it.

    The commonest spelling stands for all that differ in case only; of equally common ones the
    first in alphabetical order.
    """
    drafts = dict(drafts)
    words = {c.vocabulary for d in drafts.values() for c in d.contract.columns if c.vocabulary}
    for vocabulary in sorted(words):
        columns = [
            (table, column.name)
            for table, draft in drafts.items()
            for column in draft.contract.columns
            if column.vocabulary == vocabulary
        ]
        seen: Counter[str] = Counter()
        for table, name in columns:
            seen.update(_words(drafts[table].frame[name]))
        instead = _instead(seen)
        if not instead:
            continue
        for table, name in columns:
            frame = drafts[table].frame
            changed = frame.assign(**{name: frame[name].map(_merger(instead), na_action="ignore")})
            if frame[name].dtype != object:
                changed = changed.astype({name: "str"})
            drafts[table] = drafts[table].with_frame(changed)
        shown = [f"{old!r} is {new!r}" for old, new in list(instead.items())[:_SHOWN]]
        more = f" and {len(instead) - _SHOWN:,} more" if len(instead) > _SHOWN else ""
        first = columns[0][0]
        many = count(len(instead), "other spelling")
        drafts[first] = drafts[first].note(
            f"{many} of a {vocabulary} merged: {', '.join(shown)}{more}"
        )
    return drafts


def _words(cells: pd.Series) -> Iterable[str]:
    for cell in cells.dropna():
        yield from (cell,) if isinstance(cell, str) else cell


def _instead(seen: Counter[str]) -> dict[str, str]:
    """Each spelling that is not the chosen one, with the chosen one."""
    variants: dict[str, list[str]] = {}
    for word in seen:
        variants.setdefault(word.casefold(), []).append(word)
    instead: dict[str, str] = {}
    for group in variants.values():
        if len(group) > 1:
            chosen = min(group, key=lambda word: (-seen[word], word))
            instead |= {word: chosen for word in sorted(group) if word != chosen}
    return instead


def _merger(instead: Mapping[str, str]) -> Callable[[object], object]:
    def merged(cell: object) -> object:
        if isinstance(cell, tuple):
            return tuple(dict.fromkeys(instead.get(word, word) for word in cell))
        return instead.get(cell, cell) if isinstance(cell, str) else cell

    return merged
