"""Parts of a document bound into one PDF file, or into several if the size of a file is limited."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

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
    """Takes parts in order; every file except the last is full. `stem` names the files: stem.pdf, or stem-1.pdf ...

    `largest` is the maximum size of a file in bytes. A single part is never cut, so it must be larger than any part.
    Every file has the `attachments`, by name. A file that is a single part keeps its tags, which tell a screen reader
    about headings and tables; of several bound parts, none does.
    """

    about: About
    folder: Path
    stem: str
    largest: int | None = None
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    pages: int = 0
    _parts: list[tuple[bytes, tuple[Bookmark, ...]]] = field(default_factory=list)
    _size: int = 0
    _files: list[Path] = field(default_factory=list)

    def add(self, part: bytes, *bookmarks: Bookmark) -> None:
        """Add a part at the end; its bookmarks count its pages from 0."""
        if self.largest is not None and self._parts and self._size + len(part) > self.largest - self._own:
            self._bind()
        self._parts.append((part, bookmarks))
        self._size += len(part)

    def finish(self) -> tuple[Path, ...]:
        """Write what is left; returns the files in order."""
        if self._parts:
            self._bind()
        if len(self._files) == 1:
            self._files = [self._files[0].rename(self.folder / f"{self.stem}.pdf")]
        return tuple(self._files)

    @property
    def _own(self) -> int:
        return _OWN + sum(map(len, self.attachments.values()))

    def _bind(self) -> None:
        whole = self._parts[0][0] if len(self._parts) == 1 else None
        writer = PdfWriter(clone_from=io.BytesIO(whole)) if whole else PdfWriter()
        first = 0
        for part, bookmarks in self._parts:
            if not whole:
                writer.append(PdfReader(io.BytesIO(part)), import_outline=True)
            for title, page in bookmarks:
                writer.add_outline_item(title=title, page_number=first + page)
            first = len(writer.pages)
        self.pages += first
        for name, content in self.attachments.items():
            writer.add_attachment(name, content)
        self._describe(writer)
        path = self.folder / f"{self.stem}-{len(self._files) + 1}.pdf"
        writer.write(path)
        writer.close()
        self._files.append(path)
        self._parts, self._size = [], 0

    def _describe(self, writer: PdfWriter) -> None:
        made_at = f"D:{self.about.day:%Y%m%d}000000Z"
        writer.metadata = {"/Title": self.about.title, "/Author": self.about.author, "/CreationDate": made_at}
        root = writer.root_object
        root[NameObject("/Lang")] = TextStringObject(self.about.language)
        shows = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
        root[NameObject("/ViewerPreferences")] = shows
        if writer.outline:
            writer.page_mode = "/UseOutlines"


def count_pages(part: bytes) -> int:
    """The number of pages of a PDF."""
    return len(PdfReader(io.BytesIO(part)).pages)
