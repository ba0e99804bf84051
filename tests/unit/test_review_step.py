"""The review with all tables, without any one of them, without any, half-way and at the end."""

from __future__ import annotations

import datetime as dt
import json
import re
import stat
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from markupsafe import escape
from review_cases import REVIEW_TABLES, Cycle, each_alone, html_of, texts
from tiny import mark_published

from revmentor.cycle.next_step import after_run
from revmentor.cycle.steps.review import WOULD_SHOW, Review
from revmentor.cycle.steps.review.foretold import HALFWAY, Foretold, halfway
from revmentor.cycle.steps.review.week import Week
from revmentor.disclosure import DisclosedEstimates
from revmentor.matching.rematch import Rematch
from revmentor.metrics.health import SIGNS
from revmentor.metrics.reliability import doubts
from revmentor.publish.workspace import Workspace

SECTIONS = ("this_week", "months", "outcomes", "judgement")
MIDDLE = {"review": {"as_of": dt.date(2026, 4, 15)}}
SHOWN_IN = {
    "sessions": "months",
    "pulse": "months",
    "training": "months",
    "goals": "outcomes",
    "skills": "outcomes",
    "leadership": "outcomes",
    "creativity": "outcomes",
    "ties": "outcomes",
    "outcomes": "outcomes",
}


def opened(review: Review) -> dict[str, str]:
    """Everything that the page shows, section by section."""
    with each_alone():
        return {name: texts(getattr(review, name)()) for name in ("opening", *SECTIONS, "checks")}


def names_and_ids(cycle: Cycle) -> set[str]:
    people = cycle.table("people")
    return {*people["person_id"], *(name for name in people["name"] if name)}


def assert_names_nobody(text: str, cycle: Cycle) -> None:
    found = [name for name in names_and_ids(cycle) if re.search(rf"\b{re.escape(name)}\b", text)]
    assert not found


def test_every_section_shows_something_and_names_nobody(whole: Cycle) -> None:
    found = opened(whole.review())
    assert "Signs on" in found["this_week"]
    assert "A flag says look here" in found["this_week"]
    for noun in ("meetings", "pairs met within 30 days", "Answered, after 30 days", "trainings"):
        assert noun in found["months"]
    for title in ("Goals", "Skills of the mentees", "New ideas", "Connections", "Who stays"):
        assert title in found["outcomes"]
    assert "Judged by the rules of the charter" in found["judgement"]
    assert "may change" not in found["judgement"]
    assert not re.search(r"There is no table", "".join(found.values()))
    assert_names_nobody("\n".join(found.values()), whole)


@pytest.mark.parametrize("table", REVIEW_TABLES)
def test_without_a_table_the_review_goes_on_and_says_what_it_would_show(
    table: str, cycle: Cycle
) -> None:
    cycle.drop(table)
    review = cycle.review()
    found = opened(review)
    assert f"There is no table “{table}”, so this section is empty." in found[SHOWN_IN[table]]
    assert f"It would show {WOULD_SHOW[table]}." in found[SHOWN_IN[table]]
    assert f"data.tables.{table}" in found[SHOWN_IN[table]]
    assert review.absent == (table,)
    assert review.said.absent == (table,)
    with each_alone():
        assert review.record()
    assert_names_nobody("\n".join(found.values()), cycle)


def test_a_table_of_the_check_in_page_that_is_empty_says_that_nobody_entered_anything(
    cycle: Cycle,
) -> None:
    cycle.drop("goals", "pulse")
    cycle.set({"data": {"tables": {"goals": {"checkin": True}, "pulse": {"checkin": True}}}})
    review = cycle.review()
    found = opened(review)
    goals = "Nobody has entered a goal on the check-in page yet, so "
    assert f"{goals}this section is empty." in found["outcomes"]
    assert "Nobody has answered a check-in on the check-in page yet" in found["months"]
    assert "There is no table" not in "".join(found.values())
    with each_alone():
        review.record()
        report = cycle.report()
        how = texts(report.how_we_know())
    assert f"{goals}we cannot say {WOULD_SHOW['goals']}." in how
    assert "Without a table" not in how


