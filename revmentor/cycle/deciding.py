"""What a coordinator decided in the workbook of a matching goes into the trail, if it can."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

import pandas as pd

from revmentor.cycle import trail
from revmentor.cycle.approval import approvals
from revmentor.cycle.approving import Answer, checked
from revmentor.cycle.check import get_ready
from revmentor.cycle.decided import DECIDED, decided_by
from revmentor.cycle.next_step import after_decisions, after_no_decisions, command, given
from revmentor.cycle.pins import against_rules
from revmentor.data.decided import SHEET, WITHDRAW, Decided, last_words
from revmentor.data.decisions_sheet import read_decisions_sheet
from revmentor.errors import Fault, InputError, check_faults
from revmentor.paths import check_name, cycle_dir, outputs_dir, result_dir, workbench_root
from revmentor.publish.atomic import make_folder
from revmentor.publish.workspace import RESTRICTED
from revmentor.words import counted, listed

PAIR = ["mentor_id", "mentee_id"]
TABLES = {"decisions", "history"}


def decide(
    cycle: str,
    sheet: str | Path = "",
    by: str = "",
    *,
    scenario: str = "base",
    root: str | Path = "",
    data: str | Path = "",
    outputs: str | Path = "",
) -> Answer:
    """Read a filled workbook of decisions, check it, and write each decision into the trail.

    Parameters
    ----------
    cycle : str
        Name.
    sheet : str or Path
        ``restricted/decisions.xlsx`` as filled; empty: where the matching wrote it.
    by : str
        Who decides where a row names nobody.
    scenario : str
        Whose workbook it is.
    root, data, outputs : str or Path
        The workbench, the folder of the tables, the folder of all results; empty: the defaults.

    Returns
    -------
    Answer
        What was added, and the next step; what is in force already is not added again. If no row
        has a decision, that is said.

    Raises
    ------
    InputError
        With every fault of the workbook, by the rules of the table ``decisions``, and every pair
        that it requires against a rule of the match; nothing of it is kept then.
    """
    by = checked(by, "--by", needed=False)
    outputs_home = outputs_dir(workbench_root(root), outputs)
    home = cycle_dir(outputs_home, check_name("cycle", cycle))
    places = given(root=root, data=data, outputs=outputs, scenario=scenario)
    written = sorted(home.glob(f"[!.]*/{RESTRICTED}/{SHEET}"))
    file = Path(sheet or result_dir(outputs_home, cycle, scenario) / RESTRICTED / SHEET)
    if not sheet and file not in written:
        match = command("run", cycle, "--stage", "match", **places)
        raise InputError(_not_written(file, written, match))
    asked, faults = read_decisions_sheet(
        file,
        by=by,
        on=dt.datetime.now(dt.UTC).date(),
        written=listed([str(file) for file in written]) if written else "",
    )
    ready = partial(get_ready, cycle, names=TABLES, root=root, data=data, outputs=outputs)
    now = ready().tables.decisions
    make_folder(home)
    with trail.writing(home) as pen:
        before = last_words(decided_by(pen.trail.entries))
        new, same, idle = _sorted_out(asked, before, now)
        try:
            found = ready(more=new)
        except InputError as error:
            raise InputError(dict.fromkeys((*faults, *error.faults))) from None
        against = tuple(against_rules(found.tables, found.resolved.params))
        here = {(each.file, each.row) for each in new}
        check_faults((*faults, *(fault for fault in against if (fault.file, fault.row) in here)))
        for each in new:
            facts = {"mentor_id": each.mentor_id, "mentee_id": each.mentee_id,
                     "decision": each.decision, "reason": each.reason}  # fmt: skip
            pen.add(DECIDED, each.by, facts)
        standing = approvals(pen.trail.entries, cycle)
    approved = next((each for each in standing.values() if not each.itself), None)
    stands = approved.sentence if approved else ""
    return Answer((
        _said(new, same) if asked else "No row of the workbook has a decision.",
        *(f"Row {each.row:,} of {each.file}: there is nothing to withdraw." for each in idle),
        *(f"This stands since before: {fault}" for fault in against),
        after_decisions(cycle, stands, by, places) if asked
        else after_no_decisions(cycle, file, stands, by, places),
    ))  # fmt: skip


def _not_written(file: Path, written: list[Path], match: str) -> Fault:
    """There is no workbook where the matching of this scenario would have written it."""
    cure = f"match first, which writes it: {match}"
    if written:
        cure = f"name the scenario with --scenario, or {cure}"
    others = f"; there is {listed([str(each) for each in written])}" if written else ""
    problem = f"the matching has written no workbook of decisions here{others}"
    return Fault("no file", problem, cure, str(file))


def _sorted_out(
    asked: tuple[Decided, ...], before: dict[tuple[str, str], Decided], now: pd.DataFrame | None
) -> tuple[list[Decided], list[Decided], list[Decided]]:
    """Decisions that are new, those in force already, and those that take back nothing."""
    in_force = set() if now is None else {(a, b) for a, b in now[PAIR].to_numpy().tolist()}
    new, same, idle = list[Decided](), list[Decided](), list[Decided]()
    for each in asked:
        last = before.get(each.pair)
        told = (each.decision, each.by, each.reason)
        if last is not None and told == (last.decision, last.by, last.reason):
            same.append(each)
        elif each.decision == WITHDRAW and each.pair not in in_force:
            idle.append(each)
        else:
            new.append(each)
    return new, same, idle


def _said(new: list[Decided], same: list[Decided]) -> str:
    already = f"; {counted(len(same), 'row')} of it stood there already" if same else ""
    if not new:
        return f"Nothing new was decided{already}."
    return f"{counted(len(new), 'decision')} written into the trail{already}."
