"""Named rows to sort and search, in JupyterLab only."""

from __future__ import annotations

from dataclasses import dataclass

import itables
import pandas as pd
from itables.javascript import generate_init_offline_itables_html, to_html_datatable

from revmentor.disclosure import Restricted, shows
from revmentor.tables.markup import cell_text, escape, head_text


@dataclass(frozen=True)
class Interactive:
    """A table to sort and search in JupyterLab; named rows, so never part of a report."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


@shows
def interactive(value: Restricted) -> Interactive:
    """Show named rows as a table to sort and search, in JupyterLab only; works without network.

    Text is shown as text; the library that sorts is part of the HTML (about 1.2 MB).
    """
    plain = value.frame.copy()
    for name in plain.columns:
        if not pd.api.types.is_numeric_dtype(plain[name]):
            plain[name] = [escape(cell_text(each)) for each in value.frame[name]]
        elif pd.api.types.is_float_dtype(plain[name]):
            plain[name] = plain[name].round(4)
    plain.columns = [escape(head_text(str(name), {})) for name in plain.columns]
    start = generate_init_offline_itables_html(itables.options.dt_bundle)
    body = to_html_datatable(plain, connected=False, allow_html=True, showIndex=False, maxBytes=0)
    return Interactive(
        start + body, f"{len(plain)} rows: {', '.join(map(str, value.frame.columns))}"
    )
