"""What does each rule cost, how sure is the match, and what would fairness cost?"""

from __future__ import annotations

from matplotlib.ticker import MaxNLocator

from revmentor import words
from revmentor.disclosure import DisclosedCounts, DisclosedFrontier, DisclosedPrices, shows
from revmentor.figures.marks import beside, count_bar, empty, in_lines, length_of
from revmentor.figures.plot import Plot, finished
from revmentor.figures.theme import ACCENT, INK, MENTEE, MIDDLE, MUTED, bare, sheet, theme

# Below this share of the total a rule costs nothing that a reader would act on.
NOTABLE = 0.005
# Two scores (0 to 100) that differ by less are the same: they are kept to four digits.
EQUAL = 0.0002


@shows
def rule_prices(prices: DisclosedPrices) -> Plot:
    """What would the match gain without each rule, quota or limit?

    Parameters
    ----------
    prices : DisclosedPrices
        From `disclose_prices`.
    """
    subtitle = (
        f"Points that the match would gain without each (it has {words.number(prices.total)} "
        f"points in {words.counted(prices.pairs, 'pair')}; a pair has at most 100)"
    )
    if not prices.prices:
        return empty("No rule is on", subtitle, "there is no rule, quota or limit")
    title = _prices_title(prices)
    rows = prices.prices
    with theme():
        page = sheet(title, subtitle, height=0.35 + 0.34 * len(rows))
        axes = page.axes[0]
        longest = max(max(price.points for price in rows), 0.01 * max(prices.total, 1.0))
        for y, price in enumerate(rows):
            notable = price.points >= NOTABLE * prices.total and price.points > 0
            axes.barh(y, price.points, 0.6, color=ACCENT if notable else MIDDLE)
            beside(axes, price.points, y, _price_text(price.points, price.pairs, prices.total))
        axes.set_yticks(range(len(rows)), [in_lines(price.label, 40, 2) for price in rows])
        axes.set_ylim(len(rows) - 0.45, -0.55)
        texts = [_price_text(price.points, price.pairs, prices.total) for price in rows]
        axes.set_xlim(0, longest * (1.25 + 0.022 * max(map(len, texts))))
        bare(axes, x=True)
        seen = "; ".join(
            f"{price.label}: {_price_text(price.points, price.pairs, prices.total)}"
            for price in rows
        )
        return finished(page.figure, title, subtitle, seen)


def _price_text(points: float, pairs: int, total: float) -> str:
    if points == 0 and not pairs:
        return "nothing"
    share = points / total if total else 0.0
    text = f"{words.number(abs(points), 0 if abs(points) >= 9.5 else 1)} points"
    if points < 0:
        # A fair match, or one of most pairs, can have less in total without a rule.
        text += " fewer"
    elif total:
        text += " (under 0.1%)" if 0 < share < 0.001 else f" ({share:.1%})"
    if pairs:
        text += f", {words.counted(abs(pairs), 'pair')} {'more' if pairs > 0 else 'fewer'}"
    return text


def _prices_title(prices: DisclosedPrices) -> str:
    dearest = prices.prices[0]
    if dearest.points <= 0:
        return "No rule costs anything: the match would be as good without"
    text = _price_text(dearest.points, dearest.pairs, prices.total)
    if dearest.points < NOTABLE * prices.total:
        return f"The rules cost almost nothing; the dearest: {dearest.label}, {text}"
    return f"Dearest: {dearest.label}. Without it, {text}"


