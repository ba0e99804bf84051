"""Overview and mail merge: safe in a spreadsheet, and right when read back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from pack_cases import CIRCLES, PAIRS, PARTS, circle_packs, known, packs, people, spring

from revmentor.cycle.steps.packing import expiry, grouped, open_check_ins, sheets
from revmentor.data.cells import restore
from revmentor.errors import InputError
from revmentor.params.launch import Launch, Mail
from revmentor.params.models import Params
from revmentor.planning import Pack, make_circle_packs, make_packs, meeting_series
from revmentor.planning.series import Series
from revmentor.publish.mailmerge import letter_key, letters, merge_table
from revmentor.publish.named import lacking_page
from revmentor.publish.overview import overview

EVIL = '=HYPERLINK("https://example.com")'


@pytest.fixture
def params() -> Params:
    return spring()


def everything(params: Params) -> tuple[tuple[Pack, ...], tuple[Series, ...]]:
    own, others = meeting_series(PAIRS, CIRCLES, people(), params)
    return (*packs(params), *circle_packs(params)), (*own, *others)


def evil(pack: Pack) -> Pack:
    return dataclasses.replace(pack, you=dataclasses.replace(pack.you, name=EVIL))


def test_the_overview_has_every_pair_and_circle(params: Params) -> None:
    found, series = everything(params)
    book = openpyxl.load_workbook(io.BytesIO(overview(sheets(found, series, pdfs=True), "Spring")))
    assert book.sheetnames == ["pairs", "weeks", "conflicts"]
    heads, *rows = book["pairs"].iter_rows(min_row=3, values_only=True)
    table = pd.DataFrame(rows, columns=list(heads))
    assert table[["Kind", "No."]].to_numpy().tolist() == [["pair", 1], ["pair", 2], ["circle", 1]]
    assert table["First meeting by"].to_list() == [dt.datetime(2026, 2, 11)] * 3
    assert table["Missing"][0].split("\n") == [
        "an address to send it to",
        "training that its reader still owes",
    ]
    assert "Ann <script>alert(1)</script>: Feedback by 2026-01-11" in table["Training due"][0]
    assert table["Packs"][0] == "pair-0001-mentor.pdf\npair-0001-mentee.pdf"
    _, *weeks = book["weeks"].iter_rows(min_row=3, values_only=True)
    assert sum(int(str(row[1])) for row in weeks) == sum(len(each.meetings) for each in series)
    assert sum(int(str(row[2])) for row in weeks) == 3
    conflicts = [row[2] for row in book["conflicts"].iter_rows(min_row=4, values_only=True)]
    assert conflicts[0] == "s has no e-mail address that can be written to."


def test_whoever_lacks_something_is_named_where_the_coordinator_reads(params: Params) -> None:
    first, second, *others = packs(params)
    wrong = dataclasses.replace(first, you=dataclasses.replace(first.you, email="ann@home@x"))
    page = lacking_page((wrong, second, *others), "Spring")
    lack, _, after = page.partition("An address to send it to (2 packs)")[2].partition("<h2>")
    assert after, "what else packs lack has a part of its own"
    assert "Ann &lt;script&gt;" in lack
    assert "<td>s<small>mentee" in lack, "who has no name is called by id"
    assert 'href="packs/pair-0001-mentor.html"' in lack
    assert "Kim Lee" not in lack
    assert "<script" not in page
    nothing = dataclasses.replace(others[0], training=(), teaches=("python",))
    assert "no pack lacks anything" in lacking_page((nothing,), "Spring")


def test_nothing_is_made_about_who_has_left_and_the_circle_goes_on(params: Params) -> None:
    own, others = meeting_series(PAIRS, CIRCLES, people(), params)
    gone = dataclasses.replace(known(params), gone={"j"})
    pairs, circle = make_packs(PAIRS, PARTS, own, gone), make_circle_packs(CIRCLES, others, gone)
    assert [pack.goes for pack in pairs] == [False, False, True, True]
    assert {pack.person_id: pack.goes for pack in circle} == {
        "j": False, "k": True, "s": True, "t": True,
    }  # fmt: skip
    assert not any("Ann" in one.name for pack in circle if pack.goes for one in pack.others)
    keys = [letter_key("spring", pack) for pack in circle]
    assert keys == [letter_key("spring", pack) for pack in circle_packs(params)], "none goes again"
    page = lacking_page((*pairs, *circle), "Spring")
    left = page.partition("Somebody who has left the company (3 packs)")[2].partition("<h2>")[0]
    assert "revmentor rematch" in left
    assert "href" not in left
    assert "An address to send it to (1 pack)" in page, "the circle's, as the pair's is not made"
    book = sheets((*pairs, *circle), (*own, *others), pdfs=True)
    rows = [dict(zip(book[0].heads, row, strict=True)) for row in book[0].rows]
    assert [row["Packs"] == "" for row in rows] == [True, False, False]
    assert [row["Calendar"] == "" for row in rows] == [True, False, False]
    assert rows[0]["Missing"] == "somebody who has left the company"
    assert [row[:2] for row in book[2].rows if "has left" in str(row[2])] == [
        ("pair", 1), ("circle", 1),
    ]  # fmt: skip


def test_no_cell_is_a_formula(params: Params) -> None:
    found, series = everything(params)
    content = overview(sheets([evil(pack) for pack in found], series, pdfs=False), EVIL)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if str(cell.value).startswith("=")]
    assert [cell for cell in cells if "HYPERLINK" in str(cell.value)]


def test_the_merge_file_is_safe_and_comes_back_as_it_was(params: Params) -> None:
    found = [evil(pack) for pack in packs(params)]
    told = letters(found, params.launch.mail, cycle="spring", title="Spring", pdfs=True)
    content = merge_table(told)
    assert content.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    assert len(table) == 4
    assert not table["name"].str.startswith("=").any()
    assert [restore(name) for name in table["name"]] == [EVIL] * 4
    assert table["pack"][0] == "packs/pair-0001-mentor.pdf"
    assert table["calendar"][0] == "packs/pair-0001.ics"
    assert table["email"].to_list() == ["ann@example.com", "", "kim@example.com", "max@example.com"]
    assert table["first_meeting_by"][0] == "2026-02-11"


def test_messages_speak_to_each_side(params: Params) -> None:
    links = {"s": "https://checkin.example.com/c/own"}
    told = letters(
        packs(params, **links), params.launch.mail, cycle="x", title="Spring", pdfs=False
    )
    assert "matched you with the mentee, who would like to learn from you." in told[0].text
    assert "who is going to be your mentor." in told[1].text
    assert links["s"] in told[1].text
    assert "/c/" not in told[0].text
    assert "has 13 meetings of 45 minutes in everybody" in told[0].text
    assert told[0].text.rstrip().endswith("Pat Fry")
    circle = letters(circle_packs(params), params.launch.mail, cycle="x", title="S", pdfs=False)
    assert "You are a mentee in a circle about python, together with" in circle[2].text
    assert "attached: who the others are, why this circle, how to spend" in circle[2].text
    assert circle[2].subject == "S: your circle about python", "not a list of all who are in it"
    assert told[0].subject == "Spring: you and the mentee"
    assert "attached: who the other is, why you were matched, how to spend" in told[0].text
    linked = dict.fromkeys("jkst", "https://checkin.example.com/c/own")
    mail = {"cycle": "x", "title": "S", "pdfs": False}
    circle = letters(circle_packs(params, **linked), params.launch.mail, **mail)
    assert "Ask for support, or raise a hand in confidence, at any time, from" in circle[2].text
    assert "in a minute" not in circle[2].text
    pair = letters(packs(params, **linked), params.launch.mail, **mail)
    assert "Tell us in a minute how it goes, from your phone too." in pair[0].text


def test_a_message_is_known_again_by_its_people_alone(params: Params) -> None:
    found = [*packs(params), *circle_packs(params)]
    keys = [letter_key("spring", pack) for pack in found]
    assert len(set(keys)) == len(found)
    again = [dataclasses.replace(pack, number=99, link="other") for pack in found]
    assert [letter_key("spring", pack) for pack in again] == keys
    assert letter_key("autumn", found[0]) != keys[0]
    assert letter_key("spring", dataclasses.replace(found[0], partner_ids=("z",))) != keys[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Dear {{ nam }}", "no field 'nam'; write name"),
        ("Dear {{ name", "no template"),
        ("{% if link %}", "no template"),
    ],
)
def test_a_wrong_template_is_refused_before_anything_runs(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Mail(text=text)


@pytest.mark.parametrize("address", ["no address", "a@b.c, d@e.f", "a@b.c\nBcc: d@e.f", "@b.c"])
def test_a_wrong_sender_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no e-mail address"):
        Mail.model_validate({"from": address})


@pytest.mark.parametrize(
    ("smtp", "problem"),
    [
        ({"host": "mail.example.com", "user": "x", "password_env": "P", "security": "none"},
         "unencrypted"),
        ({"user": "x"}, "there is a user, but no password"),
        ({"user": "x", "password_env": "pass word"}, "no name of an environment variable"),
    ],
)  # fmt: skip
def test_a_careless_server_is_refused(smtp: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Launch.model_validate({"smtp": smtp})


@pytest.mark.parametrize("days", [0, 30])
def test_personal_links_open_as_long_as_any_check_in(days: int) -> None:
    params = spring(checkin={"link_days_after_end": days, "wave_open_days": 40})
    end, closes = params.programme.end, [wave.closes for wave in open_check_ins(params)]
    assert max(closes) > end, "the last check-in is open beyond the end"
    assert expiry(params) == max(end + dt.timedelta(days=days), *closes)


def test_packs_of_one_pair_stand_together(params: Params) -> None:
    found, _ = everything(params)
    assert [len(group) for group in grouped(found)] == [2, 2, 4]


def test_a_template_cannot_reach_into_the_machine(params: Params) -> None:
    mail = Mail(text="{{ name.__class__.__mro__ }}")
    with pytest.raises(Exception, match="unsafe"):
        letters(packs(params), mail, cycle="x", title="S", pdfs=False)
    assert InputError.exit_code == 2
