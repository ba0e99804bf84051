"""`revmentor checkin serve` in a process of its own, for tests that stop or kill it."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import subprocess
from pathlib import Path

from conftest import command

from revmentor.checkin import tokens


class Served:
    """`revmentor checkin serve` in a process of its own."""

    def __init__(self, root: Path, password: str = "") -> None:
        words = [str(command("revmentor")), "checkin", "serve", "demo", "--port", "0",
                 "--as-of", "2026-02-16", "--root", str(root)]  # fmt: skip
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "CHECKIN_PASSWORD": password},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"is served on (http://\S+)", line):
                self.address = found[1]
            if "Ctrl-C" in line:
                break
        self.secret = tokens.secret_of(root / "outputs" / "demo")

    def path(self, person: str) -> str:
        last = dt.date(2026, 8, 9)
        return tokens.link(self.address, self.secret, "demo", person, 1, last)

    def end(self, how: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(how)
        out, error = self.process.communicate(timeout=30)
        return self.process.returncode, out + error
