"""The review tables of the demo company hang together and carry the planted effects."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from demo_months import END, PROGRAMME, START

from revmentor.data.demo import (
    PLANTED,
    PLANTED_NONE,
    Planted,
    company,
    review_tables,
    write_tables,
)
from revmentor.data.demo.voices import AWKWARD
from revmentor.data.demo.words import CREATIVITY_ITEMS, GRADES, LEADERSHIP_ITEMS, MODULES
from revmentor.data.demo.write import KEYS
from revmentor.errors import InputError

Tables = dict[str, pd.DataFrame]


def simple_pairs(tables: Tables) -> pd.DataFrame:
    """The n-th mentor with the n-th mentee; enough for tables that follow a matching."""
    form = tables["applications"].merge(tables["people"], on="person_id")
    form = form[form.left_on == ""]
    mentors, mentees = (form.person_id[form.side == side].tolist() for side in ("mentor", "mentee"))
    few = min(len(mentors), len(mentees))
    return pd.DataFrame({"mentor_id": mentors[:few], "mentee_id": mentees[:few], "score": 0.5})


@pytest.fixture(scope="module", params=[40, 600])
def usual(request: pytest.FixtureRequest) -> tuple[Tables, pd.DataFrame, Tables]:
    tables = company(request.param, 7, START)
    pairs = simple_pairs(tables)
    return tables, pairs, review_tables(tables, pairs, 7, PROGRAMME)


@pytest.fixture(scope="module")
def large_company() -> Tables:
    return company(100_000, 7, START)


@pytest.fixture(scope="module")
def planted(large_company: Tables) -> Tables:
    return review_tables(large_company, simple_pairs(large_company), 7, PROGRAMME)


@pytest.fixture(scope="module")
def flat(large_company: Tables) -> Tables:
    pairs = simple_pairs(large_company)
    return review_tables(large_company, pairs, 7, PROGRAMME, planted=PLANTED_NONE)


def near(values: np.ndarray | pd.Series, size: float) -> bool:
    """Is the mean within four standard errors of this size?"""
    values = np.asarray(values, dtype=float)
    return bool(abs(values.mean() - size) < 4 * values.std(ddof=1) / len(values) ** 0.5)


def changes(answers: pd.DataFrame, keys: list[str], items: list[str]) -> pd.Series:
    """After minus before of the mean of the items, for those who answered both."""
    numbers = answers[items].apply(pd.to_numeric).mean(axis=1)
    wide = (
        numbers.groupby([*(answers[key] for key in keys), answers["when"]]).mean().unstack("when")
    )
    return (wide["after"] - wide["before"]).dropna()


def wave_changes(pulse: pd.DataFrame, side: pd.Series, principle: str) -> pd.Series:
    """Last wave minus first wave of a principle, for those of the side who answered both."""
    seen = pulse[pulse.set_index(["person_id", "partner_id"]).index.isin(side)]
    level = seen[[f"{principle}_1", f"{principle}_2"]].apply(pd.to_numeric).mean(axis=1)
    wide = level.groupby([seen.person_id, seen.partner_id, seen.wave]).mean().unstack("wave")
    return (wide["day150"] - wide["day30"]).dropna()


def members(pairs: pd.DataFrame) -> set[str]:
    return set(pairs.mentor_id) | set(pairs.mentee_id)


def test_every_table_is_text_with_a_key(usual: tuple[Tables, pd.DataFrame, Tables]) -> None:
    tables, _, review = usual
    assert set(review) | set(tables) == set(KEYS)
    for name, rows in {**tables, **review}.items():
        assert not rows.duplicated(list(KEYS[name])).any(), name
        assert all(isinstance(kind, pd.StringDtype) for kind in rows.dtypes), name
        assert rows.notna().all(axis=None), name
        assert len(rows) > 0, name


def test_only_known_people_and_pairs_appear(usual: tuple[Tables, pd.DataFrame, Tables]) -> None:
    tables, pairs, review = usual
    couples = set(pairs[["mentor_id", "mentee_id"]].itertuples(index=False, name=None))
    for name in ("sessions", "goals"):
        seen = review[name][["mentor_id", "mentee_id"]].itertuples(index=False, name=None)
        assert set(seen) <= couples, name
    either = couples | {(mentee, mentor) for mentor, mentee in couples}
    pulse = review["pulse"][["person_id", "partner_id"]].itertuples(index=False, name=None)
    assert set(pulse) <= either
    assert set(review["training"].person_id) == members(pairs)
    assert set(review["leadership"].person_id) <= set(pairs.mentor_id)
    assert set(review["skills"].person_id) <= set(pairs.mentee_id)
    assert set(review["creativity"].person_id) <= members(pairs)
    ties = review["ties"]
    here = set(tables["people"].person_id[tables["people"].left_on == ""])
    assert set(ties.person_id) | set(ties.other_id) <= here
    assert (ties.person_id != ties.other_id).all()
    assert set(review["outcomes"].person_id) == here


def test_nothing_happens_outside_the_cycle_or_after_somebody_left(
    usual: tuple[Tables, pd.DataFrame, Tables],
) -> None:
    _, _, review = usual
    left = review["outcomes"].set_index("person_id").left_on.replace("", "9999-12-31")
    for name in ("sessions", "goals", "pulse"):
        rows = review[name]
        assert rows.on.between(START.isoformat(), END.isoformat()).all(), name
        one, other = ("person_id", "partner_id") if name == "pulse" else ("mentor_id", "mentee_id")
        assert (rows.on.to_numpy() < left.loc[rows[one]].to_numpy()).all(), name
        assert (rows.on.to_numpy() < left.loc[rows[other]].to_numpy()).all(), name
    gone = set(left.index[left < "9999"])
    for name in ("skills", "leadership", "creativity", "ties"):
        rows = review[name]
        assert not set(rows.person_id[rows["when"] == "after"]) & gone, name
    moved = review["outcomes"].replace("", None)
    for column in ("left_on", "promoted_on"):
        assert moved[column].dropna().between("2026-03-03", END.isoformat()).all()


def test_values_stay_in_their_scales(planted: Tables, flat: Tables) -> None:
    for review in (planted, flat):
        for name, items in (
            ("pulse", [column for column in review["pulse"] if column[-2:] in {"_1", "_2"}]),
            ("leadership", list(LEADERSHIP_ITEMS)),
            ("creativity", list(CREATIVITY_ITEMS)),
            ("skills", ["level"]),
        ):
            answers = review[name][items]
            assert answers.isin(["", *"12345"]).all(axis=None), name
            assert (answers == "").to_numpy().mean() < 0.03, name
        assert review["training"].module.isin(MODULES).all()
        goals = review["goals"][["baseline", "target", "current"]].apply(pd.to_numeric)
        assert (goals.target > goals.baseline).all()
        assert (goals.current >= 0).all()


def test_waves_follow_the_check_ins(usual: tuple[Tables, pd.DataFrame, Tables]) -> None:
    _, _, review = usual
    assert set(review["pulse"].wave) == {"day30", "day60", "day90", "day120", "day150"}
    day = (pd.to_datetime(review["pulse"].on) - pd.Timestamp(START)).dt.days
    late = day - review["pulse"].wave.str[3:].astype(int)
    assert late.between(0, 8).all()


def test_meetings_are_on_workdays_and_minutes_are_of_held_ones(planted: Tables) -> None:
    sessions = planted["sessions"]
    assert (pd.to_datetime(sessions.on).dt.day_of_week < 5).all()
    assert ((sessions.minutes != "") == (sessions.status == "held")).all()
    minutes = pd.to_numeric(sessions.minutes)
    assert minutes.dropna().between(30, 60).all()
    assert (sessions.topic == "").any()


def test_pairs_in_trouble_are_there(large_company: Tables, planted: Tables) -> None:
    pairs = simple_pairs(large_company)
    sessions = planted["sessions"].sort_values(["mentor_id", "mentee_id", "on"])
    met = sessions[sessions.status == "held"].groupby(["mentor_id", "mentee_id"]).on
    silent = 1 - met.ngroups / len(pairs)
    assert 0.03 < silent < 0.07
    first = (pd.to_datetime(met.first()) - pd.Timestamp(START)).dt.days
    assert 0.08 < (first > 30).mean() < 0.25
    cancelled = sessions.status == "cancelled_by_mentee"
    again = cancelled & cancelled.groupby([sessions.mentor_id, sessions.mentee_id]).shift(
        fill_value=False
    )
    assert again.groupby([sessions.mentor_id, sessions.mentee_id]).any().mean() > 0.05
    assert (planted["pulse"].support_needed != "").mean() > 0.05
    partner = planted["pulse"].set_index(["person_id", "partner_id", "wave"]).respect_1
    ours = pd.to_numeric(partner).rename("mentor").reset_index()
    theirs = ours.rename(
        columns={"person_id": "partner_id", "partner_id": "person_id", "mentor": "mentee"}
    )
    both = ours.merge(theirs, on=["person_id", "partner_id", "wave"])
    both = both[both.person_id.isin(set(pairs.mentor_id))]
    assert 0.02 < (both.mentee - both.mentor >= 2).mean() < 0.2


def test_comments_exercise_whoever_shows_them(planted: Tables) -> None:
    comments = set(planted["pulse"].comment)
    assert set(AWKWARD) <= comments
    assert {text[0] for text in AWKWARD} >= set("<=+@[")
    assert 0.08 < (planted["pulse"].comment != "").mean() < 0.2


def test_fading_pairs_answer_less(planted: Tables) -> None:
    waves = planted["pulse"].wave.value_counts()
    assert waves["day30"] > waves["day90"] > waves["day150"] > 0.5 * waves["day30"]


@pytest.mark.parametrize("effects", [PLANTED, PLANTED_NONE], ids=["planted", "none"])
def test_gains_are_as_planted(request: pytest.FixtureRequest, effects: Planted) -> None:
    review: Tables = request.getfixturevalue("planted" if effects is PLANTED else "flat")
    sizes = effects.sizes()
    assert near(changes(review["skills"], ["person_id", "skill"], ["level"]), sizes["skill_gain"])
    for name, items, size in (
        ("leadership", LEADERSHIP_ITEMS, sizes["leadership_gain"]),
        ("creativity", CREATIVITY_ITEMS, 0.0),
    ):
        assert near(changes(review[name], ["person_id"], list(items)), size), name
        for item in items:
            assert near(changes(review[name], ["person_id"], [item]), size), item


@pytest.mark.parametrize("name", ["planted", "flat"])
def test_pulse_moves_as_planted(
    request: pytest.FixtureRequest, name: str, large_company: Tables
) -> None:
    review: Tables = request.getfixturevalue(name)
    sizes = (PLANTED if name == "planted" else PLANTED_NONE).sizes()
    pairs = simple_pairs(large_company)
    mentors = pd.MultiIndex.from_frame(pairs[["mentor_id", "mentee_id"]])
    mentees = pd.MultiIndex.from_frame(pairs[["mentee_id", "mentor_id"]])
    for principle in ("compassion", "respect", "transparency", "willingness"):
        rises = principle in {"transparency", "willingness"}
        assert near(wave_changes(review["pulse"], mentors, principle), 0.0), principle
        expected = sizes["pulse_change"] if rises else 0.0
        assert near(wave_changes(review["pulse"], mentees, principle), expected), principle
    commitment = wave_changes(review["pulse"], mentees, "commitment")
    if name == "planted":
        assert commitment.mean() < -0.05
    else:
        assert near(commitment, 0.0)


@pytest.mark.parametrize("name", ["planted", "flat"])
def test_goals_are_attained_as_planted(request: pytest.FixtureRequest, name: str) -> None:
    goals = request.getfixturevalue(name)["goals"]
    last = goals[goals.on >= "2026-08-21"]
    numbers = last[["baseline", "target", "current"]].apply(pd.to_numeric)
    attained = (numbers.current - numbers.baseline) / (numbers.target - numbers.baseline)
    size = (PLANTED if name == "planted" else PLANTED_NONE).goal_attainment.size
    assert near(attained, size)
    assert (attained > 1).any() == (name == "planted")


@pytest.mark.parametrize("effects", [PLANTED, PLANTED_NONE], ids=["planted", "none"])
def test_executives_cancel_as_planted(effects: Planted, large_company: Tables) -> None:
    people = large_company["people"]
    here = people[people.left_on == ""].set_index("grade").person_id
    top, middle = here["Executive"].tolist(), here["Manager"].tolist()[:400]
    pairs = pd.DataFrame({"mentee_id": top * 8 + middle})
    pairs["mentor_id"] = here["Associate"].tolist()[: len(pairs)]
    sessions = review_tables(large_company, pairs, 3, PROGRAMME, planted=effects)["sessions"]
    keeps = sessions.groupby(["mentor_id", "mentee_id"]).on.transform("size") >= 12
    rows = sessions[keeps & (sessions.on < "2026-05-15")]
    executive = rows.mentee_id.isin(top).to_numpy()
    cancelled = (rows.status == "cancelled_by_mentee").to_numpy()
    ours, others = cancelled[executive], cancelled[~executive]
    error = (ours.var() / len(ours) + others.var() / len(others)) ** 0.5
    assert error < 0.02
    assert abs(ours.mean() - others.mean() - effects.executive_cancels.size) < 4 * error


@pytest.mark.parametrize("name", ["planted", "flat"])
def test_bridging_ties_are_as_planted(
    request: pytest.FixtureRequest, name: str, large_company: Tables
) -> None:
    ties = request.getfixturevalue(name)["ties"]
    inside = members(simple_pairs(large_company))
    department = large_company["people"].set_index("person_id").department
    before = ties[ties["when"] == "before"].set_index(["person_id", "other_id"]).index
    after = ties[ties["when"] == "after"]
    new = ~after.set_index(["person_id", "other_id"]).index.isin(before)
    away = department.loc[after.person_id].to_numpy() != department.loc[after.other_id].to_numpy()
    per_person = pd.Series(new & away).groupby(after.person_id.to_numpy()).sum()
    part = per_person.index.isin(inside)
    ours, others = per_person[part], per_person[~part]
    size = (PLANTED if name == "planted" else PLANTED_NONE).bridging_ties.size
    error = (ours.var() / len(ours) + others.var() / len(others)) ** 0.5
    assert abs(ours.mean() - others.mean() - size) < 4 * error


def risk_differences(
    tables: Tables, outcomes: pd.DataFrame, column: str, strata: list[str]
) -> tuple[float, float, float]:
    """Naive and stratified difference (participants' weights) in a share, and the latter's SE."""
    people = tables["people"].set_index("person_id").loc[outcomes.person_id]
    tenure = (pd.Timestamp(START) - pd.to_datetime(people.hired_on)).dt.days / 365
    promoted = pd.to_datetime(people.promoted_on.replace("", None))
    frame = pd.DataFrame(
        {
            "event": (outcomes[column] != "").to_numpy(),
            "part": people.index.isin(members(simple_pairs(tables))),
            "tenure": np.searchsorted([2, 6], tenure, side="right"),
            "recent": (promoted >= pd.Timestamp(START) - pd.Timedelta(days=730)).to_numpy(),
            "grade": people.grade.map(GRADES.index).to_numpy(),
        }
    )
    share = frame.groupby("part").event.mean()
    cells = frame.groupby([*strata, "part"]).event.agg(["mean", "var", "size"]).unstack("part")
    cells = cells.dropna()
    weight = cells["size"][True] / cells["size"][True].sum()
    difference = (weight * (cells["mean"][True] - cells["mean"][False])).sum()
    variance = sum(cells["var"][side] / cells["size"][side] for side in (True, False))
    return share[True] - share[False], difference, float((weight**2 * variance).sum() ** 0.5)


@pytest.mark.parametrize("name", ["planted", "flat"])
def test_retention_is_as_planted_and_overstated_without_strata(
    request: pytest.FixtureRequest, name: str, large_company: Tables
) -> None:
    outcomes = request.getfixturevalue(name)["outcomes"]
    naive, adjusted, error = risk_differences(
        large_company, outcomes, "left_on", ["tenure", "recent"]
    )
    size = (PLANTED if name == "planted" else PLANTED_NONE).retention.size
    assert abs(adjusted - size) < 4 * error
    assert error < 0.005
    assert naive < size - 2 * error


@pytest.mark.parametrize("name", ["planted", "flat"])
def test_promotion_has_no_effect(
    request: pytest.FixtureRequest, name: str, large_company: Tables
) -> None:
    outcomes = request.getfixturevalue(name)["outcomes"]
    _, adjusted, error = risk_differences(
        large_company, outcomes, "promoted_on", ["grade", "recent"]
    )
    assert abs(adjusted) < 4 * error


def test_a_scale_hangs_together(planted: Tables) -> None:
    for name, items in (("leadership", LEADERSHIP_ITEMS), ("creativity", CREATIVITY_ITEMS)):
        before = planted[name][planted[name]["when"] == "before"]
        answers = before[list(items)].apply(pd.to_numeric).dropna()
        k, total = len(items), answers.sum(axis=1).var()
        alpha = k / (k - 1) * (1 - answers.var().sum() / total)
        assert 0.7 < alpha < 0.95, name


def test_order_of_rows_has_no_say(tmp_path: Path) -> None:
    tables = company(150, 5, START)
    pairs = simple_pairs(tables)
    rng = np.random.default_rng(1)

    def shuffled(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.iloc[rng.permutation(len(rows))]

    first = write_tables(review_tables(tables, pairs, 5, PROGRAMME), tmp_path / "first")
    again = review_tables(
        {name: shuffled(rows) for name, rows in reversed(tables.items())},
        shuffled(pairs),
        5,
        PROGRAMME,
    )
    files = write_tables({name: shuffled(rows) for name, rows in again.items()}, tmp_path / "again")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in files]


@pytest.mark.parametrize(
    ("days", "every", "meetings"), [(14, 30, 14), (45, 7, 1), (366, 30, 7), (70, 90, 40)]
)
def test_other_rhythms_work(days: int, every: int, meetings: int) -> None:
    programme = PROGRAMME.model_copy(
        update={
            "end": START + dt.timedelta(days=days),
            "check_in_every_days": every,
            "meeting_every_days": meetings,
            "training_from": dt.date(2026, 2, 9),
            "first_meeting_within_days": min(days, 10),
        }
    )
    tables = company(200, 1, START)
    review = review_tables(tables, simple_pairs(tables), 1, programme)
    last = programme.end.isoformat()
    for name in ("sessions", "goals", "pulse"):
        assert len(review[name]) > 0, name
        assert review[name].on.between(START.isoformat(), last).all(), name
    assert review["training"].on.replace("", None).dropna().min() == "2026-02-09"


def test_no_pairs_give_empty_tables_but_outcomes() -> None:
    tables = company(60, 1, START)
    review = review_tables(tables, simple_pairs(tables).iloc[:0], 1, PROGRAMME)
    filled = {name for name, rows in review.items() if len(rows)}
    assert filled == {"outcomes"}
    assert list(review["sessions"].columns) == [
        "mentor_id",
        "mentee_id",
        "on",
        "status",
        "minutes",
        "topic",
    ]


def test_pairs_of_another_company_are_refused() -> None:
    tables = company(60, 1, START)
    pairs = simple_pairs(tables)
    strange = pd.concat([pairs, pairs.iloc[:1], pairs.iloc[:1].assign(mentee_id="E99999")])
    with pytest.raises(InputError) as caught:
        review_tables(tables, strange, 1, PROGRAMME)
    assert [fault.value for fault in caught.value.faults] == ["1", "1"]
    assert "E99999" not in str(caught.value)
