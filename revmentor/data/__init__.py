"""Source files to validated tables: every fault of every file at once, every loss listed."""

from revmentor.data.contract import CONTRACT
from revmentor.data.load import load_tables
from revmentor.data.report import LoadReport, TableReport
from revmentor.data.tables import Tables

__all__ = ["CONTRACT", "LoadReport", "TableReport", "Tables", "load_tables"]
