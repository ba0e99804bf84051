"""Where does a match stand: draft or approved, what changed, and where can it be decided about?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from revmentor.cycle.approval import option
from revmentor.cycle.changes import FILE, NAME, Changes, changes_since
from revmentor.cycle.context import Context
from revmentor.cycle.identity import CIRCLES, match_in
from revmentor.cycle.shown import Shown, shown, somebody_is_looking
from revmentor.cycle.steps.naming import carried_by, page_by_name, pairs_by_name
from revmentor.data.decided import SHEET, decide_words
from revmentor.disclosure import Restricted
from revmentor.matching import Matching, Problem, explain
from revmentor.publish.cells import to_csv
from revmentor.publish.decisions_sheet import decisions_workbook
from revmentor.publish.named import PAIRS_PAGE
from revmentor.publish.workspace import Workspace
from revmentor.tables import interactive
from revmentor.tiles import Pointer, finding


@dataclass(frozen=True)
class Standing:
    """What the coordinator does next with a match.

    Parameters
    ----------
    context : Context
    problem, matching : Problem and Matching
    explained : DataFrame
        The pairs with what each criterion contributed, and the wave if there are any.
    """

    context: Context
    problem: Problem
    matching: Matching
    explained: pd.DataFrame

    @cached_property
    def changes(self) -> Changes | None:
        """Against the published match of this scenario; None if there is none."""
        context = self.context
        folder = context.home / context.resolved.scenario
        if folder == context.work.folder:
            return None
        people, work = context.tables.people, context.work
        known = people.dropna(subset="name")
        names = dict(zip(known["person_id"], known["name"], strict=True))
        circles = work.read_table(CIRCLES) if work.has(CIRCLES) else None
        pairs, decisions = self.matching.pairs, context.tables.decisions
        there = set(context.tables.applications["person_id"])
        return changes_since(Workspace(folder), pairs, circles, decisions, names, there)

    def shown(self) -> Shown:
        """Draft or approved, what changed, and the workbook to decide in."""
        if not somebody_is_looking():
            return shown(
                Pointer(
                    "A match is a draft until a person approves it; above this page stands which "
                    "it is, and what changed since the match published before. Which pairs are "
                    "gone or new, and what brought it, stands at the top of ",
                    f"../restricted/{PAIRS_PAGE}",
                    f"restricted/{PAIRS_PAGE}",
                    f" and in restricted/{FILE}, whenever the pairs are not those of before.",
                ),
                Pointer(
                    "To decide about pairs, fill in ",
                    f"../restricted/{SHEET}",
                    f"restricted/{SHEET}",
                    f", run {decide_words(*self._names)}, and match again.",
                ),
            )
        changes = self.changes
        other = changes is not None and not changes.same
        return shown(
            finding(self._state(), tone="look"),
            finding(changes.sentence) if changes else None,
            interactive(Restricted(changes.others)) if changes and other else None,
        )

    @property
    def _cycle(self) -> str:
        return self.context.resolved.cycle

    @property
    def _names(self) -> tuple[str, str]:
        return self._cycle, self.context.resolved.scenario

    def _state(self) -> str:
        """Where the match of this draft folder stands, as recorded last."""
        found, scenario = self.context.approval, option(self.context.resolved.scenario)
        if found is not None and match_in(self.context.work) is not None:
            return f"The match in this folder is {found.sentence}."
        return (
            "This match is a draft. To let packs be made of it: publish it with revmentor run "
            f"{self._cycle} --stage match{scenario}, read it, then revmentor approve "
            f"{self._cycle} --by NAME{scenario}."
        )

    def write(self) -> tuple[Path, ...]:
        """The pairs by name, the workbook to decide in, and what changed.

        Call it when pairs and circles are there.
        """
        context, changes = self.context, self.changes
        work, people, title = context.work, context.tables.people, context.title
        page = page_by_name(self.explained, self.matching.unmatched, people, title, changes)
        command = decide_words(*self._names)
        book = decisions_workbook(self._pairs(), self._alone(), title=title, command=command)
        written = [work.write_text(PAIRS_PAGE, page), work.write_bytes(SHEET, book)]
        if changes is not None:
            told = {"same": changes.same, "sentence": changes.sentence}
            written.append(work.write_json(NAME, told, restricted=True))
            if not changes.same:
                written.append(work.write_bytes(FILE, to_csv(changes.table)))
        return tuple(written)

    def _pairs(self) -> pd.DataFrame:
        """Every pair as the coordinator reads it, best score first."""
        people = self.context.tables.people
        departments = people.set_index("person_id")["department"]
        names = people.set_index("person_id")["name"]
        named = pairs_by_name(self.explained, people)
        others = explain.best_others(self.problem, self.matching)
        table = pd.DataFrame({"mentor_id": named["mentor_id"], "mentee_id": named["mentee_id"]})
        for side in ("mentor", "mentee"):
            table[f"{side}"] = named[f"{side}_name"]
            table[f"{side}'s department"] = named[f"{side}_id"].map(departments)
        if "wave" in named:
            table["wave"] = named["wave"]
        table["score"] = (100 * named["score"]).round()
        table["carried by"] = carried_by(self.explained)
        for side in ("mentor", "mentee"):
            other, points = others[f"{side}_other"], 100 * others[f"{side}_other_score"]
            table[f"{side}'s best other partner"] = [
                f"{names.get(who) or who} ({score:.0f})" if pd.notna(score) else "nobody"
                for who, score in zip(other, points, strict=True)
            ]
        order = table.sort_values(["score", "mentor_id"], ascending=[False, True], kind="stable")
        return order.reset_index(drop=True)

    def _alone(self) -> pd.DataFrame:
        people = self.context.tables.people[["person_id", "name", "department"]]
        left = self.matching.unmatched[["person_id", "side", "reason"]]
        return left.merge(people, on="person_id", how="left")[
            ["person_id", "name", "department", "side", "reason"]
        ]
