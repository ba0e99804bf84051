"""In which tables does the check-in page keep what participants tell, and how is it read?

Every row says whose cycle it is of. Answers are only ever added: `key` is the form that brought
them, so that a form which is sent twice is stored once. What somebody takes back stays, with a row
that says so, and is read by nobody. A pulse answer of the same person, pair
and wave takes the place of the earlier one, and of the support that it asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    select,
    text,
)

METADATA = MetaData()
NO_TOPIC = "no topic of its own"


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _cycle() -> Column[str]:
    return Column("cycle", String(64), nullable=False)


def _who(name: str, *, needed: bool = True) -> Column[str]:
    return Column(name, Text, nullable=not needed)


def _key() -> Column[str]:
    return Column("key", String(64), nullable=False, unique=True)


def _at(name: str, *, needed: bool = True) -> Column[object]:
    # UTC, without an offset: the same on every database.
    return Column(name, DateTime, nullable=not needed)


LINKS = Table(
    "checkin_links", METADATA,
    _id(), _cycle(), _who("person_id"),
    Column("version", Integer, nullable=False),
    _at("revoked_at", needed=False),
    UniqueConstraint("cycle", "person_id"),
)  # fmt: skip

# When all links of the cycle were taken back at once; one that was taken back at another time was
# taken back from its owner.
ENDED = Table(
    "checkin_ended", METADATA,
    _id(), _cycle(), _at("ended_at"),
)  # fmt: skip

SESSIONS = Table(
    "checkin_sessions", METADATA,
    _id(), _cycle(), _who("mentor_id"), _who("mentee_id"),
    Column("on", Date, nullable=False),
    Column("status", String(32), nullable=False),
    Column("minutes", Integer),
    Column("topic", Text),
    _who("entered_by"), _at("entered_at"), _key(),
    Index("checkin_sessions_cycle", "cycle", "entered_by"),
)  # fmt: skip

MOVES = Table(
    "checkin_moves", METADATA,
    _id(), _cycle(), _who("mentor_id"), _who("mentee_id"),
    Column("on", Date, nullable=False),
    Column("moved_to", Date, nullable=False),
    _who("entered_by"), _at("entered_at"), _key(),
    Index("checkin_moves_cycle", "cycle", "entered_by"),
)  # fmt: skip

PULSE = Table(
    "checkin_pulse", METADATA,
    _id(), _cycle(), _who("person_id"), _who("partner_id"),
    Column("wave", String(64), nullable=False),
    Column("on", Date, nullable=False),
    Column("support_needed", Text),
    Column("comment", Text),
    _at("first_at"), _at("entered_at"), _key(),
    UniqueConstraint("cycle", "person_id", "partner_id", "wave"),
)  # fmt: skip

ITEMS = Table(
    "checkin_items", METADATA,
    Column("pulse_id", ForeignKey("checkin_pulse.id", ondelete="CASCADE"), primary_key=True),
    Column("item", String(128), primary_key=True),
    Column("value", Float, nullable=False),
)  # fmt: skip

GOALS = Table(
    "checkin_goals", METADATA,
    _id(), _cycle(), _who("mentor_id"), _who("mentee_id"),
    Column("goal", Text, nullable=False),
    Column("baseline", Float, nullable=False),
    Column("target", Float, nullable=False),
    Column("current", Float, nullable=False),
    Column("on", Date, nullable=False),
    Column("skill", Text),
    _who("entered_by"), _at("entered_at"), _key(),
    Index("checkin_goals_cycle", "cycle", "entered_by"),
)  # fmt: skip

SUPPORT = Table(
    "checkin_support", METADATA,
    _id(), _cycle(), _who("person_id"), _who("partner_id", needed=False),
    Column("text", Text, nullable=False),
    _at("asked_at"), _at("done_at", needed=False), _key(),
    Index("checkin_support_cycle", "cycle", "person_id"),
)  # fmt: skip

HANDS = Table(
    "checkin_hands", METADATA,
    _id(), _cycle(), _who("person_id"), _who("partner_id", needed=False),
    Column("text", Text, nullable=False),
    _at("raised_at"), _at("done_at", needed=False), _key(),
    Index("checkin_hands_cycle", "cycle", "person_id"),
)  # fmt: skip

# Which raised hands and requests, by their key, are about a circle, and about which topic it is.
CIRCLES = Table(
    "checkin_circles", METADATA,
    _id(), _cycle(), _key(), _who("circle"),
)  # fmt: skip

NONCES = Table(
    "checkin_nonces", METADATA,
    _id(), _cycle(),
    Column("nonce", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    _at("used_at"),
)  # fmt: skip

WITHDRAWN = Table(
    "checkin_withdrawn", METADATA,
    _id(), _cycle(), _key(), _who("withdrawn_by"), _at("withdrawn_at"),
    Index("checkin_withdrawn_cycle", "cycle"),
)  # fmt: skip

Row = dict[str, object]


def read_answers(connection: Connection, cycle: str) -> dict[str, list[Row]]:
    """What have participants of this cycle told, as rows of the contract's tables?

    Parameters
    ----------
    connection : Connection
        To a database that has the tables above.
    cycle : str

    Returns
    -------
    dict of str to list of dict
        ``sessions``, ``pulse``, ``goals`` and ``requests``, with the contract's columns and
        ``on`` as a date; the items of a pulse answer are columns of their own (absent where not
        answered). ``requests`` are those that wait, without their words.

    Notes
    -----
    Both sides of a pair may tell of the same meeting. One row is left for each pair and day: the
    latest word of the mentor, who leads the meetings, else the latest word of the mentee. Goals
    are each side's own, also where both say the same; of one that was updated twice on a day, the
    later row is left. What was taken back is left out.
    """
    # A store of before lacks tables: nothing was taken back then, or told about a circle.
    withdrawn, circles = _has(connection, WITHDRAWN), _has(connection, CIRCLES)

    def rows(table: Table) -> list[dict[str, Any]]:
        told = with_circle(table) if circles else select(table)
        asked = told.where(table.c.cycle == cycle).order_by(table.c.id)
        asked = asked.where(standing(table, cycle)) if withdrawn else asked
        return [dict(row) for row in connection.execute(asked).mappings()]

    return {
        "sessions": _sessions(rows(SESSIONS)),
        "pulse": _pulse(rows(PULSE), _items(connection, cycle)),
        "goals": _goals(rows(GOALS)),
        "requests": [*_requests("hand", rows(HANDS)), *_requests("support", rows(SUPPORT))],
    }


def with_circle(table: Table) -> Select[Any]:
    """Rows of a table; of hands and requests with ``circle``, its topic, NULL if about none."""
    if table is not HANDS and table is not SUPPORT:
        return select(table)
    same = CIRCLES.c.key == table.c.key
    return select(table, CIRCLES.c.circle).outerjoin_from(table, CIRCLES, same)


def _has(connection: Connection, table: Table) -> bool:
    """Does the store have this table?"""
    # Whoever may only read a SQLite file may not ask what SQLAlchemy's inspection asks.
    asked = "SELECT 1 FROM sqlite_master WHERE name = :name"
    if connection.dialect.name != "sqlite":
        asked = "SELECT to_regclass(:name)"
    return connection.scalar(text(asked), {"name": table.name}) is not None


def standing(table: Table, cycle: str) -> ColumnElement[bool]:
    """Whether a row of this table was not taken back, as a condition of a query."""
    return table.c.key.not_in(select(WITHDRAWN.c.key).where(WITHDRAWN.c.cycle == cycle))


def _sessions(rows: list[dict[str, Any]]) -> list[Row]:
    mentors_last = sorted(rows, key=lambda row: bool(row["entered_by"] == row["mentor_id"]))
    return _latest(
        mentors_last,
        ("mentor_id", "mentee_id", "on"),
        ("mentor_id", "mentee_id", "on", "status", "minutes", "topic"),
    )


def _goals(rows: list[dict[str, Any]]) -> list[Row]:
    own = []
    for row in rows:
        side = {row["mentor_id"]: "mentor", row["mentee_id"]: "mentee"}.get(row["entered_by"])
        own.append({**row, "side": side})
    same = ("mentor_id", "mentee_id", "side", "goal", "on")
    return _latest(own, same, (*same, "baseline", "target", "current", "skill"))


def _items(connection: Connection, cycle: str) -> dict[object, Row]:
    items: dict[object, Row] = {}
    asked = (
        select(ITEMS.c.pulse_id, ITEMS.c.item, ITEMS.c.value)
        .join(PULSE, PULSE.c.id == ITEMS.c.pulse_id)
        .where(PULSE.c.cycle == cycle)
        .order_by(ITEMS.c.pulse_id, ITEMS.c.item)
    )
    for pulse, item, value in connection.execute(asked):
        items.setdefault(pulse, {})[item] = value
    return items


def _pulse(rows: list[dict[str, Any]], items: Mapping[object, Row]) -> list[Row]:
    kept = ("person_id", "partner_id", "wave", "on", "support_needed", "comment")
    return [{**{name: row[name] for name in kept}, **items.get(row["id"], {})} for row in rows]


def _requests(kind: str, rows: list[dict[str, Any]]) -> list[Row]:
    at = "raised_at" if kind == "hand" else "asked_at"
    return [
        {"person_id": row["person_id"], "partner_id": row["partner_id"], "kind": kind,
         "circle": NO_TOPIC if row.get("circle") == "" else row.get("circle"), "on": row[at].date()}
        for row in rows
        if row["done_at"] is None
    ]  # fmt: skip


def _latest(
    rows: Iterable[Mapping[str, object]], same: tuple[str, ...], kept: tuple[str, ...]
) -> list[Row]:
    last = {tuple(row[name] for name in same): row for row in rows}
    return [{name: row[name] for name in kept} for row in last.values()]
