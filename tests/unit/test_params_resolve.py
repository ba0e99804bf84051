"""Layers: what overlays what, where a value comes from, and what the resolved file says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pydantic
import pytest

from revmentor import names
from revmentor.params import cycle_names, load_params, read_resolved, scenario_names
from revmentor.params.models import CRITERIA, ObjectiveKind, Params, Rules
from revmentor.params.sources import TABLES, TableName

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Workbench

CYCLE = "params/cycles/demo.yaml"
SCENARIO = "params/scenarios/try.yaml"
DATES = "programme: {start: 2026-01-12, end: 2026-07-10}\n"


def test_every_shipped_cycle_resolves_with_every_shipped_scenario(repository: Path) -> None:
    cycles, scenarios = cycle_names(repository), scenario_names(repository)
    assert "demo" in cycles
    assert {"base", "skills-first", "across-departments"} <= set(scenarios)
    for cycle in cycles:
        for scenario in scenarios:
            assert load_params(cycle, scenario, root=repository).why


def test_maps_merge_lists_replace_and_the_upper_layer_wins(workbench: Workbench) -> None:
    workbench.write(
        CYCLE,
        DATES + "grades: [A, B]\nmatching: {weights: {skills: 0.7, site: 0.2}, "
        "criteria: {wishes: {credit: [1]}}}\n",
    )
    workbench.write(SCENARIO, "why: a\nmatching: {weights: {skills: 0.9}}\nsolver: {seed: 3}\n")
    resolved = load_params("demo", "try", root=workbench.root)
    weights = resolved.params.matching.weights
    assert (weights.skills, weights.site, weights.department) == (0.9, 0.2, 0.15)
    assert resolved.params.grades == ("A", "B")
    assert resolved.params.matching.criteria.wishes.credit == (1.0,)
    assert resolved.params.matching.criteria.wishes.mentor_share == 0.5
    came_from = resolved.provenance
    assert came_from["matching.weights.skills"] == "scenario try"
    assert came_from["matching.weights.site"] == "cycle demo"
    assert came_from["matching.weights.department"] == "base"
    assert came_from["grades"] == "cycle demo"
    assert came_from["matching.criteria.wishes.credit"] == "cycle demo"
    assert came_from["matching.criteria.wishes.mentor_share"] == "base"
    assert came_from["solver.seed"] == "scenario try"


def test_a_map_over_null_and_null_over_a_map(workbench: Workbench) -> None:
    workbench.write(CYCLE, DATES + "data: {demo: {people: 50}}\n")
    resolved = load_params("demo", root=workbench.root)
    assert resolved.params.data.demo is not None
    assert resolved.params.data.demo.people == 50
    assert resolved.provenance["data.demo.people"] == "cycle demo"
    assert "data.demo" not in resolved.provenance
    workbench.write(CYCLE, DATES + "data: {demo: null}\n")
    resolved = load_params("demo", root=workbench.root)
    assert resolved.params.data.demo is None
    assert resolved.provenance["data.demo"] == "cycle demo"


def test_provenance_names_every_value_of_the_resolved_file_once(workbench: Workbench) -> None:
    resolved = load_params("demo", "skills-first", root=workbench.root)
    leaves = [line for line in resolved.to_yaml().splitlines()[1:] if "  # " in line]
    assert len(leaves) == len(resolved.provenance)
    layers = {line.rpartition("  # ")[2] for line in leaves}
    assert layers == {"base", "cycle demo", "scenario skills-first"}
    assert "    skills: 0.75  # scenario skills-first" in leaves


@pytest.mark.parametrize("scenario", ["base", "skills-first", "across-departments"])
def test_the_resolved_file_reads_back_as_the_same_params(
    workbench: Workbench, scenario: str
) -> None:
    resolved = load_params("demo", scenario, root=workbench.root)
    file = workbench.write("out/params.resolved.yaml", resolved.to_yaml())
    assert read_resolved(file) == resolved.params


def test_rules_for_source_columns_read_back_too(workbench: Workbench) -> None:
    workbench.write(
        CYCLE,
        DATES
        + """
data:
  tables:
    people:
      path: survey.csv
      columns:
        person_id: {row_number: true}
        department: Main Branch
        birth_year: {column: Age, year_minus: 2019}
        grade: {column: Age, bands: [{label: junior, up_to: 30}, {label: senior, from: 45}]}
      labels:
        site: {"Yes, 5.0": here, 1: there}
      exclude_without: [site]
