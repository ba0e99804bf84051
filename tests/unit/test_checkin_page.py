"""A mentor or mentee answers in a minute; the coordinator helps, and sees no answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkin_cases import GOAL, ITEMS, MET, Bench, hidden, open_bench, roster_dict, words
from httpx import Response

from revmentor.checkin.response import response
from revmentor.data.checkin_tables import GOALS, HANDS, MOVES, PULSE, SESSIONS, read_answers

PAGES = ("", "/1/meeting", "/1/pulse", "/1/goals", "/1/support", "/1/hand", "/privacy",
         "/1/thanks?done=pulse")  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as opened:
        yield opened


def test_a_check_in_from_the_link_to_the_last_thank_you(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    assert "A check-in is open" in words(mentor.get())
    answers = {f"item-{item}": str(1 + n % 5) for n, item in enumerate(ITEMS)}
    done = mentor.send("/1/pulse", {**answers, "support": "a licence", "comment": "going well"})
    assert (done.status_code, done.headers["location"]) == (
        303, f"{mentor.link}/1/thanks?done=pulse",
    )  # fmt: skip
    assert "Log a meeting" in words(mentor.get("/1/thanks?done=pulse"))
    assert mentor.send("/1/meeting", MET).status_code == 303
    assert "Set a goal" in words(mentor.get("/1/thanks?done=meeting"))
    assert mentor.send("/1/goals", {**GOAL, "target": "4,5"}).status_code == 303
    assert "That is all for now" in words(mentor.get("/1/thanks?done=goal"))
    assert "Nothing is due" in words(mentor.get())

    with bench.store.reading() as connection:
        found = read_answers(connection, "c")
    [pulse], [session], [kept] = found["pulse"], found["sessions"], found["goals"]
    assert [pulse[item] for item in ITEMS] == [1 + n % 5 for n in range(len(ITEMS))]
    assert (pulse["person_id"], pulse["partner_id"], pulse["wave"], pulse["on"]) == (
        "m1", "s1", "day30", bench.today,
    )  # fmt: skip
    assert (session["status"], session["minutes"], session["topic"]) == ("held", 50, "pivot tables")
    assert (kept["baseline"], kept["target"], kept["current"]) == (1.0, 4.5, 1.0)


@pytest.mark.parametrize(
    ("person", "happened", "status"),
    [
        ("m1", "cancelled_by_me", "cancelled_by_mentor"),
        ("m1", "cancelled_by_partner", "cancelled_by_mentee"),
        ("s1", "cancelled_by_me", "cancelled_by_mentee"),
        ("s1", "cancelled_by_partner", "cancelled_by_mentor"),
        ("s1", "missed", "missed"),
    ],
)
def test_who_cancelled_is_told_from_either_side(
    bench: Bench, person: str, happened: str, status: str
) -> None:
    # What stands in the fields of another choice does not count.
    sent = {"happened": happened, "on": "2026-02-10", "minutes": "x", "topic": "x"}
    assert bench.visitor(person).send("/1/meeting", sent).status_code == 303
    [row] = bench.store.entered(SESSIONS, person)
    assert (row["status"], row["minutes"], row["topic"]) == (status, None, None)


def test_a_meeting_is_moved_and_a_goal_moves_on(bench: Bench) -> None:
    mentee = bench.visitor("s1")
    moved = {"happened": "moved", "on": "2026-02-17", "moved_to": "2026-02-24"}
    assert mentee.send("/1/meeting", moved).status_code == 303
    [row] = bench.store.entered(MOVES, "s1")
    assert row["moved_to"] == dt.date(2026, 2, 24)
    assert "moved to 24 February 2026" in words(mentee.get())
    assert "Mo m1 sees the new day here, too." in words(mentee.get("/1/meeting"))
    mentee.send("/1/pulse", {"item-respect_1": "4"})
    assert "Have you met?" not in words(mentee.get())
    bench.today = dt.date(2026, 2, 25)
    assert "Have you met?" in words(mentee.get())
    mentee.send("/1/goals", {"goal": "G", "baseline": "1", "target": "5", "current": "2"})
    [goal] = bench.store.entered(GOALS, "s1")
    update = {"goal_id": str(goal["id"]), "current": "3.5"}
    assert mentee.send("/1/goals", update).headers["location"].endswith("done=progress")
    assert "now 3.5" in words(mentee.get("/1/goals"))


def test_both_sides_see_on_which_day_a_moved_meeting_is(bench: Bench) -> None:
    mentor, mentee = bench.visitor("m1"), bench.visitor("s1")
    moved = {"happened": "moved", "on": "2026-02-17", "moved_to": "2026-02-24", "topic": "secret"}
    mentee.send("/1/meeting", moved)
    both = "The meeting of 17 February 2026 is moved to 24 February 2026, as"
    assert f"{both} Su s1 has told." in words(mentor.get())
    assert f"{both} you have told." in words(mentee.get())
    german = "ist auf den 24. Februar 2026 verschoben, wie Su s1 eingetragen hat."
    assert german in words(bench.visitor("m1", "de").get())
    assert "secret" not in mentor.get().text
    assert "is moved" not in words(bench.visitor("m12").get("/12"))
    # Whoever did not move it is asked after the new day, too, and may say another.
    bench.today = dt.date(2026, 2, 25)
    mentor.send("/1/pulse", {"item-respect_1": "4"})
    assert "Have you met?" in words(mentor.get())
    mentor.send("/1/meeting", {**moved, "moved_to": "2026-02-27"})
    for visitor in (mentor, mentee):
        assert "moved to 27 February 2026" in words(visitor.get())
        assert "to 24 February 2026, as" not in words(visitor.get())
    assert "Have you met?" not in words(mentor.get())
    # What its author takes back is not shown any more; what took place is not, either.
    [back] = re.findall(r"/1/back/move/\d+", mentor.get().text)
    mentor.send(back, {})
    assert f"{both} Su s1 has told." in words(mentor.get())
    mentor.send("/1/meeting", {"happened": "held", "on": "2026-02-24", "minutes": "45"})
    assert "is moved" not in words(mentor.get())
    assert "is moved" not in words(mentee.get())


def test_a_number_that_may_be_two_is_asked_for_and_not_guessed(bench: Bench) -> None:
    goal = {"goal": "Reach", "baseline": "0", "target": "1,000"}
    english, german = bench.visitor("m1"), bench.visitor("m1", "de")
    asked = english.send("/1/goals", goal)
    assert (asked.status_code, "This may be 1000 or 1." in words(asked)) == (422, True)
    assert "Das kann 1000 oder 1 sein." in words(german.send("/1/goals", goal))
    assert bench.store.entered(GOALS, "m1") == []
    goal = {**goal, "target": "1000", "current": "2.1250"}
    assert english.send("/1/goals", goal).status_code == 303
    # What the page itself writes into the field of a goal, it takes.
    found = re.search(r'name="current" maxlength="40" value="([^"]*)"', german.get("/1/goals").text)
    assert found is not None
    [row] = bench.store.entered(GOALS, "m1")
    update = {"goal_id": str(row["id"]), "current": found[1]}
    assert german.send("/1/goals", update).status_code == 303
    assert [row["current"] for row in bench.store.entered(GOALS, "m1")] == [2.125, 2.125]


def test_a_goal_is_set_once_and_each_side_sets_its_own(bench: Bench) -> None:
    mentor, mentee = bench.visitor("m1"), bench.visitor("s1")
    for visitor in (mentor, mentee):
        goal = {"goal": "A dashboard", "baseline": "1", "target": "5"}
        assert visitor.send("/1/goals", goal).status_code == 303
    again = mentor.send("/1/goals", {"goal": "a Dashboard", "baseline": "0", "target": "9"})
    assert (again.status_code, "You have this goal already" in words(again)) == (422, True)
    with bench.store.reading() as connection:
        found = read_answers(connection, "c")["goals"]
    assert sorted((row["side"], row["target"]) for row in found) == [("mentee", 5), ("mentor", 5)]


def test_nobody_sees_what_the_other_side_entered(bench: Bench) -> None:
    mentor, mentee = bench.visitor("m1"), bench.visitor("s1")
    mentor.send("/1/meeting", {"happened": "held", "on": "2026-02-10", "minutes": "33",
                               "topic": "secret-topic"})  # fmt: skip
    mentor.send("/1/goals", {"goal": "secret-goal", "baseline": "1", "target": "5"})
    mentor.send("/1/pulse", {"item-respect_1": "1", "comment": "secret-comment",
                             "support": "secret-support"})  # fmt: skip
    mentor.send("/1/hand", {"text": "secret-hand"})
    for page in PAGES:
        assert "secret" not in mentee.get(page).text
    assert "secret-topic" in mentor.get().text
    assert "secret-goal" in mentor.get("/1/goals").text


def test_somebody_with_several_pairs_chooses_and_is_led_on(bench: Bench) -> None:
    mentor = bench.visitor("m12")
    assert "Whom is it about? Su s12 a check-in is open Su s13 a check-in is open" in words(
        mentor.get()
    )
    for number in (12, 13):
        mentor.send(f"/{number}/pulse", {"item-respect_1": "4"})
        mentor.send(f"/{number}/meeting", {"happened": "missed", "on": "2026-02-10"})
        mentor.send(f"/{number}/goals", {"goal": "G", "baseline": "1", "target": "5"})
        if number == 12:
            onward = mentor.get("/12/thanks?done=goal")
            assert "You and Su s13 A check-in is open" in words(onward)
    assert "That is all for now" in words(mentor.get("/13/thanks?done=goal"))
    assert len(bench.store.entered(PULSE, "m12")) == 2


def test_a_raised_hand_needs_no_words_and_a_request_does(bench: Bench) -> None:
    mentee = bench.visitor("s2")
    assert mentee.send("/2/support", {"text": "  "}).status_code == 422
    assert mentee.send("/2/hand", {"text": ""}).status_code == 303
    assert mentee.send("/0/hand", {"text": "about nobody"}).status_code == 303
    assert [row["partner_id"] for row in bench.store.entered(HANDS, "s2")] == [None, "m2"]


def test_wrong_answers_are_shown_with_what_to_do_and_kept_in_the_form(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    wrong = {"happened": "held", "on": "2030-01-01", "minutes": "45.5", "topic": "t" * 300}
    page = mentor.send("/1/meeting", wrong)
    assert page.status_code == 422
    assert page.text.count('class="problem"') == 3
    assert 'href="#on"' in page.text
    assert "Please enter a date from 12 January 2026 to 16 February 2026." in words(page)
    assert 'value="45.5"' in page.text
    assert "<title>Please correct: Log a meeting" in page.text
    assert bench.store.entered(SESSIONS, "m1") == []
    empty = mentor.send("/1/pulse", {})
    assert (empty.status_code, "at least one statement" in empty.text) == (422, True)


def test_a_check_in_before_and_after_its_days(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    form = mentor.fields("/1/pulse")
    bench.today = dt.date(2026, 3, 5)
    late = mentor.client.post(f"{mentor.link}/1/pulse", data={**form, "item-respect_1": "3"})
    assert (late.status_code, "This check-in is closed" in late.text) == (410, True)
    assert "The next check-in opens on 13 March 2026." in words(mentor.get("/1/pulse"))
    assert bench.store.entered(PULSE, "m1") == []


def test_a_later_wave_of_pairs_has_check_ins_of_its_own(tmp_path: Path) -> None:
    base = roster_dict()
    waves = [
        {"name": "day30", "pairs": "winter", "opens": "2026-02-11", "closes": "2026-03-04"},
        {"name": "day30", "pairs": "thaw", "opens": "2026-03-11", "closes": "2026-04-01"},
    ]
    pairs = [{**pair, "wave": "thaw" if pair["number"] > 6 else "winter"} for pair in base["pairs"]]
    with open_bench(tmp_path, waves=waves, pairs=pairs) as bench:
        early, late = bench.visitor("m1"), bench.visitor("m7")
        assert early.send("/1/pulse", {f"item-{ITEMS[0]}": "3"}).status_code == 303
        waiting = words(late.get("/7/pulse"))
        assert "The next check-in opens on 11 March 2026." in waiting
        assert "open until" not in words(late.get(""))
        bench.today = dt.date(2026, 3, 12)
        assert late.send("/7/pulse", {f"item-{ITEMS[0]}": "3"}).status_code == 303
        assert "open until" not in words(early.get(""))
        told = response(bench.roster, bench.store, dt.date(2026, 3, 13))
        assert [(row.wave.label, row.side, row.asked.text) for row in told] == [
            ("after 30 days (wave winter)", "mentor", "6"),
            ("after 30 days (wave winter)", "mentee", "6"),
            ("after 30 days (wave thaw)", "mentor", "6"),
            ("after 30 days (wave thaw)", "mentee", "7"),
        ]  # fmt: skip
        desk = bench.coordinator()
        assert "after 30 days (wave winter) mentors" in words(desk.get("/coordinator"))
        german = words(desk.get("/coordinator?lang=de"))
        assert "nach 30 Tagen (Welle thaw) Mentees" in german
        assert "day30" not in german


def test_german_from_the_browser_and_by_the_switch(bench: Bench) -> None:
    mentor = bench.visitor("m1", "de-DE,de;q=0.9")
    page = mentor.get()
    assert '<html lang="de">' in page.text
    assert "Ein Check-in ist offen Etwa eine Minute, bis zum 4. März 2026." in words(page)
    assert '<html lang="en">' in mentor.get("?lang=en").text
    assert '<html lang="en">' in mentor.get("/1/pulse").text
    assert '<html lang="de">' in bench.visitor("m1", "de").get().text


def test_the_programmes_own_statements_go_first(tmp_path: Path) -> None:
    own = {"respect_1": {"en": "Own <i>words</i>?", "de": "Eigene?"}}
    with open_bench(tmp_path, questions=own) as bench:
        assert "Own &lt;i&gt;words&lt;/i&gt;?" in bench.visitor("m1").get("/1/pulse").text
        assert "Eigene?" in bench.visitor("m1", "de").get("/1/pulse").text


@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_a_script_or_loads_from_elsewhere(bench: Bench, page: str) -> None:
    text = bench.visitor("m1").get(page).text
    assert "<script" not in text
    assert not re.search(r"""\son\w+\s*=|javascript:|style=|https?://""", text)


