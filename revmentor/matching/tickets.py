"""Which of two equally good pairs comes first?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from revmentor.matching.arrays import IntArray

Odd = npt.NDArray[np.uint64]
BITS = 10


@dataclass(frozen=True, eq=False)
class Tickets:
    """A seeded number for every pair, from one random odd number per person.

    With coarse scores ties are the rule: taking the first few of many equal partners would give
    everybody the same few candidates. The numbers belong to places in the sorted rosters, so
    they depend neither on the order of rows nor on the machine.

    Parameters
    ----------
    mentor, mentee : array of odd uint64
        One number per person, in the order of the rosters.
    bits : int, 1 to 62
        Tickets are 0 to ``2**bits - 1``.

    Notes
    -----
    The ticket of a pair is the highest bits of the product of their numbers modulo ``2**64``
    (multiplicative hashing; Knuth, The Art of Computer Programming 3, section 6.4).

    >>> tickets = Tickets.draw(3, 2, seed=0)
    >>> tickets.of(np.array([0, 1, 2]), np.array([0, 0, 0])).tolist()
    [610, 256, 1007]
    """

    mentor: Odd
    mentee: Odd
    bits: int = BITS

    @classmethod
    def draw(cls, mentors: int, mentees: int, seed: int, bits: int = BITS) -> Tickets:
        """Draw everybody's number from a seed."""
        random = np.random.default_rng(seed)
        draws = [random.integers(0, 2**63, size, np.uint64) for size in (mentors, mentees)]
        return cls(draws[0] * 2 + 1, draws[1] * 2 + 1, bits)

    def of(self, i: IntArray, j: IntArray) -> IntArray:
        """Tickets of pairs at index arrays that broadcast."""
        mixed = self.mentor[i] * self.mentee[j]
        return (mixed >> np.uint64(64 - self.bits)).astype(np.int64)

    def lucky(self, side: str, who: IntArray, count: int) -> IntArray:
        """The `count` people among some of a side with the lowest numbers, sorted by index."""
        drawn = self.mentor if side == "mentor" else self.mentee
        return np.sort(who[np.argsort(drawn[who], kind="stable")[:count]])
