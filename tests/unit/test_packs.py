"""Packs: what each side reads, what nobody reads, and text that stays text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from pack_cases import (
    FORMULA,
    PAIRS,
    PARTS,
    SCRIPT,
    applications,
    circle_packs,
    known,
    packs,
    people,
    spring,
    training,
)

from revmentor.params.models import Params
from revmentor.planning import Known, Pack, make_packs, meeting_series, sample_pack
from revmentor.planning.lacking import LACKS
from revmentor.planning.profiles import WHY
from revmentor.publish.named import pack_file, pack_page, series_file


@pytest.fixture
def params() -> Params:
    return spring()


def of(found: tuple[Pack, ...], person: str) -> Pack:
    return next(pack for pack in found if pack.person_id == person)


def test_each_side_reads_about_the_other(params: Params) -> None:
    mentor, mentee, *_ = packs(params)
    assert (mentor.side, mentee.side) == ("mentor", "mentee")
    assert mentor.partner.name == "the mentee"
    assert mentor.partner.skills == ("python", "design")
    assert mentee.partner.skills == ("python", "sql")
    assert mentee.teaches == ("python",)
    assert mentee.also_wanted == ("design",)
    assert mentee.shared_interests == ("running",)
    assert mentee.why == (WHY["department"],)
    assert mentee.hours == "09:00 to 16:00 your time (Europe/London)"


def test_languages_are_called_by_name_however_the_roster_has_them(params: Params) -> None:
    roster = people()
    roster["languages"] = [("de", "EN"), ("pt-BR", "Deutsch"), ("fil",), ("Vai", "xx")]
    own, _ = meeting_series(PAIRS, None, roster, params)
    known = Known(roster, applications(), None, params)
    told = [pack.partner.languages for pack in make_packs(PAIRS, PARTS, own, known)]
    assert told == [
        ("Portuguese (Brazil)", "Deutsch"), ("German", "English"), ("Vai", "xx"), ("Filipino",),
    ]  # fmt: skip


def test_own_words_are_told_only_by_consent(params: Params) -> None:
    everything = [*packs(params), *circle_packs(params)]
    pages = "".join(pack_page(pack, "Spring") for pack in everything)
    assert "my secret words" not in pages
    assert "not asked" not in pages
    mentee = of(packs(params), "s")
    assert mentee.partner.about == f"I like graphs {SCRIPT}"
    assert "I like graphs" in pack_page(mentee, "Spring")


def test_a_pack_tells_neither_score_nor_age_nor_grade(params: Params) -> None:
    fields = {
        field.name
        for pack in packs(params)
        for each in (pack, pack.you, *pack.slots)
        for field in dataclasses.fields(each)
    }
    assert not fields & {"score", "grade", "generation", "birth_year", "gender", "extraversion"}
    assert not fields & {"wishes", "vetoes"}


def test_text_is_shown_as_text_and_nothing_is_called(params: Params) -> None:
    for pack in (*packs(params), *circle_packs(params)):
        page = pack_page(pack, f"Spring {SCRIPT}")
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert not re.search(r"(src|href|action)=", page), "no link without a check-in page"
        assert not re.search(r"@import|url\(", page)


def test_the_agreement_names_both_and_has_lines_to_sign(params: Params) -> None:
    page = pack_page(of(packs(params), "t"), "Spring")
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    for words in ("In confidence", "Keeping appointments", "Ending without fault", "Kim Lee"):
        assert words in told
    assert page.count(", date</small>") == 2
    assert "By 11 February 2026" in told
    assert "Review: what changed" in told


def test_meetings_are_told_on_both_clocks(params: Params) -> None:
    mentee = of(packs(params), "s")
    assert len(mentee.slots) == 13
    assert mentee.slots[0].yours == "10:00"
    assert mentee.slots[0].theirs == (("11:00", "Europe/Berlin"),)
    mentor = of(packs(params), "j")
    assert mentor.slots[0].yours == "11:00"


def test_training_says_what_is_done(params: Params) -> None:
    ann, kim, mentee = (of(packs(params), who) for who in "jks")
    assert [(each.module, each.done, each.due) for each in ann.training] == [
        ("Feedback", False, dt.date(2026, 1, 11))
    ]
    assert kim.training[0].done
    assert mentee.training == ()
    assert "Due by 11 January 2026" in pack_page(ann, "Spring")


def test_training_that_was_attended_is_done_when_it_is_completed() -> None:
    """The pack and the week's list go by the same statuses."""
    people_of = known(spring())
    there = training().assign(status="attended")
    own, _ = meeting_series(PAIRS, None, people_of.people, people_of.params)
    found = make_packs(PAIRS, PARTS, own, dataclasses.replace(people_of, training=there))
    assert "Attended; complete it by 11 January 2026" in pack_page(of(found, "k"), "Spring")
    owing = next(lack for lack in LACKS if lack.what == "training that its reader still owes")
    assert [pack.person_id for pack in found if owing.of(pack)] == ["j", "k"]


WORDS = {
    "hard_skill": "Which task of last week would have been quicker with this skill?",
    "soft_skill": "What do people of my generation misread in how you write or speak?",
    "skill_gaps": "Which skill do your teams use that you could not judge in an interview?",
    "process": "Which step of our work would a newcomer find absurd?",
    "digital_literacy": "Which tool do you open only when you must, and why?",
    "culture": "When did you last feel that you did not belong in a room here?",
}


