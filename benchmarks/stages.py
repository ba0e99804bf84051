"""In which part of the engine does a solve spend its time?"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# What is watched, and the part that its time counts for. A part that calls another is not
# charged for it. `Class.method` for methods, else the name under which the module calls it.
WATCHED = {
    "tables": ("problem:read_pool",),
    "criteria": ("intake.survey:weigh",),
    "pricing": (
        "scanning.scan:Scan.of", "scanning.scan:Scan.again", "scanning.scan:Scan.best",
        "scanning.scan:Scan.top", "scanning.scan:Scan.above",
        "scanning.scan:Scan.exact",
    ),
    "core": ("flow.core:Core.solve", "flow.core:Core.add"),
    "lottery": ("engine:draw",),
    "pulp": ("constrained.formulation:Formulation.solve",),
}  # fmt: skip


class Stages:
    """Seconds by part, each call charged to the innermost part that is running."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(WATCHED, 0.0)
        self._running: list[str] = []
        self._since = 0.0

    def _charge(self) -> None:
        now = time.perf_counter()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now

    def watch(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time charged to the part."""

        @functools.wraps(function)
        def watched(*given: Any, **named: Any) -> Any:
            self._charge()
            self._running.append(part)
            try:
                return function(*given, **named)
            finally:
                self._charge()
                self._running.pop()

        return watched

    def shares(self, total: float) -> dict[str, float]:
        """Share of the total by part; the rest is what no part was charged for."""
        found = {part: seconds / total for part, seconds in self.seconds.items()}
        return {**found, "rest": 1 - sum(found.values())}


def found(place: str) -> tuple[Any, str] | None:
    """The owner and the name of what is watched; None if its module is not loaded or lacks it."""
    module, _, path = place.partition(":")
    owner: Any = sys.modules.get(f"revmentor.matching.{module}")
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent, None)
    return (owner, name) if owner is not None and name in vars(owner) else None


@contextmanager
def watched() -> Iterator[Stages]:
    """Watch the engine inside the block; some hundred calls, which cost microseconds.

    Nothing is loaded for it: what a warm-up did not need is not watched.
    """
    stages = Stages()
    before: list[tuple[Any, str, object]] = []
    for part, places in WATCHED.items():
        for owner, name in filter(None, map(found, places)):
            held = vars(owner)[name]
            before.append((owner, name, held))
            if isinstance(held, classmethod):
                setattr(owner, name, classmethod(stages.watch(part, held.__func__)))
            else:
                setattr(owner, name, stages.watch(part, held))
    try:
        yield stages
    finally:
        for owner, name, held in before:
            setattr(owner, name, held)
