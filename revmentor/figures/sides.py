"""How many on each side, by reason or support; how many seats in circles, by topic?"""

from __future__ import annotations

from revmentor import words
from revmentor.disclosure import DisclosedCounts, shows
from revmentor.disclosure.disclose import OTHERS
from revmentor.figures.marks import SIDE_PLURAL, beside, count_bar, empty, in_lines, length_of
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import MENTEE, SIDE_COLOUR, SIDE_HATCH, SIDE_TEXT, bare, sheet, theme
from revmentor.names import SIDES


@shows
def unmatched_reasons(counts: DisclosedCounts) -> Plot:
    """Why has somebody no partner?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_counts(..., totals="none")` of `revmentor.metrics.unmatched_reasons`: rows
        reasons, columns mentor and mentee.
    """
    subtitle = "People without a partner, by reason and side"
    if not counts.rows:
        return empty("Everybody has a partner", subtitle, "nobody is left without a partner")
    return _bars(counts, _reasons_title(counts), subtitle)


@shows
def support_needed(counts: DisclosedCounts) -> Plot:
    """What support do people ask for?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_categories` of `revmentor.metrics.support_needed`: rows kinds of support,
        columns mentor and mentee.
    """
    subtitle = (
        "People who asked for support in the pulse, by kind and side; each counts once a kind"
    )
    if not counts.rows:
        return empty("Nobody asks for support", subtitle, "no support was asked for")
    return _bars(counts, _most_asked(counts), subtitle)


def _most_asked(counts: DisclosedCounts) -> str:
    kinds = named_kinds(counts)
    if not kinds.rows:
        return f"No kind of support is asked for by {counts.minimum} people or more"
    most, people = kinds.largest()
    if len(most) > 1:
        both = words.listed([words.shortened(name, 50) for name in most])
        return f"Most asked for: {both} ({words.counted(people, 'person')} each)"
    first = most[0] if most else kinds.rows[0]
    return f"Most asked for: {words.shortened(first, 50)} ({_who(kinds, first)})"


def named_kinds(counts: DisclosedCounts) -> DisclosedCounts:
    """The kinds that have a name: without the sum of those that too few gave to be named."""
    kept = [at for at, row in enumerate(counts.rows) if row != OTHERS]
    update = {
        "rows": tuple(counts.rows[at] for at in kept),
        "cells": tuple(counts.cells[at] for at in kept),
        "row_totals": (),
    }
    return counts.model_copy(update=update)


@shows
def circle_topics(counts: DisclosedCounts, circles: int) -> Plot:
    """What do the circles meet about?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_counts(..., totals="columns", unit="seats")`: rows topics, one column.
    circles : int
        How many circles there are.
    """
    subtitle = f"Seats in circles by topic, {words.counted(circles, 'circle')}"
    if not counts.rows:
        return empty("There is no circle", subtitle, "no circle can be formed")
    title = f"Circles meet about {words.counted(len(counts.rows), 'topic')}"
    first = counts.cells[0][0]
    if len(counts.rows) > 1 and first.value and first.value != counts.cells[1][0].value:
        title += f", most about {words.shortened(counts.rows[0], 40)}"
    with theme():
        page = sheet(title, subtitle, counts.note, height=0.3 + 0.3 * len(counts.rows))
        axes = page.axes[0]
        longest = max(length_of(row) for (row,) in counts.cells)
        for y, (row,) in enumerate(counts.cells):
            count_bar(axes, y, row, MENTEE)
            beside(axes, length_of(row), y, row.text)
        axes.set_yticks(range(len(counts.rows)), [in_lines(name, 40, 1) for name in counts.rows])
        axes.set_ylim(len(counts.rows) - 0.45, -0.55)
        axes.set_xlim(0, longest * 1.25)
        bare(axes, x=True)
        seen = "; ".join(
            f"{name}: {row[0].text}" for name, row in zip(counts.rows, counts.cells, strict=True)
        )
        return finished(page.figure, title, subtitle, seen)


def _who(counts: DisclosedCounts, name: str) -> str:
    return words.listed([f"{counts.at(name, side).text} {SIDE_PLURAL[side]}" for side in SIDES])


def _bars(counts: DisclosedCounts, title: str, subtitle: str) -> Plot:
    rows = len(counts.rows)
    with theme():
        page = sheet(title, subtitle, counts.note, height=0.3 + 0.62 * rows)
        axes = page.axes[0]
        longest = 1.0
        for y, row in enumerate(counts.cells):
            for side, up in (("mentor", -0.2), ("mentee", 0.2)):
                count, hatch = row[counts.columns.index(side)], SIDE_HATCH[side]
                count_bar(axes, y + up, count, SIDE_COLOUR[side], height=0.36, hatch=hatch)
                text = f"{count.text} {SIDE_PLURAL[side]}"
                beside(axes, length_of(count), y + up, text, colour=SIDE_TEXT[side])
                longest = max(longest, length_of(count))
        axes.set_yticks(range(rows), [in_lines(name, 40, 2) for name in counts.rows])
        axes.set_ylim(rows - 0.45, -0.55)
        axes.set_xlim(0, longest * 1.35)
        bare(axes, x=True)
        seen = "; ".join(f"{name}: {_who(counts, name)}" for name in counts.rows)
        return finished(page.figure, title, subtitle, seen)


def _reasons_title(counts: DisclosedCounts) -> str:
    sums = {side: [c.value for c in counts.column(side)] for side in SIDES}
    parts = []
    for side in SIDES:
        known = sum(value for value in sums[side] if value is not None)
        some = any(value is None for value in sums[side])
        if known or some:
            lead = "at least " if some and known else "a few " if some else ""
            number = "" if some and not known else f"{words.number(known)} "
            noun = words.agree(known, side) if not some else SIDE_PLURAL[side]
            parts.append(f"{lead}{number}{noun}".replace("  ", " "))
    first = counts.rows[0]
    verb = "has" if len(parts) == 1 and parts[0].startswith("1 ") else "have"
    most = "the reason" if len(counts.rows) == 1 else "the commonest reason"
    why = f"; {most}: {first}" if len(first) <= 60 else ""
    return words.sentence(f"{words.listed(parts)} {verb} no partner{why}").rstrip(".")
