"""A pair, and a circle, whose people write all that must be shown as text."""

from __future__ import annotations

from typing import Any

import pandas as pd
from small_company import make_params

from revmentor.params.models import Params
from revmentor.planning import Known, Pack, make_circle_packs, make_packs, meeting_series

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("https://example.com")'
NAMES = {"j": f"Ann {SCRIPT}", "s": pd.NA, "k": "Kim Lee", "t": "Maximiliane " + "von" * 40}


def spring(**over: Any) -> Params:
    """Params of a cycle with training, a check-in page and a coordinator."""
    return make_params(
        {
            "programme": {"review_on": "2026-07-24"},
            "design": {"training": [{"module": "Feedback", "for": "mentor", "minutes": 60}]},
            "checkin": {"coordinator": {"name": "Pat Fry", "email": "pat@example.com"}},
            **over,
        }
    )


def people() -> pd.DataFrame:
    """Four people, in three time zones and one place unknown."""
    return pd.DataFrame(
        {
            "person_id": ["j", "s", "k", "t"],
            "name": [NAMES[who] for who in "jskt"],
            "job_title": ["Analyst", f"Director {SCRIPT}", "Engineer", "Executive"],
            "department": ["Sales", "Finance", "Sales", "Legal"],
            "site": ["Berlin", "London", "Berlin", "Pune"],
            "email": ["ann@example.com", pd.NA, "kim@example.com", "max@example.com"],
            "languages": [("English",), ("English", "French"), ("Korean",), ()],
            "time_zone": ["Europe/Berlin", "Europe/London", "Europe/Berlin", "Asia/Kolkata"],
        }
    )


def applications() -> pd.DataFrame:
    """Their forms: one shares own words, one wrote some but does not share them."""
    return pd.DataFrame(
        {
            "person_id": ["j", "s", "k", "t"],
            "side": ["mentor", "mentee", "mentor", "mentee"],
            "interests": [("chess", "running"), ("running",), (), (f"film {SCRIPT}",)],
            "skills_offered": [("python", "sql"), (), ("python",), ()],
            "skills_wanted": [(), ("python", "design"), (), ("python",)],
            "share": ["yes", "no", pd.NA, "yes"],
            "about": [f"I like graphs {SCRIPT}", "my secret words", "not asked", FORMULA],
        }
    )


def training() -> pd.DataFrame:
    """One mentor has done the module, however it is written."""
    return pd.DataFrame({"person_id": ["k"], "module": [" feedback"], "status": ["completed"]})


PAIRS = pd.DataFrame({"mentor_id": ["j", "k"], "mentee_id": ["s", "t"]})
PARTS = PAIRS.assign(skills=0.2, department=0.15, interests=0.0, wishes=0.3, generation=0.2)
CIRCLES = pd.DataFrame(
    {
        "circle": [1, 1, 1, 1],
        "topic": ["python"] * 4,
        "person_id": ["j", "k", "s", "t"],
        "side": ["mentor", "mentor", "mentee", "mentee"],
        "has_topic": [True] * 4,
    }
)


def known(params: Params, **links: str) -> Known:
    """All that packs are made from."""
    return Known(people(), applications(), training(), params, links)


def packs(params: Params, **links: str) -> tuple[Pack, ...]:
    """The packs of both pairs, mentors first."""
    own, _ = meeting_series(PAIRS, None, people(), params)
    return make_packs(PAIRS, PARTS, own, known(params, **links))


def circle_packs(params: Params, **links: str) -> tuple[Pack, ...]:
    """The packs of the circle of all four."""
    _, others = meeting_series(PAIRS, CIRCLES, people(), params)
    return make_circle_packs(CIRCLES, others, known(params, **links))
