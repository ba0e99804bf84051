"""An invented company with planted effects, the same for the same seed on every machine.

Its tables as files, without any script::

    python -c "
    from datetime import date
    from pathlib import Path
    from revmentor.data.demo import company, write_tables
    write_tables(company(600, seed=7, start=date(2026, 3, 2)), Path('demo-data'))
    "

No row describes a real person: names are syllables put together, addresses end in example.com.
"""

from __future__ import annotations

from revmentor.data.demo.company import company
from revmentor.data.demo.planted import PLANTED, PLANTED_NONE, Effect, Planted
from revmentor.data.demo.review import review_tables
from revmentor.data.demo.write import write_tables

__all__ = [
    "PLANTED",
    "PLANTED_NONE",
    "Effect",
    "Planted",
    "company",
    "review_tables",
    "write_tables",
]
