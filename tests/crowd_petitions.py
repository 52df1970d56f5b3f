"""Petitions for a crowd: one with as many sources, fields, paragraphs, and languages as wanted, and plain ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from babel.localedata import locale_identifiers

from core.petition.envelope import with_digests
from core.petition.form import Field, FieldKind
from core.petition.petition import Petition, PetitionText
from core.petition.source import Source
from core.text.document import Block, BlockKind, Document, Span
from tests.crowd_names import LONGEST_CAPTION, LONGEST_NAME, LONGEST_ON_SOURCE, LONGEST_SUMMARY, LONGEST_TITLE, words_of
from tests.world import SALESFORCE, catalog, petitions

OPTIONS = tuple(f"option-{number}" for number in range(30))
PARAGRAPH, HUGE = 300, 4_500
"""Characters of a paragraph, and of one that fills more than a page."""


@cache
def spoken() -> tuple[str, ...]:
    """The product's languages first, then others."""
    ours = catalog().locales
    return (*ours, *sorted(code for code in locale_identifiers() if code not in ours and code != "root"))


@cache
def other_petition(number: int, script: str) -> Petition:
    """A petition with the shipped one's text and form, and with names in a script."""
    petition = petitions()[SALESFORCE]
    title, summary = words_of(script, LONGEST_TITLE, number), words_of(script, LONGEST_SUMMARY)
    text: PetitionText = replace(petition.text("en"), title=title, summary=summary)
    return replace(
        petition, slug=f"a-petition-with-a-long-id-{number:04}", texts={"en": text},
        organizer=words_of(script, LONGEST_NAME, "O"), target=words_of(script, LONGEST_NAME, "T"),
    )  # fmt: skip


@cache
def first_petition(sources: int, fields: int, paragraphs: int, codes: tuple[str, ...], script: str) -> Petition:
    """A petition with so many of each, in these languages, or else in English."""
    petition = other_petition(0, script)
    asked = tuple(map(_field, range(fields)))
    text = replace(
        petition.text("en"),
        letter=_letter(paragraphs, sources, script),
        background=_background(sources, script),
        sources=tuple(_source(number, script, paragraphs) for number in range(sources)),
        captions={field.name: words_of(script, LONGEST_CAPTION, field.name) for field in asked},
        hints={field.name: words_of(script, LONGEST_CAPTION) for field in asked[::2]},
        options={
            field.name: {key: words_of(script, LONGEST_CAPTION, key) for key in field.options}
            for field in asked
            if field.options
        },
    )
    yes_no = (field.name for field in asked if field.kind is FieldKind.YES_NO)
    named = replace(petition, fields=asked, texts={"en": text}, named_if=next(yes_no, ""))
    text = with_digests(named, catalog()).text("en")
    return replace(named, texts={code: replace(text, language=code) for code in codes} or {"en": text})


def _field(number: int) -> Field:
    """Fields of all kinds, one after another, of which few must be answered."""
    kind = tuple(FieldKind)[number % len(FieldKind)]
    options = OPTIONS if kind is FieldKind.CHOICE else ()
    return Field(f"field_{number}", kind, required=number < 3, options=options)


def _source(number: int, script: str, paragraphs: int) -> Source:
    """The first source backs a claim in each paragraph; of every three, one has no link, and one too long a link."""
    named = words_of(script, LONGEST_ON_SOURCE, number)
    link = f"https://news.example.org/{number}" + ("/long" * 120 if number % 3 == 1 else "")
    quote = words_of(script, LONGEST_SUMMARY) if number % 2 else ""
    claims = tuple(words_of(script, PARAGRAPH, claim) for claim in range(1 if number else max(paragraphs, 1)))
    return Source(number + 1, named, named, "2026-01-02", None if number % 3 == 2 else link, "", claims, quote)


def _letter(paragraphs: int, sources: int, script: str) -> Document:
    """Paragraphs that cite one source each, as long as there are any."""
    words = words_of(script, PARAGRAPH)
    return Document(
        tuple(
            Block(BlockKind.PARAGRAPH, (Span(words), *_citation(number, sources), Span(".")))
            for number in range(max(paragraphs, 1))
        )
    )


def _background(sources: int, script: str) -> Document:
    """One paragraph that fills several pages, and cites every source."""
    cited = tuple(span for number in range(sources) for span in _citation(number, sources))
    return Document((Block(BlockKind.PARAGRAPH, (Span(words_of(script, HUGE)), *cited)),))


def _citation(number: int, sources: int) -> tuple[Span, ...]:
    return (Span(f"[{number + 1}]", citation=number + 1),) if number < sources else ()
