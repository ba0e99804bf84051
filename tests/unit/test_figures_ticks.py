"""Names under an axis never lie over each other, however long and many, and stay on the page."""

from __future__ import annotations

import itertools

import pytest
from matplotlib.figure import Figure

from revmentor import figures
from revmentor.disclosure import DisclosedEstimates, disclose_estimate
from revmentor.figures.pulse import PANEL
from revmentor.figures.ticks import Ticks
from revmentor.metrics.estimate import Estimate
from revmentor.names import SIDES

PRINCIPLES = ("compassion", "respect", "transparency", "willingness", "commitment")


def pulse(waves: list[str], n: int) -> DisclosedEstimates:
    told = {}
    for principle, wave, side in itertools.product(PRINCIPLES, waves, SIDES):
        told[principle, wave, side, "mean"] = Estimate(4, 3.8, 4.2, n, "points", "mean")
        told[principle, wave, side, "change"] = Estimate(0.1, -0.2, 0.4, n, "points", "mean")
    shown = tuple(disclose_estimate(each, 5) for each in told.values())
    names = ("principle", "wave", "side", "what")
    return DisclosedEstimates(minimum=5, names=names, keys=tuple(told), estimates=shown)


@pytest.mark.parametrize("n", [3, 12, 118, 5000])
@pytest.mark.parametrize(
    "waves",
    [
        ["day30"],
        [f"day{30 * k}" for k in range(1, 6)],
        [f"day{14 * k}" for k in range(1, 27)],
        [f"{name} {k}" for k in (1, 2, 3) for name in ("Winter", "Frühling")],
        ["After the first meeting of both sides", "Before the summer holidays", "In autumn"],
        ["Zwischenbefragungsergebnisse " * 3, "Ende"],
    ],
)
def test_no_name_of_a_check_in_lies_over_the_next(
    waves: list[str], n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: drawn.append(figure))
    figures.pulse_lines(pulse(waves, n))
    page = drawn[-1]
    page.draw_without_rendering()
    whole = page.get_window_extent()
    for axes in (each for each in page.axes if each.axison):
        told = [label for label in axes.get_xticklabels() if label.get_text()]
        boxes = [label.get_window_extent() for label in told]
        for left, right in itertools.pairwise(boxes):
            assert left.x1 <= right.x0 + 1, (left, right)
        for label, box in zip(told, boxes, strict=True):
            assert whole.y0 <= box.y0, label.get_text()
            assert whole.x0 <= box.x0, label.get_text()
            assert box.x1 <= whole.x1, label.get_text()


def test_names_are_turned_only_where_they_do_not_fit() -> None:
    few, many = tuple("abc"), tuple(f"day {k}" for k in range(20))
    assert not Ticks(few, 5, PANEL).turned
    assert Ticks(few, 5, PANEL).more == 0
    assert Ticks(many, 5, PANEL).turned
    assert Ticks(few, 30, PANEL).turned
    assert not Ticks(("after the first month", "later"), 5, PANEL).turned, "on two lines"
