"""Being stopped from outside: one exception for Ctrl-C and for a polite kill, and time to tidy."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


_PR_SET_PDEATHSIG = 1


class Interrupted(KeyboardInterrupt):
    """Stopped by a signal; ``exit_code`` is 128 plus its number (130 for Ctrl-C, 143 for kill).

    It is a `KeyboardInterrupt` because event loops let only that and `SystemExit` through.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by {signal.Signals(number).name}")
        self.exit_code = 128 + number


@contextmanager
def raise_on_signals() -> Iterator[None]:
    """Turn the first signal into `Interrupted`; later ones must wait until the tidying is done.

    Signals that were ignored before (as under ``nohup``) stay ignored. Only the main thread can
    catch signals; in any other the block simply runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    before = {each: signal.getsignal(each) for each in _SIGNALS}
    caught = [each for each in _SIGNALS if before[each] is not signal.SIG_IGN]
    try:
        for each in caught:
            signal.signal(each, stop)
        yield
    finally:
        for each in caught:
            signal.signal(each, before[each])


def die_with_parent() -> None:
    """Let the system kill this process when the one that started it dies.

    A kernel looks after its parent itself, but cannot while a library call holds the interpreter.
    Only Linux offers this; elsewhere nothing happens. See prctl(2), PR_SET_PDEATHSIG.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
