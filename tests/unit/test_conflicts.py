"""Each conflict of a design, and the same design without it; hours against meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from small_company import make_params

from revmentor.params.models import Params
from revmentor.planning.capacity import plan_capacity, shared_out
from revmentor.planning.closed import closed_on, holidays_between, in_words
from revmentor.planning.conflict import Conflict
from revmentor.planning.conflicts import find_conflicts
from revmentor.planning.pairs import pairs_planned
from revmentor.planning.timeline import check_ins, first_meeting_by, hours_per_pair, meetings
from revmentor.planning.waves import waves_of

# 12 January 2026 is a Monday, 10 July a Friday; 30 days after the start each: no weekend of these.
PROGRAMME = {
    "start": "2026-01-12",
    "end": "2026-07-10",
    "sign_up_until": "2025-12-12",
    "promotion_from": "2025-11-03",
}


def params(**over: Any) -> Params:
    return make_params({**over, "programme": PROGRAMME | over.get("programme", {})})


def company(sites: tuple[str, ...] = ("Munich", "Leeds"), each: int = 6) -> pd.DataFrame:
    return pd.DataFrame(
        {"person_id": [f"P{k}" for k in range(each * len(sites))], "site": [*sites] * each}
    )


def applied(mentors: int = 10, mentees: int = 10, **columns: Any) -> pd.DataFrame:
    n = mentors + mentees
    frame = pd.DataFrame(
        {
            "person_id": [f"P{k}" for k in range(n)],
            "side": ["mentor"] * mentors + ["mentee"] * mentees,
            "capacity": [None] * n,
            "hours_per_month": [4.0] * n,
            "waves": [()] * n,
            "skills_offered": [("SQL",)] * mentors + [()] * mentees,
            "skills_wanted": [()] * mentors + [("SQL",)] * mentees,
        }
    )
    return frame.assign(**columns)


def conflicts(
    found: Params, applications: pd.DataFrame | None = None, people: pd.DataFrame | None = None
) -> dict[str, list[Conflict]]:
    applications = applied() if applications is None else applications
    planned = pairs_planned(applications, found.matching.capacity, found.programme.pairs_planned)
    plan = plan_capacity(applications, found, planned)
    kinds: dict[str, list[Conflict]] = {}
    for each in find_conflicts(found, company() if people is None else people, applications, plan):
        kinds.setdefault(each.kind, []).append(each)
    return kinds


def waves(*dates: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    return {"waves": [{"name": n, "start": s, "end": e, **more} for n, s, e in dates]}


TWO = (("one", "2026-01-12", "2026-04-10"), ("two", "2026-04-13", "2026-07-10"))


def module(due: str | None) -> dict[str, Any]:
    return {"training": [{"module": "Feedback", "minutes": 30, "due": due}]}


def told(*days: str) -> dict[str, Any]:
    return {"promotion": {"plan": [{"on": day, "channel": "Intranet"} for day in days]}}


def judged(metric: str, due: str) -> dict[str, Any]:
    criterion = {"criterion": "Done", "metric": metric, "target": 0.9, "due": due}
    return {"charter": {"kind": "culture", "success": [criterion]}}


def test_a_design_may_have_no_conflict() -> None:
    assert conflicts(params()) == {}


# kind, a design that has it, the same without it, where it is told, what it says
CASES: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    (
        "start before sign-up ends",
        {"programme": {"sign_up_until": "2026-01-12"}},
        {"programme": {"sign_up_until": "2026-01-11"}},
        "programme.start",
        "sign-up is open until 12 January 2026",
    ),
    (
        "promotion too late",
        {"programme": {"promotion_from": "2025-11-29"}},
        {"programme": {"promotion_from": "2025-11-28"}},
        "programme.promotion_from",
        "13 days before sign-up ends",
    ),
    (
        "promotion too late",
        {"programme": {"promotion_from": None}, "design": told("2025-12-01")},
        {"programme": {"promotion_from": None}, "design": told("2025-11-03", "2025-12-11")},
        "design.promotion.plan",
        "11 days before sign-up ends",
    ),
    (
        "promotion too late",
        {"programme": {"promotion_from": "2025-11-03"}, "design": told("2025-12-01")},
        {"programme": {"promotion_from": "2025-11-03"}, "design": told("2025-11-28")},
        "design.promotion.plan",
        "11 days before sign-up ends",
    ),
    (
        "announced too late",
        {"design": told("2025-11-03", "2025-12-15")},
        {"design": told("2025-11-03", "2025-12-12")},
        "design.promotion.plan[#2].on",
        "Intranet of 15 December 2025",
    ),
    (
        "two starts of promotion",
        {"design": told("2025-11-10", "2025-11-17")},
        {"design": told("2025-11-03", "2025-11-17")},
        "programme.promotion_from",
        "announced from 3 November 2025 on, as everybody reads, and the first message goes out on "
        "10 November 2025",
    ),
    (
        "two starts of promotion",
        {"design": told("2025-10-27")},
        {"programme": {"promotion_from": None}, "design": told("2025-10-27")},
        "programme.promotion_from",
        "the first message goes out on 27 October 2025",
    ),
    (
        "judged before it can be",
        judged("first_meeting_share", "2026-02-10"),
        judged("first_meeting_share", "2026-02-11"),
        "charter.success[#1].due",
        "“Done” is due on 10 February 2026, and the cycle has until 11 February 2026 to meet first",
    ),
    (
        "judged before it can be",
        {"design": waves(*TWO)} | judged("first_meeting_share", "2026-02-11"),
        {"design": waves(*TWO)} | judged("first_meeting_share", "2026-05-13"),
        "charter.success[#1].due",
        "and wave two has until 13 May 2026 to meet first",
    ),
    (
        "judged before it can be",
        {"design": waves(*TWO)} | judged("response_rate", "2026-04-10"),
        {"design": waves(*TWO)} | judged("across_sites", "2026-01-12"),
        "charter.success[#1].due",
        "“Done” is due on 10 April 2026, and wave two starts on 13 April 2026",
    ),
    (
        "training after the start",
        {"design": module("2026-01-12")},
        {"design": module(None)},
        "design.training[#1].due",
        "“Feedback” is due on 12 January 2026, and the cycle starts on 12 January 2026",
    ),
    (
        "training after the start",
        {"design": waves(*TWO) | module("2026-03-12")},
        {"design": waves(*TWO) | module("2026-01-09")},
        "design.training[#1].due",
        "and wave one starts on 12 January 2026",
    ),
    (
        "training before it opens",
        {"programme": {"training_from": "2026-01-08"}, "design": module("2026-01-07")},
        {"programme": {"training_from": "2026-01-07"}, "design": module("2026-01-07")},
        "design.training[#1].due",
        "before training opens on 8 January 2026",
    ),
    (
        "end before a check-in",
        {"design": waves(("one", "2026-01-12", "2026-02-10"))},
        {"design": waves(("one", "2026-01-12", "2026-02-11"))},
        "programme.check_in_every_days",
        "Wave one ends on 10 February 2026, before its first check-in 30 days",
    ),
    (
        "review before the end",
        {"programme": {"review_on": "2026-07-09"}},
        {"programme": {"review_on": "2026-07-10"}},
        "programme.review_on",
        "The review on 9 July 2026",
    ),
    (
        "day off",
        {"programme": {"start": "2026-01-10", "check_in_every_days": 31}},
        {"programme": {"start": "2026-01-12", "check_in_every_days": 30}},
        "programme.start",
        "The start of the cycle on Saturday, 10 January 2026, is no working day: weekend",
    ),
    (
        "day off",
        {"programme": {"review_on": "2026-08-15"}},
        {"programme": {"review_on": "2026-08-14"}},
        "programme.review_on",
        "weekend",
    ),
    (
        "day off",
        {"programme": {"promotion_from": "2025-11-02"}},
        {"programme": {"promotion_from": "2025-11-03"}},
        "programme.promotion_from",
        "The start of promotion on Sunday, 2 November 2025, is no working day: weekend",
    ),
    (
        "day off",
        {"design": told("2025-11-03", "2025-12-06")},
        {"design": told("2025-11-03", "2025-12-05")},
        "design.promotion.plan[#2].on",
        "The message for “Intranet” on Saturday, 6 December 2025, is no working day: weekend",
    ),
    (
        "site without a country",
        {"design": {"countries": {"Munich": "DE-BY"}}},
        {"design": {"countries": {"Munich": "DE-BY"}, "country": "GB-ENG"}},
        "design.countries",
        "The public holidays of Leeds are not known",
    ),
    (
        "site that nobody has",
        {"design": {"country": "DE", "countries": {"Munic": "DE-BY", "Leeds": "GB-ENG"}}},
        {"design": {"country": "DE", "countries": {" munich": "DE-BY", "Leeds": "GB-ENG"}}},
        "design.countries",
        "Nobody is at the site Munic",
    ),
    (
        "more pairs than the waves hold",
        {"design": waves(*TWO, at_most=4)},
        {"design": waves(*TWO, at_most=5)},
        "design.waves",
        "More pairs are planned than all waves together hold",
    ),
    (
        "more pairs than places",
        {"programme": {"pairs_planned": 11}},
        {"programme": {"pairs_planned": 10}},
        "programme.pairs_planned",
        "than the mentors in scope have places for",
    ),
    (
        "waves count somebody twice",
        {"design": waves(TWO[0], ("two", "2026-04-10", "2026-07-10"), at_most=8)},
        {"design": waves(*TWO, at_most=8)},
        "design.waves",
        "The waves one and two both run from 10 April 2026",
    ),
    (
        "more pairs than hours",
        {"programme": {"meeting_minutes": 90}},  # three meetings in June: 4.5 hours
        {"programme": {"meeting_minutes": 80}},
        "applications.hours_per_month",
        "the mentors' hours do not last",
    ),
]


@pytest.mark.parametrize(("kind", "wrong", "right", "where", "said"), CASES)
def test_each_conflict_is_found_and_gone_when_it_is_cured(
    kind: str, wrong: dict[str, Any], right: dict[str, Any], where: str, said: str
) -> None:
    found = conflicts(params(**wrong))[kind]
    assert where in [each.where for each in found]
    assert any(said in each.what for each in found), found
    assert all(each.cure and each.value for each in found)
    assert kind not in conflicts(params(**right))


def test_a_holiday_names_the_sites_that_are_closed() -> None:
    design = {"countries": {"Munich": "DE-BY", "Leeds": "GB-ENG"}}
    found = conflicts(params(design=design, programme={"review_on": "2026-08-31"}))
    (review,) = found["day off"]
    assert review.what.endswith("is no working day: Late Summer Bank Holiday in Leeds")


def test_the_cure_for_a_day_off_is_a_day_on_which_these_sites_work() -> None:
    # 2 April 2026 is a Thursday: Good Friday, a weekend and Easter Monday follow in both countries;
    # in Bavaria, Epiphany falls on a Tuesday.
    both = {"Munich": "DE-BY", "Leeds": "GB-ENG"}
    found = conflicts(params(design={"countries": both}, programme={"check_in_every_days": 81}))
    (check_in,) = found["day off"]
    assert check_in.cure == (
        "ask everybody on Tuesday, 7 April 2026, when they work again, or change "
        "programme.check_in_every_days"
    )
    design = {"countries": both, **module("2026-01-06")}
    started = {"start": "2026-01-06", "sign_up_until": None, "check_in_every_days": 64}
    where = {each.where: each.cure for each in conflicts(params(design=design))["day off"]}
    assert where["design.training[#1].due"] == (
        "change design.training[#1].due to 2026-01-05, a Monday, the last day before on which all "
        "sites work"
    )
    found = conflicts(params(design={"countries": both}, programme=started))
    where = {each.where: each.cure for each in found["day off"]}
    assert where["programme.start"] == (
        "change programme.start to 2026-01-07, a Wednesday, the next day on which all sites work"
    )
    # Ascension, 14 May 2026: a holiday in Munich alone.
    ascension = params(design={"countries": both}, programme={"check_in_every_days": 122})
    (check_in,) = conflicts(ascension)["day off"]
    assert check_in.cure.startswith("ask the people in Munich on Friday, 15 May 2026, when they")


def test_a_misspelt_site_is_told_with_the_nearest_that_has_no_country() -> None:
    design = {"country": "DE", "countries": {"Munic": "DE-BY", "Leeds": "GB-ENG"}}
    (found,) = conflicts(params(design=design))["site that nobody has"]
    assert found.cure == "write Munich, if that is what is meant"
    (found,) = conflicts(params(design={"country": "DE", "countries": {"Lima": "PE"}}))[found.kind]
    assert found.cure == "write the site as people.site has it, or take it out"
    # A small site is not named on a page that is forwarded.
    few = pd.concat([company(), pd.DataFrame({"person_id": ["X"], "site": ["Oslo"]})])
    design = {"countries": {"Osl": "NO", "Munich": "DE", "Leeds": "GB-ENG"}}
    (found,) = conflicts(params(design=design), people=few)[found.kind]
    assert "Oslo" not in str(found)
    # A list of all sites of a company does no harm where each of these has its country.
    design = {"countries": {"Lima": "PE", "Munich": "DE", "Leeds": "GB-ENG"}}
    assert found.kind not in conflicts(params(design=design))


def test_check_ins_and_training_on_a_holiday_are_told() -> None:
    design = {"country": "DE-BY", **module("2026-01-06")}
    found = conflicts(params(design=design, programme={"check_in_every_days": 81}))["day off"]
    assert [each.where for each in found] == [
        "design.training[#1].due",
        "programme.check_in_every_days",
    ]
    assert "Epiphany" in found[0].what
    assert "Check-in 1 on Friday, 3 April 2026, is no working day: Good Friday" in found[1].what


def test_a_day_that_asks_nothing_of_anybody_may_be_a_day_off() -> None:
    ends = {"sign_up_from": "2025-11-08", "sign_up_until": "2025-12-14", "end": "2026-07-12"}
    assert "day off" not in conflicts(params(programme=ends))


def test_a_small_site_is_not_named() -> None:
    people = pd.concat([company(), pd.DataFrame({"person_id": ["X"], "site": ["Oslo"]})])
    found = params(design={"countries": {"Oslo": "NO", "Munich": "DE", "Leeds": "GB-ENG"}})
    day = dt.date(2026, 5, 14)  # Ascension: in Norway and Germany
    reasons = closed_on(found, people, [day])[day]
    assert reasons == {"Ascension Day": ["Munich", "small sites"]}
    assert "Oslo" not in in_words(reasons)
    assert day in holidays_between(found, people, day, day)


def test_a_side_without_anybody_is_told() -> None:
    found = conflicts(params(), applied(mentors=0))
    assert [each.value for each in found["nobody on a side"]] == ["mentor"]


def test_a_wanted_skill_that_no_mentor_offers_is_told_by_name_where_enough_want_it() -> None:
    many = applied()
    many["skills_wanted"] = [()] * 10 + [("SQL", "Podcasts")] * 6 + [("Poetry",)] * 4
    (found,) = conflicts(params(), many)["skill that nobody offers"]
    assert found.what.endswith("what mentees want: Podcasts")
    assert found.value == "Podcasts, Poetry"
    assert found.of_people
    many["skills_wanted"] = [()] * 10 + [("Poetry",)] * 4 + [("SQL",)] * 6
    (found,) = conflicts(params(), many)["skill that nobody offers"]
    assert "Poetry" not in found.what
    assert "skill that nobody offers" not in conflicts(params(), applied())


def test_a_skill_that_only_mentees_offer_is_offered_by_no_mentor() -> None:
    frame = applied()
    frame["skills_offered"] = [()] * 10 + [("SQL",)] * 10
    assert "skill that nobody offers" in conflicts(params(), frame)


def test_hours_due_follow_meetings_waves_and_preparation() -> None:
    found = params(
        design=waves(*TWO) | {"capacity": {"preparation_minutes": {"mentor": 15, "mentee": 0}}},
        programme={"meeting_minutes": 45, "meeting_every_days": 14},
    )
    plan = plan_capacity(applied(), found, 10)
    one, two = plan.waves
    assert (one.pairs, two.pairs, plan.at_once) == (5, 5, 5)
    assert one.meetings == meetings(found.programme, one.wave)
    assert one.hours == {"mentor": len(one.meetings), "mentee": len(one.meetings) * 0.75}
    by_month = plan.months.set_index("month")
    april = sum(5 for wave in plan.waves for day in wave.meetings if day.month == 4)
    assert by_month.loc[dt.date(2026, 4, 1), "meetings"] == april
    assert by_month.loc[dt.date(2026, 4, 1), "mentor"] == april
    assert by_month["meetings"].sum() == 5 * (len(one.meetings) + len(two.meetings))


def test_the_busiest_month_says_how_many_pairs_the_hours_last_for() -> None:
    found = params(programme={"meeting_minutes": 60})
    frame = applied(hours_per_month=[2.0] * 10 + [4.0] * 10)
    plan = plan_capacity(frame, found, 10)
    # June has three meetings: ten mentors with two hours each last for six pairs.
    assert plan.months["mentor"].max() == 30
    assert (plan.lasts_for("mentor"), plan.short("mentor")) == (6, 10.0)
    assert (plan.lasts_for("mentee"), plan.short("mentee")) == (13, 0.0)


def test_who_names_no_hours_has_the_usual_ones_and_both_sides_share_theirs() -> None:
    frame = applied(2, 1, hours_per_month=[None, 6.0, None], side=["mentor", "both", "mentee"])
    plan = plan_capacity(frame, params(), 1)
    assert plan.given["mentor"].to_dict() == {"P0": 0.0, "P1": 3.0}
    usual = params(design={"capacity": {"usual_hours": {"mentor": 2.0, "mentee": 1.0}}})
    plan = plan_capacity(frame, usual, 1)
    assert plan.given["mentor"].to_dict() == {"P0": 2.0, "P1": 3.0}
    assert plan.given["mentee"].to_dict() == {"P1": 3.0, "P2": 1.0}


def test_hours_that_nobody_gave_are_not_short() -> None:
    plan = plan_capacity(applied(hours_per_month=[None] * 20), params(), 10)
    assert plan.lasts_for("mentor") is None
    assert plan.short("mentor") == 0
    assert "more pairs than hours" not in conflicts(params(), applied(hours_per_month=[None] * 20))


def test_planned_pairs_are_shared_out_as_even_as_the_limits_allow() -> None:
    found = waves_of(params(design={"waves": [{"name": "a", "at_most": 2}, {"name": "b"}]}))
    assert shared_out(found, 9) == (2, 7)
    assert shared_out(found[:1], 9) == (2,)
    assert shared_out(found, 0) == (0, 0)


def test_every_date_of_a_pair_follows_its_wave() -> None:
    found = params(design={"waves": [{"name": "a"}, {"name": "b", "start": "2026-04-13",
                                                     "meeting_every_days": 7}]})  # fmt: skip
    first, second = waves_of(found)
    assert meetings(found.programme, first) == meetings(found.programme)
    assert meetings(found.programme, second)[:2] == (dt.date(2026, 4, 13), dt.date(2026, 4, 20))
    assert check_ins(found.programme, second)[0] == dt.date(2026, 5, 13)
    assert first_meeting_by(found.programme, second) == dt.date(2026, 5, 13)
    assert hours_per_pair(found.programme, second) == 13 * 0.75
