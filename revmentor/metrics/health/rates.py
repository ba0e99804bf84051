"""How often is a flag of a screen like ours right?"""

from __future__ import annotations

from dataclasses import dataclass

SENSITIVITY, SPECIFICITY = 0.4, 0.75


@dataclass(frozen=True)
class BaseRates:
    """Of the pairs that a screen flags, how many would end early anyway?

    Parameters
    ----------
    prevalence : float
        Share of pairs that end early, 0..1.
    right : float
        Of those flagged, the share that would end early.
    found : float
        Of those that would end early, the share that is flagged.
    """

    prevalence: float
    right: float
    found: float


def base_rates(
    prevalence: float, sensitivity: float = SENSITIVITY, specificity: float = SPECIFICITY
) -> BaseRates:
    """How often is a flag right, at the rates that such screens reach?

    Bayes' rule: right = s p / (s p + (1 - c) (1 - p)) with sensitivity s, specificity c and
    prevalence p. Published screens of relationships and of leavers reach a sensitivity of about
    0.4 at a specificity of about 0.75.

    >>> round(base_rates(0.2).right, 2)
    0.29
    """
    true = sensitivity * prevalence
    false = (1 - specificity) * (1 - prevalence)
    flagged = true + false
    return BaseRates(prevalence, true / flagged if flagged else 0.0, sensitivity)
