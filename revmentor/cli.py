"""The command line: words become one call of the cycle, errors become one sentence and a code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

import click

import revmentor
from revmentor.commands import approval, begin, checkin, send
from revmentor.errors import NoFeasibleMatching, RevmentorError
from revmentor.names import OBJECTIVE_KINDS
from revmentor.options import (
    Lists,
    Name,
    debug_option,
    outputs_option,
    places,
    root_option,
    say,
)
from revmentor.paths import program

_STAGES = ("plan", "match", "launch", "review", "report", "all")
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_CONTEXT)
@click.version_option(revmentor.__version__, prog_name="revmentor")
def cli() -> None:
    """Reverse-mentoring cycles, from the objective to the measured result."""


@cli.command()
@places
@click.option("--stage", type=Name(_STAGES, "stage", "--stage"), default="all", show_default=True)
@debug_option
def run(cycle: str, scenario: str, stage: str, data: str, outputs: str, root: str) -> None:
    """Run a CYCLE's notebooks and publish its report.

    A single stage first runs the earlier ones that are not up to date.
    """
    from revmentor.cycle.next_step import after_conflict, after_run
    from revmentor.cycle.pages import page_of
    from revmentor.cycle.run import run_cycle

    given = {"scenario": scenario, "data": data, "outputs": outputs, "root": root}
    try:
        result = run_cycle(
            cycle,
            scenario,
            stage=stage,
            root=root,
            data=data,
            outputs=outputs,
            progress=sys.stderr,
        )
    except RevmentorError as error:
        if error.exit_code == NoFeasibleMatching.exit_code:
            error.add_note(after_conflict(cycle, given))
        raise
    click.echo(page_of(result))
    say(after_run(result, stage, given), err=True)


@cli.command()
@places
@debug_option
def check(cycle: str, scenario: str, data: str, outputs: str, root: str) -> None:
    """Check a CYCLE's params and tables, and say what was read."""
    from revmentor.cycle.check import check_cycle
    from revmentor.cycle.next_step import after_check

    report = check_cycle(cycle, scenario, root=root, data=data, outputs=outputs)
    say(report.text())
    given = {"scenario": scenario, "data": data, "outputs": outputs, "root": root}
    say(after_check(cycle, given), err=True)


@cli.command()
@places
@click.option("--changes", type=int, default=None, metavar="K", help="Pairs that may end.")
@click.option("--running", default="", metavar="FILE", help="CSV of running pairs.")
@debug_option
def rematch(
    cycle: str,
    scenario: str,
    changes: int | None,
    running: str,
    data: str,
    outputs: str,
    root: str,
) -> None:
    """Rematch a CYCLE whose pairs are running, with as few changes as must be, or the best K.

    Running pairs are those of the published result, or a CSV with mentor_id and mentee_id.
    """
    from revmentor.cycle.next_step import after_rematch
    from revmentor.cycle.rematch import rematch_cycle
    from revmentor.data.decided import SHEET
    from revmentor.publish.workspace import RESTRICTED

    found, folder = rematch_cycle(
        cycle,
        scenario,
        changes=changes,
        running=running,
        root=root,
        data=data,
        outputs=outputs,
    )
    for sentence in found.sentences:
        say(sentence)
    click.echo(folder / RESTRICTED / "plan.csv")
    given = {"scenario": scenario, "data": data, "outputs": outputs, "root": root}
    say(after_rematch(cycle, folder / RESTRICTED / SHEET, given), err=True)


@cli.command(epilog="\b\n" + "\n".join(f"{k:<18}{told}" for k, told in OBJECTIVE_KINDS.items()))
@click.argument(
    "kind", type=Name(tuple(OBJECTIVE_KINDS), "kind of objective", "charter"), metavar="KIND"
)
@click.option("--cycle", default="", help="Whose dates the criteria are judged on.")
@root_option
@debug_option
def charter(kind: str, cycle: str, root: str) -> None:
    """Print a worked charter for a KIND of objective, to paste into a cycle's parameters."""
    from revmentor.cycle.charters import charter_template

    click.echo(charter_template(kind, cycle, root=root), nl=False)


