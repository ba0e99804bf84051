"""How does a pool look to compiled loops: rows of small numbers and bits?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from revmentor.matching.arrays import BoolArray, IntArray, PairTable
from revmentor.matching.criteria import Criterion, Scoring, largest_gap
from revmentor.matching.intake.pool import Pool, Sets, Side
from revmentor.matching.kernels.bits import Words
from revmentor.matching.kernels.exact import Forms, Ints, Listed, People, Terms
from revmentor.matching.tickets import Tickets
from revmentor.matching.worth import Market
from revmentor.names import CRITERIA

if TYPE_CHECKING:
    from revmentor.params.models import Params

CODES = ("grade", "first", "last", "manager", "department", "site", "generation", "zone")
SETS = ("skills", "interests", "languages")


@dataclass(frozen=True, eq=False)
class Packed:
    """The people of a pool, and the rules about them, for `kernels.exact`.

    Parameters
    ----------
    people : (People, People)
        Mentors, mentees.
    forms : Forms
        With no criterion counting yet; see `counting`.
    """

    pool: Pool
    params: Params
    people: tuple[People, People]
    forms: Forms

    @classmethod
    def of(cls, pool: Pool, params: Params) -> Packed:
        """Pack a pool."""
        sides = pool.mentors, pool.mentees
        words, ends = _words(sides)
        known = [criterion.known() for criterion in (Criterion(c, pool, params) for c in CRITERIA)]
        people = tuple(
            People(
                np.stack([getattr(side, name) for name in CODES], axis=1).astype(np.int32),
                _bits([stated[number] for stated in known]),
                words[number],
                np.stack([side.skills.size, side.interests.size], axis=1).astype(np.float64),
                np.array(side.extraversion, np.float64),
                np.array(side.waves, np.int64),
            )
            for number, side in enumerate(sides)
        )
        return cls(pool, params, (people[0], people[1]), _forms(pool, params, ends))

    def again(self, pool: Pool, params: Params) -> Packed | None:
        """The same people with other params; None if these are other people."""
        if pool is not self.pool:
            return None
        return replace(self, params=params, forms=_forms(pool, params, self.forms.ends))

    def counting(self, scoring: Scoring) -> Forms:
        """How criteria and rules read, with the shares and stand-ins of a scoring."""
        share = np.full(len(CRITERIA), -1.0)
        stand_in = np.zeros(len(CRITERIA))
        for criterion in scoring.criteria:
            number = CRITERIA.index(criterion.name)
            share[number] = scoring.share[criterion.name]
            if not scoring.exclude:
                stand_in[number] = scoring.stand_in.get(criterion.name, 0.0)
        return self.forms._replace(share=share, stand_in=stand_in, exclude=scoring.exclude)

    def forbidden(self) -> tuple[PairTable, ...]:
        """The tables of pairs that rules leave out."""
        rules = self.params.matching.rules
        tables = [self.pool.forbidden]
        tables += [self.pool.met] if rules.no_repeat else []
        tables += [self.pool.vetoed] if rules.vetoes else []
        return tuple(tables)


def _bits(stated: list[BoolArray]) -> Ints:
    """Bit c of a person: does the person state what criterion c needs?"""
    bits = np.zeros(len(stated[0]), np.int32)
    for number, known in enumerate(stated):
        bits |= known.astype(np.int32) << number
    return bits


def _words(sides: tuple[Side, Side]) -> tuple[tuple[Words, Words], IntArray]:
    """Both sides' sets as words of 32 bits, without words in which nobody can share anything."""
    parts: tuple[list[Words], list[Words]] = [], []
    ends = []
    for name in SETS:
        both = [_halves(getattr(side, name)) for side in sides]
        used = both[0].any(axis=0) & both[1].any(axis=0)
        for part, words in zip(parts, both, strict=True):
            part.append(words[:, used])
        ends.append(int(used.sum()))
    mentors, mentees = (np.ascontiguousarray(np.concatenate(part, axis=1)) for part in parts)
    return (mentors, mentees), np.cumsum([0, *ends])


