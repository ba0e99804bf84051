"""An attacker who tries every company that agrees with all that is published learns no small group.

Tiny cohorts: he knows which combinations of groups occur, and counts through all numbers of people
in each that fit every published number.
"""

import itertools
import math

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from revmentor.disclosure import (
    Disclosed,
    Group,
    attack,
    counted,
    disclose_counts,
    disclose_estimate,
    estimated,
    secure,
    told,
)
from revmentor.disclosure.ledger import Ledger, from_frame, to_frame
from revmentor.metrics import census_share

MINIMUM = 3
NEED = MINIMUM - 1
LIMIT = 50_000


def worlds(ledger: Ledger) -> tuple[list[frozenset[str]], np.ndarray] | None:
    """Every number of people per atom that fits; None where there are too many to try."""
    people = sorted(frozenset().union(*(query.members | query.of for query in ledger)))
    groups = list(dict.fromkeys(g for query in ledger for g in (query.members, query.of) if g))
    atoms: dict[tuple[bool, ...], set[str]] = {}
    for who in people:
        atoms.setdefault(tuple(who in group for group in groups), set()).add(who)
    sizes = [len(atom) for atom in atoms.values()]
    most = max(sizes) + NEED + 1
    if (most + 1) ** len(atoms) > LIMIT:
        return None
    tried = np.array(list(itertools.product(range(most + 1), repeat=len(atoms))))
    fits = np.ones(len(tried), bool)
    inside = {group: np.array([key[at] for key in atoms]) for at, group in enumerate(groups)}
    for query in ledger:
        if not query.members:
            continue
        count = tried @ inside[query.members]
        if query.kind == "ratio":
            whole = tried @ inside[query.of]
            fits &= (count >= query.low * whole - 1e-9) & (count <= query.high * whole + 1e-9)
        else:
            fits &= (count >= query.low) & (count <= query.high)
    return [frozenset(atom) for atom in atoms.values()], tried[fits]


def small_groups(ledger: Ledger) -> set[frozenset[str]]:
    groups = {query.members for query in ledger} | {query.of for query in ledger}
    found = set(groups)
    for one, other in itertools.permutations(groups, 2):
        found |= {one - other, one & other}
    return {group for group in found if 0 < len(group) < MINIMUM}


people = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.booleans()), min_size=5, max_size=14
)


def published(cohort):
    """A table with totals, one without a category, and a share, all about the same words."""
    frame = pd.DataFrame(cohort, columns=["team", "side", "met"])
    frame["who"] = [f"p{at}" for at in frame.index]
    cut = pd.crosstab(frame["team"], frame["side"])
    cells = {
        (team, side): rows["who"].tolist() for (team, side), rows in frame.groupby(["team", "side"])
    }
    met = frame.loc[frame["met"]]
    alone = {(team, "n"): rows["who"].tolist() for team, rows in met.groupby("team")}
    slim = pd.DataFrame({"n": met["team"].value_counts().sort_index()})
    share = census_share(len(met), len(frame), "people")
    found: dict[str, Disclosed] = {
        "team table": disclose_counts(cut, MINIMUM, totals="both"),
        "met": disclose_estimate(share, MINIMUM),
    }
    members = {
        "team table": counted(cells, core=True),
        "met": estimated({(): Group.of(frame["who"], met["who"])}),
    }
    if len(slim):
        found["team met"] = disclose_counts(slim, MINIMUM, totals="columns")
        members["team met"] = counted(alone, core=True)
    return found, members


def check(ledger: Ledger, before: Ledger = ()) -> bool:
    every = (*before, *ledger)
    seen = worlds(every)
    if seen is None:
        return False
    atoms, tried = seen
    assert len(tried), "the publication lies"
    now = {query.members for query in ledger} | {query.of for query in ledger}
    for group in small_groups(every):
        if before and not any(group <= each for each in now):
            continue
        values = tried @ np.array([atom <= group for atom in atoms])
        assert values.max() - values.min() + 1 >= NEED, (sorted(group), set(values))
    return True


@given(cohort=people)
@settings(deadline=None, max_examples=60)
def test_no_small_group_can_be_counted_by_trying_every_company(cohort):
    found, members = published(cohort)
    secured = secure(found, members, MINIMUM)
    assert secured.findings == ()
    assert attack(secured.ledger, MINIMUM) == ()
    check(secured.ledger)


@given(cohort=people, joined=st.lists(st.tuples(st.sampled_from("ab"), st.just("x"), st.just(True)),
                                      min_size=1, max_size=2))  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_nor_from_two_reports_between_which_few_joined(cohort, joined):
    found, members = published(cohort)
    first = secure(found, members, MINIMUM)
    before = from_frame(to_frame(first.ledger), "earlier")
    later, those = published([*cohort, *joined])
    second = secure(later, those, MINIMUM, before=before)
    assert second.findings == ()
    assert attack(second.ledger, MINIMUM, before=before) == ()
    check(second.ledger, before)


