"""Circles as rows of numbers, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.circles.market import NO_TOPIC, CircleMarket

NOBODY = -1


class Members(NamedTuple):
    """Who is in one circle, by number, and its topic."""

    mentors: tuple[int, ...]
    mentees: tuple[int, ...]
    topic: int


@dataclass(frozen=True, eq=False)
class CircleList:
    """Circles and their values.

    Parameters
    ----------
    mentors, mentees : array of int, shape (circles, most people of the side)
        Members in ascending order, filled up with `NOBODY`.
    topic : array of int
        `NO_TOPIC` for none.
    value : array of int
        In whole units, seats included; see `CircleMarket`.
    """

    mentors: IntArray
    mentees: IntArray
    topic: IntArray
    value: IntArray

    def __len__(self) -> int:
        return len(self.topic)

    def __iter__(self) -> Iterator[Members]:
        for a, b, topic in zip(
            self.mentors.tolist(), self.mentees.tolist(), self.topic.tolist(), strict=True
        ):
            yield Members(
                tuple(i for i in a if i != NOBODY), tuple(j for j in b if j != NOBODY), topic
            )

    def take(self, which: IntArray | BoolArray) -> CircleList:
        """Some of them, in the order asked for."""
        return CircleList(
            self.mentors[which], self.mentees[which], self.topic[which], self.value[which]
        )

    @classmethod
    def of(cls, market: CircleMarket, mentors: IntArray, mentees: IntArray,
           topic: IntArray) -> CircleList:  # fmt: skip
        """Rows of people in any order, `NOBODY` anywhere, with their values worked out."""
        last = np.iinfo(np.int64).max

        def ascending(people: IntArray) -> IntArray:
            ordered = np.sort(np.where(people == NOBODY, last, people), axis=1)
            return np.where(ordered == last, NOBODY, ordered)

        a, b = ascending(mentors), ascending(mentees)
        return cls(a, b, topic, values(market, a, b, topic))

    @classmethod
    def none(cls, market: CircleMarket) -> CircleList:
        """No circles."""
        nothing = np.empty(0, np.int64)
        a, b = (np.empty((0, side.most), np.int64) for side in (market.mentors, market.mentees))
        return cls(a, b, nothing, nothing)

    @classmethod
    def join(cls, parts: Sequence[CircleList]) -> CircleList:
        """All of several lists, each circle once, in the order of their people and topics."""
        whole = cls(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("mentors", "mentees", "topic", "value")
            )
        )
        rows = np.column_stack([whole.mentors, whole.mentees, whole.topic])
        return whole.take(np.unique(rows, axis=0, return_index=True)[1])

    def gains(self, mentor_price: IntArray, mentee_price: IntArray, circle_price: int) -> IntArray:
        """Value of each circle less the prices of its people and of a circle."""
        priced = [np.append(price, 0) for price in (mentor_price, mentee_price)]
        paid = priced[0][self.mentors].sum(axis=1) + priced[1][self.mentees].sum(axis=1)
        gains: IntArray = self.value - paid - circle_price
        return gains


def values(market: CircleMarket, mentors: IntArray, mentees: IntArray, topic: IntArray) -> IntArray:
    """What circles are worth, given as rows as in `CircleList`."""
    e = market.extras
    i_in, j_in = mentors != NOBODY, mentees != NOBODY
    total = np.zeros(len(topic), np.int64)
    for a in range(mentors.shape[1]):
        for b in range(mentees.shape[1]):
            both = i_in[:, a] & j_in[:, b]
            total += np.where(both, market.units[mentors[:, a], mentees[:, b]], 0)
    has = topic != NO_TOPIC
    if market.offers.shape[1]:
        offering = (market.offers[mentors, topic[:, None]] & i_in).sum(axis=1)
        wanting = (market.wants[mentees, topic[:, None]] & j_in).sum(axis=1)
        total += np.where(has, e.offered * offering + e.wanted * wanting, 0)
    total += e.seat * (i_in.sum(axis=1) + j_in.sum(axis=1))
    for trait, units in enumerate(e.traits):
        total += units * mix(market, mentors, mentees, trait)
    return total


def mix(market: CircleMarket, mentors: IntArray, mentees: IntArray, trait: int) -> IntArray:
    """How many different known values of a trait are in each circle?"""
    codes = np.column_stack(
        [
            np.where(mentors == NOBODY, -1, market.mentor_traits[mentors, trait]),
            np.where(mentees == NOBODY, -1, market.mentee_traits[mentees, trait]),
        ]
    )
    codes.sort(axis=1)
    fresh = codes >= 0
    fresh[:, 1:] &= codes[:, 1:] != codes[:, :-1]
    found: IntArray = fresh.sum(axis=1)
    return found
