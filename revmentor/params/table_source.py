"""Where does one table come from, and how does its owner write it?"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import Discriminator, Field, Tag, model_validator

from revmentor.params.section import Character, Section, wrong

DateOrder = Literal["iso", "dmy", "mdy", "ymd"]
Way = Literal["path", "files", "sql", "checkin"]
_VARIABLE = r"\$\{[A-Za-z_][A-Za-z0-9_]*\}"
_PASSWORD = re.compile(r"^[A-Za-z0-9+_.-]+://[^:/?@]*:(.*)@")
_IN_QUERY = re.compile(r"[?&](?:password|passwd|pwd)=([^&]*)", re.IGNORECASE)


class Band(Section):
    """A label for the numbers from (included) or above (excluded) to up_to (included) or below."""

    label: str
    at_least: float | None = Field(default=None, alias="from")
    above: float | None = None
    up_to: float | None = None
    below: float | None = None

    def holds(self, number: float) -> bool:
        """Is the number in this band?"""
        return (
            (self.at_least is None or number >= self.at_least)
            and (self.above is None or number > self.above)
            and (self.up_to is None or number <= self.up_to)
            and (self.below is None or number < self.below)
        )


class Derived(Section):
    """A contract column that is made from the source by a declared rule.

    Exactly one of: ``row_number`` (true: the data row's number, first data row = 1), ``constant``,
    or ``column`` alone, or with one of

    - ``year_minus``: birth year = year_minus - whole years of age;
    - ``bands``: numbers to labels; a number in no band has no value;
    - ``by``: whom the column names. ``email``: the person of the people table with this e-mail;
      ``partner``, ``mentor``, ``mentee``: that person's partner, or the mentor or mentee of the
      pair, by e-mail or id, where the published match has them in one pair only;
    - ``time_zone``: IANA name of the zone of the clock that wrote the times in the column.
    """

    column: str | None = None
    row_number: bool = False
    constant: str | None = None
    year_minus: int | None = None
    bands: tuple[Band, ...] = Field(default=(), strict=False)
    by: Literal["email", "partner", "mentor", "mentee"] | None = None
    time_zone: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.column is not None) + self.row_number + (self.constant is not None)
        if ways != 1:
            raise wrong(
                "",
                f"{ways} of column, row_number and constant are given",
                "give exactly one of the three",
            )
        extras = {
            "year_minus": self.year_minus is not None,
            "bands": bool(self.bands),
            "by": self.by is not None,
            "time_zone": self.time_zone is not None,
        }
        given = [name for name, there in extras.items() if there]
        if self.column is None and given:
            raise wrong("", f"{given[0]} needs a column", "name the source column with column")
        if len(given) > 1:
            raise wrong("", f"{' and '.join(given)} are both given", "keep one of them")
        if self.time_zone is not None:
            check_zone("time_zone", self.time_zone)
        return self


def _form_of_column(value: object) -> str | None:
    if isinstance(value, str):
        return "name"
    return "rule" if isinstance(value, dict | Derived) else None


SourceColumn = Annotated[
    Annotated[str, Tag("name")] | Annotated[Derived, Tag("rule")],
    Discriminator(
        _form_of_column,
        custom_error_type="cross_check",
        custom_error_message="a column is a name or a rule",
        custom_error_context={
            "path": "",
            "problem": "this is neither the name of a source column nor a rule",
            "cure": "write a name, or one of {column: ...}, {row_number: true}, {constant: ...}",
        },
    ),
]


class SourceFile(Section):
    """One of several files of a table, and what is the same in all of its rows."""

    path: str = Field(min_length=1)
    sheet: str | None = None
    always: dict[str, str] = Field(default_factory=dict)


class Source(Section):
    """Where one table comes from and how its owner writes it; None: as in ``data``.

    One of ``path`` (a file), ``files`` (several that are read as one, such as one for each wave),
    ``sql`` with ``database`` (the rows that a query gives), or ``checkin`` (what was answered on
    the check-in page). ``path`` may stand beside another as the default that base.yaml names.

    ``skip_rows`` are rows right below the header that are no data. ``keep`` names, for columns of
    the source, the values of the rows that count. ``others`` are columns that nothing is made of.
    """

    path: str = ""
    files: tuple[SourceFile, ...] = Field(default=(), strict=False)
    sql: str = ""
    database: str = ""
    seconds: Annotated[int, Field(ge=1, le=3600)] = 60
    checkin: bool = False
    format: Literal["auto", "csv", "excel", "parquet"] = "auto"
    optional: bool = False
    sheet: str | None = None
    encoding: str | None = None
    separator: Character | None = None
    list_separator: Character | None = None
    date_order: DateOrder | None = None
    missing: tuple[str, ...] | None = Field(default=None, strict=False)
    ignore_unnamed: bool = False
    skip_rows: Annotated[int, Field(ge=0, le=20)] = 0
    keep: dict[str, Annotated[tuple[str, ...], Field(strict=False, min_length=1)]] = Field(
        default_factory=dict
    )
    columns: dict[str, SourceColumn] = Field(default_factory=dict)
    labels: dict[str, dict[str, str]] = Field(default_factory=dict)
    exclude_without: tuple[str, ...] = Field(default=(), strict=False)
    on_unknown_address: Literal["error", "exclude"] = "error"
    others: Literal["keep", "drop"] = "keep"

    @property
    def way(self) -> Way:
        """Which of the four ways the table comes in by."""
        if self.checkin:
            return "checkin"
        if self.sql:
            return "sql"
        return "files" if self.files else "path"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [name for name in ("files", "sql", "checkin") if getattr(self, name)]
        if len(ways) > 1:
            cure = "a table has one source: keep one of them"
            raise wrong("", f"{' and '.join(ways)} are given", cure)
        if not ways and not self.path:
            cure = "name a file with path, or give files, sql with database, or checkin: true"
            raise wrong("", "it does not say where the table comes from", cure)
        if bool(self.sql) != bool(self.database):
            lacks, has = ("database", "sql") if self.sql else ("sql", "database")
            raise wrong("", f"{has} is given and {lacks} is not", f"give {lacks} as well")
        check_database("database", self.database)
        return self


def check_database(path: str, address: str) -> None:
    """Raise if a database's address holds a password in clear, which would then stand in files."""
    found = _PASSWORD.search(address) or _IN_QUERY.search(address)
    if found and found[1] and not re.fullmatch(_VARIABLE, found[1]):
        raise wrong(
            path,
            "a password stands in the address",
            "write ${NAME} in its place, and set the variable NAME in the environment",
        )


def check_zone(path: str, zone: str) -> None:
    """Raise if this is no IANA time zone."""
    if zone not in available_timezones():
        problem = f"{zone!r} is no known time zone"
        raise wrong(path, problem, "write an IANA name like Europe/Berlin")
