"""Two real cycles from raw public files to their reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from revmentor.publish.leaks import page_text

pytestmark = pytest.mark.real

TWO_GIB = 2 * 1024 * 1024  # in KiB, the unit of ru_maxrss on Linux


def run(cycle: str, data: Path, outputs: Path) -> tuple[Path, int]:
    """Run the cycle as a user does; the result's folder, and the largest process in KiB."""
    command = [
        str(Path(sys.executable).with_name("revmentor")),
        *("run", cycle, "--data", str(data), "--outputs", str(outputs)),
    ]
    log = outputs / "log.txt"
    outputs.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, log.read_text(errors="replace")
    return outputs / cycle / "base", usage.ru_maxrss


def test_a_survey_of_ten_thousand_juniors(real_data: Path, tmp_path: Path) -> None:
    result, most_kib = run("stackoverflow-2019", real_data, tmp_path / "outputs")
    manifest = json.loads((result / "manifest.json").read_text())
    assert manifest["matching"]["status"] == "optimal"
    assert manifest["matching"]["objective"] == manifest["matching"]["bound"]
    pairs = pd.read_parquet(result / "restricted" / "pairs.parquet")
    alone = pd.read_parquet(result / "restricted" / "unmatched.parquet")
    for side, people in (("mentor", 10_277), ("mentee", 1_244)):
        paired = pairs[f"{side}_id"].nunique()
        assert paired + int((alone["side"] == side).sum()) == people
    assert most_kib < TWO_GIB
    text = page_text((result / "report" / "index.html").read_text(encoding="utf-8"))
    assert "Proven optimal" in text
    assert "no table “sessions”" in text or "Without a table “sessions”" in text


def test_a_company_without_skills(real_data: Path, tmp_path: Path) -> None:
    result, _ = run("ibm-attrition", real_data, tmp_path / "outputs")
    manifest = json.loads((result / "manifest.json").read_text())
    assert manifest["matching"]["status"] == "optimal"
    text = page_text((result / "report" / "participants.html").read_text(encoding="utf-8"))
    assert "The criterion “skills wanted and offered” does not count in this match" in text
    assert "Nobody states a wanted skill" in text
