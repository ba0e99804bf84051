"""How does a value become text in HTML, so that nothing in it is read as anything else?"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from revmentor import words
from revmentor.names import SIDE_LABELS

# MathJax in JupyterLab reads $...$ and \(...\) across text, but not across elements.
FORMULA = re.compile(r"([$\\])")
MARKUP = re.compile(r"(<style.*?</style>|<[^>]*>)", re.DOTALL)


def escape(text: str) -> str:
    """Text as HTML that shows it, formulas and tags included.

    >>> escape("<b> $x$")
    '&lt;b&gt; <span>$</span>x<span>$</span>'
    """
    return FORMULA.sub(r"<span>\1</span>", html.escape(text))


def without_formulas(markup: str) -> str:
    """HTML in which no text is read as a formula: each $ and backslash stands in its own element.

    >>> without_formulas("<b class='$'>$x$</b>")
    "<b class='$'><span>$</span>x<span>$</span></b>"
    """
    parts = MARKUP.split(markup)
    return "".join(
        part if place % 2 else FORMULA.sub(r"<span>\1</span>", part)
        for place, part in enumerate(parts)
    )


def cell_text(value: object) -> str:
    """A cell of a frame as text: dates as ISO, lists with commas, missing values empty."""
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, (float, np.floating)):
        return words.number(float(value), 0 if float(value).is_integer() else 2)
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return words.number(int(value))
    return str(value)


def head_text(name: str, units: Mapping[str, str]) -> str:
    """A column's head: words for a side, no underscores, the unit in brackets."""
    label = SIDE_LABELS.get(name, name.replace("_", " "))
    return f"{label} ({units[name]})" if name in units else label
