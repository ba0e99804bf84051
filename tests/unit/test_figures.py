"""Does every figure say its finding, the null finding too, and hide what must be hidden?"""

import base64
import datetime as dt
import io
import subprocess
import sys
import textwrap
from dataclasses import FrozenInstanceError
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import image
from matplotlib import pyplot as plt

from revmentor import figures, metrics
from revmentor.disclosure import (
    DisclosedDistribution,
    PairExamples,
    disclose_categories,
    disclose_chain,
    disclose_counts,
    disclose_distribution,
    disclose_estimate,
    disclose_estimates,
    disclose_gap,
    disclose_load,
    disclose_pulse,
    disclose_rhythm,
    pair_example,
)
from revmentor.figures.theme import DPI, WIDTH
from revmentor.metrics.pulse import PulsePoint
from revmentor.planning import phases
from revmentor.planning.timeline import Event

ROOT = Path(__file__).parents[2]
START, END = dt.date(2026, 3, 2), dt.date(2026, 6, 28)
DUE = [START + dt.timedelta(days=14 * k) for k in range(9)]
PAIRS = pd.DataFrame(
    {"mentor_id": [f"m{k}" for k in range(40)], "mentee_id": [f"s{k}" for k in range(40)]}
)


def funnel(mentors: list[int], mentees: list[int]) -> figures.Plot:
    table = pd.DataFrame({"mentor": mentors, "mentee": mentees}, index=list(metrics.cohort.STAGES))
    return figures.funnel(disclose_chain(table, 5))


def gap(*rows: tuple[str, int, int, int], most: int = 14) -> figures.Plot:
    supply = pd.DataFrame(rows, columns=["skill", "mentors", "places", "wanted"])
    return figures.skill_gap(disclose_gap(supply, 5, most=most))


def sessions(held: int, by_mentor: int, by_mentee: int) -> pd.DataFrame:
    """So many of nine meetings of each pair, one fewer held by every second pair."""
    rows = []
    for k, pair in enumerate(PAIRS.itertuples(index=False)):
        plan = ["held"] * (held - k % 2)
        plan += ["cancelled_by_mentor"] * by_mentor + ["cancelled_by_mentee"] * by_mentee
        rows += [(*pair, pd.Timestamp(day), status) for day, status in zip(DUE, plan, strict=False)]
    return pd.DataFrame(rows, columns=["mentor_id", "mentee_id", "on", "status"])


def rhythm(*counts: int) -> figures.Plot:
    found = metrics.rhythm(sessions(*counts), PAIRS, DUE, END)
    return figures.meetings_rhythm(
        disclose_rhythm(found, 5),
        disclose_estimates(found.cancelled, 5, "side"),
        disclose_estimate(found.held_of_due, 5),
    )


def pulse(change: float, n: int = 40, steps: int = 1) -> figures.Plot:
    """Waves of two principles; mentees' commitment changes in equal steps, all else scatters."""
    scatter = np.random.default_rng(4).normal(0, 0.5, (steps + 1, n))
    scatter -= scatter.mean(axis=1, keepdims=True)
    rows = []
    for side, other in (("mentor", "mentee"), ("mentee", "mentor")):
        for wave in range(steps + 1):
            moved = change * wave / steps if side == "mentee" else 0.0
            answers = PAIRS.iloc[:n].assign(
                person_id=PAIRS[f"{side}_id"],
                partner_id=PAIRS[f"{other}_id"],
                wave=f"day{30 * (wave + 1)}",
                on=pd.Timestamp(START) + pd.Timedelta(days=30 * wave),
                respect_1=4 + scatter[wave],
                commitment_1=4 + scatter[wave] + moved,
            )
            rows.append(answers)
    points = metrics.pulse_points(pd.concat(rows), PAIRS, ["respect_1", "commitment_1"])
    return figures.pulse_lines(disclose_pulse(points, 5))


