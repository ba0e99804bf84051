"""An agenda of any length adds up to it, in the proportions of its parts."""

from __future__ import annotations

import pytest

from revmentor.planning.cards import AGENDA, CIRCLE_AGENDA
from revmentor.planning.packs import agenda


@pytest.mark.parametrize("parts", [AGENDA, CIRCLE_AGENDA], ids=["pair", "circle"])
def test_minutes_add_up_for_every_length_that_a_meeting_may_have(
    parts: tuple[tuple[int, str], ...],
) -> None:
    whole = sum(part for part, _ in parts)
    shares = {what: part / whole for part, what in parts}
    order = [what for _, what in parts]
    for minutes in range(5, 481):
        found = agenda(minutes, parts)
        assert sum(part for part, _ in found) == minutes
        assert all(part >= 1 for part, _ in found)
        assert all(abs(part - shares[what] * minutes) < 1 for part, what in found)
        told = [what for _, what in found]
        assert told == [what for what in order if what in told], "in the order of the meeting"
        assert len(found) == len(parts) or minutes < 9
