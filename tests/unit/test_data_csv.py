"""Which cells does a delimited text hold?"""

from __future__ import annotations

import pytest

from revmentor.data.csvtext import parse_csv
from revmentor.data.encoding import apparent_encoding, decode
from revmentor.errors import InputError


def cells(text: str, separator: str = ",") -> list[list[str]]:
    grid = parse_csv(text, separator, "t.csv")
    return [list(grid.header), *(list(record) for record in grid.records)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_record(end: str) -> None:
    assert cells(f"a,b{end}1,2{end}") == [["a", "b"], ["1", "2"]]


def test_quotes_protect_separators_quotes_and_line_ends() -> None:
    assert cells('a,b\n"x,y","say ""hi""\r\nthere"\n') == [
        ["a", "b"],
        ["x,y", 'say "hi"\r\nthere'],
    ]


def test_quotes_inside_a_bare_value_are_letters() -> None:
    assert cells('a,b\n5" disk,2\n') == [["a", "b"], ['5" disk', "2"]]


def test_blank_lines_inside_are_records_and_at_the_end_are_none() -> None:
    assert cells("a,b\n1,2\n\n3,4\n\n\n") == [["a", "b"], ["1", "2"], [], ["3", "4"]]


def test_a_column_of_its_own_needs_no_separator() -> None:
    assert cells('id\n1\n"2"\n') == [["id"], ["1"], ["2"]]


def test_values_over_several_lines_know_their_line() -> None:
    grid = parse_csv('a,b\n1,"x\ny"\n2,"p\n\nq"\n', ",", "t.csv")
    assert dict(grid.several_lines) == {(0, 1): 2, (1, 1): 4}


def test_rows_hidden_in_a_value_are_warned_of() -> None:
    grid = parse_csv('a,b,c\n1,2,"x\n3,4,y\n5,6,z"\n', ",", "t.csv")
    assert [warning.row for warning in grid.warnings] == [2]
    calm = parse_csv('a,b,c\n1,2,"dear all,\nyours"\n', ",", "t.csv")
    assert calm.warnings == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a,b\n1,"2\n3,4\n', 2),
        ('a,b\n1,2\n\n"3,4\n5,6\n', 4),
        ('a,b\n"1\n2","3\n4\n', 3),
        ('a,b\n1,"2"x\n', 2),
        ('a,b\n1,"x\n2,"y"\n', 2),
    ],
)
def test_a_broken_quote_tells_the_line_where_it_opens(text: str, line: int) -> None:
    with pytest.raises(InputError) as refused:
        parse_csv(text, ",", "t.csv")
    assert f"line {line} " in refused.value.faults[0].problem + " "


def test_a_value_beyond_the_longest_is_told_as_such() -> None:
    with pytest.raises(InputError, match="longer than 131,072"):
        parse_csv(f"a,b\n1,{'x' * 140_000}\n", ",", "t.csv")


@pytest.mark.parametrize("text", ["\n1,2\n", ",,\n1,2,3\n"])
def test_a_blank_first_row_is_no_header(text: str) -> None:
    with pytest.raises(InputError, match="first row is blank"):
        parse_csv(text, ",", "t.csv")


@pytest.mark.parametrize(
    ("data", "seems"),
    [
        (b"plain", "utf-8"),
        ("Zoë".encode(), "utf-8"),
        ("Zoë".encode("cp1252"), "cp1252"),
        ("Zoë".encode("utf-16"), "utf-16"),
        ("id,name\n1,Zoë".encode("utf-16-be"), "utf-16-be"),
        ("Zoë".encode("utf-32"), "utf-32"),
        ("Zoë".encode() + "Zoë".encode("cp1252"), ""),
    ],
)
def test_the_apparent_encoding(data: bytes, seems: str) -> None:
    assert apparent_encoding(data) == seems


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"]
)
def test_text_comes_back_in_its_declared_encoding(encoding: str) -> None:
    text = "id,name\n1,Zoë Müller\n"
    assert decode(text.encode(encoding), encoding, ",", "t.csv")[0] == text


def test_a_damaged_utf16_file_tells_its_place() -> None:
    data = "id,name\n1,Zoë\n".encode("utf-16") + b"\x00"
    with pytest.raises(InputError) as refused:
        decode(data, "utf-16", ",", "t.csv")
    assert f"offset {len(data) - 1}" in refused.value.faults[0].problem


def test_utf32_is_not_taken_for_utf16() -> None:
    with pytest.raises(InputError, match="declare encoding: utf-32"):
        decode("id\n".encode("utf-32"), "utf-16", ",", "t.csv")
