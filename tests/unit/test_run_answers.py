"""Answers that come in while a run works wait for the next one; no password is written down."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from tiny import tiny_cycle, write_notebook

from revmentor.cycle.run import run_cycle
from revmentor.data import checkin_tables as store
from revmentor.errors import InputError
from revmentor.params import load_params

MEETS = """
import datetime as dt, sqlalchemy as sa
from revmentor.data import checkin_tables as store
engine = sa.create_engine({url!r})
with engine.begin() as made:
    made.execute(sa.insert(store.SESSIONS).values(
        cycle='tiny', mentor_id='P-001', mentee_id='P-003', on=dt.date(2026, 2, 12),
        status='missed', entered_by='P-001', entered_at=dt.datetime(2026, 2, 12), key='late'))
engine.dispose()
"""
COUNTS = """
from revmentor.cycle.context import open_context
context = open_context('05_review', cycle, scenario, root=root, data=data, workdir=workdir)
(Path(root) / 'counted.txt').write_text(str(len(context.tables.sessions)))
"""


@pytest.fixture
def bench(repository: Path, tmp_path: Path) -> Path:
    made = tiny_cycle(repository, tmp_path / "bench")
    params = made / "params" / "cycles" / "tiny.yaml"
    params.write_text(params.read_text() + "  tables:\n    sessions: {checkin: true}\n")
    return made


def test_a_run_sees_the_answers_of_its_beginning(bench: Path) -> None:
    answers = bench / "outputs" / "tiny" / "checkin" / "answers.sqlite"
    answers.parent.mkdir(parents=True)
    url = f"sqlite:///{answers}"
    engine = sa.create_engine(url)
    store.METADATA.create_all(engine)
    with engine.begin() as made:
        made.execute(
            sa.insert(store.SESSIONS).values(
                cycle="tiny", mentor_id="P-001", mentee_id="P-003", on=dt.date(2026, 2, 11),
                status="held", entered_by="P-001", entered_at=dt.datetime(2026, 2, 11), key="a",
            )
        )  # fmt: skip
    engine.dispose()
    write_notebook(bench, "04_launch", MEETS.format(url=url))
    write_notebook(bench, "05_review", COUNTS)
    result = run_cycle("tiny", root=bench)
    assert (bench / "counted.txt").read_text() == "1"
    assert not [path for path in result.iterdir() if path.name.startswith(".")]
    first = json.loads((result / "manifest.json").read_text())["inputs"]["sessions"]
    write_notebook(bench, "04_launch")
    result = run_cycle("tiny", root=bench)
    assert (bench / "counted.txt").read_text() == "2"
    assert json.loads((result / "manifest.json").read_text())["inputs"]["sessions"] != first


@pytest.mark.postgres
def test_no_password_is_written_down(
    bench: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sa.make_url(postgres_url)
    password = str(url.password)
    monkeypatch.setenv("HR_PASSWORD", password)
    address = f"postgresql+psycopg://{url.username}:${{HR_PASSWORD}}@{url.host}:{url.port}"
    query = "SELECT 'P-001' AS person_id, 'Goals' AS module, 'completed' AS status"
    params = bench / "params" / "cycles" / "tiny.yaml"
    source = f"    training:\n      sql: {query}\n      database: {address}/{url.database}\n"
    params.write_text(params.read_text() + source)
    result = run_cycle("tiny", root=bench)
    files = [path for path in result.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert password.encode() not in path.read_bytes(), path.name
    assert "${HR_PASSWORD}" in (result / "params.resolved.yaml").read_text()
    params.write_text(params.read_text().replace("${HR_PASSWORD}", password))
    with pytest.raises(InputError, match="a password stands in the address") as refused:
        load_params("tiny", root=bench)
    assert password not in str(refused.value)
