"""Which people are in the same published groups, and which small groups follow from these?

An *atom* is everybody with the same membership in all groups that are published. The attacker is
assumed to know which combinations of groups occur (a colleague knows who is in which department,
and a definition says that who is matched has applied), but not how many are in each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from revmentor.people import People

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Atoms:
    """Groups made of atoms.

    Parameters
    ----------
    groups : tuple of frozenset of str
        Every group once, none empty.
    inside : array of bool, groups x atoms
    sizes : array of int
        People per atom.
    """

    groups: tuple[People, ...]
    inside: Bools
    sizes: Ints

    @classmethod
    def of(cls, groups: Iterable[People]) -> Atoms:
        """Cut these groups into atoms; empty groups are left out.

        Parameters
        ----------
        groups : iterable of frozenset of str

        >>> cut = Atoms.of([frozenset("abc"), frozenset("bcd")])
        >>> cut.sizes.tolist()
        [1, 2, 1]
        """
        each = tuple(dict.fromkeys(group for group in groups if group))
        number = {who: at for at, who in enumerate(sorted(frozenset().union(*each)))}
        rows = [np.fromiter(map(number.__getitem__, group), np.int64, len(group)) for group in each]
        return _cut(each, rows, np.ones(len(number), np.int64))

    def among(self, groups: Iterable[People]) -> Atoms:
        """Cut some of these groups only: what they do not tell apart becomes one atom.

        >>> ab, bc = frozenset("ab"), frozenset("bc")
        >>> Atoms.of([ab, bc]).among([ab]).sizes.tolist()
        [2]
        """
        each = tuple(dict.fromkeys(group for group in groups if group))
        rows = [np.flatnonzero(self.inside[self.place[group]]) for group in each]
        return _cut(each, rows, self.sizes)

    @cached_property
    def place(self) -> Mapping[People, int]:
        """Where each group stands in `groups`."""
        return {group: at for at, group in enumerate(self.groups)}

    @property
    def counts(self) -> Ints:
        """People per group."""
        found: Ints = self.inside.astype(np.int64) @ self.sizes
        return found


def _cut(groups: tuple[People, ...], rows: Sequence[Ints], sizes: Ints) -> Atoms:
    """Join what no group tells apart, in the order in which it comes; leave out what is in none."""
    patterns = np.zeros((len(sizes), -(-len(groups) // 8)), np.uint8)
    for column, row in enumerate(rows):
        patterns[row, column // 8] |= np.uint8(128 >> column % 8)
    told = patterns.any(axis=1)
    patterns, sizes = np.ascontiguousarray(patterns[told]), sizes[told]
    if not len(patterns):
        return Atoms((), np.zeros((0, 0), bool), np.zeros(0, np.int64))
    keys = patterns.view(np.dtype((np.void, patterns.shape[1]))).ravel()
    _, first, atom = np.unique(keys, return_index=True, return_inverse=True)
    many = np.bincount(atom, weights=sizes).astype(np.int64)
    order = np.argsort(first)
    inside = np.unpackbits(patterns[first[order]], axis=1, count=len(groups)).astype(bool)
    return Atoms(groups, inside.T.copy(), many[order])


def small_groups(
    atoms: Atoms, minimum: int, *, current: Sequence[int], tables: Sequence[Sequence[int]]
) -> Bools:
    """Which groups of 1 to minimum - 1 people follow from the published ones?

    The published groups themselves, every difference and intersection of two of them, and what a
    table leaves over: a group without all groups of one table that lie in it.

    Parameters
    ----------
    atoms : Atoms
    minimum : int
    current : sequence of int
        Groups of the report that is made: what follows from earlier reports alone is past.
    tables : sequence of sequence of int
        Groups that stand in one table, table by table.

    Returns
    -------
    array of bool, small groups x atoms
        Each once.
    """
    if not atoms.groups:
        return np.zeros((0, 0), bool)
    inside, sizes, counts = atoms.inside, atoms.sizes, atoms.counts
    now = np.zeros(len(atoms.groups), bool)
    now[list(current)] = True
    left = sparse.csr_matrix(inside.astype(np.int32))
    both = np.asarray((left.multiply(sizes).tocsr() @ left.T).todense())
    related = now[:, None] | now[None, :]
    found = [inside[(counts < minimum) & now]]
    small = (counts[:, None] - both > 0) & (counts[:, None] - both < minimum) & related
    ones, others = np.nonzero(small)
    found.append(inside[ones] & ~inside[others])
    ones, others = np.nonzero(np.triu((both > 0) & (both < minimum) & related, 1))
    found.append(inside[ones] & inside[others])
    found.append(_left_over(inside, sizes, counts, both, minimum, tables))
    every = np.unique(np.packbits(np.concatenate(found), axis=1), axis=0)
    return np.unpackbits(every, axis=1, count=inside.shape[1]).astype(bool)


def _left_over(
    inside: Bools,
    sizes: Ints,
    counts: Ints,
    both: Ints,
    minimum: int,
    tables: Sequence[Sequence[int]],
) -> Bools:
    rows = []
    for table in tables:
        places = np.array(sorted(set(table)), np.int64)
        if len(places) < 2:
            continue
        within = (both[places] == counts[places, None]) & (counts[places, None] < counts[None, :])
        for whole in np.flatnonzero(within.sum(axis=0) > 1):
            rest = inside[whole] & ~inside[places[within[:, whole]]].any(axis=0)
            if 0 < int(sizes[rest].sum()) < minimum:
                rows.append(rest)
    return np.array(rows, bool).reshape(-1, inside.shape[1])
