"""Which pairs need a look this week, and which least change would serve them?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from revmentor import words
from revmentor.cycle.rematch import rematch_plan
from revmentor.data import Tables
from revmentor.errors import RevmentorError
from revmentor.matching.rematch import Rematch
from revmentor.metrics import Evidence
from revmentor.metrics.health import SIGNS, base_rates, pair_facts, screen, this_week
from revmentor.metrics.sessions import PAIR
from revmentor.params import Params
from revmentor.planning.due import gone_by

# One pair in five ends early in published programmes of formal mentoring; until a cycle's own
# history says otherwise, base rates are told for this share.
PREVALENCE = 0.2


@dataclass(frozen=True)
class Week:
    """Every pair with its signs on one day.

    Parameters
    ----------
    evidence : Evidence
        What is known by this day.
    as_of : date
    tables : Tables
        The pool, for the rematch.
    params : Params
    today : date or None
        Who has left is known by this day, which may be after the last meeting or answer; None:
        by the day of the look.
    """

    evidence: Evidence
    as_of: dt.date
    tables: Tables
    params: Params
    today: dt.date | None = None

    @property
    def over(self) -> bool:
        """Is no more meeting due after this day?"""
        return all(day <= self.as_of for day in self.evidence.due)

    @cached_property
    def screened(self) -> pd.DataFrame:
        """Every pair with facts, signs, health, reasons and action, in the order of the pairs."""
        seen, found = self.evidence, self.evidence.table
        facts = pair_facts(
            seen.pairs,
            as_of=self.as_of,
            start=seen.start,
            sessions=found("sessions"),
            pulse=found("pulse"),
            items=seen.items["pulse"],
            goals=found("goals"),
            training=found("training"),
            outcomes=found("outcomes"),
            requests=self._asked,
            gone=self._gone,
        )
        return screen(
            facts,
            as_of=self.as_of,
            start=seen.start,
            end=seen.end,
            first_meeting_within_days=seen.first_meeting_within_days,
            thresholds=self.params.review,
            over=self.over,
        )

    @property
    def _asked(self) -> pd.DataFrame | None:
        """What waits for an answer; where the review looks back, what was asked by then."""
        asked, back = self.tables.requests, self.params.review.as_of
        if asked is None or back is None:
            return asked
        return asked.loc[asked["on"] <= pd.Timestamp(back)]

    @cached_property
    def first(self) -> pd.DataFrame:
        """The list of the week: mentor_id, mentee_id, health, reasons, action and more."""
        return this_week(self.screened, self.params.review.pairs_a_week)

    @cached_property
    def others(self) -> pd.DataFrame:
        """All other pairs with a sign, as `first`."""
        return this_week(self.screened, len(self.screened)).iloc[len(self.first) :]

    @property
    def labels(self) -> dict[str, str]:
        """Each sign's key, and what it is called."""
        return {name: sign.label for name, sign in SIGNS.items()}

    def counts(self, *, confidential: bool = False) -> pd.DataFrame:
        """How many pairs show each sign? Index: the sign in words; one column, pairs.

        Signs for the coordinator alone are counted only if they are asked for.
        """
        told = {k: s.label for k, s in SIGNS.items() if confidential or not s.confidential}
        many = self.screened[list(told)].sum().astype("int64")
        table = pd.DataFrame({"pairs": many.to_numpy()}, index=list(told.values()))
        return table.loc[table["pairs"] > 0].rename_axis(index="sign")

    def showing(self, sign: str) -> pd.MultiIndex:
        """Which pairs show this sign?"""
        index = self.screened.index[self.screened[sign]]
        assert isinstance(index, pd.MultiIndex)
        return index

    @staticmethod
    def caution() -> str:
        """What such a screen can and cannot tell, in a sentence."""
        rates = base_rates(PREVALENCE)
        return (
            "A flag says look here, no more: screens like this one find about "
            f"{words.percent(rates.found)} of the pairs that will end early, and where one pair in "
            f"five does, {words.percent(rates.right)} of the flags are right."
        )

    @cached_property
    def rematch(self) -> Rematch | str | None:
        """The least change if the pairs that are proposed for it end; why not; None: none are."""
        ending = self.screened.loc[self.screened["rematch"]]
        if ending.empty or self.over:
            return None
        gone = self._gone
        pairs = self.evidence.pairs[PAIR]
        refused = pairs.loc[pd.MultiIndex.from_frame(pairs).isin(ending.index)].assign(
            decision="forbid",
            by="review",
            reason="proposed for a rematch",
            on=pd.Timestamp(self.as_of),
        )
        decisions = [t for t in (self._standing(ending, gone), refused) if t is not None]
        applications = self.tables.applications
        tables = replace(
            self.tables,
            applications=applications.loc[~applications["person_id"].isin(gone)],
            decisions=pd.concat(decisions, ignore_index=True),
        )
        running = pairs.loc[~pairs[PAIR].isin(gone).any(axis=1)]
        try:
            return rematch_plan(tables, self.params, running)
        except RevmentorError as error:
            return str(error)

    @cached_property
    def _gone(self) -> frozenset[str]:
        """Everybody who has left by now, in a pair or not; after the last day nobody leaves one."""
        until = min(self.today or self.as_of, self.evidence.end)
        tables = self.evidence.people, self.evidence.table("outcomes")
        return gone_by(max(self.as_of, until), *tables)

    def _standing(self, ending: pd.DataFrame, gone: Collection[str]) -> pd.DataFrame | None:
        """The decisions that still hold: none of who has left, none that keeps what should end."""
        made = self.tables.decisions
        if made is None or made.empty:
            return None
        void = made[PAIR].isin(gone).any(axis=1)
        void |= pd.MultiIndex.from_frame(made[PAIR]).isin(ending.index)
        return None if void.all() else made.loc[~void]

    def rematch_words(self) -> list[str]:
        """What the least change would be, in sentences for the coordinator only."""
        found = self.rematch
        if found is None:
            return []
        many = words.counted(int(self.screened["rematch"].sum()), "pair")
        lead = f"{words.capital(many)} {'is' if many == '1 pair' else 'are'} proposed for it."
        if isinstance(found, str):
            return [lead, f"There is no plan: {found}"]
        return [lead, *found.sentences]
