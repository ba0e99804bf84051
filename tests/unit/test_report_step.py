"""The page that is forwarded: verdicts first, advice that follows from figures, methods to read."""

from __future__ import annotations

import itertools
import re
from html import unescape

import pytest
from review_cases import REVIEW_TABLES, Cycle, each_alone, html_of, texts

from revmentor.cycle.steps.participants import Participants
from revmentor.cycle.steps.recruits import RECRUITING
from revmentor.cycle.steps.report import Report, advice
from revmentor.cycle.steps.report.methods import METHODS
from revmentor.disclosure import (
    Count,
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
    disclose_estimate,
)
from revmentor.disclosure.verdicts import Answer, DisclosedVerdicts, VerdictRow
from revmentor.measures import MEASURES
from revmentor.metrics.estimate import Estimate, clustered_share, proportion
from revmentor.metrics.evidence import why_absent
from revmentor.planning.advice import IF_SHORT
from revmentor.publish.methods import described, methods_page

SECTIONS = ("opening", "what_to_do", "who_and_match", "months", "outcomes", "how_we_know")
EVERY = [function for functions in METHODS.values() for function in functions]


def opened(report: Report) -> dict[str, str]:
    with each_alone():
        return {name: texts(getattr(report, name)()) for name in SECTIONS}


def test_the_verdict_on_each_criterion_comes_first(whole: Cycle) -> None:
    with each_alone():
        page = html_of(whole.report().opening())
    heading = page.index("<h3>Of 5 criteria:")
    tiles = [match.start() for match in re.finditer(r'<div class="tile ', page)]
    assert len(tiles) >= 5
    assert heading < tiles[0]
    first = page[heading : page.index("</div></div>", heading)]
    for row in whole.report().told.rows:
        assert row.criterion in unescape(first)
    assert len(re.findall("[✓✗?] (?:met|not met|cannot conclude)", first)) == 5
    assert page.index("Judged by the rules of the charter") < page.index("roven")


def test_verdict_and_figure_of_page_file_and_review_agree(whole: Cycle) -> None:
    with each_alone():
        assert whole.report().told == whole.review().told
    assert opened(whole.report())["how_we_know"].count("cannot conclude") >= sum(
        row.answer == "cannot conclude" for row in whole.report().told.rows
    )


def test_without_criteria_the_page_says_that_there_is_nothing_to_judge(cycle: Cycle) -> None:
    cycle.set({"charter": {"success": []}})
    with each_alone():
        cycle.review().record()
    found = opened(cycle.report())
    assert (
        "The charter names no criterion of success, so there is nothing to judge"
        in (found["opening"])
    )


def test_without_review_tables_the_page_says_what_cannot_be_said(cycle: Cycle) -> None:
    cycle.drop(*REVIEW_TABLES)
    with each_alone():
        cycle.review().record()
    found = opened(cycle.report())
    for table in REVIEW_TABLES:
        assert f"Without a table “{table}” we cannot say" in found["how_we_know"]
    assert "cannot be concluded" in found["opening"]
    assert "Every figure with its formula and source" in found["how_we_know"]


def row(answer: Answer, key: str, needed: int | None = None, why: str = "it is so") -> VerdictRow:
    estimate = disclose_estimate(Estimate(0.5, 0.4, 0.6, 90, "share", "share"), 5)
    return VerdictRow(
        criterion=f"A {key}",
        metric=key,
        figure=MEASURES[key].label,
        answer=answer,
        why=why,
        rule="met if",
        baseline=None,
        target=0.6,
        unit="share",
        estimate=estimate,
        needed=needed,
    )


@pytest.mark.parametrize("key", MEASURES)
def test_each_criterion_that_was_not_met_gives_its_own_advice(key: str) -> None:
    told = advice.on_verdicts(DisclosedVerdicts(minimum=5, rows=(row("not met", key),)))
    assert told == [f"A {key}: not met. {IF_SHORT[key]}"]


