"""How does a new cycle begin? With a file of parameters to complete and tables to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML

from revmentor import words
from revmentor.cycle.next_step import command
from revmentor.data.contract import CONTRACT
from revmentor.data.legal import legal_values
from revmentor.errors import Fault, InputError
from revmentor.params.models import Items, ObjectiveKind, Programme
from revmentor.paths import check_name, params_dir, workbench_root
from revmentor.planning.templates import template_yaml
from revmentor.planning.timeline import on_working_day
from revmentor.publish.atomic import OPEN_FILE, PRIVATE_FILE, make_folder, write_text

WEEKS = 26
LEAD_WEEKS = 10
TABLES = ("people", "applications")
_WEEK = dt.timedelta(weeks=1)

CYCLE = """\
# {title}: what differs from params/base.yaml, which names every setting with its unit.

programme:
  title: "{title}"
  start: {start}             # the pairs may meet from this day on
  end: {end}               # last day of the pairs
  promotion_from: {promotion_from}    # the programme is announced
  sign_up_from: {sign_up_from}
  sign_up_until: {sign_up_until}
  training_from: {training_from}
  review_on: {review_on}         # the cycle is judged

{charter}
# Labels as in your table people, most junior first; empty: grades are numbers.
# A mentor is always more junior than the mentee.
grades: []

data:
  folder: {folder}             # people.csv and applications.csv; never commit them

checkin:
  address: ""                   # where participants reach the check-in page; empty: no links
"""
LEGAL = "columns.txt"


@dataclass(frozen=True)
class Begun:
    """What was written, and what to do with it."""

    files: tuple[Path, ...]
    sentences: tuple[str, ...]


def begin_cycle(
    cycle: str,
    start: dt.date | None = None,
    *,
    weeks: int = WEEKS,
    kind: str = "culture",
    data: str | Path = "",
    root: str | Path = "",
    today: dt.date | None = None,
) -> Begun:
    """Write the file of a new cycle, and its two tables with nothing but their columns.

    Parameters
    ----------
    cycle : str
        A new name.
    start : date or None
        First day of the pairs; None: the first Monday that leaves ten weeks to prepare.
    weeks : int
        Length of the cycle, in weeks.
    kind : str
        Kind of objective whose worked charter is copied in.
    data : str or Path
        Folder of the tables, relative to the workbench; empty: ``data/<cycle>``. Tables that are
        there are left as they are.
    root : str or Path
        The workbench; empty: the default.
    today : date or None
        The day to count from; None: today.

    Raises
    ------
    InputError
        The name is not allowed, or there is such a cycle.
    """
    bench = workbench_root(root)
    file = params_dir(bench) / "cycles" / f"{check_name('cycle', cycle)}.yaml"
    if file.exists():
        raise InputError(
            Fault(
                "cycle is there",
                "there is a cycle of this name",
                "choose another name, or go on with it: " + command("check", cycle, root=str(root)),
                str(file),
            )
        )
    now = today or dt.datetime.now(dt.UTC).date()
    first = start or _monday(now + LEAD_WEEKS * _WEEK)
    base = YAML(typ="safe", pure=True).load((params_dir(bench) / "base.yaml").read_text("utf-8"))
    programme = _programme(first, weeks, now, {**base["programme"], "title": cycle})
    items = Items.model_validate(base["data"]["items"])
    folder = str(data) or f"data/{cycle}"
    text = CYCLE.format(
        title=cycle,
        folder=folder,
        charter=_without_head(template_yaml(cast(ObjectiveKind, kind), programme)),
        **{name: getattr(programme, name) for name in _DATES},
    )
    tables = [_table(bench / folder, name, items) for name in TABLES]
    told = legal_values(TABLES, items, base["data"]["scales"], base["data"]["list_separator"])
    about = write_text(bench / folder / LEGAL, told, OPEN_FILE)
    write_text(make_folder(file.parent) / file.name, text, OPEN_FILE)
    filled = " and ".join(path.name for path in tables)
    return Begun(
        (file, *tables, about),
        (
            f"{file}: dates, charter, grades. Read it and change what differs.",
            *_hurried(first, now),
            f"{bench / folder}: {filled}, with their columns; {LEGAL} says what each may "
            "hold. Fill them from your exports, or declare your own column names under data.tables "
            "(params/base.yaml).",
            f"Next: {command('check', cycle, root=str(root))}",
        ),
    )


_DATES = (
    "start", "end", "promotion_from", "sign_up_from", "sign_up_until", "training_from", "review_on"
)  # fmt: skip


def _monday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=-day.weekday() % 7)


def _without_head(charter: str) -> str:
    """The charter without the first line, which says where to paste it."""
    return charter.partition("\n")[2]


def _lead(start: dt.date, today: dt.date) -> dt.timedelta:
    """How long before the start preparing begins: ten weeks, or what is left until then.

    A cycle that has begun is written down as it would have been planned.
    """
    whole = LEAD_WEEKS * _WEEK
    return min(whole, start - today) if start > today else whole


def _hurried(start: dt.date, today: dt.date) -> list[str]:
    """That the steps before the start are closer together than they should be, where they are."""
    lead = _lead(start, today)
    if lead == LEAD_WEEKS * _WEEK:
        return []
    return [
        f"Only {words.counted(lead.days, 'day')} {words.agree(lead.days, 'is')} left until the "
        f"start on {start:%-d %B %Y}, and preparing usually takes {LEAD_WEEKS} weeks: promotion, "
        "sign-up and training are closer together. Start later if you can."
    ]


def _programme(start: dt.date, weeks: int, today: dt.date, base: Mapping[str, Any]) -> Programme:
    """Dates that leave time for word to go round, sign-up, match, approval and training."""
    end, lead = start + weeks * _WEEK - dt.timedelta(days=3), _lead(start, today)
    dates = {
        name: on_working_day(start - many * lead // LEAD_WEEKS)
        for name, many in (
            ("promotion_from", LEAD_WEEKS),
            ("sign_up_from", 8),
            ("sign_up_until", 4),
            ("training_from", 2),
        )
    }
    dates |= {"start": start, "end": end, "review_on": on_working_day(end + 2 * _WEEK)}
    return Programme.model_validate({**base, **dates})


def _table(folder: Path, name: str, items: Items) -> Path:
    """The table's file, with its columns if it is not there."""
    path = folder / f"{name}.csv"
    if not path.exists():
        columns = [c for c in CONTRACT[name].with_items(items).columns if not c.identity]
        ordered = sorted(columns, key=lambda column: not column.required)
        heads = dict.fromkeys(column.name for column in ordered)
        write_text(make_folder(folder) / path.name, ",".join(heads) + "\n", PRIVATE_FILE)
    return path
