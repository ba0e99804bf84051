"""What a notebook calls: one function per notebook, which opens its step of the cycle.

>>> from revmentor import lab
>>> lab.matching.__name__
'matching'
"""

from __future__ import annotations

from revmentor.cycle.context import open_context
from revmentor.cycle.injected import check_this_notebook
from revmentor.cycle.steps.base import Step
from revmentor.cycle.steps.launch import Launch
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.participants import Participants
from revmentor.cycle.steps.report import Report
from revmentor.cycle.steps.review import Review


def _open[S: Step](
    step: type[S], cycle: str, scenario: str, root: str, data: str, workdir: str
) -> S:
    check_this_notebook(step.notebook)
    context = open_context(step.notebook, cycle, scenario, root=root, data=data, workdir=workdir)
    return step.open(context)


def objectives(
    cycle: str = "demo",
    scenario: str = "base",
    *,
    root: str = "",
    data: str = "",
    workdir: str = "",
) -> Objectives:
    """Open `01_objectives`: what should this cycle change, and how will it be judged?"""
    return _open(Objectives, cycle, scenario, root, data, workdir)


def participants(
    cycle: str = "demo",
    scenario: str = "base",
    *,
    root: str = "",
    data: str = "",
    workdir: str = "",
) -> Participants:
    """Open `02_participants`: who is in, and where are we short?"""
    return _open(Participants, cycle, scenario, root, data, workdir)


def matching(
    cycle: str = "demo",
    scenario: str = "base",
    *,
    root: str = "",
    data: str = "",
    workdir: str = "",
) -> MatchingStep:
    """Open `03_matching`: who with whom, why, and how sure are we?"""
    return _open(MatchingStep, cycle, scenario, root, data, workdir)


def launch(
    cycle: str = "demo",
    scenario: str = "base",
    *,
    root: str = "",
    data: str = "",
    workdir: str = "",
) -> Launch:
    """Open `04_launch`: is every pair ready for its first meeting?"""
    return _open(Launch, cycle, scenario, root, data, workdir)


def review(
    cycle: str = "demo",
    scenario: str = "base",
    *,
    root: str = "",
    data: str = "",
    workdir: str = "",
) -> Review:
    """Open `05_review`: how is the cohort doing?"""
    return _open(Review, cycle, scenario, root, data, workdir)


def report(
    cycle: str = "demo",
    scenario: str = "base",
    *,
    root: str = "",
    data: str = "",
    workdir: str = "",
) -> Report:
    """Open `06_report`: the cycle in two minutes."""
    return _open(Report, cycle, scenario, root, data, workdir)