def test_what_was_met_asks_for_nothing_and_what_is_open_for_more_people() -> None:
    rows = (
        row("met", "retention"),
        row("cannot conclude", "retention", 430),
        row("cannot conclude", "new_ties", why="not computed: there is no table “ties”"),
        row("not met", "retention"),
    )
    told = advice.on_verdicts(DisclosedVerdicts(minimum=5, rows=rows))
    assert len(told) == 3
    assert told[0].startswith("A retention: not met."), "what was not met comes first"
    assert told[1] == (
        "A retention: cannot be concluded, as it is so. If the figure stays as it is, about 430 "
        "participants would settle it."
    )
    assert told[2].startswith("A new_ties: cannot be concluded, as there is no table “ties”. ")
    assert "name its file under data.tables.ties, or judge the criterion by another" in told[2]
    waiting = "nobody has entered a goal on the check-in page yet"
    row_ = row("cannot conclude", "goals_reached_share", why=f"not computed: {waiting}")
    assert advice.on_verdicts(DisclosedVerdicts(minimum=5, rows=(row_,))) == [
        f"A goals_reached_share: cannot be concluded, as {waiting}. Remind both sides of their "
        "personal links to the page, or judge the criterion by another figure in the next charter."
    ]


def test_before_its_day_a_criterion_only_asks_for_the_table_that_it_lacks() -> None:
    lacking = Estimate(None, None, None, 0, "share", "share", "there is no table “ties”")
    early = row("not due yet", "new_ties", why="due on 24 July 2026").model_copy(
        update={"estimate": disclose_estimate(lacking, 5)}
    )
    rows = (row("not due yet", "retention", why="due on 24 July 2026"), early)
    (told,) = advice.on_verdicts(DisclosedVerdicts(minimum=5, rows=rows))
    assert told.startswith(
        "A new_ties: due on 24 July 2026, and there is no table “ties”. Collect it ("
    )


def test_before_the_start_nobody_is_reminded_of_what_has_not_happened() -> None:
    nobody = Estimate(None, None, None, 0, "share", "share", why_absent("sessions", ("sessions",)))
    early = row("not due yet", "first_meeting_share", why="due on 24 July 2026").model_copy(
        update={"estimate": disclose_estimate(nobody, 5)}
    )
    found = DisclosedVerdicts(minimum=5, rows=(early,))
    assert advice.on_verdicts(found, begun=False) == []
    (told,) = advice.on_verdicts(found, begun=True)
    assert "Remind both sides" in told


def counts(rows: dict[str, tuple[int | None, int | None]], columns: tuple[str, str]) -> object:
    def count(value: int | None) -> Count:
        return (
            Count(value=None, low=1, high=4, text="fewer than 5")
            if value is None
            else Count.shown(value)
        )

    return DisclosedCounts(
        minimum=5,
        rows=tuple(rows),
        columns=columns,
        cells=tuple((count(a), count(b)) for a, b in rows.values()),
        row_name="what",
        unit="people",
    )


def test_whom_to_recruit_is_what_the_page_of_participants_says(whole: Cycle) -> None:
    """Places short by skill are no list of whom to recruit: what newcomers change is solved."""
    with each_alone():
        step = Participants(whole.context("02_participants"))
        page = texts(step.where_short())
    told = step.recruits.advice(step.secured.values.get(RECRUITING))
    assert told
    assert all(text in page for text in told)
    found = opened(whole.report())["what_to_do"]
    assert all(f"Recruit before the next match. {text}" in found for text in told)
    assert "Recruit mentors who know" not in found


def test_pairs_that_never_met_come_before_all_else() -> None:
    few = disclose_estimate(proportion(2, 44, "pairs"), 5)
    (now,) = advice.on_first_meetings(few, 30, open_still=True)
    assert now.startswith("Fewer than 5 of 44 pairs met within 30 days. Call the others this week")
    (late,) = advice.on_first_meetings(few, 30, open_still=False)
    assert "kept them before the next cycle starts" in late
    some = disclose_estimate(proportion(15, 44, "pairs"), 5)
    assert advice.on_first_meetings(some, 30, open_still=True)[0].startswith("34% of the pairs met")
    for fine in (proportion(40, 44, "pairs"), proportion(30, 44, "pairs"), proportion(1, 3, "x")):
        assert advice.on_first_meetings(disclose_estimate(fine, 5), 30, open_still=True) == []


def test_what_is_asked_for_most_is_answered_if_enough_ask() -> None:
    found = counts({"time": (7, 9), "a room": (None, 12)}, ("mentor", "mentee"))
    assert isinstance(found, DisclosedCounts)
    assert advice.on_support(found) == ["Answer what people ask for most: time (16 people)."]
    tie = counts({"time": (7, 9), "a room": (None, 16)}, ("mentor", "mentee"))
    assert isinstance(tie, DisclosedCounts)
    assert advice.on_support(tie) == [
        "Answer what people ask for most: time and a room (16 people each)."
    ]
    few = counts({"time": (None, None)}, ("mentor", "mentee"))
    assert isinstance(few, DisclosedCounts)
    assert advice.on_support(few) == []
    none = counts({}, ("mentor", "mentee"))
    assert isinstance(none, DisclosedCounts)
    assert advice.on_support(none) == []


