"""Figures of what changed: titles say the finding, hidden values are not drawn, words are there."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Mapping

import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from revmentor import figures
from revmentor.disclosure import (
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
    disclose_chain,
    disclose_estimates,
)
from revmentor.disclosure.verdicts import Answer, DisclosedVerdicts, VerdictRow
from revmentor.figures.changes import direction
from revmentor.figures.plot import Plot
from revmentor.metrics.estimate import Estimate, not_computed, proportion

MINIMUM = 5
METHOD = "mean, t 95% interval"
Key = tuple[str, ...]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Every figure that is painted, to be looked into."""
    kept: list[Figure] = []
    paint: Callable[..., None] = Figure.savefig

    def keep(figure: Figure, *args: object, **more: object) -> None:
        kept.append(figure)
        paint(figure, *args, **more)

    monkeypatch.setattr(Figure, "savefig", keep)
    return kept


def points(value: float, half: float = 0.2, n: int = 60) -> Estimate:
    return Estimate(value, value - half, value + half, n, "points", METHOD, "", "people")


def changes(
    parts: Mapping[tuple[str, str], tuple[float, float]], half: float = 0.2, n: int = 60
) -> DisclosedEstimates:
    """what, side to (before, after)."""
    found: dict[Key, Estimate] = {}
    for (what, side), (before, after) in parts.items():
        found[what, side, "before"] = points(before, n=n)
        found[what, side, "after"] = points(after, n=n)
        found[what, side, "change"] = points(after - before, half, n)
    return disclose_estimates(found, MINIMUM, "what", "side", "when")


def dots(found: DisclosedEstimates, whole: str = "all skills") -> Plot:
    return figures.paired_dots(found, (1.0, 5.0), "The mentees' skills", whole)


def said_in(figure: Figure) -> list[str]:
    """All text of a figure."""
    texts = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        texts += [text.get_text() for text in axes.texts]
        texts += [label.get_text() for label in axes.get_yticklabels()]
    return texts


def marks(figure: Figure) -> Iterator[tuple[float, float]]:
    """Where the marks of the first panel are."""
    for line in figure.axes[0].lines:
        if line.get_marker() not in ("None", None, ""):
            yield from zip(map(float, line.get_xdata()), map(float, line.get_ydata()), strict=True)


@pytest.mark.parametrize(
    ("before", "after", "half", "n", "title"),
    [
        (2.0, 2.6, 0.2, 60, "The mentees' skills rose by 0.6 points"),
        (3.0, 2.5, 0.2, 60, "The mentees' skills fell by 0.5 points"),
        (3.0, 3.1, 0.2, 60, "The mentees' skills show no change beyond chance"),
        (2.0, 2.6, 0.2, 4, "The mentees' skills: the change cannot be shown"),
    ],
)
def test_the_title_says_which_way_it_went(
    before: float, after: float, half: float, n: int, title: str
) -> None:
    plot = dots(changes({("all skills", "mentee"): (before, after)}, half, n))
    assert plot.title == title
    assert plot.alt.startswith(title)


def test_an_interval_that_is_rounded_to_zero_still_holds_none() -> None:
    found = changes({("all skills", "mentee"): (2.0, 2.12)}, half=0.08)
    change = found.get("all skills", "mentee", "change")
    assert change is not None
    assert change.low == 0.0
    assert dots(found).title == "The mentees' skills rose by 0.1 points"


def test_the_title_tells_of_both_sides_together_where_both_were_asked() -> None:
    found = changes(
        {
            ("all skills", "mentor"): (2.0, 3.0),
            ("all skills", "mentee"): (3.0, 2.0),
            ("all skills", "both"): (2.5, 2.5),
        }
    )
    assert dots(found).title == "The mentees' skills show no change beyond chance"


