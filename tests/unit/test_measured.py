"""Every measure that a charter can name is computed, of the right people, as counted by hand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
import pytest
from review_cases import Cycle

from revmentor.cycle.steps.review import WOULD_SHOW
from revmentor.measures import MEASURES
from revmentor.metrics import Evidence, Findings, Measured, measured
from revmentor.metrics.measured import _BY_KEY
from revmentor.names import PRINCIPLES
from revmentor.params.models import ChangedItems
from revmentor.planning.advice import IF_SHORT
from revmentor.planning.templates import TEMPLATES

Row = dict[str, str]
START, END = "2026-01-12", "2026-07-10"
# A mean of means can differ in the last digits from one that is summed in another order.
CLOSE = 1e-9


@pytest.fixture(scope="module")
def findings(whole: Cycle) -> Findings:
    return whole.review().findings


@pytest.fixture(scope="module")
def by_hand(whole: Cycle, findings: Findings) -> ByHand:
    pairs = findings.evidence.pairs
    return ByHand(whole, list(zip(pairs["mentor_id"], pairs["mentee_id"], strict=True)))


@dataclass(frozen=True)
class ByHand:
    """Counts from the files as they were written, in loops."""

    cycle: Cycle
    pairs: list[tuple[str, str]]

    def rows(self, table: str) -> list[Row]:
        return self.cycle.table(table).to_dict("records")  # type: ignore[return-value]

    @cached_property
    def people(self) -> dict[str, Row]:
        return {row["person_id"]: row for row in self.rows("people")}

    @cached_property
    def forms(self) -> dict[str, Row]:
        return {row["person_id"]: row for row in self.rows("applications")}

    @cached_property
    def everybody(self) -> set[str]:
        return {person for pair in self.pairs for person in pair}

    @cached_property
    def sessions(self) -> list[Row]:
        mine = set(self.pairs)
        return [r for r in self.rows("sessions") if (r["mentor_id"], r["mentee_id"]) in mine]

    @staticmethod
    def items(cell: str) -> set[str]:
        return {item.strip().casefold() for item in cell.split(";") if item.strip()}

    def wanted_skill_share(self) -> tuple[float, int]:
        asked = [(a, b) for a, b in self.pairs if self.items(self.forms[b]["skills_wanted"])]
        met = [
            1
            for a, b in asked
            if self.items(self.forms[a]["skills_offered"])
            & self.items(self.forms[b]["skills_wanted"])
        ]
        return len(met) / len(asked), len(asked)

    def across(self, group: Callable[[Row], str]) -> tuple[float, int]:
        known = [
            (group(self.people[a]), group(self.people[b]))
            for a, b in self.pairs
            if group(self.people[a]) and group(self.people[b])
        ]
        return sum(a != b for a, b in known) / len(known), len(known)

    def across_departments(self) -> tuple[float, int]:
        return self.across(lambda row: row["department"])

    def across_sites(self) -> tuple[float, int]:
        return self.across(lambda row: row["site"])

    def across_generations(self) -> tuple[float, int]:
        def generation(row: Row) -> str:
            year = int(float(row["birth_year"])) if row["birth_year"] else None
            ends = {1945: "T", 1964: "B", 1980: "X", 1995: "M", 2012: "Z"}
            return "" if year is None else next(name for end, name in ends.items() if year <= end)

        return self.across(generation)

    def wishes_met_share(self) -> tuple[float, int]:
        partners = defaultdict(set)
        for a, b in self.pairs:
            partners[a].add(b)
            partners[b].add(a)
        wishing = {
            person: [wish.strip() for wish in row["wishes"].split(";") if wish.strip()]
            for person, row in self.forms.items()
        }
        wishing = {person: wishes for person, wishes in wishing.items() if wishes}
        # A wish for somebody who does not apply is none.
        wishing = {p: [w for w in wishes if w in self.forms] for p, wishes in wishing.items()}
        wishing = {p: wishes for p, wishes in wishing.items() if wishes and p in self.forms}
        got = [p for p, wishes in wishing.items() if partners[p] & set(wishes)]
        return len(got) / len(wishing), len(wishing)

    def first_meeting_share(self) -> tuple[float, int]:
        first: dict[tuple[str, str], str] = {}
        for row in self.sessions:
            pair = (row["mentor_id"], row["mentee_id"])
            if row["status"] == "held":
                first[pair] = min(first.get(pair, "9"), row["on"])
        early = [pair for pair in self.pairs if first.get(pair, "9") <= "2026-02-11"]
        return len(early) / len(self.pairs), len(self.pairs)

    def meetings_held_share(self) -> tuple[float, int]:
        start, end = (dt.date.fromisoformat(day) for day in (START, END))
        last = dt.date.fromisoformat(max(row["on"] for row in self.rows("sessions")))
        due = [start + dt.timedelta(days=14 * n) for n in range(100)]
        due = [day for day in due if day <= end]
        owed = 0.0
        for begin, after in zip(due, [*due[1:], end + dt.timedelta(days=1)], strict=True):
            length = (after - begin).days
            owed += sum(begin + dt.timedelta(days=n) <= last for n in range(length)) / length
        held = defaultdict(int)
        for row in self.sessions:
            held[row["mentor_id"], row["mentee_id"]] += row["status"] == "held"
        return sum(held[pair] / owed for pair in self.pairs) / len(self.pairs), len(self.pairs)

    def senior_cancellation_share(self) -> tuple[float, int]:
        cancelled = [row for row in self.sessions if row["status"] == "cancelled_by_mentee"]
        return len(cancelled) / len(self.sessions), len(self.sessions)

    @cached_property
    def pulse(self) -> dict[tuple[str, str, str], Row]:
        """The last answer of each person about each partner in each wave."""
        about = set(self.pairs) | {(b, a) for a, b in self.pairs}
        found: dict[tuple[str, str, str], Row] = {}
        for row in sorted(self.rows("pulse"), key=lambda row: row["on"]):
            if (row["person_id"], row["partner_id"]) in about:
                found[row["person_id"], row["partner_id"], row["wave"]] = row
        return found

    def response_rate(self) -> tuple[float, int]:
        waves = {wave for _, _, wave in self.pulse}
        asked = 2 * len(self.pairs) * len(waves)
        return len(self.pulse) / asked, asked

    def training_compliance(self) -> tuple[float, int]:
        due = [
            row
            for row in self.rows("training")
            if row["person_id"] in self.everybody and row["status"] != "excused"
        ]
        return sum(row["status"] == "completed" for row in due) / len(due), len(due)

    def principle(self, name: str) -> tuple[float, int]:
        waves = sorted({int(wave[3:]) for _, _, wave in self.pulse})
        first, last = f"day{waves[0]}", f"day{waves[-1]}"
        moved = defaultdict(list)
        for (person, partner, wave), row in self.pulse.items():
            later = self.pulse.get((person, partner, last))
            if wave != first or later is None:
                continue
            both = [
                (float(row[item]), float(later[item]))
                for item in (f"{name}_1", f"{name}_2")
                if row[item] and later[item]
            ]
            if both:
                moved[person].append(sum(b - a for a, b in both) / len(both))
        means = [sum(each) / len(each) for each in moved.values()]
        return sum(means) / len(means), len(means)

    @cached_property
    def goals(self) -> dict[tuple[str, str], list[float]]:
        mine, latest = set(self.pairs), {}
        for row in sorted(self.rows("goals"), key=lambda row: row["on"]):
            if (row["mentor_id"], row["mentee_id"]) in mine:
                latest[row["mentor_id"], row["mentee_id"], row["goal"]] = row
        found = defaultdict(list)
        for (mentor, mentee, _), row in latest.items():
            begin, target, now = (float(row[c]) for c in ("baseline", "target", "current"))
            found[mentor, mentee].append((now - begin) / (target - begin))
        return found

    def goal_attainment(self) -> tuple[float, int]:
        means = [sum(min(1, max(0, way)) for way in ways) / len(ways)
                 for ways in self.goals.values()]  # fmt: skip
        return sum(means) / len(means), len(means)

    def goals_reached_share(self) -> tuple[float, int]:
        every = [way for ways in self.goals.values() for way in ways]
        return sum(way >= 1 for way in every) / len(every), len(every)

    @cached_property
    def skilled(self) -> dict[str, float]:
        """The mean change of each mentee over the skills rated both times."""
        mentees, levels = {b for _, b in self.pairs}, {}
        for row in self.rows("skills"):
            if row["level"]:
                levels[row["person_id"], row["skill"].casefold(), row["when"]] = float(row["level"])
        moved = defaultdict(list)
        for (person, skill, when), level in levels.items():
            if when == "before" and person in mentees and (person, skill, "after") in levels:
                moved[person].append(levels[person, skill, "after"] - level)
        return {person: sum(each) / len(each) for person, each in moved.items()}

    def skill_change(self) -> tuple[float, int]:
        return sum(self.skilled.values()) / len(self.skilled), len(self.skilled)

    def skills_measured_share(self) -> tuple[float, int]:
        mentees = {b for _, b in self.pairs}
        return len(self.skilled) / len(mentees), len(mentees)

    def survey(self, table: str, who: set[str]) -> tuple[float, int]:
        rows = {(row["person_id"], row["when"]): row for row in self.rows(table)}
        changes = []
        for person in sorted(who):
            before, after = (rows.get((person, when), {}) for when in ("before", "after"))
            moved = [
                float(after[item]) - float(before[item])
                for item in before
                if item[-1].isdigit() and before[item] and after.get(item)
            ]
            if moved:
                changes.append(sum(moved) / len(moved))
        return sum(changes) / len(changes), len(changes)

    def leadership_change(self) -> tuple[float, int]:
        return self.survey("leadership", {a for a, _ in self.pairs})

    def creativity_change(self) -> tuple[float, int]:
        return self.survey("creativity", self.everybody)

    @cached_property
    def ties(self) -> dict[str, dict[str, set[str]]]:
        """Whom each participant named, before and after; of those who named anybody both times."""
        named: dict[str, dict[str, set[str]]] = {}
        for row in self.rows("ties"):
            if row["person_id"] in self.everybody:
                mine = named.setdefault(row["person_id"], {"before": set(), "after": set()})
                mine[row["when"]].add(row["other_id"])
        return {p: waves for p, waves in named.items() if waves["before"] and waves["after"]}

    def new_ties(self) -> tuple[float, int]:
        fresh = [len(waves["after"] - waves["before"]) for waves in self.ties.values()]
        return sum(fresh) / len(fresh), len(fresh)

    def ei_change(self) -> tuple[float, int]:
        index = {}
        for when in ("before", "after"):
            outside = inside = 0
            for person, waves in self.ties.items():
                for other in waves[when]:
                    if self.people[person]["department"] == self.people[other]["department"]:
                        inside += 1
                    else:
                        outside += 1
            index[when] = (outside - inside) / (outside + inside)
        return index["after"] - index["before"], len(self.ties)

    def _at_risk(self) -> Iterator[tuple[str, Row]]:
        for row in self.rows("outcomes"):
            person = row["person_id"]
            if person in self.everybody and self.people[person]["hired_on"] <= START:
                yield person, row

    def retention(self) -> tuple[float, int]:
        at_risk = list(self._at_risk())
        left = [p for p, row in at_risk if row["left_on"] and START < row["left_on"] <= END]
        return 1 - len(left) / len(at_risk), len(at_risk)

    def promotion(self) -> tuple[float, int]:
        at_risk = list(self._at_risk())
        rose = [
            p
            for p, row in at_risk
            if START < row["promoted_on"] <= END and row["promoted_on"] <= (row["left_on"] or END)
        ]
        return len(rose) / len(at_risk), len(at_risk)


COUNTED = [
    key
    for key in MEASURES
    if key not in ("score_share", "retention_difference", "promotion_difference")
]


@pytest.mark.parametrize("key", COUNTED)
def test_a_measure_is_what_a_plain_count_of_the_files_gives(
    key: str, findings: Findings, by_hand: ByHand
) -> None:
    found = measured(findings, key).estimate
    name = key.removesuffix("_change")
    expected = by_hand.principle(name) if name in PRINCIPLES else getattr(by_hand, key)()
    assert found.value == pytest.approx(expected[0], abs=CLOSE)
    assert found.n == expected[1]
    assert found.unit == MEASURES[key].unit


def test_the_score_share_is_the_one_that_the_match_told(whole: Cycle, findings: Findings) -> None:
    told = whole.review().context.work.read_json("quality")["estimates"][0]
    found = measured(findings, "score_share").estimate
    assert found.value == pytest.approx(told["value"], abs=0.005)
    assert found.n == told["n"]
    assert found.value != told["value"], "the verdict needs the exact share, not the rounded one"


@pytest.mark.parametrize("key", MEASURES)
def test_people_and_pairs_are_those_whom_n_and_count_count(key: str, findings: Findings) -> None:
    found = measured(findings, key)
    estimate, of = found.estimate, MEASURES[key].of
    assert found.of.is_unique
    if of in ("pairs", "mentees", "mentors", "people", "participants") and len(found.of):
        assert estimate.n == len(found.of)
        if estimate.count is not None:
            assert found.having is not None
            assert estimate.count == len(found.having)
    if found.having is not None:
        assert found.having.isin(found.of).all()
    inside = set(findings.evidence.participants["person_id"])
    if isinstance(found.of, pd.MultiIndex):
        assert found.of.isin(findings.evidence.pair_index).all()
    elif key == "wishes_met_share":
        assert len(found.of)
    elif key.endswith("_difference"):
        assert estimate.n == len(found.of), "participants and those whom they are compared with"
    else:
        assert set(found.of) <= inside


@pytest.mark.parametrize("key", [key for key, measure in MEASURES.items() if measure.table])
def test_without_its_table_a_measure_says_so(key: str, findings: Findings) -> None:
    table = MEASURES[key].table
    assert table in WOULD_SHOW
    tables = {n: frame for n, frame in findings.evidence.tables.items() if n != table}
    found = measured(Findings(replace(findings.evidence, tables=tables)), key)
    assert found.estimate.value is None
    assert found.estimate.reason == f"there is no table “{table}”"
    assert len(found.of) == 0
    page = replace(findings.evidence, tables=tables, on_page=frozenset({table}))
    told = measured(Findings(page), key).estimate.reason
    assert told.startswith("nobody has ")
    assert told.endswith(" on the check-in page yet")


@pytest.mark.parametrize("key", MEASURES)
def test_without_pairs_nothing_is_computed(key: str, findings: Findings) -> None:
    empty = replace(findings.evidence, pairs=findings.evidence.pairs.iloc[:0])
    found = measured(Findings(empty), key)
    assert found.estimate.reason == "there are no pairs"


@pytest.mark.parametrize("key", MEASURES)
def test_one_pair_gives_a_value_or_the_reason_why_there_is_none(
    key: str, findings: Findings
) -> None:
    one = replace(findings.evidence, pairs=findings.evidence.pairs.iloc[:1])
    found = measured(Findings(one), key)
    assert (found.estimate.value is None) == bool(found.estimate.reason)


@pytest.mark.parametrize("key", MEASURES)
def test_the_order_of_rows_has_no_say(key: str, findings: Findings) -> None:
    def turned(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[::-1].reset_index(drop=True)

    seen = findings.evidence
    other: Evidence = replace(
        seen,
        pairs=turned(seen.pairs),
        people=turned(seen.people),
        applications=turned(seen.applications),
        tables={name: turned(frame) for name, frame in seen.tables.items()},
    )
    ours, theirs = measured(findings, key), measured(Findings(other), key)
    for name in ("value", "low", "high"):
        first, second = (getattr(each.estimate, name) for each in (ours, theirs))
        assert first == pytest.approx(second, abs=CLOSE)
    assert _people(ours) == _people(theirs)


def _people(found: Measured) -> tuple[set[object], set[object]]:
    return set(found.of), set(found.having if found.having is not None else [])


def test_a_comparison_that_may_not_speak_is_not_computed_for_a_verdict(
    findings: Findings,
) -> None:
    few = findings.evidence.pairs.iloc[:8]
    alone = Findings(replace(findings.evidence, pairs=few, lacked_places=frozenset()))
    assert alone.stays_more is not None
    assert not alone.stays_more.speaks
    found = measured(alone, "retention_difference").estimate
    assert found.value is None
    assert "may not use it" in found.reason


def test_a_comparison_that_speaks_is_the_measure(findings: Findings) -> None:
    compared = findings.stays_more
    assert compared is not None
    found = measured(findings, "retention_difference").estimate
    if compared.speaks:
        assert found == compared.difference
    else:
        assert found.reason == compared.why


@pytest.mark.parametrize("key", [k for k, m in MEASURES.items() if m.table == "outcomes"])
def test_who_stays_is_open_until_the_cycle_has_ended(key: str, findings: Findings) -> None:
    outcomes = findings.evidence.tables["outcomes"]
    early = outcomes.assign(on=pd.Timestamp("2026-04-01"))
    tables = {**findings.evidence.tables, "outcomes": early}
    found = measured(Findings(replace(findings.evidence, tables=tables)), key).estimate
    assert found.value is None
    assert found.reason == (
        "the cycle runs until 10 July 2026, and outcomes are known up to 1 April 2026"
    )


def test_a_principle_that_the_pulse_does_not_ask_about_is_not_computed(findings: Findings) -> None:
    seen = findings.evidence
    asked = [item for item in seen.items["pulse"] if not item.startswith("respect")]
    found = Findings(replace(seen, items={**seen.items, "pulse": asked}))
    assert measured(found, "respect_change").estimate.reason == (
        "the pulse does not ask about respect"
    )
    assert measured(found, "compassion_change").estimate.value is not None


def test_skills_rated_twice_are_counted_though_they_may_not_be_compared(
    findings: Findings,
) -> None:
    level = ChangedItems.model_validate(
        {"table": "skills", "items": ["level"], "waves": ["after"], "what": "reworded"}
    )
    other = Findings(replace(findings.evidence, changed=[level]))
    assert measured(other, "skill_change").estimate.value is None
    found = measured(other, "skills_measured_share")
    assert found.estimate.count is not None
    assert found.having is not None
    assert found.estimate.count == len(found.having)


def test_every_measure_is_computed_and_has_advice() -> None:
    assert set(_BY_KEY) == set(MEASURES) == set(IF_SHORT)
    for text in IF_SHORT.values():
        assert text.endswith(".")
        assert text[0].isupper()


def test_templates_of_charters_name_measures_that_exist() -> None:
    named = {item.metric for template in TEMPLATES.values() for item in template.success}
    assert named <= set(MEASURES)
