"""Attributes in braces at the end of a note: each usual form is read, and any other gets one clear sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.petition.note_attributes import LONGEST, NAMES, read_attributes
from core.petition.source import Source, SourceKind
from core.petition.sources import NoteEntry, read_note
from core.text.markdown import Numbering, parse

COURIER = "The Courier, “Forty elms,” March 2, 2026."
QUOTE = "they are healthy"


def entries_of(note: str, language: str = "en") -> tuple[NoteEntry, ...] | str:
    document, _ = parse(note, (), Numbering())
    return read_note(document, {}, language)


def source_of(note: str) -> Source:
    found = entries_of(note)
    assert isinstance(found, tuple), found
    (source,) = found
    assert isinstance(source, Source)
    return source


def fault_of(note: str) -> str:
    found = entries_of(note)
    assert isinstance(found, str), found
    return found


@pytest.mark.parametrize(
    "braces",
    [
        f'{{quote="{QUOTE}"}}',
        f'{{ quote = "{QUOTE}" }}',
        f"{{quote=“{QUOTE}”}}",
        f"{{quote=„{QUOTE}“}}",
        f"{{quote=«{QUOTE}»}}",
        f"{{quote='{QUOTE}'}}",
        f"{{quote=‘{QUOTE}’}}",
        f'{{Quote="{QUOTE}”}}',
        f'{{quote="{QUOTE}"}}.',
        '{quote="they\nare healthy"}',
        f'\n{{quote="{QUOTE}"\n type="article"}}',
        f'{{type="article", quote="{QUOTE}"}}',
        f'<https://courier.example.org/elms> {{quote="{QUOTE}"}}',
        '{quote="they *are* healthy"}',
    ],
)
def test_a_quote_in_any_usual_form_is_read_and_not_printed(braces: str) -> None:
    source = source_of(f"{COURIER} {braces}")
    assert source.quote == QUOTE
    assert source.note == COURIER
    assert (source.publication, source.title, source.date) == ("The Courier", "Forty elms", "March 2, 2026")


@pytest.mark.parametrize(
    ("braces", "quote"),
    [
        ('{quote="he said “no” to us"}', "he said “no” to us"),
        ('{quote="he said "no" to us"}', 'he said "no" to us'),
        ("{quote=“the “elms” are “healthy””}", "the “elms” are “healthy”"),
        ("{quote='it won’t go'}", "it won’t go"),
        ('{quote="a {b} c" type="report"}', "a {b} c"),
        ('{quote="x = \\"y\\""}', 'x = "y"'),
        ('{quote="first; then, “T,” 2018"}', "first; then, “T,” 2018"),
    ],
)
def test_a_quote_may_have_quotes_and_braces_of_its_own(braces: str, quote: str) -> None:
    assert source_of(f"{COURIER} {braces}").quote == quote


@pytest.mark.parametrize(
    ("braces", "said"),
    [
        ('{qoute="x"}', "unknown attribute 'qoute' in its braces. Did you mean quote?"),
        ('{colour="x"}', "unknown attribute 'colour' in its braces. Choose from: quote, type"),
        ("{quote=they are healthy}", 'no value in quotes for quote. Write {quote="..."} at the end'),
        ("{quote}", 'no value in quotes for quote. Write {quote="..."}'),
        ("{type=report}", 'no value in quotes for type. Write {type="report"} at the end'),
        ('{type="rapport"}', "unknown type 'rapport'. Did you mean report?"),
        ('{type="tweet"}', "unknown type 'tweet'. Choose from: article, report, law, video, book"),
        ('{quote="they are healthy"', "no closing brace after its attributes. Write {quote="),
        ('{quote="they are healthy', "no closing brace after its attributes"),
        ('{quote="x" quote="y"}', "two attributes quote: remove one"),
        ('{quote=""}', 'an empty quote. Write {quote="..."}, or remove it'),
        (f'{{quote="{"elm " * 90}"}}', f"a quote longer than {LONGEST} characters: shorten it"),
        ("{}", "empty braces at its end: remove them"),
        ('{quote="x"} and more', "braces that can't be read. Write them at the end of the note, like {quote="),
        ('{"they are healthy"}', "braces that can't be read. Write them at the end of the note, like {quote="),
    ],
)
def test_anything_else_gets_a_sentence_that_says_how_to_write_it(braces: str, said: str) -> None:
    assert said in fault_of(f"{COURIER} {braces}")


@given(st.text(max_size=80))
def test_any_text_in_braces_is_read_or_gets_a_sentence(text: str) -> None:
    found = read_attributes(f"{{{text}}}")
    assert isinstance(found, str) or set(found) <= set(NAMES)
    found_in_note = entries_of(f"{COURIER} {{{text}}}")
    assert found_in_note


PLAIN = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="\"“”„«»'‘’‚{}=\\"), min_size=1)


@given(
    st.dictionaries(st.sampled_from([name for name in NAMES if name != "type"]), PLAIN.filter(lambda v: len(v) < 99))
)
def test_what_is_written_is_what_is_read(values: dict[str, str]) -> None:
    written = " ".join(f'{name}="{value}"' for name, value in values.items())
    found = read_attributes(f"{{{written}}}")
    assert found == values if values else isinstance(found, str)


KINDS = [
    ('18 U.S.C. § 1091. {type="law"}', SourceKind.LAW, "", "18 U.S.C. § 1091", "", {}),
    ('18 U.S.C. § 1091 (2018). {type="law"}', SourceKind.LAW, "", "18 U.S.C. § 1091", "2018", {}),
    ('Official Journal, “Data Act,” 2023. {type="law" number="2023/2854" section="art. 3"}', SourceKind.LAW,
     "Official Journal", "Data Act", "2023", {"number": "2023/2854", "section": "art. 3"}),
    ('Hannah Arendt, *On Violence* (Harcourt, 1970), p. 12. {type="book" edition="2nd"}', SourceKind.BOOK,
     "Harcourt", "On Violence", "1970", {"author": "Hannah Arendt", "edition": "2nd"}),
    ('Hannah Arendt, “On Violence.” {type="book"}', SourceKind.BOOK,
     "", "On Violence", "", {"author": "Hannah Arendt"}),
    ('Hannah Arendt, “On Violence,” 1970. {type="book" publisher="Harcourt" isbn="0156695006"}', SourceKind.BOOK,
     "Harcourt", "On Violence", "1970", {"author": "Hannah Arendt", "isbn": "0156695006"}),
    ('Human Rights Watch, *World Report*, 2020. {type="report"}', SourceKind.REPORT,
     "Human Rights Watch", "World Report", "2020", {}),
    ('Ada King, “Street trees,” Town Council, 2020. {type="report" number="7"}', SourceKind.REPORT,
     "Town Council", "Street trees", "2020", {"author": "Ada King", "number": "7"}),
    ('Elm TV, “The elms,” YouTube, March 2, 2026. {type="video"}', SourceKind.VIDEO,
     "Elm TV, YouTube", "The elms", "March 2, 2026", {}),
    ('“The elms.” {type="video"}', SourceKind.VIDEO, "", "The elms.", "", {}),
]  # fmt: skip


@pytest.mark.parametrize(("note", "kind", "publication", "title", "date", "details"), KINDS)
def test_each_kind_is_written_in_its_usual_form(
    note: str, kind: SourceKind, publication: str, title: str, date: str, details: dict[str, str]
) -> None:
    source = source_of(note)
    assert (source.kind, source.publication, source.title.rstrip(".")) == (kind, publication, title.rstrip("."))
    assert (source.date, source.details) == (date, details)
    assert "{" not in source.note
    assert source.origin


def test_only_a_law_needs_no_mark_of_its_title_and_only_an_article_needs_the_rest() -> None:
    assert "no quotes around the title" in fault_of('The Courier, Forty elms, March 2, 2026. {type="report"}')
    assert re.search("no publication in front", fault_of("“Forty elms,” March 2, 2026."))
    assert "no date" in fault_of("The Courier, “Forty elms.”")
