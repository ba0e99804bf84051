"""Which messages have gone out? A record that survives a crash at any moment, and names nobody.

``outputs/<cycle>/sent.jsonl`` is added to only. Before a message's content goes to the server, the
record says that it is about to be sent; after the server has accepted it, that it was. What stands
between the two after a crash is in doubt: the server may have taken it or not.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from revmentor.errors import Fault, InputError
from revmentor.publish.atomic import PRIVATE_FILE, sync

FILE = "sent.jsonl"
State = Literal["sending", "sent", "not sent"]
STATES: tuple[State, ...] = ("sending", "sent", "not sent")


@dataclass
class Record:
    """The record of one cycle, opened by whoever holds the lock of sending.

    Parameters
    ----------
    place : Path
        Its file; made with the first line.
    states : dict
        The last state of every message, by its key.
    times : Counter
        How often a server has accepted each message.
    readers : dict
        The print of address and link with which each message was accepted last, by its key;
        records of earlier versions have none.
    """

    place: Path
    states: dict[str, State] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    readers: dict[str, str] = field(default_factory=dict)
    _end: int = 0

    @classmethod
    def open(cls, home: Path) -> Record:
        """The record of the cycle in this folder.

        A last line without its end was never finished, and nothing was done on it: it is dropped
        with the next line that is written.

        Raises
        ------
        InputError
            A line cannot be read.
        """
        place = home / FILE
        content = place.read_bytes() if place.exists() else b""
        *lines, torn = content.split(b"\n")
        states: dict[str, State] = {}
        times: Counter[str] = Counter()
        readers: dict[str, str] = {}
        for row, line in enumerate(lines, 1):
            try:
                told = json.loads(line)
                state, key = told["state"], told["key"]
                if state not in STATES or not isinstance(key, str):
                    raise ValueError
            except (ValueError, KeyError, TypeError):
                raise InputError(
                    Fault(
                        "record of messages",
                        "this line is not as it was written, so nobody can tell what was sent",
                        "restore the file from a backup; without one, remove the line: its "
                        "message may then be sent a second time",
                        str(place),
                        row,
                    )
                ) from None
            states[key] = state
            times[key] += state == "sent"
            if state == "sent":
                readers[key] = str(told.get("reader", ""))
        return cls(place, states, times, readers, len(content) - len(torn))

    def add(self, key: str, state: State, message_id: str, reader: str = "") -> None:
        """Say that this message is now in this state; on disk when this returns."""
        line = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "state": state,
            "key": key,
            "message_id": message_id,
            **({"reader": reader} if reader else {}),
        }
        text = json.dumps(line).encode() + b"\n"
        new = not self.place.exists()
        handle = os.open(self.place, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE)
        try:
            os.ftruncate(handle, self._end)
            written = 0
            while written < len(text):
                written += os.pwrite(handle, text[written:], self._end + written)
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            sync(self.place.parent)
        self._end += len(text)
        self.states[key] = state
        self.times[key] += state == "sent"
        if state == "sent":
            self.readers[key] = reader

    def is_sent(self, key: str) -> bool:
        """Has a server accepted it?"""
        return self.states.get(key) == "sent"

    def in_doubt(self, key: str) -> bool:
        """Was its sending begun and never ended?"""
        return self.states.get(key) == "sending"
