"""What cannot hold together, and the least that would repair it, as data and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from revmentor.matching.made_of import Pin
from revmentor.words import counted, listed

ItemKind = Literal["pin", "rule", "condition", "wave", "places"]


@dataclass(frozen=True)
class Item:
    """One thing that is asked of a matching.

    Parameters
    ----------
    kind : str
    name : str
        Stable, such as ``condition:pairs:lower`` or ``places:mentor:m1``.
    said : str
        What is asked, in words.
    about : str
        Of what it is asked: a pair, a wave, a person; for a condition, what is asked.
    """

    kind: ItemKind
    name: str
    said: str
    about: str


def pin_name(pin: Pin) -> str:
    """The name of the item that is this pair."""
    return f"pin:{pin.mentor_id}:{pin.mentee_id}"


@dataclass(frozen=True)
class Change:
    """One thing that a repair asks less of.

    Parameters
    ----------
    item : Item
    by : int, at least 1
        In pairs, or in places; 1 for a pair that is given up.
    """

    item: Item
    by: int

    @property
    def said(self) -> str:
        """The change, in words."""
        item = self.item
        match item.kind:
            case "pin":
                return f"give up the {item.about}"
            case "places":
                return f"give {counted(self.by, 'more place')} to {item.about}"
            case "wave":
                return f"open {counted(self.by, 'more place')} in {item.about}"
            case _ if item.name.endswith(":lower"):
                return f"ask for {counted(self.by, 'pair')} less than '{item.about}'"
            case _:
                return f"allow {counted(self.by, 'pair')} more than '{item.about}'"


@dataclass(frozen=True)
class Relaxation:
    """The fewest units of change after which there is a matching, and the best one then.

    Giving up a pair, one pair in a condition and one place each count one.

    Parameters
    ----------
    changes : tuple of Change
        Of all repairs of this size, those with which the match is worth most.
    objective_units : int
        What the best match is worth after it.
    free_units : int
        What the best match is worth under the rules and places alone, without pairs to make,
        conditions and limits of waves.
    proven : bool
        No smaller repair exists.
    """

    changes: tuple[Change, ...]
    objective_units: int
    free_units: int
    proven: bool = True

    @property
    def size(self) -> int:
        """Units of change."""
        return sum(change.by for change in self.changes)

    @property
    def cost_units(self) -> int:
        """What all that is still asked costs the match after the repair."""
        return self.free_units - self.objective_units


@dataclass(frozen=True)
class Conflict:
    """Why there is no matching.

    Parameters
    ----------
    items : tuple of Item
        They cannot hold together, and any one of them less could; empty where even that could
        not be found out in time.
    smallest : bool
        No conflict has fewer items.
    relaxation : Relaxation or None
        None where it could not be found in time.
    """

    items: tuple[Item, ...]
    smallest: bool
    relaxation: Relaxation | None

    def sentences(self, per_point: int) -> tuple[str, ...]:
        """What a reader is told.

        Parameters
        ----------
        per_point : int
            Units in a score of 1.
        """
        said = []
        if len(self.items) == 1:
            said.append(f"This cannot be met: {self.items[0].said}.")
        elif self.items:
            said.append(f"These cannot hold together: {listed([i.said for i in self.items])}.")
        if self.relaxation is not None:
            found = self.relaxation
            how = "The least" if found.proven else "One way"
            said.append(f"{how} that repairs it: {listed([c.said for c in found.changes])}.")
            worth, cost = (units / per_point for units in (found.objective_units, found.cost_units))
            than = (
                "as much as" if not cost else f"{abs(cost):g} {'less' if cost > 0 else 'more'} than"
            )
            said.append(
                f"The best match then is worth {worth:g}, {than} rules and places alone allow."
            )
        return tuple(said)
