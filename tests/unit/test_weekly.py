"""The page of a pair tells what the coordinator may know of it, and whose goal is whose."""

from __future__ import annotations

import pytest

from revmentor.publish.named import Named
from revmentor.publish.weekly import PairCourse, WeekRow, pair_page


@pytest.mark.parametrize("sides", [("mentor", "mentee"), ("", "")])
def test_the_same_goal_of_both_sides_says_whose_it_is(sides: tuple[str, str]) -> None:
    row = WeekRow(1, Named("m", "Mo"), Named("s", "Su"), 80, (), "")
    goals = [("A dashboard", side, "1", "5", "2", "25%") for side in sides]
    page = pair_page(PairCourse(row, 70.0, [], [], [], goals), "Spring", "2 March 2026")
    assert page.count("<td>A dashboard</td>") == 2
    assert ("Set by the" in page) == any(sides)
    assert all(f"<td>{side}</td>" in page for side in sides if side)
