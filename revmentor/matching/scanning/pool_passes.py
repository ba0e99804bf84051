"""How do compiled passes over all pairs read a market whose scores come from a pool?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray
from revmentor.matching.kernels.exact import C_WISHES, Listed, Tables, worths
from revmentor.matching.kernels.examine import PIECE, RUN
from revmentor.matching.kernels.found import Asked, Found
from revmentor.matching.kernels.passes import TILE, scan_blocks
from revmentor.matching.kernels.tiles import Owners, Partners, Rates, Room, Tile
from revmentor.matching.scanning.packed import Packed, listed, terms_of, together, turned
from revmentor.matching.scanning.pieces import LONGEST_BLOCK, Wanted, blocks_of
from revmentor.matching.scanning.profiles import profiles_of
from revmentor.matching.scanning.rates import RULED_OUT, Lanes
from revmentor.matching.scores import TableScores
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market


@dataclass(frozen=True, eq=False)
class PoolQuery:
    """A pass over the pairs of a pool."""

    tables: Tables
    rates: Rates
    owners: Owners
    partners: Partners
    asked: Asked
    order: IntArray
    blocks: IntArray

    def scan(self, first: int, last: int, found: Found) -> int:
        """Scan some blocks; the first block that did not fit."""
        return scan_blocks(
            self.tables, self.rates, self.owners, self.partners, self.asked, self.order,
            self.blocks, first, last, found, *self._room(),
        )  # fmt: skip

    def _room(self) -> tuple[Room, Tile]:
        words, compared = len(self.partners.words), len(self.partners.codes)
        whole, double, single = (np.empty((3, TILE), kind) for kind in ("i4", "f8", "f4"))
        room = Room(
            np.empty(TILE, np.int64), double[0], single[0], single[1], single[2],
            whole[0], whole[1], np.empty(words + 3, np.int32),
            np.empty(self.rates.partner.shape[1]), np.empty(LONGEST_BLOCK, np.int64),
            np.empty(TILE // PIECE, np.float32), np.empty(RUN, np.int64),
        )  # fmt: skip
        copied = Tile(
            np.empty((words, TILE), np.uint32), np.empty(TILE, np.float32),
            np.empty(TILE, np.float32), np.empty(TILE, np.float32),
            np.empty((compared, TILE), np.int32),
        )  # fmt: skip
        return room, copied


class PoolPasses:
    """A market whose scores come from a pool."""

    def __init__(
        self, market: Market, tickets: Tickets, scale: int, before: PoolPasses | None = None
    ) -> None:
        scores = market.scores
        assert isinstance(scores, TableScores)
        packed = None if before is None else before.packed.again(scores.pool, scores.params)
        self.packed: Packed = packed or Packed.of(scores.pool, scores.params)
        self.forms = self.packed.counting(scores.scoring)
        # Groups of one side only are a matter of that side's prices.
        several = [each for each in market.groups if min(each.units.shape) > 1]
        self.groups = tuple(several)
        self.bonus = _bonuses(market)
        self.key = self._key()
        self.lanes: Lanes
        self._kept: dict[int, tuple[IntArray, Partners]] = {}
        if before is not None and packed is not None and _alike(before.key, self.key):
            self.lanes, self._kept = before.lanes, before._kept
        else:
            profiles = profiles_of(self.packed, scores.scoring, self.groups)
            self.lanes = Lanes.of(self.packed, profiles, self.forms)
        self.people = mentors, mentees = len(market.mentor_places), len(market.mentee_places)
        pool = self.packed.pool
        mentor_rows, mentee_rows = self.packed.people
        self.tables = Tables(
            mentor_rows, mentee_rows, self.forms, listed(pool.credit, mentees, np.float64),
            terms_of(market, self.packed.forbidden(), tickets, scale),
        )  # fmt: skip
        wished = [pool.credit] if self.forms.share[C_WISHES] >= 0 else []
        self.special = together((*wished, market.pairs), mentors, mentees)
        self.scale = scale
        self._rates: dict[int, tuple[Rates, Owners, Listed, float]] = {}

    def _key(self) -> tuple[object, ...]:
        forms = self.forms
        flags = forms.least_overlap > 0, forms.common_wave, forms.shared_language
        return ((forms.share >= 0).tolist(), flags, self.groups)

    def worth(self, i: IntArray, j: IntArray) -> IntArray:
        """Worth of listed pairs."""
        units = np.empty(len(i), np.int64)
        worths(self.tables, i, j, units)
        return units

    def query(self, wanted: Wanted) -> PoolQuery:
        """Get a pass ready."""
        side = wanted.side
        rates, owners, special, largest = self._sides(side)
        partners, taking_part = self._partners(1 - side, wanted.among)
        level = [
            price / self.scale - bonus if self.scale > 1 else (price - bonus).astype(np.float64)
            for price, bonus in zip(wanted.price, self.bonus, strict=True)
        ]
        profile = owners.profile[wanted.who]
        order = wanted.who[np.lexsort((level[side][wanted.who], profile))]
        partner_level = level[1 - side][partners.person]
        asked = Asked(
            owner_is_mentor=side == 0,
            mentor_price=wanted.price[0],
            mentee_price=wanted.price[1],
            owner_level=level[side],
            partner_level=partner_level,
            taking_part=taking_part,
            special_start=special.start,
            special=special.mentor,
            few=wanted.few,
            floor=wanted.floor,
            tie=wanted.tie,
            largest=largest + float(np.abs(partner_level).max(initial=0)),
        )
        blocks = blocks_of(owners.profile[order])
        return PoolQuery(self.tables, rates, owners, partners, asked, order, blocks)

    def _sides(self, side: int) -> tuple[Rates, Owners, Listed, float]:
        if side not in self._rates:
            rates = self.lanes.rates(side, self.forms, self.groups)
            allowed = rates.table[rates.table > RULED_OUT]
            largest = float(np.abs(allowed).sum()) + float(np.abs(rates.constant).max(initial=0))
            special = self.special if side == 1 else turned(self.special, *self.people)
            self._rates[side] = rates, self.lanes.owners(side), special, largest
        return self._rates[side]

    def _partners(self, side: int, among: IntArray) -> tuple[Partners, BoolArray]:
        order = self.lanes.order[side]
        taking_part = np.zeros(len(order), bool)
        taking_part[among] = True
        kept = self._kept.get(side)
        if kept is None or not np.array_equal(kept[0], among):
            kept = among, self.lanes.partners(side, order[taking_part[order]])
            self._kept[side] = kept
        return kept[1], taking_part


def _alike(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Do the same criteria, rules and groupings of people hold?"""
    if before[:2] != now[:2]:
        return False
    one, other = before[2], now[2]
    assert isinstance(one, tuple)
    assert isinstance(other, tuple)
    return len(one) == len(other) and all(
        np.array_equal(a.mentor, b.mentor) and np.array_equal(a.mentee, b.mentee)
        for a, b in zip(one, other, strict=True)
    )


def _bonuses(market: Market) -> tuple[IntArray, IntArray]:
    """Units that all pairs of a mentor get, and all pairs of a mentee."""
    mentor = np.zeros(len(market.mentor_places), np.int64)
    mentee = np.zeros(len(market.mentee_places), np.int64)
    for added in market.groups:
        if added.units.shape[0] == 1:
            mentee += added.units[0, added.mentee]
        elif added.units.shape[1] == 1:
            mentor += added.units[added.mentor, 0]
    return mentor, mentee
