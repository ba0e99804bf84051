"""Who is in a group? Sets of ids, taken from columns of any kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

People = frozenset[str]
NOBODY: People = frozenset()


def people_of(ids: Iterable[object]) -> People:
    """Who are these, as a set of ids?

    Parameters
    ----------
    ids : iterable
        An index, a column, a set: ids without a missing value.

    >>> sorted(people_of(pd.Index(["b", "a", "b"])))
    ['a', 'b']
    """
    if isinstance(ids, pd.Index | pd.Series):
        # One by one, pandas makes each text anew from Arrow's memory: six times slower.
        ids = ids.to_numpy(dtype=object)
    return frozenset(map(str, ids))


def are_in(ids: pd.Index | pd.Series, who: Collection[str]) -> npt.NDArray[np.bool_]:
    """Which of these ids are among those people? In the order of the ids.

    As ``isin``, which takes 20 times longer for Arrow's texts and many people.

    >>> are_in(pd.Index(["b", "a"]), {"a"}).tolist()
    [False, True]
    """
    known = who if isinstance(who, set | frozenset) else people_of(who)
    return np.fromiter(map(known.__contains__, ids.to_numpy(dtype=object)), bool, len(ids))