def test_hidden_changes_are_not_drawn_and_the_note_says_so(drawn: list[Figure]) -> None:
    few = {("rare", "mentee"): (2.0, 3.0)}
    both = {**changes({("all skills", "mentee"): (2.0, 2.6)}).__dict__}
    small = changes(few, n=3)
    found = DisclosedEstimates(
        minimum=MINIMUM,
        names=both["names"],
        keys=(*both["keys"], *small.keys),
        estimates=(*both["estimates"], *small.estimates),
    )
    plot = dots(found)
    assert "rare" not in "".join(said_in(drawn[-1]))
    assert "rare" not in plot.alt
    assert any("1 row not shown: fewer than 5 people" in text for text in said_in(drawn[-1]))
    assert len(list(marks(drawn[-1]))) == 2


def test_more_rows_than_fit_are_counted(drawn: list[Figure]) -> None:
    parts = {("all skills", "mentee"): (2.0, 2.6)}
    parts |= {(f"skill {n}", "mentee"): (2.0, 2.5) for n in range(15)}
    dots(changes(parts))
    assert any("4 more rows not drawn" in text for text in said_in(drawn[-1]))


def test_before_and_after_at_one_place_are_both_seen(drawn: list[Figure]) -> None:
    dots(changes({("all skills", "mentee"): (3.0, 3.0)}))
    sizes = {line.get_markersize() for line in drawn[-1].axes[0].lines if line.get_marker() == "o"}
    assert len(sizes) == 2


def test_columns_are_named_as_people_speak(drawn: list[Figure]) -> None:
    found = changes({("all skills", "mentee"): (2.0, 3.0), ("problem_solving_1", "mentee"): (2, 3)})
    dots(found)
    text = "".join(said_in(drawn[-1]))
    assert "problem solving 1" in text
    assert "problem_solving_1" not in text


def test_the_scale_is_the_one_of_the_survey(drawn: list[Figure]) -> None:
    figures.paired_dots(changes({("x", "mentee"): (20.0, 60.0)}), (0.0, 100.0), "Marks", "x")
    low, high = drawn[-1].axes[0].get_xlim()
    assert low <= 0
    assert high >= 100
    for x, _ in marks(drawn[-1]):
        assert low <= x <= high


@pytest.mark.parametrize(
    ("low", "high", "p", "expected"),
    [
        (0.1, 0.5, None, 1),
        (-0.5, -0.1, None, -1),
        (-0.1, 0.5, None, 0),
        (0.0, 0.6, 0.04, 1),
        (0.0, 0.6, 0.06, 0),
        (None, None, None, 0),
    ],
)
def test_a_direction_is_told_by_the_exact_p(
    low: float | None, high: float | None, p: float | None, expected: int
) -> None:
    value = 0.3 if high is None or high > 0 else -0.3
    found = DisclosedEstimate(
        minimum=5, state="shown", value=value, low=low, high=high, n=60, p=p, unit="points",
        of="people", method="mean",
    )  # fmt: skip
    assert direction(found) == expected
    assert direction(None) == 0


def ties(mine: float, others: float, half: float = 0.1, n: int = 90) -> DisclosedEstimates:
    def each(value: float, half: float) -> Estimate:
        return Estimate(value, value - half, value + half, n, "ties", "difference, Welch", "", "x")

    found: dict[Key, Estimate] = {}
    for across in ("any", "department"):
        found[across, "participants"] = each(mine, half)
        found[across, "others"] = each(others, half)
        found[across, "difference"] = each(mine - others, 2 * half)
    return disclose_estimates(found, MINIMUM, "across", "who")


@pytest.mark.parametrize(
    ("mine", "others", "n", "title"),
    [
        (1.2, 0.4, 90, "Participants have 1.2 new advice ties each, 0.8 more than others"),
        (0.4, 1.2, 90, "Participants have 0.4 new advice ties each, 0.8 fewer than others"),
        (1.0, 0.9, 90, "Participants have 1.0 new advice ties each, no more than others beyond"),
        (1.2, 0.4, 3, "New ties cannot be shown"),
    ],
)
def test_new_ties_are_compared_with_those_of_others(
    mine: float, others: float, n: int, title: str
) -> None:
    plot = figures.new_ties(ties(mine, others, n=n))
    assert plot.title.startswith(title)
    assert title in plot.alt


