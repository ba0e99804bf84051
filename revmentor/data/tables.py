"""All tables of a cycle, validated: what every later room reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from revmentor.data.reading import RawTable
from revmentor.data.report import LoadReport


@dataclass(frozen=True)
class Tables:
    """The validated tables of one cycle; None where an optional source is not there.

    Frames have a RangeIndex and all columns of the contract, then the source's other columns as
    text. Texts are ``str``, whole numbers Int64, numbers and scales float64, dates
    datetime64[us], lists tuples of str. ``people`` also has ``grade_rank`` (0 = most junior).

    Parameters
    ----------
    report : LoadReport
        How the tables came in.
    digests : mapping
        SHA-256 of the bytes of each table's source (a database: of the texts of its rows), by
        table.
    decided_at : mapping
        File and row in which a decision stands, by mentor, mentee and what is decided.
    taken : mapping
        What was read from databases, as text, by table; None where nothing was there.
    """

    people: pd.DataFrame
    applications: pd.DataFrame
    report: LoadReport
    digests: Mapping[str, str]
    decisions: pd.DataFrame | None = None
    history: pd.DataFrame | None = None
    training: pd.DataFrame | None = None
    sessions: pd.DataFrame | None = None
    goals: pd.DataFrame | None = None
    pulse: pd.DataFrame | None = None
    skills: pd.DataFrame | None = None
    leadership: pd.DataFrame | None = None
    creativity: pd.DataFrame | None = None
    ties: pd.DataFrame | None = None
    outcomes: pd.DataFrame | None = None
    requests: pd.DataFrame | None = None
    decided_at: Mapping[tuple[str, str, str], tuple[str, int]] = MappingProxyType({})
    taken: Mapping[str, RawTable | None] = MappingProxyType({})
