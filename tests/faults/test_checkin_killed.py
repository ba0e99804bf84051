"""A server that is killed under load has lost nothing that it had said thanks for."""

from __future__ import annotations

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from checkin_cases import hidden, roster_dict
from checkin_served import Served
from conftest import Workbench
from sqlalchemy import make_url, select

from revmentor.checkin.database import open_store
from revmentor.data.checkin_tables import NONCES, SESSIONS
from revmentor.publish.workspace import Workspace


@pytest.fixture
def bench(workbench: Workbench) -> Workbench:
    home = workbench.root / "outputs" / "demo" / "base"
    Workspace(home).write_json("checkin", roster_dict(cycle="demo"), restricted=True)
    return workbench


def answering(
    client: httpx.Client, served: Served, person: str, number: int, acknowledged: list[str]
) -> None:
    """Log meetings one after the other, until the server is gone."""
    page = f"{served.path(person)}/{number}/meeting"
    try:
        for n in range(15):
            form = hidden(client.get(page).text)
            sent = {**form, "happened": "held", "on": "2026-02-10", "minutes": "45",
                    "topic": f"{person}-{n}"}  # fmt: skip
            if client.post(page, data=sent).status_code == 303:
                acknowledged.append(form["key"])
    except httpx.HTTPError:
        return


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_killed_under_load_no_acknowledged_answer_is_lost_and_none_is_double(
    bench: Workbench, kind: str, request: pytest.FixtureRequest
) -> None:
    database, password = "", ""
    if kind == "postgres":
        url = make_url(request.getfixturevalue("postgres_url"))
        database, password = url.render_as_string(hide_password=False), str(url.password)
        written = database.replace(password, "${CHECKIN_PASSWORD}")
        bench.edit("params/cycles/demo.yaml", "checkin:\n", f"checkin:\n  database: {written}\n")
    served, acknowledged = Served(bench.root, password), list[str]()
    # One for all: the cookies of the links have paths of their own.
    with httpx.Client(timeout=10) as client, ThreadPoolExecutor(24) as pool:
        for n in range(1, 13):
            pool.submit(answering, client, served, f"m{n}", n, acknowledged)
            pool.submit(answering, client, served, f"s{n}", n, acknowledged)
        killer = threading.Thread(target=_kill_after, args=(served, acknowledged, 60))
        killer.start()
    killer.join()
    assert served.process.wait(10) == -signal.SIGKILL
    assert 60 <= len(acknowledged) < 24 * 15
    again = Served(bench.root, password)
    try:
        assert httpx.get(again.path("m1")).status_code == 200
    finally:
        again.end(signal.SIGTERM)
    store = open_store(bench.root / "outputs" / "demo", "demo", database)
    with store.reading() as connection:
        keys = list(connection.scalars(select(SESSIONS.c.key)))
        nonces = list(connection.scalars(select(NONCES.c.nonce)))
    store.close()
    assert set(acknowledged) - set(keys) == set()
    assert len(keys) == len(set(keys))
    assert sorted(keys) == sorted(nonces)


def _kill_after(served: Served, acknowledged: list[str], answers: int) -> None:
    last = time.monotonic() + 60
    while len(acknowledged) < answers and time.monotonic() < last:
        time.sleep(0.005)
    served.process.kill()
    served.process.communicate(timeout=10)
