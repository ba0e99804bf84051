"""Who is asked, in which waves, and what is promised to them before anybody is matched?"""

from __future__ import annotations

from revmentor.params.section import Section


class Design(Section):
    """Scope, waves, training, incentives, promotion and working calendars of a cycle."""
