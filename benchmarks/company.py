"""A company with as many juniors as seniors, as the tables that a cycle loads.

All draws are numpy's, from one seed, a table column at a time: 100,000 a side take seconds. The
demo company tells a story and is drawn for it; this one has the sizes, popularities and ties that
make matching hard, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.params import Params, load_params

REPOSITORY = Path(__file__).resolve().parents[1]
WEIGHTS = {
    "skills": 0.35, "department": 0.15, "generation": 0.10, "seniority_gap": 0.05,
    "interests": 0.10, "personality": 0.10, "site": 0.05, "time_zone": 0.05, "language": 0.05,
}  # fmt: skip
SITES = {
    "London": "Europe/London", "Dublin": "Europe/Dublin", "Berlin": "Europe/Berlin",
    "New York": "America/New_York", "San Francisco": "America/Los_Angeles",
    "Bengaluru": "Asia/Kolkata", "Singapore": "Asia/Singapore", "Adelaide": "Australia/Adelaide",
}  # fmt: skip
SITE_SHARE = (0.30, 0.18, 0.14, 0.12, 0.10, 0.07, 0.05, 0.04)
DEPARTMENTS = (
    "Sales", "Engineering", "Operations", "Customer Service", "Finance", "Marketing", "Research",
    "People", "Procurement", "Legal", "Communications", "Strategy",
)  # fmt: skip
DEPARTMENT_SHARE = (0.20, 0.15, 0.12, 0.10, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.02, 0.02)
GENERATIONS = ("Generation Z", "Millennials", "Generation X", "Baby Boomers", "Traditionalists")
LANGUAGES = ("English", "Spanish", "French", "German", "Hindi")
SPEAKS = (0.85, 0.30, 0.25, 0.12, 0.08)
SKILLS = tuple(f"skill {number:03d}" for number in range(120))
INTERESTS = tuple(f"interest {number:02d}" for number in range(40))
# Juniors and seniors share the grades in between: who may mentor whom is decided pair by pair.
GRADE_SHARE = {
    "mentor": (0.30, 0.30, 0.22, 0.13, 0.05, 0.00),
    "mentee": (0.00, 0.03, 0.12, 0.25, 0.35, 0.25),
}
GENERATION_SHARE = {
    "mentor": (0.35, 0.35, 0.18, 0.09, 0.03),
    "mentee": (0.03, 0.10, 0.25, 0.37, 0.25),
}
CAPACITY_SHARE = {1: 0.6, 2: 0.3, 3: 0.1}
UNIT = 50
DRAWN_AT_ONCE = 20_000

Ints = npt.NDArray[np.int64]
Tuples = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Company:
    """Tables as `load_tables` gives them, and the params that go with them."""

    people: pd.DataFrame
    applications: pd.DataFrame
    history: pd.DataFrame
    params: Params

    def tables(self) -> dict[str, Any]:
        """Arguments of `Problem.from_tables`."""
        return {
            "people": self.people,
            "applications": self.applications,
            "params": self.params,
            "history": self.history,
        }


def company(size: int, seed: int, *, capacity: str = "1", untidy: bool = False) -> Company:
    """Draw a company.

    Parameters
    ----------
    size : int
        Juniors who would mentor, and as many seniors who would be mentored.
    seed : int, at least 0
    capacity : str
        Mentees of each mentor: a whole number, or ``k`` for 1, 2 or 3 each.
    untidy : bool
        As real tables are: 3% of every answer is blank, a tenth of people wish for somebody,
        some veto somebody; wishes weigh.
    """
    rng = np.random.default_rng([seed, size])
    sides = np.repeat(["mentor", "mentee"], size)
    grade = _by_side(rng, GRADE_SHARE, size)
    department = rng.choice(len(DEPARTMENTS), 2 * size, p=DEPARTMENT_SHARE)
    ids = _ids(rng.permutation(2 * size))
    site = rng.choice(len(SITES), 2 * size, p=SITE_SHARE)
    offered = np.arange(1, len(SKILLS) + 1) ** -0.6
    wanted = offered.copy()
    moved = rng.permutation(len(SKILLS))[: len(SKILLS) // 2]
    wanted[moved] = np.roll(wanted[moved], 1)
    shelf = rng.permutation(len(SKILLS))
    fond = np.arange(1, len(INTERESTS) + 1) ** -0.4
    nothing = _nothing(size)
    people = {
        "person_id": ids,
        "grade": grade.astype(str),
        "grade_rank": grade,
        "department": np.array(DEPARTMENTS, object)[department],
        "manager_id": _managers(rng, ids, department, grade),
        "site": np.array(list(SITES), object)[site],
        "time_zone": np.array(list(SITES.values()), object)[site],
        "generation": np.array(GENERATIONS, object)[_by_side(rng, GENERATION_SHARE, size)],
        "languages": _languages(rng, 2 * size),
    }
    applications = {
        "person_id": ids,
        "side": sides,
        "capacity": _capacity(rng, size, capacity),
        "skills_offered": np.r_[_sets(rng, size, SKILLS, (3, 8), offered[shelf]), nothing],
        "skills_wanted": np.r_[nothing, _sets(rng, size, SKILLS, (3, 8), wanted[shelf])],
        "interests": _sets(rng, 2 * size, INTERESTS, (2, 6), fond),
        # the mean of twenty answers from 1 to 5
        "extraversion": np.round(1 + np.round(80 * rng.beta(2, 2, 2 * size)) / 20, 2),
        "wishes": np.r_[nothing, nothing],
        "vetoes": np.r_[nothing, nothing],
    }
    if untidy:
        _blank(rng, people, ("site", "time_zone", "generation"), None)
        _blank(rng, people, ("languages",), ())
        _blank(rng, applications, ("skills_offered", "skills_wanted", "interests"), ())
        _blank(rng, applications, ("extraversion",), np.nan)
        applications["wishes"] = _named(rng, ids, size, 0.10)
        applications["vetoes"] = _named(rng, ids, size, 0.02)
    return Company(
        _with_leaders(pd.DataFrame(people)),
        pd.DataFrame(applications).astype({"capacity": "Int64", "person_id": "str", "side": "str"}),
        _history(rng, ids, size),
        benchmark_params(WEIGHTS | ({"wishes": 0.05} if untidy else {})),
    )


def benchmark_params(weights: dict[str, float]) -> Params:
    """The demo cycle's params with these weights, each criterion in its usual form."""
    values = load_params("demo", root=REPOSITORY).params.model_dump(by_alias=True)
    matching = values["matching"]
    matching["weights"] = dict.fromkeys(matching["weights"], 0.0) | weights
    matching["rules"]["minimum_overlap_hours"] = 0.0
    return Params.model_validate(values | {"grades": []})


