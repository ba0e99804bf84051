"""Which circles meet beside the pairs, about what, and how good are they?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from revmentor import figures, metrics, words
from revmentor.cycle.shown import Shown, shown, somebody_is_looking
from revmentor.cycle.steps.base import Check
from revmentor.disclosure import (
    EVERY_NUMBER,
    Disclosed,
    DisclosedCounts,
    DisclosedEstimates,
    Group,
    Members,
    Restricted,
    by_cells,
    disclose_counts,
    disclose_estimates,
    estimated,
)
from revmentor.errors import NotProven
from revmentor.matching import Problem
from revmentor.matching.circles import Circles, explain_circles, form_circles, verify_circles
from revmentor.matching.problem import TableSource
from revmentor.names import OTHER_LABELS, SIDES
from revmentor.publish.workspace import Workspace
from revmentor.tables import interactive
from revmentor.tiles import Tile, Tiles, finding

NO_TOPIC = "no topic of their own"
THROUGH = (
    "Circles meet all through the cycle: people whose waves leave a part of it out are in "
    "none (restricted/circles_unplaced.csv names them)."
)
MIX_DIGITS, GAP_DIGITS = 1, 4


@dataclass(frozen=True)
class Circling:
    """Circles of a cycle that asks for them; formed when they are first looked at."""

    problem: Problem
    people: pd.DataFrame

    @cached_property
    def circles(self) -> Circles:
        """The circles; raises if time ended before there was any."""
        found = form_circles(self.problem)
        if found.status == "none" and found.seats_bound != 0 and found.bound_units:
            raise NotProven(
                "The time ended before there was any circle. Raise solver.time_limit, or allow "
                "smaller circles (circles.mentors.from, circles.mentees.from)."
            )
        return found

    def _placed(self) -> pd.DataFrame:
        """People in and out of circles, by side; each person once."""
        found = self.circles
        inside = found.groups.drop_duplicates(["person_id", "side"])["side"].value_counts()
        outside = found.unplaced["side"].value_counts()
        return pd.DataFrame(
            {side: [int(inside.get(side, 0)), int(outside.get(side, 0))] for side in SIDES},
            index=["in a circle", "in no circle"],
        )

    def _topics(self) -> pd.DataFrame:
        """Seats by topic, the most frequent first."""
        topics = self.circles.groups["topic"].fillna(NO_TOPIC)
        seats = topics.value_counts().rename("seats").to_frame()
        return seats.sort_index().sort_values("seats", ascending=False, kind="stable")

    def found(self, minimum: int) -> Mapping[str, Disclosed]:
        """People in circles, seats by topic, and how many have their topic."""
        groups, topics = self.circles.groups, self._topics()
        learning = groups.loc[groups["side"] == "mentee", "has_topic"]
        teaching = groups.loc[groups["side"] == "mentor", "has_topic"]
        shares = {
            "wanted": metrics.census_share(int(learning.sum()), len(learning), "seats"),
            "offered": metrics.census_share(int(teaching.sum()), len(teaching), "seats"),
        }
        return {
            "circles-placed": disclose_counts(self._placed(), minimum, totals="columns"),
            "circles-topics": disclose_counts(
                topics,
                minimum,
                totals="columns" if len(topics) else "none",
                unit="seats",
                row_name="topic",
            ),
            "circles-shares": disclose_estimates(shares, minimum, "what"),
        }

    def behind(self) -> dict[str, Members]:
        """Who is in circles and who is not; which seats each topic has."""
        groups = self.circles.groups
        inside = groups.drop_duplicates(["person_id", "side"])
        outside = self.circles.unplaced
        placed = pd.concat(
            [
                inside[["person_id", "side"]].assign(where="in a circle"),
                outside[["person_id", "side"]].assign(where="in no circle"),
            ]
        )
        seats = groups.assign(
            topic=groups["topic"].fillna(NO_TOPIC),
            column="seats",
            seat=groups["person_id"].astype(str) + " in circle " + groups["circle"].astype(str),
        )
        return {
            "circles-placed": by_cells(placed, "where", "side"),
            "circles-topics": by_cells(seats, "topic", "column", person="seat"),
            "circles-shares": estimated(
                {
                    (name,): Group.of(on["seat"], on.loc[on["has_topic"].astype(bool), "seat"])
                    for name, side in (("wanted", "mentee"), ("offered", "mentor"))
                    for on in (seats.loc[seats["side"] == side],)
                }
            ),
        }

    def summary(self) -> dict[str, Any]:
        """Number, mix and proof of all circles together, as the pages tell them."""
        found = self.circles
        mix = {
            name: round(float(found.circles[name].mean()), MIX_DIGITS)
            for name in OTHER_LABELS.values()
        }
        return {
            "status": found.status,
            "circles": len(found.circles),
            "gap": round(found.gap, GAP_DIGITS),
            "mix": mix,
        }

    def totals(self) -> dict[str, float]:
        """The proof in exact numbers, for the coordinator."""
        found = self.circles
        return {"points": 100 * found.objective, "bound": 100 * found.bound, "gap": found.gap}

    def shown(self) -> Shown:
        """How many circles, about what, with whom, and how near to the best."""
        found, values = self.circles, self.found(EVERY_NUMBER)
        if found.circles.empty:
            none = "No circle can be formed: see restricted/circles_unplaced.csv."
            return shown(finding(none, *self._through()))
        placed, topics = values["circles-placed"], values["circles-topics"]
        shares = values["circles-shares"]
        assert isinstance(placed, DisclosedCounts)
        assert isinstance(topics, DisclosedCounts)
        assert isinstance(shares, DisclosedEstimates)
        return shown(
            tiles(self.summary(), placed),
            finding(circles_proof(self.summary()), *coverage(shares), *self._through()),
            figures.circle_topics(topics, len(found.circles)),
            self._by_name(),
        )

    def _through(self) -> tuple[str, ...]:
        """Who cannot be in a circle for their waves, where there are waves."""
        source = self.problem.source
        assert isinstance(source, TableSource)
        return (THROUGH,) if source.params.design.waves else ()

    def _by_name(self) -> object:
        if not somebody_is_looking():
            return finding("Who is in which circle is in restricted/circles.csv.")
        columns = ["circle", "topic", "name", "side", "has_topic"]
        return interactive(Restricted(self.members()[columns]))

    def members(self) -> pd.DataFrame:
        """Everybody in a circle, with the best partner inside, by name and id."""
        names = self.people.set_index("person_id")["name"]
        table = explain_circles(self.problem, self.circles)
        table.insert(2, "name", table["person_id"].map(names).fillna(table["person_id"]))
        return table

    def verify(self) -> tuple[Check, ...]:
        """Every circle, computed again from the tables."""
        found = verify_circles(self.problem, self.circles)
        far = "" if found.prices_checked else ", as the solver says"
        return (
            Check("Points of all circles, computed again", f"{100 * found.objective:,.4f}"),
            Check("Most that any circles can have", f"{100 * found.bound:,.4f}{far}"),
        )

    def write(self, work: Workspace) -> tuple[Path, ...]:
        """The circles, who is in them, who is in none; and the summary."""
        names = self.people[["person_id", "name"]]
        outside = self.circles.unplaced.merge(names, on="person_id", how="left")
        return (
            work.write_table("circle_values", self.circles.circles),
            work.write_table("circles", self.members(), csv=True),
            work.write_table("circles_unplaced", outside, csv=True),
            work.write_json("circles_summary", self.summary(), restricted=False),
            work.write_json("circles_totals", self.totals(), restricted=True),
        )


def tiles(summary: Mapping[str, Any], placed: DisclosedCounts) -> Tiles:
    """The circles in four figures."""
    mix = summary["mix"]
    circles = int(summary["circles"])
    people = {side: placed.at("in a circle", side).text for side in SIDES}
    return Tiles(
        (
            Tile(words.agree(circles, "circle"), words.number(circles), "beside the pairs"),
            Tile("mentors (junior) in circles", people["mentor"]),
            Tile("mentees (senior) in circles", people["mentee"]),
            Tile(
                "departments meet in a circle, on average",
                words.number(mix["departments"], 1),
                f"and {words.number(mix['sites'], 1)} sites",
            ),
        )
    )


def coverage(shares: DisclosedEstimates) -> list[str]:
    """How many have a topic that they asked for, or that they offer?"""
    told = []
    for name, what in (
        ("wanted", "seats of mentees are about a topic that they asked for"),
        ("offered", "seats of mentors are about a topic that they offer"),
    ):
        share = shares.get(name)
        if share is not None and share.state != "not computed":
            of = " of the" if share.state == "shown" else ""
            told.append(words.sentence(f"{share.text}{of} {what}"))
    return told


def circles_proof(summary: Mapping[str, Any]) -> str:
    """How near to the best are the circles, in a sentence?

    >>> circles_proof({"status": "feasible", "gap": 0.0192})
    'Good circles, not proven best: any others are worth at most 2.0% more.'
    """
    if summary["status"] == "optimal":
        return "Proven optimal: no other circles that obey the rules are worth more."
    above = f"{summary['gap'] / (1 - summary['gap']):.1%}"
    return f"Good circles, not proven best: any others are worth at most {above} more."