def goals(values: list[float]) -> figures.Plot:
    table = PAIRS.iloc[: len(values)].assign(
        goal="sql", baseline=1.0, target=2.0, current=np.add(values, 1.0), on=pd.Timestamp(END)
    )
    found = metrics.goal_attainment(table, PAIRS)
    return figures.goal_progress(
        disclose_distribution(found.goals["capped"], 5, step=0.1, unit="share", of="goals"),
        disclose_estimate(found.capped, 5),
        disclose_estimate(found.reached, 5),
    )


def load(hours: list[float | None]) -> figures.Plot:
    people = [*PAIRS["mentor_id"], *PAIRS["mentee_id"]]
    gave = pd.DataFrame({"person_id": people, "hours_per_month": hours})
    found = metrics.load(PAIRS, gave, DUE, END, 45)
    return figures.load_by_week(*disclose_load(found, 5), 45)


def test_the_load_tells_what_circles_add() -> None:
    gave = pd.DataFrame({"person_id": ["m1"], "hours_per_month": [2.0]})
    circle = pd.DataFrame({"circle": [1] * 6, "person_id": list("abcdef"), "side": "mentee"})
    alone = metrics.load(PAIRS, gave, DUE, END, 45)
    found = metrics.load(PAIRS, gave, DUE, END, 45, circles=circle)
    assert "circle" not in figures.load_by_week(*disclose_load(alone, 5), 45).subtitle
    plot = figures.load_by_week(*disclose_load(found, 1), 45)
    assert "Meetings of pairs and circles of 45 minutes" in plot.subtitle
    assert f"a circle needs {alone.needed:.1f} more" in plot.subtitle


def composed(cells: list[list[int]], groups: list[str]) -> figures.Plot:
    table = pd.DataFrame(
        cells,
        index=pd.Index(groups, name="department"),
        columns=["mentors", "mentees", "both", "neither"],
    )
    return figures.composition(disclose_counts(table, 5, totals="both"))


def meets(cells: list[list[int]]) -> figures.Plot:
    rows, columns = ["IT", "Law", "Sales"], ["Design", "Ops", "People"]
    table = pd.DataFrame(cells, index=rows[: len(cells)], columns=columns[: len(cells[0])])
    counts = disclose_counts(table, 5, totals="both", unit="pairs")
    return figures.who_meets_whom(counts, "department")


def steps(pairs_left: list[int], without: list[int]) -> figures.Plot:
    rules = ["all", "reporting_line", "vetoes"][: len(pairs_left)]
    table = pd.DataFrame({"pairs_left": pairs_left, "people_without": without}, index=rules)
    return figures.rule_steps(disclose_chain(table, 5))


def scored(values: list[float]) -> figures.Plot:
    return figures.score_distribution(
        disclose_distribution(pd.Series(values), 5, step=0.05, unit="score", of="pairs")
    )


def reasons(rows: dict[str, tuple[int, int]]) -> figures.Plot:
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mentor", "mentee"])
    return figures.unmatched_reasons(disclose_counts(table, 5, totals="none"))


def support(rows: dict[str, tuple[int, int]]) -> figures.Plot:
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["mentor", "mentee"])
    return figures.support_needed(disclose_categories(table, 5))


