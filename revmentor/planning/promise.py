"""What exactly does a charter promise, and what changed since it was last published?"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from revmentor import words
from revmentor.measures import MEASURES, Measure
from revmentor.params.models import Charter, Programme, SuccessCriterion

DATES = {
    "promotion_from": "the day from which it is announced",
    "sign_up_from": "the first day of sign-up",
    "sign_up_until": "the last day of sign-up",
    "training_from": "the first day of training",
    "start": "the start",
    "end": "the end",
    "review_on": "the day of the review",
}
RHYTHM = {
    "check_in_every_days": "the days between two check-ins",
    "meeting_every_days": "the days between two meetings",
    "meeting_minutes": "the minutes of a meeting",
    "first_meeting_within_days": "the days within which a pair should have met",
}
TEXTS = {
    "kind": "the kind of objective",
    "objective": "the objective",
    "method": "the method",
    "owner": "the owner",
}
PARTS = {
    "metric": "the figure",
    "baseline": "the baseline",
    "baseline_note": "the source of the baseline",
    "target": "the target",
    "unit": "the unit",
    "due": "the date",
    "rule": "the rule",
    "least": "the least n",
}
OFFERED = {
    "waves": "the waves",
    "training": "the training owed",
    "incentives": "the incentives",
}
LONGEST = 120

Promised = Mapping[str, Any]


def in_unit(value: float, unit: str) -> str:
    """A baseline or target as its reader says it: shares in percent, and never rounded away.

    >>> in_unit(0.9, "share of pairs"), in_unit(0.125, "share"), in_unit(0.5, "points")
    ('90%', '12.5%', '0.5')
    """
    if unit.startswith("share"):
        return f"{round(100 * value, 6):g}%".replace("-", "−")
    return f"{value:g}".replace("-", "−")


def said(value: float, measure: Measure) -> str:
    """A value of this figure as its reader says it.

    >>> said(0.05, MEASURES["retention"]), said(0.05, MEASURES["retention_difference"])
    ('5%', '5 percentage points')
    """
    if measure.kind == "difference" and measure.unit == "share":
        return f"{in_unit(value, measure.unit)[:-1]} percentage points"
    return in_unit(value, measure.unit)


def promised(
    charter: Charter, programme: Programme, offered: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """What does the cycle promise: the charter and its dates, in JSON's own types?

    Parameters
    ----------
    charter : Charter
        Its assumptions for planning (`spread`) promise nothing and are left out.
    programme : Programme
        Dates, rhythm and time asked.
    offered : mapping of str to sequence of str, optional
        From `revmentor.planning.designed.offered`: what the design promises, if anything.

    Returns
    -------
    dict
        With the keys of `TEXTS`, ``audience``, ``success`` (one dict per criterion, with the rule
        that judges it), `DATES` and `RHYTHM`; and those of ``offered``, so that a charter whose
        design promises nothing has the fingerprint that it always had.
    """
    told = programme.model_dump(mode="json")
    return {
        **{key: getattr(charter, key) for key in TEXTS},
        "audience": sorted(charter.audience),
        "success": [_criterion(item) for item in charter.success],
        "dates": {key: told[key] for key in DATES},
        "rhythm": {key: told[key] for key in RHYTHM},
        **{key: list(texts) for key, texts in (offered or {}).items()},
    }


def _criterion(item: SuccessCriterion) -> dict[str, Any]:
    found = item.model_dump(mode="json", exclude={"spread"})
    return {**found, "rule": item.judged_by}


def digest(promise: Promised) -> str:
    """Which fingerprint (sha256, hex) has this promise? Same promise, same fingerprint.

    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    True
    """
    text = json.dumps(promise, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changes(before: Promised, after: Promised) -> tuple[str, ...]:
    """What changed between two versions of a charter, in words?

    Parameters
    ----------
    before, after : mapping
        From `promised`; also as read back from JSON.

    Returns
    -------
    tuple of str
        One sentence without its full stop per change; criteria are told apart by their wording.

    >>> was = {"success": [{"criterion": "Pairs meet early", "metric": "first_meeting_share",
    ...                     "target": 0.9}]}
    >>> now = {"success": [{"criterion": "Pairs meet early", "metric": "first_meeting_share",
    ...                     "target": 0.8}]}
    >>> changes(was, now)
    ('the target of “Pairs meet early” went from 90% to 80%',)
    """
    found = _moved(before, after, TEXTS, lambda _, value: f"“{_text(value)}”")
    found += _listed(before.get("audience", ()), after.get("audience", ()), "the audience")
    found += _criteria(before.get("success", ()), after.get("success", ()))
    for key, what in OFFERED.items():
        found += _listed(before.get(key, ()), after.get(key, ()), what, "“{}”")
    found += _moved(before.get("dates", {}), after.get("dates", {}), DATES, _date)
    found += _moved(before.get("rhythm", {}), after.get("rhythm", {}), RHYTHM, lambda _, v: str(v))
    return tuple(found)


def _criteria(before: Sequence[Promised], after: Sequence[Promised]) -> list[str]:
    was = {str(item["criterion"]): item for item in before}
    now = {str(item["criterion"]): item for item in after}
    found = _listed(list(was), list(now), "the criteria", "“{}”")
    for name in (each for each in now if each in was):
        named = {key: f"{what} of “{_text(name)}”" for key, what in PARTS.items()}
        found += _moved(was[name], now[name], named, _part(now[name]))
    return found


def _part(item: Promised) -> Callable[[str, Any], str]:
    measure = MEASURES.get(str(item.get("metric")))

    def write(key: str, value: Any) -> str:
        if key in ("baseline", "target"):
            return said(float(value), measure) if measure else f"{value:g}"
        if key == "due":
            return _date(key, value)
        return str(value) if key in ("least", "rule") else f"“{_text(value)}”"

    return write


def _moved(
    before: Promised, after: Promised, names: Mapping[str, str], write: Callable[[str, Any], str]
) -> list[str]:
    found = []
    for key, what in names.items():
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if was in (None, ""):
            found.append(f"{what} was set to {write(key, now)}")
        elif now in (None, ""):
            found.append(f"{what} was taken out; it was {write(key, was)}")
        else:
            found.append(f"{what} went from {write(key, was)} to {write(key, now)}")
    return found


def _listed(before: Sequence[str], after: Sequence[str], what: str, how: str = "{}") -> list[str]:
    gone = [how.format(_text(name)) for name in before if name not in after]
    new = [how.format(_text(name)) for name in after if name not in before]
    found = [f"{words.listed(gone)} left {what}"] if gone else []
    return [*found, f"{words.listed(new)} joined {what}"] if new else found


def _date(_: str, value: Any) -> str:
    return f"{dt.date.fromisoformat(str(value)):%-d %B %Y}"


def _text(value: Any) -> str:
    return words.shortened(str(value), LONGEST)
