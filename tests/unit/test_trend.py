"""The trend compares what reports show, says what is more than chance, and needs two cycles."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep
from tiny import mark_published

from revmentor import lab
from revmentor.cli import main
from revmentor.cycle import history
from revmentor.cycle.steps.base import CheckError
from revmentor.cycle.steps.trend import Trend
from revmentor.disclosure import DisclosedEstimates, disclose_estimate
from revmentor.figures.trend import directions, trend_lines
from revmentor.metrics.estimate import Estimate, mean, proportion
from revmentor.metrics.trend import Figure, change_between
from revmentor.params import load_params
from revmentor.publish.workspace import Workspace


@pytest.fixture
def bench(repository: Path, tmp_path: Path) -> Path:
    root = tmp_path / "bench"
    for folder in ("params", "notebooks"):
        shutil.copytree(repository / folder, root / folder)
    for year in (2023, 2024, 2025):
        title, dates = f"Cycle of {year}", f"  start: {year}-01-12\n  end: {year}-07-10"
        text = f'programme:\n  title: "{title}"\n{dates}\n'
        (root / "params" / "cycles" / f"y{year}.yaml").write_text(text)
    return root


def publish(
    root: Path,
    cycle: str,
    found: dict[str, Estimate],
    pairs: int = 60,
    scenario: str = "base",
    answer: tuple[str, str] = ("met", "the whole interval reaches the target"),
) -> None:
    """A result as a run leaves it, with these figures."""
    resolved = load_params(cycle, scenario, root=root)
    folder = root / "outputs" / cycle / scenario
    work = Workspace(folder)
    for name, estimate in found.items():
        work.write_json(name, disclose_estimate(estimate, 5).to_json(), restricted=False)
    met = disclose_estimate(found["first-meeting"], 5)
    verdict = {
        "criterion": "Pairs meet early",
        "metric": "first_meeting_share",
        "answer": answer[0],
        "why": answer[1],
        "rule": "met if",
        "baseline": None,
        "target": 0.3,
        "figure": "share of pairs that met in time",
        "unit": "share",
        "estimate": met.model_dump(mode="json"),
    }
    told = {"schema": 1, "kind": "DisclosedVerdicts", "minimum": 5, "rows": [verdict]}
    work.write_json("judgement", told, restricted=False)
    ids = [f"P-{k:04d}" for k in range(pairs)]
    frame = pd.DataFrame({"mentor_id": ids, "mentee_id": ids[::-1], "score": 0.5})
    work.write_table("pairs", frame)
    (folder / "params.resolved.yaml").write_text(resolved.to_yaml())
    mark_published(folder, cycle, scenario)


def trend(root: Path, cycle: str = "y2025") -> Trend:
    return lab.trend(cycle, root=str(root))


def texts(shown: Any) -> str:
    return "\n".join(getattr(part, "alt", "") + repr(part) for part in shown.parts)


def test_a_change_of_two_shares_has_newcombes_interval() -> None:
    for a, n, b, m in ((30, 60, 50, 60), (5, 40, 4, 90), (0, 12, 12, 12)):
        one, two = proportion(a, n, "pairs"), proportion(b, m, "pairs")
        assert one.value is not None
        assert two.value is not None
        found = change_between(
            Figure(one.value, one.low, one.high), Figure(two.value, two.low, two.high)
        )
        low, high = confint_proportions_2indep(b, m, a, n, method="newcomb", compare="diff")
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_where_everybody_is_counted_any_change_is_one() -> None:
    assert change_between(Figure(0.5), Figure(0.51)).direction == "up"
    assert change_between(Figure(0.5), Figure(0.5)).direction == "open"
    assert change_between(Figure(0.5, 0.4, 0.6), Figure(0.2, 0.1, 0.3)).direction == "down"


def test_without_a_published_cycle_it_says_so(bench: Path) -> None:
    found = trend(bench)
    assert "No cycle is published yet: run revmentor run y2025" in texts(found.opening())
    assert "No cycle is published yet" in texts(found.over_cycles())
    for part in (found.verdicts, found.size, found.checks, found.files):
        part()
    assert not (bench / "outputs" / history.FILE).exists()


def test_one_cycle_is_no_trend(bench: Path) -> None:
    publish(bench, "y2025", {"first-meeting": proportion(30, 60, "pairs")})
    found = trend(bench)
    assert "One cycle only: no trend yet" in texts(found.opening())
    assert "One cycle only: no trend yet" in texts(found.over_cycles())


def test_what_is_not_due_yet_has_its_day_and_no_verdict(bench: Path) -> None:
    early = ("not due yet", "due on 11 June 2027")
    publish(bench, "y2025", {"first-meeting": proportion(20, 60, "pairs")}, answer=early)
    assert "not due yet, due on 11 June 2027 (33%)" in texts(trend(bench).verdicts())


def test_figures_of_every_cycle_stand_side_by_side(bench: Path) -> None:
    held = mean(pd.Series([0.4, 0.6] * 30), "share", "pairs")
    publish(bench, "y2023", {"first-meeting": proportion(20, 60, "pairs"), "held-of-due": held})
    publish(bench, "y2024", {"first-meeting": proportion(2, 3, "pairs"), "held-of-due": held})
    publish(bench, "y2025", {"first-meeting": proportion(50, 60, "pairs"), "held-of-due": held})
    found = trend(bench)
    assert found.cycles == ["y2023", "y2024", "y2025"]
    assert directions(found.figures) == {"first_meeting_share": "up", "meetings_held_share": "open"}
    told = texts(found.over_cycles())
    assert "One of two figures has changed by more than chance" in told
    assert "y2023 33%" in told
    assert "y2024 fewer than 5 pairs" in told
    assert "y2025 83%" in told
    assert "Share of pairs that met in time rose between the first and the last" in told
    assert "no proof that the programme" in told
    assert "met (33%)" in texts(found.verdicts())
    assert re.search(r"y2024 +60", texts(found.size()))
    assert [row.found for row in found.verify()][:2] == ["3", "2"]


def test_only_earlier_real_cycles_of_the_scenario_are_compared(bench: Path) -> None:
    figure = {"first-meeting": proportion(20, 60, "pairs")}
    for cycle in ("y2023", "y2024", "y2025", "demo"):
        publish(bench, cycle, figure)
    publish(bench, "y2023", figure, scenario="skills-first")
    assert trend(bench, "y2024").cycles == ["y2023", "y2024"]
    assert trend(bench, "demo").cycles == ["demo"]
    assert lab.trend("y2025", "skills-first", root=str(bench)).cycles == ["y2023"]


def test_a_small_cycle_hides_its_number_of_pairs(bench: Path) -> None:
    publish(bench, "y2024", {"first-meeting": proportion(2, 3, "pairs")}, pairs=3)
    publish(bench, "y2025", {"first-meeting": proportion(20, 60, "pairs")})
    assert "fewer than 5" in texts(trend(bench).size())


def test_another_unit_is_not_compared(bench: Path) -> None:
    publish(bench, "y2024", {"first-meeting": mean(pd.Series([1.0, 2.0] * 9), "points", "pairs")})
    publish(bench, "y2025", {"first-meeting": proportion(20, 60, "pairs")})
    with pytest.raises(CheckError, match="points and share in different cycles"):
        trend(bench).checks()


def test_a_figure_without_cycles_says_why() -> None:
    empty = DisclosedEstimates(minimum=5, names=("figure", "cycle"), keys=(), estimates=())
    assert trend_lines(empty, {}).title == "No cycle is published yet"


def test_the_command_publishes_a_page(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(bench, "y2024", {"first-meeting": proportion(20, 60, "pairs")})
    publish(bench, "y2025", {"first-meeting": proportion(50, 60, "pairs")})
    with pytest.raises(SystemExit) as left:
        main(["trend", "y2025", "--root", str(bench)])
    assert left.value.code == 0, capsys.readouterr().err
    page = bench / "outputs" / "trend" / "report" / "index.html"
    assert capsys.readouterr().out.strip() == str(page)
    text = page.read_text()
    assert "The one figure has changed by more than chance" in text
    assert "P-00" not in text
    assert {path.name for path in (bench / "outputs" / "trend").iterdir()} == {
        "notebooks", "report", "run.log",
    }  # fmt: skip
    assert history.read(bench / "outputs")["runs"]["cycle"].tolist() == ["y2024", "y2025"]
