"""A Parquet file to text cells."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from revmentor.data.plaintext import NoTextError, joined, plain_text
from revmentor.data.reading import Grid, Reading
from revmentor.errors import Fault, InputError


def parse_parquet(data: bytes, reading: Reading) -> Grid:
    """Which cells does the file hold? Rows count from 2, as if it were a sheet with a header.

    Raises
    ------
    InputError
        A damaged file, or a column of a type that has no plain text (binary, nested).
    """
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        problem = f"the Parquet file is damaged ({type(error).__name__})"
        cure = "write it again from where it came"
        raise InputError(Fault("damaged file", problem, cure, reading.path)) from None
    faults: list[Fault] = []
    columns: list[list[str]] = []
    for name in table.column_names:
        try:
            columns.append(_texts(table.column(name), reading.list_separator))
        except NoTextError as error:
            cure = "write the column as text, number, date or list of text"
            faults.append(Fault("column type", str(error), cure, reading.path, None, name))
    if faults:
        raise InputError(faults)
    records = [list(record) for record in zip(*columns, strict=True)]
    return Grid(
        table.column_names,
        records,
        several_lines={
            (index, position): index + 2
            for position, column in enumerate(columns)
            for index, cell in enumerate(column)
            if "\n" in cell.strip()
        },
    )


def _texts(column: Any, list_separator: str) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.combine_chunks().dictionary_decode(), kind.value_type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return [joined(items or (), list_separator) for items in column.to_pylist()]
    plain = (
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_primitive,
        pa.types.is_decimal,
        pa.types.is_null,
    )
    if not any(is_kind(kind) for is_kind in plain):
        raise NoTextError(f"values of type {kind} have no plain text")
    return [plain_text(value) for value in column.to_pylist()]
