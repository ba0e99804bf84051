"""Send the packs of an approved match: each message once, whatever happens in between."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from revmentor.cycle import trail
from revmentor.cycle.approval import Approval, approvals
from revmentor.cycle.interrupts import Interrupted, raise_on_signals
from revmentor.cycle.launched import LaunchFiles, letters_of
from revmentor.cycle.lock import hold
from revmentor.cycle.outcome import SHOWN, Outcome
from revmentor.cycle.sent_notes import note_sent, note_stopped
from revmentor.errors import Fault, InputError
from revmentor.params import load_params
from revmentor.params.launch import Launch, can_be_written_to
from revmentor.paths import cycle_dir, outputs_dir, workbench_root
from revmentor.planning.overdue import overdue
from revmentor.publish.mailmerge import Letter
from revmentor.publish.named import LACKING
from revmentor.publish.post import (
    DoubtError,
    LaterError,
    NoServiceError,
    Post,
    RefusedError,
    compose,
    message_id,
)
from revmentor.publish.sent import Record
from revmentor.publish.workspace import RESTRICTED

LOCK = ".lock-send"
EVERY = 25
BEGUN = "sending it was begun and not ended"


def send_packs(
    cycle: str,
    scenario: str = "",
    *,
    smtp: bool = False,
    only: str = "",
    again: str = "",
    again_doubtful: bool = False,
    by: str = "",
    root: str | Path = "",
    outputs: str | Path = "",
    progress: TextIO | None = None,
    today: dt.date | None = None,
) -> Outcome:
    """Send every message of an approved launch that was not sent before, or say what would be.

    Parameters
    ----------
    cycle : str
    scenario : str
        Empty: the one that is approved.
    smtp : bool
        False only says what would be sent.
    only : str
        A person's id; empty: everybody.
    again : str
        The id of a person whose messages are sent again, and no other person's: they were lost on
        their way, or have a link that was replaced.
    again_doubtful : bool
        Send messages too of which nobody knows whether they went out.
    by : str
        Who sends, for the trail; empty: the user of this machine.
    root, outputs : str or Path
        The workbench and the folder of all results; empty: the defaults.
    progress : TextIO or None
        Where to count.
    today : date or None
        The day to compare with what messages ask for; None: today.

    Raises
    ------
    InputError
        Nothing is approved or launched, the launch is of another match, files were changed, the
        server is not configured.
    LockedError
        Somebody else is sending for this cycle.
    """
    bench = workbench_root(root)
    home = cycle_dir(outputs_dir(bench, outputs), cycle)
    approval = _approved(home, cycle, scenario)
    params = load_params(cycle, approval.scenario, root=bench).params
    launch = params.launch
    files = LaunchFiles(home / approval.scenario)
    if again and only and again != only:
        problem = "messages would go to one person, and again to another"
        raise InputError(Fault("two people", problem, "name one of them", column="--again"))
    letters, sample = letters_of(files, approval, cycle, only=only, again=again)
    password = _ready_to_send(launch, cycle) if smtp else ""
    with hold(home / LOCK, f"the mail of {cycle}"):
        record = Record.open(home)
        outcome = _sorted(letters, record, smtp=smtp, again=again, again_doubtful=again_doubtful)
        outcome.sample = sample
        outcome.named = str(files.folder / RESTRICTED / LACKING)
        outcome.caution = params.unreached(next((one.link for one in letters if one.link), ""))
        if params.checkin.as_of is None:
            days = {one.key: dt.date.fromisoformat(one.first_meeting_by) for one in letters}
            asked = [days[key] for key in outcome.todo]
            outcome.late = overdue("message", asked, today or dt.datetime.now(dt.UTC).date())
        if smtp:
            note_stopped(home, approval, record)
        before = record.times.copy()
        if smtp and outcome.todo:
            if outcome.late and progress is not None:
                print(outcome.late, file=progress, flush=True)
            try:
                with raise_on_signals(), Post(launch.smtp, password) as post:
                    _send(outcome, record, launch, files, post, progress)
            except Interrupted as stop:
                outcome.interrupted = stop.exit_code
                _sorted_anew(outcome, before, Record.open(home))
            finally:
                note_sent(home, approval, outcome, by, again)
        return outcome


def _approved(home: Path, cycle: str, scenario: str) -> Approval:
    standing = approvals(trail.read(home).entries, cycle)
    if scenario:
        standing = {name: each for name, each in standing.items() if name == scenario}
    people = [each for each in standing.values() if not each.itself]
    found = people or list(standing.values())
    if len(found) == 1:
        return found[0]
    if found:
        problem = f"several scenarios are approved: {', '.join(each.scenario for each in found)}"
        raise InputError(Fault("scenario", problem, "name one with --scenario", str(home)))
    raise InputError(
        Fault(
            "not approved",
            "nobody has approved the match of this cycle, so nothing may be sent",
            f"run it, read 03_matching, say revmentor approve {cycle} --by NAME, and then "
            f"revmentor run {cycle} --stage launch",
            str(home),
        )
    )


def _ready_to_send(launch: Launch, cycle: str) -> str:
    """The password, if everything is there that sending needs."""
    faults = []
    for path, value in (("launch.smtp.host", launch.smtp.host),
                        ("launch.mail.from", launch.mail.sender)):  # fmt: skip
        if not value:
            cure = f"write it into params/cycles/{cycle}.yaml"
            faults.append(Fault("not configured", "this is needed to send", cure, column=path))
    name = launch.smtp.password_env
    password = os.environ.get(name, "") if name else ""
    if launch.smtp.user and not password:
        problem = f"the environment variable {name} is not set, so there is no password"
        cure = f"set {name} where revmentor runs"
        faults.append(Fault("no password", problem, cure, column="launch.smtp.password_env"))
    if faults:
        raise InputError(faults)
    return password


def _sorted(
    letters: Sequence[Letter], record: Record, *, smtp: bool, again: str, again_doubtful: bool
) -> Outcome:
    """Which messages are to be sent, and which not?"""
    outcome = Outcome(letters, smtp)
    for letter in letters:
        wanted = bool(again) and letter.person_id == again
        if record.is_sent(letter.key) and not wanted:
            outcome.before.append(letter.key)
            if record.readers[letter.key] not in ("", letter.reader):
                outcome.changed.append(letter.key)
        elif record.in_doubt(letter.key) and not (again_doubtful or wanted):
            outcome.doubtful.append(letter.key)
            outcome.because[letter.key] = BEGUN
        elif not can_be_written_to(letter.email):
            outcome.no_address.append(letter.key)
        else:
            outcome.todo.append(letter.key)
    return outcome


def _send(
    outcome: Outcome,
    record: Record,
    launch: Launch,
    files: LaunchFiles,
    post: Post,
    progress: TextIO | None,
) -> None:
    by_key = {letter.key: letter for letter in outcome.letters}
    todo = list(outcome.todo)
    for place, key in enumerate(todo):
        letter = by_key[key]
        content = compose(letter, launch.mail, files.of(letter), record.times[key])
        try:
            _deliver(letter, content, record, launch, post)
            outcome.sent.append(key)
        except RefusedError as error:
            outcome.refused.append(key)
            outcome.because[key] = str(error)
        except LaterError as error:
            outcome.later.append(key)
            outcome.because[key] = str(error)
        except DoubtError as error:
            outcome.doubtful.append(key)
            outcome.because[key] = str(error)
        except NoServiceError as error:
            outcome.stopped = str(error)
            return
        outcome.todo.remove(key)
        if len(outcome.later) >= SHOWN and not outcome.sent:
            outcome.stopped = f"it takes nothing now: {outcome.because[key]}"
            return
        if progress is not None and (place + 1) % EVERY == 0:
            print(f"{place + 1:,} of {len(todo):,} messages", file=progress, flush=True)


def _sorted_anew(outcome: Outcome, before: Counter[str], record: Record) -> None:
    """What the record says of the messages that a run left when it was stopped in their midst."""
    for key in [*outcome.todo]:
        if record.times[key] > before[key]:
            outcome.sent.append(key)
        elif record.in_doubt(key):
            outcome.doubtful.append(key)
            outcome.because[key] = BEGUN
        else:
            continue
        outcome.todo.remove(key)


def _deliver(letter: Letter, content: bytes, record: Record, launch: Launch, post: Post) -> None:
    """Hand one message to the server; it is tried again while the server cannot take it now."""
    smtp, mail = launch.smtp, launch.mail
    ident = message_id(letter, mail, record.times[letter.key])
    for attempt in range(smtp.attempts):
        if attempt:
            time.sleep(smtp.wait * 2 ** (attempt - 1))
        try:
            post.address(mail.sender, letter.email)
            record.add(letter.key, "sending", ident)
            try:
                post.content(content)
            except (LaterError, RefusedError):
                record.add(letter.key, "not sent", ident)
                raise
            record.add(letter.key, "sent", ident, letter.reader)
            return
        except LaterError:
            if attempt + 1 == smtp.attempts:
                raise
