"""Decisions that people took by sheet, beside the company's own table: which are in force?"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from revmentor.data.contract import CONTRACT
from revmentor.data.convert import Manner, convert
from revmentor.data.draft import Draft
from revmentor.data.identity import Roster
from revmentor.data.mapping import map_table
from revmentor.data.reading import RawTable, Reading
from revmentor.data.schemas import check_schema
from revmentor.errors import Fault
from revmentor.params.models import Params, Source

WITHDRAW = "withdraw"
SHEET = "decisions.xlsx"
CHOICES = (*CONTRACT["decisions"].column("decision").choices, WITHDRAW)
_COLUMNS = ("mentor_id", "mentee_id", "decision", "by", "reason", "on")
_OTHER_ROWS = 10**12  # beyond the rows of any file; see `revmentor.data.draft.PART`


def decide_words(cycle: str = "CYCLE", scenario: str = "base", file: str = "") -> str:
    """The command that takes a filled workbook of decisions in, as every page and message says it.

    Without a file, the workbook is taken from where the matching wrote it.

    >>> decide_words("spring"), decide_words("spring", "limits")
    ('revmentor decide spring --by NAME', 'revmentor decide spring --by NAME --scenario limits')
    """
    overlay = "" if scenario == "base" else f" --scenario {scenario}"
    copy = f" {shlex.quote(file)}" if file else ""
    return f"revmentor decide {cycle}{copy} --by NAME{overlay}"


@dataclass(frozen=True)
class Decided:
    """One decision by sheet.

    Parameters
    ----------
    mentor_id, mentee_id : str
        The pair.
    decision : str
        ``require``, ``forbid``, ``lock``, or ``withdraw``: what was decided before is taken back.
    by, reason : str
        Who, and why.
    on : date
        The day on which it was taken.
    file, row : str and int
        Where it stands, for messages.
    new : bool
        True while it is only asked for: then whom it names must be there.
    """

    mentor_id: str
    mentee_id: str
    decision: str
    by: str
    reason: str
    on: dt.date
    file: str
    row: int
    new: bool = False

    @property
    def pair(self) -> tuple[str, str]:
        """Who with whom."""
        return self.mentor_id, self.mentee_id


def last_words(decided: Iterable[Decided]) -> dict[tuple[str, str], Decided]:
    """For each pair the decision that counts: the last.

    Parameters
    ----------
    decided : iterable of Decided
        In the order in which they were taken.
    """
    return {each.pair: each for each in decided}


def with_decided(
    draft: Draft | None, decided: Sequence[Decided], params: Params, roster: Roster
) -> Draft | None:
    """The table of decisions with those that were taken by sheet.

    A decision by sheet replaces what the table says of the same pair up to that day; a row of the
    table with a later day counts instead of it. Whom it names may have left since: then it says
    nothing any more, with a warning.

    Parameters
    ----------
    draft : Draft or None
        The company's table, typed; None where it has none.
    decided : sequence of Decided
        In the order in which they were taken.
    params : Params
    roster : Roster

    Returns
    -------
    Draft or None
        With rows from another place (see `Draft.elsewhere`); None if nothing is decided at all.
    """
    last, replaced = _against(draft, last_words(decided))
    present, gone = _whom(last, roster)
    rows = [each for each in present if each.decision != WITHDRAW]
    if draft is None and not rows:
        return None
    told = _typed(rows, params)
    if draft is None:
        return replace(told, digest=_digest("", rows, 0)).warn(gone)
    draft = draft.leave_out(replaced, "a later decision by sheet counts for the pair").warn(gone)
    if not rows:
        return replace(draft, digest=_digest(draft.digest, rows, len(replaced)))
    return replace(
        draft,
        frame=pd.concat([draft.frame, told.frame]),
        everyone=pd.concat([draft.everyone, told.everyone]),
        faults=draft.faults + told.faults,
        elsewhere=told.elsewhere,
        digest=_digest(draft.digest, rows, len(replaced)),
    ).note(*told.notes)


def _against(
    draft: Draft | None, last: Mapping[tuple[str, str], Decided]
) -> tuple[list[Decided], list[int]]:
    """The decisions by sheet that count, and the table's rows that they replace."""
    counts, replaced = dict(last), list[int]()
    if draft is None or not last:
        return list(counts.values()), replaced
    columns = ["mentor_id", "mentee_id", "on"]
    for row, mentor, mentee, on in draft.frame[columns].itertuples():
        told = last.get((mentor, mentee))
        if told is None:
            continue
        if pd.notna(on) and on.date() > told.on and not told.new:
            counts.pop(told.pair, None)
        else:
            replaced.append(int(row))
    # Rows that are older than the sheet's word are out of date, whichever of the later ones counts.
    return list(counts.values()), replaced


def _whom(decided: Sequence[Decided], roster: Roster) -> tuple[list[Decided], list[Fault]]:
    """Those whose two people are there, or should be; and a warning for each of the others."""
    kept, gone = [], []
    for each in decided:
        missing = [who for who in each.pair if who not in roster.present]
        if each.new or not missing or each.decision == WITHDRAW:
            kept.append(each)
            continue
        problem = f"the decision to {each.decision} names somebody who is not in {roster.file} any "
        cure = f"withdraw the decision with `{decide_words()}`, or restore the person"
        told = f"{problem}more, so it is left out"
        gone.append(Fault("decision about nobody", told, cure, each.file, each.row))
    return kept, gone


def _typed(decided: Sequence[Decided], params: Params) -> Draft:
    """These decisions as a table by itself, checked as the company's own is."""
    rows = range(_OTHER_ROWS, _OTHER_ROWS + len(decided))
    texts = [{**vars(each), "on": each.on.isoformat()} for each in decided]
    columns = {name: [str(told[name]) for told in texts] for name in _COLUMNS}
    source = Source(path="decisions by sheet", missing=("",), date_order="iso")
    reading = Reading.of(source, params.data)
    raw = RawTable(source.path, columns, list(rows))
    draft = map_table(raw, CONTRACT["decisions"], source, reading)
    places = {row: (each.file, each.row) for row, each in zip(rows, decided, strict=True)}
    draft = replace(draft, elsewhere=places)
    draft = check_schema(convert(draft, Manner(params, reading.list_separator, "iso")), params)
    many = f"{len(decided):,} of the decisions {'was' if len(decided) == 1 else 'were'} taken by "
    return replace(draft.note(f"{many}sheet; see the trail"), mapped=())


def _digest(digest: str, decided: Sequence[Decided], replaced: int) -> str:
    """Digest of what is decided: the table's own where no sheet changes it."""
    if not decided and not replaced:
        return digest
    told = sorted(_told(decided))
    text = json.dumps([digest, told, replaced], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(decided: Sequence[Decided]) -> Iterator[list[str]]:
    for each in decided:
        yield [*each.pair, each.decision, each.by, each.reason, each.on.isoformat()]