def staying(
    mine: list[tuple[int, int]], others: list[tuple[int, int]]
) -> tuple[DisclosedEstimates, DisclosedCounts]:
    """(stayed, of all) by month."""
    found: dict[Key, Estimate] = {}
    risks: dict[str, dict[str, int]] = {}
    for group, rows in (("participants", mine), ("others", others)):
        for month, (stayed, n) in enumerate(rows, 1):
            found[group, str(30 * month)] = proportion(stayed, n, group)
            risks.setdefault(group, {})[str(30 * month)] = stayed
    table = pd.DataFrame(risks).rename_axis(index="day")
    return disclose_estimates(found, MINIMUM, "group", "day"), disclose_chain(table, MINIMUM)


def test_a_curve_is_solid_where_shares_are_shown_and_open_where_only_a_bound_is(
    drawn: list[Figure],
) -> None:
    found, risk = staying([(199, 200), (180, 200), (178, 200)], [(190, 200)] * 3)
    plot = figures.retention_curves(found, risk, "They stay", "")
    axes = drawn[-1].axes[0]
    filled = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() in "os"]
    assert filled.count("white") == 1
    assert any("an open mark stands at the lowest share" in text for text in said_in(drawn[-1]))
    assert "Participants after 90 days: 89%" in plot.alt
    assert "others after 90 days: 95%" in plot.alt
    assert any(text == "–" for text in said_in(drawn[-1]))


def test_names_of_curves_that_end_together_are_apart(drawn: list[Figure]) -> None:
    found, risk = staying([(190, 200), (180, 200)], [(190, 200), (180, 200)])
    figures.retention_curves(found, risk, "They stay", "")
    page = drawn[-1]
    page.canvas.draw()
    names = [text for text in page.axes[0].texts if "\n" in text.get_text()]
    boxes = [text.get_window_extent() for text in names]
    assert len(boxes) == 2
    assert not boxes[0].overlaps(boxes[1])


def test_curves_of_whom_nothing_may_be_shown_say_so() -> None:
    found, risk = staying([(3, 3), (3, 3)], [(2, 2), (2, 2)])
    plot = figures.retention_curves(found, risk, "They stay", "")
    assert "Too few people were at risk" in plot.alt.replace("too few", "Too few")
    bounds, risk = staying([(199, 200), (198, 200)], [(199, 200), (199, 200)])
    assert figures.retention_curves(bounds, risk, "They stay", "").png


@pytest.mark.parametrize("speaks", [True, False])
def test_balance_says_whether_they_are_alike(speaks: bool, drawn: list[Figure]) -> None:
    found: dict[Key, Estimate] = {}
    for n in range(20):
        for when, value in (("before", 0.05 * n), ("after", 0.01)):
            found[f"covariate {n}", when] = Estimate(value, None, None, 90, "sd", "smd", "", "x")
    plot = figures.balance_dots(disclose_estimates(found, MINIMUM, "covariate", "when"), speaks)
    assert ("are alike" in plot.title) == speaks
    assert ("differ too much" in plot.title) != speaks
    text = said_in(drawn[-1])
    assert "covariate 19" in text
    assert "covariate 0" not in text
    assert any("6 more rows not drawn" in each for each in text)
    assert "Covariate 19: 0.95 to 0.01" in plot.alt


def row(
    answer: Answer,
    value: float = 0.5,
    low: float = 0.4,
    high: float = 0.6,
    criterion: str = "They stay",
    n: int = 90,
) -> VerdictRow:
    exact = Estimate(value, low, high, n, "points", "mean", "", "people")
    shown = disclose_estimates({"x": exact}, MINIMUM, "what").estimates[0]
    return VerdictRow(
        criterion=criterion, metric="retention", figure="f", answer=answer, why="so", rule="met if",
        baseline=0.0, target=1.0, unit="points", estimate=shown,
    )  # fmt: skip


