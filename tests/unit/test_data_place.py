"""How places were given stands in the applications: by lottery, on a waitlist, or not at all."""

from pathlib import Path

import pytest
from small_company import APPLICATIONS, Company, small_company


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return small_company(tmp_path)


def with_places(*places: str) -> str:
    """The applications with a further column."""
    rows = zip(APPLICATIONS.splitlines(), ["place", *places], strict=True)
    return "".join(f"{row},{place}\n" for row, place in rows)


def test_places_are_read_as_they_stand(company: Company) -> None:
    company.write("applications.csv", with_places("drawn", "not drawn", "waitlist", ""))
    place = company.load().applications["place"]
    assert place.tolist()[:3] == ["drawn", "not drawn", "waitlist"]
    assert place.isna().tolist() == [False, False, False, True]


def test_without_the_column_nobody_has_a_place(company: Company) -> None:
    assert company.load().applications["place"].isna().all()


def test_another_word_is_refused_with_the_words_there_are(company: Company) -> None:
    company.write("applications.csv", with_places("drawn", "won", "", ""))
    fault = company.fault()
    assert (fault.row, fault.column) == (3, "place")
    assert all(word in str(fault) for word in ("drawn", "not drawn", "waitlist"))
