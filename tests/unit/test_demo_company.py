"""The demo company hangs together, whatever its size and seed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from revmentor.data.demo import PLANTED_NONE, company, write_tables
from revmentor.data.demo.tree import LARGEST_SPAN, SMALLEST_SPAN, department_sizes
from revmentor.data.demo.words import GRADES, SITES, SKILLS
from revmentor.errors import InputError

START = dt.date(2026, 3, 2)


@pytest.fixture(scope="module", params=[(40, 7), (95, 1), (600, 7), (3000, 2)], ids=str)
def tables(request: pytest.FixtureRequest) -> dict[str, pd.DataFrame]:
    people, seed = request.param
    return company(people, seed, START)


@pytest.fixture(scope="module")
def usual() -> dict[str, pd.DataFrame]:
    return company(600, 7, START)


def rank(people: pd.DataFrame) -> pd.Series:
    return people.set_index("person_id").grade.map(GRADES.index)


def items(cells: pd.Series) -> list[list[str]]:
    return [[item for item in cell.split(";") if item] for cell in cells]


def lines_above(people: pd.DataFrame) -> dict[str, list[str]]:
    boss = dict(zip(people.person_id, people.manager_id, strict=True))
    above: dict[str, list[str]] = {}
    for person in boss:
        line, at = [], boss[person]
        while at:
            assert at not in line, "a loop in the reporting lines"
            line.append(at)
            at = boss[at]
        above[person] = line
    return above


def may_meet(people: pd.DataFrame, mentor: str, mentee: str, above: dict[str, list[str]]) -> bool:
    grade = rank(people)
    same_manager = above[mentor][:1] == above[mentee][:1] and above[mentor][:1] != []
    in_line = mentor in above[mentee] or mentee in above[mentor]
    return bool(grade[mentor] < grade[mentee] and not in_line and not same_manager)


def test_tree_has_one_head_no_loop_and_spans_in_range(tables: dict[str, pd.DataFrame]) -> None:
    people = tables["people"]
    assert (people.manager_id == "").sum() == 1
    assert people.person_id.is_unique
    assert set(people.manager_id) - {""} <= set(people.person_id)
    lines_above(people)
    spans = people.manager_id[people.manager_id != ""].value_counts()
    assert spans.between(SMALLEST_SPAN, LARGEST_SPAN).all()


def test_nobody_reports_to_a_lower_grade(tables: dict[str, pd.DataFrame]) -> None:
    people = tables["people"]
    grade = rank(people)
    below = people[people.manager_id != ""]
    boss, own = grade.loc[below.manager_id].to_numpy(), grade.loc[below.person_id].to_numpy()
    leads = below.person_id.isin(set(people.manager_id)).to_numpy()
    assert (boss >= own).all()
    assert (boss[~leads] > own[~leads]).all()
    assert (boss >= GRADES.index("Manager")).all()


def test_lines_grow_with_size() -> None:
    depth = [
        max(map(len, lines_above(company(people, 3, START)["people"]).values()))
        for people in (40, 600, 20_000)
    ]
    assert depth == sorted(set(depth))


@pytest.mark.parametrize("people", [40, 41, 77, 149, 150, 151, 600, 99_999, 100_000])
def test_departments_add_up_to_the_company(people: int) -> None:
    sizes = department_sizes(people)
    assert sum(sizes) == people - 1
    assert min(sizes) > SMALLEST_SPAN


def test_dates_are_in_order(tables: dict[str, pd.DataFrame]) -> None:
    people = tables["people"].replace("", None)
    hired, promoted, left = (
        pd.to_datetime(people[name]) for name in ("hired_on", "promoted_on", "left_on")
    )
    assert hired.notna().all()
    assert (hired < pd.Timestamp(START)).all()
    assert (promoted.dropna() > hired[promoted.notna()]).all()
    assert (left.dropna() > hired[left.notna()]).all()
    assert (left.dropna() < pd.Timestamp(START)).all()
    assert left.notna().sum() >= 2
    assert not set(people.person_id[left.notna()]) & set(people.manager_id)
    age = hired.dt.year - people.birth_year.astype("float")
    assert age.min() >= 17


def test_generations_overlap(usual: dict[str, pd.DataFrame]) -> None:
    people = usual["people"]
    born = pd.to_numeric(people.birth_year)
    middle = born.groupby(people.grade).median().loc[list(GRADES)]
    assert middle.is_monotonic_decreasing
    young_senior = born[people.grade.isin(GRADES[3:])].max()
    old_junior = born[people.grade.isin(GRADES[:3])].min()
    assert young_senior > old_junior + 15


def test_addresses_lead_nowhere_and_are_unique(usual: dict[str, pd.DataFrame]) -> None:
    people = usual["people"]
    assert people.email.str.fullmatch(r"[a-z0-9.\-]+@example\.com").all()
    assert people.email.is_unique
    assert people.name.duplicated().any()
    assert people.name.str.contains("'").any()
    assert people.name.str.contains("-").any()
    assert (~people.name.map(str.isascii)).any()


def test_sites_have_their_time_zones(usual: dict[str, pd.DataFrame]) -> None:
    people = usual["people"]
    zones = {site.name: {site.zone, ""} for site in SITES}
    pairs = people[["site", "time_zone"]].drop_duplicates().itertuples(index=False)
    assert all(pair.time_zone in zones[pair.site] for pair in pairs)
    assert set(people.site) == set(zones)


def test_applicants_are_on_the_roster_once(tables: dict[str, pd.DataFrame]) -> None:
    people, applications = tables["people"], tables["applications"]
    assert applications.person_id.is_unique
    assert set(applications.person_id) <= set(people.person_id)
    left = people.set_index("person_id").left_on.loc[applications.person_id].to_numpy()
    assert all(on == "" or on > day for on, day in zip(left, applications.applied_on, strict=True))
    hired = people.set_index("person_id").hired_on.loc[applications.person_id].to_numpy()
    assert (hired < applications.applied_on.to_numpy()).all()
    assert (left != "").sum() >= 1
    assert applications.applied_on.between("2026-01-05", "2026-01-30").all()


def test_sides_fill_as_in_a_real_programme(usual: dict[str, pd.DataFrame]) -> None:
    side = usual["applications"].side.value_counts()
    assert 150 <= side["mentor"] + side["both"] <= 190
    assert 110 <= side["mentee"] + side["both"] <= 170
    grade = rank(usual["people"]).loc[usual["applications"].person_id].to_numpy()
    seen = pd.Series(grade).groupby(usual["applications"].side.to_numpy()).mean()
    assert seen["mentor"] < seen["both"] < seen["mentee"]


def test_somebody_has_no_possible_partner(tables: dict[str, pd.DataFrame]) -> None:
    mentees = tables["applications"].person_id[tables["applications"].side == "mentee"]
    assert (rank(tables["people"]).loc[mentees] == 0).any()


@pytest.mark.parametrize("seed", range(6))
def test_some_skills_are_short_and_some_nobody_wants(seed: int) -> None:
    applications = company(600, seed, START)["applications"]
    places, wants = Counter[str](), Counter[str]()
    for row in applications.itertuples(index=False):
        for skill in str(row.skills_offered).lower().split(";"):
            places[skill] += int(row.capacity or 1)
        wants.update(str(row.skills_wanted).lower().split(";"))
    names = [skill.name.lower() for skill in SKILLS]
    short = [name for name in names if wants[name] > places[name]]
    assert 3 <= len(short) <= 7
    assert wants["generative ai"] > places["generative ai"]
    assert sum(places[name] > 0 and wants[name] == 0 for name in names) >= 2


def test_forms_stay_in_their_scales(tables: dict[str, pd.DataFrame]) -> None:
    applications = tables["applications"]
    readiness = applications.filter(regex="_[12]$")
    assert readiness.shape[1] == 10
    for column in [*readiness, "extraversion"]:
        assert applications[column].isin(["", *"12345"]).all()
    assert applications.capacity.isin(["", "1", "2", "3"]).all()
    known = {skill.name.lower() for skill in SKILLS}
    for cells in (applications.skills_offered, applications.skills_wanted):
        assert {item.lower() for row in items(cells) for item in row} <= known
    offers = applications.skills_offered != ""
    assert (applications.side[offers] != "mentee").all()


def test_blank_fields_are_few_but_there(usual: dict[str, pd.DataFrame]) -> None:
    for table, column in (
        ("people", "birth_year"),
        ("people", "languages"),
        ("people", "time_zone"),
        ("applications", "interests"),
        ("applications", "extraversion"),
        ("applications", "compassion_1"),
    ):
        blank = (usual[table][column] == "").mean()
        assert 0 < blank < 0.08, column


def test_wishes_are_for_people_one_may_meet(tables: dict[str, pd.DataFrame]) -> None:
    people, applications = tables["people"], tables["applications"]
    above = lines_above(people)
    form = applications.set_index("person_id")
    here = people.set_index("person_id").left_on == ""
    history = {frozenset(pair) for pair in tables["history"][["mentor_id", "mentee_id"]].to_numpy()}
    wished: set[frozenset[str]] = set()
    vetoed: set[frozenset[str]] = set()
    for asker, wishes, vetoes, side in form[["wishes", "vetoes", "side"]].itertuples():
        chosen = items(pd.Series([wishes, vetoes]))
        assert len(chosen[0]) == len(set(chosen[0])) <= 3
        wished |= {frozenset((asker, other)) for other in chosen[0]}
        vetoed |= {frozenset((asker, other)) for other in chosen[1]}
        for other in chosen[0] + chosen[1]:
            mentor, mentee = (asker, other) if side == "mentor" else (other, asker)
            assert form.side[mentor] != "mentee"
            assert form.side[mentee] != "mentor"
            assert may_meet(people, mentor, mentee, above)
            assert here[other]
            assert frozenset((asker, other)) not in history
    assert wished
    assert not wished & vetoed


def test_decisions_obey_rules_and_capacity(tables: dict[str, pd.DataFrame]) -> None:
    people, decisions = tables["people"], tables["decisions"]
    form = tables["applications"].set_index("person_id")
    above = lines_above(people)
    assert set(decisions.decision) == {"require", "forbid"}
    named = pd.concat([decisions.mentor_id, decisions.mentee_id])
    assert named.is_unique
    for row in decisions.itertuples(index=False):
        assert may_meet(people, row.mentor_id, row.mentee_id, above)
        assert form.side[row.mentor_id] == "mentor"
        assert form.side[row.mentee_id] == "mentee"
        assert row.mentee_id not in form.vetoes[row.mentor_id]
        assert row.mentor_id not in form.vetoes[row.mentee_id]
        assert "2026-01-30" < row.on < "2026-03-02"
        assert row.by
        assert row.reason


def test_history_pairs_are_possible(tables: dict[str, pd.DataFrame]) -> None:
    people, history = tables["people"], tables["history"]
    above = lines_above(people)
    here = set(people.person_id[people.left_on == ""])
    assert sorted(set(history.cycle)) == ["2024-spring", "2025-spring"]
    pairs = [frozenset(pair) for pair in history[["mentor_id", "mentee_id"]].to_numpy()]
    assert len(pairs) == len(set(pairs))
    for row in history.itertuples(index=False):
        assert {row.mentor_id, row.mentee_id} <= here
        assert may_meet(people, row.mentor_id, row.mentee_id, above)
    for _, cycle in history.groupby("cycle"):
        assert cycle.mentor_id.is_unique
        assert cycle.mentee_id.is_unique
    assert history.ended.isin(["completed", "early"]).all()
    assert history.rating_mentor.isin(["", *"12345"]).all()
    assert history.rating_mentee.isin(["", *"12345"]).all()


def rating_slopes(tables: dict[str, pd.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
    """Least squares of the mentee's rating on skill fit and different departments, with SEs."""
    form = tables["applications"].set_index("person_id")
    people = tables["people"].set_index("person_id")
    history = tables["history"]
    seen = history[
        history.mentor_id.isin(form.index[form.side != "mentee"])
        & history.mentee_id.isin(form.index[form.side != "mentor"])
        & (history.rating_mentee != "")
    ]
    offered = items(form.skills_offered.loc[seen.mentor_id].str.lower())
    wanted = items(form.skills_wanted.loc[seen.mentee_id].str.lower())
    fit = [len(set(o) & set(w)) / max(len(w), 1) for o, w in zip(offered, wanted, strict=True)]
    departments = (
        people.department.loc[ids].to_numpy() for ids in (seen.mentor_id, seen.mentee_id)
    )
    one, other = departments
    design = np.column_stack([np.ones(len(seen)), fit, one != other]).astype(float)
    rating = seen.rating_mentee.astype(float).to_numpy()
    slopes, residual, *_ = np.linalg.lstsq(design, rating)
    spread = residual[0] / (len(seen) - 3) * np.linalg.inv(design.T @ design)
    return slopes[1:], np.sqrt(np.diag(spread))[1:]


