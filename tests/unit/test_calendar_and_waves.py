"""Holidays of several countries against known dates, and the waves of a cycle."""

from __future__ import annotations

import datetime as dt
from typing import Any

import holidays
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from revmentor.params.design import Design
from revmentor.params.models import Params
from revmentor.paths import workbench_root
from revmentor.planning.calendar import country_of, day_off, holidays_of, is_working_day
from revmentor.planning.waves import Wave, wave_named, waves_of


def params(**changes: Any) -> Params:
    base = YAML(typ="safe").load(workbench_root() / "params" / "base.yaml")
    base["programme"] |= {"start": "2026-01-12", "end": "2026-07-10"}
    base["design"] |= changes.pop("design", {})
    base["matching"]["limits"]["waves"] = changes.pop("limits", [])
    return Params.model_validate(base)


def test_public_holidays_of_three_countries_are_the_known_ones() -> None:
    # The states' own lists for 2026: bmi.bund.de, gov.uk/bank-holidays, opm.gov.
    germany = {"01-01", "04-03", "04-06", "05-01", "05-14", "05-25", "10-03", "12-25", "12-26"}
    england = {"01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-26", "12-28"}
    states = {
        "01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "07-04", "09-07", "10-12", "11-11",
        "11-26", "12-25",
    }  # fmt: skip
    for country, known in (("DE", germany), ("GB-ENG", england), ("US", states)):
        assert {f"{day:%m-%d}" for day in holidays_of(country, [2026])} == known


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    corpus_christi = dt.date(2026, 6, 4)
    assert not is_working_day(corpus_christi, "DE-BY")
    assert is_working_day(corpus_christi, "DE-BE")


def test_weekends_are_those_of_the_country() -> None:
    friday, sunday = dt.date(2026, 2, 6), dt.date(2026, 2, 8)
    assert day_off(friday, "IL") == "weekend"
    assert is_working_day(sunday, "IL")
    assert day_off(sunday) == "weekend"
    assert is_working_day(friday)


def test_a_worked_sunday_is_a_working_day() -> None:
    assert is_working_day(dt.date(2026, 1, 4), "CN")


def test_years_are_given_in_order_of_time() -> None:
    days = list(holidays_of("DE", [2027, 2026]))
    assert days == sorted(days)
    assert {day.year for day in days} == {2026, 2027}


def test_a_site_has_its_own_country_or_the_cycle_s() -> None:
    design = Design(country="DE", countries={"Munich": "DE-BY"})
    assert country_of("munich ", design) == "DE-BY"
    assert country_of("Hamburg", design) == "DE"
    assert country_of(None, design) == "DE"
    assert country_of("Hamburg", Design()) is None


def test_a_cycle_without_waves_is_one_wave() -> None:
    assert waves_of(params()) == (Wave("", dt.date(2026, 1, 12), dt.date(2026, 7, 10), 14),)
    assert wave_named(params(), None).name == ""


def test_waves_have_their_own_dates_and_the_matching_goes_by_them() -> None:
    found = params(
        design={
            "waves": [
                {"name": "spring", "weeks": 12, "at_most": 9},
                {"name": "summer", "start": "2026-04-13", "meeting_every_days": 7},
            ]
        }
    )
    spring, summer = waves_of(found)
    assert (spring.start, spring.end) == (dt.date(2026, 1, 12), dt.date(2026, 4, 5))
    assert (summer.start, summer.end) == (dt.date(2026, 4, 13), dt.date(2026, 7, 10))
    assert (spring.meeting_every_days, summer.meeting_every_days) == (14, 7)
    limits = [(wave.name, wave.at_most) for wave in found.matching.limits.waves]
    assert limits == [("spring", 9), ("summer", None)]
    assert wave_named(found, "Summer") == summer
    assert summer.of(found.programme).start == summer.start
    with pytest.raises(LookupError, match="no wave 'autumn'"):
        wave_named(found, "autumn")


def test_the_matching_may_hold_fewer_pairs_of_the_same_waves() -> None:
    found = params(
        design={"waves": [{"name": "spring", "at_most": 9}]},
        limits=[{"name": "Spring", "at_most": 4}],
    )
    assert waves_of(found)[0].at_most == 4


def test_waves_that_only_the_matching_names_last_the_whole_cycle() -> None:
    (wave,) = waves_of(params(limits=[{"name": "one", "at_most": 3}]))
    assert (wave.name, wave.start, wave.at_most) == ("one", dt.date(2026, 1, 12), 3)


@pytest.mark.parametrize(
    ("design", "limits", "said"),
    [
        ({"waves": [{"name": "a"}, {"name": "A"}]}, [], "more than one is called 'A'"),
        ({"waves": [{"name": "a", "weeks": 99}]}, [], "ends on 2027-12-05, after the cycle"),
        ({"waves": [{"name": "a", "start": "2027-01-12"}]}, [], "starts on 2027-01-12"),
        ({"waves": [{"name": "a", "end": "2026-01-12"}]}, [], "not after its start"),
        ({"waves": [{"name": "a", "end": "2026-03-12", "weeks": 3}]}, [], "both end and weeks"),
        ({"waves": [{"name": "a"}]}, [{"name": "b"}], "are not those of design.waves"),
        ({"country": "XX"}, [], "does not know this country"),
        ({"country": "Germany"}, [], "no code of a country"),
        ({"countries": {"Munich": "DE-XY"}}, [], "DE has no part 'XY'"),
        ({"countries": {"Rome": "VA-RO"}}, [], "with holidays of its own; write VA alone"),
    ],
)
def test_waves_and_countries_that_cannot_be_are_refused(
    design: dict[str, Any], limits: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        params(design=design, limits=limits)


def test_each_country_that_the_library_of_holidays_supports_may_be_named() -> None:
    codes = [code for code in holidays.list_supported_countries() if len(code) == 2]
    assert {"DE", "UK"} < set(codes)
    params(design={"countries": {f"Site {code}": code for code in codes}})
