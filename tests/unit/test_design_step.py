"""The design as the first notebook shows it: hours, dates, conflicts, and what stays hidden."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_company import Company, make_params

from revmentor import figures
from revmentor.cycle.check import conflicts_of
from revmentor.cycle.steps.designing import HOURS, MONTHS, DesignPart
from revmentor.cycle.steps.planned import Plan
from revmentor.cycle.steps.review.evidence import in_waves
from revmentor.data import Tables
from revmentor.disclosure import DisclosedEstimates, attack, disclose_hours, secure
from revmentor.figures.hours import hours_title
from revmentor.figures.phases import timeline
from revmentor.matching import Problem, solve
from revmentor.params.models import Params
from revmentor.planning import charter_document, pairs_planned, promised
from revmentor.planning.capacity import plan_capacity
from revmentor.planning.designed import offered, plan_events, scope_lines
from revmentor.planning.promise import changes
from revmentor.planning.timeline import check_ins, first_meeting_by, meetings
from revmentor.planning.waves import wave_named, waves_of

HEAD = "person_id,side,capacity,skills_offered,skills_wanted,hours_per_month,waves\n"
WAVES = [
    {"name": "spring", "end": "2026-04-10", "at_most": 3},
    {"name": "summer", "start": "2026-04-13", "meeting_every_days": 7},
]


def company(folder: Path, mentors: int = 12, mentees: int = 12) -> Company:
    """So many juniors and seniors of two sites, each with four hours a month."""
    found = Company(folder)
    n = mentors + mentees
    people = ["person_id,grade,department,site,name"]
    people += [
        f"{k:05},{'junior' if k < mentors else 'senior'},D{k % 3},{('Leeds', 'Oslo')[k % 2]},N{k}"
        for k in range(n)
    ]
    found.write("people.csv", "\n".join(people) + "\n")
    rows = [
        f"{k:05},{'mentor' if k < mentors else 'mentee'},,{'SQL' if k < mentors else ''},"
        f"{'' if k < mentors else 'SQL'},{k % 4 + 2},{'spring' if k == 0 else ''}"
        for k in range(n)
    ]
    found.write("applications.csv", HEAD + "\n".join(rows) + "\n")
    return found


def part(found: Company, over: dict[str, Any] | None = None) -> DesignPart:
    params, tables = make_params(over), found.load(over)
    pairs = planned(params, tables)
    return DesignPart(params, tables, pairs, Plan.of(pairs, params.disclosure.minimum_group))


def planned(params: Params, tables: Tables) -> int:
    return pairs_planned(
        tables.applications, params.matching.capacity, params.programme.pairs_planned
    )


def told(shown: Any) -> str:
    return "\n".join(repr(each) for each in shown.parts)


def test_hours_say_what_circles_ask_beside_the_pairs(tmp_path: Path) -> None:
    found = company(tmp_path)
    hours = [
        told(step.hours(disclose_hours(step.told, 5)[0], disclose_hours(step.capacity, 5)[1]))
        for step in (part(found), part(found, {"circles": {"on": True}}))
    ]
    assert ["Circles are not counted here" in each for each in hours] == [False, True]


def test_hours_are_told_of_everybody_who_applied(tmp_path: Path) -> None:
    step = part(company(tmp_path))
    found = step.found()
    estimates = found[HOURS]
    assert isinstance(estimates, DisclosedEstimates)
    mentor = estimates.get("mentor")
    assert mentor is not None
    assert (mentor.n, mentor.value) == (12, 3.5)
    plot = step.hours(step.due()[MONTHS], estimates).parts[0]
    assert plot.title == (
        "The hours last: those of mentors for 18 pairs and those of mentees for 18 pairs; "
        "12 are planned"
    )
    assert "Mentors: 27 hours due in the busiest month, 42 given" in plot.alt


def test_hours_that_do_not_last_are_the_finding(tmp_path: Path) -> None:
    step = part(company(tmp_path), {"programme": {"meeting_minutes": 90}})
    due, given = disclose_hours(step.capacity, 5)
    title = hours_title(due, given, step.planned)
    assert title.startswith("Mentors are short by 12 hours in ")
    assert "theirs last for 9 of 12 pairs" in title
    assert "more pairs than hours" in {each.kind for each in step.conflicts}


def test_hours_of_a_small_side_are_hidden(tmp_path: Path) -> None:
    step = part(company(tmp_path, mentors=4), {"programme": {"pairs_planned": 12}})
    estimates = step.found()[HOURS]
    assert isinstance(estimates, DisclosedEstimates)
    assert estimates.get("mentor").state == "small group"  # type: ignore[union-attr]
    text = told(step.hours(step.due()[MONTHS], estimates))
    assert "14" not in text  # what the four mentors give together
    assert "A mentor gives" not in text
    assert "A mentee gives" in text


def test_few_planned_pairs_show_no_hours_at_all(tmp_path: Path) -> None:
    step = part(company(tmp_path, mentors=4))
    assert step.found() == step.due() == step.members() == {}
    assert told(step.hours(None, None)) == "Fewer than 5 pairs are planned."
    assert "fewer than 5 pairs" in told(step.design())


def test_nobody_said_how_many_hours_they_have(tmp_path: Path) -> None:
    there = company(tmp_path)
    text = (there.folder / "applications.csv").read_text()
    there.write(
        "applications.csv",
        HEAD + "".join(f"{','.join(line.split(',')[:5])},,\n" for line in text.splitlines()[1:]),
    )
    step = part(there)
    found = step.found()
    plot = step.hours(step.due()[MONTHS], found[HOURS]).parts[0]
    assert plot.title == "Too few people said how many hours they have"


@pytest.mark.parametrize("mentors", [4, 5, 9, 30])
def test_the_attack_on_what_the_page_tells_finds_nobody(tmp_path: Path, mentors: int) -> None:
    step = part(company(tmp_path, mentors), {"programme": {"pairs_planned": 12}})
    secured = secure(step.found(), step.members(), 5)
    assert attack(secured.ledger, 5) == ()


def test_conflicts_on_the_page_count_nobody_and_the_check_does(tmp_path: Path) -> None:
    over = {"programme": {"pairs_planned": 13, "start": "2026-01-10"}}
    step = part(company(tmp_path), over)
    text = told(step.conflict_table())
    assert "Three conflicts" in text or "3 conflicts" in text
    assert "More pairs are planned than the mentors in scope have places for" in text
    assert "Public holidays were not looked at" in text
    assert "12" not in text.replace("to 2026-01-12, a Monday", "").replace("2026", "")
    found = conflicts_of(step.params, step.tables)
    assert found == step.conflicts
    assert any("12 places for 13 pairs" in str(each) for each in found)


def test_no_conflict_is_said(tmp_path: Path) -> None:
    over = {"design": {"countries": {"Leeds": "GB-ENG", "Oslo": "NO"}}}
    assert told(part(company(tmp_path), over).conflict_table()) == "No conflict in this design."


def test_the_timeline_tells_announcements_trainings_and_holidays(tmp_path: Path) -> None:
    over = {
        "programme": {"promotion_from": "2025-11-03", "sign_up_until": "2025-12-12",
                      "training_from": "2026-01-05"},
        "design": {
            "country": "GB-ENG",
            "training": [{"module": "Feedback", "minutes": 30, "due": "2026-01-09"}],
            "promotion": {"plan": [{"on": "2025-11-04", "channel": "Town hall"}]},
        },
    }  # fmt: skip
    plot = part(company(tmp_path), over).timeline().parts[0]
    assert plot.title.endswith("to 10 Jul 2026; no date falls on a day off")
    assert "Promotion: 3 Nov to 12 Dec: Town hall" in plot.alt
    assert "Training: 5 Jan to 11 Jan: due 9 Jan" in plot.alt
    # Christmas, Boxing Day, New Year, Good Friday, Easter Monday, two bank holidays of May.
    assert "public holidays: 7 days" in plot.alt


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"country": "NO"}, "no date falls on a day off"),
        ({"countries": {"Leeds": "GB-ENG"}}, "no date falls on a known day off"),
        ({"country": "NO", "countries": {"Leds": "GB-ENG"}}, "no date falls on a known day off"),
        ({}, "no date falls on a weekend"),
    ],
)
def test_the_timeline_promises_no_more_than_is_known_of_holidays(
    tmp_path: Path, design: dict[str, Any], said: str
) -> None:
    there = company(tmp_path)
    plot = part(there, {"design": design}).timeline().parts[0]
    assert plot.title.endswith(f"; {said}")
    late = part(there, {"design": design, "programme": {"review_on": "2026-08-15"}})
    assert late.timeline().parts[0].title.endswith(f"; {said.replace('no date', 'one date')}")


def test_one_conflict_is_spoken_of_as_one(tmp_path: Path) -> None:
    over = {"programme": {"review_on": "2026-08-15"}, "design": {"country": "NO"}}
    text = told(part(company(tmp_path), over).conflict_table())
    assert "One conflict in this design: settle it before anybody is invited" in text


def test_waves_have_rows_of_their_own() -> None:
    events = plan_events(make_params({"design": {"waves": WAVES}}))
    assert [e.name for e in events if e.row.startswith("Wave")] == ["Wave spring", "Wave summer"]
    alt = timeline(events).alt
    assert "Wave spring: 12 Jan to 10 Apr; " in alt
    assert "First meetings: 12 Jan to 13 May" in alt


def test_the_charter_says_until_when_the_pairs_of_each_wave_meet_first() -> None:
    params = make_params({"design": {"waves": WAVES}})
    document = charter_document(params.charter, params.programme, "Spring", waves=waves_of(params))
    dates = dict(document.dates)
    assert dates["First meetings of wave spring"] == "12 January 2026 to 11 February 2026"
    assert dates["First meetings of wave summer"] == "13 April 2026 to 13 May 2026"
    assert "First meetings" not in dates
    assert document.digest == charter_document(params.charter, params.programme, "Spring").digest


def test_a_real_match_gives_every_pair_the_dates_of_its_wave(tmp_path: Path) -> None:
    over = {"design": {"waves": WAVES}}
    there = company(tmp_path)
    params, tables = make_params(over), there.load(over)
    match = solve(Problem.from_tables(tables.people, tables.applications, params))
    pairs = match.pairs
    assert len(pairs) == 12
    assert set(pairs["wave"]) == {"spring", "summer"}
    assert (pairs["wave"] == "spring").sum() <= 3
    mine = pairs.loc[pairs["mentor_id"] == "00000", "wave"]
    assert mine.tolist() == ["spring"]  # free in no other
    days = in_waves(pairs, params)
    late = days.loc[days["wave"] == "summer"].iloc[0]
    wave = wave_named(params, late["wave"])
    assert late["begins"] == pd.Timestamp(wave.start) == pd.Timestamp("2026-04-13")
    assert late["ends"] == pd.Timestamp("2026-07-10")
    assert meetings(params.programme, wave)[:2] == (dt.date(2026, 4, 13), dt.date(2026, 4, 20))
    assert check_ins(params.programme, wave)[0] == dt.date(2026, 5, 13)
    assert first_meeting_by(params.programme, wave) == dt.date(2026, 5, 13)
    assert in_waves(pairs, make_params()) is pairs


def test_the_plan_of_the_waves_adds_up_to_the_pairs_of_the_cycle(tmp_path: Path) -> None:
    over = {"design": {"waves": WAVES}}
    params, tables = make_params(over), company(tmp_path).load(over)
    plan = plan_capacity(tables.applications, params, 12)
    assert [each.pairs for each in plan.waves] == [3, 9]
    assert (plan.planned, plan.at_once) == (12, 9)
    text = told(DesignPart(params, tables, 12, Plan.of(12, 5)).design())
    assert "12 pairs over the cycle, at most 9 at the same time" in text
    assert "at most 3 pairs" in text


def test_what_is_offered_belongs_to_the_promise() -> None:
    training = [{"module": "Feedback", "for": "mentor", "minutes": 30}]
    plain = make_params()
    params = make_params(
        {"design": {"waves": WAVES, "training": training, "incentives": ["A day off."]}}
    )
    found = offered(params.design, waves_of(params), params.programme)
    assert list(found) == ["waves", "training", "incentives"]
    document = charter_document(params.charter, params.programme, "Spring", offered=found)
    lines = dict(document.lines)
    assert lines["Training owed"] == "Feedback (mentors, 30 minutes, before the pair starts)"
    assert lines["Incentives"] == "A day off"
    assert offered(plain.design, waves_of(plain), plain.programme) == {}
    before = promised(plain.charter, plain.programme)
    assert before == promised(plain.charter, plain.programme, {})
    after = promised(params.charter, params.programme, found)
    assert "“A day off.” joined the incentives" in changes(before, after)
    assert document.digest != charter_document(plain.charter, plain.programme, "Spring").digest


def test_scope_is_told_in_words_and_counts_nobody() -> None:
    scope = make_params(
        {
            "design": {
                "scope": {
                    "departments": ["Sales"],
                    "sites": ["Leeds"],
                    "mentors": {"grades": ["junior"], "roles": ["Analyst", "Clerk"]},
                    "add": ["1", "2"],
                    "leave_out": ["3"],
                }
            }
        }
    ).design.scope
    assert scope_lines(scope) == (
        ("In scope", "whoever applies of Sales at Leeds"),
        ("Mentors", "job titles Analyst or Clerk; grades junior"),
        ("Individuals", "some come in by name; some stay out by name"),
    )


def test_a_figure_of_hours_takes_disclosed_values_only() -> None:
    with pytest.raises(TypeError, match="disclos"):
        figures.hours_by_month(pd.DataFrame(), pd.DataFrame(), 3)  # type: ignore[arg-type]
