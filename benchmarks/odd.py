"""What does the engine answer to odd inputs?

    python benchmarks/odd.py             each in a process of its own
    python benchmarks/odd.py identical   one of them

The answers stand in `docs/engine.md`; each matching is checked by `verify`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from company import WEIGHTS, Company, benchmark_params, company
from isolation import measured
from measure import peak_mb, timed

SEED = 0
SECONDS, MEMORY_MB = 900.0, 16_000
Tables = dict[str, Any]


def alone() -> Tables:
    """One person, who would mentor."""
    tables = company(1, SEED).tables()
    asked = tables["applications"]
    return tables | {"applications": asked[asked["side"] == "mentor"]}


def two() -> Tables:
    """One junior and one senior who fit."""
    return with_grades(company(1, SEED), 0, 5)


def none_eligible() -> Tables:
    """50 juniors and 50 seniors, all of the same grade."""
    return with_grades(company(50, SEED), 3, 3)


def with_grades(drawn: Company, mentor: int, mentee: int) -> Tables:
    """The same company, each side of one grade."""
    tables = drawn.tables()
    people = tables["people"].copy()
    sides = drawn.applications.set_index("person_id")["side"]
    side = people["person_id"].map(sides)
    people.loc[side == "mentor", "grade_rank"] = mentor
    people.loc[side == "mentee", "grade_rank"] = mentee
    return tables | {"people": people}


def all_required() -> Tables:
    """200 a side, and every senior's mentor is required by a decision."""
    from revmentor.matching import Problem, solve

    tables = company(200, SEED).tables()
    other = tables | {"params": benchmark_params({"interests": 1.0})}
    pairs = solve(Problem.from_tables(**other)).pairs
    return tables | {"decisions": required(pairs["mentor_id"], pairs["mentee_id"])}


def required_twice() -> Tables:
    """50 a side, and two seniors are required to have the same mentor, who takes one."""
    tables = with_grades(company(50, SEED), 0, 5)
    asked = tables["applications"]
    mentor = asked[asked["side"] == "mentor"]["person_id"].iloc[[0, 0]]
    mentees = asked[asked["side"] == "mentee"]["person_id"].iloc[:2]
    return tables | {"decisions": required(mentor, mentees)}


def required(mentors: pd.Series, mentees: pd.Series) -> pd.DataFrame:
    """Decisions that require these pairs."""
    pairs = {"mentor_id": list(mentors), "mentee_id": list(mentees), "decision": "require"}
    return pd.DataFrame(pairs).astype("str")


def identical() -> Tables:
    """10,000 juniors who are all alike, and 10,000 seniors who are."""
    tables = with_grades(company(10_000, SEED), 0, 5)
    people, asked = tables["people"].copy(), tables["applications"].copy()
    applied = people["person_id"].isin(asked["person_id"])
    for column in ("department", "site", "time_zone", "generation"):
        people.loc[applied, column] = people.loc[applied, column].iloc[0]
    people.loc[applied, "manager_id"] = None
    people["languages"] = [("English",)] * len(people)
    asked["skills_offered"] = [("skill 001", "skill 002")] * len(asked)
    asked["skills_wanted"] = [("skill 002", "skill 003")] * len(asked)
    asked["interests"] = [("interest 01", "interest 02")] * len(asked)
    asked["extraversion"] = asked["side"].map({"mentor": 2.0, "mentee": 4.0})
    return tables | {"people": people, "applications": asked, "history": None}


def one_to_many() -> Tables:
    """One junior and 10,000 seniors."""
    tables = with_grades(company(10_000, SEED), 0, 5)
    asked = tables["applications"]
    return tables | {
        "applications": asked[(asked["side"] == "mentee") | ~asked["side"].duplicated()]
    }


def tiny_weights() -> Tables:
    """200 a side, every weight divided by 1e9: only their ratio counts."""
    return weighted({name: weight * 1e-9 for name, weight in WEIGHTS.items()})


def huge_weights() -> Tables:
    """200 a side, every weight multiplied by 1e9: only their ratio counts."""
    return weighted({name: weight * 1e9 for name, weight in WEIGHTS.items()})


def tiny_beside_huge() -> Tables:
    """200 a side, skills weigh 1e-9 and department 1e9."""
    return weighted({"skills": 1e-9, "department": 1e9})


def weighted(weights: dict[str, float]) -> Tables:
    """200 a side with these weights."""
    return company(200, SEED).tables() | {"params": benchmark_params(weights)}


CASES: dict[str, Callable[[], Tables]] = {
    case.__name__: case
    for case in (
        alone, two, none_eligible, all_required, required_twice, identical, one_to_many,
        tiny_weights, huge_weights, tiny_beside_huge,
    )
}  # fmt: skip


def answer(name: str) -> dict[str, Any]:
    """Match one odd input, check it, and say what came out."""
    from revmentor.matching import Problem, solve, verify

    tables = CASES[name]()
    with timed() as spent:
        problem = Problem.from_tables(**tables)
        matching = solve(problem)
        pairs = len(matching.pairs)
    if matching.status in ("optimal", "feasible"):
        verify(problem, matching)
    reasons = matching.unmatched["reason"].value_counts()
    return {
        "name": name,
        "input": CASES[name].__doc__,
        "status": matching.status,
        "pairs": pairs,
        "objective": matching.objective if pairs else None,
        "unmatched": len(matching.unmatched),
        "said": [*matching.reasons, *reasons.index[:1]][:1],
        "seconds": spent.wall,
        "peak_mb": peak_mb(),
    }


def main() -> int:
    """Run from the command line; 1 if a case fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}")
    parser.add_argument("--here", action="store_true", help="in this process, one case")
    parser.add_argument("--out", type=Path, help="file of the results; default: none")
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(answer(asked.names[0])))
        return 0
    found = []
    for name in asked.names or CASES:
        said = measured(["odd.py", "--here", name], seconds=SECONDS, memory_mb=MEMORY_MB)
        found.append({"name": name, "input": CASES[name].__doc__, **said})
        print(json.dumps(found[-1]), flush=True)
    if asked.out:
        asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0 if all(one["outcome"] == "done" for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
