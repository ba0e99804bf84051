"""Commands of whoever answers for a match: decide, approve, reopen, see who did what."""

from __future__ import annotations

import click

from revmentor.options import debug_option, outputs_option, root_option, say

_by = click.option("--by", default="", metavar="NAME", help="Who does it, for the trail.")
_reason = click.option("--reason", default="", metavar="TEXT", help="Why, for the trail.")


@click.command()
@click.argument("cycle")
@click.option("--scenario", default="base", show_default=True, help="Named overlay.")
@_by
@_reason
@root_option
@outputs_option
@debug_option
def approve(cycle: str, scenario: str, by: str, reason: str, root: str, outputs: str) -> None:
    """Approve the published match of a CYCLE: its packs may be made, its pairs stay."""
    from revmentor.cycle.approving import approve as approved

    found = approved(cycle, by, scenario, reason=reason, root=root, outputs=outputs)
    say("\n".join(found.sentences))


@click.command()
@click.argument("cycle")
@_by
@_reason
@root_option
@outputs_option
@debug_option
def reopen(cycle: str, by: str, reason: str, root: str, outputs: str) -> None:
    """End the approval of a CYCLE's match, so that it can be matched anew."""
    from revmentor.cycle.approving import reopen as reopened

    say("\n".join(reopened(cycle, by, reason, root=root, outputs=outputs).sentences))


@click.command()
@click.argument("cycle")
@click.argument("sheet", default="", metavar="[SHEET]")
@_by
@click.option("--scenario", default="base", show_default=True, help="Whose workbook it is.")
@root_option
@outputs_option
@click.option("--data", default="", metavar="DIR", help="Folder of the tables.")
@debug_option
def decide(
    cycle: str, sheet: str, by: str, scenario: str, root: str, outputs: str, data: str
) -> None:
    """Read the decisions about a CYCLE's pairs from the filled restricted/decisions.xlsx.

    It is read where the matching wrote it; SHEET is a copy that lies elsewhere.
    """
    from revmentor.cycle.deciding import decide as decided

    places = {"root": root, "data": data, "outputs": outputs}
    found = decided(cycle, sheet, by, scenario=scenario, **places)
    say("\n".join(found.sentences))


@click.command()
@click.argument("cycle")
@click.option("--holds", default="", metavar="HASH", help="A hash noted down: is it there?")
@root_option
@outputs_option
@debug_option
def trail(cycle: str, holds: str, root: str, outputs: str) -> None:
    """Show who decided what in a CYCLE and when, and verify it."""
    from revmentor.cycle.trails import trail_text

    say(trail_text(cycle, holds=holds, root=root, outputs=outputs))
