"""How are the places of an axis named so that no name lies over the next?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from revmentor import words
from revmentor.figures.marks import in_lines

SIZE = 6.6
CHARACTER = 0.62 * SIZE / 72
LINE = 1.4 * SIZE / 72
LINES, LONGEST = 3, 30
USUAL = 3 * LINE


@dataclass(frozen=True)
class Ticks:
    """Names with notes under the places of one axis, side by side or, where these overlap, turned.

    Parameters
    ----------
    names : tuple of str
        One per place.
    widest : int
        Characters of the longest line of any note.
    width : float
        Inches of the axis.
    """

    names: tuple[str, ...]
    widest: int
    width: float

    @property
    def _place(self) -> float:
        return self.width / max(1, len(self.names))

    @property
    def _fits(self) -> int:
        """Characters beside each other, one of them free."""
        return int(self._place / CHARACTER) - 1

    @property
    def turned(self) -> bool:
        """Is a word or a note wider than its place, or a name longer than its lines?"""
        parts = [len(part) for name in self.names for part in name.split()]
        return max([self.widest, *parts]) > self._fits or "…" in "".join(self._wrapped)

    @property
    def _wrapped(self) -> list[str]:
        return [in_lines(name, max(1, self._fits), LINES) for name in self.names]

    @property
    def _lines(self) -> int:
        return max((name.count("\n") + 1 for name in self._wrapped), default=1)

    @property
    def _in_two(self) -> bool:
        """Do a turned name and its notes have a line each?"""
        return self._place >= 2 * LINE

    @property
    def more(self) -> float:
        """Inches that they take beyond a name and two lines of notes."""
        if not self.turned:
            return (self._lines - 1) * LINE
        name = max(len(words.shortened(name, LONGEST)) for name in self.names)
        notes = 2 * self.widest + 1
        long = max(name, notes) if self._in_two else name + 2 + notes
        return max(0.0, long * CHARACTER - USUAL)

    def put(self, axes: Axes, notes: Sequence[Sequence[str]]) -> None:
        """Name the places, from the first to the last.

        Parameters
        ----------
        notes : sequence of sequence of str
            What stands under each name, line by line; as many lines for each.
        """
        if not self.turned:
            padded = [name + "\n" * (self._lines - 1 - name.count("\n")) for name in self._wrapped]
            told = ["\n".join([name, *own]) for name, own in zip(padded, notes, strict=True)]
            axes.set_xticks(range(len(told)), told, size=SIZE)
            return
        between = "\n" if self._in_two else "  "
        every = math.ceil(LINE / self._place)
        turned = [
            f"{words.shortened(name, LONGEST)}{between}{' '.join(filter(None, own))}"
            if at % every == 0
            else ""
            for at, (name, own) in enumerate(zip(self.names, notes, strict=True))
        ]
        axes.set_xticks(range(len(turned)), turned, size=SIZE, rotation=90, multialignment="right")
