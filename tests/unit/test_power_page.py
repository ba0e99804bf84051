"""The power of a plan as it is shown; hidden where it would tell of a small group."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from small_company import make_params, small_company

from revmentor import figures
from revmentor.disclosure import Disclosed
from revmentor.disclosure.power import DisclosedPower, disclose_power, power_curve
from revmentor.matching import Problem
from revmentor.params.models import Charter
from revmentor.planning import charter_power, pairs_planned
from revmentor.planning.pairs import places


def charter(*criteria: tuple[str, float | None, float | None]) -> Charter:
    success = [
        {"criterion": f"c{k}", "metric": metric, "baseline": baseline, "target": target}
        for k, (metric, baseline, target) in enumerate(criteria)
    ]
    return Charter.model_validate({"kind": "culture", "success": success})


def shown(found: Charter, pairs: int, minimum: int = 5) -> DisclosedPower:
    curves = tuple(
        power_curve(
            item.criterion,
            each.n,
            each.of,
            "70% to 90%",
            power=each.power,
            needed=each.needed,
            points=each.curve,
        )
        for item, each in zip(found.success, charter_power(found, pairs), strict=True)
    )
    return disclose_power(pairs, curves, minimum)


def test_places_are_those_of_the_match(tmp_path: Path) -> None:
    company = small_company(tmp_path)
    company.change("applications.csv", "00004,mentor,1,", "00004,both,,")
    company.change("applications.csv", "00002,mentee,,", "00002,mentee,3,")
    over = {"matching": {"capacity": {"mentor": 2, "mentee": 1, "most": 4}}}
    tables, params = company.load(over), make_params(over)
    problem = Problem.from_tables(tables.people, tables.applications, params)
    found = places(tables.applications, params.matching.capacity)
    assert found == {
        "mentor": sum(problem.mentors.places),
        "mentee": sum(problem.mentees.places),
    }
    assert found == {"mentor": 4, "mentee": 5}
    assert pairs_planned(tables.applications, params.matching.capacity) == 4
    assert pairs_planned(tables.applications, params.matching.capacity, 40) == 40


def test_people_of_a_pair_count_twice_and_events_of_a_pair_once() -> None:
    found = charter_power(
        charter(
            ("first_meeting_share", 0.7, 0.9),
            ("senior_cancellation_share", 0.3, 0.1),
            ("response_rate", 0.6, 0.8),
            ("across_sites", None, 0.5),
        ),
        60,
    )
    assert [(each.n, each.of) for each in found] == [
        (60, "pairs"),
        (60, "pairs"),
        (120, "people"),
        (60, "pairs"),
    ]
    assert "counted" in found[3].reason


def test_a_small_plan_is_not_told() -> None:
    found = shown(charter(("first_meeting_share", 0.7, 0.9)), 4)
    assert found.pairs is None
    assert found.curves == ()
    assert "fewer than 5 pairs" in figures.power_curves(found).alt.lower()
    with pytest.raises(ValidationError):
        DisclosedPower(minimum=5, pairs=4, curves=())


def test_a_curve_survives_its_file_and_never_claims_certainty() -> None:
    found = shown(charter(("first_meeting_share", 0.7, 0.9)), 400)
    assert Disclosed.from_json(found.to_json()) == found
    assert found.curves[0].power == 0.999


@pytest.mark.parametrize(
    ("pairs", "title"),
    [
        (200, "200 pairs are enough to tell both targets from where the figures stand today"),
        (100, "100 pairs are enough to tell one of two targets from where the figures stand today"),
        (10, "10 pairs are too few to see any of the targets reliably"),
    ],
)
def test_the_title_is_the_finding(pairs: int, title: str) -> None:
    two = charter(("first_meeting_share", 0.7, 0.9), ("retention", 0.9, 0.95))
    plot = figures.power_curves(shown(two, pairs))
    assert plot.title == title
    assert "C0, 70% to 90%" in plot.alt


def test_without_a_baseline_there_is_no_curve_but_a_reason() -> None:
    plot = figures.power_curves(shown(charter(("across_sites", None, 0.9)), 100))
    assert plot.title == "Power is not computed"
