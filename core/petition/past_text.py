"""A petition's text as a stored version has it, to be drawn like the current one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.petition.cited_text import read_cited_text
from core.petition.envelope import Envelope
from core.petition.petition import PetitionText
from core.petition.source import DETAILS, Source, SourceKind
from core.petition.versions import FIRST, PetitionVersion
from core.text.document import Block, BlockKind, Document, Span
from core.text.markdown import find_marks


def past_text(version: PetitionVersion) -> PetitionText | None:
    """The text of a version; None if its words aren't known."""
    if version.envelope is None:
        return None
    return _of_first_form(version) if version.form == FIRST else _of_envelope(version)


def _of_envelope(version: PetitionVersion) -> PetitionText:
    envelope = version.envelope or {}
    return PetitionText(
        version.language, envelope["title"], "", _document(envelope["letter"]), _document(envelope["background"]),
        tuple(_source(each) for each in envelope["sources"]), version.digest,
        target=envelope["target"], organizer=envelope["organizer"],
    )  # fmt: skip


def _document(blocks: Iterable[Envelope]) -> Document:
    return Document(tuple(_block(block) for block in blocks))


def _block(block: Envelope) -> Block:
    spans = tuple(Span(**span) for span in block["spans"])
    return Block(BlockKind(block["kind"]), spans, block.get("level", 0), block.get("marker", ""))


def _source(source: Envelope) -> Source:
    about: dict[str, Any] = {name: source[name] for name in ("number", "publication", "title", "date", "note")}
    details = {name: source[name] for name in DETAILS if name in source}
    kind = SourceKind(source.get("type", SourceKind.ARTICLE))
    return Source(
        **about, link=source["link"] or None, claims=(), quote=source.get("quote", ""), kind=kind, details=details
    )


def _of_first_form(version: PetitionVersion) -> PetitionText:
    envelope = version.envelope or {}
    labels = dict(find_marks(envelope["background"]).notes)
    text = read_cited_text(envelope["letter"], envelope["background"], labels, version.language)
    sources = tuple(replace(source, claims=()) for source in text.sources)
    return PetitionText(
        version.language, envelope["title"], "", text.letter, text.background, sources, version.digest
    )  # fmt: skip
