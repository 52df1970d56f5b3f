"""Pages: a document cut between blocks into pieces that each fit one message."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import regex

from core.text.document import Block, BlockKind, Document, Span

PAGE_SOURCES = 10
"""Sources cited on a page, which become buttons below it; only a single block may cite more."""

_MARKS = frozenset(string.punctuation)
_WORDS = regex.compile(r"\s+|\S+\s*")
_CLUSTERS = regex.compile(r"\X")
_SEPARATOR, _INDENT, _STYLES, _NEW_LINE = 2, 3, 6, 10
_SECTION, _IN_ROW = 3, 5  # components of a paragraph with one button, and buttons in a row


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class PageSize:
    """The room on a page, in UTF-16 units.

    Where an app reads `markdown`, escapes, the marks of styles, and the addresses of links take room, too. So do
    characters of many bytes: such an app takes 9 bytes of UTF-8 for 4 units. `components` is the room for parts in an
    app where citations become buttons: one button beside its paragraph, or rows of five below it.
    """

    units: int
    markdown: bool = False
    components: int | None = None

    def cost(self, block: Block) -> int:
        """The room that a block takes."""
        spans = sum(self.marks(span) + self.measure(span.text) for span in block.spans)
        return self.frame(block) + spans

    def frame(self, block: Block) -> int:
        """The room that a block takes without its text."""
        indent = _INDENT * block.level if block.kind is BlockKind.ITEM else 0
        return self.measure(block.marker) + _SEPARATOR + indent

    def marks(self, span: Span) -> int:
        """The room for the marks of a span's style and for its address."""
        if not self.markdown:
            return 0
        return _STYLES + (self.measure(span.link) + _STYLES if span.link else 0)

    def measure(self, text: str) -> int:
        """The room that text takes."""
        if not self.markdown:
            return utf16_length(text)
        escapes = sum(sign in _MARKS for sign in text) + _NEW_LINE * text.count("\n")
        octets = len(text.encode("utf-8", "surrogatepass")) + escapes
        return max(utf16_length(text) + escapes, -(-4 * octets // 9))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a petition's text; `part` is "letter" or "background"."""

    part: str
    document: Document


def paginate(document: Document, size: PageSize) -> tuple[Document, ...]:
    """Cut a document into pages, never inside a block that fits on a page with the heading above it.

    A longer block is cut between words, and a longer word between grapheme clusters. A heading is never left behind at
    the foot of a page.
    """
    pages: list[list[Block]] = [[]]
    room = _PageRoom(size)
    for block in document.blocks:
        above = sum(map(size.cost, _headings(pages[-1])))
        for part in _parts(block, size, above):
            if pages[-1] and not room.is_enough_for(part):
                pages.append(_take_headings(pages[-1], size))
                room = _PageRoom(size)
                for heading in pages[-1]:
                    room.take(heading)
            pages[-1].append(part)
            room.take(part)
    return tuple(Document(tuple(page)) for page in pages if page)


class _PageRoom:
    """The room that is left on a page, and the sources cited on it."""

    def __init__(self, size: PageSize) -> None:
        self._size, self._units, self._cited = size, size.units, set[int]()
        self._components = size.components or 0
        self._in_text = True  # the next block goes into the text above it; the first one, into that above the page

    def is_enough_for(self, block: Block) -> bool:
        """True if the block fits on the page."""
        if self._size.components is not None and self._needed(block) > self._components:
            return False
        return self._size.cost(block) <= self._units and len(self._cited | _cited(block)) <= PAGE_SOURCES

    def take(self, block: Block) -> None:
        """Put a block on the page."""
        self._units -= self._size.cost(block)
        self._components -= self._needed(block)
        self._cited |= _cited(block)
        self._in_text = not _cited(block)

    def _needed(self, block: Block) -> int:
        """The components that a block needs besides the text above it."""
        buttons = len(_cited(block))
        if buttons == 1:
            return _SECTION
        return -(-buttons // _IN_ROW) + buttons + (not self._in_text)


def _headings(page: list[Block]) -> list[Block]:
    """The headings at the foot of a page."""
    first = len(page)
    while first and page[first - 1].kind is BlockKind.HEADING:
        first -= 1
    return page[first:]


def _cited(block: Block) -> set[int]:
    """The numbers of the sources that a block cites."""
    return {span.citation for span in block.spans if span.citation is not None}


def _take_headings(page: list[Block], size: PageSize) -> list[Block]:
    """Take the headings off the foot of a page, unless the page is nothing else or they need more than half a page."""
    taken = _headings(page)
    if len(taken) == len(page) or sum(map(size.cost, taken)) > size.units // 2:
        return []
    del page[len(page) - len(taken) :]
    return taken


def _parts(block: Block, size: PageSize, above: int) -> Iterator[Block]:
    """The block itself, or parts of it that each fit on half a page, so that a heading fits above one."""
    if size.cost(block) + above <= size.units:
        yield block
        return
    most = size.units // 2
    runs: list[tuple[Span, list[str]]] = []
    used = size.frame(block)
    for span, text in _pieces(block, size, most - used):
        joins = bool(runs) and _are_alike(runs[-1][0], span)
        cost = size.measure(text) + (0 if joins else size.marks(span))
        if used + cost > most and runs:
            yield replace(block, spans=_joined(runs))
            block, runs, joins = replace(block, marker=""), [], False
            used, cost = size.frame(block), size.measure(text) + size.marks(span)
        if joins:
            runs[-1][1].append(text)
        else:
            runs.append((span, [text]))
        used += cost
    yield replace(block, spans=_joined(runs))


def _joined(runs: Iterable[tuple[Span, list[str]]]) -> tuple[Span, ...]:
    return tuple(replace(span, text="".join(texts)) for span, texts in runs)


def _are_alike(before: Span, span: Span) -> bool:
    """True if the text of both is one run."""
    return span.citation is None and (before is span or replace(before, text=span.text) == span)


def _pieces(block: Block, size: PageSize, room: int) -> Iterator[tuple[Span, str]]:
    """The spans cut into words, words over the room into grapheme clusters, and longer clusters into characters."""
    for span in block.spans:
        if span.citation is not None:
            yield span, span.text
            continue
        for word in _WORDS.findall(span.text):
            for text in _fitting(word, size, room - size.marks(span)):
                yield span, text


def _fitting(word: str, size: PageSize, room: int) -> Iterator[str]:
    if size.measure(word) <= room:
        yield word
        return
    for cluster in _CLUSTERS.findall(word):
        if size.measure(cluster) <= room:
            yield cluster
        else:
            yield from cluster