""",
    )
    resolved = load_params("demo", root=workbench.root)
    columns = resolved.params.data.tables["people"].columns
    assert columns["department"] == "Main Branch"
    assert columns["grade"].bands[0].holds(30)  # type: ignore[union-attr]
    assert resolved.provenance['data.tables.people.labels.site."Yes, 5.0"'] == "cycle demo"
    assert resolved.provenance["data.tables.people.columns.birth_year.year_minus"] == "cycle demo"
    file = workbench.write("params.resolved.yaml", resolved.to_yaml())
    assert read_resolved(file) == resolved.params


def test_the_digest_is_of_values_not_of_how_they_are_written(workbench: Workbench) -> None:
    workbench.write(SCENARIO, "why: a\nmatching: {rules: {minimum_overlap_hours: 2}}\n")
    first = load_params("demo", "try", root=workbench.root)
    workbench.write(
        SCENARIO, "# other words\nwhy: b\nmatching:\n  rules:\n    minimum_overlap_hours: 2.0\n"
    )
    assert load_params("demo", "try", root=workbench.root).digest == first.digest
    workbench.write(SCENARIO, "why: a\nmatching: {rules: {minimum_overlap_hours: 2.5}}\n")
    assert load_params("demo", "try", root=workbench.root).digest != first.digest
    assert len(first.digest) == 64


def test_the_base_scenario_touches_nothing(workbench: Workbench) -> None:
    resolved = load_params("demo", root=workbench.root)
    assert not [path for path, layer in resolved.provenance.items() if layer == "scenario base"]
    assert resolved.why.startswith("The cycle's own weights")


def test_shares_add_up_whatever_the_scale_of_the_weights(workbench: Workbench) -> None:
    workbench.write(SCENARIO, "why: a\nmatching: {weights: {skills: 40, wishes: 1.0e+9}}\n")
    shares = load_params("demo", "try", root=workbench.root).params.matching.shares
    assert math.isclose(math.fsum(shares.values()), 1.0)
    assert tuple(shares) == CRITERIA
    assert shares["wishes"] > 0.999


def test_yaml_words_that_look_like_something_else_stay_text(workbench: Workbench) -> None:
    workbench.write(CYCLE, DATES + "grades: [no, yes, on, 'null', '010', 12:30]\n")
    resolved = load_params("demo", root=workbench.root)
    assert resolved.params.grades == ("no", "yes", "on", "null", "010", "12:30")
    file = workbench.write("params.resolved.yaml", resolved.to_yaml())
    assert read_resolved(file).grades == resolved.params.grades


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(workbench: Workbench) -> None:
    workbench.write(CYCLE, b"\xef\xbb\xbf" + DATES.replace("\n", "\r\n").encode())
    assert load_params("demo", root=workbench.root).params.programme.start.year == 2026


def test_resolved_params_cannot_be_changed(workbench: Workbench) -> None:
    resolved = load_params("demo", root=workbench.root)
    with pytest.raises(pydantic.ValidationError):
        resolved.params.solver.seed = 5  # type: ignore[misc]
    with pytest.raises(TypeError):
        resolved.provenance["solver.seed"] = "me"  # type: ignore[index]


def test_base_states_every_parameter(repository: Path) -> None:
    resolved = load_params("demo", root=repository)
    stated = {path.split("[")[0] for path in resolved.provenance}

    def leaves(section: type[pydantic.BaseModel], at: str) -> set[str]:
        found = set()
        for name, info in section.model_fields.items():
            path = f"{at}{info.alias or name}"
            kind = info.annotation
            if isinstance(kind, type) and issubclass(kind, pydantic.BaseModel):
                found |= leaves(kind, f"{path}.")
            else:
                found.add(path)
        return found

    unstated = {
        path
        for path in leaves(Params, "")
        if not any(known == path or known.startswith(f"{path}.") for known in stated)
    }
    assert unstated == set()


def test_every_criterion_rule_and_kind_has_a_label() -> None:
    assert tuple(names.CRITERION_LABELS) == CRITERIA
    assert set(Rules.model_fields) | {"forbidden", "common_wave"} == set(names.RULE_LABELS)
    assert tuple(names.OBJECTIVE_KINDS) == ObjectiveKind.__args__  # type: ignore[attr-defined]
    assert tuple(names.PRINCIPLE_LABELS) == names.PRINCIPLES
    assert tuple(names.SIDE_LABELS) == names.SIDES
    assert TableName.__args__ == TABLES  # type: ignore[attr-defined]


def test_the_items_of_base_measure_every_principle_twice(repository: Path) -> None:
    items = load_params("demo", root=repository).params.data.items
    wanted = tuple(f"{principle}_{n}" for principle in names.PRINCIPLES for n in (1, 2))
    assert items.readiness == wanted
    assert items.pulse == wanted
