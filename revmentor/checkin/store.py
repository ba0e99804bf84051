"""Where are the answers kept, so that what was acknowledged is never lost and never doubled?"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    delete,
    exists,
    insert,
    select,
    update,
)

from revmentor.checkin.connected import utc_now
from revmentor.checkin.links import Links
from revmentor.data.checkin_tables import (
    HANDS,
    ITEMS,
    NONCES,
    PULSE,
    SUPPORT,
    WITHDRAWN,
    standing,
    with_circle,
)

Kept = Literal["new", "again", "other"]
Row = Mapping[str, object]
WAITING = {"hand": HANDS, "support": SUPPORT}


@dataclass(frozen=True)
class Form:
    """A form as it was sent: its key, and the rows that it brings.

    ``rows`` are tables and their values, without cycle, key and times; ``items`` are the answers
    of a pulse.
    """

    key: str
    by: str
    rows: Sequence[tuple[Table, Row]]
    items: Mapping[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The same for the same content, whenever it is sent."""
        content = [[table.name, dict(row)] for table, row in self.rows]
        told = json.dumps([self.by, content, dict(self.items)], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()


class Store(Links):
    """The answers of one cycle in one database, and whose links open the page."""

    def keep(self, form: Form, now: dt.datetime | None = None) -> Kept:
        """Store what a form brings: ``new``, ``again`` (sent twice) or ``other`` (key used).

        When this returns, the answer is durable. `now` (UTC) is when it came; None: now.
        """
        now = now or utc_now()
        stamp = {"cycle": self.cycle, "key": form.key}
        with self.writing() as connection:
            if not self._first(connection, form.key, form.digest, now):
                before = select(NONCES.c.digest).where(NONCES.c.nonce == form.key)
                return "again" if connection.scalar(before) == form.digest else "other"
            for table, row in form.rows:
                values = {**row, **stamp}
                if table is PULSE:
                    self._keep_pulse(connection, values, form.items, now)
                else:
                    times = [n for n in ("entered_at", "asked_at", "raised_at") if n in table.c]
                    connection.execute(insert(table).values(**values, **dict.fromkeys(times, now)))
        return "new"

    def _first(self, connection: Connection, nonce: str, digest: str, now: dt.datetime) -> bool:
        once = self._upsert(NONCES).values(
            cycle=self.cycle, nonce=nonce, digest=digest, used_at=now
        )
        new = once.on_conflict_do_nothing().returning(NONCES.c.id)
        return connection.scalar(new) is not None

    def _keep_pulse(
        self, connection: Connection, values: Row, items: Mapping[str, float], now: dt.datetime
    ) -> None:
        first = self._upsert(PULSE).values(**values, first_at=now, entered_at=now)
        same = ("cycle", "person_id", "partner_id", "wave")
        # Waits for whoever answers the same at this moment, so that their key is seen.
        connection.execute(first.on_conflict_do_nothing())
        mine = and_(*(PULSE.c[name] == values[name] for name in same))
        before = connection.scalar(select(PULSE.c.key).where(mine).with_for_update())
        if before != values["key"]:
            # What that form asked for goes with its answers.
            self._withdraw(connection, str(before), str(values["person_id"]), now)
        told = ("on", "support_needed", "comment", "entered_at", "key")
        # An answer that was taken back before today is a first one again: as of a day that is
        # over, no number of answers moves any more.
        today = dt.datetime.combine(now, dt.time())
        anew = case((_withdrawn_before(today), first.excluded.first_at), else_=PULSE.c.first_at)
        later = first.on_conflict_do_update(
            index_elements=same,
            set_={**{name: getattr(first.excluded, name) for name in told}, "first_at": anew},
        )
        pulse = connection.scalar(later.returning(PULSE.c.id))
        connection.execute(delete(ITEMS).where(ITEMS.c.pulse_id == pulse))
        if items:
            rows = [{"pulse_id": pulse, "item": k, "value": v} for k, v in items.items()]
            connection.execute(insert(ITEMS), rows)

    def take_back(
        self, table: Table, number: int, person_id: str, now: dt.datetime | None = None
    ) -> bool:
        """Take back what a form of this person brought; False if this row is none of theirs.

        Nothing is erased: it is noted that the form counts no longer, and every reader heeds that.
        """
        mine = (table.c.cycle == self.cycle) & (table.c.id == number)
        mine &= table.c["entered_by" if "entered_by" in table.c else "person_id"] == person_id
        with self.writing() as connection:
            key = connection.scalar(select(table.c.key).where(mine))
            if key is None:
                return False
            self._withdraw(connection, key, person_id, now or utc_now())
        return True

    def _withdraw(self, connection: Connection, key: str, person_id: str, now: dt.datetime) -> None:
        once = self._upsert(WITHDRAWN).values(
            cycle=self.cycle, key=key, withdrawn_by=person_id, withdrawn_at=now
        )
        connection.execute(once.on_conflict_do_nothing())

    def use(self, nonce: str) -> bool:
        """May this be used? True the first time only."""
        with self.writing() as connection:
            return self._first(connection, nonce, "", utc_now())

    def used(self, nonce: str) -> bool:
        """Has this been used?"""
        with self.reading() as connection:
            found = select(NONCES.c.id).where(NONCES.c.nonce == nonce)
            return connection.scalar(found) is not None

    def entered(self, table: Table, person_id: str, **where: object) -> list[Row]:
        """What has this person put into this table, and not taken back, the latest first?"""
        by = table.c.entered_by if "entered_by" in table.c else table.c.person_id
        asked = with_circle(table).where(table.c.cycle == self.cycle, by == person_id)
        asked = asked.where(standing(table, self.cycle))
        for name, value in where.items():
            asked = asked.where(table.c[name] == value)
        with self.reading() as connection:
            found = connection.execute(asked.order_by(table.c.id.desc())).mappings()
            return [dict(row) for row in found]

    def waiting(self, what: Literal["hand", "support"]) -> list[Row]:
        """Which raised hands, or requests for support, are not done, the oldest first?"""
        table = WAITING[what]
        asked = with_circle(table).where(table.c.cycle == self.cycle, table.c.done_at.is_(None))
        asked = asked.where(standing(table, self.cycle))
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(asked.order_by(table.c.id)).mappings()]

    def finish(self, what: Literal["hand", "support"], number: int) -> None:
        """Mark a raised hand, or a request for support, as done, and all before it of its owner.

        What they have sent after it waits on: whoever marks this one has not read it.
        """
        table = WAITING[what]
        this = (table.c.cycle == self.cycle) & (table.c.id == number)
        owner = select(table.c.person_id).where(this).scalar_subquery()
        mine = (table.c.cycle == self.cycle) & (table.c.person_id == owner)
        mine &= (table.c.id <= number) & table.c.done_at.is_(None)
        with self.writing() as connection:
            connection.execute(update(table).where(mine).values(done_at=utc_now()))

    def answered_before(self, until: dt.datetime) -> list[tuple[str, str, str]]:
        """Who had first answered about whom in which wave before this time (UTC)?"""
        asked = select(PULSE.c.person_id, PULSE.c.partner_id, PULSE.c.wave).where(
            PULSE.c.cycle == self.cycle, PULSE.c.first_at < until, ~_withdrawn_before(until)
        )
        with self.reading() as connection:
            return [(one, other, wave) for one, other, wave in connection.execute(asked)]


def _withdrawn_before(until: dt.datetime) -> ColumnElement[bool]:
    gone = (WITHDRAWN.c.key == PULSE.c.key) & (WITHDRAWN.c.withdrawn_at < until)
    return exists().where(gone)