EXAMPLE = pair_example(
    "best pair",
    pd.Series({"skills": 0.4, "wishes": 0.2, "mentor_id": "x7"}),
    pd.Series({"skills": 0.5, "wishes": 0.0}),
)
SPREAD = [0.31] + [0.5 + k / 200 for k in range(60)]
FINDINGS = {
    "funnel": lambda: funnel([600, 141, 120], [600, 212, 198]),
    "funnel, nobody lost": lambda: funnel([600, 141, 141], [600, 212, 212]),
    "funnel, few lost": lambda: funnel([600, 141, 141], [600, 212, 210]),
    "gap": lambda: gap(("Python", 9, 10, 56), ("Go", 9, 9, 10), ("R", 8, 8, 8)),
    "gap of one": lambda: gap(("Python", 9, 10, 11), ("R", 8, 8, 8)),
    "gap, none": lambda: gap(("Python", 9, 90, 56), ("R", 8, 8, 8)),
    "gap, hidden": lambda: gap(("Python", 9, 90, 56), ("R", 8, 8, 2)),
    "gap, none shown": lambda: gap(("Python", 9, 90, 56), ("R", 2, 80, 9)),
    "gap, least": lambda: gap(("Python", 2, 3, 56)),
    "gap, no skill": lambda: gap(),
    "composition": lambda: composed([[30, 9, 0, 30], [10, 40, 0, 31]], ["IT", "Law"]),
    "composition, alike": lambda: composed([[30, 30, 0, 30], [30, 30, 0, 30]], ["IT", "Law"]),
    "composition, sums": lambda: composed([[30, 9, 0, 30], [10, 60, 0, 31]], ["4", "7 others"]),
    "composition, small": lambda: composed([[1, 2, 0, 3], [2, 1, 0, 2]], ["IT", "Law"]),
    "steps": lambda: steps([1000, 400, 390], [0, 0, 12]),
    "steps, none": lambda: steps([1000, 1000], [0, 0]),
    "steps, few": lambda: steps([1000, 400], [0, 3]),
    "scores": lambda: scored(SPREAD),
    "scores, few": lambda: scored([0.4, 0.5]),
    "scores, silent": lambda: figures.score_distribution(
        DisclosedDistribution(minimum=5, step=0.1, unit="score", of="pairs", reason="not shown")
    ),
    "scores, alike": lambda: scored([0.4] * 9),
    "examples": lambda: figures.pair_examples(PairExamples(minimum=5, examples=(EXAMPLE,))),
    "examples, none": lambda: figures.pair_examples(PairExamples(minimum=5, examples=())),
    "meets": lambda: meets([[40, 10, 10], [10, 12, 30], [12, 40, 9]]),
    "meets, chance": lambda: meets([[20, 20], [20, 20]]),
    "meets, fixed totals": lambda: meets([[21, 22], [21, 61]]),
    "meets, seldom": lambda: meets([[30, 30, 0], [30, 35, 25], [35, 30, 22]]),
    "meets, one": lambda: meets([[20], [30]]),
    "meets, small": lambda: meets([[1, 2], [2, 20]]),
    "reasons": lambda: reasons({"no place left": (0, 30), "no eligible partner": (6, 0)}),
    "reasons, none": lambda: reasons({}),
    "support": lambda: support({"time": (12, 6), "a room for us": (1, 0)}),
    "support, tie": lambda: support({"time": (12, 6), "a room for us": (0, 18)}),
    "support, none": lambda: support({}),
    "rhythm": lambda: rhythm(6, 0, 2),
    "rhythm, alike": lambda: rhythm(6, 1, 1),
    "pulse": lambda: pulse(-0.6),
    "pulse, slow": lambda: pulse(-0.5, steps=4),
    "pulse, null": lambda: pulse(0.0),
    "pulse, small": lambda: pulse(-0.6, n=4),
    "goals": lambda: goals([0.5 + 0.01 * k for k in range(30)] + [1.0] * 10),
    "goals, none": lambda: goals([]),
    "load": lambda: load([3.0, 1.0] * 20 + [4.0, 3.0] * 20),
    "load, unknown": lambda: load([None] * 80),
    "timeline": lambda: figures.timeline(
        [Event("Pairs meet", START, END), Event("Check-in 1", START, START)]
    ),
}
TITLES = {
    "funnel": "141 mentors and 212 mentees applied; 21 mentors and 14 mentees have no eligible "
    "partner",
    "funnel, nobody lost": "141 mentors and 212 mentees applied; all have an eligible partner",
    "funnel, few lost": "141 mentors and 212 mentees applied; fewer than 5 mentees have no "
    "eligible partner",
    "gap": "Python is short by 46 places; one more skill is short",
    "gap of one": "Python is short by 1 place; no other skill is short",
    "gap, none": "No skill is short",
    "gap, hidden": "No skill is short",
    "gap, none shown": "No skill is short, as far as numbers may be shown",
    "gap, least": "Python is short by at least 52 places; no other skill is short",
    "gap, no skill": "Nobody has named a skill",
    "composition": "IT: 75% of the mentors, 46% of the company",
    "composition, alike": "Both sides mirror the company by department",
    "composition, sums": "Department 4: 75% of the mentors, 41% of the company",
    "composition, small": "No department is large enough to compare",
    "steps": "The rule “not in one reporting line” removes most pairs (60%); 12 people have no "
    "eligible partner",
    "steps, none": "The rules remove no pair; everybody keeps an eligible partner",
    "steps, few": "The rule “not in one reporting line” removes most pairs (60%); fewer than 5 "
    "people have no eligible partner",
    "scores": "Half of the pairs score 64 or more; the worst five average 47",
    "scores, few": "No score is shown: fewer than 5 pairs",
    "scores, silent": "No score is shown",
    "scores, alike": "All pairs score 40",
    "examples": "The best pair scores 60",
    "examples, none": "There is no pair to show",
    "meets": "More often than by chance: mentees of IT with mentors of Design, 40 pairs where "
    "chance gives 22",
    "meets, chance": "Who meets whom by department is about what chance would give",
    "meets, fixed totals": "More often than by chance: mentees of IT with mentors of Design, 21 "
    "pairs where chance gives 14",
    "meets, seldom": "Less often than by chance: mentees of IT with mentors of People, no pairs "
    "where chance gives 12",
    "meets, one": "All mentors in pairs are of one department: Design",
    "meets, small": "The groups are too small to say which department meets which",
    "reasons": "6 mentors and 30 mentees have no partner; the commonest reason: no place left",
    "reasons, none": "Everybody has a partner",
    "support": "Most asked for: time (12 mentors and 6 mentees)",
    "support, tie": "Most asked for: time and a room for us (18 people each)",
    "support, none": "Nobody asks for support",
    "rhythm": "Pairs held 61% of the meetings that were due; mentees cancel more, 27% against 0%",
    "rhythm, alike": "Pairs held 61% of the meetings that were due; both sides cancel about as "
    "often",
    "pulse": "Commitment of mentees fell by 0.6 points, day 30 to day 60",
    "pulse, slow": "Commitment of mentees fell by 0.5 points, day 30 to day 150",
    "pulse, null": "No principle changed by more than chance would",
    "pulse, small": "The pulse has too few answers to show",
    "goals": "On average pairs have gone 73% of the way to their goals; 25% of goals are reached",
    "goals, none": "Progress towards the goals: not computed",
    "load": "At most 40 meetings a week; 50% of mentors gave fewer hours than theirs need",
    "load, unknown": "At most 40 meetings a week; too few people said how many hours they have",
    "timeline": "The pairs meet for 17 weeks, from 2 Mar 2026 to 28 Jun 2026",
}


