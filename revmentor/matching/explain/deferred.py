"""A stable matching by deferred acceptance: mentees ask, mentors keep the best so far."""

from __future__ import annotations

import heapq

import numpy as np

from revmentor.matching.arrays import IntArray, blocks
from revmentor.matching.columns import Columns
from revmentor.matching.explain.ranking import Ranked
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import NEVER, Market

# Partners of each mentee that are listed at first; who has asked all of them gets as many more.
LISTED = 32


def deferred_acceptance(market: Market, ranked: Ranked, tickets: Tickets) -> Columns:
    """A matching of a market that no pair blocks.

    Everybody ranks by `ranked`, equal partners by the pair's ticket (then by place), which makes
    all rankings strict; mentees ask from the top of theirs, and a mentor without a place left
    gives up the lowest.

    Returns
    -------
    Columns
        By mentee and then mentor.
    """
    lists = _Lists(market, ranked, tickets)
    holds: list[list[tuple[tuple[int, int, int], int]]] = [[] for _ in market.mentor_places]
    open_places = market.mentee_places.tolist()
    capacity = market.mentor_places.tolist()
    asking = [j for j, places in enumerate(open_places) if places]
    while asking:
        j = asking.pop()
        while open_places[j]:
            i = lists.following(j)
            if i is None:
                break
            open_places[j] -= 1
            heapq.heappush(holds[i], (lists.mentor_key(j), j))
            if len(holds[i]) > capacity[i]:
                _, lowest = heapq.heappop(holds[i])
                open_places[lowest] += 1
                if lowest != j:
                    asking.append(lowest)
    pairs = sorted((j, i) for i, held in enumerate(holds) for _, j in held)
    listed = np.array(pairs, np.int64).reshape(-1, 2)
    mentor, mentee = listed[:, 1], listed[:, 0]
    return Columns(mentor, mentee, market.worth(mentor, mentee))


class _Lists:
    """Each mentee's partners from the best down, a stretch at a time."""

    def __init__(self, market: Market, ranked: Ranked, tickets: Tickets) -> None:
        self.market, self.ranked, self.tickets = market, ranked, tickets
        none = np.empty(0, np.int64)
        self.lists = [none] * len(market.mentee_places)
        self.theirs = [none] * len(market.mentee_places)
        self.luck = [none] * len(market.mentee_places)
        self.asked = [0] * len(market.mentee_places)
        self.whole = [False] * len(market.mentee_places)
        for i, j in blocks(len(market.mentor_places), np.flatnonzero(market.mentee_places)):
            self._fill(i, j, LISTED)

    def following(self, j: int) -> int | None:
        """The best mentor whom mentee j has not asked yet; None if all were."""
        if self.asked[j] == len(self.lists[j]) and not self.whole[j]:
            i = np.arange(len(self.market.mentor_places)).reshape(1, -1)
            self._fill(i, np.array([[j]]), len(self.market.mentor_places))
        if self.asked[j] == len(self.lists[j]):
            return None
        self.asked[j] += 1
        return int(self.lists[j][self.asked[j] - 1])

    def mentor_key(self, j: int) -> tuple[int, int, int]:
        """How mentee j is ranked by the mentor who has just been asked."""
        at = self.asked[j] - 1
        return int(self.theirs[j][at]), int(self.luck[j][at]), -j

    def _fill(self, i: IntArray, j: IntArray, most: int) -> None:
        """List the best of some mentees, from the top."""
        allowed = (self.market.worth(i, j) != NEVER) & (self.market.mentor_places > 0)
        rank = np.where(allowed, self.ranked.mentee(i, j), NEVER)
        ticket = self.tickets.of(i, j)
        count = min(most, rank.shape[1])
        for row, mentee in enumerate(j.ravel().tolist()):
            able = np.flatnonzero(allowed[row])
            if len(able) > count:
                edge = np.partition(rank[row, able], -count)[-count]
                able = able[rank[row, able] >= edge]
            order = able[np.lexsort((able, -ticket[row, able], -rank[row, able]))]
            self.whole[mentee] = len(order) == int(allowed[row].sum())
            self.lists[mentee] = order
            self.theirs[mentee] = self.ranked.mentor(order, np.full(len(order), mentee))
            self.luck[mentee] = ticket[row, order]
