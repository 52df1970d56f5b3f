"""Pages: a document cut between blocks into pieces that fit one message on every surface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import regex

from core.text.document import Block, BlockKind, Document, Span

PAGE_UNITS = 1800
"""UTF-16 units on a page: with its frame it fits Telegram's 4096 and, with every character escaped, Discord's."""

PAGE_SOURCES = 10
"""Sources cited on a page, which become buttons below it; only a single block may cite more."""

_WORDS = regex.compile(r"\s+|\S+\s*")
_CLUSTERS = regex.compile(r"\X")


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def paginate(document: Document, limit: int = PAGE_UNITS) -> tuple[Document, ...]:
    """Cut a document into pages of at most `limit` UTF-16 units, never inside a block that fits on a page.

    A block longer than a page is cut between words, and a longer word between grapheme clusters. A heading is never
    left behind at the foot of a page.
    """
    pages: list[list[Block]] = [[]]
    room = limit
    for block in document.blocks:
        for part in _parts(block, limit):
            cost = _cost(part)
            cited = {number for _, number in Document((*pages[-1], part)).cited_spans()}
            if pages[-1] and (cost > room or len(cited) > PAGE_SOURCES):
                pages.append(_take_headings(pages[-1]))
                room = limit - sum(_cost(kept) for kept in pages[-1])
            pages[-1].append(part)
            room -= cost
    return tuple(Document(tuple(page)) for page in pages if page)


def _take_headings(page: list[Block]) -> list[Block]:
    """Take the headings off the foot of a page, unless the page is nothing else."""
    taken: list[Block] = []
    while len(page) > 1 and page[-1].kind is BlockKind.HEADING:
        taken.insert(0, page.pop())
    return taken


def _cost(block: Block) -> int:
    separator = 2
    return utf16_length(block.text) + utf16_length(block.marker) + separator


def _parts(block: Block, limit: int) -> Iterator[Block]:
    """The block itself, or parts of it that each fit on half a page, so that a heading fits above one."""
    if _cost(block) <= limit:
        yield block
        return
    most = limit // 2 - len(block.marker) - 2
    runs: list[tuple[Span, list[str]]] = []
    used = 0
    for span, text in _pieces(block, most):
        size = utf16_length(text)
        if used + size > most and runs:
            yield replace(block, spans=_joined(runs))
            block, runs, used = replace(block, marker=""), [], 0
            most = limit // 2 - 2
        if runs and _are_alike(runs[-1][0], span):
            runs[-1][1].append(text)
        else:
            runs.append((span, [text]))
        used += size
    yield replace(block, spans=_joined(runs))


def _joined(runs: Iterable[tuple[Span, list[str]]]) -> tuple[Span, ...]:
    return tuple(replace(span, text="".join(texts)) for span, texts in runs)


def _are_alike(before: Span, span: Span) -> bool:
    """True if the text of both is one run."""
    return span.citation is None and (before is span or replace(before, text=span.text) == span)


def _pieces(block: Block, limit: int) -> Iterator[tuple[Span, str]]:
    """The spans cut into words, words over the limit into grapheme clusters, and longer clusters into characters."""
    for span in block.spans:
        if span.citation is not None:
            yield span, span.text
            continue
        for word in _WORDS.findall(span.text):
            for text in _fitting(word, limit):
                yield span, text


def _fitting(word: str, limit: int) -> Iterator[str]:
    if utf16_length(word) <= limit:
        yield word
        return
    for cluster in _CLUSTERS.findall(word):
        if utf16_length(cluster) <= limit:
            yield cluster
        else:
            yield from cluster
