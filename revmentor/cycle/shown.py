"""What does a notebook cell show? Several parts under each other, from one call."""

from __future__ import annotations

import os
from dataclasses import dataclass

from IPython.display import display


@dataclass(frozen=True)
class Shown:
    """Figures, tables and findings that one cell displays in order."""

    parts: tuple[object, ...]

    def _ipython_display_(self) -> None:
        for part in self.parts:
            display(part)  # type: ignore[no-untyped-call]


def shown(*parts: object) -> Shown:
    """Show these parts under each other; None is left out."""
    return Shown(tuple(part for part in parts if part is not None))


def somebody_is_looking() -> bool:
    """Does a person sit in JupyterLab or Notebook in front of this kernel?

    Jupyter's server names the open notebook in ``JPY_SESSION_NAME``; a scheduled run has none.
    Named rows are shown to a person only, so that no executed copy carries them.
    """
    return bool(os.environ.get("JPY_SESSION_NAME"))
