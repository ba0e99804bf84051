"""Is a matching what it says it is? A second opinion, which shares no code with the solver."""

from revmentor.matching.verification.check import second_opinion, verify
from revmentor.matching.verification.verdict import VerificationError, Verified

__all__ = ["VerificationError", "Verified", "second_opinion", "verify"]
