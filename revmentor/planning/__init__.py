"""Planning: the charter, the timeline, and what each pair needs to begin."""

from revmentor.planning.charter import (
    CharterDocument,
    Gap,
    Promise,
    charter_document,
    charter_gaps,
    rule_in_words,
)
from revmentor.planning.packs import Pack, Profile, make_packs
from revmentor.planning.pairs import charter_power, n_planned, pairs_planned
from revmentor.planning.promise import changes, digest, in_unit, promised, said
from revmentor.planning.sample import sample_pack
from revmentor.planning.templates import TEMPLATES, template_yaml
from revmentor.planning.timeline import Event, check_ins, hours_per_pair, meetings, phases

__all__ = [
    "TEMPLATES",
    "CharterDocument",
    "Event",
    "Gap",
    "Pack",
    "Profile",
    "Promise",
    "changes",
    "charter_document",
    "charter_gaps",
    "charter_power",
    "check_ins",
    "digest",
    "hours_per_pair",
    "in_unit",
    "make_packs",
    "meetings",
    "n_planned",
    "pairs_planned",
    "phases",
    "promised",
    "rule_in_words",
    "said",
    "sample_pack",
    "template_yaml",
]
