"""What went wrong, where, which value, and what to do next: the exceptions of every room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN_PER_KIND = 20


@dataclass(frozen=True)
class Fault:
    """One thing wrong in an input, in the words that its owner can act on.

    Parameters
    ----------
    kind : str
        Short stable name of the kind of fault, for counting (``"duplicate id"``).
    problem : str
        One sentence: what is wrong. Personal values are never part of it.
    cure : str
        One sentence: what to do next.
    file : str
        File name as the user knows it, or a params layer; empty when it is no file's fault.
    row : int or None
        Spreadsheet row, the header being row 1.
    column : str
        The source's own column name, or the path of a parameter.
    value : str or None
        The offending text; None where the column is personal.

    >>> print(Fault("bad date", "the date is ambiguous", "declare date_order", "people.csv", 7,
    ...             "hired_on", "03/04/2021"))
    people.csv, row 7, column hired_on, value '03/04/2021': the date is ambiguous. To fix: declare \
date_order.
    """

    kind: str
    problem: str
    cure: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str | None = None

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}" if self.row is not None else self.column)
        if self.value is not None:
            place.append(f"value {self.value!r}")
        lead = ", ".join(place)
        text = f"{lead}: {self.problem}" if lead else self.problem
        return f"{text.rstrip('.')}. To fix: {self.cure.rstrip('.')}."


class RevmentorError(Exception):
    """Base of every error that revmentor raises on purpose; carries the exit code."""

    exit_code = 5


class InputError(RevmentorError):
    """Input or params are wrong (exit code 2); lists every fault found, by kind.

    >>> raise InputError([Fault("no file", "there is no such file", "check the path", "a.csv")])
    Traceback (most recent call last):
    ...
    revmentor.errors.InputError: 1 problem in the input:
      a.csv: there is no such file. To fix: check the path.
    """

    exit_code = 2

    def __init__(self, faults: Iterable[Fault] | Fault) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(describe(self.faults))


class NoFeasibleMatching(RevmentorError):
    """No matching satisfies every rule and pin (exit code 3)."""

    exit_code = 3


class NotProven(RevmentorError):
    """The solver stopped before it could prove its answer optimal (exit code 4)."""

    exit_code = 4


class SolverError(RevmentorError):
    """The solver failed, or an internal check did (exit code 5)."""

    exit_code = 5


class LockedError(RevmentorError):
    """Another run holds this cycle and scenario (exit code 6)."""

    exit_code = 6


def describe(faults: Iterable[Fault]) -> str:
    """Say all faults, grouped by file and kind, at most 20 of a kind and then a count.

    >>> print(describe([Fault("x", "it is odd", "mend it", "a.csv", row) for row in range(2, 24)])
    ...       .splitlines()[-1])
      a.csv: and 2 more of this kind (x).
    """
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.file, fault.kind), []).append(fault)
    total = sum(len(group) for group in groups.values())
    lines = [f"{total} problem{'' if total == 1 else 's'} in the input:"]
    for (file, kind), group in groups.items():
        lines += [f"  {fault}" for fault in group[:SHOWN_PER_KIND]]
        if len(group) > SHOWN_PER_KIND:
            more = len(group) - SHOWN_PER_KIND
            lines.append(f"  {file + ': ' if file else ''}and {more} more of this kind ({kind}).")
    return "\n".join(lines)


def check_faults(faults: Iterable[Fault]) -> None:
    """Raise `InputError` with all of them if there are any."""
    found = tuple(faults)
    if found:
        raise InputError(found)
