"""Who is in, what do they want, and what do the rules leave? Figures of the second notebook."""

from __future__ import annotations

from itertools import pairwise

from revmentor import words
from revmentor.disclosure import Count, DisclosedCounts, shows
from revmentor.figures.marks import (
    SIDE_PLURAL,
    beside,
    count_bar,
    empty,
    in_margin,
    labelled,
    length_of,
    over,
)
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    ACCENT,
    INK,
    LIGHT,
    MENTEE,
    MENTEE_TEXT,
    MENTOR,
    MENTOR_TEXT,
    MIDDLE,
    MUTED,
    SIDE_COLOUR,
    SIDE_HATCH,
    SIDE_TEXT,
    bare,
    sheet,
    theme,
)
from revmentor.names import RULE_LABELS, SIDES

OTHER_SKILLS = " other skills"


@shows
def funnel(counts: DisclosedCounts) -> Plot:
    """How many are left at each stage, by side?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_chain` of `revmentor.metrics.funnel`: rows in the company, applied, has a place
        (where places are short), has an eligible partner; columns mentor, mentee.
    """
    company, *stages = (dict(zip(counts.columns, row, strict=True)) for row in counts.cells)
    applied, able = stages[0], stages[-1]
    people = {
        side: f"{'no' if applied[side].value == 0 else applied[side].text} {SIDE_PLURAL[side]}"
        for side in SIDES
    }
    title = f"{words.listed([*people.values()])} applied; {_without_partner(stages[-2], able)}"
    if len(stages) > 2:
        placed = words.listed([f"{stages[1][side].text} {SIDE_PLURAL[side]}" for side in SIDES])
        title = f"{words.listed([*people.values()])} applied; {placed} have a place"
    title = title[:1].upper() + title[1:]
    subtitle = f"People by stage and side, of {company['mentor'].text} in the company"
    bars = [(0.0, company["mentor"], "")]
    for n, stage in enumerate(stages):
        top = 1.15 + 1.75 * n
        bars += [(top, stage["mentor"], "mentor"), (top + 0.6, stage["mentee"], "mentee")]
    with theme():
        page = sheet(title, subtitle, counts.note, height=0.8 + 0.7 * len(stages))
        axes = page.axes[0]
        for y, count, side in bars:
            colour, hatch = SIDE_COLOUR.get(side, LIGHT), SIDE_HATCH.get(side, "")
            count_bar(axes, y, count, colour, height=0.52, hatch=hatch)
            text = f"{count.text} {SIDE_PLURAL[side]}" if side else count.text
            beside(axes, length_of(count), y, text, colour=SIDE_TEXT.get(side, INK))
        ticks = [0.0, *(1.45 + 1.75 * n for n in range(len(stages)))]
        axes.set_yticks(ticks, labelled(counts.rows))
        axes.set_ylim(0.45 + 1.75 * len(stages), -0.45)
        axes.set_xlim(0, max(1.0, *(length_of(count) for _, count, _ in bars)) * 1.12)
        bare(axes, x=True)
        seen = (
            f"{company['mentor'].text} people are in the company; with an eligible partner: "
            f"{able['mentor'].text} mentors and {able['mentee'].text} mentees"
        )
        return finished(page.figure, title, subtitle, seen)


def _without_partner(applied: dict[str, Count], able: dict[str, Count]) -> str:
    without, unknown = [], False
    for side in SIDES:
        before, after = applied[side], able[side]
        if after.text.startswith("all but "):
            without.append(f"{after.text.removeprefix('all but ')} {SIDE_PLURAL[side]}")
        elif before.value is None or after.value is None:
            unknown = True
        elif before.value > after.value:
            without.append(f"{words.number(before.value - after.value)} {SIDE_PLURAL[side]}")
    if without:
        return f"{words.listed(without)} have no eligible partner"
    return "some numbers are too small to show" if unknown else "all have an eligible partner"


