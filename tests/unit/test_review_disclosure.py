"""Who stands behind the review's numbers, and what is hidden although many events are counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import pandas as pd
import pytest
from review_cases import Cycle, each_alone, html_of, texts

from revmentor.cycle.steps.base import Step, nobody_behind
from revmentor.cycle.steps.review import Review
from revmentor.cycle.steps.review.during import COUNT_NOBODY, with_sums
from revmentor.cycle.steps.review.meetings import PAIRS_DUE, with_due
from revmentor.cycle.steps.review.telling import rhythm_figure
from revmentor.disclosure import (
    Counted,
    Disclosed,
    DisclosedComments,
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
    Estimated,
    Group,
    Members,
    disclose_distribution,
    disclose_estimates,
    disclose_events,
    estimated,
    told,
)
from revmentor.disclosure.weaken import AS_RANGE, Hidden, weaken
from revmentor.measures import MEASURES
from revmentor.metrics.estimate import clustered_share, proportion
from revmentor.metrics.training import ALL_MODULES


@pytest.fixture(scope="module")
def review(whole: Cycle) -> Review:
    return whole.review()


@dataclass(frozen=True)
class Careless(Step):
    """A step that says of one value only whom it counts."""

    notebook: ClassVar[str] = "02_participants"

    def found(self) -> Mapping[str, Disclosed]:
        share = {("all",): proportion(20, 40, "people"), ("some",): proportion(9, 30, "people")}
        return {name: disclose_estimates(share, 5, "who") for name in ("known", "unknown")}

    def members(self) -> Mapping[str, Members]:
        return {"known": estimated({("all",): Group.of(map(str, range(40)))})}


def test_a_step_that_does_not_say_of_whom_a_value_tells_is_refused(whole: Cycle) -> None:
    step = Careless(whole.context("02_participants"))
    with pytest.raises(LookupError, match=r"“known” \(some\), “unknown” without saying of whom"):
        _ = step.secured
    assert nobody_behind(step.found(), step.members(), frozenset({"known", "unknown"})) == []


def test_the_review_says_of_whom_everything_tells(review: Review) -> None:
    found, members = review.found(), review.members()
    assert nobody_behind(found, members, COUNT_NOBODY) == []
    assert not set(members) & COUNT_NOBODY
    queries = told(found, members)
    names = {query.name for query in queries}
    assert names >= {"balance", "burden", "compared", "goals-reached", "mixing", "new-ties"}
    assert "cancelled" not in names, "it counts meetings"


def test_the_ledger_counts_those_whom_n_counts(review: Review) -> None:
    found, members = review.found(), review.members()
    seen = 0
    for name, value in found.items():
        who = members.get(name)
        if isinstance(value, DisclosedEstimates) and isinstance(who, Estimated):
            for key, each in zip(value.keys, value.estimates, strict=True):
                if key in who.groups and each.n is not None:
                    assert len(who.groups[key].people) == each.n, (name, key)
                    seen += 1
    assert seen > 200


def test_every_measure_can_be_aimed_at_and_is_in_the_ledger(cycle: Cycle) -> None:
    success = [
        {"criterion": f"Aim {key}", "metric": key, "target": 0.5, "baseline": 0.1}
        for key in MEASURES
    ]
    cycle.set({"charter": {"success": success}})
    review = cycle.review()
    assert told(review.found(), review.members())
    events = review.members()["verdicts"]
    assert isinstance(events, Estimated)
    assert {list(MEASURES)[int(number) - 1] for (number,) in events.events} == {
        "senior_cancellation_share",
        "training_compliance",
        "response_rate",
    }


def test_the_verdicts_repeat_what_is_secured_and_nothing_else(review: Review) -> None:
    secured = review.take("verdicts", DisclosedEstimates)
    assert [row.estimate for row in review.told.rows] == list(secured.estimates)


def test_many_meetings_of_few_pairs_are_hidden_by_week(cycle: Cycle) -> None:
    sessions = cycle.table("sessions")
    held = sessions.loc[sessions["status"] == "held"]
    days = pd.to_datetime(held["on"])
    late = held.loc[days >= days.max() - pd.Timedelta(days=13)]
    first = late.drop_duplicates(["mentor_id", "mentee_id"]).head(3)
    rest = sessions.loc[pd.to_datetime(sessions["on"]) < days.max() - pd.Timedelta(days=13)]
    again = pd.concat([first] * 4).assign(on=late["on"].max())
    cycle.put("sessions", pd.concat([rest, again]))
    rhythm = cycle.review().found()["rhythm"]
    assert isinstance(rhythm, DisclosedCounts)
    last = rhythm.at(rhythm.rows[-1], "held")
    assert last.value is None, "twelve meetings, but of three pairs"
    assert last.text == "not shown"


def test_meetings_of_few_pairs_are_not_told_as_a_share_of_those_due(cycle: Cycle) -> None:
    sessions = cycle.table("sessions")
    held = sessions.loc[sessions["status"] == "held"]
    two = held.drop_duplicates(["mentor_id", "mentee_id"]).head(2)
    cycle.put("sessions", two)
    cycle.set({"review": {"as_of": dt.date(2026, 4, 15)}})
    review = cycle.review()
    found = review.found()["held-of-due"]
    assert isinstance(found, DisclosedEstimate)
    assert found.state == "withheld"
    with each_alone():
        assert "2 meetings" not in texts(review.months())
    kept = review.judged.numbers("meetings_held_share")
    verdicts = review.found()["verdicts"]
    assert isinstance(verdicts, DisclosedEstimates)
    assert [verdicts.get(number).state for number in kept] == ["withheld"]  # type: ignore[union-attr]


def test_meetings_due_are_told_as_far_as_the_pairs_that_owe_them(whole: Cycle) -> None:
    review = whole.review()
    found, members = review.found(), review.members()
    pairs, owing = found[PAIRS_DUE], members[PAIRS_DUE]
    assert isinstance(pairs, DisclosedCounts)
    assert isinstance(owing, Counted)
    assert with_due(found)["rhythm"] == found["rhythm"]
    hidden = Hidden({owing.at(pairs.rows[0], "pairs"): AS_RANGE})
    rhythm = with_due({**found, PAIRS_DUE: weaken(PAIRS_DUE, pairs, owing, hidden)})["rhythm"]
    assert isinstance(rhythm, DisclosedCounts)
    cells = [count for row in (*rhythm.cells, rhythm.column_totals) for count in row]
    assert {(count.value, count.low, count.high) for count in cells} == {(None, 0, None)}
    with each_alone():
        plot = rhythm_figure({**found, "rhythm": rhythm})
    assert "Pairs held" in plot.title, "the share that they held is told all the same"
    assert "How many meetings were held in" in plot.alt


@pytest.mark.parametrize(
    ("hits", "shown"),
    [
        ([2] * 12, True),
        ([10, 10, *[0] * 10], False),
        ([*[10] * 9, 0, 0, 0], False),
        ([0] * 12, True),
    ],
    ids=["many", "hits of few", "misses of few", "none"],
)
def test_a_share_of_events_of_few_is_hidden(hits: list[int], shown: bool) -> None:
    counts, sizes = pd.Series(hits), pd.Series([10] * 12)
    share = clustered_share(counts, sizes, "meetings", "pairs")
    found = disclose_events(share, 5, counts, sizes)
    assert (found.state == "shown") == shown
    assert found.count is None
    assert found.tells == shown


def test_events_of_fewer_pairs_than_the_minimum_are_hidden() -> None:
    counts, sizes = pd.Series([5, 5, 5, 0]), pd.Series([10] * 4)
    share = clustered_share(counts, sizes, "meetings", "pairs")
    assert disclose_events(share, 5, counts, sizes).state == "withheld"


def test_a_bin_needs_as_many_pairs_as_goals() -> None:
    values = pd.Series([0.05] * 6 + [0.15] * 6)
    alone = disclose_distribution(values, 5, step=0.1, unit="share", of="goals")
    assert alone.counts == (6, 6)
    pairs = pd.Series(["a", "a", "b", "b", "c", "c", *"defghi"])
    both = disclose_distribution(values, 5, step=0.1, unit="share", of="goals", behind=pairs)
    assert both.counts == (12,)
    few = pd.Series(["a", "b", "c"] * 4)
    none = disclose_distribution(values, 5, step=0.1, unit="share", of="goals", behind=few)
    assert (none.counts, none.n, none.reason) == ((), None, "not shown")


def test_all_trainings_tell_their_n_only_where_every_module_does() -> None:
    many, few = proportion(20, 40, "people due"), proportion(2, 3, "people due")
    whole = clustered_share([1] * 22, [2] * 22, "trainings due", "people")

    def training(second: object) -> Mapping[str, Disclosed]:
        estimates = {(ALL_MODULES, "both"): whole, ("a", "both"): many, ("b", "both"): second}
        verdicts = disclose_estimates({("1",): whole, ("2",): many}, 5, "criterion")
        shown = disclose_estimates(estimates, 5, "module", "side")  # type: ignore[arg-type]
        return with_sums({"training": shown, "verdicts": verdicts}, ["1"])

    def n_of(values: Mapping[str, Disclosed], name: str, *key: str) -> int | None:
        value = values[name]
        assert isinstance(value, DisclosedEstimates)
        found = value.get(*key)
        assert found is not None
        assert found.value is not None
        return found.n

    assert n_of(training(many), "training", ALL_MODULES, "both") == 44
    hidden = training(few)
    assert n_of(hidden, "training", ALL_MODULES, "both") is None
    assert n_of(hidden, "verdicts", "1") is None
    assert n_of(hidden, "verdicts", "2") == 40


def test_rare_kinds_are_left_out_of_the_balance(review: Review) -> None:
    compared = review.findings.stays_more
    assert compared is not None
    rare = {each.covariate for each in compared.balance if each.fewest and each.fewest < 5}
    value = review.found()["balance"]
    assert isinstance(value, DisclosedEstimates)
    assert rare
    assert {key[0] for key in value.keys} == {each.covariate for each in compared.balance} - rare


def test_comments_are_shown_as_text_without_pair_and_wave(cycle: Cycle) -> None:
    pulse = cycle.table("pulse")
    said = [f"<b>remark</b> {chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(len(pulse))]
    name = cycle.table("people")["name"].iloc[0]
    pulse["comment"] = said
    pulse.loc[pulse.index[:40], "comment"] = f"thanks to {name}"
    cycle.put("pulse", pulse)
    review = cycle.review()
    with each_alone():
        page, told_words = html_of(review.months()), texts(review.months())
    for side in ("mentor", "mentee"):
        value = review.found()[f"comments-{side}"]
        assert isinstance(value, DisclosedComments)
        assert len(value.comments) == 10
        assert set(value.comments) <= set(said)
        assert all(text in told_words for text in value.comments)
    assert "<b>" not in page
    assert "&lt;b&gt;remark" in page
    assert name not in told_words
    assert "left out, as they name somebody" in told_words


def test_comments_of_few_are_not_shown(cycle: Cycle) -> None:
    pulse = cycle.table("pulse").assign(comment="")
    pulse.loc[pulse.index[:9], "comment"] = "a remark"
    cycle.put("pulse", pulse)
    with each_alone():
        told_words = texts(cycle.review().months())
    assert "a remark" not in told_words
    assert "are not shown: fewer than 10 people wrote" in told_words
