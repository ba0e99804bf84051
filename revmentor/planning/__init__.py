"""Planning: the charter, the timeline, and what each pair needs to begin."""

from revmentor.planning.cards import AGREEMENT
from revmentor.planning.charter import (
    CharterDocument,
    Gap,
    Promise,
    charter_document,
    charter_gaps,
    rule_in_words,
)
from revmentor.planning.circle_packs import make_circle_packs, meeting_series
from revmentor.planning.packs import Known, Pack, Slot, make_packs
from revmentor.planning.pairs import charter_power, n_planned, pairs_planned
from revmentor.planning.profiles import Profile
from revmentor.planning.promise import changes, digest, in_unit, promised, said
from revmentor.planning.sample import sample_pack
from revmentor.planning.series import Series
from revmentor.planning.templates import TEMPLATES, template_yaml
from revmentor.planning.timeline import Event, check_ins, hours_per_pair, meetings, phases
from revmentor.planning.waves import waves_of

__all__ = [
    "AGREEMENT",
    "TEMPLATES",
    "CharterDocument",
    "Event",
    "Gap",
    "Known",
    "Pack",
    "Profile",
    "Promise",
    "Series",
    "Slot",
    "changes",
    "charter_document",
    "charter_gaps",
    "charter_power",
    "check_ins",
    "digest",
    "hours_per_pair",
    "in_unit",
    "make_circle_packs",
    "make_packs",
    "meeting_series",
    "meetings",
    "n_planned",
    "pairs_planned",
    "phases",
    "promised",
    "rule_in_words",
    "said",
    "sample_pack",
    "template_yaml",
    "waves_of",
]
