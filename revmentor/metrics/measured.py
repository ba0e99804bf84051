"""Which value has each measure of `revmentor.measures` in this cycle, and of whom does it tell?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from revmentor.measures import MEASURES
from revmentor.metrics.cohort import on_side
from revmentor.metrics.estimate import (
    census_share,
    clustered_share,
)
from revmentor.metrics.evidence import why_absent
from revmentor.metrics.findings import Findings
from revmentor.metrics.groups import NOT_GIVEN, group_of
from revmentor.metrics.match import wanted_skill
from revmentor.metrics.measured_kind import NOBODY, Events, Measured, known, lacking
from revmentor.metrics.measured_staying import difference, raised_share, retained
from revmentor.metrics.pulse import asked_by
from revmentor.metrics.sessions import PAIR, met_in_time
from revmentor.metrics.surveys import WAVES, Changes
from revmentor.metrics.training import ALL_MODULES
from revmentor.names import PRINCIPLES, SIDES
from revmentor.people import are_in


def measured(findings: Findings, key: str) -> Measured:
    """Which value has this measure?

    Parameters
    ----------
    findings : Findings
        The figures of the cycle.
    key : str
        A key of `revmentor.measures.MEASURES`.

    Returns
    -------
    Measured
        "Not computed" with the reason where the table that it needs is not there.
    """
    measure = MEASURES[key]
    if findings.evidence.pairs.empty:
        return lacking("there are no pairs", key)
    if measure.table and findings.evidence.table(measure.table) is None:
        return lacking(why_absent(measure.table, findings.evidence.on_page), key)
    return _BY_KEY[key](findings)


def _wanted_skill(found: Findings) -> Measured:
    seen = found.evidence
    lists = seen.applications.set_index("person_id")
    offered = seen.pairs["mentor_id"].map(lists["skills_offered"])
    wanted = seen.pairs["mentee_id"].map(lists["skills_wanted"])
    named = np.array([bool(want) for want in wanted], dtype=np.bool_)
    has = np.array(
        [bool(set(a or ()) & set(b or ())) for a, b in zip(offered, wanted, strict=True)],
        dtype=np.bool_,
    )
    estimate = wanted_skill(seen.pairs, seen.applications)
    return Measured(estimate, seen.pair_index[named], seen.pair_index[named & has])


def _across(by: str) -> Callable[[Findings], Measured]:
    def find(found: Findings) -> Measured:
        seen = found.evidence
        groups = group_of(seen.people, by)
        mentor = seen.pairs["mentor_id"].map(groups).to_numpy()
        mentee = seen.pairs["mentee_id"].map(groups).to_numpy()
        known = (mentor != NOT_GIVEN) & (mentee != NOT_GIVEN)
        join = known & (mentor != mentee)
        estimate = census_share(int(join.sum()), int(known.sum()), "pairs")
        return Measured(estimate, seen.pair_index[known], seen.pair_index[join])

    return find


def _wishes(found: Findings) -> Measured:
    seen = found.evidence
    made = {(a, b) for a, b in seen.pair_index} | {(b, a) for a, b in seen.pair_index}
    wishing: dict[str, bool] = {}
    for side in SIDES:
        who = on_side(seen.applications, side)
        for person, wishes in zip(who["person_id"], who["wishes"], strict=True):
            if wishes:
                got = any((person, wish) in made for wish in wishes)
                wishing[person] = wishing.get(person, False) or got
    of = "people with wishes"
    estimate = census_share(sum(wishing.values()), len(wishing), of)
    ids = pd.Index(sorted(wishing), dtype="str")
    return Measured(estimate, ids, ids[[wishing[person] for person in ids]])


def _score_share(found: Findings) -> Measured:
    """The match knows it (`revmentor.metrics.quality`); it is no sum over people."""
    share = found.evidence.score_share
    return (
        Measured(share, NOBODY) if share else lacking("the match does not tell it", "score_share")
    )


def _first_meeting(found: Findings) -> Measured:
    seen, sessions = found.evidence, known(found.evidence.table("sessions"))
    days, until = seen.first_meeting_within_days, seen.known_until("sessions")
    judged, in_time = met_in_time(sessions, seen.pairs, seen.start, days, until)
    # Where nothing can be told yet, its reason is of all pairs.
    of = judged if len(judged) else seen.pair_index
    return Measured(known(found.first_meeting), of, in_time)


def _meetings_held(found: Findings) -> Measured:
    rhythm = known(found.rhythm)
    of = rhythm.begun if len(rhythm.begun) else found.evidence.pair_index
    # The value is a mean over pairs, and yet as many meetings as few pairs held tell of few.
    return Measured(rhythm.held_of_due, of, events=Events(rhythm.held, rhythm.owed))


def _senior_cancels(found: Findings) -> Measured:
    rhythm = known(found.rhythm)
    meetings = rhythm.by_pair
    events = Events(meetings["cancelled_by_mentee"], meetings["arranged"])
    return Measured(rhythm.cancelled["mentee"], meetings.index, events=events)


def _response(found: Findings) -> Measured:
    """Answered / invited over all waves; questionnaires of one person are alike."""
    answers, seen = known(found.answers).rows, found.evidence
    often = asked_by(answers, seen.pairs, seen.as_of).sum(axis=1).to_numpy()
    ends = pd.concat([pd.Series(often, index=seen.pairs[f"{side}_id"]) for side in SIDES])
    invited = ends.groupby(level=0, sort=False).sum().rename_axis("person_id")
    invited = invited.loc[invited > 0]
    given = answers.groupby("person_id").size().reindex(invited.index, fill_value=0)
    share = clustered_share(given, invited, "questionnaires", "participants")
    return Measured(share, invited.index, events=Events(given, invited))


def _training(found: Findings) -> Measured:
    seen = found.evidence
    rows = known(seen.table("training"))
    mine = are_in(rows["person_id"], seen.participants["person_id"]) & (rows["status"] != "excused")
    due = rows.loc[mine]
    done = (due["status"] == "completed").groupby(due["person_id"])
    events = Events(done.sum(), done.size())
    share = known(found.training).completed[ALL_MODULES, "both"]
    return Measured(share, events.sizes.index, events=events)


def _pulse(principle: str) -> Callable[[Findings], Measured]:
    def find(found: Findings) -> Measured:
        changes = known(found.pulse_changes)
        if principle not in {change.what for change in changes.changes}:
            return lacking(f"the pulse does not ask about {principle}", f"{principle}_change")
        return _changed(changes, principle, "both")

    return find


def _goals(found: Findings) -> Measured:
    goals = known(found.goals)
    return Measured(goals.capped, goals.goals.set_index(PAIR).index.unique())


def _goals_reached(found: Findings) -> Measured:
    goals = known(found.goals)
    reached = (goals.goals["attainment"] >= 1).groupby(
        [goals.goals["mentor_id"], goals.goals["mentee_id"]]
    )
    events = Events(reached.sum(), reached.size())
    return Measured(goals.reached, events.sizes.index, events=events)


def _skills(found: Findings) -> Measured:
    return _changed(known(found.skills), "all skills", "mentee")


def _skills_measured(found: Findings) -> Measured:
    people = pd.Index(found.evidence.pairs["mentee_id"].unique())
    rows = known(found.evidence.table("skills")).dropna(subset="level")
    times = rows.drop_duplicates(["person_id", "skill", "when"]).groupby(["person_id", "skill"])
    twice = times.size().loc[lambda size: size == len(WAVES)].index.get_level_values("person_id")
    return Measured(known(found.skills).measured["mentee"], people, people[are_in(people, twice)])


def _scale(table: str, side: str) -> Callable[[Findings], Measured]:
    def find(found: Findings) -> Measured:
        return _changed(known(getattr(found, table)), f"all of {table}", side)

    return find


def _changed(changes: Changes, what: str, side: str) -> Measured:
    change = changes.change(what, side)
    return Measured(change.difference, change.answers.index)


def _new_ties(found: Findings) -> Measured:
    return Measured(known(found.network).new_ties().participants, _tied(found))


def _ei_change(found: Findings) -> Measured:
    return Measured(known(found.network).mixed("department").change, _tied(found))


def _tied(found: Findings) -> pd.Index:
    """Participants who named anybody both times."""
    rows = known(found.evidence.table("ties"))
    waves = [set(rows.loc[rows["when"] == when, "person_id"]) for when in WAVES]
    people = pd.Index(found.evidence.participants["person_id"].unique())
    tied: pd.Index = people[are_in(people, waves[0] & waves[1])]
    return tied


_BY_KEY: Mapping[str, Callable[[Findings], Measured]] = MappingProxyType(
    {
        "score_share": _score_share,
        "wanted_skill_share": _wanted_skill,
        "across_departments": _across("department"),
        "across_generations": _across("generation"),
        "across_sites": _across("site"),
        "wishes_met_share": _wishes,
        "first_meeting_share": _first_meeting,
        "meetings_held_share": _meetings_held,
        "senior_cancellation_share": _senior_cancels,
        "response_rate": _response,
        "training_compliance": _training,
        **{f"{name}_change": _pulse(name) for name in PRINCIPLES},
        "goal_attainment": _goals,
        "goals_reached_share": _goals_reached,
        "skill_change": _skills,
        "skills_measured_share": _skills_measured,
        "leadership_change": _scale("leadership", "mentor"),
        "creativity_change": _scale("creativity", "both"),
        "new_ties": _new_ties,
        "ei_change": _ei_change,
        "retention": retained,
        "retention_difference": difference("stays_more", "retention_difference"),
        "promotion": raised_share,
        "promotion_difference": difference("rises_more", "promotion_difference"),
    }
)
