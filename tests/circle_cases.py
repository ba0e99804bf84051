"""Companies for circles."""

from __future__ import annotations

from typing import Any

import numpy as np
from matching_cases import junior, params, senior, tables

from revmentor.matching import Problem
from revmentor.params.models import Params

SMALL: dict[str, Any] = {"mentors": {"from": 1, "to": 1}, "mentees": {"from": 2, "to": 2}}


def problem_of(
    *rows: dict[str, Any],
    circles: dict[str, Any] | None = None,
    design: dict[str, Any] | None = None,
    **more: Any,
) -> Problem:
    people, applications = tables(*rows)
    applications["waves"] = [row.get("waves", ()) for row in rows if row.get("side")]
    asked = params({"skills": 1.0}, **more.pop("matching", {}))
    values = asked.model_dump(by_alias=True)
    values["design"] |= design or {}
    asked = Params.model_validate(values | {"circles": SMALL | (circles or {})})
    return Problem.from_tables(people, applications, asked, **more)


def company(seed: int = 0, people: int = 18, **circles: Any) -> Problem:
    """A third are mentors; everything is in it."""
    random = np.random.default_rng(seed)
    skills = [f"s{k}" for k in range(6)]

    def some(items: list[str], most: int) -> tuple[str, ...]:
        size = int(random.integers(1, most + 1))
        return tuple(str(x) for x in random.choice(items, size, replace=False))

    ids = [f"p{k:02d}" for k in range(people)]
    rows = []
    for k, who in enumerate(ids):
        make = junior if k % 3 == 0 else senior
        rows.append(
            make(
                who,
                department=str(random.choice(["A", "B", "C"])),
                site=str(random.choice(["X", "Y"])),
                manager_id=ids[int(random.integers(0, k))] if k and k % 4 else None,
                skills_offered=some(skills, 3),
                skills_wanted=some(skills, 3),
                vetoes=some(ids, 1) if random.random() < 0.2 else (),
            )
        )
    return problem_of(*rows, circles={"mentors": {"from": 1, "to": 2}} | circles)
