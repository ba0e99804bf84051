"""What step 2 says: whom to recruit, what helps who is not ready, and who had access."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matching_cases import company_of_skills
from review_cases import Cycle, html_of
from small_company import make_params

from revmentor import figures
from revmentor.cycle.shown import Shown
from revmentor.cycle.steps.access import Access
from revmentor.cycle.steps.here import Here
from revmentor.cycle.steps.ready import Ready
from revmentor.cycle.steps.recruits import RECRUITING, Recruits
from revmentor.disclosure import DisclosedCounts
from revmentor.publish.workspace import Workspace


def told(shown: Shown) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html_of(shown)))


def test_whom_to_recruit_is_said_in_numbers_that_may_be_told() -> None:
    six = Recruits(company_of_skills(["SQL"] * 7 + ["Go"], ["SQL", "Go"]), make_params())
    found = six.found()[RECRUITING]
    assert isinstance(found, DisclosedCounts)
    said = "Six more mentors who know SQL would place six more mentees."
    assert six.advice(found) == [said]
    assert six.advice(None) == ["A few more mentors who know SQL would place some more mentees."]
    two = Recruits(company_of_skills(["SQL"] * 3 + ["Go"], ["SQL", "Go"]), make_params())
    assert RECRUITING not in two.found(), "two people are fewer than may be told"
    few = "A few more mentors who know SQL would place fewer than 5 more mentees."
    assert two.advice(None) == [few]


@pytest.fixture
def low(cycle: Cycle) -> Ready:
    """Two applicants have answered low on compassion, all others high on everything."""
    applied = cycle.table("applications")
    items = [name for name in applied if name[-2:] in ("_1", "_2")]
    assert len(items) == 10
    steps = np.random.default_rng(5).integers(4, 6, (len(applied), 1)).repeat(len(items), axis=1)
    applied[items] = steps.astype("str")
    applied.loc[applied.index[[3, 8]], ["compassion_1", "compassion_2"]] = "1"
    cycle.put("applications", applied)
    context = cycle.context("02_participants")
    return Ready(context.tables, context.params)


def test_who_is_low_is_told_by_name_with_what_helps(low: Ready, tmp_path: Path) -> None:
    applied = low.tables.applications.iloc[[3, 8]]
    (path,) = low.write(Workspace(tmp_path))
    rows = pd.read_parquet(path)
    assert set(rows["person_id"]) == set(applied["person_id"])
    assert set(rows["principle"]) == {"compassion"}
    assert rows["name"].notna().all()
    assert rows["what_to_do"].str.contains("giving and receiving feedback").all()
    page = told(low.shown(low.found()["readiness"]))
    assert "Compassion" in page
    assert "Offer the training on giving and receiving feedback." in page
    assert "restricted/readiness.csv" in page


def groups(women: int, men: int) -> pd.DataFrame:
    sizes = {"woman": women, "man": men}
    rows = [(f"{name}{n}", name) for name, many in sizes.items() for n in range(many)]
    frame = pd.DataFrame(rows, columns=["person_id", "gender"])
    return frame.assign(birth_year=pd.array([1990] * len(frame), dtype="Int64"), department="A")


def test_the_audit_tells_rates_and_ratios_of_each_step(tmp_path: Path) -> None:
    people = groups(100, 100)
    ids = {
        "applied": {f"woman{n}" for n in range(60)} | {f"man{n}" for n in range(80)},
        "placed": {f"woman{n}" for n in range(45)} | {f"man{n}" for n in range(40)},
        "able": {f"woman{n}" for n in range(30)} | {f"man{n}" for n in range(40)},
    }
    applied = pd.DataFrame({"person_id": sorted(ids["applied"]), "side": "mentor"})
    audit = Access(people, applied, frozenset(ids["placed"]), frozenset(ids["able"]), 5)
    (path,) = audit.write(Workspace(tmp_path))
    rows = pd.read_parquet(path).set_index(["step", "group"])
    rates = {key: (row["chosen"], row["people"]) for key, row in rows.iterrows()}
    assert rates == {
        ("applied", "woman"): (60, 100), ("applied", "man"): (80, 100),
        ("has a place", "woman"): (45, 60), ("has a place", "man"): (40, 80),
        ("has an eligible partner", "woman"): (30, 45),
        ("has an eligible partner", "man"): (40, 40),
    }  # fmt: skip
    assert rows.loc[("applied", "woman"), "impact_ratio"] == pytest.approx(0.75)
    assert rows.loc[("has a place", "man"), "impact_ratio"] == pytest.approx((40 / 80) / (45 / 60))
    found = {by: audit.found()[f"access-{by}"] for by in audit.groupings}
    assert set(found) == {"gender"}, "one generation is compared with nothing"
    page = told(audit.shown(found))
    for part in ("60% (", "80% (", "0.75 (", "75% (", "50% (", "0.67 ("):
        assert part in page, part


def test_who_is_too_few_to_compare_is_said_once_and_written_for_the_coordinator(
    tmp_path: Path,
) -> None:
    people = groups(16, 12).drop(columns="gender")
    people["grade"] = ["junior"] * 14 + ["senior"] * 14
    people["department"] = ["Sales"] * 24 + ["Law"] * 4
    people["generation"] = "Millennials"
    applied = pd.DataFrame({"person_id": people["person_id"].iloc[[0, 1, 2, 14, 27]]})
    here = Here(people, applied.assign(side=["mentor"] * 3 + ["mentee"] * 2), 5)
    assert here.groupings == ("department", "grade")
    shown = here.shown({by: here.found()[f"composition-{by}"] for by in here.groupings})
    assert not [part for part in shown.parts if isinstance(part, figures.Plot)]
    page = " ".join(told(shown).split())
    assert "Mentors and mentees are not compared by department and grade" in page
    assert "restricted/composition.csv has every number." in page
    assert "The company by grade: junior 50%; senior 50%." in page
    assert "The company by department" not in page, "one group is everybody"
    (path,) = here.write(Workspace(tmp_path))
    assert path.parent.name == "restricted"
    rows = pd.read_csv(path, encoding="utf-8-sig").set_index(["by", "group"])
    assert rows.loc[("department", "Law"), ["mentees", "company"]].tolist() == [1, 4]
    assert rows.loc[("grade", "junior"), "mentors"] == 3
    many = Here(people, applied.assign(side="mentor"), 1)
    drawn = many.shown({"grade": many.found()["composition-grade"]})
    assert [type(part) for part in drawn.parts] == [figures.Plot]
