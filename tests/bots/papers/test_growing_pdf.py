"""A hand-in that is bound part by part: nothing of a part stays in memory, and the file is one document."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject

from bots.papers.growing_pdf import GrowingPdf

PAGES = 3


def part(number: int) -> bytes:
    """Pages of a width of their own, under a bookmark with another below it."""
    writer = PdfWriter()
    for _ in range(PAGES):
        writer.add_blank_page(100 + number, 100)
    above = writer.add_outline_item(title=f"Part {number}", page_number=0)
    writer.add_outline_item(title=f"End of {number}", page_number=PAGES - 1, parent=above)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


@pytest.fixture
def frame() -> PdfWriter:
    """The frame of a document with a title, an author, and an attachment."""
    writer = PdfWriter()
    writer.metadata = {"/Title": "Title", "/Author": "Author"}
    writer.add_attachment("note.txt", b"A note")
    return writer


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[GrowingPdf]:
    """A new file."""
    yield GrowingPdf(tmp_path / "grown.pdf")
    gc.collect()


def titles(outline: Sequence[Any]) -> list[Any]:
    """The titles of bookmarks; those below one are a list after it."""
    return [titles(item) if isinstance(item, list) else str(item.title) for item in outline]


def test_parts_become_one_document_in_their_order(growing: GrowingPdf, frame: PdfWriter) -> None:
    for number in range(3):
        growing.add(part(number), [(f"Added {number}", 1)])
    growing.finish(frame)
    reader = PdfReader(growing.path, strict=True)
    assert [float(page.mediabox.width) for page in reader.pages] == [100] * 3 + [101] * 3 + [102] * 3
    assert growing.pages == 9
    assert titles(reader.outline) == [
        each for number in range(3) for each in (f"Part {number}", [f"End of {number}"], f"Added {number}")
    ]
    leads = [reader.get_destination_page_number(item) for item in reader.outline if not isinstance(item, list)]
    assert leads == [0, 1, 3, 4, 6, 7]
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Title", "Author")
    assert reader.attachments["note.txt"] == [b"A note"]
    with pypdfium2.PdfDocument(growing.path) as document:
        assert len(document) == 9
        assert [mark.get_title() for mark in document.get_toc()][:3] == ["Part 0", "End of 0", "Added 0"]


def test_nothing_of_a_part_stays_in_memory(growing: GrowingPdf, frame: PdfWriter) -> None:
    held = []
    for number in range(12):
        size = growing.size
        growing.add(part(number))
        assert growing.size > size
        gc.collect()
        held.append(sum(isinstance(each, DictionaryObject) for each in gc.get_objects()))
    growing.finish(frame)
    assert held == [held[0]] * 12


def test_what_is_discarded_leaves_no_file(growing: GrowingPdf) -> None:
    growing.add(part(1))
    growing.discard()
    assert not growing.path.exists()
