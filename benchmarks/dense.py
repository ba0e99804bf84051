"""Scores of all pairs at once with numpy, as one would make them for a dense solver.

Not a line is shared with the engine's scoring, and the result is the same to the last millionth:
it is the peers' ready score matrix, the time that they would need for it, and a check of ours.
Blocks of rows keep temporaries in the processor's cache, which is three times as fast as whole
matrices; counts of shared items are matrix products in single precision, which are exact.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
from company import Company, company
from measure import Spent, median_run, peak_mb, resident_mb, timed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.int64]
BLOCK_PAIRS = 1 << 18


class Sides:
    """Both sides' columns, sorted by id, numbered alike."""

    def __init__(self, company: Company) -> None:
        self.company = company
        rows = company.applications.merge(company.people, on="person_id", how="left")
        rows = rows.sort_values("person_id", ignore_index=True)
        self.mentors = rows[rows["side"] == "mentor"].reset_index(drop=True)
        self.mentees = rows[rows["side"] == "mentee"].reset_index(drop=True)

    def __len__(self) -> int:
        return len(self.mentors)

    def codes(self, column: str) -> tuple[Ints, Ints]:
        """The column's values as numbers."""
        both = pd.concat([self.mentors[column], self.mentees[column]])
        if both.isna().any():
            raise ValueError(f"{column}: dense scoring is for companies without blanks")
        numbers = pd.factorize(both)[0]
        return numbers[: len(self)], numbers[len(self) :]

    def many_hot(self, mentor: str, mentee: str) -> tuple[npt.NDArray[np.float32], ...]:
        """One column per item, 1 where the person's list has it."""
        lists = [self.mentors[mentor].tolist(), self.mentees[mentee].tolist()]
        items = sorted({item for side in lists for held in side for item in held})
        number = {item: place for place, item in enumerate(items)}
        found = []
        for side in lists:
            if not all(side):
                raise ValueError(f"{mentor}: dense scoring is for companies without blanks")
            table = np.zeros((len(side), len(items)), np.float32)
            row = np.repeat(np.arange(len(side)), [len(held) for held in side])
            table[row, [number[item] for held in side for item in held]] = 1
            found.append(table)
        return tuple(found)

    def forbidden(self) -> tuple[Ints, Ints]:
        """Pairs in one reporting line, of one manager's reports, or who have met."""
        boss = dict(
            zip(self.company.people["person_id"], self.company.people["manager_id"], strict=True)
        )
        mentor = {person: place for place, person in enumerate(self.mentors["person_id"])}
        mentee = {person: place for place, person in enumerate(self.mentees["person_id"])}
        met = self.company.history
        named = list(zip(met["mentor_id"], met["mentee_id"], strict=True))
        for person in [*mentor, *mentee]:
            above = boss[person]
            while isinstance(above, str):
                named += [(person, above), (above, person)]
                above = boss[above]
        pairs = [(mentor[a], mentee[b]) for a, b in named if a in mentor and b in mentee]
        both = np.array(pairs, np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]


def shared_hours(zones: Sequence[str], company: Company) -> Floats:
    """Share of the working day that people of each two zones work at the same time."""
    matching, start = company.params.matching, company.params.programme.start
    noon = datetime.combine(start, time(12))
    offsets = [ZoneInfo(zone).utcoffset(noon).total_seconds() / 60 for zone in zones]  # type: ignore[union-attr]
    apart = np.abs(np.subtract.outer(offsets, offsets)) % 1440
    day = (matching.working_hours.end - matching.working_hours.begin) * 60
    return (np.maximum(0, day - apart) + np.maximum(0, day - (1440 - apart))) / day


def dense_scores(company: Company) -> Matrix:
    """Scores in millionths, mentors x mentees in the order of their ids; -1 where not eligible."""
    sides = Sides(company)
    size = len(sides)
    matching = company.params.matching
    weight = {name: share for name, share in matching.shares.items() if share > 0}
    total = math.fsum(weight.values())
    weight = {name: share / total for name, share in weight.items()}
    skills = sides.many_hot("skills_offered", "skills_wanted")
    wanted = skills[1].sum(axis=1, dtype=np.float64)
    hobbies = sides.many_hot("interests", "interests")
    has = [side.sum(axis=1, dtype=np.float64) for side in hobbies]
    speaks = sides.many_hot("languages", "languages")
    department, generation, site, manager = (
        sides.codes(name) for name in ("department", "generation", "site", "manager_id")
    )
    grade = [side["grade_rank"].to_numpy(np.int64) for side in (sides.mentors, sides.mentees)]
    largest_gap = max(1, int(grade[1].max() - grade[0].min()))
    outgoing = [
        side["extraversion"].to_numpy(np.float64) for side in (sides.mentors, sides.mentees)
    ]
    scale = company.params.data.scales.extraversion
    zone = sides.codes("time_zone")
    names = pd.unique(pd.concat([sides.mentors["time_zone"], sides.mentees["time_zone"]]))
    hours = shared_hours(list(names), company)
    scores = np.empty((size, len(sides.mentees)), np.int64)
    step = max(1, BLOCK_PAIRS // size)
    for start in range(0, size, step):
        rows = slice(start, start + step)

        def differ(codes: tuple[Ints, Ints], rows: slice = rows) -> npt.NDArray[np.bool_]:
            return codes[0][rows, None] != codes[1]

        gap = grade[1] - grade[0][rows, None]
        score = weight["skills"] * ((skills[0][rows] @ skills[1].T) / wanted)
        score += weight["department"] * differ(department)
        score += weight["generation"] * differ(generation)
        score += weight["seniority_gap"] * (np.maximum(gap, 0) / largest_gap)
        both = (hobbies[0][rows] @ hobbies[1].T).astype(np.float64)
        score += weight["interests"] * (both / (has[0][rows, None] + has[1] - both))
        apart = np.abs(outgoing[0][rows, None] - outgoing[1]) / (scale.high - scale.low)
        score += weight["personality"] * apart
        score += weight["site"] * ~differ(site)
        score += weight["time_zone"] * hours[zone[0][rows, None], zone[1]]
        score += weight["language"] * ((speaks[0][rows] @ speaks[1].T) > 0)
        units = np.rint(score * 1_000_000).astype(np.int64)
        units[(gap < matching.rules.minimum_grade_gap) | ~differ(manager)] = -1
        scores[rows] = units
    scores[sides.forbidden()] = -1
    return scores


def main() -> None:
    """Time the scoring of one company and write the matrix; the last line is a JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save-scores", type=Path, metavar="FILE.npy")
    asked = parser.parse_args()
    imported = resident_mb()
    dense_scores(company(60, 1))
    drawn = company(asked.size, asked.seed)

    def once() -> tuple[Spent, Matrix]:
        with timed() as spent:
            scores = dense_scores(drawn)
        return spent, scores

    spent, scores = median_run(once, lambda spent: spent.wall)
    result = {"seconds": spent.wall, "cpu_seconds": spent.cpu, "peak_mb": peak_mb(),
              "imported_mb": imported}  # fmt: skip
    if asked.save_scores:
        np.save(asked.save_scores, scores)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
