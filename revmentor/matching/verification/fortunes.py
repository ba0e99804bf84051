"""How fairly are people served, and do the proofs hold that none could be served more fairly?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from revmentor.matching.result import Fairness
from revmentor.matching.verification.case import Case
from revmentor.matching.verification.chosen import Chosen
from revmentor.matching.verification.recount import Mask, Units

if TYPE_CHECKING:
    from revmentor.matching.fairness.proof import ServiceProof

# More than any pair has: whoever pays this is left out of a pass.
TOO_DEAR = 2**52
# Pairs are looked at exactly so many at a time.
PAIRS = 1 << 16


def compared(case: Case) -> list[Mask]:
    """Whose best pairs count: by mentor, and by mentee; those in pins are left out."""
    i, j = case.places(case.inside(list(case.pins)))
    found = []
    for side, left, pinned in (("mentors", case.left[0], i), ("mentees", case.left[1], j)):
        counts = (left > 0) & (case.problem.over in (side, "both"))
        counts[pinned] = False
        found.append(counts)
    return found


def one_place_each(case: Case) -> bool:
    """Do the worst off come first, and does every pair give each person compared all they can get?

    Then plans that serve as many people have as many pairs, each as good as the worst one's.
    """
    if not case.fair:
        return False
    sides = [(left, who) for left, who in zip(case.left, compared(case), strict=True) if who.any()]
    return all(bool(np.all((left <= 0) | (who & (left == 1)))) for left, who in sides)


def best_pairs(case: Case, chosen: Chosen) -> Units:
    """The best pair of each person compared, in units and ascending; 0 without a pair."""
    best = []
    for places, who, counts in zip(case.left, (chosen.i, chosen.j), compared(case), strict=True):
        of = np.zeros(len(places), np.int64)
        np.maximum.at(of, who, chosen.units)
        best.append(of[counts])
    return np.sort(np.concatenate(best))


class Fortunes:
    """What is said of fairness, checked.

    Attributes
    ----------
    best : array of int
        As of `best_pairs`.
    served, worst : int
        Recounted.
    most_proven, worst_proven : bool
        By the proofs that come with the matching, or by counting.
    """

    def __init__(self, case: Case, chosen: Chosen) -> None:
        self.case = case
        self.best = best_pairs(case, chosen)
        held = self.best[self.best > 0]
        self.served, self.worst = len(held), int(held.min(initial=2**62)) if len(held) else 0
        # Nobody is left to be served, or to be served better.
        self.most_proven = self.served == len(self.best)
        self.worst_proven = self.worst >= case.second.largest or not self.served
        said = case.m.fairness
        if said is None:
            case.fail("nothing is said of fairness, which is the objective")
        else:
            self._check(said)

    def _check(self, said: Fairness) -> None:
        case = self.case
        asked = case.problem.objective, case.problem.over
        if (said.objective, said.over) != asked:
            case.fail(f"fairness is told for {said.objective} over {said.over}, not {asked}")
        if said.served != self.served:
            case.fail(f"{self.served} people compared have a pair, not {said.served}")
        if said.worst != self.worst:
            case.fail(f"the best pair of the worst off has {self.worst} units, not {said.worst}")
        if said.most is not None:
            self._proof(said.most, "of how many are served")
            if said.most.least > case.second.least:
                case.fail("the proof of how many are served leaves out pairs that may be made")
            elif said.most.bound == self.served:
                self.most_proven = True
            elif said.most.bound < self.served or not case.conditional:
                case.fail(
                    f"the proof of how many are served allows {said.most.bound}, not {self.served}"
                )
        if said.best_worst is not None:
            self._proof(said.best_worst, "of the worst off")
            if said.best_worst.least != self.worst + 1:
                case.fail("the proof of the worst off is not for one unit more than the worst has")
            elif said.best_worst.bound < self.served:
                self.worst_proven = True
            elif not case.conditional:
                case.fail("the proof of the worst off allows as many to be served better")

    def _proof(self, proof: ServiceProof, which: str) -> None:
        """Do its prices, places and people hold, pair by pair?"""
        from revmentor.matching.fairness.proof import complaints  # only now: it loads pandas

        case = self.case
        # Proofs go by people as the problem lists them.
        order = [np.argsort(rank) for rank in case.ranked]
        sides = (proof.mentors, proof.mentees)
        fine = True
        for name, side, by, counts in zip(
            ("mentor", "mentee"), sides, order, compared(case), strict=True
        ):
            arrays = (side.places, side.counts, side.first, side.further)
            if any(len(array) != len(by) for array in arrays):
                case.fail(f"the proof {which} does not price exactly the {name}s of the pool")
                return
            if not np.array_equal(side.counts, counts[by]):
                case.fail(f"the proof {which} does not compare the {name}s that are to be")
                fine = False
        if not fine:
            return
        for name, side, by, left in zip(("mentor", "mentee"), sides, order, case.left, strict=True):
            open_ = np.maximum(left[by], 0)
            # As many places as there are partners are never short.
            short = np.flatnonzero((side.places < open_) | ((side.places > 0) != (open_ > 0)))
            for k in short.tolist():
                if side.places[k] < min(int(open_[k]), self._partners(name, int(by[k]))):
                    who = (case.second.mentors, case.second.mentees)[name == "mentee"][by[k]]
                    case.fail(f"the proof {which} does not have all places of {name} {who}")
        rows = (np.where(good, proof.least, 0) for good in self._good(proof, order))
        case.violations += [f"{text}, {which}" for text in complaints(proof, rows)]

    def _partners(self, side: str, person: int) -> int:
        """With how many partners who have places may a pair of somebody's be made?"""
        case = self.case
        partners = np.flatnonzero(case.left[0 if side == "mentee" else 1] > 0)
        whole = np.full(len(partners), person)
        i, j = (whole, partners) if side == "mentor" else (partners, whole)
        enough = case.second.units(i, j) >= case.second.least
        return int(np.count_nonzero(enough & case.may(i, j)))

    def _good(self, proof: ServiceProof, order: list[Units]) -> Mask:
        """Pairs that may be made and are good enough, as far as a price below 0 might not pay.

        Returns
        -------
        array of bool, by mentee and mentor as the problem lists them
        """
        case, (mentors, mentees) = self.case, order
        good = np.zeros((len(mentees), len(mentors)), bool)
        least = max(proof.least, case.second.least)
        nothing = [np.zeros(len(mentors), np.int64), np.zeros(len(mentees), np.int64)]
        for number, side in enumerate((proof.mentors, proof.mentees)):
            wanting = np.zeros(len(side.first), bool)
            wanting[order[number]] = side.counts & (side.first < 0)
            if wanting.any():
                paid = [each.copy() for each in nothing]
                paid[number] = np.where(wanting, least - 1, TOO_DEAR)
                for i, j in case.second.suspects(paid[0], paid[1]):
                    for start in range(0, len(i), PAIRS):
                        some = slice(start, start + PAIRS)
                        a, b = i[some], j[some]
                        fine = (case.second.units(a, b) >= least) & case.may(a, b)
                        good[case.ranked[1][b[fine]], case.ranked[0][a[fine]]] = True
        return good
