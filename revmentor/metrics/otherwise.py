"""Which questions were asked otherwise in a wave, so that it must not be compared with others?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from revmentor import words

if TYPE_CHECKING:
    from revmentor.params.models import ChangedItems


def changed_between(
    changed: Sequence[ChangedItems], table: str, first: str, last: str
) -> dict[str, str]:
    """Which items were asked otherwise in one of the two waves, and how?

    Parameters
    ----------
    changed : sequence of ChangedItems
        As declared in ``data.items.changed``.
    table, first, last : str
        The table, and the two waves that are to be compared.

    Returns
    -------
    dict of str
        Item to what was other and when, in words; empty where the waves can be compared.
    """
    versions: dict[str, dict[str, tuple[int, str]]] = {first: {}, last: {}}
    for place, change in enumerate(changed):
        for wave in set(change.waves) & set(versions) if change.table == table else ():
            told = f"{change.told()} in {words.listed(list(change.waves))}"
            versions[wave] |= dict.fromkeys(change.items, (place, told))
    differ = {
        item: told
        for wave in (last, first)
        for item, (place, told) in versions[wave].items()
        if any(versions[other].get(item, (-1, ""))[0] != place for other in versions)
    }
    return dict(sorted(differ.items()))


def refusal(changed: Mapping[str, str], items: Sequence[str]) -> str:
    """Why these items are not compared, naming those that were asked otherwise; empty if none."""
    told = [f"{item} was asked otherwise ({changed[item]})" for item in items if item in changed]
    return words.listed(told) if told else ""
