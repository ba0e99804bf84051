"""What may be shown: the step between a metric and any figure, table or report.

>>> import pandas as pd
>>> cut = pd.DataFrame({"here": [30, 2], "away": [20, 40]}, index=["old", "young"])
>>> shown = disclose_counts(cut, 5, totals="both")
>>> [[count.text for count in row] for row in shown.cells]
[['not shown', 'not shown'], ['not shown', 'not shown']]
>>> Disclosed.from_json(shown.to_json()) == shown
True
"""

from revmentor.disclosure.attack import Finding, attack
from revmentor.disclosure.comments import DisclosedComments, disclose_comments
from revmentor.disclosure.counts import (
    EVERY_NUMBER,
    NOT_SHOWN,
    SCHEMA,
    Count,
    Disclosed,
    DisclosedCounts,
    fewer_than,
)
from revmentor.disclosure.disclose import (
    disclose_categories,
    disclose_chain,
    disclose_counts,
)
from revmentor.disclosure.estimates import (
    DisclosedDistribution,
    DisclosedEstimate,
    DisclosedEstimates,
)
from revmentor.disclosure.examples import Example, PairExamples, Restricted, pair_example
from revmentor.disclosure.guard import shows
from revmentor.disclosure.ledger import Ledger, Query
from revmentor.disclosure.members import (
    Counted,
    Estimated,
    Group,
    Members,
    Spread,
    by_cells,
    counted,
    estimated,
    pair_units,
    spread,
)
from revmentor.disclosure.numbers import (
    disclose_distribution,
    disclose_estimate,
    disclose_estimates,
    disclose_events,
)
from revmentor.disclosure.reports import (
    disclose_composition,
    disclose_gap,
    disclose_hours,
    disclose_load,
    disclose_pulse,
    disclose_rhythm,
)
from revmentor.disclosure.secure import Secured, secure
from revmentor.disclosure.told import told
from revmentor.disclosure.tradeoffs import (
    DisclosedFrontier,
    DisclosedPrices,
    FrontierPoint,
    Price,
    disclose_prices,
)

__all__ = [
    "EVERY_NUMBER",
    "NOT_SHOWN",
    "SCHEMA",
    "Count",
    "Counted",
    "Disclosed",
    "DisclosedComments",
    "DisclosedCounts",
    "DisclosedDistribution",
    "DisclosedEstimate",
    "DisclosedEstimates",
    "DisclosedFrontier",
    "DisclosedPrices",
    "Estimated",
    "Example",
    "Finding",
    "FrontierPoint",
    "Group",
    "Ledger",
    "Members",
    "PairExamples",
    "Price",
    "Query",
    "Restricted",
    "Secured",
    "Spread",
    "attack",
    "by_cells",
    "counted",
    "disclose_categories",
    "disclose_chain",
    "disclose_comments",
    "disclose_composition",
    "disclose_counts",
    "disclose_distribution",
    "disclose_estimate",
    "disclose_estimates",
    "disclose_events",
    "disclose_gap",
    "disclose_hours",
    "disclose_load",
    "disclose_prices",
    "disclose_pulse",
    "disclose_rhythm",
    "estimated",
    "fewer_than",
    "pair_example",
    "pair_units",
    "secure",
    "shows",
    "spread",
    "told",
]
