"""Planning: the charter, the timeline, and what each pair needs to begin."""

from revmentor.planning.charter import COMPUTED, CharterPage, Gap, charter_gaps, charter_page
from revmentor.planning.packs import Pack, Profile, make_packs
from revmentor.planning.sample import sample_pack
from revmentor.planning.timeline import Event, check_ins, hours_per_pair, meetings, phases

__all__ = [
    "COMPUTED",
    "CharterPage",
    "Event",
    "Gap",
    "Pack",
    "Profile",
    "charter_gaps",
    "charter_page",
    "check_ins",
    "hours_per_pair",
    "make_packs",
    "meetings",
    "phases",
    "sample_pack",
]
