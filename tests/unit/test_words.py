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
        (words.interval(-0.42, 0.075, "index"), "−0.42 to 0.07"),
        (words.interval(0.2, 0.486, "SD before"), "0.20 to 0.49"),
        (words.interval(0.2, 0.486, "ties"), "0.2 to 0.5"),
        (words.shortened("a\tb\x00c", 9), "a bc"),
    ],
)
def test_words(said, expected):
    assert said == expected


@pytest.mark.parametrize("unit", ["points", "sd", "SD before", "index", "reliability", "ties", "x"])
@given(value=st.floats(-100, 100))
def test_a_value_is_written_with_the_digits_that_are_disclosed(unit, value):
    text = words.writer(unit)(words.as_shown(value, unit))
    assert text == words.number(words.as_shown(value, unit), words.digits(unit))
    assert text == words.number(words.as_shown(value, unit), 9).rstrip("0").ljust(len(text), "0")


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
