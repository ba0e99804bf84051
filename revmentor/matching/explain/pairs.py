"""Why these pairs, and what else would have fitted?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.arrays import FloatArray, IntArray
from revmentor.matching.explain.people import in_points, places
from revmentor.matching.problem import Id, Problem
from revmentor.matching.result import Matching, table

if TYPE_CHECKING:
    import pandas as pd


def contributions(problem: Problem, pairs: pd.DataFrame) -> pd.DataFrame:
    """What does each criterion add to the score of these pairs?

    Parameters
    ----------
    problem : Problem
    pairs : DataFrame
        mentor_id, mentee_id; other columns are ignored. The pairs need not be eligible.

    Returns
    -------
    DataFrame
        In the order of `pairs`: mentor_id, mentee_id, one column per criterion that counts, in
        the unit of the scores, score, and assumed (the criteria for which somebody stated
        nothing, so that a stand-in counts; comma-separated). The criteria add up to the score to
        the last millionth: each is rounded down and what is left goes to the largest remainders.

    Raises
    ------
    InputError
        For an id that is not in the pool on that side.
    """
    i = places(pairs["mentor_id"], problem.mentors.ids, "mentor")
    j = places(pairs["mentee_id"], problem.mentees.ids, "mentee")
    parts = problem.scores.parts(i, j)
    units = problem.scores.plain(i, j)
    whole = _rounded(np.array(list(parts.values()), float).reshape(len(parts), len(i)), units)
    columns: dict[str, object] = {
        "mentor_id": [problem.mentors.ids[k] for k in i],
        "mentee_id": [problem.mentees.ids[k] for k in j],
    }
    columns |= {name: in_points(problem, row) for name, row in zip(parts, whole, strict=True)}
    columns["score"] = in_points(problem, units)
    assumed = problem.scores.assumed(i, j)
    columns["assumed"] = [
        ", ".join(name for name, mask in assumed.items() if mask[row]) for row in range(len(i))
    ]
    return table(columns)


def alternatives(
    problem: Problem, matching: Matching, pair: tuple[Id, Id], *, most: int = 3
) -> pd.DataFrame:
    """With whom else would the two people of a pair have fitted best?

    Parameters
    ----------
    pair : (mentor_id, mentee_id)
    most : int
        How many alternatives for each of the two.

    Returns
    -------
    DataFrame
        As `contributions`, with side (whose alternatives: first the mentor's, then the mentee's)
        in front and difference (its score minus the pair's) behind; best first. Only pairs that
        may be made; partners that the person has anyway are left out.
    """
    import pandas as pd  # only now: it takes longer to load than a small problem to solve

    i = places([pair[0]], problem.mentors.ids, "mentor")
    j = places([pair[1]], problem.mentees.ids, "mentee")
    have = set(zip(matching.pairs["mentor_id"], matching.pairs["mentee_id"], strict=True)) | {pair}
    mentors, mentees = np.arange(len(problem.mentors)), np.arange(len(problem.mentees))
    found = []
    for side, cells in (
        ("mentor", (np.repeat(i, len(mentees)), mentees)),
        ("mentee", (mentors, np.repeat(j, len(mentors)))),
    ):
        units = problem.scores.units(*cells)
        ids = [
            (problem.mentors.ids[a], problem.mentees.ids[b])
            for a, b in zip(cells[0].tolist(), cells[1].tolist(), strict=True)
        ]
        new = np.array([one not in have for one in ids], bool)
        order = [k for k in np.argsort(-units, kind="stable").tolist() if new[k]]
        best = [ids[k] for k in order if units[k] >= problem.least][:most]
        named = {"mentor_id": [a for a, _ in best], "mentee_id": [b for _, b in best]}
        listed = contributions(problem, table(named))
        listed.insert(0, "side", side)
        found.append(listed)
    both = pd.concat(found, ignore_index=True)
    own = in_points(problem, problem.scores.plain(i, j))[0]
    both["difference"] = (both["score"] - own).round(6)
    return both


def _rounded(parts: FloatArray, units: IntArray) -> IntArray:
    """Whole numbers that add up to `units` in each column, by largest remainder."""
    down = np.floor(parts).astype(np.int64)
    over = units - down.sum(axis=0)
    order = np.argsort(-(parts - down), axis=0, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(parts))[:, None], axis=0)
    return down + (place < over)