def _ids(numbers: Ints) -> npt.NDArray[np.object_]:
    return np.array([f"E{number:07d}" for number in numbers.tolist()], object)


def _by_side(rng: np.random.Generator, shares: dict[str, Sequence[float]], size: int) -> Ints:
    return np.concatenate([rng.choice(len(share), size, p=share) for share in shares.values()])


def _nothing(count: int) -> Tuples:
    empty = np.empty(count, object)
    empty.fill(())
    return empty


def _sets(
    rng: np.random.Generator,
    count: int,
    options: Sequence[str],
    sizes: tuple[int, int],
    weights: npt.NDArray[np.float64],
) -> Tuples:
    """A few different options for each person, popular ones more often.

    The first of a race of exponential clocks are a weighted draw without replacement (Efraimidis
    and Spirakis, 2006).
    """
    names = np.array(options, object)
    drawn = _nothing(count)
    for start in range(0, count, DRAWN_AT_ONCE):
        rows = min(DRAWN_AT_ONCE, count - start)
        finish = rng.standard_exponential((rows, len(options)), np.float32)
        finish /= weights.astype(np.float32)
        first = np.argpartition(finish, sizes[1], axis=1)[:, : sizes[1]]
        first = np.take_along_axis(first, np.take_along_axis(finish, first, 1).argsort(1), 1)
        kept = rng.integers(sizes[0], sizes[1] + 1, rows).tolist()
        for row, (items, few) in enumerate(zip(names[first].tolist(), kept, strict=True), start):
            drawn[row] = tuple(items[:few])
    return drawn


