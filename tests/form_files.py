"""Exports of survey tools, written in exactly their layout.

Where each layout is from:

- Microsoft Forms, *Open in Excel*: an Excel table on one sheet with ID, Start time, Completion
  time, Email, Name and, in newer exports, Last modified time, then a column for each question and
  each Likert statement; several choices as ``a;b;``. The header is quoted in the ACL Anthology's
  ``bin/add_attachments.py`` and in many public scripts that read such exports
  (``['ID', 'Start time', 'Completion time', 'Email', 'Name', 'Last modified time', ...]``).
- Google Forms: the form's own CSV has every cell in quotes, ``Timestamp``, ``Username`` and one
  column ``Question [Row]`` for each row of a grid, as a public Kotlin reader of votes quotes it;
  times like ``2026/09/27 3:00:00 PM GMT+3``. A linked sheet has ``Email Address`` and times in the
  sheet's locale without a zone (``8/31/2023 19:08:16``).
- Qualtrics, CSV: three header rows (names, texts, import ids as JSON), as in
  ``tests/testthat/files/sample.csv`` of ropensci/qualtRics and in Qualtrics's support page
  "Understanding Your Dataset"; `Status` 0 or "IP Address", 1 or "Survey Preview", `Finished` 1/0
  or True/False, as the data sets of the R package excluder describe.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

Cell = str | float | dt.datetime | dt.date | None
FORMS_HEAD = ("ID", "Start time", "Completion time", "Email", "Name", "Last modified time")
QUALTRICS_HEAD = {
    "StartDate": ("Start Date", "startDate"),
    "EndDate": ("End Date", "endDate"),
    "Status": ("Response Type", "status"),
    "IPAddress": ("IP Address", "ipAddress"),
    "Progress": ("Progress", "progress"),
    "Duration (in seconds)": ("Duration (in seconds)", "duration"),
    "Finished": ("Finished", "finished"),
    "RecordedDate": ("Recorded Date", "recordedDate"),
    "ResponseId": ("Response ID", "_recordId"),
    "RecipientLastName": ("Recipient Last Name", "recipientLastName"),
    "RecipientFirstName": ("Recipient First Name", "recipientFirstName"),
    "RecipientEmail": ("Recipient Email", "recipientEmail"),
    "ExternalReference": ("External Data Reference", "externalDataReference"),
    "LocationLatitude": ("Location Latitude", "locationLatitude"),
    "LocationLongitude": ("Location Longitude", "locationLongitude"),
    "DistributionChannel": ("Distribution Channel", "distributionChannel"),
    "UserLanguage": ("User Language", "userLanguage"),
}


def microsoft(
    path: Path, questions: Sequence[str], answers: Iterable[tuple[str, dt.datetime, Sequence[Cell]]]
) -> None:
    """A workbook of Microsoft Forms: address, completion time and answers of each person."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Sheet1")
    clock = book.add_format({"num_format": "m/d/yy h:mm:ss"})
    day = book.add_format({"num_format": "m/d/yy"})
    rows = list(answers)
    head = [*FORMS_HEAD, *questions]
    sheet.add_table(
        0, 0, max(len(rows), 1), len(head) - 1,
        {"name": "Table1", "columns": [{"header": name} for name in head]},
    )  # fmt: skip
    for n, (email, done, cells) in enumerate(rows, start=1):
        began = done - dt.timedelta(seconds=75)
        name = "" if email == "anonymous" else "Somebody"
        for place, cell in enumerate((n, began, done, email, name, None, *cells)):
            if isinstance(cell, dt.datetime):
                sheet.write_datetime(n, place, cell, clock)
            elif isinstance(cell, dt.date):
                sheet.write_datetime(n, place, cell, day)
            elif isinstance(cell, int | float):
                sheet.write_number(n, place, cell)
            elif cell is not None:
                sheet.write_string(n, place, cell)
    book.close()


def google(path: Path, questions: Sequence[str], answers: Iterable[Sequence[str]]) -> None:
    """A form's own CSV: every cell in quotes."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["Timestamp", "Username", *questions])
    writer.writerows(answers)
    path.write_text(text.getvalue(), encoding="utf-8")


def google_sheet(path: Path, questions: Sequence[str], answers: Iterable[Sequence[str]]) -> None:
    """A linked sheet as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["Timestamp", "Email Address", *questions])
    writer.writerows(answers)
    path.write_bytes(text.getvalue().encode())


def qualtrics(
    path: Path,
    questions: dict[str, str],
    answers: Iterable[tuple[str, str, str, Sequence[str]]],
    *,
    words: bool = False,
) -> None:
    """A CSV of Qualtrics; each answer is address, end, *done*, *half* or *preview*, and cells.

    ``words`` is *Use choice text*, else *Use numeric values*.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*QUALTRICS_HEAD, *questions])
    writer.writerow([*(label for label, _ in QUALTRICS_HEAD.values()), *questions.values()])
    ids: list[dict[str, str]] = [{"ImportId": i} for _, i in QUALTRICS_HEAD.values()]
    for told in (*ids[:2], ids[7]):
        told["timeZone"] = "Z"
    ids += [{"ImportId": f"QID{name.removeprefix('Q')}"} for name in questions]
    writer.writerow(json.dumps(told, separators=(",", ":")) for told in ids)
    for n, (email, end, state, cells) in enumerate(answers, start=1):
        status = ("Survey Preview", "IP Address") if words else ("1", "0")
        finished = ("False", "True") if words else ("0", "1")
        head = {
            "StartDate": end,
            "EndDate": end,
            "Status": status[state != "preview"],
            "IPAddress": "130.92.34.66",
            "Progress": "40" if state == "half" else "100",
            "Duration (in seconds)": "75",
            "Finished": finished[state != "half"],
            "RecordedDate": end,
            "ResponseId": f"R_{n:015d}",
            "RecipientEmail": email if "@" in email else "",
            "ExternalReference": "" if "@" in email else email,
            "DistributionChannel": "email",
            "UserLanguage": "EN",
        }
        writer.writerow([*(head.get(name, "") for name in QUALTRICS_HEAD), *cells])
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
