"""A PostgreSQL of the tests' own: a private cluster in a temporary folder, gone when they end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

USER = "revmentor"
_SERVANTS = ("postgres", "nobody")
_PATIENCE_S = 60.0
# A socket's path may have 107 bytes, which the folders of pytest exceed.
_SHORT = "/tmp"


def find_postgres() -> Path | None:
    """Folder of the newest installed server's programs: Debian's, else those of the PATH."""
    debian = Path("/usr/lib/postgresql")
    servers = [found.parent for found in debian.glob("*/bin/initdb")] if debian.is_dir() else []
    if servers:
        return max(servers, key=lambda found: [int(n) for n in found.parent.name.split(".")])
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@dataclass(frozen=True)
class Cluster:
    """A running server: on loopback with a password, and on a socket in its folder."""

    folder: Path
    port: int
    password: str

    def url(self, database: str) -> str:
        """The address of a database, as SQLAlchemy takes it."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection to the server's own database, each statement by itself."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        )

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new, empty database, which is dropped in the end."""
        name = f"test_{secrets.token_hex(6)}"
        with self.connect() as server:
            server.execute(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            with self.connect() as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new server that writes as surely as a real one (fsync on); it ends with the block."""
    programs = find_postgres()
    assert programs is not None, "no PostgreSQL, and this test is not marked or is needed"
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_SHORT))
    try:
        with _served(programs, folder) as served:
            yield served
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(programs: Path, folder: Path) -> Iterator[Cluster]:
    password, port = secrets.token_urlsafe(16), _free_port()
    secret = folder / "password"
    secret.write_text(password, encoding="utf-8")
    servant = _servant()
    if servant:
        # The server refuses to run as root.
        for place in (folder, secret):
            shutil.chown(place, servant)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    how: dict[str, Any] = {
        "cwd": folder,
        "env": {**inherited, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        **({"user": servant, "group": _group(servant), "extra_groups": []} if servant else {}),
    }
    made = subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", USER, "--pwfile", secret,
         "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-sync"],
        stdout=subprocess.PIPE, text=True, check=False, **how,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout
    secret.unlink()
    log = folder / "log"
    with log.open("wb") as said:
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port),
             "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "max_connections=200"],
            stdout=said, **how,
        )  # fmt: skip
    try:
        served = Cluster(folder, port, password)
        _wait(served, server, log)
        yield served
    finally:
        # SIGINT: a fast shutdown, which waits for no client.
        server.send_signal(2)
        try:
            server.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(served: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            served.connect().close()
            return
        except psycopg.OperationalError:
            ready = server.poll() is None and time.monotonic() < end
            assert ready, log.read_text(errors="replace")
            time.sleep(0.05)


def _servant() -> str:
    """Whom root becomes to run the server; empty for anybody else."""
    if os.geteuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _SERVANTS if name in known)


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