def _halves(sets: Sets) -> Words:
    """Words of 32 bits, a row for each person."""
    low = (sets.words & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    high = (sets.words >> np.uint64(32)).astype(np.uint32)
    return cast(Words, np.stack([low, high], axis=1).reshape(2 * len(low), low.shape[1]).T)


def _forms(pool: Pool, params: Params, ends: IntArray) -> Forms:
    criteria, rules = params.matching.criteria, params.matching.rules
    hours, scale = params.matching.working_hours, params.data.scales.extraversion
    same = np.array(
        [getattr(getattr(criteria, c, None), "direction", None) == "same" for c in CRITERIA]
    )
    overlap = np.array(pool.overlap, np.float64)
    return Forms(
        ends=ends,
        share=np.full(len(CRITERIA), -1.0),
        stand_in=np.zeros(len(CRITERIA)),
        exclude=False,
        same=same,
        complementary=criteria.personality.direction == "complementary",
        breadth=float(scale.high - scale.low),
        target_form=criteria.seniority_gap.form == "target",
        largest_gap=float(largest_gap(pool)),
        target=float(criteria.seniority_gap.target),
        falloff=float(criteria.seniority_gap.falloff),
        overlap=overlap.reshape(overlap.shape if overlap.ndim == 2 else (0, 0)),
        day=float((hours.end - hours.begin) * 60),
        least_gap=int(rules.minimum_grade_gap),
        reporting_line=bool(rules.reporting_line),
        same_manager=bool(rules.same_manager),
        shared_language=bool(rules.shared_language),
        least_overlap=float(rules.minimum_overlap_hours * 60),
        common_wave=bool(params.matching.limits.waves),
    )


def listed(table: PairTable, mentees: int, kind: type = np.int64) -> Listed:
    """A table of pairs as compiled loops read it."""
    start = table.start if len(table) else np.zeros(mentees + 1)
    return Listed(start.astype(np.int64), table.mentor.astype(np.int64), table.value.astype(kind))


def together(tables: tuple[PairTable, ...], mentors: int, mentees: int) -> Listed:
    """The pairs of any of the tables."""
    some = [table for table in tables if len(table)]
    if not some:
        return listed(PairTable.empty(), mentees)
    pairs = [table.pairs() for table in some]
    key = np.unique(np.concatenate([j * mentors + i for i, j in pairs]))
    start = np.searchsorted(key, np.arange(mentees + 1) * mentors)
    return Listed(start, key % mentors, np.ones(len(key), np.int64))


def terms_of(market: Market, out: tuple[PairTable, ...], tickets: Tickets, scale: int) -> Terms:
    """What a market adds to scores, for compiled loops."""
    mentors, mentees = len(market.mentor_places), len(market.mentee_places)
    groups = market.groups

    def codes(name: str, people: int) -> Ints:
        columns = [getattr(grouping, name) for grouping in groups]
        rows = np.array(columns, np.int32).reshape(len(groups), people)
        return np.ascontiguousarray(rows.T)

    units = [grouping.units for grouping in groups]
    sizes = np.array([each.size for each in units], np.int64)
    return Terms(
        least=int(market.least),
        out=together((*out, market.closed), mentors, mentees),
        added=listed(market.pairs, mentees),
        mentor=codes("mentor", mentors),
        mentee=codes("mentee", mentees),
        offset=np.cumsum(sizes) - sizes,
        width=np.array([each.shape[1] for each in units], np.int64),
        units=np.concatenate([np.empty(0, np.int64), *(each.ravel() for each in units)]).astype(
            np.int64
        ),
        scale=int(scale),
        mentor_ticket=np.array(tickets.mentor, np.uint64),
        mentee_ticket=np.array(tickets.mentee, np.uint64),
        shift=np.uint64(64 - tickets.bits),
    )


def turned(special: Listed, mentors: int, mentees: int) -> Listed:
    """Listed pairs by mentor instead of by mentee."""
    mentee = np.repeat(np.arange(mentees), np.diff(special.start))
    order = np.argsort(special.mentor, kind="stable")
    start = np.searchsorted(special.mentor[order], np.arange(mentors + 1))
    return Listed(start, mentee[order], special.value[order])