@cli.command()
@click.argument("cycle")
@click.option("--scenario", default="base", show_default=True, help="Named overlay.")
@root_option
@outputs_option
@debug_option
def trend(cycle: str, scenario: str, root: str, outputs: str) -> None:
    """Compare the published cycles up to this CYCLE."""
    from revmentor.cycle.trend import run_trend

    click.echo(run_trend(cycle, scenario, root=root, outputs=outputs, progress=sys.stderr))


@cli.group()
def history() -> None:
    """What the published cycles tell together."""


@history.command("rebuild")
@root_option
@outputs_option
@debug_option
def history_rebuild(root: str, outputs: str) -> None:
    """Make outputs/history.duckdb anew from every published result."""
    from revmentor.cycle.history import rebuild
    from revmentor.paths import outputs_dir, workbench_root

    click.echo(rebuild(outputs_dir(workbench_root(root), outputs)))


@cli.command()
@click.option("--people", type=click.IntRange(40, 100_000), default=600, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True)
@click.option("--out", required=True, metavar="DIR", help="A new or an empty folder.")
@root_option
@debug_option
def demo(people: int, seed: int, out: str, root: str) -> None:
    """Write an invented company, one CSV per table."""
    from pathlib import Path

    from revmentor.cycle.demo import write_demo_company
    from revmentor.paths import workbench_root

    for path in write_demo_company(people, seed, Path(out), root=workbench_root(root)):
        click.echo(path)


@cli.command("check-claim", cls=Lists)
@click.option("--percent", multiple=True, metavar="P ...", help="One percentage per group.")
@click.option("--counts", multiple=True, metavar="K/N ...", help="How many of how many, per group.")
@click.option("--chi2", metavar="X", help="Chi-square of two groups.")
@click.option("--odds-ratio", metavar="X", help="Odds ratio of two groups, either way up.")
@click.option("--n", "sizes", multiple=True, type=int, metavar="N ...", help="Size per group.")
@click.option("--most", type=int, default=3_000, show_default=True, help="Largest group tried.")
@debug_option
@click.pass_context
def check_claim(
    context: click.Context,
    percent: tuple[str, ...],
    counts: tuple[str, ...],
    chi2: str | None,
    odds_ratio: str | None,
    sizes: tuple[int, ...],
    most: int,
) -> None:
    """Check whether a published claim can be true.

    \b
    revmentor check-claim --percent 10.87 29.41 --chi2 19.09
    revmentor check-claim --counts 13/133 60/200 --chi2 19.09
    revmentor check-claim --percent 96 --n 25

    Figures are given as printed: their digits say how exact they are. --n is the size of each
    group, or of two groups together. Ends with 0 consistent, 1 not consistent, 2 cannot be read.
    """
    from revmentor.metrics.claims import check_claim as checked

    claim = checked(
        percents=percent,
        counts=counts,
        chi2=chi2,
        odds_ratio=odds_ratio,
        sizes=sizes,
        most=most,
    )
    say(claim.text())
    context.exit(0 if claim.consistent else 1)


@cli.command()
@root_option
@debug_option
def warm(root: str) -> None:
    """Compile the matching engine now, once, instead of at the first match."""
    from revmentor.cycle.warm import warm_up
    from revmentor.paths import workbench_root

    click.echo("Compiling the matching engine: once, about a minute", err=True)
    warm_up(workbench_root(root))


cli.add_command(begin.new)
cli.add_command(approval.approve)
cli.add_command(approval.reopen)
cli.add_command(approval.decide)
cli.add_command(approval.trail)
cli.add_command(checkin.checkin)
cli.add_command(send.send)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with the exit code of what happened."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_run(words, debug="--debug" in words))


def _run(words: list[str], debug: bool) -> int:
    try:
        code = cli.main(
            words, prog_name=program(), standalone_mode=False, complete_var="_REVMENTOR_COMPLETE"
        )
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort) as error:
        click.echo("Stopped. What was published before is as it was.", err=True)
        return int(getattr(error.__cause__ or error, "exit_code", 130))
    except RevmentorError as error:
        if debug:
            traceback.print_exc()
        say("\n".join((str(error), *getattr(error, "__notes__", ()))), err=True)
        return error.exit_code
    except Exception as error:  # noqa: BLE001
        if debug:
            traceback.print_exc()
        else:
            click.echo(
                f"revmentor stopped with {type(error).__name__}, which it should not. Nothing was "
                "published. Run again with --debug and report what it shows.",
                err=True,
            )
        return RevmentorError.exit_code
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
