"""A pool with people who might still come: who are they, if nothing but one skill is known?

A newcomer is *otherwise typical*: the lowest grade of the mentors (the highest of the mentees, for
newcomers on that side), the commonest time zone and the commonest languages of their side, free in
every wave, without manager, wishes and history. What else a criterion needs is left open: the
mean over the pool stands in for it, as for everybody who leaves it blank (``matching.missing``;
where a cycle counts blanks as zero, so do newcomers wherever others leave blanks, too).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.criteria import Criterion, Scoring
from revmentor.matching.intake.cells import texts
from revmentor.matching.intake.means import mean
from revmentor.matching.problem import Problem, TableSource
from revmentor.matching.scores import TableScores
from revmentor.matching.variants import Side

if TYPE_CHECKING:
    import pandas as pd

ANY = ""
# No id of a table can hold this sign, so newcomers are told apart from people, and come last.
MARK = "\U0010fffd"
NOTHING_ASKED = "\U0010fffd nothing that is asked for"
LISTS = ("skills_offered", "skills_wanted", "interests", "wishes", "vetoes", "waves")


@dataclass(frozen=True)
class Newcomers:
    """Who was added to the pool, and what is assumed of them.

    Parameters
    ----------
    side : str
    rows : mapping of skill to list of int
        Their places in the side's roster, by skill; "" for those with no skill that is asked for.
    grade, time_zone : str
    languages : tuple of str
    """

    side: Side
    rows: Mapping[str, list[int]]
    grade: str
    time_zone: str
    languages: tuple[str, ...]


def with_newcomers(
    problem: Problem, side: Side, *, copies: int, screened: int
) -> tuple[Problem, Newcomers]:
    """The same problem with newcomers who have no places yet: so many per skill asked for.

    Every pair of the problem scores what it scored before.

    Parameters
    ----------
    problem : Problem
        Made of tables.
    side : {"mentor", "mentee"}
    copies : int
        Newcomers per skill.
    screened : int
        Skills at most: those that most people of the other side ask for (or offer).
    """
    source, scores = problem.source, problem.scores
    assert isinstance(source, TableSource)
    assert isinstance(scores, TableScores)
    skills = [*asked_for(source.applications, side)[:screened], ANY]
    ids = [(f"{MARK}{n:04d}-{k:02d}", skill) for n, skill in enumerate(skills)
           for k in range(copies)]  # fmt: skip
    typical = _typical(source, problem, side)
    people = _people(source.people, [who for who, _ in ids], typical)
    applications = _applications(source.applications, ids, side)
    made = Problem.from_tables(
        people, applications, source.params, decisions=source.decisions, history=source.history
    )
    assert isinstance(made.scores, TableScores)
    scoring = _as_before(scores.scoring, made.scores)
    wider = replace(
        made,
        scores=replace(made.scores, scoring=scoring),
        objective=problem.objective,
        over=problem.over,
    )
    roster = wider.mentors if side == "mentor" else wider.mentees
    at = {who: row for row, who in enumerate(roster.ids)}
    places = roster.places.copy()
    places[[at[who] for who, _ in ids]] = 0
    closed = replace(roster, places=places)
    rows: dict[str, list[int]] = {skill: [] for skill in skills}
    for who, skill in ids:
        rows[skill].append(at[who])
    wider = replace(wider, mentors=closed) if side == "mentor" else replace(wider, mentees=closed)
    return wider, Newcomers(side, rows, *typical[:3])


def asked_for(applications: pd.DataFrame, side: Side) -> list[str]:
    """Which skills do the people whom newcomers would meet want (or offer), the commonest first?"""
    across = "mentee" if side == "mentor" else "mentor"
    column = "skills_wanted" if side == "mentor" else "skills_offered"
    if column not in applications:
        return []
    here = applications.loc[applications["side"].isin([across, "both"]), column]
    counts = Counter(skill for cell in here if isinstance(cell, tuple | list) for skill in cell)
    return [skill for skill, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def _typical(
    source: TableSource, problem: Problem, side: Side
) -> tuple[str, str, tuple[str, ...], int]:
    """Grade, time zone and languages, and the row of people that has this grade."""
    roster = problem.mentors if side == "mentor" else problem.mentees
    row = {who: n for n, who in enumerate(texts(source.people, "person_id"))}
    mine = [row[str(who)] for who in roster.ids]
    scores = problem.scores
    assert isinstance(scores, TableScores)
    ranks = (scores.pool.mentors if side == "mentor" else scores.pool.mentees).grade
    end = int(np.argmin(ranks) if side == "mentor" else np.argmax(ranks))
    grades, zones = texts(source.people, "grade"), texts(source.people, "time_zone")
    spoken = list(source.people["languages"]) if "languages" in source.people else []
    known = [tuple(spoken[n]) for n in mine if spoken and isinstance(spoken[n], tuple | list)]
    return (
        str(grades[mine[end]]),
        _commonest([zones[n] for n in mine]) or "",
        _commonest(known) or (),
        mine[end],
    )


def _commonest[T](values: list[T]) -> T | None:
    """The commonest value that is stated; the first by name of equals."""
    counts = Counter(value for value in values if value)
    return min(counts, key=lambda value: (-counts[value], str(value)), default=None)


def _people(
    people: pd.DataFrame, ids: list[str], typical: tuple[str, str, tuple[str, ...], int]
) -> pd.DataFrame:
    import pandas as pd  # only now: it takes longer to load than a small problem to solve

    _, zone, languages, row = typical
    wider = people.reset_index(drop=True).reindex(range(len(people) + len(ids)))
    new = wider.index[len(people) :]
    wider.loc[new, "person_id"] = ids
    for column in ("grade", "grade_rank"):
        if column in wider:
            wider.loc[new, column] = people[column].iloc[row]
    if zone:
        wider.loc[new, "time_zone"] = zone
    if "languages" in wider:
        cells = [*wider["languages"].iloc[: len(people)], *[languages] * len(ids)]
        wider["languages"] = pd.Series(cells, dtype=object)
    return wider


def _applications(
    applications: pd.DataFrame, ids: list[tuple[str, str]], side: Side
) -> pd.DataFrame:
    import pandas as pd  # only now: see above

    many = len(applications)
    wider = applications.reset_index(drop=True).reindex(range(many + len(ids)))
    new = wider.index[many:]
    wider.loc[new, "person_id"] = [who for who, _ in ids]
    wider.loc[new, "side"] = side
    own = "skills_offered" if side == "mentor" else "skills_wanted"
    for column in LISTS:
        if column in applications or column == own:
            before = list(applications[column]) if column in applications else [()] * many
            skills = [(skill or NOTHING_ASKED,) if column == own else () for _, skill in ids]
            wider[column] = pd.Series([*before, *skills], dtype=object)
    return wider


def _as_before(before: Scoring, made: TableScores) -> Scoring:
    """The scoring of the wider pool, with shares and stand-ins as they were."""
    stand_in = {c.name: round(mean(c), 6) for c in before.criteria} | dict(before.stand_in)
    criteria = tuple(Criterion(c.name, made.pool, made.params) for c in before.criteria)
    return Scoring(criteria, before.share, stand_in, before.exclude)
