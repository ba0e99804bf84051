"""Pages that name people: a launch pack, the pairs. One self-contained file, all text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from revmentor import words
from revmentor.planning import AGREEMENT, Pack
from revmentor.planning.lacking import called, lacking

FOLDER = "packs"
LACKING = "lacking.html"

PAIRS_PAGE = "pairs.html"


@cache
def template(name: str) -> Template:
    """A template of this room; all text that it is given is escaped."""
    loader = PackageLoader("revmentor.publish", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)


@dataclass(frozen=True)
class Named:
    """A person as the coordinator knows them: the name (or id), and role, department, site."""

    name: str
    about: str


@dataclass(frozen=True)
class PairRow:
    """One pair: its two people, the score (0..100), what carries it, its wave if there are any."""

    mentor: Named
    mentee: Named
    score: float
    carried: str
    wave: str = ""


@dataclass(frozen=True)
class AloneRow:
    """Somebody without a partner, and why."""

    person: Named
    side: str
    reason: str


@dataclass(frozen=True)
class ChangeRow:
    """A pair that is gone or new, whom the two meet now if it is gone, and the decision about it.

    Without a decision about just this pair its words are empty.
    """

    change: str
    mentor: Named
    mentee: Named
    mentor_now: str
    mentee_now: str
    decision: str
    by: str
    reason: str


def pairs_page(
    pairs: Sequence[PairRow],
    unmatched: Sequence[AloneRow],
    title: str,
    *,
    mentors: int,
    mentees: int,
    changed: str = "",
    changes: Sequence[ChangeRow] = (),
) -> str:
    """Who meets whom, by name, and who has no partner? For the coordinator only.

    Parameters
    ----------
    mentors, mentees : int
        How many people have a partner: some have several.
    changed : str
        How the pairs differ from those published before; empty: they do not.
    changes : sequence of ChangeRow
        Which are gone or new.
    """
    return template("pairs.html.j2").render(
        pairs=pairs,
        unmatched=unmatched,
        title=title,
        counted=words.counted,
        mentors=mentors,
        mentees=mentees,
        changed=changed,
        changes=changes,
        alone_mentors=sum(row.side == "mentor" for row in unmatched),
    )


def lacking_page(packs: Sequence[Pack], title: str) -> str:
    """Whose packs lack what, by name, and what is to be done? For the coordinator only."""
    return template("lacking.html.j2").render(
        lacking=lacking(packs),
        title=title,
        called=called,
        counted=words.counted,
        file=pack_file,
        folder=FOLDER,
    )


def pack_page(pack: Pack, title: str) -> str:
    """Which page does this side of the pair read?

    Parameters
    ----------
    pack : Pack
        Names and free text may hold anything: they are shown as text.
    title : str
        The cycle's title.

    Returns
    -------
    str
        A whole HTML document without scripts or outside references.
    """
    return template("pack.html.j2").render(pack=pack, title=title, agreement=AGREEMENT)


def pack_fragment(pack: Pack, title: str) -> str:
    """The same page as a part of another page."""
    return template("pack.fragment.j2").render(pack=pack, title=title, agreement=AGREEMENT)


def pack_file(pack: Pack, ending: str = ".html") -> str:
    """Under which name is the page filed? It names nobody."""
    seat = f"-{pack.seat}" if pack.kind == "circle" else ""
    return f"{pack.kind}-{pack.number:04d}-{pack.side}{seat}{ending}"


def series_file(pack: Pack) -> str:
    """Under which name is the calendar file of the pair or circle filed?"""
    return f"{pack.kind}-{pack.number:04d}.ics"
