"""List items in one spelling: normalised, and case variants merged to the commonest."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.report import count

_SHOWN = 10
_OTHERS = ",;|/"


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


def note_other_separators(drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    """A note on items that seem to be several, as their parts are items elsewhere.

    A column whose lists have one item each has been noted before.
    """
    drafts = dict(drafts)
    columns = [(t, c) for t, d in drafts.items() for c in d.contract.columns if c.vocabulary]
    seen: dict[str, set[str]] = {}
    for table, column in columns:
        own = (word.casefold() for word in _words(drafts[table].frame[column.name]))
        seen.setdefault(column.vocabulary, set()).update(own)
    for table, column in columns:
        draft = drafts[table]
        cells = draft.frame[column.name]
        if column.kind != "list" or not cells.map(len).gt(1).any():
            continue
        known = seen[column.vocabulary]
        several = {word for word in set(_words(cells)) if _seems_several(word, known)}
        if several:
            rows = [int(str(row)) for row, cell in cells.items() if not several.isdisjoint(cell)]
            shown = ", ".join(repr(word) for word in sorted(several)[:_SHOWN])
            drafts[table] = draft.note(
                f"{draft.names.get(column.name, column.name)} has items that seem to be several: "
                f"{shown} ({draft.told(rows)}); write the list separator between them"
            )
    return drafts


def _seems_several(word: str, known: Collection[str]) -> bool:
    """Are all parts of this item, or all but one, items of their own?"""
    for other in _OTHERS:
        parts = [normal(part).casefold() for part in word.split(other)]
        alone = sum(part in known for part in parts)
        if len(parts) > 1 and alone >= max(1, len(parts) - 1):
            return True
    return False


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
