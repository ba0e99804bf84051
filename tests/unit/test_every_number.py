"""The coordinator's pages show every number; what may be shared shows none of a small group."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
import pytest
from review_cases import Cycle, html_of

from revmentor import figures
from revmentor.cycle.steps.base import Step
from revmentor.cycle.steps.launch import Launch
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.cycle.steps.meeting import meetings_shown
from revmentor.disclosure import (
    EVERY_NUMBER,
    Disclosed,
    DisclosedCounts,
    Group,
    Members,
    disclose_counts,
    disclose_distribution,
    disclose_estimates,
    estimated,
)
from revmentor.metrics.estimate import proportion
from revmentor.tiles import Finding

KEPT = {"rule-prices", "survival", "frontier"}


def counts(cells: list[list[int]], minimum: int = 5) -> DisclosedCounts:
    sides = [[f"{side}{n}" for n in range(many)] for side, many in (("old", len(cells)),
             ("young", len(cells[0])))]  # fmt: skip
    return disclose_counts(pd.DataFrame(cells, *sides), minimum, totals="both", unit="pairs")


@pytest.fixture(scope="module")
def matching(whole: Cycle) -> MatchingStep:
    return MatchingStep(whole.context("03_matching"))


def test_the_coordinators_page_of_the_match_hides_no_number(matching: MatchingStep) -> None:
    exact = matching.exact()
    assert set(exact) == set(matching.found())
    assert {value.minimum for value in exact.values()} == {EVERY_NUMBER}
    pairs = matching.matching.pairs
    met = matching.take("meets-department", DisclosedCounts)
    cells = [count.value for row in met.cells for count in row]
    assert None not in cells
    assert sum(filter(None, cells)) == len(pairs)
    assert any(0 < (cell or 0) < 5 for cell in cells), "the company has small groups to show"
    survival = matching.take("survival", DisclosedCounts)
    assert sum(count.value or 0 for (count,) in survival.cells) == len(pairs)
    page = "".join(map(html_of, (matching.opening(), matching.answer(), matching.the_pairs())))
    assert "shows every number, also of fewer than five people" in page
    assert f"{100 * pairs['score'].min():.0f}</p>" in page
    assert "score of the worst pair" in page
    assert "fewer than 5" not in page
    assert "not shown" not in page


def test_what_the_match_shares_is_told_as_before(matching: MatchingStep, whole: Cycle) -> None:
    shared = matching.found()
    assert {name for name in shared if shared[name].minimum == EVERY_NUMBER} == KEPT
    written = {path.stem: json.loads(path.read_text()) for path in whole.shared.rglob("*.json")}
    assert written.keys() & shared.keys() == shared.keys() - KEPT
    for name, artefact in written.items():
        if isinstance(artefact, dict) and "minimum" in (artefact.get("content") or {}):
            assert artefact["content"]["minimum"] >= 5, name
    assert {path.stem for path in whole.restricted.glob("*.json")} >= KEPT


def test_the_launch_tells_how_many_packs_lack_what(whole: Cycle) -> None:
    step = Launch(whole.context("04_launch"))
    lacking = step.take("packs-lacking", DisclosedCounts)
    assert lacking.minimum == EVERY_NUMBER
    assert "others" not in lacking.rows
    assert "shows every number" in html_of(step.opening())


@dataclass(frozen=True)
class Open(Step):
    """A step whose page may be shared, and that hides nothing."""

    notebook: ClassVar[str] = "02_participants"

    def found(self) -> Mapping[str, Disclosed]:
        share = {("all",): proportion(2, 40, "people")}
        return {"bare": disclose_estimates(share, EVERY_NUMBER, "who")}

    def members(self) -> Mapping[str, Members]:
        return {"bare": estimated({("all",): Group.of(map(str, range(40)))})}


def test_a_step_that_would_share_every_number_is_refused(whole: Cycle) -> None:
    step = Open(whole.context("02_participants"))
    with pytest.raises(LookupError, match="Open would share “bare” with every number"):
        step.record()
    assert not step.restricted
    assert "every number" not in html_of(step.opening())


def test_one_cell_is_a_sentence_and_no_heat_map() -> None:
    one, several, hidden = counts([[15]]), counts([[9, 6], [7, 8]]), counts([[2, 3], [4, 1]])
    (said,) = meetings_shown({"department": one})
    assert isinstance(said, Finding)
    assert "All mentees in pairs are of one department: old0 (15 pairs)." in html_of(said)
    (drawn,) = meetings_shown({"department": several})
    assert isinstance(drawn, figures.Plot)
    (few,) = meetings_shown({"department": hidden})
    assert "too small to say which department meets which" in html_of(few)
    (exact,) = meetings_shown({"department": counts([[2, 3], [4, 1]], EVERY_NUMBER)})
    assert isinstance(exact, figures.Plot)
    assert (
        exact.title == "The groups are too small to tell from chance which department meets which"
    )


def test_where_one_score_may_be_shown_the_lowest_is_named() -> None:
    scores = pd.Series([0.46, 0.5, 0.6, 0.7, 0.78])
    found = disclose_distribution(scores, EVERY_NUMBER, step=0.05, unit="score", of="pairs")
    plot = figures.score_distribution(found)
    assert plot.title == "Half of the pairs score 60 or more; the lowest score is 46"
    assert "the lowest score is 46, the best 78" in plot.alt
