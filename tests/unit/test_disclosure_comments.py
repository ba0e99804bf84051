"""Comments: from the higher minimum on, in an order that tells nothing, and naming nobody."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.disclosure import Disclosed, disclose_comments

LETTERS = [chr(97 + at) for at in range(26)] + ["aa", "bb"]
PEOPLE = pd.DataFrame(
    {
        "person_id": [f"E-{at:02}" for at in range(30)],
        "name": ["Ada Osei", "Bo Li", *[f"Person{letter} Doe{letter}" for letter in LETTERS]],
        "email": [f"e{at}@example.org" for at in range(30)],
    }
)  # fmt: skip


def said(texts: list[str], first: int = 0) -> pd.DataFrame:
    ids = PEOPLE["person_id"].iloc[first : first + len(texts)].tolist()
    return pd.DataFrame({"person_id": ids, "text": texts, "wave": "day30", "partner_id": "E-29"})


def test_nine_comments_are_not_shown_and_ten_are():
    nine = said([f"remark number {chr(97 + at)}" for at in range(9)])
    assert disclose_comments(nine, PEOPLE, 10, seed=1).comments == ()
    assert disclose_comments(nine, PEOPLE, 10, seed=1).reason == "fewer than 10 people wrote"
    ten = said([f"remark number {chr(97 + at)}" for at in range(10)])
    assert sorted(disclose_comments(ten, PEOPLE, 10, seed=1).comments) == ten["text"].tolist()


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, Ada!", "ask osei about it", "E-07 never comes", "write to e3@example.org",
        "call +49 30 1234567", "see https://intra/x", "my boss PERSONC DOEC", "Lunch with Doed.",
    ],
)  # fmt: skip
def test_a_comment_that_names_somebody_is_left_out_and_counted(text):
    rest = [f"remark number {chr(97 + at)}" for at in range(12)]
    shown = disclose_comments(said([text, *rest]), PEOPLE, 10, seed=1)
    assert text not in shown.comments
    assert len(shown.comments) == 12
    assert shown.left_out == "fewer than 10 left out, as they name somebody"


def test_those_left_out_do_not_count_towards_the_minimum():
    texts = ["thanks Ada", *[f"remark {chr(97 + at)}" for at in range(9)]]
    assert disclose_comments(said(texts), PEOPLE, 10, seed=1).comments == ()


def test_who_writes_often_is_shown_once_so_that_ten_comments_are_ten_people():
    ten = said([f"remark number {chr(97 + at)}" for at in range(9)])
    often = pd.concat([ten, ten.iloc[[0, 0]].assign(text=["a second, longer remark", "more"])])
    assert disclose_comments(often, PEOPLE, 10, seed=1).comments == ()
    more = pd.concat([often, said(["and one", "and two"], 20)])
    shown = disclose_comments(more, PEOPLE, 10, seed=1).comments
    assert len(shown) == 11
    assert "a second, longer remark" in shown


@given(order=st.permutations(range(14)), seed=st.integers(0, 50))
@settings(deadline=None, max_examples=40)
def test_the_order_depends_on_the_seed_and_not_on_the_rows(order, seed):
    frame = said([f"remark number {chr(97 + at)}" for at in range(14)])
    one = disclose_comments(frame, PEOPLE, 10, seed=seed)
    assert disclose_comments(frame.iloc[list(order)], PEOPLE, 10, seed=seed) == one


def test_the_order_is_not_that_of_the_people():
    frame = said([f"remark number {chr(97 + at)}" for at in range(14)])
    orders = {disclose_comments(frame, PEOPLE, 10, seed=seed).comments for seed in range(20)}
    assert len(orders) == 20
    assert tuple(frame["text"]) not in orders


def test_a_comment_carries_no_pair_wave_or_person():
    frame = said([f"remark number {chr(97 + at)}" for at in range(14)])
    shown = disclose_comments(frame, PEOPLE, 10, seed=1)
    payload = str(shown.to_json())
    assert "day30" not in payload
    assert "E-" not in payload
    assert Disclosed.from_json(shown.to_json()) == shown


def test_without_names_in_the_roster_ids_and_addresses_still_count():
    ids = PEOPLE[["person_id"]]
    texts = ["E-03 again", *[f"remark {chr(97 + at)}" for at in range(12)]]
    assert "E-03 again" not in disclose_comments(said(texts), ids, 10, seed=1).comments


def test_blank_comments_are_no_comments():
    shown = disclose_comments(said(["", "  ", *[f"x {at}" for at in "abc"]]), PEOPLE, 10, seed=1)
    assert shown.reason == "fewer than 10 people wrote"
    assert disclose_comments(said([""]), PEOPLE, 10, seed=1).reason == "nobody wrote a comment"
