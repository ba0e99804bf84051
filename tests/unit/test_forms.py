"""Exports of Microsoft Forms, Google Forms and Qualtrics, read by the params of docs/forms.md."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from form_files import google, google_sheet, microsoft, qualtrics
from ruamel.yaml import YAML
from small_company import PEOPLE, Company, small_company

from revmentor.data.home import Home

EMAILS = {
    "00001": "Ann.Lee@example.com",
    "00002": "bo.wu@example.com",
    "00003": "cy.roe@example.com",
    "00004": "di.fox@example.com",
    "00005": "ed.kim@example.com",
}
ANN, BO, CY, DI, ED = EMAILS.values()
MS_PULSE = (
    "My partner listens to me\u00a0",
    "My partner acts\non my advice",
    "What support would help you?",
    "Anything else?",
)
MS_MEETINGS = (
    "When was the meeting?",
    "Did it take place?",
    "How many minutes did it take?",
    "What was it about?",
)
GOALS = (
    "What is the goal?",
    "Where did you start?",
    "Where do you want to be?",
    "Where are you now?",
)
GRID = "How much do you agree? "
GOOGLE_PULSE = (
    "Which check-in is this?",
    f"{GRID}[My partner listens to me]",
    f"{GRID}[My partner acts on my advice]",
    "Anything else?",
)
Q_PULSE = {
    "Q1_1": "How much do you agree?\n\nMy partner - listens to me",
    "Q1_2": "How much do you agree?\n\nMy partner - acts on my advice",
    "Q2": "What support would help you?",
    "Q3": "Anything else?",
}


def documented(section: str) -> dict[str, Any]:
    """The params that the guide shows in this section."""
    guide = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
    part = guide.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```yaml\n(.*?)```", part, re.DOTALL)
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(block)
    return loaded


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Five people with addresses, and two published pairs: Cy and Ann, Di and Bo."""
    made = small_company(tmp_path)
    head, *rows = PEOPLE.splitlines()
    lines = [f"{row},{EMAILS[row[:5]]}" for row in rows]
    made.write("people.csv", "\n".join([f"{head},email", *lines, ""]))
    published = tmp_path / "outputs" / "spring" / "base" / "restricted"
    published.mkdir(parents=True)
    pairs = {"mentor_id": ["00003", "00004"], "mentee_id": ["00001", "00002"], "score": [0.5, 0.6]}
    pd.DataFrame(pairs).to_parquet(published / "pairs.parquet")
    return made


@pytest.fixture
def home(company: Company) -> Home:
    return Home(company.folder / "outputs" / "spring")


def at(day: str, time: str = "15:05:10") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time}")


def microsoft_files(folder: Path) -> None:
    microsoft(
        folder / "Pulse day 30.xlsx",
        MS_PULSE,
        [
            (ANN.lower(), at("2026-02-11"), ("Agree", "Strongly agree", "Time;A room;", "=1+1")),
            (CY, at("2026-02-11", "23:58:00"), ("Neutral", "Agree", None, None)),
            (CY, at("2026-02-12"), ("Agree", "Agree", None, "better")),
        ],
    )
    microsoft(
        folder / "Pulse day 60.xlsx",
        MS_PULSE,
        [(ANN, at("2026-03-13"), ("Strongly agree", "Strongly agree", None, None))],
    )
    microsoft(
        folder / "Our meetings.xlsx",
        MS_MEETINGS,
        [
            (CY, at("2026-02-11"), (dt.date(2026, 2, 10), "Yes", 45, "Data;Charts;")),
            (BO, at("2026-02-12"), (dt.date(2026, 2, 12), "No, the senior cancelled", None, None)),
        ],
    )
    microsoft(
        folder / "Our goals.xlsx",
        GOALS,
        [(DI, at("2026-02-12"), ("Read a chart", 1, 4, 2.5))],
    )


def google_files(folder: Path) -> None:
    google(
        folder / "Pulse.csv",
        GOOGLE_PULSE,
        [
            ("2026/02/11 3:05:10 PM GMT+1", ANN, "After 30 days", "Agree", "Strongly agree",
             "=1+1"),
            ("2026/02/11 11:30:00 PM GMT+0", CY, "After 30 days", "Agree", "Agree", "better"),
            ("2026/03/13 9:00:00 AM GMT+1", ANN, "After 60 days", "Strongly agree",
             "Strongly agree", ""),
        ],
    )  # fmt: skip
    google_sheet(
        folder / "Our meetings.csv",
        ("When was the meeting?", "Did it take place?", "How many minutes did it take?"),
        [
            ("2/11/2026 15:05:10", CY, "2/10/2026", "Yes", "45"),
            ("2/12/2026 9:00:00", BO, "2/12/2026", "No, nobody came", ""),
        ],
    )
    google_sheet(
        folder / "Our goals.csv",
        GOALS,
        [("2/11/2026 19:05:10", DI, "Read a chart", "1", "4", "2.5")],
    )