def _languages(rng: np.random.Generator, count: int) -> Tuples:
    speaks = rng.random((count, len(LANGUAGES))) < SPEAKS
    speaks[~speaks.any(axis=1), 0] = True
    known = [
        tuple(name for bit, name in enumerate(LANGUAGES) if code >> bit & 1)
        for code in range(2 ** len(LANGUAGES))
    ]
    table = _nothing(len(known))
    table[:] = known
    return table[speaks @ (1 << np.arange(len(LANGUAGES)))]


def _managers(rng: np.random.Generator, ids: Tuples, department: Ints, grade: Ints) -> Tuples:
    """Units of about fifty in each department; one reports to somebody of a higher grade in it.

    The highest of a unit report to the department's head, who is not in the pool.
    """
    units = max(1, round(len(ids) / len(DEPARTMENTS) / UNIT))
    unit = department * units + rng.integers(0, units, len(ids))
    order = np.lexsort((-grade, unit))
    rank = unit[order] * 10 - grade[order]
    start = np.searchsorted(unit[order], unit[order])
    higher = np.searchsorted(rank, rank) - start
    pick = start + (rng.random(len(ids)) * higher).astype(np.int64)
    heads = np.array([f"head of {name}" for name in DEPARTMENTS], object)
    boss = np.where(higher > 0, ids[order][pick], heads[department[order]])
    managers = np.empty(len(ids), object)
    managers[order] = boss
    return managers


def _with_leaders(people: pd.DataFrame) -> pd.DataFrame:
    """Department heads and their own head come on top; they do not apply."""
    top = "head of the company"
    leaders = pd.DataFrame(
        {
            "person_id": [top, *(f"head of {name}" for name in DEPARTMENTS)],
            "grade": "6",
            "grade_rank": 6,
            "department": [DEPARTMENTS[-1], *DEPARTMENTS],
            "manager_id": [None] + [top] * len(DEPARTMENTS),
        }
    )
    leaders["languages"] = _nothing(len(leaders))
    texts = ["person_id", "grade", "department", "manager_id", "site", "time_zone", "generation"]
    both = pd.concat([leaders, people], ignore_index=True)
    return both.astype(dict.fromkeys(texts, "str") | {"grade_rank": "Int64"})


def _capacity(rng: np.random.Generator, size: int, capacity: str) -> Ints:
    if capacity == "k":
        mentors = rng.choice(list(CAPACITY_SHARE), size, p=list(CAPACITY_SHARE.values()))
    else:
        mentors = np.full(size, int(capacity))
    return np.r_[mentors, np.ones(size, np.int64)]


def _history(rng: np.random.Generator, ids: Tuples, size: int) -> pd.DataFrame:
    """Half as many past pairs as juniors; who has met does not meet again."""
    met = np.unique(rng.integers(0, size, (size // 2, 2)), axis=0)
    pairs = {"cycle": "last year", "mentor_id": ids[met[:, 0]], "mentee_id": ids[size + met[:, 1]]}
    return pd.DataFrame(pairs).astype("str")


def _blank(
    rng: np.random.Generator, columns: dict[str, Any], names: Sequence[str], blank: object
) -> None:
    for name in names:
        column = columns[name]
        rows = np.flatnonzero(rng.random(len(column)) < 0.03)
        column[rows] = _nothing(len(rows)) if blank == () else blank


def _named(rng: np.random.Generator, ids: Tuples, size: int, share: float) -> Tuples:
    """For some people, two of the other side."""
    rows = np.flatnonzero(rng.random(2 * size) < share)
    others = rng.integers(0, size, (len(rows), 2)) + np.where(rows < size, size, 0)[:, None]
    lists = _nothing(2 * size)
    for row, (one, other) in zip(rows.tolist(), ids[others].tolist(), strict=True):
        lists[row] = (one,) if one == other else (one, other)
    return lists
