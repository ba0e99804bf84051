"""What a notebook calls: one opener per notebook, as in ``lab.matching("demo")``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

from revmentor.cycle.injected import check_this_notebook
from revmentor.cycle.steps.launch import Launch
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.participants import Participants
from revmentor.cycle.steps.report import Report
from revmentor.cycle.steps.review import Review
from revmentor.cycle.steps.trend import Trend


class Opened(Protocol):
    """What a notebook opens: a step of a cycle, or the trend over cycles."""

    notebook: ClassVar[str]

    @classmethod
    def of_cycle(cls, cycle: str, scenario: str, *, root: str, data: str, workdir: str) -> Self:
        """Open it."""


@dataclass(frozen=True)
class Opener[S: Opened]:
    """Opens one notebook's step."""

    step: type[S]

    def __call__(
        self,
        cycle: str = "demo",
        scenario: str = "base",
        *,
        root: str = "",
        data: str = "",
        workdir: str = "",
    ) -> S:
        """Open this step of a cycle.

        Parameters
        ----------
        cycle, scenario : str
            Names of files in ``params/cycles`` and ``params/scenarios``.
        root : str
            The workbench; empty: the one that revmentor is installed from.
        data : str
            Folder of the tables; empty: as the cycle's parameters say. The trend reads none.
        workdir : str
            Folder to read and write results in; empty: the cycle's draft folder, or the trend's.

        Raises
        ------
        InputError
            With everything that is wrong with the parameters, papermill's own included.
        """
        check_this_notebook(self.step.notebook)
        return self.step.of_cycle(cycle, scenario, root=root, data=data, workdir=workdir)


objectives = Opener(Objectives)
participants = Opener(Participants)
matching = Opener(MatchingStep)
launch = Opener(Launch)
review = Opener(Review)
report = Opener(Report)
trend = Opener(Trend)
