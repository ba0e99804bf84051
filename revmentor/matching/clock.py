"""How much time is left?"""

from __future__ import annotations

import time
from dataclasses import dataclass

from revmentor.errors import Fault, InputError


class OutOfTime(Exception):  # noqa: N818 - not an error: the caller answers with its best plan
    """The time limit has passed."""


@dataclass(frozen=True)
class Clock:
    """A deadline, or none.

    Parameters
    ----------
    deadline : float or None
        Reading of the monotonic clock, in seconds.
    """

    deadline: float | None

    @classmethod
    def start(cls, limit: float | None) -> Clock:
        """Start counting; the limit is in seconds, None for none.

        >>> Clock.start(None).left() is None
        True
        """
        if limit is None:
            return cls(None)
        if not limit > 0:
            raise InputError(
                Fault("bad time limit", "a time limit is a number of seconds above 0",
                      "give one, or None for no limit", "", None, "time_limit", str(limit))
            )  # fmt: skip
        return cls(time.monotonic() + limit)

    def left(self) -> float | None:
        """Seconds left, never below 0; None without a limit."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    def check(self) -> None:
        """Raise `OutOfTime` when nothing is left."""
        if self.left() == 0:
            raise OutOfTime
