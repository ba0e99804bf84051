"""Who should meet whom, proven best over all pairs, and why?"""

from revmentor.matching import explain
from revmentor.matching.problem import Problem
from revmentor.matching.result import Certificate, Matching
from revmentor.matching.solver import solve
from revmentor.matching.verify import VerificationError, Verified, verify

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
