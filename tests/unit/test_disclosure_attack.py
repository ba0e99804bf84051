"""What follows from all numbers of a report together, and how is it hidden?"""

import json

import numpy as np
import pandas as pd
import pytest

from revmentor.disclosure import (
    Disclosed,
    DisclosedEstimates,
    Group,
    attack,
    counted,
    disclose_counts,
    disclose_distribution,
    disclose_estimate,
    disclose_estimates,
    estimated,
    pair_units,
    secure,
    spread,
    told,
)
from revmentor.disclosure.ledger import count_query, from_frame, to_frame
from revmentor.disclosure.weaken import GONE, Hidden, weaken
from revmentor.metrics import census_share, mean, proportion

SCALE = (1.0, 5.0)


def ids(count: int, first: int = 0) -> list[str]:
    return [f"p{number:03}" for number in range(first, first + count)]


def exact(name: str, people: list[str], *key: str):
    return count_query(name, key, "n", frozenset(people), len(people), len(people))


def answers(people: list[str], value: float = 3.0) -> pd.Series:
    """Answers around a value, not all the same."""
    return pd.Series([value + (at % 3 - 1) for at in range(len(people))], index=people)


def pulse(waves: dict[str, pd.Series]):
    """Means of every wave and changes between neighbours, with those who stand behind them."""
    means, groups = {}, {}
    names = list(waves)
    for at, wave in enumerate(names):
        key = ("compassion", wave, "mentor", "mean")
        means[key] = mean(waves[wave], "points", "mentors")
        groups[key] = Group.of_values(waves[wave], f"compassion@{wave}", SCALE)
        if at:
            before = names[at - 1]
            key = ("compassion", wave, "mentor", "change")
            means[key] = mean(waves[wave] - waves[before], "points", "mentors in both waves")
            groups[key] = Group.of_change(
                waves[before], waves[wave], f"compassion@{before}", f"compassion@{wave}", SCALE
            )
    found = {"pulse": disclose_estimates(means, 5, "principle", "wave", "side", "what")}
    return found, {"pulse": estimated(groups)}


def valid(secured) -> None:
    for value in secured.values.values():
        assert Disclosed.from_json(json.dumps(value.to_json())) == value


def test_pool_minus_pairs_gives_away_the_few_who_stay_alone():
    pool, pairs = ids(120), ids(118)
    found = attack((exact("pool", pool), exact("pairs", pairs)), 5)
    assert [finding.values for finding in found] == [1]
    assert "pool" in found[0].sentence
    assert "p00" not in found[0].sentence
    assert attack((exact("pool", pool), exact("pairs", ids(115))), 5) == ()


def test_two_filters_that_differ_by_one_person_are_subtracted():
    sales, without = ids(30), ids(29)
    found = attack((exact("sales", sales), exact("sales but directors", without)), 5)
    assert len(found) == 1


def test_identical_numbers_of_the_same_people_are_no_finding():
    assert attack((exact("a", ids(9)), exact("b", ids(9)), exact("c", ids(9))), 5) == ()


def test_primary_suppression_alone_is_broken_and_the_remedy_is_not():
    cells = {("old", "pairs"): ids(9), ("young", "pairs"): ids(3, 9)}
    frame = pd.DataFrame({"pairs": [9, 3]}, index=["old", "young"])
    naive = (
        exact("table", ids(9), "old", "pairs"),
        count_query("table", ("young", "pairs"), "cell", frozenset(ids(3, 9)), 1, 4),
        exact("table", ids(12), "all", "pairs"),
    )
    assert attack(naive, 5)
    alone = {"table": disclose_counts(frame, 5, totals="columns")}
    secured = secure(alone, {"table": counted(cells)}, 5)
    assert secured.findings == ()
    assert attack(secured.ledger, 5) == ()


