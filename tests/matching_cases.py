"""Small pools for tests of the matching, and what they score, worked out pair by pair."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from revmentor.matching import Problem
from revmentor.params import Params, load_params
from revmentor.params.models import CRITERIA

REPOSITORY = Path(__file__).parents[1]
OF_PEOPLE = {
    "person_id": None, "grade": 0, "department": "D", "manager_id": None, "site": None,
    "time_zone": None, "generation": None, "languages": (),
}  # fmt: skip
OF_APPLICATIONS = {
    "person_id": None, "side": None, "capacity": pd.NA, "skills_offered": (), "skills_wanted": (),
    "interests": (), "extraversion": math.nan, "wishes": (), "vetoes": (),
}  # fmt: skip
ZONES = ("Europe/London", "Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles", "UTC")


@functools.cache
def demo_params() -> Params:
    return load_params("demo", root=REPOSITORY).params


def params(weights: dict[str, float] | None = None, **changes: Any) -> Params:
    """The demo cycle's params with these weights only, and sections of `matching` changed.

    Rules are all off but the direction, unless `rules` names them.
    """
    values = demo_params().model_dump(by_alias=True)
    matching = values["matching"]
    matching["weights"] = dict.fromkeys(CRITERIA, 0.0) | (weights or {"skills": 1.0})
    off = dict.fromkeys(("reporting_line", "same_manager", "no_repeat", "vetoes"), False)
    matching["rules"] |= off | {"shared_language": False, "minimum_overlap_hours": 0.0}
    matching["rules"] |= {"minimum_grade_gap": 1} | changes.pop("rules", {})
    for section, change in changes.pop("criteria", {}).items():
        matching["criteria"][section] |= change
    matching["criteria"]["generation"]["reason"] = "the charter asks for it"
    values["grades"] = []
    return Params.model_validate(values | {"matching": matching | changes})


def tables(*rows: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """people and applications, of rows that say only what matters; who has a side applies."""
    people = pd.DataFrame(
        [{key: row.get(key, usual) for key, usual in OF_PEOPLE.items()} for row in rows],
        columns=list(OF_PEOPLE),
    )
    applied = [row for row in rows if row.get("side")]
    applications = pd.DataFrame(
        [{key: row.get(key, usual) for key, usual in OF_APPLICATIONS.items()} for row in applied],
        columns=list(OF_APPLICATIONS),
    )
    return people, applications.astype({"capacity": "Int64", "extraversion": "float64"})


def junior(who: str, **more: Any) -> dict[str, Any]:
    return {"person_id": who, "grade": 0, "side": "mentor", **more}


def senior(who: str, **more: Any) -> dict[str, Any]:
    return {"person_id": who, "grade": 1, "side": "mentee", **more}


def named(*pairs: tuple[str, str], **more: Any) -> pd.DataFrame:
    """A table of pairs, such as history or decisions."""
    frame = pd.DataFrame(pairs, columns=["mentor_id", "mentee_id"], dtype="str")
    return frame.assign(**more)


def best_total(units: np.ndarray, capacity: Sequence[int], demand: Sequence[int]) -> int:
    """The most that any matching scores: tries all of them. Units of 0 and less are not made."""
    mentors, mentees = units.shape

    @functools.cache
    def best(mentee: int, left: tuple[int, ...]) -> int:
        if mentee == mentees:
            return 0
        open_to = [i for i in range(mentors) if units[i, mentee] > 0 and left[i]]
        found = 0
        for size in range(min(demand[mentee], len(open_to)) + 1):
            for chosen in itertools.combinations(open_to, size):
                rest = tuple(places - (i in chosen) for i, places in enumerate(left))
                here = sum(int(units[i, mentee]) for i in chosen)
                found = max(found, here + best(mentee + 1, rest))
        return found

    return best(0, tuple(int(places) for places in capacity))


class ByHand:
    """Scores and rules of a small pool, one pair at a time, as matching.md defines them."""

    def __init__(
        self,
        people: pd.DataFrame,
        applications: pd.DataFrame,
        params: Params,
        decisions: pd.DataFrame | None = None,
        history: pd.DataFrame | None = None,
    ) -> None:
        self.params = params
        self.who = {row["person_id"]: row for row in people.to_dict("records")}
        for row in applications.to_dict("records"):
            self.who[row["person_id"]] = {**self.who[row["person_id"]], **row}
        for row in self.who.values():
            texts = ("department", "manager_id", "site", "time_zone", "generation")
            row |= {name: None for name in texts if pd.isna(row[name])}
        self.applied = list(applications["person_id"])
        sides = {who: self.who[who]["side"] for who in self.applied}
        self.mentors = sorted(who for who in self.applied if sides[who] in ("mentor", "both"))
        self.mentees = sorted(who for who in self.applied if sides[who] in ("mentee", "both"))
        self.decisions = [] if decisions is None else decisions.to_dict("records")
        self.history = [] if history is None else history.to_dict("records")

    def places(self, who: str, side: str) -> int:
        row, usual = self.who[who], getattr(self.params.matching.capacity, side)
        stated = row["capacity"] if row["side"] == side or side == "mentor" else pd.NA
        return usual if pd.isna(stated) else int(stated)

    def line(self, who: str) -> list[str]:
        boss = self.who[who]["manager_id"]
        return [] if boss is None else [boss, *self.line(boss)]

    def offset(self, zone: str) -> float:
        start = dt.datetime.combine(self.params.programme.start, dt.time(12), ZoneInfo(zone))
        offset = start.utcoffset()
        assert offset is not None
        return offset.total_seconds() / 3600

    def hours(self, a: str, b: str) -> float | None:
        zones = self.who[a]["time_zone"], self.who[b]["time_zone"]
        if None in zones:
            return None
        day = self.params.matching.working_hours
        worked = [
            {
                round((day.begin - self.offset(zone)) * 60 + minute) % 1440
                for minute in range((day.end - day.begin) * 60)
            }
            for zone in zones
        ]
        return len(worked[0] & worked[1]) / 60

    def value(self, name: str, a: str, b: str) -> float | None:
        """The criterion of mentor a with mentee b; None where it is not known."""
        one, two = self.who[a], self.who[b]
        forms = self.params.matching.criteria
        if name == "wishes":
            steps, share = forms.wishes.credit, forms.wishes.mentor_share

            def credit(row: dict[str, Any], other: str) -> float:
                known = dict(zip(row["wishes"], steps, strict=False))
                return known.get(other, 0.0)

            pool = [(x, y) for x in self.mentors for y in self.mentees]
            wished = [
                y in self.who[x]["wishes"][: len(steps)] or x in self.who[y]["wishes"][: len(steps)]
                for x, y in pool
            ]
            if not any(wished):
                return None
            return share * credit(one, b) + (1 - share) * credit(two, a)
        if name == "skills":
            offered, wanted = set(one["skills_offered"]), set(two["skills_wanted"])
            return len(offered & wanted) / len(wanted) if offered and wanted else None
        if name == "interests":
            mine, theirs = set(one["interests"]), set(two["interests"])
            return len(mine & theirs) / len(mine | theirs) if mine and theirs else None
        if name == "language":
            mine, theirs = set(one["languages"]), set(two["languages"])
            return float(bool(mine & theirs)) if mine and theirs else None
        if name == "personality":
            scale = self.params.data.scales.extraversion
            apart = abs(one["extraversion"] - two["extraversion"]) / (scale.high - scale.low)
            if math.isnan(apart):
                return None
            return apart if forms.personality.direction == "complementary" else 1 - apart
        if name == "seniority_gap":
            gap = two["grade"] - one["grade"]
            if forms.seniority_gap.form == "target":
                off = abs(gap - forms.seniority_gap.target)
                return max(0.0, 1 - off / forms.seniority_gap.falloff)
            grades = [self.who[x]["grade"] for x in self.mentors]
            top = max(self.who[x]["grade"] for x in self.mentees)
            return max(0, gap) / max(1, top - min(grades))
        if name == "time_zone":
            hours, day = self.hours(a, b), self.params.matching.working_hours
            return None if hours is None else hours / (day.end - day.begin)
        if one[name] is None or two[name] is None:
            return None
        same = one[name] == two[name]
        return float(same == (getattr(forms, name).direction == "same"))

    @functools.cached_property
    def known(self) -> dict[str, list[float | None]]:
        """Each weighed criterion of all pairs, mentor by mentor."""
        pool = [(x, y) for x in self.mentors for y in self.mentees]
        asked = self.params.matching.shares
        return {
            name: [self.value(name, x, y) for x, y in pool] for name in CRITERIA if asked[name] > 0
        }

    def score(self, a: str, b: str) -> float:
        asked, known = self.params.matching.shares, self.known
        pool = [(x, y) for x in self.mentors for y in self.mentees]
        usable = [name for name, values in known.items() if any(v is not None for v in values)]
        usable = usable or list(known)
        share = {name: asked[name] / math.fsum(asked[n] for n in usable) for name in usable}
        total = weight = 0.0
        for name in usable:
            value = self.value(name, a, b)
            if value is not None:
                weight += share[name]
            elif self.params.matching.missing == "mean":
                others = [
                    v for (x, y), v in zip(pool, known[name], strict=True)
                    if v is not None and x != y
                ]  # fmt: skip
                value = math.fsum(others) / len(others) if others else 0.0
            total += share[name] * (value or 0.0)
        if self.params.matching.missing == "exclude":
            return total / weight if weight else 0.0
        return total

    def broken(self, a: str, b: str) -> list[str]:
        """The rules that mentor a with mentee b break."""
        one, two, rules = self.who[a], self.who[b], self.params.matching.rules
        named_with = {frozenset((row["mentor_id"], row["mentee_id"])) for row in self.history}
        forbidden = {
            frozenset((row["mentor_id"], row["mentee_id"]))
            for row in self.decisions
            if row["decision"] == "forbid"
        }
        hours = self.hours(a, b)
        found = {
            "minimum_grade_gap": two["grade"] - one["grade"] < rules.minimum_grade_gap,
            "reporting_line": rules.reporting_line
            and (a == b or a in self.line(b) or b in self.line(a)),
            "same_manager": rules.same_manager
            and one["manager_id"] is not None
            and one["manager_id"] == two["manager_id"],
            "no_repeat": rules.no_repeat and frozenset((a, b)) in named_with,
            "vetoes": rules.vetoes and (b in one["vetoes"] or a in two["vetoes"]),
            "forbidden": frozenset((a, b)) in forbidden,
            "shared_language": rules.shared_language
            and not set(one["languages"]) & set(two["languages"]),
            "minimum_overlap_hours": rules.minimum_overlap_hours > 0
            and (hours is None or hours < rules.minimum_overlap_hours),
        }
        return [rule for rule, is_broken in found.items() if is_broken]


def random_tables(random: np.random.Generator) -> dict[str, Any]:
    """A pool of up to eight people with everything in it, as arguments of from_tables."""

    def some(items: Sequence[str], most: int, silent: float = 0.2) -> tuple[str, ...]:
        if random.random() < silent:
            return ()
        size = int(random.integers(1, most + 1))
        return tuple(str(x) for x in random.choice(items, size, replace=False))

    def maybe(items: Sequence[str]) -> str | None:
        return None if random.random() < 0.2 else str(random.choice(items))

    ids = [f"p{x}" for x in random.permutation(8)[: random.integers(2, 9)]]
    skills, hobbies = [f"s{x}" for x in range(5)], [f"h{x}" for x in range(4)]
    rows = []
    for n, who in enumerate(ids):
        side = str(random.choice(["mentor", "mentee", "both", ""], p=[0.4, 0.35, 0.15, 0.1]))
        rows.append({
            "person_id": who,
            "grade": int(random.integers(0, 3)) + (side == "mentee"),
            "side": side,
            "department": str(random.choice(["A", "B", "C"])),
            "manager_id": ids[int(random.integers(0, n))] if n and random.random() < 0.5 else None,
            "site": maybe(["X", "Y"]),
            "time_zone": maybe(ZONES),
            "generation": maybe(["g1", "g2", "g3"]),
            "languages": some(["en", "de", "fr"], 2),
            "capacity": pd.NA if random.random() < 0.5 else int(random.integers(0, 4)),
            "skills_offered": some(skills, 3),
            "skills_wanted": some(skills, 3),
            "interests": some(hobbies, 3),
            "extraversion": float(random.choice([math.nan, *np.arange(1, 5.1, 0.1).round(1)])),
            "wishes": some([x for x in ids if x != who] or ["nobody"], 1, 0.5),
            "vetoes": some([x for x in ids if x != who] or ["nobody"], 1, 0.7),
        })  # fmt: skip
    pairs = [(a, b) for a in ids for b in ids if a != b]
    picks = [pairs[k] for k in random.permutation(len(pairs))[:2]]
    weights = {name: float(random.integers(0, 4)) for name in CRITERIA} | {"department": 1.0}
    chosen = params(
        weights,
        missing=str(random.choice(["mean", "zero", "exclude"])),
        minimum_score=float(random.choice([0.0, 0.0, 0.3])),
        rules={
            name: bool(random.integers(0, 2))
            for name in ("reporting_line", "same_manager", "no_repeat", "vetoes")
        }
        | {
            "shared_language": bool(random.random() < 0.2),
            "minimum_overlap_hours": float(random.choice([0.0, 0.0, 2.5])),
        },
        criteria={
            "seniority_gap": {"form": str(random.choice(["largest", "target"])), "target": 2.0},
            "personality": {"direction": str(random.choice(["similar", "complementary"]))},
            "site": {"direction": str(random.choice(["same", "different"]))},
            "wishes": {"mentor_share": 0.4},
        },
    )
    people, applications = tables(*rows)
    return {
        "people": people,
        "applications": applications,
        "params": chosen,
        "history": named(*picks[:1]),
        "decisions": named(*picks[1:], decision="forbid"),
    }


def company_of_skills(wants: list[str], offers: list[str], **asked: object) -> Problem:
    """Juniors who offer one skill each, seniors who want one each; nothing else counts."""
    rows = [
        {"person_id": f"j{n}", "grade": 0, "side": "mentor", "skills_offered": (skill,)}
        for n, skill in enumerate(offers)
    ] + [
        {"person_id": f"s{n}", "grade": 3, "side": "mentee", "skills_wanted": (skill,)}
        for n, skill in enumerate(wants)
    ]
    filled = [
        {"department": "A", "skills_offered": (), "skills_wanted": (), "interests": (),
         "wishes": (), "vetoes": (), "languages": (), **row} for row in rows
    ]  # fmt: skip
    people, applications = tables(*filled)
    return Problem.from_tables(people, applications, params({"skills": 1.0}, **asked))
