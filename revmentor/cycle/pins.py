"""Which required pairs break a rule, so that no matching can be made with them?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from revmentor import words
from revmentor.cycle import trail
from revmentor.cycle.pool import selection_of
from revmentor.data import Tables
from revmentor.data.decided import SHEET, decide_words
from revmentor.errors import Fault
from revmentor.matching import rules
from revmentor.matching.intake.reading import read_pool
from revmentor.matching.made_of import pins_of
from revmentor.names import RULE_WORDS
from revmentor.params import Params

LOCK = "choose lock, which keeps a pair whatever the rules say"


def against_rules(tables: Tables, params: Params) -> Iterator[Fault]:
    """Every required pair that breaks a rule, with the place where it was decided.

    Parameters
    ----------
    tables : Tables
        With decisions and history, as a match reads them.
    params : Params
    """
    if tables.decisions is None or not tables.decisions["decision"].eq("require").any():
        return
    placed = selection_of(tables, params).pool()
    pool = read_pool(tables.people, placed, params, tables.decisions, tables.history)
    for pin in pins_of(tables.decisions, pool):
        if pin.kind == "lock" or pin.mentor is None or pin.mentee is None:
            continue
        i, j = np.array([pin.mentor]), np.array([pin.mentee])
        named = [
            f"“{RULE_WORDS[name]}”" for name, mask in rules.broken(pool, params, i, j) if mask[0]
        ]
        if named:
            pair = (str(pin.mentor_id), str(pin.mentee_id), "require")
            file, row = tables.decided_at.get(pair, ("decisions", None))
            yield Fault(
                "required against a rule",
                f"the required pair breaks {'a rule' if len(named) == 1 else 'rules'}: "
                f"{words.listed(named)}",
                f"{LOCK}, or {taken_back(file)}",
                file,
                row,
                "decision",
            )


def taken_back(file: str) -> str:
    """How is a decision taken back that stands in this file?"""
    if file == trail.FILE:
        return (
            "take it back: write both ids with the decision withdraw into the sheet Further pairs "
            f"of restricted/{SHEET}, and take that in with `{decide_words()}`"
        )
    return "empty the row" if ", sheet " in file else "delete the row"
