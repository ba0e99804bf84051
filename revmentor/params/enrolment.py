"""How do people come in, and who has a place where places are short?"""

from __future__ import annotations

from revmentor.params.section import Section


class Enrolment(Section):
    """Places, score and lottery."""
