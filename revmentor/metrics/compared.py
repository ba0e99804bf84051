"""Participants against others: who is compared, and what a comparison says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor import words
from revmentor.metrics.balance import Balance
from revmentor.metrics.estimate import Estimate, proportion
from revmentor.metrics.sensitivity import EValue
from revmentor.metrics.survival import Event, Followed
from revmentor.metrics.two_arms import share_difference
from revmentor.people import people_of

type Kind = Literal["lottery", "waitlist", "matched", "none"]
type Bools = npt.NDArray[np.bool_]

LEAST = 20
BAD = {"left_on": "left", "promoted_on": "was promoted"}


class Clause(NamedTuple):
    """Something that a comparison says, and how many people it tells of, group by group."""

    text: str
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class Compared:
    """Ids of those who were compared; for the restricted ledger of a report, never to be shown.

    Parameters
    ----------
    treated, control : frozenset of str
        Whom the shares of the two groups tell of.
    everybody : frozenset of str
        Whom `Comparison.naive` tells of.
    well : frozenset of str
        Those of them who stayed, or were promoted.
    """

    treated: frozenset[str] = frozenset()
    control: frozenset[str] = frozenset()
    everybody: frozenset[str] = frozenset()
    well: frozenset[str] = frozenset()

    @property
    def both(self) -> frozenset[str]:
        """Whom the difference tells of."""
        return self.treated | self.control


@dataclass(frozen=True)
class Comparison:
    """Participants against comparable people.

    Parameters
    ----------
    kind : str
        ``lottery`` (drawn against not drawn), ``waitlist`` (participants against people who asked
        and got no place), ``matched`` (against other people made comparable), ``none``.
    event : str
        ``left_on``: the share who stay is compared; ``promoted_on``: the share promoted.
    treated, control : int
        People compared in each group.
    difference : Estimate
        Treated minus control, of the share who stayed or were promoted: above 0 is better.
    risk_treated, risk_control : Estimate
        Share who stayed or were promoted in each group, weighted where the difference is.
    naive : Estimate
        Participants minus everybody else, without making them comparable: shows the bias.
    balance : tuple of Balance
        Every covariate before and after; empty where nothing is known.
    e_value : EValue or None
        For the ratio of the shares who left or were promoted; None for a lottery, or without events
        in both groups.
    speaks : bool
        Whether a verdict may use the difference.
    why : str
        What was compared, and what speaks against using it, in sentences.
    caution : str
        What a reader must not conclude, as a sentence.
    clauses : tuple of Clause
        `why`, clause by clause, with the groups that each tells of, for disclosure.
    against : str
        What speaks against using it, without numbers of people; empty if nothing does.
    who : Compared
        Those who stand behind the numbers.
    """

    kind: Kind
    event: Event
    treated: int
    control: int
    difference: Estimate
    risk_treated: Estimate
    risk_control: Estimate
    naive: Estimate
    balance: tuple[Balance, ...]
    e_value: EValue | None
    speaks: bool
    why: str
    caution: str
    clauses: tuple[Clause, ...] = ()
    against: str = ""
    who: Compared = field(default=Compared(), repr=False)


@dataclass(frozen=True)
class Case:
    """People followed to the end, who took part, and what became of them.

    Parameters
    ----------
    followed : Followed
        All of them.
    took, did : array of bool
        Whether each was in a pair, and whether the event happened.
    ids : Index
        Their ids, in the order of the arrays.
    unseen_end : int
        People left out because their observation ended early.
    """

    followed: Followed
    took: Bools
    did: Bools
    ids: pd.Index
    unseen_end: int

    @property
    def event(self) -> Event:
        """What they were followed for."""
        return self.followed.event

    def among(self, who: Bools) -> Case:
        """Some of them only."""
        return Case(self.followed, self.took[who], self.did[who], self.ids[who], self.unseen_end)


def compared(case: Case, treated: Bools, control: Bools) -> Compared:
    """Who stands behind a comparison of these two groups?"""
    well = ~case.did if case.event == "left_on" else case.did

    return Compared(
        people_of(case.ids[treated]),
        people_of(case.ids[control]),
        people_of(case.ids),
        people_of(case.ids[well]),
    )


def good(case: Case, group: Bools) -> int:
    """How many of a group stayed, or were promoted?"""
    did = int(case.did[group].sum())
    return int(group.sum()) - did if case.event == "left_on" else did


def plain(case: Case, one: Bools, other: Bools) -> Estimate:
    """By how much do two groups differ as they are? Newcombe's interval."""
    return share_difference(good(case, one), int(one.sum()), good(case, other), int(other.sum()))


def share(case: Case, group: Bools, of: str) -> Estimate:
    """Which share of a group stayed, or was promoted? Wilson's interval."""
    return proportion(good(case, group), int(group.sum()), of)


def window(case: Case) -> str:
    """From when to when, in words?"""
    first, last = case.followed.start, case.followed.end
    return f"from {first:%-d %B %Y} to {last:%-d %B %Y}"


def left_out(case: Case) -> list[Clause]:
    """Who could not be counted, as clauses?"""
    found, followed = [], case.followed
    if case.unseen_end:
        told = (
            f"{words.counted(case.unseen_end, 'person')} {words.agree(case.unseen_end, 'was')} not "
            "observed to the end and left out"
        )
        found.append(Clause(told, (case.unseen_end,)))
    if followed.unseen:
        told = f"of {words.counted(followed.unseen, 'person')} no outcome is known after the start"
        found.append(Clause(told, (followed.unseen,)))
    return found
