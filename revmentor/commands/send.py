"""The command that sends the packs of an approved match."""

from __future__ import annotations

import sys

import click

from revmentor.options import debug_option, outputs_option, root_option, say


@click.command()
@click.argument("cycle")
@click.option("--scenario", default="", help="Named overlay; default: the approved one.")
@click.option("--smtp", is_flag=True, help="Send; without it, say what would be sent.")
@click.option("--only", default="", metavar="PERSON", help="Only to the person with this id.")
@click.option("--again", default="", metavar="PERSON", help="Once more to this person, by id.")
@click.option("--show", is_flag=True, help="Show every message with names, on this screen only.")
@click.option("--again-doubtful", is_flag=True, help="Send those in doubt too.")
@click.option("--by", default="", metavar="NAME", help="Who sends, for the trail.")
@root_option
@outputs_option
@debug_option
@click.pass_context
def send(
    context: click.Context,
    cycle: str,
    scenario: str,
    smtp: bool,
    only: str,
    again: str,
    show: bool,
    again_doubtful: bool,
    by: str,
    root: str,
    outputs: str,
) -> None:
    """Send the packs of a CYCLE's approved match, each once; by default only say what would go.

    The server stands in the parameters (launch.smtp), its password in an environment variable.
    """
    from revmentor.cycle.outcome import sentences
    from revmentor.cycle.sending import send_packs

    places = {"scenario": scenario, "outputs": outputs, "root": root, "by": by}
    whom = {"only": only, "again": again}
    outcome = send_packs(
        cycle,
        scenario,
        smtp=smtp,
        only=only,
        again=again,
        again_doubtful=again_doubtful,
        by=by,
        root=root,
        outputs=outputs,
        progress=sys.stderr,
    )
    say("\n".join(sentences(outcome, cycle, show=show, **places, **whom)))
    context.exit(outcome.exit_code)