def test_two_tables_that_each_hide_enough_give_one_cell_away_together():
    left = pd.DataFrame({"n": [3, 9, 20]}, index=["law", "it", "sales"])
    right = pd.DataFrame({"n": [9, 20]}, index=["it", "sales"])
    cells = {("law", "n"): ids(3), ("it", "n"): ids(9, 3), ("sales", "n"): ids(20, 12)}
    found = {
        "all by team": disclose_counts(left, 5, totals="columns"),
        "some by team": disclose_counts(right, 5, totals="none"),
    }
    members = {
        "all by team": counted(cells),
        "some by team": counted({place: who for place, who in cells.items() if place[0] != "law"}),
    }
    assert attack(told(found, members), 5), "each table is safe, both together are not"
    secured = secure(found, members, 5)
    assert secured.findings == ()
    assert attack(secured.ledger, 5) == ()
    valid(secured)


def test_panels_that_differ_by_one_person_lose_their_n():
    first, second = answers(ids(40)), answers(ids(40, 1))
    found, members = pulse({"day30": first, "day60": second})
    assert any(finding.what == "number" for finding in attack(told(found, members), 5))
    secured = secure(found, members, 5)
    assert secured.findings == ()
    assert attack(secured.ledger, 5) == ()
    shown = secured.values["pulse"]
    assert all(each.state == "shown" for each in shown.estimates if each.method)
    assert any(each.n is None for each in shown.estimates)
    assert any("to" in each.n_text for each in shown.estimates)
    valid(secured)


def test_means_of_small_panels_give_the_one_answer_away_and_are_withheld():
    everybody, but_one = answers(ids(6)), answers(ids(6)).iloc[:5]
    key = ("respect", "day30", "mentor", "mean")
    groups = {
        key: Group.of_values(everybody, "respect@day30", SCALE),
        (*key[:3], "filtered"): Group.of_values(but_one, "respect@day30", SCALE),
    }
    means = {place: mean(values, "points", "mentors") for place, values in
             zip(groups, (everybody, but_one), strict=True)}  # fmt: skip
    found = {"pulse": disclose_estimates(means, 5, "principle", "wave", "side", "what")}
    broken = attack(told(found, {"pulse": estimated(groups)}), 5)
    assert {finding.what for finding in broken} == {"number", "mean"}
    secured = secure(found, {"pulse": estimated(groups)}, 5)
    assert secured.findings == ()
    hidden = [each for each in secured.values["pulse"].estimates if each.state == "withheld"]
    assert hidden
    assert all((each.value, each.low, each.high, each.n, each.p) == (None,) * 5 for each in hidden)
    assert hidden[0].text == "not shown"
    valid(secured)


def test_rounding_protects_the_one_answer_of_large_panels():
    found, members = pulse({"day30": answers(ids(60)), "day60": answers(ids(60, 1))})
    assert not any(finding.what == "mean" for finding in attack(told(found, members), 5))


def test_a_mean_of_a_small_group_follows_from_exact_sums():
    values = pd.Series(np.linspace(1, 5, 40), ids(40))
    digits = estimated({("a",): Group.of_values(values, "v", SCALE)})
    rest = estimated({("a",): Group.of_values(values.iloc[:39], "v", SCALE)})
    shown = {"all": disclose_estimates({"a": mean(values, "points", "people")}, 5, "what")}
    less = {"rest": disclose_estimates({"a": mean(values.iloc[:39], "points", "people")}, 5, "w")}
    queries = [*told(shown, {"all": digits}), *told(less, {"rest": rest})]
    assert not any(finding.what == "mean" for finding in attack(tuple(queries), 5))
    from dataclasses import replace

    sums = {"all": float(values.sum()), "rest": float(values.iloc[:39].sum())}
    unrounded = tuple(
        replace(query, low=sums[query.name], high=sums[query.name])
        if query.kind == "sum"
        else query
        for query in queries
    )
    assert any(finding.what == "mean" for finding in attack(unrounded, 5))