@shows
def survival(counts: DisclosedCounts, draws: int, by: float) -> Plot:
    """How many pairs are still made when weights move?

    Parameters
    ----------
    counts : DisclosedCounts
        `disclose_counts(..., totals="columns", unit="pairs")`: rows bands of survival, most
        stable first, one column.
    draws : int
        How often the weights were moved.
    by : float
        By at most this share.
    """
    total = counts.column_totals[0].text if counts.column_totals else "–"
    subtitle = (
        f"Pairs by how often they are still made when every weight moves by up to {by:.0%}, "
        f"n = {total} pairs, {draws} draws"
    )
    if not counts.rows:
        return empty("There is no pair", subtitle, "there is no pair")
    first = counts.cells[0][0]
    title = f"{words.sentence(first.text).rstrip('.')} of {total} pairs are made {counts.rows[0]}"
    if first.value == 0:
        title = "No pair is made in every draw: the match depends on the weights"
    with theme():
        page = sheet(title, subtitle, counts.note, height=0.3 + 0.4 * len(counts.rows))
        axes = page.axes[0]
        longest = 1.0
        for y, (row,) in enumerate(counts.cells):
            count_bar(axes, y, row, MENTEE if y < 2 else MIDDLE)
            beside(axes, length_of(row), y, row.text)
            longest = max(longest, length_of(row))
        axes.set_yticks(range(len(counts.rows)), list(counts.rows))
        axes.set_ylim(len(counts.rows) - 0.45, -0.55)
        axes.set_xlim(0, longest * 1.25)
        bare(axes, x=True)
        seen = "; ".join(
            f"{name}: {row[0].text}" for name, row in zip(counts.rows, counts.cells, strict=True)
        )
        return finished(page.figure, title, subtitle, seen)


@shows
def frontier(found: DisclosedFrontier) -> Plot:
    """What would a better worst pair cost in total?

    Parameters
    ----------
    found : DisclosedFrontier
        The efficient matches, best total first, and the one that is made.
    """
    best, fairest = found.points[0], found.points[-1]
    subtitle = (
        "Best total that any match can reach (points) if its worst pair scores at least so much "
        "(0 to 100; required and locked pairs left out), with "
        f"{words.counted(found.here.pairs, 'pair')}"
    )
    if len(found.points) == 1:
        title = (
            "The worst pair cannot be better than it is: "
            f"{words.number(found.here.worst)} of 100, at the best total"
        )
    elif fairest.worst - found.here.worst < EQUAL:
        here = found.here.total
        lost = (best.total - here) / here if here else 0.0
        title = (
            f"No worst pair can be better than ours, {words.number(found.here.worst)} of 100; "
            f"the best total is {words.percent(lost, 1)} more"
        )
    else:
        lost = (best.total - fairest.total) / best.total if best.total else 0.0
        digits = 0 if fairest.worst - found.here.worst >= 1 else 1
        title = (
            f"The worst pair could score {words.number(fairest.worst, digits)} instead of "
            f"{words.number(found.here.worst, digits)}, for {words.percent(lost, 1)} of the total"
        )
    with theme():
        page = sheet(title, subtitle, height=2.6)
        axes = page.axes[0]
        worst = [point.worst for point in found.points]
        total = [point.total for point in found.points]
        axes.plot(worst, total, "-o", color=MENTEE, markersize=5, clip_on=False)
        axes.plot(found.here.worst, found.here.total, "D", color=ACCENT, markersize=8)
        axes.annotate(
            "we are here",
            (found.here.worst, found.here.total),
            (9, 6),
            textcoords="offset points",
            color=ACCENT,
            weight="bold",
        )
        if len(found.points) > 1:
            axes.annotate(
                f"fairest: worst {words.number(fairest.worst)}, "
                f"total {words.number(fairest.total)}",
                (fairest.worst, fairest.total),
                (0, -9),
                textcoords="offset points",
                ha="right",
                va="top",
                color=INK,
            )
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        low, high = min(total), max(total)
        room = max((high - low) * 0.18, 0.002 * max(high, 1.0))
        axes.set_ylim(low - room, high + room)
        axes.set_xlabel("score of the worst pair")
        axes.set_ylabel("total of all pairs, points")
        axes.yaxis.set_major_formatter(lambda value, _: words.number(value))
        axes.tick_params(labelcolor=MUTED)
        seen = "; ".join(
            f"worst {words.number(point.worst, 1)}: total {words.number(point.total)}"
            for point in found.points
        )
        return finished(page.figure, title, subtitle, seen)
