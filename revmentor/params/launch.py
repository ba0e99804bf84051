"""Who approves a match, and how do its pairs begin?"""

from __future__ import annotations

from typing import Literal

from revmentor.params.section import Section


class Launch(Section):
    """Approval, packs and mail."""

    approval: Literal["person", "cycle"] = "person"