def test_two_reports_that_differ_by_one_person_cannot_be_subtracted():
    first, members = report(20)
    earlier = secure(first, members, 5)
    assert earlier.lessened == ()
    second, others = report(21)
    kept = from_frame(to_frame(earlier.ledger), "in the report of 3 March")
    assert attack(told(second, others), 5, before=kept)
    secured = secure(second, others, 5, before=kept)
    assert secured.findings == ()
    assert secured.lessened == ("applied",)
    assert attack(secured.ledger, 5, before=kept) == ()
    again = secure(first, members, 5, before=kept)
    assert again.values == earlier.values, "the same people, told again, is no finding"


def report(applied: int):
    frame = pd.DataFrame({"n": [applied]}, index=["applied"])
    found = {"applied": disclose_counts(frame, 5, totals="none")}
    return found, {"applied": counted({("applied", "n"): ids(applied)}, core=True)}


def test_what_earlier_reports_give_away_alone_is_past():
    kept = tuple(from_frame(to_frame([exact("a", ids(20)), exact("b", ids(19))]), "earlier"))
    found, members = report(20)
    assert attack(told(found, members), 5, before=kept)
    old = attack((exact("c", ids(40, 100)),), 5, before=kept)
    assert old == ()


def test_what_cannot_be_hidden_any_more_is_said_in_words_that_name_nobody():
    kept = from_frame(to_frame([exact("pool", ids(20)), exact("pairs", ids(19))]), "earlier")
    found, members = report(20)
    secured = secure(found, members, 5, before=kept)
    assert secured.findings
    assert "earlier" in secured.findings[0].sentence
    assert "p0" not in secured.findings[0].sentence


def tight():
    """Four numbers are possible for one person; three, if they are known to be 1 to 4 elsewhere."""
    few = count_query("needs", ("coding",), "cell", frozenset(ids(1)), 1, 4)
    team = count_query("teams", ("sales",), "cell", frozenset(ids(7)), 5, 9)
    without = count_query("teams", ("sales, others",), "cell", frozenset(ids(6, 1)), 6, 6)
    return few, team, without


def test_a_later_page_is_silent_about_a_group_that_earlier_ones_hold_tightly():
    earlier = tight()
    assert attack(earlier, 5) == ()
    left = ids(1)
    everybody = [*left, *ids(40, 100)]
    found = {
        "left": disclose_estimates({"a": census_share(1, 41, "people")}, 5, "when"),
        "asked": disclose_estimates({"a": mean(answers(everybody), "points", "people")}, 5, "of"),
    }
    members = {
        "left": estimated({("a",): Group.of(everybody, left)}),
        "asked": estimated({("a",): Group.of_values(answers(everybody), "v", SCALE)}),
    }
    assert attack((*earlier, *told(found, members)), 5)
    for places in (
        {"beside": earlier},
        {"before": from_frame(to_frame(earlier), "in the report of 3 March")},
    ):
        secured = secure(found, members, 5, **places)
        assert secured.findings == ()
        assert secured.values["left"].estimates[0].text == "not shown"
        assert secured.values["asked"] == found["asked"]
        assert attack((*places.get("beside", ()), *secured.ledger), 5,
                      before=places.get("before", ())) == ()  # fmt: skip
        valid(secured)


def test_those_without_a_partner_are_not_spoken_of_where_skills_hold_them():
    """Sixteen mentors, one of them alone, and what an earlier page says of their skills."""
    skills = {"automation": "bkmr", "prompting": "bist", "social media": "ahjpq",
              "spreadsheets": "fkn", "python": "bcdsr"}  # fmt: skip
    mentors = "abcdfhijkmnpqrst"
    earlier = (
        *(
            count_query("skills", (skill, "places"), "cell", frozenset(who), *ends)
            for skill, who in skills.items()
            for ends in [(5, 5) if len(who) >= 5 else (1, 4)]
        ),
        exact("places", [*mentors]),
    )
    assert attack(earlier, 5) == ()
    places = pd.DataFrame({"mentor": [15, 1]}, index=["with a partner", "without a partner"])
    found = {"placed": disclose_counts(places, 5, totals="columns")}
    cells = {("with a partner", "mentor"): [*mentors.replace("s", "")],
             ("without a partner", "mentor"): ["s"]}  # fmt: skip
    members = {"placed": counted(cells, core=True)}
    assert attack((*earlier, *told(found, members)), 5)
    secured = secure(found, members, 5, beside=earlier)
    assert secured.findings == ()
    table = secured.values["placed"]
    assert table.at("without a partner", "mentor").low == 0
    assert table.column_totals[0].value == 16
    assert attack((*earlier, *secured.ledger), 5) == ()
    valid(secured)