def qualtrics_files(folder: Path) -> None:
    qualtrics(
        folder / "pulse-day30.csv",
        Q_PULSE,
        [
            (ED, "2026-02-10 08:00:00", "preview", ("1", "1", "", "a try")),
            (ANN, "2026-02-11 14:05:10", "done", ("4", "5", "Time", "=1+1")),
            (DI, "2026-02-11 14:30:00", "half", ("2", "", "", "")),
            (CY, "2026-02-11 23:30:00", "done", ("4", "4", "", "better")),
        ],
    )
    qualtrics(
        folder / "pulse-day60.csv",
        Q_PULSE,
        [(ANN, "2026-03-13 08:00:00", "done", ("Strongly agree", "Strongly agree", "", ""))],
        words=True,
    )
    qualtrics(
        folder / "meetings.csv",
        {"Q1": "When was the meeting?", "Q2": "Did it take place?", "Q3": "Minutes?"},
        [
            ("00003", "2026-02-11 14:05:10", "done", ("02/10/2026", "1", "45")),
            ("00002", "2026-02-12 08:00:00", "done", ("02/12/2026", "4", "")),
        ],
    )
    qualtrics(
        folder / "goals.csv",
        {"Q1": "What is the goal?", "Q2_1": "Start", "Q2_2": "Target", "Q2_3": "Now"},
        [(DI, "2026-02-11 23:30:00", "done", ("Read a chart", "1", "4", "2.5"))],
    )


@pytest.mark.parametrize(
    ("section", "make"),
    [
        ("Microsoft Forms", microsoft_files),
        ("Google Forms", google_files),
        ("Qualtrics", qualtrics_files),
    ],
)
def test_an_export_fills_the_contracts_tables(
    company: Company, home: Home, section: str, make: Any
) -> None:
    make(company.folder)
    tables = company.load(documented(section), home=home)
    pulse = tables.pulse.sort_values(["wave", "person_id"], ignore_index=True)
    assert pulse["person_id"].tolist() == ["00001", "00003", "00001"]
    assert pulse["partner_id"].tolist() == ["00003", "00001", "00003"]
    assert pulse["wave"].tolist() == ["day30", "day30", "day60"]
    # Cy's answer is from before midnight in London or in UTC, and after it in Berlin.
    assert [f"{day:%F}" for day in pulse["on"]] == ["2026-02-11", "2026-02-12", "2026-03-13"]
    assert pulse["respect_1"].tolist() == [4, 4, 5]
    assert pulse["respect_2"].tolist() == [5, 4, 5]
    assert pulse["comment"].fillna("").tolist() == ["=1+1", "better", ""]
    meetings = tables.sessions
    assert meetings["mentor_id"].tolist() == ["00003", "00004"]
    assert meetings["mentee_id"].tolist() == ["00001", "00002"]
    assert [f"{day:%F}" for day in meetings["on"]] == ["2026-02-10", "2026-02-12"]
    assert meetings["status"].tolist()[0] == "held"
    assert meetings["minutes"].tolist()[0] == 45
    (goal,) = tables.goals.to_dict("records")
    assert (goal["mentor_id"], goal["goal"], goal["current"]) == ("00004", "Read a chart", 2.5)
    assert f"{goal['on']:%F}" == "2026-02-12"
    personal = {"Name", "Email", "Username", "IPAddress", "RecipientEmail"}
    assert not personal & set(pulse.columns)
    for table in ("pulse", "sessions", "goals"):
        told = tables.report.table(table)
        left_out = sum(reason.n for reason in told.excluded)
        assert told.rows_read == told.rows_used + left_out


def test_what_was_left_out_of_an_export_is_told(company: Company, home: Home) -> None:
    qualtrics_files(company.folder)
    told = company.load(documented("Qualtrics"), home=home).report.table("pulse").text()
    assert "Finished is not 1 or True (in pulse-day30.csv) (row 6)" in told
    assert "Status is not 0 or IP Address (in pulse-day30.csv) (row 4)" in told
    assert "2 rows below the header left out, as declared" in told
    assert "person_id is the person of the address in RecipientEmail" in told
    assert "columns not read" in told
    assert "@" not in told


@pytest.mark.postgres
def test_the_guides_database_is_read(
    company: Company, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    url = sa.make_url(postgres_url)
    engine = sa.create_engine(url)
    with engine.begin() as made:
        made.exec_driver_sql(
            "CREATE TABLE training (person_id text, module text, state text, day date)"
        )
        made.exec_driver_sql("INSERT INTO training VALUES ('00003', 'Goals', 'done', '2026-01-20')")
    engine.dispose()
    monkeypatch.setenv("HR_PASSWORD", str(url.password))
    monkeypatch.setenv("HR_SERVER", f"{url.host}:{url.port}")
    monkeypatch.setenv("HR_DATABASE", str(url.database))
    (row,) = company.load(documented("A database")).training.to_dict("records")
    assert (row["person_id"], row["status"], f"{row['on']:%F}") == (
        "00003", "completed", "2026-01-20",
    )  # fmt: skip


def test_the_guides_check_in_page_is_read(company: Company, home: Home) -> None:
    assert company.load(documented("The check-in page"), home=home).pulse is None


def test_every_section_with_params_is_executed_here() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
    with_params = [part.splitlines()[0] for part in guide.split("\n## ")[1:] if "```yaml" in part]
    assert with_params == [
        "Microsoft Forms", "Google Forms", "Qualtrics", "The check-in page", "A database",
    ]  # fmt: skip
