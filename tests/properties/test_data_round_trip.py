"""Whatever a CSV writer wrote, the reader reads back, and no row is lost without being listed."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from small_company import Company

from revmentor.data.csvtext import parse_csv
from revmentor.data.encoding import decode
from revmentor.data.reading import BLANKS, Reading, tidy
from revmentor.publish.cells import to_csv

SEPARATORS = ",;\t|~"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")
NAMES = st.text("abcdefghijXYZ_ éß", min_size=1, max_size=8).filter(lambda n: n == n.strip(" "))
CELLS = st.text(
    st.one_of(
        st.sampled_from("\"',;\t|~\n\r=+-@ NA0\ufeff\u00a0"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=12,
)
LATIN = st.text("abc ÄÖÜéñ€“”\"',;\n\r0", max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str, str, csv.Dialect]:
    """Rows with a header, an encoding, a separator and a writer's manners."""
    encoding = draw(st.sampled_from(ENCODINGS))
    header = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    cell = LATIN if encoding == "cp1252" else CELLS
    row = st.lists(cell, min_size=len(header), max_size=len(header))
    rows = draw(st.lists(row, max_size=6))

    class Manner(csv.excel):
        delimiter = draw(st.sampled_from(SEPARATORS))
        lineterminator = draw(st.sampled_from(["\n", "\r\n", "\r"]))
        quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))

    return [header, *rows], encoding, Manner.delimiter, Manner()


def written(rows: list[list[str]], dialect: csv.Dialect) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, dialect).writerows(rows)
    return out.getvalue()


def plain(separator: str, encoding: str) -> Reading:
    return Reading("t.csv", "auto", None, encoding, separator, ";", frozenset({""}), False)


@settings(deadline=None, max_examples=300)
@given(tables())
def test_tables_come_back_as_they_were_written(
    table: tuple[list[list[str]], str, str, csv.Dialect],
) -> None:
    rows, encoding, separator, dialect = table
    text = written(rows, dialect)
    assert list(csv.reader(io.StringIO(text, newline=""), dialect)) == rows
    data = text.encode(encoding)
    if encoding == "cp1252":
        # Some pairs of Windows letters are also one UTF-8 letter; such a file is refused.
        assume(data.isascii() or not _is_utf8(data))
    back, _ = decode(data, encoding, separator, "t.csv")
    grid = parse_csv(back, separator, "t.csv")
    assert [list(grid.header), *(list(record) for record in grid.records)] == rows
    tidied = tidy(grid, plain(separator, encoding), "")
    expected = [[cell.strip(BLANKS) for cell in row] for row in rows[1:]]
    columns = [list(column) for column in tidied.columns.values()]
    assert columns == [list(column) for column in zip(*expected, strict=True)] or not expected


@settings(deadline=None, max_examples=300)
@given(
    st.lists(NAMES, min_size=1, max_size=4, unique=True).flatmap(
        lambda names: st.lists(
            st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=6
        ).map(lambda rows: (names, rows))
    )
)
def test_what_was_made_inert_comes_back(table: tuple[list[str], list[list[str]]]) -> None:
    names, rows = table
    frame = pd.DataFrame(rows, columns=pd.Index(names, dtype=object), dtype=object)
    back, _ = decode(to_csv(frame), "utf-8", ",", "t.csv")
    tidied = tidy(parse_csv(back, ",", "t.csv"), plain(",", "utf-8"), "", inert=True)
    expected = [[cell.strip(BLANKS) for cell in row] for row in rows]
    kept = [row for row in expected if any(row)]
    found = [row for row in zip(*tidied.columns.values(), strict=True) if any(row)]
    assert [list(row) for row in found] == kept


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


PERSON = st.tuples(
    st.integers(1, 30),
    st.sampled_from(["junior", "senior"]),
    st.sampled_from(["", "2010-05-01", "2026-05-01"]),
    st.sampled_from(["", "2020-01-01", "2026-06-01"]),
    st.sampled_from(["", "mentor", "mentee"]),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PERSON, min_size=1, max_size=12, unique_by=lambda p: p[0]), st.data())
def test_every_row_is_used_or_listed(
    people: list[tuple[int, str, str, str, str]], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(people), max_size=3))
    rows = [f"{n},{grade},Sales,{hired},{left},{side}" for n, grade, hired, left, side in people]
    rows += [rows[people.index(person)] for person in again]
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder))
        header = "person_id,grade,department,hired_on,left_on,side"
        company.write("people.csv", "\n".join([header, *rows]) + "\n")
        assume(not any(left and hired and left < hired for _, _, hired, left, _ in people))
        source = {"path": "people.csv", "exclude_without": ["side"]}
        report = company.load({"data": {"tables": {"applications": source}}}).report
    for table in report.tables:
        assert table.rows_read == len(rows)
        assert table.rows_read == table.rows_used + sum(e.n for e in table.excluded)
    stay = sum(hired != "2026-05-01" and left != "2020-01-01" for _, _, hired, left, _ in people)
    assert report.table("people").rows_used == stay
