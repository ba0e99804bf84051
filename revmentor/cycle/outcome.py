"""What was done with each message, or would be: as figures, in sentences, with the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from revmentor.cycle.next_step import command
from revmentor.errors import InputError, RevmentorError
from revmentor.publish.mailmerge import Letter
from revmentor.words import agree, counted

SHOWN = 3


@dataclass
class Outcome:
    """What was, or would be, done with each message; messages stand here by their key.

    ``changed`` are those of ``before`` whose reader has another address or link now,
    ``because`` says why a message was refused or must wait; it names nobody. ``sample`` is one to
    people who do not exist, ``named`` the restricted page with who has no address, ``caution`` why
    the links in the messages do not open, ``late`` that they ask for what is over (told before
    they are sent), ``interrupted`` the exit code if somebody stopped it.
    """

    letters: Sequence[Letter]
    smtp: bool
    before: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    no_address: list[str] = field(default_factory=list)
    todo: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    because: dict[str, str] = field(default_factory=dict)
    stopped: str = ""
    sample: Letter | None = None
    named: str = ""
    caution: str = ""
    late: str = ""
    interrupted: int = 0

    @property
    def exit_code(self) -> int:
        """0 all sent; 2 an address must be mended; 5 server, or in doubt; 130 or 143 stopped."""
        if self.interrupted:
            return self.interrupted
        if self.smtp and (self.stopped or self.later or self.doubtful):
            return RevmentorError.exit_code
        return InputError.exit_code if self.smtp and (self.refused or self.no_address) else 0


def sentences(outcome: Outcome, cycle: str, *, show: bool = False, **places: str) -> list[str]:
    """What was or would be done, and what to do next; names only if they are asked for."""
    lines = []
    by_key = {letter.key: letter for letter in outcome.letters}
    if not outcome.smtp:
        would = _to(outcome.todo, by_key) if outcome.todo else "No message"
        lines.append(f"This is a dry run, which sends nothing. {would} would be sent.")
        for key in outcome.todo[: None if show else SHOWN]:
            letter = by_key[key]
            who = f"{letter.name} <{letter.email}>: {letter.subject}; " if show else ""
            names = " and ".join(name.rpartition("/")[2] for name in letter.files)
            lines.append(f"  {who}{names}")
        if not show and outcome.todo:
            lines.append("  With --show: all of them, with names and subjects.")
        lines += _one(outcome, show=show)
    else:
        lines.append(f"{counted(len(outcome.sent), 'message').capitalize()} sent.")
    lines += _counts(outcome, show)
    lines += _next(outcome, cycle, places)
    if outcome.late and not outcome.smtp:
        lines.append(outcome.late)
    if outcome.caution:
        lines.append(outcome.caution)
    return lines


def _to(keys: Sequence[str], by_key: Mapping[str, Letter]) -> str:
    """How many messages, and to how many people: who is in several pairs gets several."""
    people = len({by_key[key].person_id for key in keys})
    return f"{counted(len(keys), 'message')} to {counted(people, 'person')}"


def _one(outcome: Outcome, *, show: bool) -> list[str]:
    """One message as it reads: to invented people, or the first of those that would be sent."""
    by_key = {letter.key: letter for letter in outcome.letters}
    first = by_key[outcome.todo[0]] if outcome.todo else None
    letter = first if show else outcome.sample
    if letter is None or first is None:
        return []
    lead = "The first of them reads" if show else "A message reads, to invented people"
    body = [f"  | {line}".rstrip() for line in letter.text.splitlines()]
    return [f"{lead}:", f"  | Subject: {letter.subject}", "  |", *body]


def _counts(outcome: Outcome, show: bool) -> list[str]:
    by_key = {letter.key: letter for letter in outcome.letters}
    lines = []
    for keys, told in (
        (outcome.before, "sent before and not sent again"),
        (outcome.changed, "sent with an address or a link that has changed since"),
        (outcome.no_address, "without an address that can be used"),
        (outcome.refused, "refused by the server"),
        (outcome.later, "not sent: the server could not take {them} now"),
        (outcome.doubtful, "in doubt: nobody knows whether {they} went out"),
    ):
        if keys:
            many = (
                _to(keys, by_key)
                if any(keys is each for each in (outcome.no_address, outcome.changed))
                else counted(len(keys), "message")
            )
            lines.append(f"{many} {told.format(**_named(keys))}.")
            if keys is outcome.before:
                continue
            for key in keys[:SHOWN] if not show else keys:
                letter = by_key[key]
                who = f"{letter.name} <{letter.email}>: " if show else ""
                names = letter.files[0].rpartition("/")[2]
                because = f" ({outcome.because[key]})" if key in outcome.because else ""
                lines.append(f"  {who}{names}{because}")
    if outcome.interrupted and outcome.todo:
        many = counted(len(outcome.todo), "message")
        lines.append(f"Stopped as you asked: {many} not begun.")
    if outcome.stopped:
        left = counted(len(outcome.todo), "message")
        lines.append(f"Stopped, {left} {agree(len(outcome.todo), 'is')} left: the server says no, "
                     f"{outcome.stopped}.")  # fmt: skip
    return lines


def _named(keys: Sequence[str]) -> Mapping[str, str]:
    """The words for one message, or for several."""
    if len(keys) == 1:
        return {"they": "it", "them": "it", "whom": "its reader"}
    return {"they": "they", "them": "them", "whom": "a reader of one of them"}


def _next(outcome: Outcome, cycle: str, places: Mapping[str, str]) -> list[str]:
    again = command("send", cycle, "--smtp", **places)
    all_of_it = {name: value for name, value in places.items() if name not in ("only", "again")}
    here = {name: value for name, value in all_of_it.items() if name != "by"}
    lines = []
    if not outcome.smtp and outcome.todo:
        lines.append(f"To send {_named(outcome.todo)['them']}: {again}")
    if outcome.interrupted and outcome.todo:
        lines.append(f"To send what is left: {again}")
    elif outcome.later or outcome.stopped:
        lines.append(f"To send what is left, later: {again}")
    if outcome.doubtful:
        told = _named(outcome.doubtful)
        lines.append(
            f"Ask {told['whom']} whether it came. To send {told['them']} again: {again} "
            "--again-doubtful"
        )
    if outcome.before and (outcome.changed or not outcome.smtp):
        once_more = command("send", cycle, "--smtp", "--again", "PERSON", **all_of_it)
        lines.append(
            f"To send them what is right now, each by their person_id: {once_more}"
            if outcome.changed
            else "To send somebody's messages again, after a bounce or with a new link: mend the "
            f"address, run the launch again, then {once_more}"
        )
    if outcome.no_address:
        lines.append(
            f"Who has no address stands in {outcome.named} and, with --show, here. Fill in "
            "people.email, run the launch again, then send; or hand the pack over in person."
        )
    if outcome.refused:
        lines.append("Mend the addresses in the people table, run the launch again, then send.")
    if outcome.smtp and outcome.sent and not (outcome.later or outcome.doubtful or outcome.todo):
        lines.append(f"When they answer: {command('checkin', 'serve', cycle, **here)}")
    return lines
