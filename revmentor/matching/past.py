"""What would pairs of earlier cycles have scored, criterion by criterion?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.criteria import Criterion
from revmentor.matching.intake.reading import read_pool
from revmentor.names import CRITERIA

if TYPE_CHECKING:
    import pandas as pd

    from revmentor.params.models import Params


def past_criteria(
    people: pd.DataFrame, applications: pd.DataFrame, history: pd.DataFrame, params: Params
) -> pd.DataFrame:
    """Which value in 0..1 has each criterion for pairs of earlier cycles, by what is known now?

    For pairs of which both stand in the present applications on the side that they had then: forms
    of earlier cycles are not kept, so skills, interests and hours are those stated now. Where the
    values of the time are kept, use those instead. Wishes are left out: those stated now are not
    those of then.

    Parameters
    ----------
    people, applications : DataFrame
        As loaded for the present cycle.
    history : DataFrame
        cycle, mentor_id, mentee_id.
    params : Params
        Forms and directions of the criteria are the present ones.

    Returns
    -------
    DataFrame
        cycle, mentor_id, mentee_id and one column per criterion in the order of
        `revmentor.names.CRITERIA`; missing where somebody states nothing. Sorted by the first
        three; pairs of people who do not apply now are not in it.
    """
    import pandas as pd

    pool = read_pool(people, applications, params, None, None)
    rows = history[["cycle", "mentor_id", "mentee_id"]].drop_duplicates()
    rows = rows.sort_values(["cycle", "mentor_id", "mentee_id"], ignore_index=True)
    i, j = (
        pd.Index(side.ids, dtype="object").get_indexer(pd.Index(who).astype("object"))
        for side, who in ((pool.mentors, rows["mentor_id"]), (pool.mentees, rows["mentee_id"]))
    )
    here = (i >= 0) & (j >= 0)
    rows = rows.loc[here].reset_index(drop=True)
    mentors, mentees = i[here].astype(np.int64), j[here].astype(np.int64)
    for name in CRITERIA:
        values = np.full(len(rows), np.nan)
        if name != "wishes":
            criterion = Criterion(name, pool, params)
            known = [
                stated[who]
                for stated, who in zip(criterion.known(), (mentors, mentees), strict=True)
            ]
            both = known[0] & known[1]
            values[both] = criterion.value(mentors[both], mentees[both])
        rows[name] = values
    return rows
