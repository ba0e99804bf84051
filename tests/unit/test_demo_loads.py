"""The demo's files obey the contract: the loader takes every row and finds no fault."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from revmentor.data import load_tables
from revmentor.data.demo import company, review_tables, write_tables
from revmentor.params import load_params


@pytest.mark.parametrize(("people", "seed"), [(40, 1), (600, 7)])
def test_every_row_is_read_and_only_leavers_are_left_out(
    people: int, seed: int, repository: Path, tmp_path: Path
) -> None:
    params = load_params("demo", root=repository).params
    made = company(people, seed, params.programme.start)
    form = made["applications"].merge(made["people"], on="person_id")
    form = form[form.left_on == ""]
    mentors, mentees = (form.person_id[form.side == side].tolist() for side in ("mentor", "mentee"))
    couples = list(zip(mentors, mentees, strict=False))
    pairs = pd.DataFrame(couples, columns=["mentor_id", "mentee_id"])
    made |= review_tables(made, pairs, seed, params.programme)
    write_tables(made, tmp_path)

    tables = load_tables(params, tmp_path, cycle="demo")

    left = int((made["people"].left_on != "").sum())
    assert not tables.report.warnings
    for table in tables.report.tables:
        out = sum(exclusion.n for exclusion in table.excluded)
        assert table.rows_read == len(made[table.table]), table.table
        assert table.rows_used == table.rows_read - out, table.table
        expected = {"people": left, "applications": len(made["applications"]) - len(form)}
        assert out == expected.get(table.table, 0), table.table
    assert {table.table for table in tables.report.tables} == set(made)
    people_then = tables.people.set_index("person_id")
    assert (people_then.grade_rank.loc[tables.applications.person_id] >= 0).all()


def test_sign_up_of_the_demo_cycle_covers_all_applications(repository: Path) -> None:
    programme = load_params("demo", root=repository).params.programme
    applied = company(600, 7, programme.start)["applications"].applied_on
    assert programme.sign_up_from is not None
    assert programme.sign_up_until is not None
    assert applied.min() >= programme.sign_up_from.isoformat()
    assert applied.max() <= programme.sign_up_until.isoformat()