@cache
def drawn(name: str) -> figures.Plot:
    return FINDINGS[name]()


@pytest.mark.parametrize("name", list(FINDINGS))
def test_the_title_is_the_finding_and_the_null_finding(name):
    plot = drawn(name)
    assert plot.title == TITLES[name]
    assert plot.alt.startswith(plot.title)
    assert len(plot.alt) > len(plot.title) + 5, "alt text says what is to be seen"
    assert plot.subtitle
    assert "\n" not in plot.alt


@pytest.mark.parametrize("name", list(FINDINGS))
def test_a_plot_is_a_picture_of_the_common_width(name):
    plot = drawn(name)
    pixels = image.imread(io.BytesIO(plot.png), format="png")
    assert pixels.shape[1] == round(WIDTH * DPI)
    assert plot.width == round(WIDTH * 96)
    edges = (pixels[:2], pixels[-2:], pixels[:, :2], pixels[:, -2:])
    assert all(edge.min() == 1.0 for edge in edges), "nothing is cut at the edge"


def test_the_same_values_give_the_same_bytes():
    assert FINDINGS["scores"]().png == FINDINGS["scores"]().png


def test_a_notebook_gets_the_picture_with_its_alternative_text(tmp_path):
    plot = drawn("gap")
    data, about = plot._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]) == plot.png
    assert data["text/plain"] == plot.alt
    assert about["image/png"]["alt"] == plot.alt
    assert about["image/png"]["width"] == plot.width
    assert plot.save(tmp_path / "gap.png").read_bytes() == plot.png


