"""What does a published result tell later cycles? Rows of the history, from its files alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd
import pyarrow as pa
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from revmentor.cycle.owners import keep_owners
from revmentor.cycle.published import Result
from revmentor.data import Tables
from revmentor.disclosure import DisclosedEstimate, DisclosedEstimates
from revmentor.errors import Fault, InputError
from revmentor.measures import MEASURES
from revmentor.params import Resolved
from revmentor.publish.workspace import SHARED, Workspace

RATINGS = "past_ratings"
VERDICTS = "DisclosedVerdicts"
PARAMS_FILE = "params.resolved.yaml"
Rows = Mapping[str, list[dict[str, Any]]]

_TEXT, _NUMBER, _WHOLE = pa.string(), pa.float64(), pa.int64()
_DAY, _YES = pa.date32(), pa.bool_()


def _table(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([("cycle", _TEXT), ("scenario", _TEXT), *columns.items()])


TABLES: Final[Mapping[str, pa.Schema]] = MappingProxyType(
    {
        "runs": _table(
            title=_TEXT, start=_DAY, end=_DAY, created_at=_TEXT, manifest=_TEXT, invented=_YES,
            charter_digest=_TEXT, charter_version=_WHOLE,
        ),
        "pairs": _table(mentor_id=_TEXT, mentee_id=_TEXT, score=_NUMBER),
        "ratings": _table(
            past_cycle=_TEXT, mentor_id=_TEXT, mentee_id=_TEXT, ended=_TEXT,
            rating_mentor=_NUMBER, rating_mentee=_NUMBER,
        ),
        "metrics": _table(
            source=_TEXT, key=_TEXT, measure=_TEXT, state=_TEXT, unit=_TEXT, of=_TEXT,
            value=_NUMBER, low=_NUMBER, high=_NUMBER, n=_WHOLE, text=_TEXT, estimate=_TEXT,
        ),
        "verdicts": _table(
            criterion=_TEXT, measure=_TEXT, verdict=_TEXT, why=_TEXT, rule=_TEXT,
            baseline=_NUMBER, target=_NUMBER, text=_TEXT, estimate=_TEXT,
        ),
    }
)  # fmt: skip

# Under which name does a report keep a figure that a charter can name?
_MEASURED: Final = MappingProxyType(
    {
        ("first-meeting", ""): "first_meeting_share",
        ("held-of-due", ""): "meetings_held_share",
        ("goals-mean", ""): "goal_attainment",
        ("goals-reached", ""): "goals_reached_share",
        ("quality", "share_of_possible"): "score_share",
        ("quality", "wanted_skill"): "wanted_skill_share",
        ("quality", "across_department"): "across_departments",
        ("quality", "across_generation"): "across_generations",
        ("quality", "across_site"): "across_sites",
    }
)


def keep(folder: Path, resolved: Resolved, tables: Tables) -> None:
    """Keep in a result's restricted part what later cycles ask of this one: owners and ratings."""
    keep_owners(folder, resolved, tables)
    if tables.history is not None and not tables.history.empty:
        names = TABLES["ratings"].names[3:]
        frame = tables.history[["cycle", *[name for name in names if name in tables.history]]]
        Workspace(folder).write_table(RATINGS, frame)


def rows_of(result: Result) -> Rows:
    """All rows that this result brings, by table.

    Figures are the disclosed ones, with value, interval and n only where they are shown. Raises
    `InputError` for a result that somebody has changed since it was published.
    """
    work = Workspace(result.folder)
    try:
        return {
            "runs": [_run(result, work)],
            "pairs": list(_stored(result, work, "pairs", TABLES["pairs"])),
            "ratings": list(_ratings(result, work)),
            "metrics": list(_metrics(result)),
            "verdicts": list(_verdicts(result, work)),
        }
    except (ValueError, KeyError, TypeError, YAMLError) as error:
        problem = "this result was changed after it was published, and cannot be read"
        cure = "run the cycle again, or remove the folder"
        raise InputError(Fault("damaged result", problem, cure, str(result.folder))) from error


def _named(result: Result, **fields: Any) -> dict[str, Any]:
    return {"cycle": result.cycle, "scenario": result.scenario, **fields}


def _run(result: Result, work: Workspace) -> dict[str, Any]:
    params = YAML(typ="safe", pure=True).load(result.folder / PARAMS_FILE)
    told = params["programme"]
    charter = work.read_json("charter") if work.has("charter") else {}
    return _named(
        result,
        title=str(told.get("title") or result.cycle),
        start=_day(told["start"]),
        end=_day(told["end"]),
        created_at=result.created_at,
        manifest=result.digest,
        invented=params["data"].get("demo") is not None,
        charter_digest=charter.get("digest"),
        charter_version=(charter.get("version") or {}).get("number"),
    )


def _day(value: object) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))


def _stored(
    result: Result, work: Workspace, name: str, schema: pa.Schema
) -> Iterator[dict[str, Any]]:
    if work.has(name):
        for row in _records(work.read_table(name)):
            yield _named(result, **{key: row.get(key) for key in schema.names[2:]})


def _ratings(result: Result, work: Workspace) -> Iterator[dict[str, Any]]:
    if work.has(RATINGS):
        for row in _records(work.read_table(RATINGS)):
            told = {key: row.get(key) for key in TABLES["ratings"].names[3:]}
            yield _named(result, past_cycle=row["cycle"], **told)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None where a value is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def _metrics(result: Result) -> Iterator[dict[str, Any]]:
    work = Workspace(result.folder)
    for path in sorted((result.folder / SHARED).glob("*.json")):
        content = work.read_json(path.stem)
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "DisclosedEstimate":
            yield _metric(result, path.stem, "", DisclosedEstimate.from_json(content))
        elif kind == "DisclosedEstimates":
            several = DisclosedEstimates.from_json(content)
            for key, estimate in zip(several.keys, several.estimates, strict=True):
                yield _metric(result, path.stem, " / ".join(key), estimate)


def _metric(result: Result, source: str, key: str, found: DisclosedEstimate) -> dict[str, Any]:
    measure = _MEASURED.get((source, key), key if key in MEASURES else None)
    return _named(
        result,
        source=source,
        key=key,
        measure=measure,
        state=found.state,
        unit=found.unit,
        of=found.of,
        value=found.value,
        low=found.low,
        high=found.high,
        n=found.n,
        text=found.text,
        estimate=_json(found),
    )


def _json(found: DisclosedEstimate) -> str:
    return json.dumps(found.to_json(), ensure_ascii=False, sort_keys=True)


def _verdicts(result: Result, work: Workspace) -> Iterator[dict[str, Any]]:
    for path in sorted((result.folder / SHARED).glob("*.json")):
        content = work.read_json(path.stem)
        if isinstance(content, dict) and content.get("kind") == VERDICTS:
            yield from (_verdict(result, row) for row in content["rows"])


def _verdict(result: Result, row: Mapping[str, Any]) -> dict[str, Any]:
    shown = DisclosedEstimate.model_validate(row["estimate"])
    return _named(
        result,
        criterion=row["criterion"],
        measure=row["metric"],
        verdict=row["answer"],
        why=row["why"],
        rule=row["rule"],
        baseline=row["baseline"],
        target=row["target"],
        text=shown.text,
        estimate=_json(shown),
    )
