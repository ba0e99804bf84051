"""What does each circle owe its value to, and what does each member find in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.circles.result import Circles
from revmentor.matching.problem import Problem

if TYPE_CHECKING:
    import pandas as pd


def explain_circles(problem: Problem, circles: Circles) -> pd.DataFrame:
    """For every seat: has the person the topic, and with whom inside do they fit best?

    What each circle's value is made of stands in ``circles.circles``.

    Returns
    -------
    DataFrame
        circle, person_id, side, topic, has_topic, best_partner (of the other side, the first by
        id where several fit as well), best_score, mean_score (over the other side in the circle),
        value_share (their pairs' part of the circle's value, in points: a pair counts half for
        each of the two).
    """
    import pandas as pd

    at = [{who: k for k, who in enumerate(side.ids)} for side in (problem.mentors, problem.mentees)]
    rows = []
    for _, group in circles.groups.groupby("circle"):
        sides = [group[group["side"] == side] for side in ("mentor", "mentee")]
        ids = [sorted(side["person_id"]) for side in sides]
        i = np.array([at[0][who] for who in ids[0]], np.int64)
        j = np.array([at[1][who] for who in ids[1]], np.int64)
        units = problem.scores.plain(i[None, :], j[:, None]).T
        for side, own, others in ((0, ids[0], ids[1]), (1, ids[1], ids[0])):
            scores = units if side == 0 else units.T
            for who, line in zip(own, scores, strict=True):
                best = int(line.argmax())
                rows.append(
                    {
                        "person_id": who,
                        "side": ("mentor", "mentee")[side],
                        "circle": int(group["circle"].iloc[0]),
                        "best_partner": others[best],
                        "best_score": problem.points(int(line[best])),
                        "mean_score": problem.points(int(line.sum())) / len(line),
                        "value_share": problem.points(int(line.sum())) / 2,
                    }
                )
    told = ["best_partner", "best_score", "mean_score", "value_share"]
    keys = ["circle", "person_id", "side"]
    if not rows:
        return circles.groups.assign(**dict.fromkeys(told, pd.Series(dtype="float64")))
    return circles.groups.merge(pd.DataFrame(rows)[[*keys, *told]], on=keys, how="left")
