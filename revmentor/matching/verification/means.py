"""What is a criterion on average, over all pairs that state it? For `verify` only."""

from __future__ import annotations

import numpy as np

from revmentor.matching.verification.people import Floats, Numbers
from revmentor.matching.verification.values import OF_KINDS, Values, different, listed

CELLS = 1 << 22


def mean(values: Values, name: str, jaccard: float) -> float:
    """Mean over pairs of two different people who state what the criterion needs; 0 if none.

    Parameters
    ----------
    jaccard : float
        Sum over all pairs of interests shared / interests of either.
    """
    stated = {side: values.stated(name, side) for side in ("mentor", "mentee")}
    r = values.mentors[stated["mentor"][values.mentors]]
    s = values.mentees[stated["mentee"][values.mentees]]
    both = np.intersect1d(r, s)
    count = len(r) * len(s) - len(both)
    if not count:
        return 0.0
    oneself = float(values.value(name, both, both).sum())
    return (_sum(values, name, r, s, jaccard) - oneself) / count


def _sum(values: Values, name: str, r: Numbers, s: Numbers, jaccard: float) -> float:
    if name == "interests":
        return jaccard
    if name == "wishes":
        return float(values.value(name, *values.wished()).sum())
    if name == "skills":
        offered, wanted = (values.people.items[f"skills_{what}"] for what in ("offered", "wanted"))
        place, item = listed(wanted, s)
        each = np.bincount(item, 1 / wanted.size[s[place]], 1 + max(
            int(items.item.max(initial=0)) for items in (offered, wanted)
        ))  # fmt: skip
        return float(each[listed(offered, r)[1]].sum())
    assert name in OF_KINDS
    if name == "personality":
        return _of_distances(values, r, s)
    (mine, _, which), (theirs, _, others) = (different(values.kind(name)[who]) for who in (r, s))
    weights = np.bincount(which), np.bincount(others)
    total, step = 0.0, max(1, CELLS // len(mine))
    for start in range(0, len(theirs), step):
        some = slice(start, start + step)
        table = values.of_kinds(name, mine[None, :], theirs[some, None])
        total += float(weights[1][some] @ table @ weights[0])
    return total


def _of_distances(values: Values, r: Numbers, s: Numbers) -> float:
    """The integral, over the scale, of the pairs whose two people stand on either side of it."""
    x, y = (np.sort(values.people.extraversion[who]) for who in (r, s))
    scale = values.params.data.scales.extraversion
    points = np.unique(np.concatenate((x, y)))
    below: list[Floats] = [np.searchsorted(z, points[:-1], side="right") / len(z) for z in (x, y)]
    apart = below[0] * (1 - below[1]) + below[1] * (1 - below[0])
    far = float((np.diff(points) * apart).sum()) * len(x) * len(y) / (scale.high - scale.low)
    direction = values.params.matching.criteria.personality.direction
    return far if direction == "complementary" else len(x) * len(y) - far
