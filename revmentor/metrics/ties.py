"""Did people come to ask colleagues for advice whom they did not ask before?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor import words
from revmentor.metrics.change import sides_of
from revmentor.metrics.estimate import LEVEL, Estimate, mean, not_computed, student
from revmentor.metrics.groups import GROUPINGS
from revmentor.names import SIDES

Floats = npt.NDArray[np.float64]

RESAMPLES = 1_999
ANY = "any"
_INDEX = "E-I index of all ties together, percentile bootstrap 95% interval over respondents"
_WELCH = "difference of means, Welch 95% interval"
_BLOCK = 2_000_000


@dataclass(frozen=True)
class NewTies:
    """New ties of one kind: to anybody (``across="any"``) or across a grouping.

    Parameters
    ----------
    across : str
        ``"any"``, or the column in which the two differ.
    participants, others : Estimate
        Mean number of new ties per person; others: people who answered and are in no pair.
    difference : Estimate
        Participants minus others.
    """

    across: str
    participants: Estimate
    others: Estimate
    difference: Estimate


@dataclass(frozen=True)
class Mixing:
    """The E-I index by one grouping: -1 all ties within the own group, +1 all to other groups.

    Parameters
    ----------
    by : str
        The grouping.
    who : str
        ``"participants"`` or ``"others"``.
    before, after, change : Estimate
        Of the same people's ties, before and after the cycle.
    """

    by: str
    who: str
    before: Estimate
    after: Estimate
    change: Estimate


@dataclass(frozen=True)
class Network:
    """Ties before and after the cycle.

    Parameters
    ----------
    new : tuple of NewTies
        To anybody first, then across each grouping.
    mixing : tuple of Mixing
        By grouping, participants first.
    answered : mapping of ``"participants"`` and ``"others"`` to (before, after, both)
        People who named anybody, by wave. Only those of both waves are in any figure.
    who : mapping of (across, ``"participants"`` or ``"others"``) to frozenset of str
        Ids of those whose new ties were counted; for the restricted ledger of a report.
    """

    new: tuple[NewTies, ...]
    mixing: tuple[Mixing, ...]
    answered: Mapping[str, tuple[int, int, int]]
    who: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict, repr=False)

    def new_ties(self, across: str = ANY) -> NewTies:
        """New ties of that kind; KeyError if there are none."""
        return {each.across: each for each in self.new}[across]

    def mixed(self, by: str, who: str = "participants") -> Mixing:
        """The E-I index by that grouping; KeyError if there is none."""
        return {(each.by, each.who): each for each in self.mixing}[by, who]


def network(
    ties: pd.DataFrame,
    people: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    seed: int,
    groupings: Sequence[str] = GROUPINGS,
    resamples: int = RESAMPLES,
) -> Network:
    """Which ties are new, do they cross departments, and did the network become more open?

    A new tie is named after the cycle and not before, by somebody who named people both times
    (who named nobody in a wave cannot be told from who did not answer). E-I index (Krackhardt and
    Stern 1988): (E - I) / (E + I) with E ties to other groups and I ties within the own one, over
    all ties of the respondents; its interval, and that of its change, by resampling respondents.

    Parameters
    ----------
    ties, people, pairs : DataFrame
        As in the contract. A tie counts for a grouping only if the groups of both ends are known.
    seed : int
        Of the bootstrap; the order of rows has no say.
    groupings : sequence of str
        Columns of people.
    resamples : int
        Of the bootstrap.
    """
    members = sides_of(pairs, SIDES)["both"]
    known = ties[["person_id", "other_id", "when"]].drop_duplicates()
    waves = [set(known.loc[known["when"] == when, "person_id"]) for when in ("before", "after")]
    both = np.array(sorted(waves[0] & waves[1]), dtype=object)
    inside = np.array([person in members for person in both], dtype=np.bool_)
    own = known.loc[known["person_id"].isin(both)]
    tied = own.assign(yes=True).set_index(["person_id", "other_id", "when"])["yes"].unstack("when")
    tied = tied.reindex(columns=["before", "after"]).notna().reset_index()
    place = pd.Index(both).get_indexer(pd.Index(tied["person_id"]))
    fresh = (tied["after"] & ~tied["before"]).to_numpy()
    new = [_new_ties(ANY, _count(place, fresh, len(both)), inside, np.ones_like(inside))]
    tables = []
    who = {(ANY, name): frozenset(both[part]) for name, part in _parts(inside)}
    for by in groupings:
        group = pd.Series(people[by].to_numpy(), index=people["person_id"].to_numpy())
        mine, theirs = (group.reindex(tied[end]) for end in ("person_id", "other_id"))
        told = (mine.notna().to_numpy()) & (theirs.notna().to_numpy())
        out = told & (mine.to_numpy() != theirs.to_numpy())
        has_group = group.reindex(both).notna().to_numpy()
        new.append(_new_ties(by, _count(place, fresh & out, len(both)), inside, has_group))
        who |= {(by, name): frozenset(both[part & has_group]) for name, part in _parts(inside)}
        columns = [tied[when].to_numpy() & part for when in ("before", "after")
                   for part in (out, told & ~out)]  # fmt: skip
        tables.append(np.stack([_count(place, part, len(both)) for part in columns], axis=1))
    mixing = []
    for group_name, rows in _parts(inside):
        own_rows = [table[rows] for table in tables]
        indices = _mixed(own_rows, group_name, seed, resamples)
        for by, found in zip(groupings, indices, strict=True):
            mixing.append(Mixing(by, group_name, *found))
    answered = {
        name: tuple(sum((person in members) == part for person in wave)
                    for wave in (*waves, waves[0] & waves[1]))
        for name, part in (("participants", True), ("others", False))
    }  # fmt: skip
    return Network(tuple(new), tuple(mixing), answered, who)  # type: ignore[arg-type]


def _parts(inside: npt.NDArray[np.bool_]) -> tuple[tuple[str, npt.NDArray[np.bool_]], ...]:
    return ("participants", inside), ("others", ~inside)


def _count(place: npt.NDArray[np.intp], flags: npt.NDArray[np.bool_], people: int) -> Floats:
    return np.bincount(place[flags], minlength=people).astype(np.float64)


def _new_ties(
    across: str, counts: Floats, inside: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]
) -> NewTies:
    ours, others = counts[inside & known], counts[~inside & known]
    means = (
        mean(ours, "ties", "participants who answered both times", bounds=(0.0, math.inf)),
        mean(others, "ties", "others who answered both times", bounds=(0.0, math.inf)),
    )
    return NewTies(across, *means, _difference(ours, others))


def _difference(ours: Floats, others: Floats) -> Estimate:
    """Mean of ours minus mean of others, with Welch's interval."""
    n, of = len(ours), "participants who answered both times"
    if min(n, len(others)) < 2:
        few = "participants" if n < 2 else "others"
        reason = f"{words.counted(min(n, len(others)), 'person')} of the {few} answered both times"
        return not_computed(reason, n, "ties", _WELCH, of)
    parts = [float(each.var(ddof=1)) / len(each) for each in (ours, others)]
    if sum(parts) < 1e-24:
        return not_computed("everybody has the same number", n, "ties", _WELCH, of)
    value = float(ours.mean() - others.mean())
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(each) - 1) for part, each in zip(parts, (ours, others), strict=True)
    )
    half = student(freedom) * math.sqrt(sum(parts))
    return Estimate(value, value - half, value + half, n, "ties", _WELCH, "", of)


