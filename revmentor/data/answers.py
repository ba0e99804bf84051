"""Answers to surveys: scales that changed, reversed questions, second answers, early answers."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from revmentor.data.columns import TableContract
from revmentor.data.draft import Draft
from revmentor.data.report import count
from revmentor.data.schemas import OFF_SCALE_CURE, off_scale
from revmentor.errors import Fault
from revmentor.params.models import Params, Scale

WAVE_COLUMNS = {"pulse": "wave", "skills": "when", "leadership": "when", "creativity": "when"}
"""The column that says when, by survey."""

_REPEATS = "the row repeats another exactly"
_AGAIN = "the person answered again in the same wave, and the latest answer counts"


def takes_latest(contract: TableContract, params: Params) -> bool:
    """Does the latest of several answers of one person in a wave count, as declared?"""
    return contract.name in WAVE_COLUMNS and params.data.on_second_answer == "latest"


def check_answers(draft: Draft, params: Params) -> Draft:
    """Is every answer on the scale of its wave, of one direction, once per wave, and in time?

    Answers to reversed questions are turned round (low end + high end - answer), so that later
    rooms need not know of them. Tables that are no survey come back as they are, but for reversed
    questions among them.
    """
    name = draft.contract.name
    draft = draft.blame(_off_changed_scales(draft, params))
    draft = _turned_round(draft, params)
    if name not in WAVE_COLUMNS:
        return draft
    if takes_latest(draft.contract, params):
        draft = _latest(draft)
    return _early(draft, params) if name == "pulse" else draft


def _scales(draft: Draft, params: Params, item: str) -> Iterable[tuple[pd.Series, Scale]]:
    """The item's scales, each with the rows (True) that it holds for."""
    frame, scales = draft.frame, params.data.scales
    usual = pd.Series(True, index=frame.index)
    for change in params.data.items.changed:
        if change.table == draft.contract.name and item in change.items and change.scale:
            there = frame[WAVE_COLUMNS[change.table]].isin(change.waves)
            usual &= ~there
            yield there, change.scale
    yield usual, scales.level if item == "level" else scales.item


def _off_changed_scales(draft: Draft, params: Params) -> Iterable[Fault]:
    """Answers outside the scale of their wave, for items whose scale changed."""
    rescaled = {
        item
        for change in params.data.items.changed
        if change.table == draft.contract.name and change.scale
        for item in change.items
    }
    for item in draft.contract.names:
        if item not in rescaled or item not in draft.names:
            continue
        for there, scale in _scales(draft, params, item):
            answers = draft.frame.loc[there, item]
            wrong = answers[(answers < scale.low) | (answers > scale.high)]
            for row, answer in wrong.items():
                yield draft.fault(
                    "out of range",
                    off_scale(scale.low, scale.high),
                    OFF_SCALE_CURE,
                    int(str(row)),
                    item,
                    f"{answer:g}",
                )


def _turned_round(draft: Draft, params: Params) -> Draft:
    """Reversed questions counted as the others."""
    items = draft.contract.items
    reversed_ = params.data.items.reverse.get(items, ()) if items else ()
    for item in reversed_:
        if item not in draft.names:
            continue
        turned = draft.frame[item].copy()
        told = []
        for there, scale in _scales(draft, params, item):
            if there.any():
                turned = turned.mask(there, scale.low + scale.high - turned)
                told.append(f"{scale.low + scale.high:g}")
        own = draft.names.get(item, item)
        draft = draft.with_frame(draft.frame.assign(**{item: turned}))
        draft = draft.note(f"{own} is reversed: counted as {' or '.join(told)} minus the answer")
    return draft


def _latest(draft: Draft) -> Draft:
    """Only the latest row of each key: by ``on`` where there is one, then by the order of rows."""
    key, keyed = draft.keyed()
    if not key or not keyed.duplicated(key).any():
        return draft
    ordered = keyed.sort_values("on", kind="stable") if "on" in keyed else keyed
    last = pd.Series(ordered.index, index=ordered.index)
    last = last.groupby([ordered[name] for name in key], sort=False, dropna=False).transform("last")
    older = sorted(int(row) for row in last.index[last != last.index])
    texts = draft.everyone.fillna("")
    same = [row for row in older if texts.loc[row].equals(texts.loc[last[row]])]
    again = [row for row in older if row not in set(same)]
    if again:
        of = " and ".join(draft.names.get(name, name) for name in key)
        problem = (
            f"{count(len(again), 'row was', 'rows were')} answered again with the same {of}, and "
            f"the latest answer counts ({draft.told(again)})"
        )
        draft = draft.warn([draft.fault("second answer", problem, "check why there are two")])
    return draft.leave_out(same, _REPEATS).leave_out(again, _AGAIN)


def _early(draft: Draft, params: Params) -> Draft:
    """Answers from before the first day of the pairs: refused, or left out and listed."""
    start = params.programme.start
    days = draft.frame["on"]
    early = [int(row) for row in draft.frame.index[days < pd.Timestamp(start)]]
    if params.data.on_answer_before_start == "exclude":
        return draft.leave_out(early, f"the answer is from before the start, {start}")
    problem = f"the answer is from before the start of the pairs, {start}"
    cure = (
        "correct the date or programme.start, declare data.time_zone if the times are of another "
        "zone, or set data.on_answer_before_start: exclude"
    )
    return draft.blame(
        draft.fault("answer before the start", problem, cure, row, "on") for row in early
    )
