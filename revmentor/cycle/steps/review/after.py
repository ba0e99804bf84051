"""What may be shown of what changed: surveys, ties, who stays?"""

from __future__ import annotations

import pandas as pd

from revmentor.cycle.steps.review.shares import Key, Shares
from revmentor.disclosure import Group, counted, disclose_chain
from revmentor.metrics.compared import Comparison
from revmentor.metrics.estimate import Estimate
from revmentor.metrics.staying import staying, ticks
from revmentor.metrics.surveys import Changes
from revmentor.metrics.ties import ANY
from revmentor.people import People, are_in, people_of

CHANGE = "change"


def add_changes(shares: Shares, name: str, changes: Changes | None) -> None:
    """Before and after of one survey, by what was asked and side."""
    if changes is None:
        return
    estimates: dict[Key, Estimate] = {}
    groups: dict[Key, Group] = {}
    scale = shares.level if name == "skills" else shares.scale
    for change in changes.changes:
        before, after = change.answers["before"], change.answers["after"]
        earlier, later = (f"{name}, {change.what}@{when}" for when in ("before", "after"))
        for when, estimate, group in (
            ("before", change.before, Group.of_values(before, earlier, scale)),
            ("after", change.after, Group.of_values(after, later, scale)),
            (CHANGE, change.difference, Group.of_change(before, after, earlier, later, scale)),
        ):
            estimates[change.what, change.side, when] = estimate
            groups[change.what, change.side, when] = group
    shares.several(f"{name}-change", estimates, groups, "what", "side", "when")


def add_ties(shares: Shares) -> None:
    """New ties by kind, and the E-I index before and after."""
    network = shares.findings.network
    if network is None:
        return
    who = {place: Group.of(ids) for place, ids in network.who.items()}
    estimates: dict[Key, Estimate] = {}
    groups: dict[Key, Group] = {}
    for new in network.new:
        for name, estimate in (
            ("participants", new.participants),
            ("others", new.others),
            ("difference", new.difference),
        ):
            estimates[new.across, name] = estimate
        groups |= {(new.across, name): who[new.across, name] for name in ("participants", "others")}
        # Its n is that of the participants.
        groups[new.across, "difference"] = who[new.across, "participants"]
    shares.several("new-ties", estimates, groups, "across", "who")
    mixing: dict[Key, Estimate] = {
        (mixed.by, mixed.who, when): estimate
        for mixed in network.mixing
        for when, estimate in (
            ("before", mixed.before), ("after", mixed.after), (CHANGE, mixed.change),
        )
    }  # fmt: skip
    tied = {key: who[ANY, key[1]] for key in mixing}
    shares.several("mixing", mixing, tied, "by", "who", "when")


def add_staying(shares: Shares) -> None:
    """Who is still there month by month, with the number at risk; the comparison's balance."""
    followed, compared = shares.findings.stayed, shares.findings.stays_more
    if followed is None or compared is None:
        return
    index = followed.rows.index
    mine = are_in(index, shares.findings.evidence.participants["person_id"])
    estimates: dict[Key, Estimate] = {}
    groups: dict[Key, Group] = {}
    risks: dict[str, dict[str, int]] = {}
    cells = {}
    for name, ids in (("participants", index[mine]), ("others", index[~mine])):
        for at in staying(followed, ids, ticks(followed.length), name):
            key, day = (name, str(at.day)), str(at.day)
            estimates[key] = at.share
            groups[key] = Group.of(ids, having=ids.difference(at.left))
            risks.setdefault(name, {})[day] = len(at.at_risk)
            cells[day, name] = people_of(at.at_risk)
    shares.several("staying", estimates, groups, "group", "day")
    table = pd.DataFrame(risks).rename_axis(index="day")
    shares.found["at-risk"] = disclose_chain(table, shares.minimum, row_name="day")
    shares.members["at-risk"] = counted(cells)
    method = "standardised mean difference"
    apart: dict[Key, Estimate] = {
        (each.covariate, when): Estimate(
            value, None, None, compared.treated, "sd", method, "", "participants"
        )
        for each in compared.balance
        for when, value in (("before", each.before), ("after", each.after))
    }
    treated = Group.of(compared.who.treated)
    shares.several("balance", apart, dict.fromkeys(apart, treated), "covariate", "when")
    # How far two groups of known size are apart tells how many of them are of a rare kind.
    small = {
        (each.covariate, when)
        for each in compared.balance
        if each.fewest is not None and each.fewest < shares.minimum
        for when in ("before", "after")
    }
    shares.withhold("balance", small)
    found: dict[Key, tuple[Estimate, Group]] = {
        ("stay", "difference"): (compared.difference, Group.of(compared.who.both)),
        ("stay", "participants"): _risk(compared.risk_treated, compared.who.treated, compared),
        ("stay", "others"): _risk(compared.risk_control, compared.who.control, compared),
        ("stay", "as they are"): (compared.naive, Group.of(compared.who.everybody)),
    }
    rises = shares.findings.rises_more
    if rises is not None:
        found["are promoted", "difference"] = (rises.difference, Group.of(rises.who.both))
    estimates = {key: estimate for key, (estimate, _) in found.items()}
    shares.several("compared", estimates, {key: who for key, (_, who) in found.items()},
                   "what", "which")  # fmt: skip


def _risk(share: Estimate, who: People, compared: Comparison) -> tuple[Estimate, Group]:
    """A plain share counts people; a weighted one stands on as many, but is no share of them."""
    having = None if share.count is None else who & compared.who.well
    return share, Group.of(who, having)