def test_without_any_review_table_every_section_says_so(cycle: Cycle) -> None:
    cycle.drop(*REVIEW_TABLES)
    review = cycle.review()
    found = opened(review)
    assert review.week is None
    assert "There is no table “sessions”" in found["this_week"]
    for table, section in SHOWN_IN.items():
        assert f"There is no table “{table}”" in found[section]
    assert "no day, as no table tells of any" in found["checks"]
    with each_alone():
        files = {path.name for path in review.record()}
    assert "week.html" not in files
    assert "verdicts.json" in files
    verdicts = json.loads((cycle.shared / "verdicts.json").read_text())
    assert {row["verdict"] for row in verdicts} == {"cannot conclude"}
    assert all("there is no table" in row["why"] for row in verdicts)


def test_an_empty_charter_is_judged_by_nothing(cycle: Cycle) -> None:
    cycle.set({"charter": {"success": []}})
    review = cycle.review()
    found = opened(review)
    assert (
        "The charter names no criterion of success, so there is nothing to judge."
        in (found["judgement"])
    )
    with each_alone():
        review.record()
    assert json.loads((cycle.shared / "verdicts.json").read_text()) == []


def test_half_way_only_what_was_known_counts(cycle: Cycle) -> None:
    cycle.set(MIDDLE)
    review = cycle.review()
    found = opened(review)
    assert review.as_of == dt.date(2026, 4, 15)
    assert "15 April 2026" in found["this_week"]
    assert "No more meeting is due" not in found["this_week"]
    assert "what stands here is of 15 April 2026 and may change" in found["judgement"]
    assert "… not due yet (judged on 24 July 2026; so far 0.5 (" in found["judgement"]
    assert review.week is not None
    assert not review.week.over
    sessions = review.findings.evidence.tables["sessions"]
    assert sessions["on"].max() <= pd.Timestamp("2026-04-15")
    stayed = review.findings.stayed
    assert stayed is not None
    assert stayed.end == dt.date(2026, 4, 15)
    with each_alone():
        rows = {row.metric: row for row in review.told.rows}
    assert {key for key, row in rows.items() if row.answer == "not due yet"} == {
        "skill_change", "meetings_held_share", "new_ties", "retention",
    }, "the first meetings alone were due by then"  # fmt: skip
    retention = rows["retention"]
    assert retention.why == "due on 24 July 2026"
    assert "the cycle runs until 10 July 2026" in retention.estimate.reason
    with each_alone():
        review.record()


def test_after_the_end_no_pair_is_proposed_for_a_rematch(cycle: Cycle) -> None:
    cycle.set({"review": {"as_of": dt.date(2026, 7, 24)}})
    review = cycle.review()
    found = opened(review)
    assert "No more meeting is due: what is left is to close each pair well." in found["this_week"]
    assert review.week is not None
    assert review.week.rematch is None
    assert "rematch" not in found["this_week"]


