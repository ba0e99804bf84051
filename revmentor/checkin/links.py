"""Whose personal link opens the page, and whose was taken back?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select

from revmentor.checkin.connected import Connected, utc_now
from revmentor.data.checkin_tables import ENDED, LINKS


@dataclass(frozen=True)
class Link:
    """Which version of somebody's link is the valid one, and whether it was taken back.

    ``barred``: it was taken back from this person, and not only together with everybody's.
    """

    version: int = 1
    revoked: bool = False
    barred: bool = False


class Links(Connected):
    """The personal links of one cycle."""

    def link_of(self, person_id: str) -> Link:
        """Which link of this person is valid?"""
        return self.links([person_id])[person_id]

    def links(self, people: Sequence[str]) -> dict[str, Link]:
        """Which link of each of these people is valid?"""
        asked = select(LINKS).where(LINKS.c.cycle == self.cycle)
        if len(people) == 1:
            asked = asked.where(LINKS.c.person_id == people[0])
        with self.reading() as connection:
            ended = select(ENDED.c.ended_at).where(ENDED.c.cycle == self.cycle)
            together = {None, *connection.scalars(ended)}
            known = {
                str(row.person_id): Link(
                    int(row.version), row.revoked_at is not None, row.revoked_at not in together
                )
                for row in connection.execute(asked)
            }
        return {person: known.get(person, Link()) for person in people}

    def revoke(self, people: Sequence[str]) -> None:
        """Take back the links of these people, until each is given a new one."""
        with self.writing() as connection:
            self._revoke(connection, people, utc_now())

    def revoke_all(self, people: Sequence[str]) -> None:
        """Take back the links of these people, who are everybody; who was barred stays barred."""
        now = utc_now()
        with self.writing() as connection:
            connection.execute(insert(ENDED).values(cycle=self.cycle, ended_at=now))
            self._revoke(connection, people, now, LINKS.c.revoked_at.is_(None))

    def _revoke(
        self,
        connection: Connection,
        people: Sequence[str],
        now: dt.datetime,
        where: ColumnElement[bool] | None = None,
    ) -> None:
        for person in people:
            row = {"cycle": self.cycle, "person_id": person, "version": 1, "revoked_at": now}
            taken = self._upsert(LINKS).values(**row)
            taken = taken.on_conflict_do_update(
                index_elements=["cycle", "person_id"], set_={"revoked_at": now}, where=where
            )
            connection.execute(taken)

    def reissue(self, person_id: str) -> Link:
        """Give this person a new link; the one before opens no longer."""
        self.reissue_all([person_id])
        return self.link_of(person_id)

    def reissue_all(self, people: Sequence[str]) -> None:
        """Give each of these people a new link, all at once or nobody."""
        with self.writing() as connection:
            for person in people:
                row = {"cycle": self.cycle, "person_id": person, "version": 2, "revoked_at": None}
                anew = self._upsert(LINKS).values(**row)
                anew = anew.on_conflict_do_update(
                    index_elements=["cycle", "person_id"],
                    set_={"version": LINKS.c.version + 1, "revoked_at": None},
                )
                connection.execute(anew)
