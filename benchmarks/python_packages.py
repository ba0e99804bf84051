"""Peers that take Python objects: models in PuLP, graphs, mentoring packages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from registry import Matrix, Pairs, Work, contestant, eligible


@contestant("pulp", "cbcbox")
def pulp_cbc(matrix: Matrix) -> Work:
    return pulp_model(matrix, lambda pulp: pulp.COIN_CMD(msg=False))


@contestant("pulp")
def pulp3_cbc(matrix: Matrix) -> Work:
    return pulp_model(matrix, lambda pulp: pulp.PULP_CBC_CMD(msg=False))


@contestant("pulp", "highspy")
def pulp_highs(matrix: Matrix) -> Work:
    return pulp_model(matrix, lambda pulp: pulp.HiGHS(msg=False))


def pulp_model(matrix: Matrix, solver: Callable[[Any], Any]) -> Work:
    """The model as a textbook writes it: a binary variable for every eligible pair."""
    import pulp

    i, j, score = (part.tolist() for part in eligible(matrix))
    pairs = list(zip(i, j, strict=True))

    def work() -> Pairs:
        model = pulp.LpProblem("matching", pulp.LpMaximize)
        if hasattr(model, "add_variable_dict"):
            chosen = model.add_variable_dict("pair", [f"{a}_{b}" for a, b in pairs], cat="Binary")
            variables = list(chosen.values())
        else:
            names = [f"pair_{a}_{b}" for a, b in pairs]
            variables = [pulp.LpVariable(name, cat="Binary") for name in names]
        mentors: list[list[Any]] = [[] for _ in matrix]
        mentees: list[list[Any]] = [[] for _ in matrix]
        for (a, b), variable in zip(pairs, variables, strict=True):
            mentors[a].append(variable)
            mentees[b].append(variable)
        model += pulp.lpDot(score, variables)
        for person in (*mentors, *mentees):
            if person:
                model += pulp.lpSum(person) <= 1
        model.solve(solver(pulp))
        return np.array(
            [pair for pair, x in zip(pairs, variables, strict=True) if x.varValue > 0.5]
        )

    return work


@contestant("mentor-match")
def mentor_match(matrix: Matrix) -> Work:
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data

    score = matrix.tolist()
    people = range(len(matrix))

    class Given:
        """A rule of the package: it scores a match of two people; here that is looked up."""

        def apply(self, match: Any) -> int:
            found = score[match.mentor.email[1]][match.mentee.email[1]]
            if found <= 0:
                match.disallowed = True
            return max(0, found)

    def work() -> Pairs:
        # The package tells people apart by their e-mail address; any value does.
        mentors = [Mentor(grade=0, email=("mentor", person)) for person in people]
        mentees = [Mentee(grade=1, email=("mentee", person)) for person in people]
        found, _ = process_data(mentors, mentees, [[Given()]])
        return np.array([(a.email[1], b.email[1]) for a in found for b in a.mentees], np.int64)

    return work


@contestant("matching")
def gale_shapley(matrix: Matrix) -> Work:
    from matching.games import StableMarriage

    # Both sides rank by the same score; pairs that are not eligible come last and do not count.
    mentor_ranks = np.argsort(-matrix, axis=1, kind="stable").tolist()
    mentee_ranks = np.argsort(-matrix.T, axis=1, kind="stable").tolist()
    left = {f"a{i}": [f"b{j}" for j in row] for i, row in enumerate(mentor_ranks)}
    right = {f"b{j}": [f"a{i}" for i in row] for j, row in enumerate(mentee_ranks)}

    # The package copies players by recursion, which from 100 a side on is deeper than usual.
    sys.setrecursionlimit(10_000_000)

    def work() -> Pairs:
        found = StableMarriage.create_from_dictionaries(left, right).solve()
        return np.array([(int(a.name[1:]), int(b.name[1:])) for a, b in found.items()])

    return work


@contestant("networkx")
def networkx_blossom(matrix: Matrix) -> Work:
    import networkx as nx

    def work() -> Pairs:
        found = nx.max_weight_matching(graph(nx, matrix))
        return np.array([sorted(pair) for pair in found]) - [0, len(matrix)]

    return work


@contestant("networkx", "scipy")
def networkx_bipartite(matrix: Matrix) -> Work:
    import networkx as nx
    import scipy.optimize  # else networkx loads both in the time measured
    import scipy.sparse

    assert scipy.optimize
    assert scipy.sparse
    size = len(matrix)

    def work() -> Pairs:
        full = nx.Graph()
        full.add_weighted_edges_from(
            (i, size + j, -max(0, score))
            for i, row in enumerate(matrix.tolist())
            for j, score in enumerate(row)
        )
        found = nx.bipartite.minimum_weight_full_matching(full, range(size))
        return np.array([(i, found[i] - size) for i in range(size)])

    return work


def graph(nx: Any, matrix: Matrix) -> Any:
    """Mentors, mentees, and an edge for every eligible pair."""
    i, j, score = (part.tolist() for part in eligible(matrix))
    made = nx.Graph()
    made.add_weighted_edges_from(zip(i, [len(matrix) + b for b in j], score, strict=True))
    return made
