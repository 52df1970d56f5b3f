"""A petition's text as a stored version has it, to be drawn like the current one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.petition.envelope import Envelope
from core.petition.petition import PetitionText, Source
from core.petition.sources import read_source
from core.petition.versions import FIRST, PetitionVersion
from core.text.document import Block, BlockKind, Document, Span
from core.text.markdown import Numbering, find_marks, parse


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
    return Source(**about, link=source["link"] or None, claims=())


def _of_first_form(version: PetitionVersion) -> PetitionText:
    envelope = version.envelope or {}
    labels, numbering = dict(find_marks(envelope["background"]).notes), Numbering()
    letter, _ = parse(envelope["letter"], labels, numbering)
    background, notes = parse(envelope["background"], labels, numbering)
    found = [
        read_source(number, notes.get(label, Document()), (), version.language)
        for label, number in numbering.numbers.items()
    ]
    sources = tuple(source for source in found if isinstance(source, Source))
    return PetitionText(version.language, envelope["title"], "", letter, background, sources, version.digest)
