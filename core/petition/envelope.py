"""The envelope of a petition: everything that people sign, in one language, as canonical JSON with a digest.

docs/design/versions.md describes the format for other programs.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import rfc8785

from core.messages import Catalog, Message, Words
from core.petition.captions import field_caption, options
from core.petition.consent import confirm_buttons, data_words, every_hand_in, every_updates, heading_words
from core.petition.form import Elsewhere, Field
from core.petition.petition import Petition, PetitionText
from core.petition.source import Source, SourceKind
from core.text.document import Block, Document, Span

FORMAT = "undersign-petition/2"
TAG = b"undersign/petition/v2\n"
"""The bytes in front of the canonical JSON, so that the digest of a petition is never that of anything else."""

Envelope: TypeAlias = Mapping[str, Any]
"""Names and values: text, whole numbers, true and false, and lists and mappings of these."""


def with_digests(petition: Petition, catalog: Catalog, stored_as: str = "") -> Petition:
    """The petition with the envelope of each text, and its digest.

    `stored_as` is the slug under which its data is stored, if that isn't its own. Sentences of the product are in the
    text's language, or in English if the product doesn't speak it.
    """
    named = replace(petition, slug=stored_as or petition.slug)
    return replace(petition, texts={code: _sealed(named, text, catalog) for code, text in petition.texts.items()})


def _sealed(petition: Petition, text: PetitionText, catalog: Catalog) -> PetitionText:
    content = canonical(envelope(petition, text, catalog))
    return replace(text, envelope=content, digest=digest_of(content))


def canonical(value: Envelope) -> bytes:
    """The envelope as RFC 8785 writes it, which is the same in every language."""
    return rfc8785.dumps(_normal(value))


def digest_of(content: bytes) -> str:
    """The SHA-256, in hexadecimal, of an envelope's canonical bytes after the tag."""
    return hashlib.sha256(TAG + content).hexdigest()


def envelope(petition: Petition, text: PetitionText, catalog: Catalog) -> Envelope:
    """Everything that people sign with this text."""
    named, say = petition.in_language(text.language), _Sayer(catalog, catalog.negotiate(text.language))
    return {
        "format": FORMAT,
        "petition": named.slug,
        "language": text.language,
        "title": text.title,
        "letter": _blocks(text.letter),
        "background": _blocks(text.background),
        "sources": [_source(source) for source in text.sources],
        "target": named.target,
        "organizer": named.organizer,
        "organizer_url": named.organizer_url,
        "contact": named.contact,
        "controller": named.controller,
        "fields": [_field(text, field, say) for field in named.fields],
        "consent": {
            "heading": say(heading_words(named)),
            "hand_in": say.all(every_hand_in(named, text)),
            "updates": say.all(every_updates(named)),
            "data": say(data_words(named)),
            "buttons": say.all(confirm_buttons(named)),
        },
        "named_if": named.named_if,
        "retention_days": named.retention_days,
        "closes": named.closes.isoformat() if named.closes else "",
        "timezone": named.timezone,
    }


class _Sayer:
    """Words of the product in the language of a text."""

    def __init__(self, catalog: Catalog, locale: str) -> None:
        self._catalog, self._locale = catalog, locale

    def __call__(self, words: Words) -> str:
        return self._catalog.words(words, self._locale)

    def all(self, messages: Iterable[Message]) -> list[str]:
        return [self(message) for message in messages]


def _source(source: Source) -> Envelope:
    return {
        "number": source.number,
        "publication": source.publication,
        "title": source.title,
        "date": source.date,
        "link": source.link or "",
        "note": source.note,
        **_given({"quote": source.quote, "type": "" if source.kind is SourceKind.ARTICLE else source.kind.value}),
        **source.details,
    }


def _field(text: PetitionText, field: Field, say: _Sayer) -> Envelope:
    return {
        "name": field.name,
        "kind": field.kind.value,
        "label": say(field_caption(text, field)),
        "hint": text.hints.get(field.name, ""),
        "options": [{"name": key, "label": say(words)} for key, words in options(text, field)],
        "required": field.required,
        "hand_in": field.hand_in,
        "country": field.country or "",
        "elsewhere": field.elsewhere is Elsewhere.ACCEPT,
        "longest": field.longest,
    }


def _blocks(document: Document) -> list[Envelope]:
    return [_block(block) for block in document.blocks]


def _block(block: Block) -> Envelope:
    about = {"level": block.level, "marker": block.marker}
    return {"kind": block.kind.value, "spans": [_span(span) for span in block.spans], **_given(about)}


def _span(span: Span) -> Envelope:
    about = {"bold": span.bold, "italic": span.italic, "link": span.link}
    cited = {"citation": span.citation, "locator": span.locator}
    return {"text": span.text, **_given(about), **_given(cited)}


def _given(values: Mapping[str, Any]) -> Envelope:
    """The values that aren't empty, false, or zero."""
    return {name: value for name, value in values.items() if value}


def _normal(value: Any) -> Any:
    """The same value with its texts in Unicode NFC and with LF line endings."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
        case Mapping():
            return {name: _normal(item) for name, item in value.items()}
        case list():
            return [_normal(item) for item in value]
    return value
