"""What may be shown of the months: signs, pulse, goals, training, load?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from revmentor import metrics
from revmentor.cycle.steps.review.shares import Key, Shares
from revmentor.cycle.steps.review.week import Week
from revmentor.disclosure import (
    Disclosed,
    DisclosedEstimates,
    Group,
    counted,
    disclose_categories,
    disclose_comments,
    disclose_counts,
    disclose_distribution,
    disclose_pulse,
    estimated,
    spread,
)
from revmentor.metrics.burden import LOADED_FROM, Burden
from revmentor.metrics.change import sides_of
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.measured_kind import Events, Measured
from revmentor.metrics.pulse import asked_by, principle_scores, wave_order
from revmentor.metrics.sessions import PAIR
from revmentor.metrics.training import ALL_MODULES
from revmentor.names import SIDES

COMMENTS = "comments-{side}"
HOURS = "hours of meetings a month"
# Meetings held a week: a pair may hold several, so the number is no sum over pairs. Weeks with few
# meetings, or of few pairs, are hidden; meetings due are told as far as the pairs are. Of comments
# as many are drawn as the minimum asks for, whoever wrote, so that their number counts nobody.
COUNT_NOBODY = frozenset({"rhythm", *(COMMENTS.format(side=side) for side in SIDES)})


def add_week(shares: Shares, week: Week) -> None:
    """How many pairs show each sign."""
    counts = week.counts()
    shares.found["signs"] = disclose_counts(
        counts, shares.minimum, totals="none", unit="pairs", row_name="Sign"
    )
    shares.members["signs"] = counted(
        {
            (label, "pairs"): shares.ids(week.showing(name))
            for name, label in week.labels.items()
            if label in counts.index
        }
    )


def add_pulse(shares: Shares) -> None:
    """The principles by wave and side, response, support, disagreement."""
    answers, seen = shares.findings.answers, shares.findings.evidence
    pulse = seen.table("pulse")
    if answers is None or pulse is None:
        return
    items = seen.items["pulse"]
    points = metrics.pulse_points(pulse, seen.pairs, items, changed=seen.changed)
    shares.found["pulse"] = disclose_pulse(points, shares.minimum)
    shares.members["pulse"] = estimated(_pulse_groups(shares, answers.rows))
    rates: dict[Key, Estimate] = {}
    asked: dict[Key, Group] = {}
    invited = asked_by(answers.rows, seen.pairs, seen.as_of)
    for (wave, side), rate in metrics.response_rates(pulse, seen.pairs, seen.as_of).items():
        rates[wave, side] = rate
        answered = _answered(shares, answers.rows, wave, side)
        asked[wave, side] = Group.of(shares.ids(invited.index[invited[wave]]), having=answered)
    shares.several("response", rates, asked, "wave", "side")
    support = metrics.support_needed(pulse, seen.pairs)
    shares.found["support"] = disclose_categories(
        support, shares.minimum, row_name="Support asked for in the pulse"
    )
    given = answers.rows.dropna(subset="support_needed")
    shares.members["support"] = counted(
        {
            (str(what), str(side)): set(rows["person_id"])
            for (what, side), rows in given.groupby(["support_needed", "side"])
        }
    )


def add_comments(shares: Shares, minimum: int) -> None:
    """What people wrote in the pulse, by side over all waves, if enough wrote.

    As many as the minimum asks for are drawn, so that their number tells nothing.
    """
    answers, seen = shares.findings.answers, shares.findings.evidence
    if answers is None or "comment" not in answers.rows:
        return
    for side in SIDES:
        mine = answers.rows.loc[answers.rows["side"] == side]
        shares.found[COMMENTS.format(side=side)] = disclose_comments(
            mine[["person_id", "comment"]].rename(columns={"comment": "text"}),
            seen.people,
            minimum,
            seed=seen.seed,
            most=minimum,
        )


def _answered(shares: Shares, rows: pd.DataFrame, wave: str, side: str) -> list[str]:
    mine = rows.loc[(rows["wave"] == wave) & (rows["side"] == side)]
    other = "mentee" if side == "mentor" else "mentor"
    both = mine.rename(columns={"person_id": f"{side}_id", "partner_id": f"{other}_id"})
    return shares.ids(pd.MultiIndex.from_frame(both[PAIR]))


def _pulse_groups(shares: Shares, rows: pd.DataFrame) -> dict[Key, Group]:
    scores = principle_scores(rows, shares.findings.evidence.items["pulse"])
    waves = wave_order(rows)
    groups: dict[Key, Group] = {}
    for principle in scores.columns:
        wide = scores[principle].unstack("wave").reindex(columns=waves)
        for side in SIDES:
            mine = wide.xs(side, level="side")
            for at, wave in enumerate(waves):
                names = {w: f"{principle}, {side}@{w}" for w in waves}
                key = (str(principle), wave, side)
                groups[*key, "mean"] = Group.of_values(mine[wave], names[wave], shares.scale)
                for what, before in (("change", max(at - 1, 0)), ("since first", 0)):
                    if at:
                        earlier = waves[before]
                        groups[*key, what] = Group.of_change(
                            mine[earlier], mine[wave], names[earlier], names[wave], shares.scale
                        )
    return groups


def add_goals(shares: Shares, reached: Measured) -> None:
    """How far the goals have come. A goal is counted by an id of its own."""
    goals = shares.findings.goals
    if goals is None:
        return
    table = goals.goals
    units = shares.units.reindex(pd.MultiIndex.from_frame(table[PAIR]))
    number = table.groupby(PAIR).cumcount().astype("str")
    ids = units.to_numpy() + " goal " + number.to_numpy()
    own = pd.Series(table["capped"].to_numpy(), index=ids)
    shares.found["goals"] = disclose_distribution(
        own,
        shares.minimum,
        step=0.1,
        unit="share",
        of="goals",
        behind=pd.Series(units.to_numpy(), index=ids),
    )
    shares.members["goals"] = spread(own, "goal", (0.0, 1.0))
    pairs = Group.of(units.unique())
    shares.one("goals-mean", goals.capped, pairs)
    of_goals = Group.of(ids, having=ids[(table["attainment"] >= 1).to_numpy()])
    shares.one("goals-reached", goals.reached, of_goals, reached.events)
    shares.of_measure["goals_reached_share"] = of_goals


def add_training(shares: Shares) -> None:
    """Training completed of what was due, by module and side."""
    training = shares.findings.training
    if training is None:
        return
    estimates: dict[Key, Estimate] = dict(training.completed.items())
    rows = shares.findings.evidence.table("training")
    assert rows is not None
    due = rows.loc[rows["status"] != "excused"]
    sides = sides_of(shares.findings.evidence.pairs, SIDES)
    groups: dict[Key, Group] = {}
    events: dict[Key, Events] = {}
    for module, side in training.completed:
        own = due.loc[due["person_id"].isin(sides[side])]
        if module == ALL_MODULES:
            done = (own["status"] == "completed").groupby(own["person_id"])
            events[module, side] = Events(done.sum(), done.size())
        else:
            own = own.loc[own["module"] == module]
            having = own.loc[own["status"] == "completed", "person_id"]
            groups[module, side] = Group.of(own["person_id"], having=having)
    shares.several("training", estimates, groups, "module", "side", events=events)


def with_sums(
    values: Mapping[str, Disclosed], criteria: Sequence[str] = ()
) -> Mapping[str, Disclosed]:
    """All trainings together with their n only where every module's n is shown.

    Else the sum less what is shown would be what is not. The same for criteria of this measure.

    Parameters
    ----------
    values : mapping of name to disclosed value
        Secured.
    criteria : sequence of str
        Keys in ``verdicts``.
    """
    training, verdicts = values.get("training"), values.get("verdicts")
    if not isinstance(training, DisclosedEstimates):
        return values
    unclear = {
        side
        for (module, side), each in zip(training.keys, training.estimates, strict=True)
        if module != ALL_MODULES and each.n is None
    }
    found = {**values, "training": _without_n(training, {(ALL_MODULES, side) for side in unclear})}
    if unclear and isinstance(verdicts, DisclosedEstimates):
        found["verdicts"] = _without_n(verdicts, {(number,) for number in criteria})
    return found


def _without_n(value: DisclosedEstimates, keys: set[Key]) -> DisclosedEstimates:
    estimates = tuple(
        each.model_copy(
            update={"n": None, "n_low": value.minimum if each.state == "shown" else None}
        )
        if key in keys and each.n is not None
        else each
        for key, each in zip(value.keys, value.estimates, strict=True)
    )
    return value.model_copy(update={"estimates": estimates})


def add_burden(shares: Shares, load: Burden) -> None:
    """How loaded the mentors are."""
    table = load.mentors
    told = table.loc[table["known"] >= LOADED_FROM]
    loaded = told.index[told["signs"] >= LOADED_FROM]
    found: dict[Key, tuple[Estimate, Group]] = {
        (name,): (estimate, Group.of(known.dropna().index if estimate.n else ()))
        for name, known, estimate in (
            (HOURS, table["hours"].where(table["arranged"] > 0), load.hours),
            ("partners", table["partners"], load.partners),
            ("commitment in the last pulse", table["commitment"], load.commitment),
        )
    }
    found["share loaded",] = (load.loaded, Group.of(told.index, having=loaded))
    estimates = {key: estimate for key, (estimate, _) in found.items()}
    shares.several("burden", estimates, {key: who for key, (_, who) in found.items()}, "what")