def test_ratings_carry_the_planted_slopes() -> None:
    slopes, errors = rating_slopes(company(20_000, 5, START))
    assert np.abs(slopes - [1.2, 0.5]).max() < 4 * errors.max()
    assert errors.max() < 0.1


def test_ratings_without_planted_effects_are_flat() -> None:
    slopes, errors = rating_slopes(company(20_000, 5, START, planted=PLANTED_NONE))
    assert (np.abs(slopes) < 4 * errors).all()


def test_a_hundred_thousand_people(tmp_path: Path) -> None:
    tables = company(100_000, 7, START)
    assert len(tables["people"]) == 100_000
    assert tables["people"].person_id.is_unique
    side = tables["applications"].side.value_counts()
    assert 5_000 <= side["mentor"] + side["both"] <= 8_000
    assert 5_000 <= side["mentee"] + side["both"] <= 8_000
    files = write_tables(tables, tmp_path)
    assert [file.name for file in files] == [
        "applications.csv",
        "decisions.csv",
        "history.csv",
        "people.csv",
    ]
    assert len((tmp_path / "people.csv").read_bytes().splitlines()) == 100_001


@pytest.mark.parametrize(("people", "seed"), [(39, 7), (100_001, 7), (600, -1)])
def test_impossible_sizes_are_refused_with_the_range(people: int, seed: int) -> None:
    with pytest.raises(InputError, match="To fix"):
        company(people, seed, START)
