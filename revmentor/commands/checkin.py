"""The check-in page: serve it, make and take back its links, export what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import click

from revmentor.options import debug_option, outputs_option, root_option, say


def _cycle[F: Callable[..., object]](command: F) -> F:
    for option in (
        debug_option,
        outputs_option,
        root_option,
        click.option("--scenario", default="base", show_default=True, help="Named overlay."),
        click.argument("cycle"),
    ):
        command = option(command)
    return command


def _places(scenario: str, root: str, outputs: str) -> dict[str, str]:
    return {"scenario": scenario, "root": root, "outputs": outputs}


@click.group()
def checkin() -> None:
    """Where participants tell how it goes: a page with personal links."""


@checkin.command()
@_cycle
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on; default: that of checkin.address if it is on this machine, else 8765.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Go by this day instead of today: to rehearse, or to see the demo.",
)
def serve(
    cycle: str,
    scenario: str,
    root: str,
    outputs: str,
    host: str,
    port: int | None,
    as_of: dt.datetime | None,
) -> None:
    """Serve the page of a CYCLE until Ctrl-C."""
    from revmentor.checkin.opened import login_link, opened, told
    from revmentor.checkin.serve import bound, elsewhere, local_address, port_of, serve, site_of
    from revmentor.cycle.next_step import command

    with (
        opened(cycle, scenario, root, outputs) as found,
        bound(host, port_of(found.params.checkin, port)) as listening,
    ):
        taken = listening.getsockname()[1]
        local = local_address(host, taken)
        astray = elsewhere(found.params.checkin, taken)
        address = found.params.checkin.address or local
        day = as_of.date() if as_of else found.params.checkin.as_of
        site = site_of(found, address, day)

        def ready() -> None:
            if day is not None:
                say(f"The page goes by {day:%-d %B %Y}, as asked for, and not by today.")
            for note in told(found, site.days()):
                say(note)
            say(f"The check-in page of {cycle} is served on {local}")
            if astray:
                say(astray)
            sign_in = login_link(found, local if astray else address)
            say(f"The coordinator signs in with (once): {sign_in}")
            written = command("checkin", "links", cycle, **_places(scenario, root, outputs))
            if found.params.checkin.address:
                say(f"Participants open their personal links; to write them all: {written}")
            else:
                say(
                    "Participants have no links yet: set checkin.address, then write them all "
                    f"with: {written}"
                )
            say("Stop with Ctrl-C.")

        serve(site, listening, ready=ready)


@checkin.command()
@_cycle
def links(cycle: str, scenario: str, root: str, outputs: str) -> None:
    """Write the personal links of a CYCLE, and the coordinator's own."""
    from revmentor.checkin.opened import login_link, opened, write_links
    from revmentor.cycle.next_step import command

    with opened(cycle, scenario, root, outputs) as found:
        click.echo(write_links(found))
        say(f"The coordinator signs in with (once, within a day): {login_link(found)}")
        if caution := found.params.checkin.caution():
            say(caution)
        serving = command("checkin", "serve", cycle, **_places(scenario, root, outputs))
        say(f"Next, if the page is not served yet: {serving}")


def _people[F: Callable[..., object]](command: F) -> F:
    for option in (
        click.option("--all", "everybody", is_flag=True, help="The links of everybody."),
        click.option(
            "--person", "people", multiple=True, metavar="ID", help="Whose link; repeatable."
        ),
    ):
        command = option(command)
    return command


def _check_named(people: tuple[str, ...], everybody: bool) -> None:
    if bool(people) == everybody:
        raise click.UsageError("name whose link with --person ID, or say --all")


@checkin.command()
@_cycle
@_people
def revoke(
    cycle: str, scenario: str, root: str, outputs: str, people: tuple[str, ...], everybody: bool
) -> None:
    """Take back links of a CYCLE: they open no longer."""
    from revmentor.checkin.opened import opened
    from revmentor.checkin.opened import revoke as taken_back
    from revmentor.cycle.next_step import command

    _check_named(people, everybody)
    with opened(cycle, scenario, root, outputs) as found:
        count = taken_back(found, people)
    whose = [word for person in people for word in ("--person", person)] or ["--all"]
    renewing = command("checkin", "renew", cycle, *whose, **_places(scenario, root, outputs))
    say(f"Taken back: {count}. Next, new links for who still takes part: {renewing}")


@checkin.command()
@_cycle
@_people
def renew(
    cycle: str, scenario: str, root: str, outputs: str, people: tuple[str, ...], everybody: bool
) -> None:
    """Make new links in a CYCLE: those before open no longer.

    --all gives nobody a link from whom it was taken back by --person, or on the coordinator's page.
    """
    from revmentor.checkin.opened import opened
    from revmentor.checkin.opened import renew as made_anew
    from revmentor.cycle.next_step import command

    _check_named(people, everybody)
    with opened(cycle, scenario, root, outputs) as found:
        path, count, barred = made_anew(found, people)
    click.echo(path)
    again = command("run", cycle, "--stage", "launch", **_places(scenario, root, outputs))
    say(
        f"New links: {count}. Those before open no longer, and nobody has the new ones yet: this "
        f"file has everybody's. Packs and mailmerge.csv have them after: {again}"
    )
    if barred:
        one = command(
            "checkin", "renew", cycle, "--person", "ID", **_places(scenario, root, outputs)
        )
        say(
            f"Without a link: {barred}. It was taken back from them alone, and stays so (their "
            f"rows of this file have none). A new one all the same: {one}"
        )
    whose = {"scenario": scenario, "root": root, "outputs": outputs}
    send = command("send", cycle, "--smtp", "--again", "PERSON", **whose)
    say(
        f"Next, after that, send each owner theirs: {send}\n"
        "Or by your own mailer, from either file."
    )


@checkin.command()
@_cycle
@click.option("--to", "folder", required=True, metavar="DIR", help="Folder of the tables.")
@click.option("--comments", is_flag=True, help="With what people wrote in confidence, by their id.")
def export(cycle: str, scenario: str, root: str, outputs: str, folder: str, comments: bool) -> None:
    """Write what participants of a CYCLE answered, as tables that a run reads.

    They hold each single answer with the id of who gave it, which no page shows.
    """
    from pathlib import Path

    from revmentor.checkin.opened import export as exported
    from revmentor.checkin.opened import opened
    from revmentor.cycle.next_step import command

    with opened(cycle, scenario, root, outputs) as found:
        for path in exported(found, Path(folder), comments=comments):
            click.echo(path)
    among = "and comment, " if comments else ""
    say(
        f"These files hold every single answer {among}with the id of who gave it. No page shows "
        "that, and participants are told so: keep the files (only you can open them) from "
        "everybody in a pair and from their managers, and delete them after use."
    )
    if not comments:
        say("Comments are left out; --comments adds them.")
    again = command("run", cycle, "--stage", "review", **_places(scenario, root, outputs))
    say(
        "A review beside the page needs no such files: it reads the answers where they are, with "
        "{checkin: true} for sessions, pulse and goals under data.tables."
    )
    say(f"Next, put them among the tables of the cycle that is reviewed elsewhere: {again}")
