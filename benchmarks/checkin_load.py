"""Does the check-in page stand the day on which everybody answers, and is nothing lost?

The page is served as users serve it (`revmentor checkin serve`), on loopback, with SQLite or with a
PostgreSQL of its own (as installed; the tests start it the same way); locust, a load
tool with an environment of its own (``benchmarks/setup``), brings people at a steady rate.
Each opens their link, answers the check-in and logs a meeting: seven requests, two of which store
something. What the page acknowledged is compared with what the database holds.

    python benchmarks/checkin_load.py                             # 2,000 in ten minutes, for one
    python benchmarks/checkin_load.py --people 2000 --seconds 600
    python benchmarks/checkin_load.py --people 500 --seconds 10   # all read the same reminder
    python benchmarks/checkin_load.py --people 2000 --seconds 600 --postgres
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from isolation import python_of
from sqlalchemy import create_engine, text

from revmentor.checkin import tokens
from revmentor.publish.workspace import Workspace

HERE = Path(__file__).resolve().parent
DATABASE = "CHECKIN_DATABASE"
ITEMS = [
    f"{principle}_{n}"
    for principle in ("compassion", "respect", "transparency", "willingness", "commitment")
    for n in (1, 2)
]
LAST = dt.date(2026, 8, 9)


def main() -> None:
    """Serve a cycle, let people come, compare what was acknowledged with what is stored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0, help="within which they come")
    parser.add_argument("--postgres", action="store_true", help="instead of SQLite")
    asked = parser.parse_args()
    if not python_of("locust").exists():
        sys.exit("locust is not installed: run benchmarks/setup")
    with tempfile.TemporaryDirectory() as name, database(Path(name), asked.postgres) as address_of:
        root = Path(name)
        shutil.copytree(HERE.parent / "params", root / "params")
        if asked.postgres:
            own = root / "params" / "cycles" / "demo.yaml"
            section = f"\ncheckin:\n  database: ${{{DATABASE}}}\n"
            own.write_text(own.read_text("utf-8").replace("\ncheckin:\n", section), "utf-8")
        home = root / "outputs" / "demo"
        Workspace(home / "base").write_json("checkin", roster(asked.people), restricted=True)
        server, address = serve(root, address_of)
        began = time.monotonic()
        try:
            measured = load(root, address, asked.people, asked.seconds)
        finally:
            seconds = time.monotonic() - began
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)
        compared = compare(root, address_of)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    for kind, row in measured.items():
        print(
            f"{kind:<14}{row['n']:>7,} requests {row['failed']:>4} failed   "
            f"p50 {row['p50']:>5.0f} ms   p95 {row['p95']:>5.0f} ms   longest {row['max']:>6.0f} ms"
        )
    whole = measured["Aggregated"]
    done = {
        "postgres": asked.postgres,
        "people": asked.people,
        "seconds": round(seconds, 1),
        **compared,
    }
    done |= {"requests_a_second": round(whole["n"] / seconds, 1), "peak_mb": used.ru_maxrss // 1024}
    print(json.dumps({**done, "failed": whole["failed"], "p50": whole["p50"], "p95": whole["p95"]}))
    sys.exit(bool(whole["failed"] or compared["lost"] or compared["double"]))


def roster(people: int) -> dict[str, object]:
    """A cycle of so many people, in pairs, with a check-in that is open."""
    pairs = [(n, f"m{n}", f"s{n}") for n in range(1, people // 2 + 1)]
    return {
        "cycle": "demo", "title": "Load", "start": "2026-01-12", "end": "2026-07-10",
        "languages": ["en", "de"], "expires": LAST.isoformat(),
        "waves": [{"name": "day30", "opens": "2026-02-11", "closes": "2026-03-04"}],
        "items": [{"item": item, "principle": item[:-2]} for item in ITEMS],
        "scale": {"from": 1, "to": 5},
        "people": [{"person_id": who, "name": f"Person {who}", "email": "", "side": side}
                   for _, one, two in pairs for who, side in ((one, "mentor"), (two, "mentee"))],
        "pairs": [{"number": n, "mentor_id": one, "mentee_id": two, "mentor_name": f"Person {one}",
                   "mentee_name": f"Person {two}", "skills": ["SQL"], "start": "2026-01-12",
                   "end": "2026-07-10"} for n, one, two in pairs],
    }  # fmt: skip


@contextmanager
def database(root: Path, postgres: bool) -> Iterator[str]:
    """The address of the answers: SQLite where the page puts it, or a PostgreSQL that ends here."""
    if not postgres:
        yield f"sqlite:///{root / 'outputs' / 'demo' / 'checkin' / 'answers.sqlite'}"
        return
    sys.path.insert(0, str(HERE.parent / "tests"))
    from postgres import cluster  # of the tests: it starts the installed server

    with cluster() as served, served.database() as address:
        yield address


def serve(root: Path, answers: str) -> tuple[subprocess.Popen[str], str]:
    """The page of that cycle, in a process of its own, and its address."""
    words = ["checkin", "serve", "demo", "--port", "0", "--as-of", "2026-02-16"]
    server = subprocess.Popen(
        [sys.executable, "-m", "revmentor.cli", *words, "--root", str(root)],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", DATABASE: answers},
    )  # fmt: skip
    assert server.stdout is not None
    address = ""
    for line in server.stdout:
        if found := re.search(r"is served on (http://\S+)", line):
            address = found[1]
        if "Ctrl-C" in line:
            return server, address
    sys.exit("the page could not be served")


def load(root: Path, address: str, people: int, seconds: float) -> dict[str, dict[str, float]]:
    """Let people come at a steady rate; what locust measured, by kind of request."""
    secret = tokens.secret_of(root / "outputs" / "demo")
    links = [
        f"{tokens.link('', secret, 'demo', f'{side}{n}', 1, LAST)}#{n}"
        for n in range(1, people // 2 + 1)
        for side in "ms"
    ]
    (root / "links.txt").write_text("\n".join(links), encoding="utf-8")
    surroundings = {
        "CHECKIN_LINKS": str(root / "links.txt"), "CHECKIN_NOTES": str(root / "notes.txt"),
        "CHECKIN_PEOPLE": str(len(links)), "CHECKIN_ADDRESS": address,
        "CHECKIN_SECONDS": str(seconds),
    }  # fmt: skip
    done = subprocess.run(
        [str(python_of("locust")), "-m", "locust", "-f", str(HERE / "checkin_locust.py"),
         "--headless", "--only-summary", "-u", str(len(links)),
         "-r", "1000", "--run-time", f"{seconds + 120:.0f}s"],
        env={**os.environ, **surroundings}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"')]
    if not lines:
        sys.exit(done.stderr[-2000:])
    measured: dict[str, dict[str, float]] = json.loads(lines[-1])
    return measured


def compare(root: Path, answers: str) -> dict[str, int]:
    """How many answers were acknowledged, are stored, are lost, are double?"""
    notes = (root / "notes.txt").read_text(encoding="utf-8").split("\n")
    acknowledged = {line.split()[1] for line in notes if line}
    engine = create_engine(answers)
    with engine.connect() as connection:
        keys = [
            key
            for table in ("checkin_pulse", "checkin_sessions")
            for (key,) in connection.execute(text(f"SELECT key FROM {table}"))
        ]
    engine.dispose()
    lost, double = len(acknowledged - set(keys)), len(keys) - len(set(keys))
    return {"acknowledged": len(acknowledged), "stored": len(keys), "lost": lost, "double": double}


if __name__ == "__main__":
    main()
