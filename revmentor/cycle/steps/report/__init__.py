"""Step 6: the page that an HR lead forwards."""

from revmentor.cycle.steps.report.step import Report

__all__ = ["Report"]