def test_nothing_at_all_is_told_of_a_group_that_is_left_out():
    people = ids(20)
    cells = {("x", "n"): people, ("y", "n"): ids(9, 20)}
    values = pd.Series(np.linspace(0.3, 0.9, 20), people)
    found = {
        "table": disclose_counts(
            pd.DataFrame({"n": [20, 9]}, index=["x", "y"]), 5, totals="columns"
        ),
        "share": disclose_estimate(proportion(20, 29, "people"), 5),
        "spread": disclose_distribution(values, 5, step=0.1, unit="score", of="pairs"),
    }
    members = {
        "table": counted(cells),
        "share": estimated({(): Group.of(ids(29), people)}),
        "spread": spread(values, "v", (0, 1)),
    }
    hidden = Hidden({frozenset(people): GONE})
    silent = {name: weaken(name, found[name], members[name], hidden) for name in found}
    assert silent["table"].at("x", "n").text == "not shown"
    assert silent["table"].at("y", "n").value == 9
    assert silent["share"].state == "withheld"
    assert silent["spread"].counts == ()
    groups = {group for query in told(silent, members) for group in (query.members, query.of)}
    assert frozenset(people) not in groups


def test_a_share_is_told_again_with_its_parts():
    """What telling one of its parts again brings back was once overlooked in the attack."""
    cells = {("a", "x"): ["p2"], ("a", "y"): ["p0", "p1", "p3"], ("b", "x"): ["p4"]}
    cut = pd.DataFrame({"x": [1, 1], "y": [3, 0]}, index=["a", "b"])
    found = {
        "team table": disclose_counts(cut, 3, totals="both"),
        "met": disclose_estimate(census_share(3, 5, "people"), 3),
        "team met": disclose_counts(pd.DataFrame({"n": [3]}, index=["a"]), 3, totals="columns"),
    }
    with_it = ["p0", "p1", "p3"]
    members = {
        "team table": counted(cells, core=True),
        "met": estimated({(): Group.of([f"p{at}" for at in range(5)], with_it)}),
        "team met": counted({("a", "n"): with_it}, core=True),
    }
    secured = secure(found, members, 3)
    assert secured.findings == ()
    assert attack(secured.ledger, 3) == ()


def test_a_distribution_becomes_percents_where_n_gives_a_group_away():
    pool = ids(120)
    scores = pd.Series(np.linspace(0.3, 0.9, 118), pool[:118])
    frame = pd.DataFrame({"mentee": [120]}, index=["pool"])
    found = {
        "pool": disclose_counts(frame, 5, totals="none"),
        "scores": disclose_distribution(scores, 5, step=0.1, unit="score", of="pairs"),
    }
    members = {
        "pool": counted({("pool", "mentee"): pool}),
        "scores": spread(scores, "score", (0, 1)),
    }
    before = told({"pool": found["pool"]}, {"pool": members["pool"]})
    secured = secure({"scores": found["scores"]}, {"scores": members["scores"]}, 5, before=before)
    shown = secured.values["scores"]
    assert shown.in_percent
    assert shown.n is None
    assert shown.n_text == "115 to 119"
    assert 95 <= sum(shown.counts) <= 105
    assert secured.findings == ()
    assert attack(secured.ledger, 5, before=before) == ()
    valid(secured)