def told(*rows: VerdictRow) -> DisclosedVerdicts:
    return DisclosedVerdicts(minimum=MINIMUM, rows=rows)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ((), "The charter names no criterion, so nothing is judged"),
        (("met",), "The one criterion: met"),
        (("cannot conclude",), "The one criterion: cannot be concluded"),
        (("met", "met"), "Of 2 criteria: two met"),
        (("met", "not met"), "Of 2 criteria: one met and one not met"),
        (
            ("not met", "cannot conclude", "met", "met"),
            "Of 4 criteria: two met, one not met and one cannot be concluded",
        ),
        (("not due yet", "met"), "Of 2 criteria: one met and one not due yet"),
    ],
)
def test_the_title_counts_the_verdicts(rows: tuple[Answer, ...], title: str) -> None:
    assert figures.verdict_title(told(*map(row, rows))) == title
    assert figures.verdicts(told(*map(row, rows))).title == title


def test_figures_far_beyond_the_scale_stay_in_the_picture(drawn: list[Figure]) -> None:
    wide = told(
        row("not met", -40, -60, -20), row("met", 30, 20, 40), row("cannot conclude", 0.5, -9, 9)
    )
    plot = figures.verdicts(wide)
    page = drawn[-1]
    page.canvas.draw()
    low, high = page.axes[0].get_xlim()
    assert -1.5 < low < 0
    assert 1 < high < 3
    for x, _ in marks(page):
        assert low <= x <= high
    assert [line.get_marker() for line in page.axes[0].lines if line.get_marker() in "<>D"] == [
        "<", ">", "D",
    ]  # fmt: skip
    assert any("an arrow stands for a figure beyond the scale" in t.lower() for t in said_in(page))
    width = page.get_window_extent().width
    for text in page.axes[0].texts:
        box = text.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= width
    assert "not met, −40.0 (−60.0 to −20.0, n = 90)" in plot.alt


def test_criteria_without_a_place_on_the_scale_are_counted_not_drawn(drawn: list[Figure]) -> None:
    hidden = row("cannot conclude", n=3, criterion="A hidden one")
    plot = figures.verdicts(told(row("met"), hidden))
    assert "A hidden one" not in "".join(said_in(drawn[-1]))
    assert any("1 criterion without baseline, target or figure is not drawn" in text
               for text in said_in(drawn[-1]))  # fmt: skip
    assert "hidden" not in plot.alt
    alone = figures.verdicts(told(hidden))
    assert "No criterion has a baseline, a target and a figure" in alone.alt


def test_a_long_criterion_is_cut_to_three_lines_and_labels_do_not_touch(
    drawn: list[Figure],
) -> None:
    long = "Mentors and mentees of all sites gain colleagues whom they ask for advice " * 4
    figures.verdicts(told(*(row("met", criterion=long) for _ in range(6))))
    page = drawn[-1]
    page.canvas.draw()
    labels = page.axes[0].get_yticklabels()
    assert all(label.get_text().count("\n") <= 2 for label in labels)
    boxes = [label.get_window_extent() for label in labels]
    for one, other in itertools.combinations(boxes, 2):
        assert not one.overlaps(other)
    assert min(box.x0 for box in boxes) >= 0


def test_nothing_computed_gives_a_figure_that_says_so() -> None:
    none = disclose_estimates(
        {("any", who): not_computed("nobody answered", 0, "ties", "", "x")
         for who in ("participants", "others", "difference")}, MINIMUM, "across", "who",
    )  # fmt: skip
    assert "too few people named anybody" in figures.new_ties(none).alt.lower()


def test_pictures_are_pictures_of_the_common_width() -> None:
    plots = [
        dots(changes({("all skills", "mentee"): (2.0, 2.6)})),
        figures.new_ties(ties(1.2, 0.4)),
        figures.verdicts(told(row("met"))),
    ]
    assert {Image.open(io.BytesIO(plot.png)).format for plot in plots} == {"PNG"}
    assert len({plot.width for plot in plots}) == 1
