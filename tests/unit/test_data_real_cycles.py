"""Do the two real cycles come in as their owners count them?"""

from __future__ import annotations

from pathlib import Path

import pytest

from revmentor.data import Tables, load_tables
from revmentor.params import load_params

pytestmark = pytest.mark.real
REPOSITORY = Path(__file__).parents[2]
REAL_DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="module")
def survey() -> Tables:
    return load_tables(load_params("stackoverflow-2019", root=REPOSITORY).params, REAL_DATA)


@pytest.fixture(scope="module")
def attrition() -> Tables:
    return load_tables(load_params("ibm-attrition", root=REPOSITORY).params, REAL_DATA)


def test_the_survey_keeps_who_tells_age_country_and_languages(survey: Tables) -> None:
    report = survey.report.table("people")
    assert (report.rows_read, report.rows_used) == (20_000, 17_057)
    assert sum(exclusion.n for exclusion in report.excluded) == 2_943
    assert any("column 2 (B), all empty" in note for note in report.notes)


def test_the_survey_has_its_juniors_and_seniors(survey: Tables) -> None:
    sides = survey.applications["side"].value_counts().to_dict()
    assert sides == {"mentor": 10_277, "mentee": 1_244}
    ranks = survey.people["grade_rank"].value_counts().to_dict()
    assert ranks == {0: 10_277, 1: 5_536, 2: 1_244}
    known = survey.people.set_index("person_id")["grade"]
    mentors = survey.applications.loc[survey.applications["side"] == "mentor", "person_id"]
    assert known[mentors].eq("junior").all()


def test_impossible_ages_cost_the_birth_year_only(survey: Tables) -> None:
    people = survey.people
    unknown = people["birth_year"].isna()
    assert people.loc[unknown, "Age"].value_counts().to_dict() == {
        "1": 4,
        "99": 3,
        "3": 1,
        "97": 1,
    }
    assert people.loc[unknown, "generation"].isna().all()
    assert len(survey.report.warnings) == 9
    fractions = people[people["Age"] == "14.1"]
    assert fractions["birth_year"].tolist() == [2005]


def test_the_surveys_texts_are_whole(survey: Tables) -> None:
    people = survey.people
    reasons = set(people["ResumeUpdate"].dropna())
    assert "Something else changed (education, award, media, etc.)" in reasons
    assert not any("\ufffd" in country for country in people["site"])
    languages = {skill for skills in survey.applications["skills_offered"] for skill in skills}
    assert {"C#", "Bash/Shell/PowerShell", "Other(s):"} <= languages
    assert "NA" not in languages
    assert len(languages) == 28


def test_the_attrition_set_has_levels_and_no_skills(attrition: Tables) -> None:
    assert len(attrition.people) == 1_470
    assert attrition.people["grade_rank"].min() == 1
    assert attrition.people["grade_rank"].max() == 5
    assert attrition.applications["side"].value_counts().to_dict() == {
        "mentor": 543,
        "mentee": 175,
    }
    assert not attrition.applications["skills_wanted"].map(len).any()
    assert attrition.people["birth_year"].between(2015 - 60, 2015 - 18).all()
    assert attrition.people["Attrition"].value_counts().to_dict() == {"No": 1_233, "Yes": 237}
    assert attrition.report.warnings == ()
