"""The people of the demo company, as arrays that the other tables are made from, and as a table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from revmentor.data.demo import words
from revmentor.data.demo.draws import Bools, Draws, Ints
from revmentor.data.demo.naming import names_and_addresses
from revmentor.data.demo.tree import Tree, grow, levels_above

LEFT_BEFORE = 0.008
_SAME_SITE_AS_MANAGER = 0.65
_AGE_BY_GRADE = np.array([26.0, 30.0, 37.0, 43.5, 49.5, 54.0])
_AGE_SPREAD = np.array([3.5, 4.5, 6.5, 6.5, 6.0, 5.5])
_CHANGED_CAREER = np.array([0.07, 0.08, 0.06, 0.0, 0.0, 0.0])
_WOMEN = np.array([0.53, 0.51, 0.48, 0.43, 0.38, 0.33])
_TITLE = ("Junior {}", "{}", "Senior {}")


@dataclass(frozen=True)
class Staff:
    """Everybody on the roster, in the order of their ids.

    Attributes
    ----------
    ids : object array of str
    above : int array, people by levels
        Managers, nearest first, as indices; -1 where there is none.
    grade, department, site : int array
        Indices into `words.GRADES`, `words.DEPARTMENTS`, `words.SITES`.
    leads : bool array
    birth_year : int array
    hired, promoted, left : int array
        Days since 1970-01-01; -1 for never.
    speaks : bool array, people by `words.LANGUAGES`
    """

    ids: npt.NDArray[np.object_]
    above: Ints
    grade: Ints
    department: Ints
    site: Ints
    leads: Bools
    birth_year: Ints
    hired: Ints
    promoted: Ints
    left: Ints
    speaks: Bools

    def related(self, one: Ints, other: Ints) -> Bools:
        """Are these in one reporting line, at any depth, or under the same manager?"""
        line = (self.above[one] == other[:, None]).any(axis=1)
        line |= (self.above[other] == one[:, None]).any(axis=1)
        managers = self.above[:, 0]
        same = (managers[one] == managers[other]) & (managers[one] >= 0)
        return np.asarray(line | same | (one == other))

    def share_language(self, one: Ints, other: Ints) -> Bools:
        """Do these share a language?"""
        return np.asarray((self.speaks[one] & self.speaks[other]).any(axis=1))


def day_number(date: dt.date) -> int:
    """Days since 1970-01-01.

    >>> day_number(dt.date(1970, 1, 31))
    30
    """
    return (date - dt.date(1970, 1, 1)).days


def iso_dates(days: Ints) -> list[str]:
    """ISO dates of day numbers; empty for -1.

    >>> iso_dates(np.array([0, -1]))
    ['1970-01-01', '']
    """
    text = np.datetime_as_string(days.astype("datetime64[D]"))
    return [str(cell) for cell in np.where(days == -1, "", text)]


def text_table(columns: dict[str, list[str]]) -> pd.DataFrame:
    """A table in which everything is text and an empty text means missing."""
    return pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})


def _sites(draws: Draws, tree: Tree) -> Ints:
    """Sites: often the manager's, else any; managers come before their reports in the tree."""
    site = draws.pick([site.share for site in words.SITES], len(tree.boss))
    follows = draws.chance(_SAME_SITE_AS_MANAGER, len(tree.boss)) & (tree.boss > 0)
    source = np.where(follows, tree.boss, np.arange(len(tree.boss)))
    while (source != source[source]).any():
        source = source[source]
    return site[source]


