"""Can everybody who applied be written to, and does nobody else read it?"""

from __future__ import annotations

from collections.abc import Collection

from revmentor.data.draft import Draft
from revmentor.errors import Fault
from revmentor.params.launch import can_be_written_to


def check_emails(people: Draft, applied: Collection[str]) -> Draft:
    """Refuse an address of two people, and warn of one to which nothing can be sent.

    A launch pack and its personal link go to the address alone, so whoever shares it reads them.

    Parameters
    ----------
    people : Draft
    applied : collection of str
        Ids of those who may get a message. Addresses of all others do not matter.

    Returns
    -------
    Draft
        With one fault for each further person of an address that somebody who applied has too.
    """
    ids = dict(people.filled("person_id"))
    rows: dict[str, list[int]] = {}
    warnings: list[Fault] = []
    for row, address in people.filled("email"):
        rows.setdefault(str(address).casefold(), []).append(row)
        if ids.get(row) in applied and not can_be_written_to(str(address)):
            warnings.append(
                people.fault(
                    "no address",
                    "nothing can be sent to this, as it is no plain e-mail address",
                    "write it like ann@example.com, or leave it blank and hand the launch pack "
                    "over in person",
                    row,
                    "email",
                )
            )
    faults = [
        people.fault(
            "shared address",
            f"{people.told([shared[0], row])} have the same e-mail address, so one of the two "
            "would get the launch pack and the personal link of the other",
            "give each person an address of their own, or leave it blank and hand the launch "
            "pack over in person",
            row,
            "email",
        )
        for shared in rows.values()
        for row in shared[1:]
        if any(ids.get(one) in applied for one in shared)
    ]
    return people.warn(warnings).blame(faults)