@shows
def skill_gap(gap: DisclosedCounts) -> Plot:
    """Where are we short: mentors' places left, mentees' wants right, by skill?

    Parameters
    ----------
    gap : DisclosedCounts
        From `disclose_gap`: columns places and wanted, sorted by shortage, "k other skills" last.
    """
    subtitle = "Places that mentors offer and mentees who want it, by skill; largest shortage first"
    places, wanted = gap.column("places"), gap.column("wanted")
    short = [_gap(a, b) for a, b in zip(places, wanted, strict=True)]
    if not gap.rows:
        return empty("Nobody has named a skill", subtitle, "no skill is named")
    rest = len(gap.rows) - 1 if gap.rows and gap.rows[-1].endswith(OTHER_SKILLS) else None
    title = _gap_title(gap, short, rest)
    drawn = [y for y in range(len(gap.rows)) if y != rest]
    left = max([1.0, *(length_of(places[y]) for y in drawn)])
    right = max([1.0, *(length_of(wanted[y]) for y in drawn)])
    with theme():
        page = sheet(title, subtitle, gap.note, height=0.5 + 0.27 * max(1, len(gap.rows)))
        axes = page.axes[0]
        for y, (offered, asked) in enumerate(zip(places, wanted, strict=True)):
            ends = (0.0, 0.0) if y == rest else (length_of(offered), length_of(asked))
            if y != rest:
                count_bar(axes, y, offered, MENTOR, sign=-1, height=0.68)
                count_bar(axes, y, asked, MENTEE, hatch=SIDE_HATCH["mentee"], height=0.68)
            beside(axes, -ends[0], y, _short_text(offered), sign=-1, colour=MENTOR_TEXT)
            beside(axes, ends[1], y, _short_text(asked), colour=MENTEE_TEXT)
        for y, missing in enumerate(short):
            worst = y == _worst(short, rest)
            text = _missing_text(places[y], wanted[y], missing)
            in_margin(axes, 1.0, y, text, colour=ACCENT if worst else MUTED, bold=worst)
        axes.plot([0, 0], [-0.5, len(gap.rows) - 0.5], color=INK, linewidth=0.8)
        axes.set_yticks(range(len(gap.rows)), labelled(gap.rows, 28))
        axes.set_ylim(len(gap.rows) - 0.4, -0.6)
        whole = (left + right) / (1 - 0.17 - 0.28)
        axes.set_xlim(-left - 0.17 * whole, right + 0.28 * whole)
        middle = (left + 0.17 * whole) / whole
        over(axes, middle - 0.01, "places of mentors", colour=MENTOR_TEXT, align="right")
        over(axes, middle + 0.01, "wanted by mentees", colour=MENTEE_TEXT)
        over(axes, 1.0, "short by", align="right")
        bare(axes, x=True)
        seen = words.listed(
            [
                f"{name}: {_short_text(a)} places, {_short_text(b)} wanted"
                for name, a, b in list(zip(gap.rows, places, wanted, strict=True))[:3]
            ]
        )
        return finished(page.figure, title, subtitle, seen)


def _gap(offered: Count, asked: Count) -> int | None:
    """Shortage; where a number is hidden, the least that its words allow; None if it may be any."""
    if offered.value is not None and asked.value is not None:
        return asked.value - offered.value
    if asked.high is not None and asked.high <= offered.low:
        return 0
    if offered.high is None or asked.low <= offered.high:
        return None
    return asked.low - offered.high


def _worst(short: list[int | None], rest: int | None) -> int | None:
    """Row of the largest shortage of one skill; the first of equals; None if none is short."""
    known = {y: gap for y, gap in enumerate(short) if gap is not None and gap > 0 and y != rest}
    return max(known, key=lambda y: known[y], default=None)


def _missing_text(offered: Count, asked: Count, missing: int | None) -> str:
    if missing is None:
        return "–"
    if missing <= 0:
        return "none"
    exact = offered.value is not None and asked.value is not None
    return f"{'' if exact else 'at least '}{words.number(missing)}"


def _short_text(count: Count) -> str:
    """Words on a hidden number without the side, which the column's head says."""
    return count.text.removesuffix(" mentors").removesuffix(" mentees")


