"""Parts of a document bound into one PDF file, or into several if the size of a file is limited."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeAlias

from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from bots.papers.growing_pdf import GrowingPdf

_OWN = 20_000  # bytes of a file outside its parts: its metadata, its table of contents


@dataclass(frozen=True, slots=True)
class About:
    """Metadata of a PDF; `day` replaces the time of creation, since the same input must give the same file."""

    title: str
    author: str
    language: str
    day: dt.date


Bookmark: TypeAlias = tuple[str, int]
"""The title of a bookmark, and the page of its part that it leads to."""


@dataclass
class Binder:
    """Takes parts in order, in a `with` block; every file except the last is full.

    `stem` names the files: stem.pdf, or stem-1.pdf ... `largest` is the maximum size of a file in bytes. A single part
    is never cut, so it must be larger than any part. Every file has the `attachments`, by name. A file that is a single
    part keeps its tags, which tell a screen reader about headings and tables; of several bound parts, none does. Each
    part is written before the next but one comes. An exception leaves the finished files.
    """

    about: About
    folder: Path
    stem: str
    largest: int | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    pages: int = 0
    _single: tuple[bytes, tuple[Bookmark, ...]] | None = None
    _bound: GrowingPdf | None = None
    _files: list[Path] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bound:
            self._bound.discard()

    def add(self, part: bytes, *bookmarks: Bookmark) -> None:
        """Add a part at the end; its bookmarks count its pages from 0."""
        if self.largest is not None and self._size and self._size + len(part) > self.largest - self._own:
            self._end_file()
        if self._single:
            self._bound = GrowingPdf(self._next_path())
            self._bound.add(*self._single)
            self._single = None
        if self._bound:
            self._bound.add(part, bookmarks)
        else:
            self._single = part, bookmarks

    def finish(self) -> tuple[Path, ...]:
        """Write what is left; returns the files in order."""
        if self._size:
            self._end_file()
        if len(self._files) == 1:
            self._files = [self._files[0].rename(self.folder / f"{self.stem}.pdf")]
        return tuple(self._files)

    @property
    def _own(self) -> int:
        return _OWN + sum(map(len, self.attachments.values()))

    @property
    def _size(self) -> int:
        """The bytes of the file that is not finished; 0 if there is none."""
        if self._bound:
            return self._bound.size
        return len(self._single[0]) if self._single else 0

    def _next_path(self) -> Path:
        return self.folder / f"{self.stem}-{len(self._files) + 1}.pdf"

    def _end_file(self) -> None:
        path = self._next_path()
        if self._bound:
            self._bound.finish(self._described(PdfWriter()))
            self.pages += self._bound.pages
        elif self._single:
            part, bookmarks = self._single
            writer = self._described(PdfWriter(clone_from=io.BytesIO(part)))
            for title, page in bookmarks:
                writer.add_outline_item(title=title, page_number=page)
            self.pages += len(writer.pages)
            writer.write(path)
            writer.close()
        self._files.append(path)
        self._single = self._bound = None

    def _described(self, writer: PdfWriter) -> PdfWriter:
        """The writer, with the metadata and attachments of every file."""
        for name, content in self.attachments.items():
            writer.add_attachment(name, content)
        made_at = f"D:{self.about.day:%Y%m%d}000000Z"
        writer.metadata = {"/Title": self.about.title, "/Author": self.about.author, "/CreationDate": made_at}
        root = writer.root_object
        root[NameObject("/Lang")] = TextStringObject(self.about.language)
        shows = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
        root[NameObject("/ViewerPreferences")] = shows
        writer.page_mode = "/UseOutlines"
        return writer


def count_pages(part: bytes) -> int:
    """The number of pages of a PDF."""
    return len(PdfReader(io.BytesIO(part)).pages)
