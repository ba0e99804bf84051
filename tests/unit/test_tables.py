"""Is everything in a table text, hidden where it must be, and free of the network?"""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from revmentor.disclosure import (
    Restricted,
    disclose_counts,
    disclose_estimates,
)
from revmentor.metrics import mean, not_computed, proportion
from revmentor.tables import interactive, plain_table, show

WILD = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "</td></tr></table><h1>out",
    "$x^2$ and \\(y\\)",
    "[link](http://evil.example) **bold**",
    "&amp; already &lt;b&gt;",
    "'); alert(1); //",
]


class Reader(HTMLParser):
    """Tags and text of some HTML, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag in ("td", "th"):
            self.inside = True
            self.cells.append("")

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.cells[-1] += data


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    return reader


def counts(**changes):
    table = pd.DataFrame(
        {"mentor": [30, 2, 9], "mentee": [20, 40, 12]},
        index=pd.Index(["Sales", "IT", "Law"], name="department"),
    )
    return disclose_counts(table, 5, **({"totals": "none"} | changes))


def test_wild_text_is_shown_as_text_everywhere():
    frame = pd.DataFrame({WILD[0]: WILD, "n": range(len(WILD))})
    table = show(Restricted(frame), title=WILD[1], subtitle=WILD[3], units={"n": WILD[2]})
    found = read(table._repr_html_())
    for text in WILD:
        assert text in found.cells
    assert WILD[1] in found.cells
    assert f"n ({WILD[2]})" in found.cells
    assert not {"script", "img", "h1", "a", "b", "strong"} & set(found.tags)


def test_no_formula_can_start_in_a_table():
    markup = plain_table(("a",), [(WILD[3],)])._repr_html_()
    body = re.sub(r"<style.*?</style>", "", markup, flags=re.DOTALL)
    assert all(
        body[hit.start() - 6 : hit.end() + 7] == f"<span>{hit.group()}</span>"
        for hit in re.finditer(r"[$\\]", body)
    )


def test_labels_of_disclosed_values_are_text_too():
    table = pd.DataFrame({"mentor": [9] * len(WILD)}, index=pd.Index(WILD, name="support"))
    found = read(show(disclose_counts(table, 5, totals="none"))._repr_html_())
    assert all(text in found.cells for text in WILD)
    assert "script" not in found.tags


def test_a_table_of_counts_hides_and_says_so():
    table = show(counts(), title="Sales lead")
    assert "fewer than 5" in table.html
    assert "numbers from 1 to 4 are not shown" in table.html
    assert "Number of people" in table.html
    assert "mentors (junior)" in table.html
    assert ">2<" not in table.html


def test_totals_stand_last_and_no_hidden_number_is_in_the_html():
    table = show(counts(totals="both"))
    found = read(table._repr_html_())
    assert found.cells[-2] == "113"
    assert "not shown" in found.cells
    assert "2" not in found.cells


def test_estimates_carry_interval_and_n():
    named = disclose_estimates(
        {
            ("day30", "mentor"): proportion(60, 120, "mentors"),
            ("day30", "mentee"): proportion(118, 120, "mentees"),
            ("day60", "mentor"): mean(pd.Series([1.0, 2, 3, 4, 4.5]), "points", "mentors"),
            ("day60", "mentee"): mean(pd.Series([1.0, 2, 3]), "points", "mentees"),
            ("day90", "mentee"): not_computed("no wave yet", 0, "points", "mean", "mentees"),
        },
        5,
        "wave",
        "side",
    )
    text = str(show(named))
    rows = [re.split(r"\s{2,}", line) for line in text.splitlines()]
    assert rows[0] == ["wave", "side", "value", "95% interval", "n"]
    assert rows[1] == ["day30", "mentors (junior)", "50%", "41% to 59%", "120 mentors"]
    assert rows[2][2] == "all but fewer than 5 of 120"
    assert rows[3][2:] == ["2.9 points", "1.1 to 4.7", "5 mentors"]
    assert rows[4][2:] == ["fewer than 5 mentees", "–", "–"]
    assert rows[5][2] == "not computed"


def test_numbers_stand_right_and_the_marked_row_is_marked_without_colour():
    table = show(counts(), mark="IT")
    assert 'gt_row gt_right">20<' in table.html
    assert "▶ IT" in table.text
    assert "font-weight: bold" in table.html
    assert show(counts(), mark=2).text.splitlines()[3].startswith("▶ Law")


def test_a_row_to_mark_must_be_there():
    with pytest.raises(ValueError, match="no row is called 'Ops'; the rows are Sales, IT, Law"):
        show(counts(), mark="Ops")


def test_an_eighth_column_is_refused():
    frame = pd.DataFrame([[1] * 8], columns=list("abcdefgh"))
    assert show(Restricted(frame.iloc[:, :7])).html
    with pytest.raises(ValueError, match="at most 7 columns, this one has 8"):
        show(Restricted(frame))


def test_raw_data_is_refused_at_run_time_too():
    with pytest.raises(TypeError, match="DataFrame is none: pass it through"):
        show(pd.DataFrame({"n": [1]}))


def test_cells_of_named_rows_are_written_plainly():
    frame = pd.DataFrame(
        {
            "name": ["Zoë", None],
            "score": [0.934, 2.0],
            "n": pd.array([1200, None], dtype="Int64"),
            "on": pd.to_datetime(["2026-01-05", None]),
            "skills": [("a", "b"), ()],
        }
    )
    lines = show(Restricted(frame), units={"score": "0 to 1"}).text.splitlines()
    assert lines[0].split("  ")[-1] == "skills"
    assert "score (0 to 1)" in lines[0]
    assert re.split(r"\s{2,}", lines[1]) == ["Zoë", "0.93", "1,200", "2026-01-05", "a, b"]
    assert lines[-1] == "for the coordinator only"


def test_tables_need_no_network():
    for markup in (
        show(counts(), title="t")._repr_html_(),
        plain_table(("a", "b"), [("x", "y")])._repr_html_(),
    ):
        assert not re.search(r"(src|href)=|url\(|@import|https?://", markup)


def test_the_same_values_give_the_same_html():
    assert show(counts(), title="t").html == show(counts(), title="t").html


def test_an_empty_table_is_a_table():
    empty = disclose_counts(
        pd.DataFrame({"mentor": [], "mentee": []}, dtype="int64"), 5, totals="none"
    )
    assert "mentors (junior)" in show(empty).html
    assert plain_table(("Check", "Found"), []).text == "Check  Found"


def test_the_interactive_table_shows_wild_text_as_text_and_fetches_nothing():
    frame = pd.DataFrame({WILD[0]: WILD, "score": 0.5})
    table = interactive(Restricted(frame))
    body = table.html[table.html.rfind("data_json") :]
    assert "<script>alert" not in table.html
    assert 'onerror=\\"alert' not in body
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=", table.html)
    assert "unpkg" not in body
    assert "7 rows" in repr(table)
