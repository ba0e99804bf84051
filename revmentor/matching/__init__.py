"""Who should meet whom, proven best over all pairs, and why?"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from revmentor.matching.problem import Problem
from revmentor.matching.result import Certificate, Matching
from revmentor.matching.solver import solve
from revmentor.matching.verification import VerificationError, Verified, verify

if TYPE_CHECKING:
    from revmentor.matching import explain

__all__ = [
    "Certificate",
    "Matching",
    "Problem",
    "VerificationError",
    "Verified",
    "explain",
    "solve",
    "verify",
]


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for: a match can be made without explaining it."""
    if name == "explain":
        return importlib.import_module("revmentor.matching.explain")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
