"""What does a user see when the params of circles cannot be read, or contradict each other?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from revmentor.errors import InputError
from revmentor.params import load_params

if TYPE_CHECKING:
    from tests.conftest import Workbench

SCENARIO = "params/scenarios/try.yaml"


@pytest.mark.parametrize(
    ("text", "path", "value", "told", "cure"),
    [
        ("mentors: {from: 3, to: 2}", "mentors.to", "2", "below 3, its `from`", "larger size last"),
        ("mentees: {from: 4, to: 40}", "mentees.to", "40", "above 12", "write 12 or less"),
        ("least_wanting: 9", "least_wanting", "9", "at most 4 mentees", "raise circles.mentees.to"),
        ("topic: skills", "topic", "skills", "no such parameter", "write topics"),
        ("topics: skils", "topics", "skils", "not one of the words", "did you mean skills"),
        ("most: -1", "most", "-1", "below 0", "write 0 or more"),
        ("minimum_score: 40", "minimum_score", "40", "above 1", "write 1 or less"),
        ("on: perhaps", "on", "perhaps", "true or false", "write true or false"),
    ],
)
def test_bad_circle_params(
    workbench: Workbench, text: str, path: str, value: str, told: str, cure: str
) -> None:
    workbench.write(SCENARIO, f"why: a\ncircles:\n  {text}\n")
    with pytest.raises(InputError) as caught:
        load_params("demo", "try", root=workbench.root)
    (fault,) = caught.value.faults
    assert (fault.file, fault.column, fault.value) == (SCENARIO, f"circles.{path}", value)
    assert told in fault.problem
    assert cure in fault.cure


def test_a_scenario_turns_circles_on(workbench: Workbench) -> None:
    workbench.write(SCENARIO, "why: a\ncircles: {on: true, most: 3}\n")
    found = load_params("demo", "try", root=workbench.root)
    assert (found.params.circles.on, found.params.circles.most) == (True, 3)
    assert not load_params("demo", root=workbench.root).params.circles.on
