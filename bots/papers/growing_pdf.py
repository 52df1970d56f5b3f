"""A PDF that grows on disk, part by part: what was added is written at once, and only its place in the file is kept.

So a file of a million names takes as much memory as one of its parts. pypdf reads and writes the objects; its own
PdfWriter keeps them all until the end. The structure of a file is that of ISO 32000-1, 7.5.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_ENTRY = 20  # bytes of an object in the table at the end
_PAGES = 1  # the number of the root of all pages


@dataclass
class _Mark:
    """A bookmark, where it leads to, and those below it."""

    title: str
    to: ArrayObject
    below: list[_Mark] = field(default_factory=list)
    number: int = 0

    @property
    def size(self) -> int:
        """The number of marks below it."""
        return sum(1 + mark.size for mark in self.below)


class GrowingPdf:
    """A new file at `path`. Add parts, and then finish or discard it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages = 0
        self._file = path.open("wb")
        self._file.write(_HEADER)
        self._places = array("Q", [0])
        self._parts = ArrayObject()
        self._marks: list[_Mark] = []

    @property
    def size(self) -> int:
        """The bytes of what was added."""
        return self._file.tell() + _ENTRY * len(self._places)

    def add(self, part: bytes, bookmarks: Iterable[tuple[str, int]] = ()) -> None:
        """Add the pages of a PDF with their bookmarks and `bookmarks`, which name pages of the part, from 0."""
        with PdfReader(io.BytesIO(part)) as reader:
            copy = _Copy(self, reader)
            pages = [page.indirect_reference for page in reader.pages if page.indirect_reference]
            self._marks += copy.marks(reader.outline)
            for title, page in bookmarks:
                self._marks.append(_Mark(title, ArrayObject([copy.renumbered(pages[page]), NameObject("/Fit")])))
            root = reader.root_object.raw_get("/Pages")
            self._parts.append(copy.write(root, {"/Parent": _reference(_PAGES)}))
            self.pages += len(pages)

    def finish(self, frame: PdfWriter) -> None:
        """Add what `frame` says about the document, such as its metadata and attachments, and close the file."""
        count: PdfObject = NumberObject(self.pages)
        self.write(_PAGES, _dictionary({"/Type": NameObject("/Pages"), "/Kids": self._parts, "/Count": count}))
        written = io.BytesIO()
        frame.write(written)
        reader = PdfReader(written)
        copy = _Copy(self, reader)
        more = {"/Pages": _reference(_PAGES)} | ({"/Outlines": self._outline()} if self._marks else {})
        del reader.root_object["/Pages"]
        trailer = reader.trailer
        root, about = copy.write(trailer.raw_get("/Root"), more), copy.write(trailer.raw_get("/Info"))
        self._write_table({"/Root": root, "/Info": about})
        self._file.close()

    def discard(self) -> None:
        """Delete the file."""
        self._file.close()
        self.path.unlink()

    def reserve(self) -> int:
        """The number of an object that will be written."""
        self._places.append(0)
        return len(self._places)

    def write(self, number: int, value: PdfObject) -> None:
        """Write a reserved object; its references have the numbers of this file."""
        self._places[number - 1] = self._file.tell()
        self._file.write(b"%d 0 obj\n" % number)
        value.write_to_stream(self._file)
        self._file.write(b"\nendobj\n")

    def _outline(self) -> IndirectObject:
        root = _Mark("", ArrayObject(), self._marks, self.reserve())
        self.write(root.number, _dictionary({"/Type": NameObject("/Outlines")} | self._below(root)))
        return _reference(root.number)

    def _below(self, parent: _Mark) -> dict[str, PdfObject]:
        """Write the marks below one; the entries by which it names them."""
        marks = parent.below
        if not marks:
            return {}
        for mark in marks:
            mark.number = self.reserve()
        for at, mark in enumerate(marks):
            title: PdfObject = TextStringObject(mark.title)
            entries = {"/Title": title, "/Dest": mark.to, "/Parent": _reference(parent.number)}
            beside = {"/Prev": marks[at - 1] if at else None, "/Next": marks[at + 1] if mark is not marks[-1] else None}
            entries |= {key: _reference(other.number) for key, other in beside.items() if other}
            self.write(mark.number, _dictionary(entries | self._below(mark)))
        count = NumberObject(parent.size)
        return {"/First": _reference(marks[0].number), "/Last": _reference(marks[-1].number), "/Count": count}

    def _write_table(self, trailer: Mapping[str, PdfObject]) -> None:
        start = self._file.tell()
        self._file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(self._places) + 1))
        for place in self._places:
            self._file.write(b"%010d 00000 n \n" % place)
        self._file.write(b"trailer\n")
        _dictionary({**trailer, "/Size": NumberObject(len(self._places) + 1)}).write_to_stream(self._file)
        self._file.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)


class _Copy:
    """Copies objects of another PDF into the growing one, each under a new number."""

    def __init__(self, target: GrowingPdf, source: PdfReader) -> None:
        self._target, self._source = target, source
        self._numbers: dict[int, int] = {}
        self._waiting: list[IndirectObject] = []

    def write(self, reference: IndirectObject, more: Mapping[str, PdfObject] = MappingProxyType({})) -> IndirectObject:
        """Write a copy of a dictionary with `more` entries, and of all that it leads to; the reference to it."""
        copied = self.renumbered(reference)
        while self._waiting:
            following = self._waiting.pop()
            value = self._moved(self._source.get_object(following) or NullObject())
            if following == reference and isinstance(value, DictionaryObject):
                value.update(_dictionary(more))
            self._target.write(self._numbers[following.idnum], value)
        return copied

    def renumbered(self, reference: IndirectObject) -> IndirectObject:
        """The reference to the copy of an object, which will be written if it isn't yet."""
        if reference.idnum not in self._numbers:
            self._numbers[reference.idnum] = self._target.reserve()
            self._waiting.append(reference)
        return _reference(self._numbers[reference.idnum])

    def marks(self, outline: Sequence[Any]) -> list[_Mark]:
        """The bookmarks of an outline, as pypdf gives it: those below one are a list after it."""
        marks: list[_Mark] = []
        for item in outline:
            if isinstance(item, list):
                marks[-1].below = self.marks(item)
            else:
                where = ArrayObject(self._moved(each) for each in item.dest_array)
                marks.append(_Mark(str(item.title), where))
        return marks

    def _moved(self, value: PdfObject) -> PdfObject:
        """The value with the new numbers in its references."""
        if isinstance(value, IndirectObject):
            return self.renumbered(value)
        if isinstance(value, DictionaryObject):
            for key in value:
                value[key] = self._moved(value.raw_get(key))
        elif isinstance(value, ArrayObject):
            value[:] = [self._moved(list.__getitem__(value, at)) for at in range(len(value))]
        return value


def _reference(number: int) -> IndirectObject:
    return IndirectObject(number, 0, None)


def _dictionary(entries: Mapping[str, PdfObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})
