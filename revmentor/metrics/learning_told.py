"""How are learnt weights handed on: as a scenario that somebody may choose?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from revmentor.metrics.learning import Learned
from revmentor.names import CRITERION_LABELS
from revmentor.words import counted, listed, number


def scenario_text(learned: Learned) -> str:
    """Which scenario file would try the learnt weights? YAML with its ``why``.

    Weights are rounded to thousandths that sum to 1. Nobody's weights change by this text: a
    scenario is a file that somebody has to choose.

    Raises
    ------
    ValueError
        Where learning was refused: there is nothing to try.
    """
    if learned.refused:
        raise ValueError(f"nothing was learnt: {learned.refused}")
    rounded = _thousandths(learned.shares)
    moved = sorted(learned.weights, key=lambda weight: weight.old - weight.new)
    up = [CRITERION_LABELS[w.criterion] for w in moved if w.new > w.old + 0.01][:3]
    down = [CRITERION_LABELS[w.criterion] for w in reversed(moved) if w.new < w.old - 0.01][:3]
    changes = [f"more for {listed(up)}"] * bool(up) + [f"less for {listed(down)}"] * bool(down)
    why = (
        f"Learnt from the ratings of {counted(learned.pairs, 'pair')} of "
        f"{counted(len(learned.cycles), 'cycle')} ({listed(learned.cycles)}): "
        f"{' and '.join(changes) or 'nearly the present weights'}. On cycles that were left out "
        f"they foretell a rating with an error of {number(learned.error_new or 0, 3)} points, the "
        f"present weights with {number(learned.error_old or 0, 3)}. Only pairs that were made "
        "have ratings; what they all share could not be learnt."
    )
    lines = ["why: >-", *(f"  {line}" for line in _wrapped(why)), "", "matching:", "  weights:"]
    for weight in learned.weights:
        share = f"    {weight.criterion}: {rounded[weight.criterion]:.3f}"
        low, high = weight.estimate.low, weight.estimate.high
        note = f"kept: {weight.kept}" if weight.kept else f"now {weight.old:.3f}"
        if low is not None and high is not None:
            note += f"; 95% interval {low:.3f} to {high:.3f}"
        lines.append(f"{share:<28}# {note}")
    return "\n".join(lines) + "\n"


def _thousandths(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares rounded so that they still sum to 1: largest remainders go up."""
    exact = {name: 1000 * share / math.fsum(shares.values()) for name, share in shares.items()}
    whole = {name: math.floor(value + 1e-9) for name, value in exact.items()}
    short = 1000 - sum(whole.values())
    order = sorted(exact, key=lambda name: (whole[name] - exact[name], name))
    return {name: (whole[name] + (name in order[:short])) / 1000 for name in exact}


def _wrapped(text: str, width: int = 96) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
