"""Applications against the roster: capacities, ranked wishes, vetoes, and what nobody offers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from revmentor.data.draft import Draft
from revmentor.data.identity import Roster, unknown_id
from revmentor.data.report import EXAMPLES, count, row_list
from revmentor.data.values import Unreadable
from revmentor.errors import SHOWN_PER_KIND, Fault
from revmentor.params.models import Params
from revmentor.params.nearest import nearest

_SHOWN = 10
_OTHERS = re.compile(r"[\s,;|/]+")
_BETWEEN = "write the list separator between them, or declare list_separator for this source"


def check_applications(draft: Draft, roster: Roster, params: Params) -> Draft:
    """Which applications can be matched? ``wishes`` and ``vetoes`` become ids of people who stay,
    wishes in rank order."""
    draft = _ways(_capacities(draft, params), params)
    draft = _named_people(draft, roster, "wishes", ranked=True)
    draft = _named_people(draft, roster, "vetoes", ranked=False)
    draft = _waves(draft, params)
    draft = draft.blame(_wished_and_vetoed(draft))
    return _sides(_wishes_told(draft))


def _capacities(draft: Draft, params: Params) -> Draft:
    capacity, limits = draft.frame["capacity"], params.matching.capacity
    faults = [
        draft.fault(
            "capacity above the cap",
            f"the capacity is above the stated cap of {limits.most:,}",
            "correct it, or raise matching.capacity.most",
            row,
            "capacity",
            str(capacity[row]),
        )
        for row in draft.frame.index[(capacity > limits.most).fillna(False)]
    ]
    mentors = draft.frame["side"].isin(["mentor", "both"])
    if mentors.any() and not capacity[mentors].fillna(limits.mentor).gt(0).any():
        faults.append(
            draft.fault(
                "no capacity",
                "the capacity of all mentors is 0, so nobody can be matched",
                "give mentors a capacity of at least 1, in the table or in "
                "matching.capacity.mentor",
                column="capacity",
            )
        )
    return draft.blame(faults)


def _ways(draft: Draft, params: Params) -> Draft:
    """Nobody comes in by a way that the cycle does not have. Blank: not stated.

    What is no way at all has been told with its column.
    """
    ways, stated = params.enrolment.ways, draft.frame["enrolment"]
    known = draft.contract.column("enrolment").choices
    outside = stated.isin(list(known)) & ~stated.isin(list(ways))
    return draft.blame(
        draft.fault(
            "no such way in",
            f"this is no way into this cycle, which has {', '.join(ways)}",
            "correct it, or add it to enrolment.ways",
            int(row),
            "enrolment",
            str(stated[row]),
        )
        for row in draft.frame.index[outside]
    )


def _named_people(draft: Draft, roster: Roster, column: str, *, ranked: bool) -> Draft:
    """A column of lists of ids: each known, not oneself, once, and still there."""
    frame = draft.frame
    faults: list[Fault] = []
    named: list[tuple[str, ...]] = []
    gone: list[int] = []
    hints = SHOWN_PER_KIND
    for row, own, listed in frame[["person_id", column]].itertuples():
        if not listed:
            named.append(())
            continue
        try:
            ids = in_rank_order(listed, roster.rows) if ranked else listed
        except Unreadable as wrong:
            faults.append(draft.fault(wrong.kind, wrong.problem, wrong.cure, row, column))
            named.append(())
            continue
        faults += _about(draft, column, row, own, ids)
        for position, person in enumerate(ids, start=1):
            if person not in roster.rows:
                item = f"item {position} of the list"
                if _several(person, roster):
                    problem = f"{item} holds several ids"
                    faults.append(draft.fault("list separator", problem, _BETWEEN, row, column))
                    continue
                faults.append(
                    unknown_id(draft, roster, row, column, person, hint=hints > 0, item=item)
                )
                hints -= 1
        kept = tuple(person for person in ids if person in roster.present)
        if len(kept) < sum(person in roster.rows for person in ids):
            gone.append(int(row))
        named.append(kept)
    draft = draft.blame(faults)
    if gone:
        rows = row_list(tuple(gone[:EXAMPLES]), len(gone))
        who = count(len(gone), "person", "people")
        draft = draft.note(
            f"{column} of {who} name somebody who was left out of people: not counted ({rows})"
        )
    cells = np.empty(len(named), dtype=object)
    cells[:] = named
    return draft.with_frame(frame.assign(**{column: pd.Series(cells, index=frame.index)}))


def _several(item: str, roster: Roster) -> bool:
    """Are these several known ids, between which another separator stands?"""
    parts = [part for part in _OTHERS.split(item) if part]
    return len(parts) > 1 and all(part in roster.rows for part in parts)


def _waves(draft: Draft, params: Params) -> Draft:
    """Waves as params spell them; nobody states one that is not there. Blank: free in all."""
    waves = params.matching.limits.waves
    if not waves:
        return draft
    known = {wave.name.casefold(): wave.name for wave in waves}
    where: dict[str, list[int]] = {}
    for row, stated in draft.frame["waves"].items():
        for name in dict.fromkeys(name for name in stated if name.casefold() not in known):
            where.setdefault(name, []).append(int(str(row)))
    key = "design.waves" if params.design.waves else "matching.limits.waves"
    faults = [
        fault
        for name, rows in where.items()
        for fault in _unknown_wave(draft, rows, name, list(known.values()), key)
    ]
    frame = draft.frame
    cells = np.empty(len(frame), dtype=object)
    cells[:] = [tuple(known.get(n.casefold(), n) for n in stated) for stated in frame["waves"]]
    spelt = frame.assign(waves=pd.Series(cells, index=frame.index, dtype=object))
    return draft.with_frame(spelt).blame(faults)


def _unknown_wave(
    draft: Draft, rows: list[int], name: str, waves: list[str], key: str
) -> list[Fault]:
    near = nearest(name, waves)
    hint = f"write {near}, if that is what is meant" if near else "correct it"
    problem = f"the list names no wave of {key}, which has {', '.join(waves)}"
    cure = f"{hint}, or add the wave to {key}"
    return draft.faults_of_one(rows, "unknown wave", problem, cure, "waves", name)


def _about(draft: Draft, column: str, row: int, own: str, ids: tuple[str, ...]) -> Iterable[Fault]:
    """Faults of one list: oneself in it, or somebody twice."""
    if own in ids:
        problem = f"the person names themself in {column}"
        yield draft.fault("oneself", problem, "delete that item", row, column)
    if len(set(ids)) < len(ids):
        twice = [ids.index(person) + 1 for person, n in Counter(ids).items() if n > 1]
        problem = f"item {twice[0]} of the list is in it again"
        yield draft.fault("named twice", problem, "keep each id once", row, column)


def in_rank_order(listed: tuple[str, ...], known: Mapping[str, object]) -> tuple[str, ...]:
    """Which ids are wished, best first? Either in the order written, or by ``id:rank``.

    An item that is itself a known id has no rank, even if it holds a colon. Ranks are 1 to k,
    each once.

    >>> in_rank_order(("P7:2", "P3:1"), {"P3": 1, "P7": 1})
    ('P3', 'P7')
    """
    split = [item in known or ":" not in item for item in listed]
    if all(split):
        return listed
    cure = "write ids in order of preference, or every one as id:rank with ranks from 1 up"
    if any(split):
        problem = "some wishes have a rank and others have none"
        raise Unreadable("rank of wishes", problem, cure)
    parts = [item.rpartition(":") for item in listed]
    ranks = [rank.strip() for _, _, rank in parts]
    if not all(rank.isascii() and rank.isdigit() for rank in ranks):
        problem = "the rank of a wish is not a whole number"
        raise Unreadable("rank of wishes", problem, cure)
    numbers = [int(rank) for rank in ranks]
    if len(set(numbers)) < len(numbers):
        raise Unreadable("rank of wishes", "two wishes have the same rank", cure)
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        problem = f"the ranks of {len(numbers)} wishes are not 1 to {len(numbers)}: there is a gap"
        raise Unreadable("rank of wishes", problem, cure)
    ids = [person.strip() for person, _, _ in parts]
    return tuple(person for _, person in sorted(zip(numbers, ids, strict=True)))


def _wished_and_vetoed(draft: Draft) -> Iterable[Fault]:
    for row, wishes, vetoes in draft.frame[["wishes", "vetoes"]].itertuples():
        both = set(wishes) & set(vetoes)
        if both:
            positions = sorted((wishes.index(p) + 1, vetoes.index(p) + 1) for p in both)
            wish, veto = positions[0]
            yield draft.fault(
                "wished and vetoed",
                f"the same person is wished (item {wish} of {draft.names.get('wishes', 'wishes')}) "
                f"and vetoed (item {veto} of {draft.names.get('vetoes', 'vetoes')}) in row {row:,}",
                "delete one of the two",
                row,
                "wishes",
            )


def _wishes_told(draft: Draft) -> Draft:
    """Notes on wishes that can have no effect."""
    frame = draft.frame
    if not frame["wishes"].map(len).any():
        return draft.note(
            "nobody has wishes, so they do not count in the match: the other criteria count for "
            "more"
        )
    sides = draft.by_person("side")
    idle = [
        int(row)
        for row, side, wishes in frame[["side", "wishes"]].itertuples()
        if any(sides.get(person) in (None, side if side != "both" else None) for person in wishes)
    ]
    if not idle:
        return draft
    rows = row_list(tuple(idle[:EXAMPLES]), len(idle))
    return draft.note(
        f"wishes of {count(len(idle), 'person', 'people')} name somebody who has not applied, or "
        f"only on the same side: without effect ({rows})"
    )


def _sides(draft: Draft) -> Draft:
    """A warning for a side on which nobody applied."""
    for side in ("mentor", "mentee"):
        if not draft.frame["side"].isin([side, "both"]).any():
            problem = f"nobody has applied as {side}, so there is nobody to match"
            cure = "check how the side is mapped, or wait for applications"
            draft = draft.warn([draft.fault("empty side", problem, cure, column="side")])
    return draft


def supply_told(draft: Draft) -> Draft:
    """A note on skills that are wanted and that nobody offers."""
    frame = draft.frame
    offered = {s for skills in frame["skills_offered"] for s in skills}
    wanted = Counter(s for skills in frame["skills_wanted"] for s in skills)
    lacking = [skill for skill, _ in wanted.most_common() if skill not in offered]
    if not lacking:
        return draft
    shown = ", ".join(lacking[:_SHOWN]) + (" ..." if len(lacking) > _SHOWN else "")
    return draft.note(
        f"{len(lacking):,} of {count(len(wanted), 'wanted skill')} offered by nobody: {shown}"
    )
