"""Which parameters hold for a cycle? Three layers of YAML, validated before anything runs."""

from revmentor.params.models import Params
from revmentor.params.resolve import (
    Resolved,
    cycle_names,
    load_params,
    read_resolved,
    scenario_names,
)

__all__ = [
    "Params",
    "Resolved",
    "cycle_names",
    "load_params",
    "read_resolved",
    "scenario_names",
]
