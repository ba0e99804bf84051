"""How is a table shown? Seven columns at most, all text as text, nothing fetched from a network."""

from revmentor.tables.interactive import Interactive, interactive
from revmentor.tables.show import Table, plain_table, show

__all__ = ["Interactive", "Table", "interactive", "plain_table", "show"]
