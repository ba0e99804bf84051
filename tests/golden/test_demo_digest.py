"""The demo's files are these bytes, on this machine as on any other."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd
from demo_months import programme

from revmentor.data.demo import company, review_tables, write_tables

DIGESTS = {
    "applications": "464e60cbd8602bcf",
    "creativity": "3d68acdd8c6aa8e1",
    "decisions": "95d5d321eae6eba1",
    "goals": "0a2f4a436eea4210",
    "history": "8afbc64925f134dc",
    "leadership": "d37c3378ec7447f6",
    "outcomes": "1085be4734d8aaab",
    "people": "485345a7c0c9ffdb",
    "pulse": "b3730d60927ab705",
    "sessions": "8558d27a80b860ad",
    "skills": "1b4f3b7759e55ffb",
    "ties": "002cee00d996442c",
    "training": "3342ff957eeb0efd",
}


def test_bytes_are_the_known_ones(tmp_path: Path) -> None:
    """After a wanted change of the demo, put the digests that this test shows in their place."""
    demo = programme(dt.date(2026, 1, 12), dt.date(2026, 7, 10))
    tables = company(150, 7, demo.start)
    form = tables["applications"].merge(tables["people"], on="person_id")
    form = form[form.left_on == ""]
    sides = [form.person_id[form.side == side].tolist() for side in ("mentor", "mentee")]
    pairs = pd.DataFrame(zip(*sides, strict=False), columns=["mentor_id", "mentee_id"])
    tables |= review_tables(tables, pairs, 7, demo)
    files = write_tables(tables, tmp_path)
    seen = {file.stem: hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in files}
    assert seen == DIGESTS
