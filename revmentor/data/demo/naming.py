"""Invented names: syllables put together, so that nobody real is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import pandas as pd

from revmentor.data.demo.draws import Draws


def _syllables(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GIVEN = _syllables(
    "Ama Bel Cas Da El Fen Ga Hal Ira Jo Ka Lu Mi Nor Ola Pe Ra Sa Ti Uma Vi We Ya Zo Zé Bø Ło Ål"
)
_GIVEN_END = _syllables(
    "ra lin né rik sha vo mira tan jé dor li nøa wen ya riel bel nan ško dé thu"
)
_FAMILY = _syllables(
    "Bran Corv Drav Ekh Falm Grim Hov Istr Jarv Kov Lind Marv Nak Oda Pram Quil Rosk Stav Torv"
    " Ulv Vask Wex Yam Zel Łab Søl Ñan Çal"
)
_FAMILY_END = _syllables(
    "ek adale onath møre awara ić enko esen ini oye aberg emura upal ette ão strand ues agara"
    " elund iska"
)
_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "'": "", " ": ""})


def _plain(text: str) -> str:
    """The text in small ASCII letters, for an address."""
    folded = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return folded.encode("ascii", "ignore").decode().lower()


def _composed(starts: Sequence[str], ends: Sequence[str]) -> list[str]:
    return [start + end for start in starts for end in ends]


def names_and_addresses(draws: Draws, ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """What are these people called, and where do they get mail?

    Names repeat now and then, as in any company; addresses never do. `example.com` is reserved
    (RFC 2606), so no mail can reach anybody.

    Parameters
    ----------
    ids : sequence of str
        One id per person; its digits keep repeated addresses apart.

    Returns
    -------
    (list of str, list of str)
        Name and address of each person, in the order of `ids`.
    """
    count = len(ids)
    given_pool = _composed(_GIVEN, _GIVEN_END)
    family_pool = _composed(_FAMILY, _FAMILY_END)
    given = draws.whole(0, len(given_pool) - 1, count)
    family = draws.whole(0, len(family_pool) - 1, count)
    second = draws.whole(0, len(family_pool) - 1, count)
    form = draws.pick([0.90, 0.03, 0.05, 0.02], count)
    twin = draws.chance(0.006, count) & (np.arange(count) > 0)
    like = np.where(twin, np.floor(draws.uniform(count) * np.arange(count)), np.arange(count))
    like = like.astype(np.int64)
    given, family, second, form = given[like], family[like], second[like], form[like]

    names: list[str] = []
    addresses: list[str] = []
    for g, f, s, kind in zip(given, family, second, form, strict=True):
        last = family_pool[f]
        if kind == 1:
            last = f"O'{last}"
        elif kind == 2:
            last = f"{last}-{family_pool[s]}"
        elif kind == 3:
            last = f"van der {last}"
        names.append(f"{given_pool[g]} {last}")
        addresses.append(f"{_plain(given_pool[g])}.{_plain(last)}")
    repeated = pd.Series(addresses, dtype="str").duplicated(keep=False).to_numpy()
    mail = [
        f"{address}{'.' + person.lower() if again else ''}@example.com"
        for address, person, again in zip(addresses, ids, repeated, strict=True)
    ]
    return names, mail
