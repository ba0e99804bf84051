"""Packs are sent once each: through a real server, whatever it answers, and whatever breaks."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import signal
import ssl
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mail_cases import CYCLE, Inbox, Server, approve, launched, until

from revmentor.cycle import trail
from revmentor.cycle.lock import hold
from revmentor.cycle.outcome import Outcome, sentences
from revmentor.cycle.sending import send_packs
from revmentor.cycle.trails import trail_text
from revmentor.errors import InputError, LockedError
from revmentor.publish.sent import FILE, Record

QUICK = {"security": "none", "wait": 0.01}


def send(root: Path, **more: Any) -> Outcome:
    return send_packs(CYCLE, **{"smtp": True, "by": "Pat", "root": root, **more})


def test_a_dry_run_sends_nothing_and_names_nobody(tmp_path: Path, repository: Path) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        home = launched(tmp_path, repository, 5, server.port, **QUICK)
        outcome = send(tmp_path, smtp=False)
    told = "\n".join(sentences(outcome, CYCLE))
    assert inbox.rcpts == []
    assert not (home / FILE).exists()
    assert "a dry run, which sends nothing. 5 messages to 5 people would be sent" in told
    assert "pair-0003-mentor.html and pair-0003.ics" in told
    assert "pair-0004" not in told
    assert "Person" not in told
    assert f"revmentor send {CYCLE} --smtp" in told
    assert "A message reads, to invented people:\n  | Subject: " in told
    assert "  | Dear Joris," in told
    assert f"revmentor send {CYCLE} --smtp --by Pat" in "\n".join(
        sentences(outcome, CYCLE, by="Pat")
    )
    shown = "\n".join(sentences(outcome, CYCLE, show=True))
    assert "Person 5 <person5@example.com>" in shown
    assert "Joris" not in shown
    first = outcome.letters[0]
    assert f"The first of them reads:\n  | Subject: {first.subject}" in shown
    assert all(f"  | {line}".rstrip() in shown for line in first.text.splitlines())
    assert outcome.exit_code == 0


def test_a_dry_run_after_messages_went_out_says_what_is_so(
    tmp_path: Path, repository: Path
) -> None:
    def answer(inbox: Inbox, when: str, who: str) -> str | None:
        return "hang up" if when == "data" and who.startswith("person2@") else None

    with Server(Inbox(answer)) as server:
        launched(tmp_path, repository, 3, server.port, **QUICK)
        send(tmp_path, only="p001")
        told = "\n".join(sentences(send(tmp_path, smtp=False, only="p002"), CYCLE, only="p002"))
        assert "1 message to 1 person would be sent" in told
        assert f"To send it: revmentor send {CYCLE} --smtp --only p002" in told
        assert "Nothing is sent yet" not in told
        send(tmp_path)
        told = "\n".join(sentences(send(tmp_path, smtp=False), CYCLE))
    assert "No message would be sent.\n2 messages sent before and not sent again." in told
    assert "1 message in doubt: nobody knows whether it went out." in told
    assert "Ask its reader whether it came. To send it again: " in told


def test_who_has_no_address_is_not_counted_among_those_who_are_written_to(
    tmp_path: Path, repository: Path
) -> None:
    home = launched(tmp_path, repository, 5, 9, {"p002": "", "p004": "no one"}, **QUICK)
    told = "\n".join(sentences(send(tmp_path, smtp=False), CYCLE))
    assert "3 messages to 3 people would be sent" in told
    assert "2 messages to 2 people without an address that can be used." in told
    assert f"stands in {home}/base/restricted/lacking.html and, with --show, here" in told
    assert "or hand the pack over in person" in told
    assert "Person" not in told


@pytest.mark.parametrize("begins", ["http://127.0.0.1:8812", "http://localhost:1", "https://[::1]"])
def test_links_that_open_here_only_are_told_before_they_are_sent(
    tmp_path: Path, repository: Path, begins: str
) -> None:
    launched(tmp_path, repository, 2, 9, links=f"{begins}/c/own", **QUICK)
    told = sentences(send(tmp_path, smtp=False), CYCLE)[-1]
    assert told.startswith(f"Personal links begin with {begins}, which opens on this machine only")
    assert "into checkin.address" in told
    # In a rehearsal, as in the demo, that is as it should be; so it is for who has no page at all.
    path = tmp_path / "params" / "cycles" / f"{CYCLE}.yaml"
    text = path.read_text()
    path.write_text(f"{text}checkin: {{as_of: 2026-02-16}}\n")
    assert "this machine only" not in "".join(sentences(send(tmp_path, smtp=False), CYCLE))
    launched(tmp_path, repository, 2, 9, links="", **QUICK)
    assert "checkin.address" not in "".join(sentences(send(tmp_path, smtp=False), CYCLE))
    path.write_text(f"{text}data: {{tables: {{pulse: {{checkin: true}}}}}}\n")
    assert "Nobody has a personal link" in sentences(send(tmp_path, smtp=False), CYCLE)[-1]


def test_days_that_are_over_are_told_before_anything_goes_out(
    tmp_path: Path, repository: Path
) -> None:
    by, after = dt.date(2026, 2, 11), dt.date(2026, 2, 12)
    late = "2 messages ask for a first meeting by 11 February 2026, which is over"
    inbox = Inbox()
    with Server(inbox) as server:
        launched(tmp_path, repository, 2, server.port, **QUICK)
        dry = sentences(send(tmp_path, smtp=False, today=after), CYCLE)
        assert any(line.startswith(late) for line in dry)
        in_time = sentences(send(tmp_path, smtp=False, today=by), CYCLE)
        assert "is over" not in "".join(in_time)
        told = io.StringIO()
        send(tmp_path, progress=told, today=after)
        assert told.getvalue().startswith(late)
        assert "programme.start" in told.getvalue()
        assert "is over" not in "".join(sentences(send(tmp_path, today=after), CYCLE))
    # In a rehearsal, as in the demo, days go by its own calendar.
    path = tmp_path / "params" / "cycles" / f"{CYCLE}.yaml"
    path.write_text(f"{path.read_text()}checkin: {{as_of: 2026-02-16}}\n")
    again = sentences(send(tmp_path, smtp=False, again="p001", today=after), CYCLE)
    assert "is over" not in "".join(again)


def test_every_message_goes_out_whole_and_once(tmp_path: Path, repository: Path) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        home = launched(tmp_path, repository, 4, server.port, **QUICK)
        first = send(tmp_path)
        again = send(tmp_path)
    assert (len(first.sent), first.exit_code) == (4, 0)
    assert (len(again.before), again.sent, again.exit_code) == (4, [], 0)
    assert inbox.to == [f"Person {k} <person{k}@example.com>" for k in range(1, 5)]
    message = inbox.messages[0]
    assert message["From"] == "Mentoring <mentoring@example.com>"
    assert message["Reply-To"] == "pat@example.com"
    assert message["Message-ID"] == f"<{1:040d}@example.com>"
    parts = [(part.get_content_type(), part.get_filename()) for part in message.walk()]
    assert parts == [
        ("multipart/mixed", None),
        ("text/plain", None),
        ("text/html", "pair-0001-mentor.html"),
        ("text/calendar", "pair-0001.ics"),
    ]
    html = message.get_payload()[1].get_payload(decode=True)  # type: ignore[index, union-attr]
    assert html == (home / "base/restricted/packs/pair-0001-mentor.html").read_bytes()
    assert (home / FILE).stat().st_mode & 0o777 == 0o600
    assert "erson" not in (home / FILE).read_text()
    (entry,) = [each for each in trail.read(home).entries if each.what == "sent"]
    assert (entry.by, entry.facts["messages"]) == ("Pat", 4)


def test_a_new_approval_of_the_same_pairs_sends_nothing_again(
    tmp_path: Path, repository: Path
) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        home = launched(tmp_path, repository, 2, server.port, **QUICK)
        send(tmp_path)
        approve(home)
        assert send(tmp_path).sent == []
        approve(home, "b" * 64)
        with pytest.raises(InputError, match="another match"):
            send(tmp_path)
    assert len(inbox.messages) == 2


def test_one_address_of_two_people_sends_nothing(tmp_path: Path, repository: Path) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        shared = {"p002": "Person3@example.com"}
        launched(tmp_path, repository, 4, server.port, emails=shared, **QUICK)
        for smtp in (False, True):
            with pytest.raises(InputError) as caught:
                send(tmp_path, smtp=smtp)
        (fault,) = caught.value.faults
        assert "rows 3 and 4 are of different people with one e-mail address" in fault.problem
        assert fault.file.endswith("restricted/mailmerge.csv")
        assert "erson3" not in str(fault)
        with pytest.raises(InputError, match="rows 3 and 4"):
            send(tmp_path, only="p003")
        assert len(send(tmp_path, only="p001").sent) == 1
    assert inbox.to == ["Person 1 <person1@example.com>"]


def test_only_one_person(tmp_path: Path, repository: Path) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        launched(tmp_path, repository, 3, server.port, **QUICK)
        assert len(send(tmp_path, only="p002").sent) == 1
        with pytest.raises(InputError, match="nobody with this id"):
            send(tmp_path, only="p999")
    assert inbox.to == ["Person 2 <person2@example.com>"]


def test_a_busy_server_is_asked_again_and_a_wrong_address_is_told(
    tmp_path: Path, repository: Path
) -> None:
    asked: Counter[str] = Counter()

    def answer(inbox: Inbox, when: str, who: str) -> str | None:
        asked[f"{when} {who}"] += 1
        if who.startswith("person1@") and when == "rcpt" and asked[f"rcpt {who}"] == 1:
            return "451 greylisted"
        if who.startswith("person2@") and when == "rcpt":
            return "550 no such user person2@example.com"
        if who.startswith("person3@") and when == "data" and asked[f"data {who}"] < 3:
            return "452 no room"
        if who.startswith("person4@") and when == "data":
            return "554 not wanted"
        return None

    inbox = Inbox(answer)
    with Server(inbox) as server:
        launched(tmp_path, repository, 5, server.port, **QUICK)
        outcome = send(tmp_path)
        told = "\n".join(sentences(outcome, CYCLE))
        assert outcome.exit_code == 2
        assert (len(outcome.sent), len(outcome.refused)) == (3, 2)
        assert "2 messages refused by the server" in told
        assert "pair-0002-mentor.html (it does not take the address (550))" in told
        assert "person2" not in told, "a server's answer may name people"
        inbox.answer = None
        assert len(send(tmp_path).sent) == 2
    assert Counter(inbox.to).most_common(1)[0][1] == 1
    assert len(inbox.to) == 5


def test_a_connection_that_breaks_leaves_the_message_in_doubt(
    tmp_path: Path, repository: Path
) -> None:
    def answer(inbox: Inbox, when: str, who: str) -> str | None:
        return "hang up" if when == "data" and who.startswith("person2@") else None

    inbox = Inbox(answer)
    with Server(inbox) as server:
        launched(tmp_path, repository, 3, server.port, **QUICK)
        outcome = send(tmp_path)
        assert (len(outcome.sent), len(outcome.doubtful), outcome.exit_code) == (2, 1, 5)
        inbox.answer = None
        again = send(tmp_path)
        assert (again.sent, len(again.doubtful), again.exit_code) == ([], 1, 5)
        assert "--again-doubtful" in "\n".join(sentences(again, CYCLE))
        last = send(tmp_path, again_doubtful=True)
        assert (len(last.sent), last.exit_code) == (1, 0)
    assert sorted(inbox.to) == [f"Person {k} <person{k}@example.com>" for k in (1, 2, 3)]


def test_no_server_is_said_and_nothing_is_in_doubt(tmp_path: Path, repository: Path) -> None:
    with Server(Inbox()) as server:
        port = server.port
    home = launched(tmp_path, repository, 9, port, **QUICK)
    outcome = send(tmp_path)
    assert outcome.exit_code == 5
    assert "takes nothing now" in outcome.stopped
    assert (outcome.sent, outcome.doubtful) == ([], [])
    assert not (home / FILE).exists()


def test_killed_in_the_middle_nobody_is_lost_and_nobody_gets_it_twice(
    tmp_path: Path, repository: Path
) -> None:
    many = 30
    inbox = Inbox()
    inbox.wait = 0.05
    with Server(inbox) as server:
        home = launched(tmp_path, repository, many, server.port, **QUICK)
        command = [sys.executable, "-m", "revmentor.cli", "send", CYCLE, "--smtp", "--by", "Pat"]
        for stop_at in (7, 15, 22):
            with subprocess.Popen(
                [*command, "--root", str(tmp_path)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            ) as process:  # fmt: skip
                until(lambda stop=stop_at: inbox.begun >= stop)  # type: ignore[misc]
                process.send_signal(signal.SIGKILL)
                process.wait()
        outcome = send(tmp_path)
    known = Counter(inbox.to)
    assert max(known.values()) == 1, "exactly once"
    record = Record.open(home)
    states = Counter(record.states.values())
    assert states["sent"] + states["sending"] == many, "none is lost"
    assert len(outcome.doubtful) == states["sending"] <= 3, "and what is in doubt is told"
    for key, state in record.states.items():
        if state == "sent":
            assert known[f"Person {int(key)} <person{int(key)}@example.com>"] == 1
    # The server took what is in doubt here: only its answer was not heard.
    assert len(known) == many

    entries = [each for each in trail.read(home).entries if each.what == "sent"]
    assert sum(each.facts["messages"] for each in entries) == states["sent"], "all are noted"
    assert entries[0].by == "", "nobody says who ran what was killed"
    assert "by a run that was stopped" in trail_text(
        CYCLE, root=tmp_path, outputs=tmp_path / "outputs"
    )
    assert send(tmp_path).sent == []
    assert len(trail.read(home).entries) == len(entries) + 1, "and noted once"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle_it_says_how_far_it_came(
    number: int, tmp_path: Path, repository: Path
) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        home = launched(tmp_path, repository, 9, server.port, **QUICK)
        inbox.wait = 0.3
        command = [sys.executable, "-m", "revmentor.cli", "send", CYCLE, "--smtp", "--by", "Pat"]
        with subprocess.Popen(
            [*command, "--root", str(tmp_path)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            until(lambda: inbox.begun >= 4)
            process.send_signal(number)
            told, errors = process.communicate()
        assert process.returncode == 128 + number
        assert "3 messages sent.\n1 message in doubt: " in told
        assert "Stopped as you asked: 5 messages not begun." in told
        assert f"To send what is left: revmentor send {CYCLE} --smtp --root" in told
        assert "Traceback" not in errors
        (entry,) = [each for each in trail.read(home).entries if each.what == "sent"]
        assert (entry.facts["messages"], entry.facts["in_doubt"]) == (3, 1)
        inbox.wait = 0.0
        assert len(send(tmp_path).sent) == 5
    assert max(Counter(inbox.to).values()) == 1


def test_one_person_gets_theirs_again_and_the_trail_says_so(
    tmp_path: Path, repository: Path
) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        home = launched(tmp_path, repository, 3, server.port, **QUICK)
        send(tmp_path)
        told = "\n".join(sentences(send(tmp_path, smtp=False), CYCLE))
        assert f"revmentor send {CYCLE} --smtp --again PERSON" in told
        dry = send(tmp_path, smtp=False, again="p002")
        again = send(tmp_path, again="p002")
        assert send(tmp_path).sent == [], "again is once more, not always"
        with pytest.raises(InputError, match="name one of them"):
            send(tmp_path, again="p002", only="p001")
        with pytest.raises(InputError, match="nobody with this id") as caught:
            send(tmp_path, again="Person 2")
    (fault,) = caught.value.faults
    assert str(fault).startswith("--again: nobody")
    assert fault.cure.endswith(f"with the name in {home / 'base/restricted/mailmerge.csv'}")
    assert dry.todo == again.sent == [f"{2:040d}"]
    assert inbox.to[3:] == ["Person 2 <person2@example.com>"]
    first, second = (inbox.messages[place]["Message-ID"] for place in (1, 3))
    assert first != second, "a mailbox would drop what it has already"
    assert [each.facts["messages"] for each in trail.read(home).entries[1:]] == [3, 1]
    assert ", again to p002" in trail_text(CYCLE, root=tmp_path, outputs=tmp_path / "outputs")


def test_another_address_or_link_since_the_message_is_told(
    tmp_path: Path, repository: Path
) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        home = launched(tmp_path, repository, 4, server.port, **QUICK)
        send(tmp_path)
        assert "changed since" not in "".join(sentences(send(tmp_path), CYCLE))
        moved = {
            "p002": "new2@example.com",
            "p003": "new3@example.com",
            "p004": "PERSON4@example.com",
        }
        launched(tmp_path, repository, 4, server.port, moved, **QUICK)
        for smtp in (False, True):
            told = "\n".join(sentences(send(tmp_path, smtp=smtp), CYCLE))
            assert "2 messages to 2 people sent with an address or a link that has changed" in told
            assert "  pair-0002-mentor.html\n  pair-0003-mentor.html\n" in told
            assert f"by their person_id: revmentor send {CYCLE} --smtp --again PERSON" in told
            assert "example.com" not in told
        assert send(tmp_path, again="p002").changed == []
        assert send(tmp_path).changed == [f"{3:040d}"]
        launched(tmp_path, repository, 4, server.port, moved, "https://c.example/c/x", **QUICK)
        assert len(send(tmp_path).changed) == 4, "links are new"
    lines = (home / FILE).read_text().replace('"reader"', '"unknown"')
    (home / FILE).write_text(lines)
    assert send(tmp_path, smtp=False).changed == [], "a record that never knew says nothing"


def test_a_torn_line_is_dropped_and_a_changed_one_refused(tmp_path: Path) -> None:
    record = Record.open(tmp_path)
    record.add("a", "sending", "<a@x>")
    record.add("a", "sent", "<a@x>")
    place = tmp_path / FILE
    whole = place.read_bytes()
    place.write_bytes(whole + b'{"at": "2026-01-0')
    again = Record.open(tmp_path)
    assert again.is_sent("a")
    again.add("b", "sending", "<b@x>")
    assert Record.open(tmp_path).in_doubt("b")
    assert place.read_bytes().startswith(whole)
    place.write_bytes(whole.replace(b'"sent"', b'"perhaps"'))
    with pytest.raises(InputError, match="row 2"):
        Record.open(tmp_path)


def test_what_sending_needs_is_asked_for_at_once(tmp_path: Path, repository: Path) -> None:
    launched(tmp_path, repository, 1, 25)
    file = tmp_path / "params" / "cycles" / f"{CYCLE}.yaml"
    file.write_text("programme:\n  start: 2026-01-12\n  end: 2026-07-10\n")
    with pytest.raises(InputError) as refused:
        send(tmp_path)
    assert [fault.column for fault in refused.value.faults] == [
        "launch.smtp.host",
        "launch.mail.from",
    ]
    assert send(tmp_path, smtp=False).exit_code == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate")
def test_through_an_encrypted_server_with_a_login(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    login = {"security": "starttls", "user": "mentoring", "password_env": "MAIL_PASSWORD"}
    inbox = Inbox()
    with Server(inbox, tls, ("mentoring", "right")) as server:
        launched(tmp_path, repository, 2, server.port, wait=0.01, **login)
        with pytest.raises(InputError, match="MAIL_PASSWORD is not set"):
            send(tmp_path)
        monkeypatch.setenv("MAIL_PASSWORD", "wrong")
        assert "certificate is not trusted" in send(tmp_path).stopped
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        refused = send(tmp_path)
        assert (refused.stopped, refused.exit_code) == ("it refuses the login", 5)
        assert inbox.rcpts == []
        monkeypatch.setenv("MAIL_PASSWORD", "right")
        assert len(send(tmp_path).sent) == 2
    with Server(Inbox()) as server:
        launched(tmp_path, repository, 3, server.port, wait=0.01, **login)
        assert send(tmp_path).stopped == "it does not offer STARTTLS"


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


def test_nothing_is_sent_of_a_draft(tmp_path: Path, repository: Path) -> None:
    home = launched(tmp_path, repository, 1, 25, **QUICK)
    with trail.writing(home) as pen:
        pen.add("reopened", "Pat", {"scenario": "base", "match": "a" * 64})
    with pytest.raises(InputError, match="nobody has approved"):
        send(tmp_path)


def test_a_pack_that_was_changed_after_publishing_is_not_sent(
    tmp_path: Path, repository: Path
) -> None:
    inbox = Inbox()
    with Server(inbox) as server:
        home = launched(tmp_path, repository, 2, server.port, **QUICK)
        (home / "base/restricted/packs/pair-0002-mentor.html").write_text("other")
        with pytest.raises(InputError, match="not as it was published"):
            send(tmp_path)
    assert len(inbox.messages) == 1


def test_two_do_not_send_at_once(tmp_path: Path, repository: Path) -> None:
    home = launched(tmp_path, repository, 1, 25, **QUICK)
    with hold(home / ".lock-send", "the mail of spring"), pytest.raises(LockedError):
        send(tmp_path)
