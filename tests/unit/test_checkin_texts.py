"""Every text of the page is in the catalogue of every language, with the same places to fill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from revmentor.checkin.texts import NAMES, SOURCE, chosen, texts_of

KEYWORDS: dict[str, None] = {"_": None, "N_": None, "say": None, "gettext": None}
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def said(repository: Path) -> set[str]:
    room = repository / "revmentor" / "checkin"
    found = extract_from_dir(room, [("**.py", "python"), ("**.j2", "jinja2")], keywords=KEYWORDS)
    return {str(message) for _, _, message, _, _ in found}


@pytest.fixture(scope="module", params=sorted(set(NAMES) - {SOURCE}))
def catalogue(request: pytest.FixtureRequest, repository: Path) -> Catalog:
    file = repository / "revmentor/checkin/locale" / request.param / "LC_MESSAGES/checkin.po"
    with file.open("rb") as source:
        return read_po(source, locale=request.param)


def test_no_message_is_untranslated_and_none_is_left_over(
    said: set[str], catalogue: Catalog
) -> None:
    known = {str(message.id): message for message in catalogue if message.id}
    assert len(said) > 150
    assert said - set(known) == set()
    assert set(known) - said == set()
    assert [m.id for m in known.values() if m.fuzzy or not str(m.string).strip()] == []


def test_translations_fill_the_same_places(catalogue: Catalog) -> None:
    for message in catalogue:
        there, here = str(message.id), str(message.string)
        if there:
            assert sorted(PLACES.findall(there)) == sorted(PLACES.findall(here)), there
            assert not list(message.check(catalogue)), there


def test_templates_say_nothing_outside_the_catalogue(repository: Path) -> None:
    for file in sorted((repository / "revmentor/checkin/templates").glob("*.j2")):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", file.read_text(), flags=re.S)
        bare = re.sub(r"<[^>]*>|aria-\w+=\"\w*\"", "", text)
        assert not re.search(r"[A-Za-z]{2}", bare), f"{file.name}: {bare.strip()}"


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de"),
        ("", "fr,en;q=0.2,de;q=0.8", "de"),
        ("en", "de", "en"),
        ("xx", "de", "de"),
        ("", "de;q=0, en", "en"),
        ("", "\x00;;q=x,,=" * 1000, "en"),
    ],
)
def test_a_language_is_chosen(asked: str, accepted: str, expected: str) -> None:
    assert chosen(("en", "de"), asked, accepted) == expected


def test_a_language_without_a_catalogue_is_english() -> None:
    assert texts_of("fr").language == "en"
    assert texts_of("de")("Save") == "Speichern"


@pytest.mark.parametrize("text", ["", "x", "1,2,3", "nan", "inf", "1e5", "--1", "1 000",
                                  "1,000", "1.000", "-12,500", "999.999"])  # fmt: skip
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert texts_of("de").parsed(text) is None


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("text", "many", "few"),
    [("1,000", 1000, 1), ("1.000", 1000, 1), ("-12,500", -12500, -12.5), ("1.234", 1234, 1.234)],
)
def test_what_may_be_two_numbers_is_told_with_a_way_to_write_each(
    language: str, text: str, many: float, few: float
) -> None:
    say = texts_of(language)
    ways = say.either(text)
    assert ways is not None
    assert [say.parsed(way) for way in ways] == [many, few]


@pytest.mark.parametrize("text", ["0,125", "1000", "1234,567", "1,00", "1,0000", "3,5"])
def test_what_is_one_number_to_everybody_is_taken(text: str) -> None:
    assert texts_of("en").either(text) is None
    assert texts_of("en").parsed(text) == float(text.replace(",", "."))


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 9)), st.sampled_from(["en", "de"]))
def test_a_number_in_a_field_is_read_back_as_it_was(number: float, language: str) -> None:
    say = texts_of(language)
    assert say.parsed(say.typed(number)) == number
