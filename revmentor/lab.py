"""What a notebook calls: one opener per notebook, as in ``lab.matching("demo")``."""

from __future__ import annotations

from dataclasses import dataclass

from revmentor.cycle.context import open_context
from revmentor.cycle.injected import check_this_notebook
from revmentor.cycle.steps.base import Step
from revmentor.cycle.steps.launch import Launch
from revmentor.cycle.steps.matching import MatchingStep
from revmentor.cycle.steps.objectives import Objectives
from revmentor.cycle.steps.participants import Participants
from revmentor.cycle.steps.report import Report
from revmentor.cycle.steps.review import Review
from revmentor.cycle.steps.trend import open_trend


@dataclass(frozen=True)
class Opener[S: Step]:
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
            Folder of the tables; empty: as the cycle's parameters say.
        workdir : str
            Folder to read and write results in; empty: the cycle's draft folder.

        Raises
        ------
        InputError
            With everything that is wrong with the parameters, papermill's own included.
        """
        notebook = self.step.notebook
        check_this_notebook(notebook)
        where = {"root": root, "data": data, "workdir": workdir}
        return self.step.open(open_context(notebook, cycle, scenario, **where))


objectives = Opener(Objectives)
participants = Opener(Participants)
matching = Opener(MatchingStep)
launch = Opener(Launch)
review = Opener(Review)
report = Opener(Report)
trend = open_trend
