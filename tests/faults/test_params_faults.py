"""Broken parameters: each fault names the layer's file, the dotted path, the value and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from revmentor.errors import Fault, InputError
from revmentor.params import load_params, read_resolved

if TYPE_CHECKING:
    from tests.conftest import Workbench

BASE = "params/base.yaml"
CYCLE = "params/cycles/demo.yaml"
SCENARIO = "params/scenarios/try.yaml"
DATES = "programme: {start: 2026-01-12, end: 2026-07-10}\n"


def faults_of(bench: Workbench, cycle: str = "demo", scenario: str = "base") -> list[Fault]:
    with pytest.raises(InputError) as caught:
        load_params(cycle, scenario, root=bench.root)
    assert caught.value.exit_code == 2
    assert str(caught.value).count("To fix: ") == len(caught.value.faults)
    return list(caught.value.faults)


def of_cycle(bench: Workbench, text: str) -> list[Fault]:
    bench.write(CYCLE, DATES + text)
    return faults_of(bench)


def the_one(faults: list[Fault]) -> Fault:
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


@pytest.mark.parametrize(
    ("file", "scenario", "line", "path", "value", "meant"),
    [
        (CYCLE, "base", "matching: {weights: {skils: 0.5}}", "matching.weights.skils", "0.5",
         "skills"),
        (CYCLE, "base", "disclosure: {min_group: 5}", "disclosure.min_group", "5",
         "minimum_group"),
        (CYCLE, "base", "data: {tables: {pepole: {path: a.csv}}}", "data.tables.pepole",
         "{path: a.csv}", "people"),
        (CYCLE, "base", "data: {tables: {people: {columns: {birth_year: {colum: Age}}}}}",
         "data.tables.people.columns.birth_year.colum", "Age", "column"),
        (CYCLE, "base", "charter: {success: [{criterion: a, metrc: b}]}",
         "charter.success[#1].metrc", "b", "metric"),
        (SCENARIO, "try", "why: a\nsolver: {seeds: 1}", "solver.seeds", "1", "seed"),
        (SCENARIO, "try", "why: a\nmatchng: {}", "matchng", "{}", "matching"),
    ],
)  # fmt: skip
def test_a1_unknown_key_names_the_nearest_of_its_own_section(
    workbench: Workbench, file: str, scenario: str, line: str, path: str, value: str, meant: str
) -> None:
    workbench.write(file, (DATES if file == CYCLE else "") + line)
    fault = the_one(faults_of(workbench, scenario=scenario))
    assert (fault.kind, fault.file, fault.column, fault.value) == ("unknown key", file, path, value)
    assert fault.cure == f"write {meant}, if that is what you mean"


def test_a1_unknown_key_far_from_all_lists_the_names_of_its_section(workbench: Workbench) -> None:
    fault = the_one(of_cycle(workbench, "disclosure: {zebra: 1}"))
    assert fault.cure == "the names here are minimum_group, minimum_comments"


def test_a1_misspelt_key_of_base_is_named_once_and_not_also_as_missing(
    workbench: Workbench,
) -> None:
    lottery = " 0                       # integer, for the lottery among"
    workbench.edit(BASE, f"  seed:{lottery}", f"  sed:{lottery}")
    fault = the_one(faults_of(workbench))
    assert (fault.file, fault.column) == (BASE, "solver.sed")


def test_key_that_base_lacks_is_missing_in_base(workbench: Workbench) -> None:
    mean = "missing: mean                 # mean | zero | exclude: a criterion"
    workbench.edit(BASE, f"  {mean}", f"  # {mean}")
    fault = the_one(faults_of(workbench))
    assert (fault.kind, fault.file, fault.column) == ("missing", BASE, "matching.missing")
    assert fault.cure == "give missing there"


@pytest.mark.parametrize(
    ("line", "path", "value", "problem", "cure"),
    [
        ("disclosure: {minimum_group: 010}", "disclosure.minimum_group", "010",
         "not as it is written", "write 10"),
        ("solver: {seed: 1_000}", "solver.seed", "1_000", "not as it is written", "write 1000"),
        ("solver: {seed: 0x1F}", "solver.seed", "0x1F", "not as it is written", "write 31"),
        ("solver: {seed: 0o17}", "solver.seed", "0o17", "not as it is written", "write 15"),
        (f"solver: {{seed: {'9' * 5000}}}", "solver.seed", "9" * 57 + "...", "18 digits",
         "smaller"),
        ("matching: {rules: {no_repeat: no}}", "matching.rules.no_repeat", "no",
         "must be true or false", "write true or false"),
        ("matching: {rules: {vetoes: 1}}", "matching.rules.vetoes", "1",
         "a whole number, and must be true or false", "write true or false"),
        ("grades: [no, yes, 3]", "grades[#3]", "3", "must be text", "quotes"),
        ("charter: {owner: 2026-01-01}", "charter.owner", "2026-01-01",
         "a date, and must be text", "quotes"),
        ("matching: {rules: {minimum_overlap_hours: '3,5'}}",
         "matching.rules.minimum_overlap_hours", "3,5", "text, and must be a number",
         "write 3.5, with a point"),
        ("matching: {rules: {minimum_overlap_hours: true}}",
         "matching.rules.minimum_overlap_hours", "true", "must be a number", "0.5"),
        ("grades: Junior", "grades", "Junior", "must be a list", "[a, b]"),
        ("data: {missing: ''}", "data.missing", "", "must be a list", "[a, b]"),
        ("matching: [1, 2]", "matching", "[1, 2]", "must be a section", "list its keys"),
        ("solver:", "solver", "null", "empty, and must be a section", "list its keys"),
        ("data: {separator: ';;'}", "data.separator", ";;", "longer than 1 character",
         "write 1 character"),
        ("data: {date_order: DMY}", "data.date_order", "DMY", "not one of the words",
         "did you mean dmy?"),
        ("design: {training: [{module: a, minutes: 30, for: senior}]}", "design.training[#1].for",
         "senior", "not one of the words",
         "did you mean mentee: the junior person is the mentor here, and the senior one the "),
        ("data: {tables: {people: {columns: {grade: 5}}}}", "data.tables.people.columns.grade",
         "5", "neither the name of a source column nor a rule", "{row_number: true}"),
        ("data: {tables: {people: {columns: {site: {bands: 3, column: a}}}}}",
         "data.tables.people.columns.site.bands", "3", "must be a list", "[a, b]"),
        ("data: {tables: {people: {labels: {grade: {1: 5}}}}}",
         "data.tables.people.labels.grade.1", "5", "must be text", "quotes"),
        ("data: {scales: {item: {from: 5, to: 1}}}", "data.scales.item", "{from: 5, to: 1, "
         "labels: {}}", "to a larger one", "lower end first"),
        ("generations: []", "generations", "[]", "fewer than 1 item", "at least 1 item"),
        ("grades: [A, B, A]", "grades", "[A, B, A]", "'A' stands more than once", "keep one"),
        ("matching: {working_hours: {from: 17, to: 9}}", "matching.working_hours.to", "9",
         "not after 17", "later hour last"),
    ],
)  # fmt: skip
def test_a2_values_are_type_checked(
    workbench: Workbench, line: str, path: str, value: str, problem: str, cure: str
) -> None:
    fault = the_one(of_cycle(workbench, line))
    assert (fault.file, fault.column, fault.value) == (CYCLE, path, value)
    assert problem in fault.problem
    assert cure in fault.cure


@pytest.mark.parametrize(
    ("start", "value", "problem"),
    [
        ("12/01/2026", "12/01/2026", "not a date"),
        ("20260112", "20260112", "not a date"),
        ("'20260112'", "20260112", "not a date"),
        ("2026-1-5", "2026-1-5", "not a date"),
        ("2026-01-12T10:00:00", "2026-01-12T10:00:00", "not a date"),
        ("2026-02-30", "2026-02-30", "no such day"),
        ("2027-01-01", "2026-07-10", "ends on 2026-07-10, not after its start on 2027-01-01"),
    ],
)
def test_a2_dates_are_written_one_way(
    workbench: Workbench, start: str, value: str, problem: str
) -> None:
    workbench.write(CYCLE, f"programme: {{start: {start}, end: 2026-07-10}}")
    fault = the_one(faults_of(workbench))
    assert fault.file == CYCLE
    assert fault.column in ("programme.start", "programme.end")
    assert fault.value == value
    assert problem in fault.problem


def test_dates_that_a_cycle_does_not_give_are_asked_for_in_its_file(workbench: Workbench) -> None:
    workbench.write(CYCLE, "")
    faults = faults_of(workbench)
    assert {fault.column for fault in faults} == {"programme.start", "programme.end"}
    assert {fault.file for fault in faults} == {CYCLE}
    assert {fault.cure for fault in faults} == {f"write it in {CYCLE}"}


@pytest.mark.parametrize(
    ("value", "problem"), [("0", "below 3"), ("1", "below 3"), ("five", "must be a whole number")]
)
@pytest.mark.parametrize("key", ["minimum_group", "minimum_comments"])
def test_a3_minimum_group(workbench: Workbench, key: str, value: str, problem: str) -> None:
    fault = the_one(of_cycle(workbench, f"disclosure: {{{key}: {value}}}"))
    assert (fault.file, fault.column, fault.value) == (CYCLE, f"disclosure.{key}", value)
    assert problem in fault.problem
    assert "3" in fault.cure


@pytest.mark.parametrize(
    ("value", "problem", "cure"),
    [
        ("-0.1", "below 0, the least allowed", "write 0 or more"),
        (".nan", "not a number (NaN)", "such as 0.5"),
        (".inf", "not a finite number", "such as 0.5"),
        ("1e999", "not a finite number", "such as 0.5"),
        ("much", "text, and must be a number", "such as 0.5"),
        ("'0.5'", "text, and must be a number", "such as 0.5"),
        ("null", "empty, and must be a number", "such as 0.5"),
    ],
)
def test_a4_a_weight_that_is_no_share(
    workbench: Workbench, value: str, problem: str, cure: str
) -> None:
    workbench.write(SCENARIO, f"why: a\nmatching: {{weights: {{skills: {value}}}}}")
    fault = the_one(faults_of(workbench, scenario="try"))
    assert (fault.file, fault.column) == (SCENARIO, "matching.weights.skills")
    assert fault.value == value.strip("'")
    assert problem in fault.problem
    assert cure in fault.cure


def test_a4_all_weights_zero(workbench: Workbench) -> None:
    resolved = load_params("demo", root=workbench.root)
    zeros = ", ".join(f"{name}: 0" for name in type(resolved.params.matching.weights).model_fields)
    workbench.write(SCENARIO, f"why: a\nmatching: {{weights: {{{zeros}}}}}")
    fault = the_one(faults_of(workbench, scenario="try"))
    assert (fault.file, fault.column) == (SCENARIO, "matching.weights")
    assert "every weight is zero" in fault.problem


def test_a4_generation_weighs_only_with_a_reason_and_the_guilty_layer_is_who_set_it(
    workbench: Workbench,
) -> None:
    workbench.write(CYCLE, DATES)
    workbench.write(SCENARIO, "why: a\nmatching: {weights: {generation: 0.2}}")
    fault = the_one(faults_of(workbench, scenario="try"))
    assert (fault.file, fault.column, fault.value) == (
        SCENARIO,
        "matching.weights.generation",
        "0.2",
    )
    assert "matching.criteria.generation.reason" in fault.cure


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "is empty"),
        ("a/b", "not allowed"),
        ("a\\b", "not allowed"),
        ("..", "not allowed"),
        ("../../etc/passwd", "not allowed"),
        ("/etc/passwd", "not allowed"),
        ("a.", "not allowed"),
        (".a", "not allowed"),
        ("a\0b", "not allowed"),
        ("demo\n", "not allowed"),
        ("data", "reserved"),
        ("NUL", "reserved"),
        ("latest", "reserved"),
        ("x" * 300, "300 characters"),
    ],
)
@pytest.mark.parametrize("what", ["cycle", "scenario"])
def test_a6_names_are_refused_before_any_disk_is_touched(
    workbench: Workbench, what: str, name: str, problem: str
) -> None:
    names = {"cycle": "demo", "scenario": "base", what: name}
    nowhere = workbench.root / "nowhere"
    with pytest.raises(InputError) as caught:
        load_params(names["cycle"], names["scenario"], root=nowhere)
    fault = the_one(list(caught.value.faults))
    assert fault.column == what
    assert problem in fault.problem
    assert "letters, digits" in fault.cure


def test_a6_both_names_at_once(workbench: Workbench) -> None:
    assert [fault.column for fault in faults_of(workbench, "", "..")] == ["cycle", "scenario"]


def test_no_such_cycle_and_no_such_scenario_list_those_there_are(workbench: Workbench) -> None:
    cycle, scenario = faults_of(workbench, "dmo", "skill-first")
    assert (cycle.file, cycle.value) == ("params/cycles/dmo.yaml", "dmo")
    assert "demo" in cycle.problem
    assert cycle.cure == "write demo, if that is what you mean"
    assert scenario.file == "params/scenarios/skill-first.yaml"
    assert "across-departments, base" in scenario.problem
    assert scenario.cure == "write skills-first, if that is what you mean"


def test_x3_a_link_out_of_the_workbench_is_not_followed(
    workbench: Workbench, make_workbench: object
) -> None:
    outside = workbench.root.parent / f"{workbench.root.name}-outside.yaml"
    outside.write_text("secret: 1")
    (workbench.root / "params/cycles/linked.yaml").symlink_to(outside)
    fault = the_one(faults_of(workbench, "linked"))
    assert fault.file == "params/cycles/linked.yaml"
    assert "outside the workbench" in fault.problem
    assert "secret" not in str(fault)


@pytest.mark.parametrize(
    ("value", "problem", "cure"),
    [
        ("2.5", "must be a whole number", "digits only"),
        ("10000", "above 1000, the most allowed", "write 1000 or less"),
        ("50", "above the stated cap, most: 10", "matching.capacity.most"),
        ("-1", "below 0", "write 0 or more"),
    ],
)
def test_a7_capacity(workbench: Workbench, value: str, problem: str, cure: str) -> None:
    fault = the_one(of_cycle(workbench, f"matching: {{capacity: {{mentor: {value}}}}}"))
    assert (fault.file, fault.column, fault.value) == (CYCLE, "matching.capacity.mentor", value)
    assert problem in fault.problem
    assert cure in fault.cure


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("programme: {title: Other}", "{title: Other}"),
        ("disclosure: {minimum_group: 3}", "{minimum_group: 3}"),
        ("grades: [A]", "[A]"),
    ],
)
def test_a_scenario_touches_matching_and_solver_only(
    workbench: Workbench, section: str, value: str
) -> None:
    workbench.write(SCENARIO, f"why: a\n{section}")
    fault = the_one(faults_of(workbench, scenario="try"))
    name = section.partition(":")[0]
    assert (fault.file, fault.column, fault.value) == (SCENARIO, name, value)
    assert fault.problem == "a scenario may touch matching, circles and solver only"
    assert fault.cure == f"move {name} to the cycle's file"


@pytest.mark.parametrize("why", ["", "why:", "why: ''", "why: '  '", "why: 5", "why: [a]"])
def test_a_scenario_says_why(workbench: Workbench, why: str) -> None:
    workbench.write(SCENARIO, f"{why}\nsolver: {{seed: 1}}")
    fault = the_one(faults_of(workbench, scenario="try"))
    assert (fault.file, fault.column) == (SCENARIO, "why")
    assert "in words" in fault.problem


@pytest.mark.parametrize(
    ("text", "problem", "cure"),
    [
        ("a: [1,\n b: 2", "line 2", "indentation"),
        ("a: {b: 1 c: 2}", "line 1: expected ','", "put a comma between two entries"),
        ("a: [b, 'c' d]", "line 1: expected ','", "put a comma between two entries"),
        ("a:\n\tb: 1", "line 2", "indentation"),
        ("a: 1\n---\nb: 2", "line 2", "indentation"),
        ("programme:\n  title: Pilot: spring", "line 2: mapping values are not allowed here",
         "put text that holds a colon in quotes"),
        ("a: 1\n  b: 2", "line 2: mapping values are not allowed here", "compare indentation"),
        ("- 1", "not a map of sections", "base.yaml"),
        ("just words", "not a map of sections", "base.yaml"),
        (b"programme: {title: caf\xe9}", "line 1: byte 0xe9 is not UTF-8", "UTF-8"),
        (b"\xff\xfea\x00:\x00", "not UTF-8", "UTF-8"),
        ("a: \x00", "special characters are not allowed", "base.yaml"),
        ("[" * 5000, "line 1 is nested more than 30 deep", "base.yaml"),
        ("%YAML 1.1\n---\nsolver: {seed: 1}", "line 1 has a directive", "YAML 1.2"),
        ("solver: {seed: !!int '1'}", "line 1 has a tag", "plain value"),
        ("a: !!python/object/apply:os.system [ls]", "line 1 has a tag", "plain value"),
        ("solver: &x {seed: 1}", "line 1 has an anchor", "where it is used"),
    ],
)  # fmt: skip
def test_x5_what_is_not_plain_yaml_is_refused(
    workbench: Workbench, text: str | bytes, problem: str, cure: str
) -> None:
    workbench.write(CYCLE, text)
    fault = the_one(faults_of(workbench))
    assert fault.file == CYCLE
    assert problem in fault.problem
    assert cure in fault.cure


def test_a_comma_in_text_without_quotes_is_told(workbench: Workbench) -> None:
    workbench.write(CYCLE, DATES + "charter: {objective: Seniors learn SQL, and more of it}\n")
    (fault,) = (each for each in faults_of(workbench) if each.kind == "unknown key")
    assert fault.column == 'charter."and more of it"'
    assert fault.cure.startswith("put text that holds a comma in quotes; or ")


def test_a_key_that_stands_twice_names_both_lines(workbench: Workbench) -> None:
    workbench.write(CYCLE, DATES + "solver:\n  seed: 1\n  seed: 2\nprogramme: {title: a}\n")
    first, second = faults_of(workbench)
    assert (first.file, first.column) == (CYCLE, "solver.seed")
    assert first.problem == "it stands twice, in lines 3 and 4"
    assert (second.column, second.problem) == ("programme", "it stands twice, in lines 1 and 5")
    assert second.cure == "keep one of them"


def test_all_faults_of_all_layers_come_at_once(workbench: Workbench) -> None:
    workbench.edit(BASE, "minimum_comments: 10", "minimum_comments: 1")
    workbench.write(
        CYCLE,
        "programme: {start: 2026-01-12, end: 12.7.2026}\n"
        "matching: {weights: {skils: 1, site: .nan}, capacity: {mentor: 2.5}}\n",
    )
    workbench.write(SCENARIO, "grades: [A]\nmatching: {missing: means, weights: {wishes: -1}}\n")
    found = {(fault.file, fault.column) for fault in faults_of(workbench, scenario="try")}
    assert found == {
        (BASE, "disclosure.minimum_comments"),
        (CYCLE, "programme.end"),
        (CYCLE, "matching.weights.skils"),
        (CYCLE, "matching.weights.site"),
        (CYCLE, "matching.capacity.mentor"),
        (SCENARIO, "grades"),
        (SCENARIO, "why"),
        (SCENARIO, "matching.missing"),
        (SCENARIO, "matching.weights.wishes"),
    }


def test_a_folder_without_base_is_no_workbench(workbench: Workbench) -> None:
    (workbench.root / BASE).unlink()
    fault = the_one(faults_of(workbench))
    assert fault.file == BASE
    assert "root" in fault.cure


def test_a_resolved_file_that_was_edited_wrongly_is_refused(workbench: Workbench) -> None:
    text = load_params("demo", root=workbench.root).to_yaml()
    file = workbench.write(
        "params.resolved.yaml", text.replace("minimum_group: 5", "minimum_group: 2")
    )
    with pytest.raises(InputError) as caught:
        read_resolved(file)
    fault = the_one(list(caught.value.faults))
    assert (fault.file, fault.column, fault.value) == (
        "params.resolved.yaml",
        "disclosure.minimum_group",
        "2",
    )


@pytest.mark.parametrize(
    ("text", "path", "value", "said"),
    [
        ("design: {waves: [{name: a, weeks: 99}]}", "design.waves[#1].weeks", "99",
         "the wave 'a' ends on 2027-12-05, after the cycle on 2026-07-10"),
        ("design: {waves: [{name: a}, {name: b, start: 2027-01-04}]}", "design.waves[#2].start",
         "2027-01-04", "the wave 'b' starts on 2027-01-04"),
        ("design: {training: [{module: a, minutes: 30}, {module: A, minutes: 30}]}",
         "design.training", None, "more than one is called 'A'"),
        ("design: {training: [{module: a, minutes: 30, for: mentors}]}",
         "design.training[#1].for", "mentors", "not one of the words allowed here"),
        ("design: {promotion: {plan: [{on: 3.11.2025, channel: Intranet}]}}",
         "design.promotion.plan[#1].on", "3.11.2025", "not a date"),
        ("design: {countries: {Leeds: QQ}}", "design.countries.Leeds", "QQ",
         "does not know this country"),
        ("design: {scope: {add: [a], leave_out: [a]}}", "design.scope.add", None,
         "somebody is also in leave_out"),
        ("design: {capacity: {usual_hours: {mentor: -1}}}", "design.capacity.usual_hours.mentor",
         "-1", "below 0"),
    ],
)  # fmt: skip
def test_a_design_that_cannot_be_names_path_and_cure(
    workbench: Workbench, text: str, path: str, value: str | None, said: str
) -> None:
    fault = the_one(of_cycle(workbench, text))
    assert (fault.file, fault.column) == (CYCLE, path)
    assert value is None or fault.value == value
    assert said in fault.problem
    assert fault.cure