@given(cohort=people)
@settings(deadline=None, max_examples=60)
def test_what_is_shown_is_true(cohort):
    found, members = published(cohort)
    secured = secure(found, members, MINIMUM)
    for query in secured.ledger:
        count = len(query.members)
        if query.kind == "ratio":
            assert query.low - 1e-9 <= count / len(query.of) <= query.high + 1e-9
        elif query.kind == "count":
            assert query.low <= count <= (math.inf if query.high is None else query.high)
    for value in secured.values.values():
        assert Disclosed.from_json(value.to_json()) == value


prefixes = st.lists(
    st.tuples(st.sampled_from(["ann", "bob", "cid", "dan", "eve"]), st.integers(3, 14),
              st.integers(1, 13), st.booleans()),
    min_size=2, max_size=6, unique_by=lambda each: each[0],
)  # fmt: skip


def shares(drawn):
    """Shares under words of their own, of groups that lie in each other and partly coincide."""
    found, members = {}, {}
    for name, many, having, from_end in drawn:
        who = (
            [f"p{at}" for at in range(14)][-many:] if from_end else [f"p{at}" for at in range(many)]
        )
        with_it = who[: min(having, many)]
        share = census_share(len(with_it), len(who), "people")
        found[name] = disclose_estimate(share, MINIMUM)
        members[name] = estimated({(): Group.of(who, with_it)})
    return found, members


@given(pages=st.lists(prefixes, min_size=2, max_size=4))
@settings(deadline=None, max_examples=150)
def test_what_every_page_was_made_safe_with_is_safe_as_a_whole(pages):
    earlier = secure(*shares(pages[0]), MINIMUM)
    before = from_frame(to_frame(earlier.ledger), "earlier")
    told_now: Ledger = ()
    for number, page in enumerate(pages[1:]):
        found, members = shares([(f"{name}{number}", *rest) for name, *rest in page])
        secured = secure(found, members, MINIMUM, before=before, beside=told_now)
        assert secured.findings == ()
        told_now = (*told_now, *secured.ledger)
        assert attack(told_now, MINIMUM, before=before) == ()


@given(first=prefixes, second=prefixes, reported=st.booleans())
@settings(deadline=None, max_examples=150)
def test_a_later_page_is_silent_where_an_earlier_one_holds_a_small_group_tightly(
    first, second, reported
):
    told_first = secure(*shares(first), MINIMUM).ledger
    earlier = from_frame(to_frame(told_first), "earlier") if reported else told_first
    places = {"before": earlier} if reported else {"beside": earlier}
    found, members = shares([(f"{name}1", *rest) for name, *rest in second])
    secured = secure(found, members, MINIMUM, **places)
    whole = secured.ledger if reported else (*earlier, *secured.ledger)
    assert secured.findings == ()
    assert attack(whole, MINIMUM, before=earlier if reported else ()) == ()


@st.composite
def two_pages(draw):
    """A table and a share of a cohort, then tables of those of it who come later."""
    cohort = draw(people)
    frame = pd.DataFrame(cohort, columns=["team", "side", "met"])
    frame["who"] = [f"p{at}" for at in frame.index]
    later = draw(st.lists(st.sampled_from(frame["who"].tolist()), min_size=1, unique=True))
    rows = frame.loc[frame["who"].isin(later)]
    found: dict[str, Disclosed] = {}
    members = {}
    for name, column in (("later teams", "team"), ("others by side", "side")):
        table = pd.DataFrame({"n": rows[column].value_counts().sort_index()})
        found[name] = disclose_counts(table, MINIMUM, totals="columns")
        cells = {(of, "n"): part["who"].tolist() for of, part in rows.groupby(column)}
        members[name] = counted(cells)
    return published(cohort), (found, members)


@given(pages=two_pages())
@settings(deadline=None, max_examples=100)
def test_nor_do_tables_of_a_later_page_give_away_what_an_earlier_one_holds(pages):
    earlier = secure(*pages[0], MINIMUM)
    assert earlier.findings == ()
    secured = secure(*pages[1], MINIMUM, beside=earlier.ledger)
    assert secured.findings == ()
    whole = (*earlier.ledger, *secured.ledger)
    assert attack(whole, MINIMUM) == ()
    check(whole)


def test_the_brute_force_attacker_breaks_what_is_safe_table_by_table():
    cohort = [("a", "x", True)] * 5 + [("b", "y", False)] * 2 + [("b", "x", True)] * 4
    found, members = published(cohort)
    ledger = told(found, members)
    assert attack(ledger, MINIMUM)
    seen = worlds(ledger)
    assert seen is not None
    atoms, tried = seen
    narrow = [
        group
        for group in small_groups(ledger)
        if np.ptp(tried @ np.array([atom <= group for atom in atoms])) + 1 < NEED
    ]
    assert narrow