def test_the_coordinator_helps_by_name_and_sees_no_answer(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    mentor.send("/1/pulse", {"item-respect_1": "1", "comment": "secret-comment",
                             "support": "a quiet room"})  # fmt: skip
    mentor.send("/1/hand", {"text": "please call"})
    desk = bench.coordinator()
    page = words(desk.get("/coordinator"))
    assert "Raised hands (1)" in page
    assert "Mo m1 · m1@example.com" in page
    assert "please call" in page
    assert "a quiet room" in page
    assert "secret" not in page
    [row] = bench.store.waiting("hand")
    code = hidden(desk.get("/coordinator").text)["code"]
    done = desk.post("/coordinator/done", data={"code": code, "what": "hand", "id": str(row["id"])})
    assert done.status_code == 303
    assert "Raised hands (0)" in words(desk.get("/coordinator"))


def test_who_asks_twice_waits_once_with_everything_they_sent(bench: Bench) -> None:
    mentor = bench.visitor("m12")
    mentor.send("/12/support", {"text": "a quiet room"})
    bench.visitor("s2").send("/2/support", {"text": "a licence"})
    mentor.send("/13/support", {"text": "time from my <manager>"})
    desk = bench.coordinator()
    page = desk.get("/coordinator")
    assert "Requests for support (3)" in words(page)
    listed = re.findall(r"<li>(.*?)</li>", page.text, re.S)
    assert [re.findall(r"<strong>(.*?)</strong>", one) for one in listed] == [["Mo m12"], ["Su s2"]]
    assert "2 times since" in listed[0]
    assert re.findall(r'class="words">(.*?)</p>', listed[0]) == [
        "time from my &lt;manager&gt;", "a quiet room",
    ]  # fmt: skip
    assert listed[0].index("with Su s13") < listed[0].index("with Su s12")
    assert "2-mal seit dem" in desk.get("/coordinator?lang=de").text
    mentor.send("/12/support", {"text": "came later"})
    form = hidden(listed[0])
    assert desk.post("/coordinator/done", data=form).status_code == 303
    left = words(desk.get("/coordinator?lang=en"))
    assert ("Requests for support (2)" in left, "a quiet room" in left) == (True, False)
    assert "came later" in left


def test_the_coordinator_takes_back_a_link_and_makes_a_new_one(bench: Bench) -> None:
    desk, mentor = bench.coordinator(), bench.visitor("m1")
    code = hidden(desk.get("/coordinator").text)["code"]

    def act(**fields: str) -> Response:
        return desk.post("/coordinator/links", data={"code": code, **fields})

    assert "Mo m1 ·" in words(act(asked="mo M1"))
    assert "Nobody of that name" in words(act(asked="xyz"))
    assert mentor.get().status_code == 200
    assert "The link was taken back" in words(act(person="m1", act="revoke"))
    assert mentor.get().status_code == 410
    found = re.search(r"<code>(\S+)</code>", act(person="m1", act="renew").text)
    assert found is not None
    assert found[1].startswith("https://checkin.example.com/c/")
    assert mentor.get().status_code == 410
    assert bench.client().get(found[1]).status_code == 200


def test_somebody_in_a_circle_only_can_ask_for_help(tmp_path: Path) -> None:
    circle = [{"number": 1, "topic": "Data", "mentors": ["m1"], "mentees": ["s1"]}]
    with open_bench(tmp_path, pairs=[], circles=circle) as bench:
        visitor = bench.visitor("m1")
        assert "Your circles Data" in words(visitor.get())
        assert visitor.send("/0/support", {"text": "a room"}).status_code == 303
        assert "Your request is with Kim Ordin." in words(visitor.get("/0/thanks?done=support"))


def test_whoever_is_in_a_pair_and_a_circle_says_whom_it_is_about(tmp_path: Path) -> None:
    circle = [{"number": 3, "topic": "Data & <AI>", "mentors": ["m1"], "mentees": ["s1", "s2"]}]
    with open_bench(tmp_path, circles=circle) as bench:
        visitor = bench.visitor("m1")
        asked = visitor.send("/1/hand", {"text": "dominated"})
        assert asked.status_code == 422
        assert "Whom is it about? Please choose one of these." in words(asked)
        assert "You and Su s1" in words(asked)
        assert "Your circle about Data & <AI>" in words(asked)
        assert "Ihr Kreis zu Data" in words(bench.visitor("m1", "de").get("/1/support"))
        assert visitor.send("/1/hand", {"about": "circle:Tax"}).status_code == 422
        assert visitor.send("/1/hand", {"about": "circle:Data & <AI>"}).status_code == 303
        assert visitor.send("/1/support", {"about": "pair", "text": "a room"}).status_code == 303
        board = words(bench.coordinator().get("/coordinator"))
        assert "in the circle about Data & <AI>" in board
        assert board.count("with Su s1") == 1
        assert re.search(r"Hand raised [^,]*, in the circle about Data", words(visitor.get()))
        with bench.store.reading() as connection:
            [hand, support] = read_answers(connection, "c")["requests"]
        assert (hand["partner_id"], hand["circle"]) == (None, "Data & <AI>")
        assert (support["partner_id"], support["circle"]) == ("s1", None)
        [_, back] = re.findall(r'href="[^"]*(/1/back/(?:hand|support)/\d+)"', visitor.get().text)
        assert visitor.send(back, {}).status_code == 303
        assert "in the circle" not in words(visitor.get())
        assert "Whom is it about" not in words(bench.visitor("m2").get("/2/hand"))


def test_health_says_whether_the_database_answers(bench: Bench) -> None:
    assert bench.client().get("/health").text == "ok"
