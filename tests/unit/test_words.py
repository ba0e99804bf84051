"""Are findings said in right English?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revmentor import words


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.counted(1, "person"), "1 person"),
        (words.counted(2, "person"), "2 people"),
        (words.counted(1234, "match"), "1,234 matches"),
        (words.counted(0, "company"), "no companies"),
        (words.number(-0.0), "0"),
        (words.number(-1234.5, 1), "−1,234.5"),
        (words.percent(0), "0%"),
        (words.percent(1), "100%"),
        (words.percent(0.9951), "over 99%"),
        (words.percent(0.004), "under 1%"),
        (words.percent(1.2), "120%"),
        (words.of_ten(0.4), "four of ten"),
        (words.of_ten(0.347), "35%"),
        (words.listed(["a", "b"], "or"), "a or b"),
        (words.sentence("is it?"), "Is it?"),
        (words.joined(["one thing", "", "another."]), "One thing. Another."),
        (words.interval(3.14, 4.0, "points"), "3.1 to 4.0"),
        (words.interval(0.62, 0.7, "score"), "62.0 to 70.0"),
        (words.shortened("a\tb\x00c", 9), "a bc"),
    ],
)
def test_words(said, expected):
    assert said == expected


@given(st.floats(0, 1))
def test_a_percentage_never_claims_all_or_none(share):
    text = words.percent(share)
    assert (text == "100%") == (share == 1)
    assert (text == "0%") == (share == 0)


@given(st.text(max_size=40))
def test_no_markdown_is_left_live(text):
    escaped = words.markdown_text(text)
    live = [sign for sign in "*_[]<>$`#" if sign in escaped.replace("\\" + sign, "")]
    assert not live
