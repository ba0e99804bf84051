"""Who has a place where places are short, who waits, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError
from scipy import stats
from small_company import APPLICATIONS, make_params, small_company

from revmentor.errors import InputError
from revmentor.planning.application_score import application_scores
from revmentor.planning.enrolment import Selection, select, tickets
from revmentor.planning.places import Rules, give


def applicants(**columns: list[Any]) -> pd.DataFrame:
    """Applications with these columns; ids in order."""
    n = len(next(iter(columns.values())))
    frame = pd.DataFrame({"person_id": [f"P{k:03d}" for k in range(n)], **columns})
    return frame if "side" in frame else frame.assign(side="mentor")


def mentors(n: int, **columns: list[Any]) -> pd.DataFrame:
    return applicants(side=["mentor"] * n, **columns)


def chosen(applications: pd.DataFrame, decisions: pd.DataFrame | None = None, **asked: Any) -> (
    Selection
):  # fmt: skip
    return select(applications, make_params({"enrolment": asked}), decisions)


def by_id(found: Selection, column: str) -> dict[str, Any]:
    return dict(zip(found.rows["person_id"], found.rows[column], strict=True))


def decided(kind: str, mentor: str) -> pd.DataFrame:
    return pd.DataFrame({"mentor_id": [mentor], "mentee_id": ["X"], "decision": [kind]})


class TestWithoutLimits:
    def test_everybody_has_a_place_and_nothing_is_copied(self) -> None:
        three = mentors(3)
        found = chosen(three)
        assert found.pool() is three
        assert found.told() is three
        assert found.rows["has_place"].all()

    def test_what_the_table_says_of_places_stands(self) -> None:
        found = chosen(mentors(4, place=["drawn", "not drawn", "waitlist", pd.NA]))
        assert found.pool()["person_id"].tolist() == ["P000", "P003"]
        assert found.told()["place"].fillna("").tolist() == ["drawn", "not drawn", "waitlist", ""]

    def test_only_a_side_that_is_limited_is_chosen_from(self) -> None:
        both = applicants(side=["mentor"] * 3 + ["mentee"] * 3)
        found = chosen(both, places={"mentor": 1})
        assert found.pool()["side"].tolist().count("mentee") == 3
        assert len(found.pool()) == 4


class TestLottery:
    def test_as_many_are_drawn_as_there_are_places(self) -> None:
        found = chosen(mentors(10), places={"mentor": 4})
        assert found.rows["place"].value_counts().to_dict() == {"not drawn": 6, "drawn": 4}
        assert sorted(found.rows["rank"].dropna()) == [1, 2, 3, 4, 5, 6]

    def test_each_is_drawn_as_often_as_chance_allows(self) -> None:
        ids, seeds, places = [f"P{k}" for k in range(12)], 600, 5
        won = pd.Series(0, ids)
        for seed in range(seeds):
            given = give(tickets(ids, str(seed)), None, Rules(places))
            won[given.order[:places]] += 1
        # Bonferroni over 12 people at one in a million.
        low, high = stats.binom.interval(1 - 1e-6 / 12, seeds, places / 12)
        assert won.between(low, high).all()
        # Pairs of people are drawn together as often as in a draw without replacement.
        assert won.sum() == seeds * places

    def test_another_application_leaves_the_order_of_the_others(self) -> None:
        some = chosen(mentors(9), places={"mentor": 3}).rows
        more = chosen(mentors(10), places={"mentor": 3}).rows
        order = some.sort_values(["has_place", "rank"], ascending=[False, True])["person_id"]
        kept = more.loc[more["person_id"].isin(order) & ~more["has_place"]]
        waiting = kept.sort_values("rank")["person_id"].tolist()
        assert waiting == [who for who in order if who in set(waiting)]

    def test_the_seed_decides_and_a_scenario_cannot_change_it(self) -> None:
        def drawn(enrolment: dict[str, Any], solver: int) -> list[str]:
            params = make_params(
                {"enrolment": {"places": {"mentor": 10}, **enrolment}, "solver": {"seed": solver}}
            )
            rows = select(mentors(40), params).rows
            return rows.loc[rows["has_place"], "person_id"].tolist()

        assert drawn({}, 0) == drawn({}, 1)
        assert drawn({"seed": 1}, 0) != drawn({"seed": 2}, 0)
        assert drawn({"seed": None}, 1) == drawn({"seed": 1}, 0)

    def test_the_two_sides_are_drawn_apart(self) -> None:
        both = applicants(side=["both"] * 60)
        rows = chosen(both, places={"mentor": 30, "mentee": 30}).rows
        mine, theirs = (set(rows.loc[(rows["side"] == side) & rows["has_place"], "person_id"])
                        for side in ("mentor", "mentee"))  # fmt: skip
        assert mine != theirs

    def test_who_has_a_place_on_one_side_stands_on_that_side_alone(self) -> None:
        found = chosen(applicants(side=["both"] * 20), places={"mentor": 5})
        pool = found.pool()
        assert pool["side"].value_counts().to_dict() == {"mentee": 15, "both": 5}
        assert found.told()["place"].isna().all(), "all are in for certain on a side"


class TestCertain:
    def test_hand_picked_people_have_a_place(self) -> None:
        ways = ["open"] * 8 + ["hand-picked"] * 2
        found = chosen(mentors(10, enrolment=ways), places={"mentor": 3})
        assert by_id(found, "how")["P008"] == "certain"
        assert found.told().set_index("person_id")["place"].isna().loc["P009"]
        assert int(found.rows["has_place"].sum()) == 3

    def test_so_has_who_is_in_a_required_pair(self) -> None:
        for number in range(10):
            who = f"P{number:03d}"
            found = chosen(mentors(10), decided("require", who), places={"mentor": 1})
            assert found.pool()["person_id"].tolist() == [who]

    def test_a_running_pair_is_kept_and_the_draw_stays_what_it_was(self) -> None:
        free = chosen(mentors(10), places={"mentor": 3})
        last = free.rows.sort_values("rank")["person_id"].iloc[6]
        found = chosen(mentors(10), decided("lock", last), places={"mentor": 3})
        assert last in set(found.pool()["person_id"])
        assert found.told().set_index("person_id").loc[last, "place"] == "not drawn"
        assert sorted(found.rows["rank"].dropna()) == [1, 2, 3, 4, 5, 6]

    def test_more_certain_people_than_places_are_refused(self) -> None:
        ways = ["hand-picked"] * 4
        with pytest.raises(InputError, match="4 mentors have a place for certain") as refused:
            chosen(mentors(4, enrolment=ways), places={"mentor": 3})
        assert refused.value.faults[0].column == "enrolment.places.mentor"

    def test_drawn_in_the_table_takes_a_place(self) -> None:
        stated = ["drawn", "drawn", pd.NA, pd.NA]
        found = chosen(mentors(4, place=stated), places={"mentor": 3})
        assert int(found.rows["has_place"].sum()) == 3


class TestScore:
    def test_the_best_scores_come_first_and_every_part_is_told(self) -> None:
        found = chosen(
            mentors(4, hours_per_month=[1, 4, 2, 3]),
            places={"mentor": 2}, by="score",
        )  # fmt: skip
        assert by_id(found, "how") == {
            "P000": "waitlist", "P001": "score", "P002": "waitlist", "P003": "score",
        }  # fmt: skip
        assert by_id(found, "rank")["P002"] == 1
        assert by_id(found, "hours")["P001"] == 1.0
        assert found.rows["readiness"].isna().all()
        assert "Score 50" not in by_id(found, "reason")["P001"]

    def test_the_score_is_the_weighted_mean_of_its_parts(self) -> None:
        frame = mentors(2, hours_per_month=[2.0, None], waited=[1, 0]).assign(
            **{item: [5.0, 3.0] for item in make_params().data.items.readiness}
        )
        asked = {"score": {"readiness": 1, "commitment": 0, "hours": 1, "skills": 0, "waited": 2}}
        scores = application_scores(frame, "mentor", make_params({"enrolment": asked}))
        # readiness 1 and 0.5; hours 0.5 and, by the mean of the others, 0.5; waited 0.5 and 0.
        assert scores["score"].tolist() == [0.625, 0.25]

    @pytest.mark.parametrize(("missing", "score"), [("zero", 0.25), ("exclude", 0.5)])
    def test_what_is_missing_counts_as_the_params_say(self, missing: str, score: float) -> None:
        frame = mentors(2, hours_per_month=[4.0, None], compassion_1=[3.0, 3.0])
        weights = {"readiness": 1, "commitment": 0, "hours": 1, "skills": 0, "waited": 0}
        asked = {"score": weights, "missing": missing}
        scores = application_scores(frame, "mentor", make_params({"enrolment": asked}))
        assert scores["score"].tolist() == [0.75, score]

    def test_skills_count_if_the_other_side_wants_or_offers_them(self) -> None:
        frame = applicants(
            side=["mentor", "mentor", "mentee"],
            skills_offered=[("SQL", "Go"), ("Rust",), ()],
            skills_wanted=[(), (), ("SQL", "Java")],
        )
        params = make_params()
        assert application_scores(frame, "mentor", params)["skills"].tolist() == [0.5, 0.0]
        assert application_scores(frame, "mentee", params)["skills"].tolist() == [0.5]

    def test_age_gender_and_grade_are_never_read(self) -> None:
        plain = mentors(6, hours_per_month=[1, 2, 3, 4, 2, 1])
        told = plain.assign(gender=list("fmfmfm"), birth_year=range(1960, 1966), grade=range(6))
        params = make_params()
        pd.testing.assert_frame_equal(
            application_scores(plain, "mentor", params), application_scores(told, "mentor", params)
        )

    def test_equal_scores_at_the_last_place_are_a_lottery_that_the_review_compares(self) -> None:
        hours = [4, 2, 2, 2, 2, 1]
        found = chosen(mentors(6, hours_per_month=hours), places={"mentor": 3}, by="score")
        how = by_id(found, "how")
        assert how["P000"] == "score"
        assert how["P005"] == "waitlist"
        assert sorted(how[f"P00{k}"] for k in (1, 2, 3, 4)) == ["lottery"] * 2 + ["not drawn"] * 2
        place = found.told().set_index("person_id")["place"].fillna("")
        assert (place["P000"], place["P005"]) == ("", "waitlist")

    def test_a_share_is_drawn_among_all_others_above_the_bar(self) -> None:
        hours = [4, 4, 4, 4, 3, 3, 2, 2, 1, 1]
        found = chosen(
            mentors(10, hours_per_month=hours), places={"mentor": 5}, by="score",
            lottery_share=0.4, bar=0.4, score={"readiness": 0, "commitment": 0, "hours": 1,
                                               "skills": 0, "waited": 0},
        )  # fmt: skip
        counts = found.rows["how"].value_counts().to_dict()
        assert counts == {"score": 3, "lottery": 2, "not drawn": 3, "waitlist": 2}
        last = found.rows.loc[found.rows["rank"] > 3, "person_id"]
        assert set(last) == {"P008", "P009"}, "below the bar comes last"

    def test_a_draw_after_a_tie_has_fresh_lots(self) -> None:
        """Who loses a tie for the last place by score has the same chance as others in the draw."""
        won = 0
        ids = [f"P{k}" for k in range(6)]
        score = pd.Series([0.9, 0.9, 0.5, 0.5, 0.5, 0.5], ids)
        for seed in range(400):
            given = give(tickets(ids, str(seed)), score, Rules(2, lottery_share=0.5))
            loser = "P0" if given.how["P1"] == "score" else "P1"
            won += given.how[loser] == "lottery"
        low, high = stats.binom.interval(1 - 1e-6, 400, 1 / 5)
        assert low <= won <= high

    def test_no_place_stays_empty_because_of_the_bar(self) -> None:
        found = chosen(mentors(4, hours_per_month=[1, 1, 1, 2]), places={"mentor": 2},
                       by="score", bar=0.99)  # fmt: skip
        assert int(found.rows["has_place"].sum()) == 2

    def test_places_for_all_are_given_to_all(self) -> None:
        found = chosen(mentors(4), places={"mentor": 4}, by="score")
        assert set(found.rows["how"]) == {"enough"}
        assert found.told()["person_id"].tolist() == mentors(4)["person_id"].tolist()


def test_row_order_has_no_say() -> None:
    frame = applicants(
        side=["mentor", "mentee", "both"] * 20, hours_per_month=[k % 5 for k in range(60)]
    )
    for asked in ({"by": "lottery"}, {"by": "score", "lottery_share": 0.3}):
        every = {"places": {"mentor": 12, "mentee": 7}, **asked}
        one = chosen(frame, **every).rows
        other = chosen(frame.sample(frac=1, random_state=1, ignore_index=True), **every).rows
        pd.testing.assert_frame_equal(one, other)


def test_nobody_at_all_is_nobody_with_a_place() -> None:
    found = chosen(mentors(0), places={"mentor": 2, "mentee": 0})
    assert len(found.rows) == len(found.pool()) == 0


@pytest.mark.parametrize("asked", [
    {"places": {"mentor": -1}}, {"score": {"hours": -1.0}}, {"by": "age"}, {"ways": []},
    {"ways": ["open", "open"]}, {"certain": ["walk-in"]}, {"lottery_share": 1.5}, {"bar": -0.1},
    {"ways": ["hand-picked"], "certain": ["open"]}, {"seed": -1},
    {"score": {"readiness": 0, "commitment": 0, "hours": 0, "skills": 0, "waited": 0}},
    {"score": {"gender": 1.0}},
])  # fmt: skip
def test_enrolment_that_cannot_be_meant_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make_params({"enrolment": asked})


def test_a_way_that_the_cycle_does_not_have_is_named_with_its_row(tmp_path: Path) -> None:
    company = small_company(tmp_path)
    rows = zip(APPLICATIONS.splitlines(), ["enrolment", "open", "application", "", "open"],
               strict=True)  # fmt: skip
    company.write("applications.csv", "".join(f"{row},{way}\n" for row, way in rows))
    assert len(company.load().applications) == 4
    fault = company.fault({"enrolment": {"ways": ["hand-picked", "open"]}})
    assert (fault.row, fault.column, fault.value) == (3, "enrolment", "application")
    assert "enrolment.ways" in fault.cure