@pytest.mark.parametrize("kind", WORDS)
def test_the_questions_are_those_of_the_objective(kind: str) -> None:
    params = spring(charter={"kind": kind})
    for pack in (*packs(params), *circle_packs(params)):
        assert len(pack.cards) == 6
        page = pack_page(pack, "Spring")
        assert [each for each, words in WORDS.items() if words in page] == [kind]


def test_each_side_is_asked_for_its_own_part(params: Params) -> None:
    asked = {
        ("pair", "mentor"): "You set the agenda; your partner",
        ("pair", "mentee"): "You are the learner here: ask, try, and be wrong",
        ("circle", "mentor"): "You and the other mentors share the lead",
        ("circle", "mentee"): "You are a learner here, among others",
    }
    for pack in (*packs(params), *circle_packs(params)):
        page = pack_page(pack, "Spring")
        assert [who for who, words in asked.items() if words in page] == [(pack.kind, pack.side)]


def test_the_agenda_goes_from_hello_to_the_next_meeting() -> None:
    pair = ["hello", "hopes to learn", "judgement-free", "one goal", "check-ins", "next two"]
    circle = ["hello in turn", "mentors show", "everybody speaks", "one task", "the meetings",
              "next meeting"]  # fmt: skip
    found = spring(programme={"meeting_minutes": 60})
    for told, minutes, made in (
        (pair, (7, 13, 13, 13, 7, 7), packs(found)),
        (circle, (10, 15, 10, 15, 5, 5), circle_packs(found)),
    ):
        for pack in made:
            assert tuple(part for part, _ in pack.agenda) == minutes
            assert all(words in what for words, (_, what) in zip(told, pack.agenda, strict=True))
            page = pack_page(pack, "Spring")
            places = [page.index(f"<li><b>{part} min</b><span>{what[:9]}")
                      for part, what in pack.agenda]  # fmt: skip
            assert places == sorted(places)


def test_the_personal_link_stands_in_ones_own_pack_alone(params: Params) -> None:
    mentor, mentee, *_ = packs(params, j="https://checkin.example.com/c/own")
    assert "https://checkin.example.com/c/own" in pack_page(mentor, "Spring")
    assert "example.com/c/" not in pack_page(mentee, "Spring")
    hostile = packs(params, j='javascript:"x')[0]
    assert 'javascript:"x' not in pack_page(hostile, "Spring")


def test_everybody_in_a_circle_reads_about_all_others(params: Params) -> None:
    found = circle_packs(params)
    assert [(pack.side, pack.seat) for pack in found] == [
        ("mentor", 1), ("mentor", 2), ("mentee", 1), ("mentee", 2),
    ]  # fmt: skip
    assert all(len(pack.others) == 3 for pack in found)
    assert found[0].why[0] == "2 mentors know python, and 2 mentees asked for it"
    page = pack_page(found[0], "Spring")
    assert "meet your circle about python" in page
    assert page.count(", date</small>") == 4
    assert [pack_file(pack) for pack in found][2:] == [
        "circle-0001-mentee-1.html",
        "circle-0001-mentee-2.html",
    ]
    assert {series_file(pack) for pack in found} == {"circle-0001.ics"}


def test_a_circle_is_promised_only_what_its_page_has(params: Params) -> None:
    """The page has no check-in for circles, and their meetings cannot be logged there."""
    links = dict.fromkeys("jkst", "https://checkin.example.com/c/own")
    for pack in circle_packs(params, **links):
        page = " ".join(pack_page(pack, "Spring").split())
        assert pack.check_ins == ()
        assert "raise a hand in confidence" in page
        for promise in (
            "At each check-in",
            "Your partner",
            "Check-in:",
            "meetings, check-ins",
            "log a",
        ):
            assert promise not in page
    page = pack_page(packs(params, **links)[0], "Spring")
    for promise in ("At each check-in", "Your partner never", "Check-in:", "log a meeting"):
        assert promise in page


def test_meetings_that_a_new_file_leaves_out_are_to_be_deleted_by_hand(params: Params) -> None:
    for pack in (*packs(params), *circle_packs(params)):
        assert "a new file moves meetings, and removes none" in pack_page(pack, "Spring")


def test_file_names_name_nobody(params: Params) -> None:
    assert [pack_file(pack) for pack in packs(params)] == [
        "pair-0001-mentor.html",
        "pair-0001-mentee.html",
        "pair-0002-mentor.html",
        "pair-0002-mentee.html",
    ]


def test_what_a_pack_lacks_is_found(params: Params) -> None:
    found = packs(params)
    lacks = {lack.what: [pack.person_id for pack in found if lack.of(pack)] for lack in LACKS}
    assert lacks["an address to send it to"] == ["s"]
    assert lacks["training that its reader still owes"] == ["j"]
    assert lacks["a known time zone of everybody"] == []
    assert lacks["a skill that the mentee asked for"] == []


def test_the_sample_has_the_cycles_own_dates(params: Params) -> None:
    pack = sample_pack(params)
    assert len(pack.slots) == 13
    assert "Tamsin Oyelaran" in pack_page(pack, "Spring")


def test_formulas_stay_text_in_a_page(params: Params) -> None:
    assert FORMULA.replace('"', "&#34;") in pack_page(of(packs(params), "k"), "Spring")
