"""Which name did the writer mean?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

NEAR = 70.0
DIRECTION = "the junior person is the mentor here, and the senior one the mentee"
_ROLES = {"junior": "mentor", "senior": "mentee"}
_JUNIOR_OR_SENIOR = re.compile(r"(?<![^\W_])(junior|senior)s?(?![^\W_])", re.IGNORECASE)
_ROLE = re.compile(r"(?<![^\W_])(mentor|mentee)(?![^\W_])", re.IGNORECASE)
_TWICE = re.compile(r"(mentor|mentee)([\W_]+\1)+(?![^\W_])")


def as_role(word: str, among: Iterable[str] = ("mentor",)) -> str:
    """The word with the role of juniors and of seniors in their place.

    Parameters
    ----------
    word : str
        Name of a side or of a column.
    among : iterable of str
        The names that it is compared with; where neither it nor any of them names a mentor or a
        mentee, a senior is a grade and nothing is replaced.

    >>> as_role("senior_id"), as_role("Juniors"), as_role("Senior", ["Junior", "Lead"])
    ('mentee_id', 'mentor', 'Senior')
    """
    if not any(_ROLE.search(name) for name in (word, *among)):
        return word
    named = _JUNIOR_OR_SENIOR.sub(lambda found: _ROLES[found[1].lower()], word)
    return _TWICE.sub(r"\1", named)


def nearest(word: str, among: Collection[str]) -> str | None:
    """Which of these names is the word most likely a misspelling of? None: none is near.

    A mentor is the junior of the two, whatever the words look like.

    >>> nearest("skils", ["skills", "site"])
    'skills'
    >>> nearest("zebra", ["skills", "site"]) is None
    True
    >>> nearest("senior", ["mentor", "mentee", "both"])
    'mentee'
    """
    names = {as_role(name, (word, *among)): name for name in sorted(among, reverse=True)}
    found = process.extractOne(
        as_role(word, among), sorted(names), scorer=fuzz.ratio, processor=str.casefold,
        score_cutoff=NEAR,
    )  # fmt: skip
    return None if found is None else names[str(found[0])]
