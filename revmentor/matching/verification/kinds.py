"""Tables by kinds of people, looked up by combinations of kinds: for `verify` only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from revmentor.matching.verification.people import Floats, Numbers
from revmentor.matching.verification.values import Kinds, different

# Kinds of one person and of many, and one applicant of each kind, to units.
Looked = Callable[[Kinds, Kinds, Numbers, Numbers], Floats]
# A combination of kinds is looked up at once while there are at most so many different ones.
COMBINED = 1024


@dataclass(frozen=True, eq=False)
class Kind:
    """A number of each applicant, and what it is worth beside that of somebody else."""

    of: Kinds
    worth: Looked


@dataclass(frozen=True, eq=False)
class Group:
    """Kinds that are looked up together.

    Parameters
    ----------
    kinds : list of Kind
    first : array of int
        One applicant of each combination of kinds.
    which : array of int, one per person of the many
        Combination.
    """

    kinds: list[Kind]
    first: Numbers
    which: Numbers

    def table(self, ones: Numbers) -> Floats:
        """Units of each of these people with each combination."""
        total = np.zeros((len(ones), len(self.first)))
        for kind in self.kinds:
            mine, one, row = different(kind.of[ones])
            theirs, many, column = different(kind.of[self.first])
            units = kind.worth(mine, theirs, ones[one], self.first[many])
            total += units[row[:, None], column]
        return total


def combined(kinds: list[Kind], people: Numbers) -> list[Group]:
    """Put kinds together, those with the most different values first, into few groups."""
    codes = [(kind, *different(kind.of[people])) for kind in kinds]
    codes.sort(key=lambda code: -len(code[1]))
    groups: list[tuple[list[Kind], Numbers]] = []
    for kind, values, _, which in codes:
        for number, (held, combination) in enumerate(groups):
            both = combination * len(values) + which
            if len(different(both)[0]) <= COMBINED:
                groups[number] = [*held, kind], different(both)[2]
                break
        else:
            groups.append(([kind], which))
    return [
        Group(held, people[different(combination)[1]], combination) for held, combination in groups
    ]
