"""What rules cost and what fairness costs, in titles that fit what was found."""

from __future__ import annotations

import pandas as pd

from revmentor import figures
from revmentor.disclosure import (
    DisclosedFrontier,
    FrontierPoint,
    disclose_counts,
    disclose_distribution,
    disclose_prices,
)


def point(worst: float, total: float) -> FrontierPoint:
    return FrontierPoint(worst=worst, total=total, pairs=20)


def frontier(here: FrontierPoint, *points: FrontierPoint) -> str:
    return figures.frontier(DisclosedFrontier(minimum=5, here=here, points=points)).title


def test_the_frontier_says_what_a_better_worst_pair_costs() -> None:
    ends = point(40, 1000), point(42, 990)
    assert frontier(ends[0], *ends) == (
        "The worst pair could score 42 instead of 40, for 1.0% of the total"
    )
    close = point(40, 1000), point(40.3, 999.9)
    assert frontier(close[0], *close) == (
        "The worst pair could score 40.3 instead of 40.0, for under 0.1% of the total"
    )


def test_the_frontier_says_when_ours_is_the_fairest() -> None:
    title = frontier(point(42, 950), point(40, 1000), point(42, 990))
    assert title == "No worst pair can be better than ours, 42 of 100; the best total is 5.3% more"
    assert "cannot be better" in frontier(point(40, 1000), point(40, 1000))


def test_a_fair_match_can_have_fewer_points_without_a_rule() -> None:
    prices = disclose_prices([("a", 30.0, 1), ("b", -12.0, 0), ("c", 0.0, 0)], 1000, 20, 5)
    plot = figures.rule_prices(prices)
    assert plot.title == "Dearest: a. Without it, 30 points (3.0%), 1 pair more"
    assert "b: 12 points fewer" in plot.alt
    assert "c: nothing" in plot.alt


def test_perfect_scores_stand_in_the_last_bar() -> None:
    scores = pd.Series([1.0] * 12 + [0.97] * 3 + [0.6] * 5)
    found = disclose_distribution(scores, 5, step=0.05, unit="score", of="pairs")
    assert found.edges[-1] == 1.0
    assert found.counts[-1] == 15
    assert figures.score_distribution(found).title == (
        "At least half of the pairs score 100; the worst five average 60"
    )
    alike = disclose_distribution(pd.Series([1.0] * 6), 5, step=0.05, unit="score", of="pairs")
    assert alike.edges == (0.95, 1.0)


def test_circles_are_told_by_topic() -> None:
    seats = pd.DataFrame({"seats": [12, 6, 6]}, index=["Python", "SQL", "short video"])
    counts = disclose_counts(seats, 5, totals="columns", unit="seats", row_name="topic")
    plot = figures.circle_topics(counts, 4)
    assert plot.title == "Circles meet about 3 topics, most about Python"
    assert plot.subtitle == "Seats in circles by topic, 4 circles"
    even = disclose_counts(seats.iloc[1:], 5, totals="columns", unit="seats")
    assert figures.circle_topics(even, 2).title == "Circles meet about 2 topics"
    none = disclose_counts(seats.iloc[:0], 5, totals="none", unit="seats")
    assert figures.circle_topics(none, 0).title == "There is no circle"
