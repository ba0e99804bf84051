"""Can a reader work out a number that is hidden? An attacker who tries every table says no."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.disclosure import (
    Count,
    Disclosed,
    DisclosedCounts,
    DisclosedEstimate,
    DisclosedEstimates,
    disclose_categories,
    disclose_chain,
    disclose_composition,
    disclose_counts,
    disclose_distribution,
    disclose_estimate,
    disclose_estimates,
    disclose_gap,
    fewer_than,
)
from revmentor.errors import InputError
from revmentor.metrics import Estimate, census_share, mean, not_computed, proportion

TOTALS = ["both", "rows", "columns", "none"]


def frame(cells: list[list[int]]) -> pd.DataFrame:
    rows = [f"r{i}" for i in range(len(cells))]
    return pd.DataFrame(cells, index=rows, columns=[f"c{j}" for j in range(len(cells[0]))])


def fits(count: Count, value: int) -> bool:
    return count.low <= value and (count.high is None or value <= count.high)


def worlds(shown: DisclosedCounts, most: int) -> list[np.ndarray]:
    """Every table of counts up to `most` that agrees with all that is published."""
    flat = list(itertools.chain.from_iterable(shown.cells))
    choices = [
        [count.value] if count.value is not None else [v for v in range(most + 1) if fits(count, v)]
        for count in flat
    ]
    found = []
    for guess in itertools.product(*choices):
        table = np.array(guess).reshape(len(shown.rows), len(shown.columns))
        sums = [
            *zip(shown.row_totals, table.sum(axis=1), strict=False),
            *zip(shown.column_totals, table.sum(axis=0), strict=False),
            *([(shown.total, table.sum())] if shown.total else []),
        ]
        if all(fits(count, int(value)) for count, value in sums):
            found.append(table)
    return found


def possible(shown: DisclosedCounts, most: int) -> list[set[int]]:
    """Possible values of every hidden number, totals included, as the attacker sees them."""
    tables = worlds(shown, most)
    hidden = []
    for i, row in enumerate(shown.cells):
        for j, count in enumerate(row):
            if count.value is None:
                hidden.append({int(table[i, j]) for table in tables})
    for i, count in enumerate(shown.row_totals):
        if count.value is None:
            hidden.append({int(table[i].sum()) for table in tables})
    for j, count in enumerate(shown.column_totals):
        if count.value is None:
            hidden.append({int(table[:, j].sum()) for table in tables})
    if shown.total is not None and shown.total.value is None:
        hidden.append({int(table.sum()) for table in tables})
    return hidden


small_tables = st.integers(1, 3).flatmap(
    lambda rows: st.integers(1, 2).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 7), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
)


@given(cells=small_tables, totals=st.sampled_from(TOTALS), minimum=st.integers(3, 4))
@settings(deadline=None, max_examples=60)
def test_no_hidden_number_can_be_worked_out(cells, totals, minimum):
    shown = disclose_counts(frame(cells), minimum, totals=totals)
    truth = np.array(cells)
    assert any((table == truth).all() for table in worlds(shown, 7)), "the publication lies"
    for values in possible(shown, 7 + minimum):
        assert len(values) >= minimum - 1


@given(cells=small_tables, totals=st.sampled_from(TOTALS), minimum=st.integers(3, 6))
@settings(deadline=None, max_examples=200)
def test_what_is_shown_is_true_and_no_small_group_is(cells, totals, minimum):
    shown = disclose_counts(frame(cells), minimum, totals=totals)
    for row, counts in zip(cells, shown.cells, strict=True):
        for value, count in zip(row, counts, strict=True):
            assert count.value in (None, value)
            assert fits(count, value)
            assert count.value is None or not 0 < value < minimum


def test_the_attacker_breaks_a_table_that_hides_the_small_cell_only():
    naive = DisclosedCounts(
        minimum=5,
        rows=("old", "young"),
        columns=("pairs",),
        cells=((Count.shown(9),), (Count(value=None, low=1, high=4, text="fewer than 5"),)),
        column_totals=(Count.shown(12),),
    )
    assert possible(naive, 20) == [{3}]


def test_two_small_cells_that_add_up_to_two_need_a_third():
    shown = disclose_counts(frame([[1], [1], [50]]), 5, totals="columns")
    assert [count.text for count in shown.column("c0")] == ["not shown"] * 3
    assert shown.column_totals[0].value == 52


def test_small_cells_without_a_total_are_called_fewer_than_five():
    shown = disclose_counts(frame([[1], [40], [0]]), 5, totals="none")
    assert [count.text for count in shown.column("c0")] == ["fewer than 5", "40", "0"]
    assert shown.note == "numbers from 1 to 4 are not shown"


def test_the_cheapest_complement_is_hidden_and_totals_stay():
    shown = disclose_counts(frame([[30, 3, 9], [40, 60, 8], [90, 80, 70]]), 5, totals="both")
    hidden = {
        (row, column)
        for row in shown.rows
        for column in shown.columns
        if shown.at(row, column).value is None
    }
    assert hidden == {("r0", "c1"), ("r0", "c2"), ("r1", "c1"), ("r1", "c2")}
    assert all(count.value is not None for count in (*shown.row_totals, *shown.column_totals))


def test_what_the_reader_can_spare_is_hidden_first():
    table = pd.DataFrame(
        {"mentors": [30, 20, 3], "mentees": [9, 20, 30], "both": [0, 0, 9], "neither": [90, 80, 70]}
    )
    table["company"] = table.sum(axis=1)
    shown = disclose_composition(table, 5)
    assert [count.text for count in shown.column("mentors")] == ["30", "not shown", "not shown"]
    assert all(count.value is not None for count in shown.column("mentees"))
    assert [count.value for count in shown.row_totals] == [129, 120, 112]


def test_no_cover_is_hidden_without_need():
    cells = np.random.default_rng(5).integers(0, 40, (6, 5)).tolist()
    shown = disclose_counts(frame(cells), 5, totals="both")
    hidden = [
        (i, j)
        for i, row in enumerate(shown.cells)
        for j, count in enumerate(row)
        if count.value is None and cells[i][j] >= 5
    ]
    small = sum(0 < value < 5 for row in cells for value in row)
    assert small > 0
    assert len(hidden) <= 3 * small


def test_a_large_table_with_many_small_cells_is_protected():
    cells = np.random.default_rng(3).poisson(4, (8, 8)).tolist()
    shown = disclose_counts(frame(cells), 5, totals="both")
    hidden = [count for row in shown.cells for count in row if count.value is None]
    assert len(hidden) >= sum(0 < value < 5 for row in cells for value in row)
    assert any(count.value is not None for count in shown.row_totals)


def test_a_plan_is_shown_however_small():
    table = pd.DataFrame({"due": [2, 2], "held": [1, 9]}, index=["1", "2"])
    shown = disclose_counts(table, 5, totals="none", open_columns=["due"])
    assert [count.text for count in shown.column("due")] == ["2", "2"]
    assert shown.at("1", "held").text == "fewer than 5"


def test_chance_comes_from_the_totals_that_are_shown():
    shown = disclose_counts(frame([[30, 10], [20, 40]]), 5, totals="both")
    assert shown.chance(0, 0) == pytest.approx(40 * 50 / 100)
    assert disclose_counts(frame([[30, 10]]), 5, totals="rows").chance(0, 0) is None


falling = st.lists(st.integers(0, 9), min_size=1, max_size=5).map(
    lambda steps: [sum(steps[i:]) for i in range(len(steps) + 1)]
)


@given(values=falling, minimum=st.integers(3, 5))
@settings(deadline=None, max_examples=200)
def test_a_chain_hides_small_groups_and_small_steps(values, minimum):
    for chain in (values, values[::-1]):
        shown = disclose_chain(pd.DataFrame({"n": chain}), minimum).column("n")
        assert all(fits(count, value) for count, value in zip(shown, chain, strict=True))
        seen = [count.value for count in shown if count.value is not None]
        for a, b in itertools.pairwise(seen):
            assert a == b or abs(a - b) >= minimum
        assert not any(0 < value < minimum for value in seen)


def test_a_chain_says_all_but_fewer_than_five():
    table = pd.DataFrame({"mentee": [600, 240, 238]}, index=["company", "applied", "eligible"])
    texts = [count.text for count in disclose_chain(table, 5).column("mentee")]
    assert texts == ["600", "240", "all but fewer than 5"]
    rising = disclose_chain(pd.DataFrame({"n": [0, 3, 20, 22]}), 5).column("n")
    assert [count.text for count in rising] == ["0", "fewer than 5", "20", "fewer than 5 more"]


def test_a_chain_that_goes_up_and_down_is_refused():
    with pytest.raises(ValueError, match="only fall or only rise"):
        disclose_chain(pd.DataFrame({"n": [9, 20, 3]}), 5)


@pytest.mark.parametrize("totals", ["both", "rows", "columns", "none"])
def test_a_table_without_rows_has_its_totals(totals):
    """Everybody has a partner, so there is no reason to tell."""
    nobody = pd.DataFrame({"mentor": [], "mentee": []}, dtype="int64")
    found = disclose_counts(nobody, 5, totals=totals)
    assert (found.rows, found.cells) == ((), ())
    assert [count.value for count in found.column_totals] == [0] * 2 * (
        totals in ("both", "columns")
    )
    assert found.total == (Count.shown(0) if totals == "both" else None)


def test_words_that_few_people_wrote_are_not_shown():
    table = pd.DataFrame(
        {"mentor": [20, 1, 2], "mentee": [9, 0, 3]}, index=["time", "my boss Ada", "a room"]
    )
    shown = disclose_categories(table, 5)
    assert shown.rows == ("time", "a room", "others")
    assert [count.text for count in shown.cells[2]] == ["fewer than 5", "0"]
    assert disclose_categories(table, 6).rows == ("time", "others")
    assert "Ada" not in json.dumps(shown.to_json())


@pytest.mark.parametrize(
    ("estimate", "state", "text"),
    [
        (proportion(60, 120, "pairs"), "shown", "50%"),
        (proportion(118, 120, "pairs"), "nearly all", "all but fewer than 5 of 120"),
        (proportion(3, 120, "pairs"), "few", "fewer than 5 of 120"),
        (proportion(0, 120, "pairs"), "shown", "0%"),
        (census_share(120, 120, "pairs"), "shown", "100%"),
        (proportion(1, 3, "pairs"), "small group", "fewer than 5 pairs"),
        (mean(pd.Series([1.0, 2.0, 4.0]), "points", "mentors"), "small group", None),
        (mean(pd.Series([1.0]), "points", "mentors"), "small group", None),
        (mean(pd.Series([], dtype=float), "points", "mentors"), "not computed", "not computed"),
        (mean(pd.Series(range(5)), "points", "mentors"), "shown", "2.0"),
    ],
)
def test_an_estimate_hides_what_a_small_group_would_show(estimate, state, text):
    shown = disclose_estimate(estimate, 5)
    assert shown.state == state
    assert text is None or shown.text == text
    if state == "small group":
        assert shown.n is None
        assert shown.value is None
        assert shown.low is None


def test_a_reason_is_said_when_nothing_is_computed():
    shown = disclose_estimate(not_computed("the window is open", 30, "share", "m", "pairs"), 5)
    assert (shown.text, shown.detail) == ("not computed", "the window is open")


def test_the_detail_of_an_estimate_carries_interval_and_n():
    shown = disclose_estimate(proportion(61, 120, "pairs"), 5)
    assert shown.detail == "95% interval 42% to 60%, 120 pairs"
    assert disclose_estimate(census_share(61, 120, "pairs"), 5).detail == "120 pairs"


def test_a_count_under_the_minimum_cannot_be_built():
    with pytest.raises(ValueError, match="under the minimum"):
        DisclosedCounts(minimum=5, rows=("a",), columns=("n",), cells=((Count.shown(3),),))
    with pytest.raises(ValueError, match="must be hidden"):
        DisclosedEstimate(
            minimum=5, state="shown", value=0.9, n=20, count=18, unit="share", of="x", method="m"
        )


@given(values=st.lists(st.floats(0, 1), max_size=60), step=st.sampled_from([0.02, 0.05, 0.1]))
@settings(deadline=None, max_examples=100)
def test_a_distribution_keeps_everybody_and_has_no_small_bin(values, step):
    shown = disclose_distribution(
        pd.Series(values, dtype=float), 5, step=step, unit="score", of="pairs"
    )
    if len(values) < 5:
        assert shown.n is None
        assert shown.reason
        return
    assert sum(shown.counts) == len(values) == shown.n
    assert not any(0 < count < 5 for count in shown.counts)
    assert shown.edges[0] <= min(values) + 1e-9
    assert max(values) <= shown.edges[-1] + 1e-9
    assert list(shown.edges) == sorted(shown.edges)
    assert shown.median == pytest.approx(np.median(values), abs=0.0005 + 1e-9)


def test_skills_are_ranked_by_what_is_shown_only():
    supply = pd.DataFrame(
        {
            "skill": ["Python", "Excel", "Go", "R"],
            "mentors": [9, 2, 6, 0],
            "places": [10, 12, 6, 0],
            "wanted": [56, 30, 2, 8],
            "short": [46, 18, -4, 8],
        }
    )
    shown = disclose_gap(supply, 5)
    assert shown.rows == ("Python", "Excel", "R", "Go")
    assert shown.at("Excel", "places").text == "fewer than 5 mentors"
    assert shown.at("Excel", "places").high is None, "twelve places of two mentors"
    assert shown.at("Go", "wanted").text == "fewer than 5 mentees"


def test_skills_beyond_the_longest_list_are_summed():
    supply = pd.DataFrame({"skill": [f"s{k:02}" for k in range(20)], "mentors": 6, "places": 6})
    supply["wanted"] = range(20, 40)
    shown = disclose_gap(supply, 5, most=14)
    assert len(shown.rows) == 15
    assert shown.rows[-1] == "6 other skills"
    assert shown.cells[-1][0].value == 36


def test_a_sum_of_rare_skills_may_be_one_person_and_is_hidden():
    supply = pd.DataFrame({"skill": [f"s{k:02}" for k in range(20)], "mentors": 1, "places": 1})
    supply["wanted"] = 9
    shown = disclose_gap(supply, 5, most=3)
    assert shown.cells[-1][0].text == "not shown"
    assert shown.cells[-1][1].value == 17 * 9


def test_what_is_written_is_read_back_the_same():
    counts = disclose_counts(frame([[30, 3], [20, 40]]), 5, totals="both")
    named = disclose_estimates({"mentor": proportion(60, 120, "pairs")}, 5, "side")
    spread = disclose_distribution(pd.Series(range(40)) / 40, 5, step=0.1, unit="score", of="pairs")
    for value in (counts, named, spread, named.estimates[0]):
        text = json.dumps(value.to_json())
        assert Disclosed.from_json(text) == value
        assert type(value).from_json(json.loads(text)) == value


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"schema": 99}, "schema is 99"),
        ({"kind": "Surprise"}, "Surprise"),
        ({"kind": "DisclosedEstimates"}, "DisclosedEstimates"),
        ({"rows": ["a"]}, "cells must have"),
        ({"hidden": 3}, "hidden"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(change, problem):
    payload = disclose_counts(frame([[30, 3], [20, 40]]), 5, totals="both").to_json() | change
    with pytest.raises(InputError, match=problem):
        DisclosedCounts.from_json(payload)


def test_a_file_that_shows_a_small_group_is_refused():
    payload = disclose_counts(frame([[30, 9], [20, 40]]), 5, totals="both").to_json()
    payload["cells"][0][1] = {"value": 2, "low": 2, "high": 2, "text": "2"}
    with pytest.raises(InputError, match="under the minimum"):
        DisclosedCounts.from_json(payload)


def test_estimates_are_found_by_key():
    named = disclose_estimates(
        {("day30", "mentor"): proportion(6, 12, "mentors")}, 5, "wave", "side"
    )
    assert named.get("day30", "mentor").text == "50%"
    assert named.get("day60", "mentor") is None
    assert named.labels("side") == ("mentor",)


def test_two_estimates_cannot_share_a_key():
    one = disclose_estimate(proportion(6, 12, "mentors"), 5)
    with pytest.raises(ValueError, match="key of its own"):
        DisclosedEstimates(minimum=5, names=("a",), keys=(("x",), ("x",)), estimates=(one, one))


def test_the_words_for_a_small_group_follow_the_minimum():
    assert fewer_than(7) == "fewer than 7"
    estimate = Estimate(0.5, None, None, 6, "share", "m", "", "pairs", 3)
    assert disclose_estimate(estimate, 7).text == "fewer than 7 pairs"