def ei_index(external: float, internal: float) -> float | None:
    """Do ties go out of the group or stay in?

    (external - internal) / (external + internal): -1 if all are within the own group, +1 if all go
    out, 0 for as many of either; None without ties.

    >>> ei_index(3, 1), ei_index(0, 2), ei_index(0, 0)
    (0.5, -1.0, None)
    """
    ties = external + internal
    return (external - internal) / ties if ties else None


def _mixed(
    tables: Sequence[Floats], who: str, seed: int, resamples: int
) -> list[tuple[Estimate, Estimate, Estimate]]:
    """Per grouping the index before, after and its change; one set of resamples for all."""
    people = len(tables[0]) if tables else 0
    joint = np.concatenate(tables, axis=1) if tables else np.zeros((0, 0))
    drawn = _resampled(joint, seed, resamples)
    found = []
    for number, table in enumerate(tables):
        sums, again = table.sum(axis=0), drawn[:, 4 * number : 4 * number + 4]
        of = f"{who} who answered both times"
        index = [ei_index(*sums[:2].tolist()), ei_index(*sums[2:].tolist())]
        with np.errstate(invalid="ignore"):
            boot = (again[:, [0, 2]] - again[:, [1, 3]]) / (again[:, [0, 2]] + again[:, [1, 3]])
        moved = None if None in index else float(index[1]) - float(index[0])  # type: ignore[arg-type]
        draws = (boot[:, 0], boot[:, 1], boot[:, 1] - boot[:, 0])
        parts = zip((*index, moved), draws, strict=True)
        estimates = [_bootstrapped(value, each, people, of) for value, each in parts]
        found.append((estimates[0], estimates[1], estimates[2]))
    return found


def _resampled(table: Floats, seed: int, resamples: int) -> Floats:
    """Column sums of the table over people drawn with replacement, in blocks of bounded memory."""
    people, columns = table.shape
    sums = np.zeros((resamples, columns))
    if people < 2:
        return sums
    rng = np.random.default_rng(seed)
    step = max(1, _BLOCK // people)
    for begin in range(0, resamples, step):
        rows = min(step, resamples - begin)
        picked = rng.integers(0, people, (rows, people)) + people * np.arange(rows)[:, None]
        times = np.bincount(picked.ravel(), minlength=rows * people).reshape(rows, people)
        sums[begin : begin + rows] = times.astype(np.float64) @ table
    return sums


def _bootstrapped(value: float | None, draws: Floats, people: int, of: str) -> Estimate:
    """The value with the middle 95% of its resamples, or why there is none."""
    if people < 3:
        reason = f"{words.counted(people, 'person')} answered both times, three are the fewest"
        return not_computed(reason, people, "index", _INDEX, of)
    if value is None:
        reason = "nobody named anybody whose group is known"
        return not_computed(reason, people, "index", _INDEX, of)
    draws = draws[np.isfinite(draws)]
    tail = 100 * (1 - LEVEL) / 2
    low, high = (float(end) for end in np.percentile(draws, [tail, 100 - tail]))
    if high - low < 1e-12:
        return not_computed("all who answered are alike", people, "index", _INDEX, of)
    return Estimate(value, min(low, value), max(high, value), people, "index", _INDEX, "", of)
