"""Where and how do participants answer?"""

from __future__ import annotations

from revmentor.params.section import Section


class Checkin(Section):
    """The check-in page: its address, its store, its languages."""

    address: str = ""
