"""The tests' own PostgreSQL: real, private, and a fresh database for each test."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from postgres import Cluster

pytestmark = pytest.mark.postgres


def test_the_server_writes_as_surely_as_a_real_one(postgres: Cluster) -> None:
    with postgres.connect() as server:
        assert server.execute("SHOW fsync").fetchone() == ("on",)
        assert server.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)


def test_each_test_has_a_database_of_its_own(postgres: Cluster) -> None:
    with postgres.database() as first, postgres.database() as second:
        for url in (first, second):
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                connection.execute(sa.text("CREATE TABLE answers (person_id text)"))
            engine.dispose()


def test_nobody_comes_in_without_the_password(postgres_url: str) -> None:
    wrong = sa.make_url(postgres_url).set(password="wrong")
    engine = sa.create_engine(wrong)
    with pytest.raises(sa.exc.OperationalError, match="password authentication failed"):
        engine.connect()
    engine.dispose()
