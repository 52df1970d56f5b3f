"""Sources as data: CSL-JSON that the official schema accepts, and BibTeX that a parser reads back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pylatexenc.latex2text import LatexNodes2Text

from core.export.citations import bibtex, csl_items, csl_json, linked_data
from core.petition.date_parts import date_parts
from core.petition.petition import PetitionText
from core.petition.source import DETAILS, Source, SourceKind
from tests.world import SALESFORCE, petitions

SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "csl" / "csl-data.json").read_text(encoding="utf-8")))
TEXT = petitions()[SALESFORCE].text("en")
PLAIN = Source(1, "The Courier", "Forty elms", "March 2, 2026", None, "", ())
LINE = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="ˆ"), min_size=1, max_size=40)
SOURCES = st.builds(
    Source,
    number=st.integers(1, 99),
    publication=st.just("") | LINE,
    title=LINE,
    date=st.sampled_from(["", "n.d.", "2018", "June 28, 2018", "Fall 2018", "2 de marzo de 2026", "99/99/2020"]),
    link=st.none() | st.sampled_from(["https://a.example/x_y%20z?q={a}#~b", "https://a.example"]),
    note=LINE,
    claims=st.just(()),
    kind=st.sampled_from(SourceKind),
    details=st.dictionaries(st.sampled_from(DETAILS), LINE),
)


def with_sources(*sources: Source) -> PetitionText:
    return replace(TEXT, sources=sources)


def entry_of(source: Source) -> dict[str, str]:
    """The fields of a source's entry, as LaTeX prints them."""
    library = bibtexparser.parse_string(bibtex("elms", with_sources(source)))
    assert not library.failed_blocks
    (entry,) = library.entries
    plain = LatexNodes2Text(strict_latex_spaces=True)
    fields = {field.key: plain.latex_to_text(field.value).replace("ˆ", "^") for field in entry.fields}
    return fields | {"type": entry.entry_type}


def test_the_shipped_petitions_sources_are_articles_with_their_days() -> None:
    items = csl_items(SALESFORCE, TEXT)
    assert [(item["type"], item["container-title"], item["issued"]) for item in items] == [
        ("article-newspaper", "Gizmodo", {"date-parts": [[2018, 6, 28]]}),
        ("article-newspaper", "Footwear News", {"date-parts": [[2018, 3, 9]]}),
        ("article-newspaper", "Business Insider", {"date-parts": [[2018, 7, 9]]}),
    ]
    assert [item["title"] for item in items] == [source.title for source in TEXT.sources]
    assert [item["id"] for item in items] == [f"{SALESFORCE}-{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("kind", "details", "expected"),
    [
        (SourceKind.ARTICLE, {}, {"container-title": "The Courier"}),
        (SourceKind.ARTICLE, {"author": "Ada King"}, {"author": [{"literal": "Ada King"}]}),
        (SourceKind.REPORT, {"number": "7"}, {"publisher": "The Courier", "number": "7"}),
        (SourceKind.LAW, {"section": "3"}, {"container-title": "The Courier", "section": "3"}),
        (SourceKind.VIDEO, {}, {"publisher": "The Courier"}),
        (SourceKind.BOOK, {"edition": "2nd", "isbn": "1"}, {"publisher": "The Courier", "edition": "2nd", "ISBN": "1"}),
    ],
)  # fmt: skip
def test_each_kind_has_its_own_fields(kind: SourceKind, details: dict[str, str], expected: dict[str, Any]) -> None:
    (item,) = csl_items("elms", with_sources(replace(PLAIN, kind=kind, details=details)))
    assert {name: item[name] for name in expected} == expected
    assert SCHEMA.is_valid([item])


def test_a_date_without_parts_is_kept_as_written_and_none_is_left_out() -> None:
    season, undated = csl_items("elms", with_sources(replace(PLAIN, date="Fall 2018"), replace(PLAIN, date="n.d.")))
    assert season["issued"] == {"literal": "Fall 2018"}
    assert "issued" not in undated


@given(st.lists(SOURCES, max_size=3))
def test_csl_json_is_valid_whatever_the_sources_are(sources: list[Source]) -> None:
    SCHEMA.validate(json.loads(csl_json("elms", with_sources(*sources))))


@given(SOURCES)
def test_a_parser_reads_bibtex_back(source: Source) -> None:
    entry = entry_of(source)
    assert entry["title"] == source.title
    assert entry.get("author", "") == source.details.get("author", "")
    if source.publication:
        assert source.publication in (
            entry.get(name) for name in ("journal", "institution", "publisher", "howpublished")
        )


@pytest.mark.parametrize("sign", [*"\\{}$&%#_^~\"'@,=<>", "a{b", "}{", "\\begin{x}", "100 %", "é", "一"])
def test_no_sign_means_anything_to_tex(sign: str) -> None:
    assert entry_of(replace(PLAIN, title=f"a{sign}b"))["title"] == f"a{sign}b"


def test_an_address_stays_one_that_opens() -> None:
    link = "https://a.example/a_b?c=%20{d}&e#~f"
    assert "url = {https://a.example/a_b?c=%20%7Bd%7D&e#~f}," in bibtex("elms", with_sources(replace(PLAIN, link=link)))


@pytest.mark.parametrize(
    ("language", "date", "parts"),
    [
        ("en", "March 2, 2026", (2026, 3, 2)), ("en", "2 March 2026", (2026, 3, 2)), ("en", "March 2026", (2026, 3)),
        ("en", "Monday, March 2, 2026", (2026, 3, 2)), ("en", "2026", (2026,)), ("en", "2026-03-02", (2026, 3, 2)),
        ("en", "Sept. 2, 2026", (2026, 9, 2)), ("en", "March 2nd, 2026", (2026, 3, 2)),
        ("de", "2. März 2026", (2026, 3, 2)), ("es", "2 de marzo de 2026", (2026, 3, 2)),
        ("fr", "1er mars 2026", (2026, 3, 1)), ("ar", "٢ مارس ٢٠٢٦", (2026, 3, 2)),
        ("ar", "March 2, 2026", (2026, 3, 2)),
        ("en", "Fall 2018", ()), ("en", "2024–2026", ()), ("en", "March 2–4, 2026", ()), ("en", "3/2/2026", ()),
        ("en", "n.d.", ()), ("en", "", ()), ("en", "accessed May 3, 2026", ()), ("en", "Janember 2, 2026", ()),
        ("nv", "March 2, 2026", (2026, 3, 2)),
    ],
)  # fmt: skip
def test_the_parts_of_a_date(language: str, date: str, parts: tuple[int, ...]) -> None:
    assert date_parts(date, language) == parts


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(["en", "es", "de", "fr", "it", "pt", "nl"]))
def test_a_day_as_a_language_writes_it_has_its_parts(day: dt.date, language: str) -> None:
    assert date_parts(format_date(day, "long", locale=language), language) == (day.year, day.month, day.day)


@given(st.text(max_size=30), st.sampled_from(["en", "es", "x"]))
def test_any_words_have_parts_or_none(words: str, language: str) -> None:
    assert isinstance(date_parts(words, language), tuple)


def test_the_page_lists_its_sources_for_search_engines() -> None:
    data = linked_data(TEXT, "Demand Progress", "https://a.example/p/x")
    assert data["@type"] == "WebPage"
    assert data["citation"][0] == {
        "@type": "NewsArticle", "name": TEXT.sources[0].title, "datePublished": "2018-06-28",
        "publisher": {"@type": "Organization", "name": "Gizmodo"},
    }  # fmt: skip