def _gap_title(gap: DisclosedCounts, short: list[int | None], rest: int | None) -> str:
    worst = _worst(short, rest)
    if worst is None:
        hidden = any(missing is None for missing in short)
        return "No skill is short" + (", as far as numbers may be shown" if hidden else "")
    missing = short[worst] or 0
    places = _missing_text(gap.column("places")[worst], gap.column("wanted")[worst], missing)
    lead = f"{words.headed(words.shortened(gap.rows[worst], 40))} is short by {places}"
    lead = f"{lead} {words.agree(missing, 'place')}"
    more = sum(gap > 0 for y, gap in enumerate(short) if gap is not None and y != rest) - 1
    if not more:
        return f"{lead}; no other skill is short"
    skills = f"{words.agree(more, 'skill')} {words.agree(more, 'is')}"
    return f"{lead}; {words.small(more)} more {skills} short"


@shows
def rule_steps(steps: DisclosedCounts, labels: dict[str, str] | None = None) -> Plot:
    """How many pairs are eligible after each rule, and who is left without a partner?

    Parameters
    ----------
    steps : DisclosedCounts
        `disclose_chain` of the rules' effects: rows "all" and then the rules in the order in
        which they apply; columns pairs_left and people_without.
    labels : dict, optional
        Words for rows that `revmentor.names.RULE_LABELS` does not name.
    """
    named = {**RULE_LABELS, "all": "all mentors with all mentees", **(labels or {})}
    left, without = steps.column("pairs_left"), steps.column("people_without")
    rows = [named.get(row, row) for row in steps.rows]
    title = _steps_title(rows, left, without)
    subtitle = "Eligible pairs after each rule, in the order in which the rules apply"
    most = max(1.0, *(length_of(count) for count in left))
    first = left[0].value if left and left[0].value else None
    with theme():
        page = sheet(title, subtitle, steps.note, height=0.55 + 0.32 * len(rows))
        axes = page.axes[0]
        biggest = _biggest_step(left)
        for y, count in enumerate(left):
            if y and left[y - 1].value is not None and count.value is not None:
                axes.barh(
                    y, length_of(left[y - 1]), 0.62, color="white", edgecolor=LIGHT, hatch="...."
                )
            count_bar(axes, y, count, ACCENT if y == biggest else MIDDLE, height=0.62)
            share = (
                ""
                if not first or count.value is None
                else f" · {words.percent(count.value / first)}"
            )
            in_margin(axes, 0.73, y, f"{count.text}{share}", colour=INK)
            in_margin(axes, 1.0, y, without[y].text, colour=INK)
        axes.set_yticks(range(len(rows)), labelled(rows))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, most / 0.46)
        over(axes, 0.73, "eligible pairs", align="right")
        over(axes, 1.0, "people without\na partner", align="right")
        bare(axes, x=True)
        seen = f"{left[0].text} pairs before the rules, {left[-1].text} after them"
        return finished(page.figure, title, subtitle, seen)


def _biggest_step(left: tuple[Count, ...]) -> int | None:
    drops = {
        y: before.value - after.value
        for y, (before, after) in enumerate(pairwise(left), start=1)
        if before.value is not None and after.value is not None
    }
    worst = max(drops, key=lambda y: drops[y], default=None)
    return worst if worst is not None and drops[worst] > 0 else None


def _steps_title(rows: list[str], left: tuple[Count, ...], without: tuple[Count, ...]) -> str:
    last = without[-1]
    if last.value == 0:
        people = "everybody keeps an eligible partner"
    elif last.value is None:
        number = last.text if last.low == 1 else f"more than {words.number(last.low - 1)}"
        people = f"{number} people have no eligible partner"
    else:
        verb = words.agree(last.value, "has")
        people = f"{words.counted(last.value, 'person')} {verb} no eligible partner"
    worst = _biggest_step(left)
    first = left[0].value
    if first is None:
        return words.capital(people)
    if worst is None or not first:
        none = all(count.value is not None for count in left)
        return f"The rules remove {'no' if none else 'hardly any'} pair; {people}"
    removed = (left[worst - 1].value or 0) - (left[worst].value or 0)
    rule, share = words.shortened(rows[worst], 40), words.percent(removed / first)
    return f"The rule “{rule}” removes most pairs ({share}); {people}"
