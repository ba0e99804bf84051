"""In which words, and which language? English stands in the code; others are catalogues."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE = "en"
NAMES = {"en": "English", "de": "Deutsch"}
DOMAIN = "checkin"

_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(\.[0-9]{1,9})?")
# A thousand to one reader, and one to another: 1,000 and 1.000.
_EITHER = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")


def N_(text: str) -> str:  # noqa: N802
    """Mark a text for the catalogue, where it is translated only when it is shown."""
    return text


# Two statements per principle; a programme's own words go before them (`checkin.questions`).
QUESTIONS = {
    "compassion_1": N_("I can say what I do not know without being judged."),
    "compassion_2": N_("My partner understands my situation."),
    "respect_1": N_("My partner takes what I say seriously."),
    "respect_2": N_("We treat each other as equals in our meetings."),
    "transparency_1": N_("We speak openly, also about what is uncomfortable."),
    "transparency_2": N_("I know what my partner expects of me."),
    "willingness_1": N_("I try out what I learn in our meetings."),
    "willingness_2": N_("My partner is curious and ready to learn."),
    "commitment_1": N_("We keep our meetings."),
    "commitment_2": N_("I have the time and the energy that our meetings need."),
}


@dataclass(frozen=True)
class Texts:
    """One language: its code, its catalogue, and how it writes days and numbers."""

    language: str
    catalogue: gettext.NullTranslations

    def __call__(self, text: str) -> str:
        """The text in this language."""
        return self.catalogue.gettext(text)

    def day(self, day: dt.date) -> str:
        """A day in words.

        >>> texts_of("en").day(dt.date(2026, 3, 4)), texts_of("de").day(dt.date(2026, 3, 4))
        ('4 March 2026', '4. März 2026')
        """
        form = "d. MMMM y" if self.language == "de" else "d MMMM y"
        return str(format_date(day, form, locale=self.language))

    def number(self, number: float) -> str:
        """A number as this language writes it.

        >>> texts_of("de").number(3.5)
        '3,5'
        """
        locale = "en_GB" if self.language == "en" else self.language
        return str(format_decimal(number, locale=locale, group_separator=False))

    def typed(self, number: float) -> str:
        """A number as it stands in a field: whole, and read back as the same one.

        >>> texts_of("de").typed(3.5), texts_of("en").typed(1.125), texts_of("en").typed(1e6)
        ('3,5', '1.1250', '1000000')
        """
        plain = f"{Decimal(repr(number)):f}"
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        if _EITHER.fullmatch(plain):
            plain += "0"
        return plain.replace(".", "," if self.language == "de" else ".")

    def parsed(self, text: str) -> float | None:
        """The number that somebody wrote, with a point or a comma; None if it is none, or two.

        >>> texts_of("de").parsed("3,5"), texts_of("de").parsed("3.5"), texts_of("en").parsed("x")
        (3.5, 3.5, None)
        """
        plain = text.strip().replace(",", ".")
        return float(plain) if _NUMBER.fullmatch(plain) and not self.either(text) else None

    def either(self, text: str) -> tuple[str, str] | None:
        """How to write both numbers that this may be, with and without thousands; None if one.

        >>> texts_of("en").either("1,500"), texts_of("de").either("0,125")
        (('1500', '1.5'), None)
        """
        plain = text.strip().replace(",", ".")
        if not _EITHER.fullmatch(plain):
            return None
        return self.typed(float(plain.replace(".", ""))), self.typed(float(plain))


@cache
def texts_of(language: str) -> Texts:
    """The texts of this language; English for one that has no catalogue."""
    if language == SOURCE or language not in NAMES:
        return Texts(SOURCE, gettext.NullTranslations())
    folder = files("revmentor.checkin") / "locale" / language / "LC_MESSAGES"
    # Compiled here, so that no catalogue can be older than its texts.
    with (folder / f"{DOMAIN}.po").open("rb") as source:
        catalogue = read_po(source, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Texts(language, gettext.GNUTranslations(compiled))


def chosen(available: Sequence[str], asked: str, accepted: str) -> str:
    """Which language does somebody read?

    Parameters
    ----------
    available : sequence of str
        The cycle's languages; the first is the one for everybody else.
    asked : str
        What was chosen on the page, "" if nothing was.
    accepted : str
        The browser's Accept-Language.

    >>> chosen(("en", "de"), "", "fr;q=0.9, de-AT;q=0.8, en;q=0.2")
    'de'
    """
    if asked in available:
        return asked
    wanted = []
    for place, part in enumerate(accepted[:500].split(",")):
        name, _, options = part.strip().partition(";")
        try:
            weight = float(options.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if weight > 0:
            wanted.append((-weight, place, name.split("-")[0].lower()))
    return next((name for _, _, name in sorted(wanted) if name in available), available[0])
