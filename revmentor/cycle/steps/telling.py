"""What may be told of a match: scores, shares, who is placed and why others are not?"""

from __future__ import annotations

import pandas as pd

from revmentor import metrics
from revmentor.disclosure import (
    EVERY_NUMBER,
    Disclosed,
    PairExamples,
    disclose_counts,
    disclose_distribution,
    disclose_estimates,
    pair_example,
)
from revmentor.matching import Matching, Problem, explain
from revmentor.names import UNMATCHED_LABELS

LIMITED = "pairs that fit better fill all places, or the limits"


def disclosed_match(
    quality: metrics.Quality, matching: Matching, minimum: int, *, limited: bool = False
) -> dict[str, Disclosed]:
    """Scores, shares, people placed, and reasons, by the name under which they are kept.

    ``limited``: there are limits on the whole match, so that not only places are scarce.
    """
    shares = {
        "share_of_possible": quality.share_of_possible,
        "wanted_skill": quality.wanted_skill,
        **{f"across_{by}": share for by, share in quality.across.items()},
    }
    shares |= {
        name: _of_all(share, quality.pairs, minimum)
        for name, share in shares.items()
        if share.of == "pairs"
    }
    reasons = with_reasons(matching, limited=limited)
    people = pd.DataFrame(
        {
            "mentor": [quality.mentors, _side_count(reasons, "mentor")],
            "mentee": [quality.mentees, _side_count(reasons, "mentee")],
        },
        index=["with a partner", "without a partner"],
    )
    pairs = pd.DataFrame({"pairs": [quality.pairs]}, index=["pairs"])
    left_out = metrics.unmatched_reasons(reasons)
    return {
        "scores": disclose_distribution(
            matching.pairs["score"], minimum, step=0.05, unit="score", of="pairs"
        ),
        "quality": disclose_estimates(shares, minimum, "what"),
        "placed": disclose_counts(people, minimum, totals="columns"),
        "pairs": disclose_counts(pairs, minimum, totals="none", unit="pairs"),
        "unmatched": disclose_counts(left_out, minimum, totals="columns"),
    }


def with_reasons(matching: Matching, *, limited: bool = False) -> pd.DataFrame:
    """Everybody without a partner, with the reason as it is told; see `disclosed_match`."""
    labels = {**UNMATCHED_LABELS, **({"outbid": LIMITED} if limited else {})}
    return matching.unmatched.assign(reason=matching.unmatched["code"].map(labels))


def typical_examples(
    problem: Problem, matching: Matching, contributions: pd.DataFrame
) -> PairExamples:
    """Best, median and worst pair, without names, beside each side's best other partner."""
    parts = contributions.set_index(["mentor_id", "mentee_id"])
    examples = []
    for label, pair in metrics.typical_pairs(matching.pairs).items():
        others = explain.alternatives(problem, matching, pair)
        best = {str(row["side"]): row for _, row in others.iloc[::-1].iterrows()}
        examples.append(
            pair_example(label, parts.loc[[pair]].iloc[0], best.get("mentor"), best.get("mentee"))
        )
    return PairExamples(minimum=EVERY_NUMBER, examples=tuple(examples))


def _of_all(share: metrics.Estimate, pairs: int, minimum: int) -> metrics.Estimate:
    """The share of all pairs where its own n would give a small group away.

    124 beside 125 pairs says that just one mentee states nothing.
    """
    if share.count is None or not 0 < pairs - share.n < minimum:
        return share
    return metrics.census_share(share.count, pairs, share.of)


def _side_count(unmatched: pd.DataFrame, side: str) -> int:
    return int((unmatched["side"] == side).sum())