def cancelled(senior: float, junior: float) -> DisclosedEstimates:
    shares = []
    for share in (junior, senior):
        hits = [round(10 * share)] * 40
        shares.append(disclose_estimate(clustered_share(hits, [10] * 40, "meetings", "pairs"), 5))
    assert all(isinstance(share, DisclosedEstimate) for share in shares)
    return DisclosedEstimates(
        minimum=5, names=("side",), keys=(("mentor",), ("mentee",)), estimates=tuple(shares)
    )


def test_seniors_are_asked_to_move_meetings_only_if_they_cancel_more_beyond_chance() -> None:
    told = advice.on_cancellations(cancelled(0.3, 0.1))
    assert len(told) == 1
    assert told[0].startswith("Seniors cancel 30% of the meetings, juniors 10%")
    assert advice.on_cancellations(cancelled(0.1, 0.1)) == []
    assert advice.on_cancellations(cancelled(0.1, 0.3)) == []


def test_nothing_may_follow(whole: Cycle, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("verdicts", "first_meetings", "recruiting", "support", "cancellations")
    for name in names:
        monkeypatch.setattr(advice, f"on_{name}", lambda *_, **__: [])
    found = opened(whole.report())["what_to_do"]
    scenario = "Try the weights that past ratings speak for"
    assert ("Nothing follows that the figures ask for." in found) != (scenario in found)


def test_the_demo_asks_for_something(whole: Cycle) -> None:
    report = whole.report()
    found = opened(report)["what_to_do"]
    for each in report.told.rows:
        if each.answer == "met":
            assert f"{each.criterion}:" not in found.split("Plot(")[0]
        else:
            assert f"{each.criterion}: " in found


def test_every_estimate_in_a_sentence_has_its_interval_or_n(whole: Cycle) -> None:
    """Sentences of months and outcomes with a percentage of people say how sure it is."""
    with each_alone():
        report = whole.report()
        parts = [*report.months().parts, *report.outcomes().parts]
    sentences = [
        text
        for part in parts
        if hasattr(part, "sentences")
        for text in part.sentences
        if re.search(r"\d%|points", text)
    ]
    assert sentences
    for text in sentences:
        sure = re.search(
            r"interval|n = |n \d|\d+ (people|pairs|mentors|mentees|participants)", text
        )
        assert sure or re.search(r"in day\d+ and day\d+|may not use it", text), text


def test_every_tile_of_a_verdict_has_interval_and_n_or_a_reason(whole: Cycle) -> None:
    for each in whole.report().told.rows:
        assert re.search(r"\(.*n = \d+\)|not computed \(|fewer than|all but", each.estimate.brief)


@pytest.mark.parametrize("function", EVERY, ids=lambda function: function.__name__)
def test_a_method_is_a_question_with_an_explanation_in_plain_text(function: object) -> None:
    method = described(function)  # type: ignore[arg-type]
    assert method.question.endswith("?")
    assert method.question.count("?") == 1
    assert method.paragraphs, "the function and its module explain nothing"
    assert sum(map(len, method.paragraphs)) > 60
    for text in (method.question, *method.paragraphs):
        assert "`" not in text
        assert ">>>" not in text
        assert ":func:" not in text
        assert not re.search(r"(?<![\w*])\*[A-Za-z][^*]*[A-Za-z]\*(?![\w*])", text), text
        assert not re.search(r"----|^\s*Parameters", text)
        assert not re.search(r"\b(Keys|Rows|Columns)\b .*[:,]", text), text


def test_the_page_of_methods_has_them_all_and_is_one_file_without_script() -> None:
    page = methods_page("<i>Spring</i>", METHODS)
    for function in EVERY:
        assert f"{function.__module__}.{function.__qualname__}" in page
    assert len(EVERY) == len(set(EVERY))
    assert "<script" not in page
    assert "&lt;i&gt;Spring" in page
    assert not re.search(r'(src|href)="https?:', page)
    for first, second in itertools.pairwise(METHODS):
        assert page.index(f"<h2>{first}</h2>") < page.index(f"<h2>{second}</h2>")


def test_the_report_writes_the_page_of_methods(cycle: Cycle) -> None:
    with each_alone():
        cycle.review().record()
        cycle.report().record()
    text = (cycle.shared / "methods.html").read_text(encoding="utf-8")
    assert "How was each figure computed?" in text
