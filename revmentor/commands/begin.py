"""The command that begins a new cycle."""

from __future__ import annotations

import datetime as dt

import click

from revmentor.names import OBJECTIVE_KINDS
from revmentor.options import Name, debug_option, root_option, say


@click.command()
@click.argument("cycle")
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    metavar="YYYY-MM-DD",
    help="First day of the pairs; default: a Monday in ten weeks.",
)
@click.option("--weeks", type=click.IntRange(4, 156), default=26, show_default=True)
@click.option(
    "--kind",
    type=Name(tuple(OBJECTIVE_KINDS), "kind of objective", "--kind"),
    default="culture",
    show_default=True,
    help="Whose worked charter to start from.",
)
@click.option("--data", default="", metavar="DIR", help="Folder of the tables; default: data/.")
@root_option
@debug_option
def new(cycle: str, start: dt.datetime | None, weeks: int, kind: str, data: str, root: str) -> None:
    """Begin a new CYCLE: its file of parameters, and empty tables to fill in."""
    from revmentor.cycle.begin import begin_cycle

    day = start.date() if start else None
    begun = begin_cycle(cycle, day, weeks=weeks, kind=kind, data=data, root=root)
    say("\n".join(begun.sentences))
