"""Every criterion is measurable by construction, and every measure can be judged by a rule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from revmentor.errors import InputError
from revmentor.measures import BENEFITS, KINDS, MEASURES, RULES
from revmentor.metrics.estimate import Estimate, census_share, not_computed, proportion
from revmentor.metrics.verdict import Aim, judge
from revmentor.params import load_params
from revmentor.params.models import TABLES
from revmentor.paths import workbench_root


@pytest.mark.parametrize("key", MEASURES)
def test_a_measure_says_how_it_is_estimated_judged_and_from_what(key: str) -> None:
    measure = MEASURES[key]
    assert measure.kind in KINDS
    assert measure.benefit in BENEFITS
    assert measure.rule in RULES
    assert (measure.rule == "counted") == (measure.kind == "counted")
    assert measure.table in ("", *TABLES)
    assert measure.label[0].islower()
    assert not measure.label.endswith(".")


def test_the_five_benefits_have_a_measure_each() -> None:
    assert {measure.benefit for measure in MEASURES.values()} == set(BENEFITS)


def charter(folder: Path, line: str) -> str:
    (folder / "params" / "cycles").mkdir(parents=True)
    (folder / "params" / "scenarios").mkdir()
    base = (workbench_root("") / "params" / "base.yaml").read_text(encoding="utf-8")
    (folder / "params" / "base.yaml").write_text(base, encoding="utf-8")
    (folder / "params" / "scenarios" / "base.yaml").write_text("why: none\n", encoding="utf-8")
    text = (
        "programme: {start: 2026-01-12, end: 2026-07-10}\n"
        f"charter:\n  kind: culture\n  success:\n    - {{criterion: Staying, {line}}}\n"
    )
    (folder / "params" / "cycles" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_params("mine", "base", root=folder)
    return str(caught.value)


def test_a_figure_that_nobody_computes_is_refused_with_the_nearest(tmp_path: Path) -> None:
    message = charter(tmp_path, "metric: retenton, target: 0.9")
    assert "charter.success[#1].metric" in message
    assert "'retenton'" in message
    assert "retention" in message
    assert "params/cycles/mine.yaml" in message


def test_a_rule_that_does_not_fit_the_figure_is_refused(tmp_path: Path) -> None:
    message = charter(tmp_path, "metric: retention, target: 0.9, rule: counted")
    assert "charter.success[#1].rule" in message
    assert "interval, baseline" in message


def between(value: float, low: float, high: float) -> Estimate:
    return Estimate(value, low, high, 100, "points", "mean")


@pytest.mark.parametrize(
    ("estimate", "rule", "higher", "answer"),
    [
        (between(0.6, 0.5, 0.7), "interval", True, "met"),
        (between(0.6, 0.49, 0.71), "interval", True, "cannot conclude"),
        (between(0.4, 0.31, 0.49), "interval", True, "not met"),
        (between(0.6, 0.1, 1.1), "baseline", True, "met"),
        (between(0.6, 0.0, 1.2), "baseline", True, "cannot conclude"),
        (between(0.4, 0.1, 0.7), "baseline", True, "cannot conclude"),
        (between(0.4, 0.31, 0.49), "baseline", True, "not met"),
        (between(0.4, 0.3, 0.5), "interval", False, "met"),
        (between(0.6, 0.51, 0.7), "interval", False, "not met"),
    ],
)
def test_a_verdict_follows_its_rule(
    estimate: Estimate, rule: str, higher: bool, answer: str
) -> None:
    aim = Aim(0.5, 0.0 if higher else 1.0, rule, higher)  # type: ignore[arg-type]
    assert judge(estimate, aim).answer == answer


@pytest.mark.parametrize(
    "estimate",
    [between(0.6, 0.5, 0.7), between(0.4, 0.31, 0.49), not_computed("why", 0, "", "", "")],
)
def test_nothing_is_judged_before_its_day_whatever_the_figure_says(estimate: Estimate) -> None:
    day = dt.date(2026, 7, 24)
    aim = Aim(0.5, 0.0, "interval", due=day)
    early = judge(estimate, aim, day - dt.timedelta(1))
    assert (early.answer, early.why) == ("not due yet", "due on 24 July 2026")
    assert judge(estimate, aim, day) == judge(estimate, aim)
    assert judge(estimate, aim).answer != "not due yet"


def test_counted_figures_need_no_interval() -> None:
    aim = Aim(0.8, None, "counted")
    assert judge(census_share(80, 100, "pairs"), aim).answer == "met"
    assert judge(census_share(79, 100, "pairs"), aim).answer == "not met"


@pytest.mark.parametrize(
    ("estimate", "aim", "word"),
    [
        (not_computed("no pairs", 0, "share", "m", "pairs"), Aim(0.8, 0.5, "interval"), "no pairs"),
        (proportion(9, 10, "pairs"), Aim(None, 0.5, "interval"), "target"),
        (proportion(9, 10, "pairs"), Aim(0.1, None, "baseline"), "baseline"),
        (proportion(9, 10, "pairs"), Aim(0.1, None, "interval", least=11), "fewer than the 11"),
        (census_share(9, 10, "pairs"), Aim(0.1, None, "interval"), "interval"),
    ],
)  # fmt: skip
def test_what_cannot_be_concluded_says_why(estimate: Estimate, aim: Aim, word: str) -> None:
    verdict = judge(estimate, aim)
    assert verdict.answer == "cannot conclude"
    assert word in verdict.why
