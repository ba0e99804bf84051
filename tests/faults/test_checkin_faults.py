"""What attackers and accidents send to the check-in page is refused, and nothing is stored."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from checkin_cases import ITEMS, KEY, Bench, TestClient, Visitor, hidden, open_bench, roster_dict
from httpx import Response
from sqlalchemy import func, select

from revmentor.checkin import tokens
from revmentor.checkin.app import POLICY, build_app
from revmentor.checkin.limits import LINK, WRONG, Allowance, Rate
from revmentor.checkin.opened import Opened, export
from revmentor.checkin.roster import Roster
from revmentor.checkin.serve import bound
from revmentor.data.checkin_tables import METADATA, NONCES
from revmentor.errors import InputError
from revmentor.params.resolve import load_params

MEETING = {"happened": "held", "on": "2026-02-10", "minutes": "45", "topic": "x"}
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'); DROP TABLE checkin_hands; --",
    "{{ 7*7 }} {% raw %} %(x)s",
    '=HYPERLINK("http://evil")',
    "</textarea></title><b>",
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_bench(tmp_path) as opened:
        yield opened


def stored(bench: Bench) -> int:
    """Rows of all tables of answers."""
    with bench.store.reading() as connection:
        return sum(
            int(connection.scalar(select(func.count()).select_from(table)) or 0)
            for table in METADATA.sorted_tables
        )


def refused(bench: Bench, response: Response, *statuses: int) -> None:
    assert response.status_code in statuses, response.text
    assert stored(bench) == 0
    assert "Traceback" not in response.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_expired_revoked_and_strange_links_do_not_open(bench: Bench, method: str) -> None:
    good = bench.path("m1")
    other_cycle, stranger = bench.path("m1", cycle="other"), bench.path("nobody")
    forged = tokens.link("", b"o" * 32, "c", "m1", 1, bench.roster.expires)
    old = tokens.link("", KEY, "c", "m1", 1, bench.today - dt.timedelta(days=1))
    next_version = bench.path("m1", version=2)
    wrong = [forged, other_cycle, stranger, old, next_version, good[:-3], good + "x", "/c/x",
             "/c/" + "A" * 2000, "/c/%00", "/c/%F0%9F%98%80.x", "/c/../c/x"]  # fmt: skip
    pages = set()
    for path in wrong:
        client = bench.client()
        for page in ("", "/1/meeting"):
            url = path + page
            answer = client.get(url) if method == "get" else client.post(url, data=MEETING)
            refused(bench, answer, 404, 405, 410, 429)
            if answer.status_code in (404, 410) and path != "/c/../c/x":
                pages.add(answer.text)
    # Whoever guesses learns nothing from the page.
    assert len(pages) == (1 if method == "get" else len(pages))
    assert "Kim Ordin" in pages.pop()


def test_another_persons_pair_is_refused_wherever_it_is_named(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    fields = mentor.fields("/1/meeting")
    for page in ("/2", "/2/meeting", "/2/pulse", "/2/goals", "/2/hand", "/2/thanks?done=pulse",
                 "/0/meeting", "/0/pulse", "/99999999999999999999/meeting"):  # fmt: skip
        refused(bench, mentor.get(page), 404)
        refused(bench, mentor.client.post(mentor.link + page, data={**fields, **MEETING}), 404, 405)
    # Ids in fields are of no use: they are taken from the link and the address.
    extra = {**MEETING, "mentor_id": "m2", "person_id": "m2", "entered_by": "m2", "pair": "2"}
    assert mentor.send("/1/meeting", extra).status_code == 303
    with bench.store.reading() as connection:
        sessions = METADATA.tables["checkin_sessions"]
        [row] = connection.execute(select(sessions)).mappings()
    assert (row["mentor_id"], row["mentee_id"], row["entered_by"]) == ("m1", "s1", "m1")


def test_another_persons_goal_is_refused(bench: Bench) -> None:
    mentee, mentor = bench.visitor("s1"), bench.visitor("m1")
    mentee.send("/1/goals", {"goal": "G", "baseline": "1", "target": "5"})
    before = stored(bench)
    for number in ("1", "999", "x", ""):
        answer = mentor.send("/1/goals", {"goal_id": number, "current": "5"})
        assert answer.status_code == 403
    assert stored(bench) == before


def test_a_form_from_elsewhere_is_refused(bench: Bench) -> None:
    mentor, other = bench.visitor("m1"), bench.visitor("m2")
    fields = mentor.fields("/1/meeting")
    url = f"{mentor.link}/1/meeting"
    stolen = other.fields("/2/meeting")
    for sent in (
        {},
        {"key": fields["key"]},
        {"key": "k" * 32, "code": fields["code"]},
        {"key": fields["key"], "code": "0" * 64},
        {"key": fields["key"], "code": "ü"},
        stolen,
        mentor.fields("/1/goals"),
    ):
        refused(bench, mentor.client.post(url, data={**MEETING, **sent}), 403)
    # Without the cookie, with another's cookie, from another site, in another format.
    without = bench.client()
    refused(bench, without.post(url, data={**MEETING, **fields}), 403)
    cookie = other.client.cookies.get("checkin")
    assert cookie is not None
    without.cookies.set("checkin", cookie)
    refused(bench, without.post(url, data={**MEETING, **fields}), 403)
    cross = {"sec-fetch-site": "cross-site"}
    refused(bench, mentor.client.post(url, data={**MEETING, **fields}, headers=cross), 403)
    refused(bench, mentor.client.post(url, json={**MEETING, **fields}), 415)
    refused(bench, mentor.client.post(url, files={"a": b"x"}, data=fields), 415)
    assert mentor.client.post(url, data={**MEETING, **fields}).status_code == 303


def test_a_form_that_is_sent_again_is_stored_once(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    fields = {**mentor.fields("/1/meeting"), **MEETING}
    url = f"{mentor.link}/1/meeting"
    assert [mentor.client.post(url, data=fields).status_code for _ in range(5)] == [303] * 5
    changed = mentor.client.post(url, data={**fields, "topic": "other"})
    assert changed.status_code == 409
    assert "What you sent first is saved" in changed.text
    assert stored(bench) == 2


@pytest.mark.parametrize("text", NASTY)
def test_scripts_and_statements_are_shown_and_exported_as_text(
    bench: Bench, tmp_path: Path, text: str
) -> None:
    mentor = bench.visitor("m1")
    mentor.send("/1/meeting", {**MEETING, "topic": text})
    mentor.send("/1/goals", {"goal": text, "baseline": "1", "target": "2"})
    mentor.send("/1/pulse", {f"item-{ITEMS[0]}": "1", "comment": text, "support": text})
    mentor.send("/1/support", {"text": text})
    mentor.send("/1/hand", {"text": text})
    echoed = mentor.send("/1/meeting", {**MEETING, "minutes": text[:40], "topic": text})
    desk = bench.coordinator()
    found = desk.post(
        "/coordinator/links",
        data={"code": hidden(desk.get("/coordinator").text)["code"], "asked": text},
    )
    pages = [mentor.get(), mentor.get("/1/goals"), echoed, desk.get("/coordinator"), found]
    for page in pages:
        assert page.status_code in (200, 422)
        for markup in ("<script", "<img", "<b>"):
            assert markup not in page.text
    # The meeting, the goal and the support; the words of a raised hand stand on no list.
    assert unescape(pages[0].text).count(text) == 3
    assert [row["text"] for row in bench.store.waiting("hand")] == [text]
    params = load_params("demo", root=Path(__file__).parents[2]).params
    opened = Opened("c", "base", tmp_path, params, bench.roster, bench.store, KEY)
    for path in export(opened, tmp_path / "out", comments=True):
        for cell in path.read_text(encoding="utf-8-sig").replace("\r\n", ",").split(","):
            assert not cell.lstrip('"').startswith(("=", "+", "@")), path.name


def test_names_with_markup_are_text_on_every_page(tmp_path: Path) -> None:
    content = roster_dict()
    for pair in content["pairs"]:
        pair["mentee_name"] = "<script>alert('x')</script>"
    with open_bench(tmp_path, pairs=content["pairs"], title="<b>T</b>") as bench:
        for page in ("", "/1/meeting", "/1/pulse", "/1/goals", "/1/hand", "/1/thanks?done=goal"):
            text = bench.visitor("m1").get(page).text
            assert "<script" not in text
            assert "<b>T" not in text


def test_a_body_that_is_too_large_is_refused(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    fields = mentor.fields("/1/hand")
    url = f"{mentor.link}/1/hand"
    refused(bench, mentor.client.post(url, data={**fields, "text": "x" * 70_000}), 413)
    form = {"content-type": "application/x-www-form-urlencoded"}

    def endless() -> Iterator[bytes]:
        yield from (b"text=" + b"x" * 10_000 for _ in range(50))

    refused(bench, mentor.client.post(url, content=endless(), headers=form), 413)
    many = "&".join(f"a{n}=1" for n in range(5_000))
    refused(bench, mentor.client.post(url, content=many, headers=form), 400)
    twice = f"key={fields['key']}&code={fields['code']}&text=a&text=b"
    refused(bench, mentor.client.post(url, content=twice, headers=form), 400)
    assert mentor.send("/1/hand", {"text": "😀" * 2_001}).status_code == 422
    assert mentor.send("/1/hand", {"text": "😀" * 2_000}).status_code == 303


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/1/meeting", {**MEETING, "on": "10.02.2026"}),
        ("/1/meeting", {**MEETING, "on": "2025-02-10"}),
        ("/1/meeting", {**MEETING, "on": ""}),
        ("/1/meeting", {**MEETING, "minutes": "-5"}),
        ("/1/meeting", {**MEETING, "minutes": "1e3"}),
        ("/1/meeting", {**MEETING, "minutes": "9" * 39}),
        ("/1/meeting", {**MEETING, "happened": "held'; --"}),
        ("/1/meeting", {"happened": "moved", "on": "2026-02-10", "moved_to": "2099-01-01"}),
        ("/1/meeting", {"happened": "moved", "on": "2026-02-10", "moved_to": "2026-02-10"}),
        ("/1/pulse", {"item-respect_1": "6"}),
        ("/1/pulse", {"item-respect_1": "3.5"}),
        ("/1/pulse", {"item-respect_1": "nan"}),
        ("/1/pulse", {"item-unknown": "3"}),
        ("/1/pulse", {"item-respect_1": "3", "comment": "x" * 2_001}),
        ("/1/goals", {"goal": "", "baseline": "1", "target": "2"}),
        ("/1/goals", {"goal": "G", "baseline": "1", "target": "1"}),
        ("/1/goals", {"goal": "G", "baseline": "inf", "target": "1"}),
        ("/1/goals", {"goal": "G", "baseline": "1", "target": "2", "skill": "other"}),
        ("/1/support", {"text": "\x00\x07 \r\n"}),
    ],
)
def test_values_that_make_no_sense_are_named_and_not_stored(
    bench: Bench, page: str, fields: dict[str, str]
) -> None:
    answer = bench.visitor("m1").send(page, fields)
    refused(bench, answer, 422)
    assert 'role="alert"' in answer.text


def test_an_unknown_wave_and_bad_bytes_are_refused(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    refused(bench, mentor.send("/1/pulse", {"wave": "day99", "item-respect_1": "3"}), 403)
    refused(bench, mentor.send("/1/pulse", {"wave": "day60", "item-respect_1": "3"}), 410)
    fields = mentor.fields("/1/hand")
    body = f"key={fields['key']}&code={fields['code']}&text=%ff%fe%00%ed%a0%80ok"
    form = {"content-type": "application/x-www-form-urlencoded"}
    done = mentor.client.post(f"{mentor.link}/1/hand", content=body, headers=form)
    assert done.status_code == 303
    [row] = bench.store.waiting("hand")
    assert str(row["text"]).endswith("ok")
    assert "\x00" not in str(row["text"])


def test_too_many_requests_wait(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    # A clock that stands still, so that a slow machine counts the same.
    for allowance in (bench.site.per_link, bench.site.wrong_links):
        monkeypatch.setattr(allowance, "_clock", lambda: 0.0)
    mentor, other = bench.visitor("m1"), bench.visitor("m2")
    statuses = [mentor.get().status_code for _ in range(int(LINK.at_once) + 5)]
    assert statuses.count(200) == LINK.at_once
    assert statuses[-1] == 429
    assert mentor.get().headers["retry-after"] == "60"
    assert other.get().status_code == 200
    guesses = [
        bench.client().get(f"/c/guess{n}").status_code for n in range(int(WRONG.at_once) + 3)
    ]
    assert guesses.count(404) == WRONG.at_once
    assert guesses[-1] == 429
    # Guesses of one do not lock out the colleagues behind the same address.
    assert other.get().status_code == 200


def test_a_link_that_was_taken_back_does_not_lock_out_the_new_one(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.site.per_link, "_clock", lambda: 0.0)
    bench.store.reissue("m1")
    old, new = bench.visitor("m1"), Visitor(bench.client(), bench.path("m1", version=2))
    statuses = [old.get().status_code for _ in range(int(LINK.at_once) + 1)]
    assert set(statuses) == {410, 429}
    assert new.get().status_code == 200


def test_tokens_come_back_with_time() -> None:
    now = [0.0]
    few = Allowance(Rate(60, 2), lambda: now[0])
    assert [few.take("a") for _ in range(3)] == [True, True, False]
    now[0] = 1.0
    assert [few.take("a") for _ in range(2)] == [True, False]


def test_the_keys_not_seen_for_longest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("revmentor.checkin.limits.MOST_KEYS", 3)
    few = Allowance(Rate(60, 2), lambda: 0.0)
    for key in ("a", "b", "a", "c", "d"):
        assert few.take(key)
    assert list(few._left) == ["a", "c", "d"]
    # Who is known is counted on; who was forgotten begins anew.
    assert not few.take("a")
    assert [few.take("b") for _ in range(3)] == [True, True, False]


def test_too_many_requests_of_one_address_wait_whatever_they_ask_for(bench: Bench) -> None:
    site = replace(bench.site, per_address=Allowance(Rate(1, 5), lambda: 0.0))
    bench.app = build_app(site)
    mentor = bench.visitor("m1")
    assert [mentor.get().status_code for _ in range(4)] == [200] * 4
    assert bench.client().get("/nothing").status_code == 404
    for path in (mentor.link, "/health", "/icon.svg", "/coordinator"):
        answer = bench.client().get(path)
        assert (answer.status_code, answer.text) == (429, "Too many requests.")
        assert answer.headers["content-security-policy"] == POLICY
    refused(bench, bench.client().post(f"{mentor.link}/1/hand", data={"text": "x"}), 429)
    elsewhere = TestClient(
        bench.app, base_url=bench.address, client=("10.0.0.2", 5000), follow_redirects=False
    )
    assert elsewhere.get(mentor.link).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [{"what": "hand", "id": "x"}, {"what": "pulse", "id": "1"}, {"what": "hand", "id": "9" * 30},
     {"what": "hand", "id": "-1"}, {"what": "hand", "id": "²"}, {}],
)  # fmt: skip
def test_the_coordinators_forms_are_checked(bench: Bench, fields: dict[str, str]) -> None:
    desk = bench.coordinator()
    code = hidden(desk.get("/coordinator").text)["code"]
    before = stored(bench)
    assert desk.post("/coordinator/done", data={"code": code, **fields}).status_code == 400
    assert desk.post("/coordinator/done", data={"x": "", **fields}).status_code == 403
    assert desk.post("/coordinator/links", data={"act": "revoke"}).status_code == 403
    unknown = {"code": code, "act": "revoke", "person": "nobody"}
    assert desk.post("/coordinator/links", data=unknown).status_code == 404
    assert stored(bench) == before


def test_a_participant_is_no_coordinator(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    mentor.get()
    for path in ("/coordinator", f"/coordinator/{mentor.link.removeprefix('/c/')}"):
        refused(bench, mentor.client.get(path), 403, 404)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    assert mentor.client.get(tokens.login_link("", KEY, "c", past)).status_code == 410
    other = tokens.login_link("", KEY, "x", dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert mentor.client.get(other).status_code == 404
    mentor.client.cookies.set("coordinator", tokens.session_value(KEY, "c", past))
    assert mentor.client.get("/coordinator").status_code == 403


def test_an_error_says_neither_what_was_sent_nor_whose_it_was(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = io.StringIO()
    monkeypatch.setattr("sys.stderr", told)
    mentor = bench.visitor("m1")
    fields = mentor.fields("/1/hand")

    def broken(form: object, _now: object) -> None:
        raise ValueError(f"secret {form}")

    monkeypatch.setattr(bench.store, "keep", broken)
    answer = mentor.client.post(f"{mentor.link}/1/hand", data={**fields, "text": "private"})
    refused(bench, answer, 500)
    assert "Your last step was not saved" in answer.text
    said = told.getvalue()
    assert said.startswith("check-in page: ValueError in broken")
    for personal in ("secret", "private", "m1", mentor.link[3:]):
        assert personal not in said + answer.text.replace(mentor.link, "")


def test_somebody_who_left_the_cycle_has_no_page_any_more(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    fields = mentor.fields("/1/meeting")
    content = roster_dict()
    content["people"] = [one for one in content["people"] if one["person_id"] != "m1"]
    content["pairs"] = [pair for pair in content["pairs"] if pair["mentor_id"] != "m1"]
    bench.roster = Roster.model_validate(content)
    refused(bench, mentor.client.post(f"{mentor.link}/1/meeting", data={**fields, **MEETING}), 404)


def test_a_form_about_one_partner_is_not_kept_about_another(bench: Bench) -> None:
    mentor = bench.visitor("m12")
    forms = {page: mentor.fields(f"/12/{page}") for page in ("meeting", "pulse", "goals", "hand")}
    content = roster_dict()
    # The cycle is launched anew: the same number is another pair of the same mentor.
    *_, first, second = content["pairs"]
    first["number"], second["number"] = 13, 12
    bench.roster = Roster.model_validate(content)
    sent = {**MEETING, "item-respect_1": "3", "goal": "G", "baseline": "1", "target": "5"}
    for page, fields in forms.items():
        url = f"{mentor.link}/12/{page}"
        refused(bench, mentor.client.post(url, data={**sent, **fields}), 403)
    assert mentor.send("/12/meeting", MEETING).status_code == 303


def test_nothing_but_the_forms_own_key_is_kept_of_a_form(bench: Bench) -> None:
    mentor = bench.visitor("m1")
    fields = mentor.fields("/1/meeting")
    mentor.client.post(f"{mentor.link}/1/meeting", data={**fields, **MEETING})
    with bench.store.reading() as connection:
        [row] = connection.execute(select(NONCES)).mappings()
    assert row["nonce"] == fields["key"]


def test_a_taken_port_is_answered_with_a_free_one() -> None:
    with bound("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError) as refused:
            bound("127.0.0.1", port)
        (fault,) = refused.value.faults
        free = int(fault.cure.rpartition(" ")[2])
        assert fault.cure == (
            f"stop what is served there, or choose another port, such as --port {free}"
        )
        assert free != port
        bound("127.0.0.1", free).close()


def test_a_host_that_is_not_this_machine_is_the_hosts_fault() -> None:
    with pytest.raises(InputError) as refused:
        bound("192.0.2.1", 8765)
    (fault,) = refused.value.faults
    assert (fault.file, fault.cure) == ("--host", "choose another --host")
