"""Do the two sides look like the company? The figure of who is here."""

from __future__ import annotations

from dataclasses import dataclass

from revmentor import words
from revmentor.disclosure import Count, DisclosedCounts, shows
from revmentor.figures.marks import group_label, in_margin, labelled, over
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import (
    LABEL_SIZE,
    LIGHT,
    MENTEE,
    MENTEE_TEXT,
    MENTOR,
    MENTOR_TEXT,
    MUTED,
    SIDE_MARKER,
    bare,
    sheet,
    theme,
)
from revmentor.metrics.groups import is_sum

SPEAK = 0.05


@dataclass(frozen=True)
class Share:
    """A group's share of one side, or None where it may not be shown; `text` says either."""

    value: float | None
    text: str


@shows
def composition(counts: DisclosedCounts) -> Plot:
    """How do mentors and mentees compare with the company, group by group?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_counts(..., totals="both")` of `revmentor.metrics.composition` without its
        column company: rows groups; columns mentors, mentees, both, neither (each person once).
    """
    by = counts.row_name or "group"
    company = [_share(count, counts.total) for count in counts.row_totals]
    sides = {name: _side(counts, name) for name in ("mentors", "mentees")}
    title = _title(counts, company, sides)
    n = {name: _total(counts, name) for name in sides}
    whole = counts.total.text if counts.total else NO_TOTAL
    subtitle = (
        f"Share of each {by}: mentors (n = {n['mentors']}), mentees (n = {n['mentees']}), "
        f"company (n = {whole})"
    )
    known = [share.value or 0.0 for share in (*company, *sides["mentors"], *sides["mentees"])]
    with theme():
        page = sheet(title, subtitle, _note(counts), height=0.5 + 0.33 * max(1, len(counts.rows)))
        axes = page.axes[0]
        for y, share in enumerate(company):
            axes.barh(y, share.value or 0.0, 0.62, color=LIGHT)
            in_margin(axes, 0.72, y, share.text, size=_size(share))
        for name, colour, ink, at in (
            ("mentors", MENTOR, MENTOR_TEXT, 0.86),
            ("mentees", MENTEE, MENTEE_TEXT, 1.0),
        ):
            marker = SIDE_MARKER[name.removesuffix("s")]
            up = -0.13 if name == "mentors" else 0.13
            for y, share in enumerate(sides[name]):
                if share.value is not None:
                    axes.plot(
                        share.value,
                        y + up,
                        marker,
                        color=colour,
                        markersize=7,
                        markeredgecolor="white",
                        markeredgewidth=0.8,
                        clip_on=False,
                    )
                in_margin(axes, at, y, share.text, colour=ink, size=_size(share))
        axes.set_yticks(range(len(counts.rows)), labelled(counts.rows, 28))
        axes.set_ylim(len(counts.rows) - 0.4, -0.6)
        longest = max([*known, 0.01])
        axes.set_xlim(-0.02 * longest, longest / 0.58)
        over(axes, 0.72, "company\n(bar)", align="right", colour=MUTED)
        over(axes, 0.86, "mentors\n(●)", align="right", colour=MENTOR_TEXT)
        over(axes, 1.0, "mentees\n(■)", align="right", colour=MENTEE_TEXT)
        bare(axes, x=True)
        parts = list(zip(counts.rows, company, sides["mentors"], sides["mentees"], strict=True))
        seen = "; ".join(
            f"{row}: company {a.text}, mentors {b.text}, mentees {c.text}"
            for row, a, b, c in parts[:4]
        )
        return finished(page.figure, title, subtitle, seen)


NO_TOTAL = "not shown"


@shows
def compares(counts: DisclosedCounts) -> bool:
    """Is any group of a side shown, so that the figure compares something?"""
    return any(
        share.value is not None for name in ("mentors", "mentees") for share in _side(counts, name)
    )


@shows
def company_shares(counts: DisclosedCounts) -> str:
    """The groups of the company as a list: "Sales 20%; Finance 40–48%"; empty for one or none."""
    shares = [_share(count, counts.total) for count in counts.row_totals]
    told = [
        f"{row} {share.text}"
        for row, share in zip(counts.rows, shares, strict=True)
        if share.value is not None
    ]
    return "; ".join(told) if len(told) > 1 else ""


def _size(share: Share) -> float:
    """Words take more room than numbers."""
    return LABEL_SIZE if share.value is not None else 7.2


def _share(count: Count, total: Count | None) -> Share:
    whole = None if total is None else total.value
    if count.value is None and whole and count.high is not None and count.low > 1:
        # a narrow range, drawn from its lower end
        ends = [words.percent(end / whole) for end in (count.low, count.high)]
        return Share(count.low / whole, "–".join(dict.fromkeys(ends)).replace("%–", "–"))
    if count.value is None:
        return Share(None, count.text.replace("fewer than ", "<"))
    if total is None or not total.value:
        return Share(None, NO_TOTAL if total and total.value is None else "–")
    return Share(count.value / total.value, words.percent(count.value / total.value))


def _side(counts: DisclosedCounts, name: str) -> list[Share]:
    """Shares of a side, of those who applied for this side only."""
    total = counts.column_totals[counts.columns.index(name)]
    return [_share(count, total) for count in counts.column(name)]


def _total(counts: DisclosedCounts, name: str) -> str:
    return counts.column_totals[counts.columns.index(name)].text


def _note(counts: DisclosedCounts) -> str:
    both = counts.column_totals[counts.columns.index("both")]
    if both.value == 0:
        return counts.note
    many = "some people" if both.value is None else words.counted(both.value, "person")
    verb = "is" if both.value == 1 else "are"
    apart = f"{many} who applied for both sides {verb} counted in the company only"
    return f"{apart}; {counts.note}" if counts.note else apart


def _title(counts: DisclosedCounts, company: list[Share], sides: dict[str, list[Share]]) -> str:
    gaps = [
        (mine.value - whole.value, row, name, mine, whole)
        for name, shares in sides.items()
        for row, mine, whole in zip(counts.rows, shares, company, strict=True)
        if mine.value is not None and whole.value is not None and not is_sum(row)
    ]
    if not gaps:
        return f"No {counts.row_name or 'group'} is large enough to compare"
    widest = max(gaps, key=lambda gap: gap[0])
    if widest[0] < SPEAK:
        return f"Both sides mirror the company by {counts.row_name or 'group'}"
    _, row, name, mine, whole = widest
    group = words.headed(group_label(row, counts.row_name))
    return f"{group}: {mine.text} of the {name}, {whole.text} of the company"
