"""What may stand behind a command: one of a few names, several values after one option."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from revmentor.errors import Fault, InputError
from revmentor.paths import as_typed

root_option = click.option(
    "--root", default="", metavar="DIR", help="Workbench; default: this clone."
)
outputs_option = click.option(
    "--outputs", default="", metavar="DIR", help="Results; default: outputs/."
)
debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show the full traceback of an error."
)


def say(text: str, *, err: bool = False) -> None:
    """Tell the terminal something; commands in it can be typed there as they stand."""
    click.echo(as_typed(text), err=err)


def places[F: Callable[..., object]](command: F) -> F:
    """The options that say where things are, and which cycle and scenario."""
    for option in (
        root_option,
        outputs_option,
        click.option("--data", default="", metavar="DIR", help="Folder of the tables."),
        click.option("--scenario", default="base", show_default=True, help="Named overlay."),
        click.argument("cycle"),
    ):
        command = option(command)
    return command


class Name(click.Choice[str]):
    """One of a few names; another one is answered as a misspelt name in the params is."""

    def __init__(self, choices: Sequence[str], what: str, place: str) -> None:
        super().__init__(choices)
        self.what, self.place = what, place

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself, if it is one of them."""
        if value in self.choices:
            return value
        from revmentor.params.nearest import nearest

        near = nearest(value, self.choices)
        problem = f"there is no such {self.what}; there are {', '.join(self.choices)}"
        cure = f"write {near}, if that is what you mean" if near else "choose one of them"
        raise InputError(Fault("unknown name", problem, cure, column=self.place, value=value))


class Lists(click.Command):
    """A command whose options may be followed by several values: ``--percent 10.87 29.41``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the option before each further value, as click wants it."""
        many = {
            name
            for option in self.params
            if isinstance(option, click.Option) and option.multiple
            for name in option.opts
        }
        words: list[str] = []
        last = ""
        for word in args:
            if word.startswith("-") and not word[1:2].isdigit():
                last = word if word in many else ""
            elif last and words[-1] != last:
                words.append(last)
            words.append(word)
        return super().parse_args(ctx, words)
