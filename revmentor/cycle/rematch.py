"""Pairs are running, people come and go: which few changes are best, and what is each worth?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from revmentor import words
from revmentor.cycle.check import Ready, get_ready
from revmentor.cycle.pool import problem_of
from revmentor.data import Tables
from revmentor.data.contract import CONTRACT
from revmentor.data.decided import SHEET, decide_words
from revmentor.errors import Fault, InputError, NoFeasibleMatching, NotProven
from revmentor.matching import Problem
from revmentor.matching.rematch import Rematch, rematch, rematch_frontier
from revmentor.params import Params
from revmentor.paths import result_dir
from revmentor.publish.atomic import (
    OPEN_FILE,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    make_folder,
    write_bytes,
)
from revmentor.publish.cells import to_csv
from revmentor.publish.decisions_sheet import decisions_workbook
from revmentor.publish.workspace import RESTRICTED, Workspace

POOL = {"people", "applications", "decisions", "history"}
PAIR = ["mentor_id", "mentee_id"]
FOLDER = "rematch"
WHY = "in the plan of the rematch"


@dataclass(frozen=True)
class Rematched:
    """The best plan for so many changes, and what other numbers of changes would bring.

    Parameters
    ----------
    plan : Rematch
        Optimal, or feasible within ``solver.accept_gap``.
    frontier : DataFrame
        As `rematch_frontier`: changes, objective, gain and more.
    left : tuple of str
        Who was left out of the plan, having left the company by `people`; they still stand in
        `applications`.
    """

    plan: Rematch
    frontier: pd.DataFrame
    left: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The plan, why pairs must end, and what more changes would bring, in words."""
        ended = self.plan.broken
        must = ended.loc[ended["forced"], [*PAIR, "reason"]]
        forced = [f"Pair {a} with {b} must end: {why}." for a, b, why in must.to_numpy().tolist()]
        return (*self._gone(), *self.plan.sentences, *forced, *self._worth())

    def _gone(self) -> list[str]:
        many = len(self.left)
        if not many:
            return []
        return [
            f"{words.listed(self.left)} {'has' if many == 1 else 'have'} left (people.left_on) and "
            f"{'is' if many == 1 else 'are'} not in the plan: take {words.counted(many, 'person')} "
            "out of applications before the next match."
        ]

    def _worth(self) -> list[str]:
        steps = self.frontier[["changes", "gain"]].to_numpy().tolist()
        fewest = words.counted(int(steps[0][0]), "change")
        return [
            f"{words.counted(int(many), 'change')} would bring {words.number(100 * gain, 1)} "
            f"points more than {fewest}."
            for many, gain in steps[1:]
        ] or ["More changes than must be would bring nothing."]


def rematch_plan(
    tables: Tables, params: Params, running: pd.DataFrame, *, changes: int | None = None
) -> Rematch:
    """Which plan is best that ends at most so many running pairs?

    Parameters
    ----------
    tables : Tables
        Everybody who takes part now; who has left is no longer in `applications`. A pair that must
        end stands in `decisions` as forbidden.
    params : Params
    running : DataFrame
        mentor_id, mentee_id; other columns are ignored.
    changes : int, optional
        How many running pairs may end, forced ones included; default: no more than must.

    Raises
    ------
    NoFeasibleMatching
        More pairs must end than may, or required pairs cannot be made.
    NotProven
        Time ended before the proof.
    """
    return _plan(problem_of(tables, params), params, running, changes)


def rematch_tables(
    tables: Tables, params: Params, running: pd.DataFrame, *, changes: int | None = None
) -> Rematched:
    """The plan of `rematch_plan`, with what other numbers of changes would bring."""
    problem = problem_of(tables, params)
    plan = _plan(problem, params, running, changes)
    limit, seed = params.solver.time_limit, params.solver.seed
    return Rematched(plan, rematch_frontier(problem, running, time_limit=limit, seed=seed))


def _plan(problem: Problem, params: Params, running: pd.DataFrame, changes: int | None) -> Rematch:
    solver = params.solver
    plan = rematch(
        problem, running, changes=changes, time_limit=solver.time_limit, seed=solver.seed
    )
    if plan.status == "infeasible":
        why = " ".join(words.sentence(reason) for reason in plan.reasons)
        raise NoFeasibleMatching(f"There is no such plan. {why} Allow more changes (--changes).")
    if plan.status == "none" or plan.gap > solver.accept_gap:
        raise NotProven(
            "The time ended before the best plan was proven. Raise solver.time_limit, or set "
            "solver.accept_gap."
        )
    return plan