def test_a_plot_is_frozen():
    with pytest.raises(FrozenInstanceError):
        FINDINGS["gap"]().title = "other"


def test_a_hidden_number_is_in_no_word_of_the_figure():
    plot = gap(("Python", 3, 4, 56), ("Go", 20, 20, 2))
    assert "fewer than 5" in plot.alt
    words = plot.alt.replace("fewer than 5", "").replace("Python", "")
    assert " 3 " not in words
    assert " 4 " not in words
    assert " 2 " not in words


def test_text_that_looks_like_a_formula_or_html_is_drawn_as_text():
    wild = r"$\frac{1}$ <script>alert(1)</script> a_b^c 日本" + "x" * 80
    plot = gap((wild, 9, 10, 56), ("\t", 9, 9, 9))
    assert plot.title.startswith(r"$\frac{1}$ <script>alert(1)</script> a_…")
    assert composed([[30, 9, 0, 30], [10, 40, 0, 31]], [wild, "Law"]).png
    assert reasons({wild: (9, 9)}).png


def test_the_whole_calendar_of_a_programme_is_drawn():
    class Programme:
        start, end = START, END
        promotion_from = dt.date(2026, 1, 5)
        sign_up_from, sign_up_until = dt.date(2026, 1, 20), dt.date(2026, 2, 10)
        training_from, review_on = None, dt.date(2026, 7, 15)
        first_meeting_within_days, check_in_every_days = 30, 30

    plot = figures.timeline(phases(Programme()))
    assert "Check-ins: 3 days" in plot.alt
    assert "Review: 15 Jul" in plot.alt


def test_drawing_leaves_matplotlib_as_it_was():
    before = {key: value for key, value in mpl.rcParams.items() if key != "backend"}
    FINDINGS["meets"]()
    assert {key: mpl.rcParams[key] for key in before} == before
    assert not plt.get_fignums()


def test_many_changes_by_chance_alone_are_not_called():
    rng = np.random.default_rng(8)
    called = 0
    for _ in range(200):
        points = []
        for k in range(20):
            known = pd.Series(rng.normal(0, 1, 30))
            change = metrics.mean(known, "points", "mentors in both waves")
            points.append(PulsePoint(f"p{k}", "day60", "mentor", change, change, change))
        called += bool(figures.notable_changes(disclose_pulse(points, 5)))
    assert called <= 20, "at most 5% by chance (20 of 200 is three standard errors above)"


def test_raw_data_is_a_type_error(tmp_path):
    source = tmp_path / "misuse.py"
    source.write_text(
        textwrap.dedent(
            """
            import pandas as pd
            from revmentor import figures, tables

            frame = pd.DataFrame({"places": [1], "wanted": [2]})
            figures.skill_gap(frame)
            figures.who_meets_whom(frame, "site")
            figures.score_distribution(frame["places"])
            figures.composition(frame)
            tables.show(frame)
            tables.interactive(frame)
            """
        )
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(source)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    errors = [line for line in done.stdout.splitlines() if "[arg-type]" in line]
    assert [line.split(": error")[0].rsplit(":")[-1] for line in errors] == [
        "6",
        "7",
        "8",
        "9",
        "10",
        "11",
    ], done.stdout