def hire(draws_seed: int, people: int, start: dt.date) -> tuple[Staff, pd.DataFrame]:
    """Who works in a company of this size on the eve of the cycle?

    Returns
    -------
    (Staff, DataFrame)
        The arrays, and the raw table `people` in the same order. Some fields are blank in the
        table, as in real rosters; the arrays know them all.
    """
    draws = Draws(draws_seed, "people")
    tree = grow(draws, people)
    begin = day_number(start)

    site = _sites(draws, tree)
    spread = draws.bell(people)
    age = _AGE_BY_GRADE[tree.grade] + _AGE_SPREAD[tree.grade] * spread
    age += np.where(draws.chance(_CHANGED_CAREER[tree.grade]), draws.between(10, 24, people), 0.0)
    age = np.clip(age, 19.0, 66.0)
    birth_year = start.year - np.floor(age).astype(np.int64)

    early = draws.uniform(people)
    tenure = 0.2 + early * early * np.clip(age - 20.0, 0.5, 24.0)
    hired = begin - np.floor(tenure * 365.0).astype(np.int64)
    moved = draws.chance(np.array([0.12, 0.42, 0.60, 0.70, 0.72, 0.75])[tree.grade])
    recent = draws.uniform(people)
    since = np.floor((begin - hired - 40) * recent * recent).astype(np.int64)
    promoted = np.where(moved & (begin - hired > 300), begin - 35 - since, -1)

    left = np.full(people, -1, dtype=np.int64)
    gone = draws.first((~tree.leads).astype(np.float64), max(2, round(LEFT_BEFORE * people)))
    earliest = np.maximum(hired + 30, begin - 200)
    until = np.maximum(begin - 1, earliest)
    leave = earliest + np.floor(draws.uniform(people) * (until - earliest + 1)).astype(np.int64)
    left[gone] = leave[gone]
    left[np.flatnonzero(gone)[0]] = begin - 1 - int(draws.whole(0, 20, 1)[0])

    likely = np.array(
        [[s.languages.get(lang, 0.03) for lang in words.LANGUAGES] for s in words.SITES]
    )
    speaks = draws.chance(likely[site])
    speaks[~speaks.any(axis=1), words.LANGUAGES.index("English")] = True

    order = draws.order(people)
    place = np.argsort(order, kind="stable")
    above = levels_above(tree.boss)[order]
    width = max(5, len(str(people)))
    staff = Staff(
        ids=np.array([f"E{n:0{width}d}" for n in range(1, people + 1)], dtype=object),
        above=np.where(above >= 0, place[above], -1),
        grade=tree.grade[order],
        department=tree.department[order],
        site=site[order],
        leads=tree.leads[order],
        birth_year=birth_year[order],
        hired=hired[order],
        promoted=promoted[order],
        left=left[order],
        speaks=speaks[order],
    )
    return staff, _table(Draws(draws_seed, "roster"), staff)


def _titles(draws: Draws, staff: Staff) -> list[str]:
    """Job titles by department, grade, and whether one leads a team."""
    trade = draws.uniform(len(staff.ids))
    titles = []
    rows = zip(staff.department, staff.grade, staff.leads, staff.above, trade, strict=True)
    for index, grade, leads, above, chance in rows:
        department = words.DEPARTMENTS[index]
        work = department.trades[int(chance * len(department.trades))]
        if above[0] < 0:
            title = "Chief Executive Officer"
        elif grade <= words.SPECIALIST:
            title = _TITLE[grade].format(work)
        elif grade == words.MANAGER:
            title = f"Team Lead, {department.name}" if leads else f"Principal {work}"
        elif grade == words.DIRECTOR:
            title = f"Director, {department.name}" if leads else f"Distinguished {work}"
        else:
            title = department.head if above[1:2] < 0 else f"Vice President, {department.name}"
        titles.append(title)
    return titles


def _table(draws: Draws, staff: Staff) -> pd.DataFrame:
    """The raw roster, with a few blanks."""
    count = len(staff.ids)
    names, mail = names_and_addresses(draws, staff.ids.tolist())
    share = draws.uniform(count)
    gender = np.select(
        [
            share < _WOMEN[staff.grade] * 0.95,
            share < 0.935,
            share < 0.95,
            share < 0.98,
        ],
        ["woman", "man", "non-binary", "undisclosed"],
        default="",
    )
    no_birth_year = draws.chance(0.012, count)
    no_languages = draws.chance(0.015, count)
    no_zone = draws.chance(0.008, count)
    languages = np.array(words.LANGUAGES, dtype=object)
    managers = staff.above[:, 0]
    sites = np.array([site.name for site in words.SITES], dtype=object)
    zones = np.array([site.zone for site in words.SITES], dtype=object)
    names_of_departments = np.array([d.name for d in words.DEPARTMENTS], dtype=object)
    return text_table(
        {
            "person_id": staff.ids.tolist(),
            "name": names,
            "email": mail,
            "grade": np.array(words.GRADES, dtype=object)[staff.grade].tolist(),
            "department": names_of_departments[staff.department].tolist(),
            "manager_id": np.where(managers >= 0, staff.ids[managers], "").tolist(),
            "birth_year": np.where(no_birth_year, "", staff.birth_year.astype("U4")).tolist(),
            "job_title": _titles(draws, staff),
            "site": sites[staff.site].tolist(),
            "time_zone": np.where(no_zone, "", zones[staff.site]).tolist(),
            "languages": [
                "" if blank else ";".join(languages[row])
                for row, blank in zip(staff.speaks, no_languages, strict=True)
            ],
            "gender": gender.tolist(),
            "hired_on": iso_dates(staff.hired),
            "left_on": iso_dates(staff.left),
            "promoted_on": iso_dates(staff.promoted),
        }
    )