def rematch_cycle(
    cycle: str,
    scenario: str = "base",
    *,
    changes: int | None = None,
    running: str | Path = "",
    on: dt.date | None = None,
    root: str | Path = "",
    data: str | Path = "",
    outputs: str | Path = "",
) -> tuple[Rematched, Path]:
    """Rematch a cycle whose pairs are running; returns the plan and the folder that it is in.

    Parameters
    ----------
    running : str or Path
        CSV with mentor_id and mentee_id; empty: the pairs of the cycle's published result.
    on : date, optional
        The day on which the plan is decided, for its locks; default: today.

    Other parameters are those of `rematch_tables` and `get_ready`.

    Notes
    -----
    ``frontier.csv`` is in the folder; ``plan.csv``, ``ended.csv`` and ``locks.csv`` say who and
    are in its ``restricted/``. ``locks.csv`` has the columns of `decisions`, in their order;
    ``decisions.xlsx`` has the same decisions for `revmentor.cycle.deciding.decide`. Who has left by
    `people` is left out of the plan, whether or not `applications` still has them.
    """
    on = on or dt.date.today()
    ready = get_ready(cycle, scenario, root=root, data=data, outputs=outputs, names=POOL)
    pairs = _given(Path(running)) if str(running) else _published(ready)
    tables, left = _without_leavers(ready.tables, on)
    found = rematch_tables(tables, ready.resolved.params, pairs, changes=changes)
    found = replace(found, left=left)
    return found, _write(found, ready, on)


def _without_leavers(tables: Tables, on: dt.date) -> tuple[Tables, tuple[str, ...]]:
    """The tables without the applications of who has left by this day, and who that is."""
    gone = (tables.people["left_on"] <= pd.Timestamp(on)).fillna(False)
    applied = tables.applications
    out = applied["person_id"].isin(tables.people.loc[gone, "person_id"])
    if not out.any():
        return tables, ()
    left = tuple(sorted(set(applied.loc[out, "person_id"])))
    return replace(tables, applications=applied[~out].reset_index(drop=True)), left


def _published(ready: Ready) -> pd.DataFrame:
    result = result_dir(ready.outputs, ready.resolved.cycle, ready.resolved.scenario)
    work = Workspace(result)
    if not work.has("pairs"):
        raise InputError(
            Fault("no running pairs", "there is no published match of this cycle and scenario",
                  "run the cycle first, or name a file of running pairs with --running",
                  str(result))
        )  # fmt: skip
    return work.read_table("pairs")[PAIR]


def _given(file: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(
            Fault("no running pairs", f"this file cannot be read as CSV ({error})",
                  "name a CSV file in UTF-8 with the columns mentor_id and mentee_id", str(file))
        ) from error  # fmt: skip
    lacking = [name for name in PAIR if name not in table]
    if lacking:
        raise InputError(
            Fault("no running pairs", "this column is not there",
                  "name a file with the columns mentor_id and mentee_id, such as pairs.csv of "
                  "the last result", file.name, None, lacking[0], words.listed([*map(str, table)]))
        )  # fmt: skip
    empty = table.index[(table[PAIR] == "").any(axis=1)]
    if len(empty):
        raise InputError(
            Fault("no running pairs", "an id is empty", "fill it in, or take the row out",
                  file.name, int(empty[0]) + 2, words.listed(PAIR, "or"))
        )  # fmt: skip
    return table[PAIR]


def _write(found: Rematched, ready: Ready, on: dt.date) -> Path:
    """The plan by name, what ends, the frontier, and the plan as locks for the next run."""
    home = result_dir(ready.outputs, ready.resolved.cycle, ready.resolved.scenario).parent
    folder = make_folder(home / FOLDER / ready.resolved.scenario)
    restricted = make_folder(folder / RESTRICTED, PRIVATE_FOLDER)
    names = ready.tables.people.set_index("person_id")["name"]
    for name, table in (
        ("plan", _named(found.plan.pairs, names)),
        ("ended", _named(found.plan.broken, names)),
        ("locks", _locks(found.plan.pairs, on)),
    ):
        write_bytes(restricted / f"{name}.csv", to_csv(table), PRIVATE_FILE)
    resolved = ready.resolved
    book = decisions_workbook(
        _named(found.plan.pairs, names)[[*PAIR, "mentor_name", "mentee_name"]],
        pd.DataFrame(columns=["person_id"]),
        title=resolved.params.programme.title,
        command=decide_words(resolved.cycle, resolved.scenario, str(restricted / SHEET)),
        filled={"decision": "lock", "reason": WHY},
    )
    write_bytes(restricted / SHEET, book, PRIVATE_FILE)
    write_bytes(folder / "frontier.csv", to_csv(found.frontier), OPEN_FILE)
    return folder


def _locks(pairs: pd.DataFrame, on: dt.date) -> pd.DataFrame:
    """The pairs as rows of `decisions`: every column that a decision must have, in order."""
    locks = pairs[PAIR].assign(
        decision="lock",
        by="revmentor rematch",
        reason=WHY,
        on=on.isoformat(),
    )
    return locks[[column.name for column in CONTRACT["decisions"].columns if column.required]]


def _named(table: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """The table with a name beside each id; who is no longer in people is called by the id."""
    table = table.copy()
    for at, side in ((1, "mentor"), (3, "mentee")):
        ids = table[f"{side}_id"]
        table.insert(at, f"{side}_name", ids.map(names).fillna(ids))
    return table