def test_pages_by_name_are_for_the_coordinator_only(whole: Cycle) -> None:
    folder = whole.restricted / "review"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"week.html", "pairs.csv", "pairs.parquet"} <= {path.name for path in files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [folder, folder / "pairs"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_every_flagged_pair_stands_in_the_list_and_has_its_page(whole: Cycle) -> None:
    week = whole.review().week
    assert week is not None
    page = (whole.restricted / "review" / "week.html").read_text(encoding="utf-8")
    names = whole.table("people").set_index("person_id")["name"]
    flagged = week.screened.loc[week.screened["reasons"].map(len) > 0]
    assert len(flagged) > 0
    for number, ((mentor, mentee), row) in enumerate(week.screened.iterrows(), 1):
        own = (whole.restricted / "review" / "pairs" / f"pair-{number:04d}.html").read_text()
        assert escape(f"{names[mentor]} mentors {names[mentee]}") in own
        # Who only lacks a training is invited to it with all others, and not on the list.
        listed = [reason for reason in row["reasons"] if "training is due" not in reason]
        assert (f'<a href="pairs/pair-{number:04d}.html">' in page) == bool(listed)
        for reason in row["reasons"]:
            assert reason in page
            assert reason in own
    assert len(list((whole.restricted / "review" / "pairs").iterdir())) == len(week.screened)


def test_nobody_is_named_outside_the_restricted_folder(whole: Cycle) -> None:
    for path in whole.shared.rglob("*"):
        if path.suffix in (".json", ".html", ".yaml"):
            assert_names_nobody(path.read_text(encoding="utf-8"), whole)


NASTY = [
    "<script>alert(1)</script>",
    "$\\frac{a}{b}$ $x$",
    "</td></tr></table><h1>me",
    "=HYPERLINK(\"x\")",
    "{{ 7*7 }}",
]  # fmt: skip


def test_whatever_people_write_is_shown_as_text(cycle: Cycle) -> None:
    people, goals = cycle.table("people"), cycle.table("goals")
    people["name"] = [f"{NASTY[n % len(NASTY)]} {who}" for n, who in enumerate(people["person_id"])]
    people["job_title"] = NASTY[0]
    goals["goal"] = [f"{NASTY[n % len(NASTY)]} {text}" for n, text in enumerate(goals["goal"])]
    cycle.put("people", people)
    cycle.put("goals", goals)
    with each_alone():
        cycle.review().record()
    pages = [*(cycle.restricted / "review").rglob("*.html")]
    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "</table><h1>" not in text
        assert text.count("<h1>") == 1
        assert "49" not in re.findall(r"{{ 7\*7 }}|\b49\b", text) or "{{ 7*7 }}" in text
    everything = "".join(path.read_text(encoding="utf-8") for path in pages)
    for shown in (
        "&lt;script&gt;",
        "$\\frac{a}{b}$ $x$",
        "&lt;/td&gt;",
        "=HYPERLINK(",
        "{{ 7*7 }}",
    ):
        assert shown in everything
    table = (cycle.restricted / "review" / "pairs.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"(^|,)\"?[=+@]", table, re.MULTILINE)


def test_verdicts_for_other_programs_have_what_they_need(whole: Cycle) -> None:
    rows = json.loads((whole.shared / "verdicts.json").read_text(encoding="utf-8"))
    with each_alone():
        told = whole.review().told
    assert [row["criterion"] for row in rows] == [row.criterion for row in told.rows]
    for row, shown in zip(rows, told.rows, strict=True):
        assert set(row) >= {"criterion", "verdict", "n", "estimate", "interval", "rule"}
        assert row["verdict"] in ("met", "not met", "cannot conclude")
        assert row["rule"] == shown.rule
        assert row["n"] == shown.estimate.n
        assert row["estimate"] == shown.estimate.value
        if row["interval"] is not None:
            low, high = row["interval"]
            assert low <= row["estimate"] <= high


def week_of(cycle: Cycle) -> Week:
    week = cycle.review().week
    assert week is not None
    return week


def in_pairs(cycle: Cycle) -> pd.DataFrame:
    return cycle.review().findings.evidence.pairs


def leave(cycle: Cycle, people: list[str], on: str, table: str = "outcomes") -> None:
    frame = cycle.table(table)
    frame.loc[frame["person_id"].isin(people), "left_on"] = on
    cycle.put(table, frame)


def test_who_has_left_by_the_roster_alone_is_in_the_list_of_the_week(cycle: Cycle) -> None:
    cycle.set(MIDDLE)
    cycle.drop("outcomes")
    pairs = in_pairs(cycle)
    leave(cycle, [pairs["mentor_id"].iloc[0]], "2026-04-15", "people")
    leave(cycle, [pairs["mentee_id"].iloc[5]], "2026-04-16", "people")
    week = week_of(cycle)
    theirs = pairs.loc[pairs["mentor_id"] == pairs["mentor_id"].iloc[0]]
    expected = pd.MultiIndex.from_frame(theirs[["mentor_id", "mentee_id"]])
    assert week.showing("left").sort_values().equals(expected.sort_values())
    assert (week.screened.loc[expected, "action"] == "rematch").all()


def test_who_has_left_since_the_last_entry_is_in_the_list_of_the_week(cycle: Cycle) -> None:
    pairs = in_pairs(cycle)
    leave(cycle, [pairs["mentor_id"].iloc[0]], "2026-04-18", "people")
    cycle.drop("outcomes")
    day, week = dt.date(2026, 4, 15), week_of(cycle)
    assert not len(replace(week, as_of=day, today=None).showing("left"))
    assert not len(replace(week, as_of=day, today=dt.date(2026, 4, 17)).showing("left"))
    assert len(replace(week, as_of=day, today=dt.date(2026, 4, 18)).showing("left"))


def test_half_way_a_rematch_is_planned_without_those_who_left(cycle: Cycle) -> None:
    cycle.set(MIDDLE)
    pairs = in_pairs(cycle)
    gone = [pairs["mentor_id"].iloc[0], pairs["mentee_id"].iloc[5]]
    alone = cycle.review().context.work.read_table("unmatched")
    outside = alone.loc[alone["code"] == "outbid", "person_id"].iloc[0]
    leave(cycle, [*gone, outside], "2026-04-01")
    week = week_of(cycle)
    plan = week.rematch
    assert isinstance(plan, Rematch), plan
    assert not set(plan.pairs[["mentor_id", "mentee_id"]].to_numpy().ravel()) & {*gone, outside}
    ending = week.screened.index[week.screened["rematch"]]
    assert not pd.MultiIndex.from_frame(plan.pairs[["mentor_id", "mentee_id"]]).isin(ending).any()
    told = week.rematch_words()
    assert told[0].endswith("proposed for it.")
    with each_alone():
        cycle.review().record()
    page = (cycle.restricted / "review" / "week.html").read_text(encoding="utf-8")
    assert "If these pairs are rematched" in page
    assert (cycle.restricted / "review" / "rematch.csv").is_file()


def test_a_decision_about_somebody_who_left_does_not_stop_the_rematch(cycle: Cycle) -> None:
    cycle.set(MIDDLE)
    kept = cycle.table("decisions")
    kept = kept.loc[kept["decision"].isin(["require", "lock"])]
    assert len(kept), "the demo has a pair that is required"
    leave(cycle, [kept["mentor_id"].iloc[0]], "2026-04-01")
    assert isinstance(week_of(cycle).rematch, Rematch)


def test_who_waits_stands_first_for_the_coordinator_and_on_no_shared_page(cycle: Cycle) -> None:
    pairs = in_pairs(cycle)
    names = cycle.table("people").set_index("person_id")["name"]
    source = {"checkin": False, "path": "r.csv", "optional": True}
    cycle.set(MIDDLE | {"data": {"tables": {"requests": source}}})
    before = opened(cycle.review())["this_week"]
    rows = [
        (each.mentor_id, each.mentee_id, "hand", "2026-04-02", "") for each in pairs.itertuples()
    ]
    later = (pairs["mentee_id"].iloc[9], "", "support", "2026-05-30", "")
    columns = ["person_id", "partner_id", "kind", "on", "circle"]
    again = (rows[0][0], "", "hand", "2026-05-02", "Data")
    cycle.put("r", pd.DataFrame([*rows[:6], later, again], columns=columns))
    review = cycle.review()
    assert opened(review)["this_week"] == before
    assert review.week is not None
    assert set(review.week.first["mentor_id"].head(6)) == {row[0] for row in rows[:6]}
    assert not review.week.screened["support_side"].loc[lambda side: side != ""].empty
    with each_alone():
        review.record()
    page = (cycle.restricted / "review" / "week.html").read_text(encoding="utf-8")
    assert "Waiting for you on the coordinator&#39;s page: 8" in page.replace("'", "&#39;")
    table = page.split("Waiting for you")[1].split("</table>")[0]
    assert (table.count("<tr>"), table.count(escape(names[rows[0][0]]))) == (1 + 7, 1)
    assert "2 April 2026<small>2 times, the latest on 2 May 2026</small>" in table
    assert table.count("the circle about Data") == 1
    assert "a raised hand waits</dt><dd>6 pairs" in page
    assert page.index(escape(names[rows[0][0]])) < page.index("Pairs to look at first")
    told = after_run(cycle.home / "work", "review", {"scenario": "base", "root": "here"})
    first, last = told.splitlines()
    assert first.startswith("7 raised hands and 1 request for support wait for you: open the coord")
    assert first.endswith("revmentor checkin links " + cycle.home.name + " --root here")
    assert "week.html" in last
    assert "coordinator" not in after_run(cycle.home / "work", "match", {})


def test_where_there_is_no_plan_the_coordinator_reads_why_and_nobody_else(cycle: Cycle) -> None:
    cycle.set(MIDDLE)
    pairs = in_pairs(cycle)
    leave(cycle, [pairs["mentor_id"].iloc[0]], "2026-04-01")
    decisions = cycle.table("decisions")
    stuck = pairs.iloc[3]
    other = pairs.iloc[4]
    odd = {"mentor_id": stuck["mentor_id"], "mentee_id": other["mentee_id"], "decision": "require"}
    row = {**decisions.iloc[0].to_dict(), **odd}
    cycle.put("decisions", pd.concat([decisions, pd.DataFrame([row])], ignore_index=True))
    week = week_of(cycle)
    found = opened(cycle.review())["this_week"]
    assert_names_nobody(found, cycle)
    assert "Some pairs are proposed for a rematch" in found
    if isinstance(week.rematch, str):
        assert week.rematch_words()[1].startswith("There is no plan: ")
        with each_alone():
            cycle.review().record()
        page = (cycle.restricted / "review" / "week.html").read_text(encoding="utf-8")
        assert "There is no plan" in page


def test_answers_and_meetings_of_no_pair_are_left_out_and_counted(cycle: Cycle) -> None:
    before = cycle.review().findings
    pairs = in_pairs(cycle)
    inside = {*pairs["mentor_id"], *pairs["mentee_id"]}
    people = cycle.table("people")
    strangers = [who for who in people["person_id"] if who not in inside][:6]
    sessions, goals = cycle.table("sessions"), cycle.table("goals")
    more = sessions.head(6).assign(mentor_id=strangers)
    cycle.put("sessions", pd.concat([sessions, more], ignore_index=True))
    cycle.put("goals", pd.concat([goals, goals.head(6).assign(mentor_id=strangers)]))
    for table in ("leadership", "creativity"):
        frame = cycle.table(table)
        both = frame.loc[frame["person_id"].isin(frame["person_id"].iloc[:1])].head(1)
        extra = pd.concat([both.assign(person_id=who) for who in strangers])
        cycle.put(table, pd.concat([frame, extra], ignore_index=True))
    review = cycle.review()
    after = review.findings
    assert before.rhythm is not None
    assert after.rhythm is not None
    assert after.rhythm.left_out == before.rhythm.left_out + 6
    assert after.rhythm.held_of_due == before.rhythm.held_of_due
    assert after.goals is not None
    assert after.goals.left_out == 6
    assert after.leadership is not None
    assert after.leadership.left_out == 6
    assert after.leadership.changes == before.leadership.changes  # type: ignore[union-attr]
    found = opened(review)
    assert "6 sessions belong to no pair of this match and are left out." in found["months"]
    assert "6 goal reports belong to no pair of this match and are left out." in found["outcomes"]


def test_the_list_of_signs_counts_every_pair_with_it(whole: Cycle) -> None:
    week = week_of(whole)
    counts = week.counts()["pairs"]
    for name, sign in SIGNS.items():
        many = int(week.screened[name].sum())
        assert counts.get(sign.label, 0) == many
        assert len(week.showing(name)) == many
    urgent = [name for name in SIGNS if name != "untrained"]
    due = int(week.screened[urgent].any(axis=1).sum())
    assert len(week.first) == min(10, due)
    assert len(week.first) + len(week.others) == due


def test_a_doubtful_pulse_scale_is_named_under_the_pulse(whole: Cycle) -> None:
    review = whole.review()
    judged = review.findings.pulse_changes
    assert judged is not None
    doubtful = [each for each in judged.reliability if each.verdict == "doubtful"]
    fine = [each for each in judged.reliability if each.verdict == "reliable"]
    assert len(doubtful) > 1
    months = opened(review)["months"]
    (told,) = doubts(judged.reliability)
    assert told in months
    assert all(f"{each.scale} {each.alpha.value:.2f}" in told for each in doubtful)
    for each in fine:
        assert each.scale not in told


def test_a_wave_asked_otherwise_is_not_compared_in_the_pulse_figure(cycle: Cycle) -> None:
    changed = {"table": "pulse", "items": ["respect_1"], "waves": ["day150"], "what": "reworded"}
    cycle.set({"data": {"items": {"changed": [changed]}}})
    review = cycle.review()
    with each_alone():
        pulse = review.take("pulse", DisclosedEstimates)
    told = pulse.get("respect", "day150", "mentor", "since first")
    assert told is not None
    assert told.state == "not computed"
    other = pulse.get("compassion", "day150", "mentor", "since first")
    assert other is not None
    assert other.state == "shown"


def test_a_small_group_is_told_nowhere(cycle: Cycle) -> None:
    """Three mentees rated twice: the verdict, its reason and its figure tell nothing of them."""
    mentees = sorted(in_pairs(cycle)["mentee_id"])[:3]
    skills = cycle.table("skills")
    cycle.put("skills", skills.loc[skills["person_id"].isin(mentees)])
    review = cycle.review()
    with each_alone():
        row = next(row for row in review.told.rows if row.metric == "skill_change")
    assert row.answer == "cannot conclude"
    assert row.why == "there are fewer than 5 mentees"
    assert row.estimate.value is None
    assert row.needed is None
    assert "can not be shown" not in opened(review)["outcomes"]


def test_the_health_half_way_is_what_was_known_then(whole: Cycle, cycle: Cycle) -> None:
    kept = whole.review().context.work.read_table("review/pairs")
    cycle.set({"review": {"as_of": dt.date(2026, 4, 11)}})
    then = week_of(cycle).screened
    assert kept[HALFWAY].tolist() == then["health"].tolist()
    assert kept[HALFWAY].tolist() != kept["health"].tolist()
    cycle.set({"review": {"as_of": dt.date(2026, 3, 1)}})
    assert halfway(week_of(cycle)) is None


def test_foretold_reads_what_an_earlier_cycle_kept(tmp_path: Path) -> None:
    n = 60
    frame = pd.DataFrame(
        {
            "mentor_id": [f"J{k}" for k in range(n)],
            "mentee_id": [f"S{k}" for k in range(n)],
            HALFWAY: [30 + (k * 7) % 70 for k in range(n)],
        }
    )
    early = [(k * 7) % 70 < 25 or k % 11 == 0 for k in range(n)]
    history = frame[["mentor_id", "mentee_id"]].assign(
        cycle="2025", ended=["early" if bad else "completed" for bad in early]
    )
    folder = tmp_path / "2025" / "base"
    Workspace(folder).write_table("review/pairs", frame)
    mark_published(folder, "2025")
    found = Foretold(history, tmp_path)
    assert len(found.pairs) == n
    assert found.found.early == sum(early)
    assert found.found.auc.value is not None
    assert found.sentence.startswith("Of a pair that ended early and one that did not")
    assert found.shared == found.sentence
    few = Foretold(history.head(12), tmp_path)
    assert "too few" in few.sentence
    assert not re.search(r"\d", few.shared)
    assert "cannot be told yet" in Foretold(history.assign(cycle="2024"), tmp_path).sentence
    assert "cannot be told yet" in Foretold(None, tmp_path).shared


def test_a_tiny_cohort_keeps_its_secrets_all_together(cycle: Cycle) -> None:
    """With the real control over all values: eight pairs, and every value still has a state."""
    cycle.drop("pulse", "leadership", "creativity", "ties", "outcomes")
    work = cycle.review().context.work
    work.write_table("pairs", work.read_table("pairs").head(8))
    review = cycle.review()
    assert review.secured.values.keys() == review.found().keys()
    for value in review.secured.values.values():
        assert value.minimum in (5, 10)
    text = "\n".join(texts(getattr(review, name)()) for name in SECTIONS)
    assert_names_nobody(text, cycle)
    assert html_of(review.judgement())
