"""Sentences about numbers that may not be shown in full are sentences all the same."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd
import pytest
from small_company import make_params, small_company

from revmentor import figures
from revmentor.cycle.changes import compared
from revmentor.cycle.steps.headline import headline, how_many
from revmentor.cycle.steps.naming import page_by_name
from revmentor.cycle.steps.power_rows import at_the_target
from revmentor.cycle.steps.report import advice
from revmentor.cycle.steps.review import months, outcomes
from revmentor.cycle.steps.review.telling import first_meeting, response
from revmentor.cycle.steps.review.verdicts import target_said
from revmentor.disclosure import (
    Count,
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
    disclose_categories,
    disclose_counts,
    disclose_distribution,
    disclose_estimate,
    disclose_estimates,
)
from revmentor.disclosure.verdicts import VerdictRow
from revmentor.matching import Problem
from revmentor.matching.points import told_points
from revmentor.metrics.estimate import Estimate, mean, not_computed, proportion
from revmentor.params.models import Charter
from revmentor.planning import charter_power

HIDDEN = Count(value=None, low=1, high=None, text="not shown")


def withheld(of: str) -> DisclosedEstimate:
    return DisclosedEstimate(minimum=5, state="withheld", unit="share", of=of, method="share")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (
            disclose_estimate(proportion(30, 40, "pairs"), 5),
            "75% of the pairs met within 30 days (95% interval 60% to 86%, 40 pairs).",
        ),
        (
            disclose_estimate(proportion(2, 44, "pairs"), 5),
            "Fewer than 5 of 44 pairs met within 30 days.",
        ),
        (
            disclose_estimate(proportion(43, 44, "pairs"), 5),
            "All but fewer than 5 of 44 pairs met within 30 days.",
        ),
        (
            disclose_estimate(proportion(2, 3, "pairs"), 5),
            "How many pairs met within 30 days is not shown: there are fewer than 5 pairs.",
        ),
        (withheld("pairs"), "How many pairs met within 30 days is not shown."),
        (
            disclose_estimate(not_computed("too early", 9, "share", "share", "pairs"), 5),
            "First meetings within 30 days: not computed, too early.",
        ),
    ],
)
def test_a_share_of_pairs_is_a_sentence_in_every_state(share: DisclosedEstimate, said: str) -> None:
    assert first_meeting(share, 30) == said


def burden(loaded: Estimate) -> str:
    found = disclose_estimates({"share loaded": loaded}, 5, "what")
    return "\n".join(map(repr, months.burden({"burden": found})))


def test_few_mentors_of_whom_the_load_is_known() -> None:
    of = "mentors of whom two signs can be told"
    signs = "(many hours, low commitment, cancellations, support asked for)"
    told = f"mentors show two or more signs of a heavy load {signs}"
    few = burden(proportion(1, 3, of))
    assert few == f"How many {told} is not shown: there are fewer than 5 {of}."
    assert burden(proportion(2, 40, of)) == f"Fewer than 5 of 40 {told}."
    assert burden(proportion(20, 40, of)).startswith(f"50% of the {told} (95% interval ")


def hours(values: list[float], reason: str = "") -> str:
    of, unit = "mentors of whom a meeting is told", "hours a month"
    found = (
        not_computed(reason, 0, unit, "mean", of)
        if reason
        else mean(pd.Series(values), unit, of, bounds=(0.0, math.inf))
    )
    disclosed = disclose_estimates({months.HOURS: found}, 5, "what")
    return "\n".join(map(repr, months.burden({"burden": disclosed})))


def test_hours_of_meetings_are_told_in_words_where_too_few_tell_of_them() -> None:
    lead = "How many hours a month of a mentor's time meetings take is not known yet: "
    few = f"{lead}there are fewer than 5 mentors of whom a meeting is told."
    assert hours([1.0, 2.0, 3.0]) == few
    assert hours([1.0]) == few
    assert hours([], "no meeting is told yet") == f"{lead}no meeting is told yet."
    assert hours([], "there is no table sessions") == ""
    told = hours([0.0] * 9 + [0.2])
    assert told.startswith("Meetings take less than 0.1 hours a month of a mentor's time (95% ")
    assert "−" not in told
    assert hours([1.0, 2.0] * 5).startswith("Meetings take 1.5 hours a month of a mentor's time (")


def test_who_answered_is_told_side_by_side() -> None:
    rates = {
        ("day30", "mentor"): proportion(2, 44, "pairs"),
        ("day90", "mentor"): proportion(30, 40, "pairs"),
        ("day30", "mentee"): proportion(40, 40, "pairs"),
        ("day90", "mentee"): proportion(1, 3, "pairs"),
    }
    found: DisclosedEstimates = disclose_estimates(rates, 5, "wave", "side")
    assert response(found) == (
        "Answered, after 30 days and after 90 days: mentors fewer than 5 of 44 and then 75%; "
        "mentees 100% and then fewer than 5 pairs."
    )


def support(rows: dict[str, tuple[int, int]]) -> DisclosedCounts:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["mentor", "mentee"])
    return disclose_categories(frame, 5)


def test_what_too_few_asked_for_to_be_named_is_not_what_is_asked_for_most() -> None:
    some = support({"time": (6, 0), "a": (4, 0), "b": (0, 4), "c": (3, 0)})
    assert figures.support_needed(some).title == "Most asked for: time (6 mentors and 0 mentees)"
    assert advice.on_support(some) == ["Answer what people ask for most: time (6 people)."]
    rare = support({"a": (4, 0), "b": (0, 4), "c": (3, 0)})
    title = figures.support_needed(rare).title
    assert title == "No kind of support is asked for by 5 people or more"
    assert advice.on_support(rare) == []


def test_people_of_a_number_that_is_not_shown() -> None:
    assert how_many(HIDDEN, "mentor", "junior") == "a number of mentors (junior) that is not shown"
    few = Count(value=None, low=1, high=4, text="fewer than 5")
    assert how_many(few, "mentor") == "fewer than 5 mentors"
    placed = DisclosedCounts(
        minimum=5,
        rows=("with a partner", "without a partner"),
        columns=("mentor", "mentee"),
        cells=((Count.shown(40), HIDDEN), (HIDDEN, Count.shown(6))),
    )
    pairs = DisclosedCounts(
        minimum=5, rows=("pairs",), columns=("pairs",), cells=((Count.shown(44),),)
    )
    scores = disclose_distribution(pd.Series([0.5] * 44), 5, step=0.05, unit="score", of="pairs")
    shares = disclose_estimates({"share_of_possible": proportion(40, 44, "mentees")}, 5, "what")
    text = repr(headline(pairs, placed, shares, scores))
    assert "40 mentors (junior) and a number of mentees (senior) that is not shown" in text
    assert "and a number of mentors that is not shown" in text


def test_the_coordinators_page_by_name_has_every_number_in_full() -> None:
    people = pd.DataFrame(
        {
            "person_id": ["a", "b", "c", "d"],
            "name": ["A", "B", "C", "D"],
            "job_title": "",
            "department": "",
            "site": "",
        }
    )
    made = pd.DataFrame({"mentor_id": ["a", "a"], "mentee_id": ["b", "c"], "score": [0.5, 0.4]})
    alone = pd.DataFrame({"person_id": ["d"], "side": ["mentor"], "reason": ["no partner"]})
    page = page_by_name(made, alone, people, "Spring")
    assert "1 mentor and 2 mentees have a partner" in page
    assert "1 mentor and no mentees" in page
    assert "What changed" not in page

    before = pd.DataFrame({"mentor_id": ["a", "d", "e"], "mentee_id": ["c", "b", "c"]})
    away = pd.DataFrame({"mentor_id": ["d"], "mentee_id": ["b"], "decision": ["forbid"],
                         "by": ["Bo"], "reason": ["<b>as agreed"]})  # fmt: skip
    names = {"a": "A", "b": "B", "c": "C", "d": "D"}
    changes = compared(before, made, away, names, there={"a", "b", "c", "d"})
    told = page_by_name(made, alone, people, "Spring", changes)
    told = told[told.index("What changed") : told.index("All pairs")]
    assert changes.sentence in told
    rows = re.findall("<tr><td>(gone|new)</td><td>(.)<.*?<td>(.)<.*?<td>(.*?)</td></tr>", told)
    other = "none; it followed from the rest"
    assert rows == [
        ("gone", "B", "D", "forbid: &lt;b&gt;as agreed<small>Bo</small>"),
        ("gone", "C", "e", "e takes part no longer"),
        ("new", "B", "A", other),
    ]
    assert "now with nobody" in told
    same = compared(made, made, None, {})
    assert page_by_name(made, alone, people, "Spring", same) == page


def test_a_merged_group_is_not_called_one_generation() -> None:
    label = "Generation X, Millennials"
    merged = pd.DataFrame({"Generation Z": [20], "Millennials": [30]}, [label])
    title = figures.who_meets_whom(disclose_counts(merged, 5, totals="both"), "generation").title
    assert title == (
        "The mentees in pairs are shown as one group, “Generation X, Millennials”: which "
        "generation meets which is not told"
    )
    alone = merged.set_axis(["Generation X"])
    title = figures.who_meets_whom(disclose_counts(alone, 5, totals="both"), "generation").title
    assert title == "All mentees in pairs are of one generation: Generation X"


def test_a_difference_is_told_in_percentage_points_wherever_it_stands() -> None:
    gap = Estimate(0.05, -0.04, 0.15, 282, "share", "bootstrap", "", "people")
    row = VerdictRow(
        criterion="Stay",
        metric="retention_difference",
        figure="difference",
        answer="cannot conclude",
        why="it is so",
        rule="met if",
        baseline=0.0,
        target=0.05,
        unit="share",
        estimate=disclose_estimate(gap, 5),
        needed=None,
    )
    assert target_said(row) == "5 percentage points"
    assert row.found == "5 percentage points (95% interval −4 to 15, n = 282)"
    share = row.model_copy(update={"metric": "retention"})
    assert (target_said(share), share.found) == ("5%", "5% (−4% to 15%, n = 282)")


def test_the_nearest_miss_is_told_in_points_of_100(tmp_path: Path) -> None:
    company = small_company(tmp_path)
    tables, params = company.load(), make_params()
    problem = Problem.from_tables(tables.people, tables.applications, params)
    assert told_points(problem, 7213) == "0.7"
    assert told_points(problem, 840_000) == "84"
    assert told_points(problem, 300) == "under 0.1"
    assert told_points(Problem.from_scores([[0.5]]), 7213) == "0.007213"


def test_a_truth_that_is_just_the_target_is_mostly_not_concluded() -> None:
    criteria = [
        {"criterion": "Met", "metric": "first_meeting_share", "baseline": 0.7, "target": 0.9},
        {"criterion": "Gain", "metric": "skill_change", "baseline": 0, "target": 0.5,
         "rule": "baseline", "spread": 1.0},
    ]  # fmt: skip
    charter = Charter.model_validate({"kind": "culture", "success": criteria})
    found = charter_power(charter, 100)
    text = at_the_target(charter, found)
    assert "“Met” is just the target, the verdict is mostly “cannot conclude”" in text
    assert "Gain" not in text, "its rule asks that the interval excludes the baseline"
    assert "if the truth is just 90%, it mostly cannot be concluded" in found[0].text


def pulse_of(*shown: str) -> DisclosedEstimates:
    means = {
        (name, "day30", side, "mean"): mean(
            pd.Series([3.0, 4.0] * (20 if name in shown else 1)), "points", f"{side}s"
        )
        for name in ("respect", "commitment")
        for side in ("mentor", "mentee")
    }
    return disclose_estimates(means, 5, "principle", "wave", "side", "what")


def test_no_panel_of_the_pulse_is_empty() -> None:
    some = figures.pulse_lines(pulse_of("respect"), (1, 5))
    assert "respect mentors 3.5" in some.alt
    assert "commitment" not in some.alt
    none = figures.pulse_lines(pulse_of(), (1, 5))
    assert "group too small to show" in none.alt
    assert none.height < some.height


def test_goals_that_may_not_be_shown_are_told_in_words() -> None:
    few = disclose_distribution(pd.Series([0.5] * 3), 5, step=0.1, unit="share", of="goals")
    parts = outcomes.goals({"goals": few}, ())
    assert [repr(part) for part in parts[1:]] == ["The progress is not shown: fewer than 5 goals."]