def test_a_share_without_n_keeps_an_interval_that_does_not_tell_n():
    pool, asked = ids(120), ids(118)
    found = {"met": disclose_estimate(proportion(60, 118, "pairs"), 5)}
    members = {"met": estimated({(): Group.of(asked, asked[:60])})}
    before = (exact("pool", pool),)
    secured = secure(found, members, 5, before=before)
    shown = secured.values["met"]
    assert (shown.n, shown.count, shown.value) == (None, None, 0.51)
    assert shown.low < shown.value < shown.high
    assert "115 to 119" in shown.brief
    assert secured.findings == ()
    valid(secured)


def test_few_of_an_unknown_number_says_so():
    shown = disclose_estimate(census_share(2, 118, "pairs"), 5)
    found, members = {"late": shown}, {"late": estimated({(): Group.of(ids(118), ids(2))})}
    secured = secure(found, members, 5, before=(exact("pool", ids(120)),))
    assert secured.values["late"].text == "fewer than 5 of 115 to 119"
    valid(secured)


def test_what_a_reader_misses_least_is_hidden_first_and_always_the_same():
    frame = pd.DataFrame({"n": [20]}, index=["x"])
    found = {"first": disclose_counts(frame, 5, totals="none")}
    found["second"] = disclose_counts(frame - 1, 5, totals="none")
    members = {
        "first": counted({("x", "n"): ids(20)}),
        "second": counted({("x", "n"): ids(19)}),
    }
    one = secure(found, members, 5, spare={"first": 50})
    other = secure(found, members, 5, spare={"second": 50})
    assert (one.lessened, other.lessened) == (("second",), ("first",))
    assert one == secure(found, members, 5, spare={"first": 50})


def test_a_number_that_the_registered_people_do_not_make_is_refused():
    frame = pd.DataFrame({"n": [20]}, index=["x"])
    found = {"a": disclose_counts(frame, 5, totals="none")}
    with pytest.raises(ValueError, match="register those whom it counts"):
        told(found, {"a": counted({("x", "n"): ids(19)})})
    share = {"b": disclose_estimate(proportion(10, 20, "pairs"), 5)}
    with pytest.raises(ValueError, match="n is shown"):
        told(share, {"b": estimated({(): Group.of(ids(19), ids(10))})})
    with pytest.raises(ValueError, match="cannot be said by"):
        told(share, {"b": counted({})})


def test_a_ledger_is_read_back_as_it_was_written():
    found, members = pulse({"day30": answers(ids(40)), "day60": answers(ids(40, 1))})
    ledger = secure(found, members, 5).ledger
    assert from_frame(to_frame(ledger)) == tuple(from_frame(to_frame(from_frame(to_frame(ledger)))))
    assert {query.place for query in from_frame(to_frame(ledger))} == {q.place for q in ledger}
    assert set(from_frame(to_frame(ledger))) == set(ledger)


def test_pairs_are_counted_by_their_mentee_and_further_pairs_by_themselves():
    pairs = pd.DataFrame({"mentor_id": ["c", "a", "b"], "mentee_id": ["x", "x", "y"]})
    assert pair_units(pairs).tolist() == ["x + c", "x", "y"]
    assert pair_units(pairs.iloc[::-1]).loc[0] == "x + c"


def test_a_value_without_people_stays_as_it_is():
    frame = pd.DataFrame({"due": [3]}, index=["1"])
    plan = disclose_counts(frame, 5, totals="none", open_columns=["due"])
    secured = secure({"plan": plan}, {}, 5)
    assert secured.values == {"plan": plan}
    assert secured.ledger == ()


def test_many_estimates_of_one_name_are_weakened_one_by_one():
    found, members = pulse({"day30": answers(ids(8)), "day60": answers(ids(7))})
    secured = secure(found, members, 5)
    assert secured.findings == ()
    assert isinstance(secured.values["pulse"], DisclosedEstimates)
    assert attack(secured.ledger, 5) == ()
