"""The flat blocks of a document as the tree that HTML needs: lists inside lists, quotes of several paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.petition.petition import PetitionText
from core.petition.source import Source
from core.text.document import Block, BlockKind, Document

HIGHEST_HEADING, LOWEST_HEADING = 3, 6  # the page itself uses the first two levels


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or a heading if `level` is 3 to 6; `anchor` is its name within the page."""

    block: Block
    anchor: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; each item holds paragraphs and lists of its own."""

    items: tuple[tuple[Node, ...], ...]
    start: int | None  # of an ordered list


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    paragraphs: tuple[Paragraph, ...]


Node = Paragraph | Listing | Quote


def outline(document: Document, part: str) -> tuple[Node, ...]:
    """The document's nodes in reading order; anchors are made from the part's name and the block's place."""
    levels = sorted({block.level for block in document.blocks if block.kind is BlockKind.HEADING})
    paragraphs = [
        Paragraph(block, anchor(part, place), _heading_level(block, levels))
        for place, block in enumerate(document.blocks)
    ]
    nodes: list[Node] = []
    for kind, run in groupby(paragraphs, key=lambda paragraph: paragraph.block.kind):
        if kind is BlockKind.ITEM:
            nodes += _lists(list(run))
        elif kind is BlockKind.QUOTE:
            nodes.append(Quote(tuple(run)))
        else:
            nodes += run
    return tuple(nodes)


def anchor(part: str, place: int) -> str:
    """The name of a block within the page."""
    return f"{part}-{place + 1}"


def claim_anchors(text: PetitionText, source: Source) -> Iterator[tuple[str, str]]:
    """The sentences that rely on a source, each with the anchor of its block."""
    parts = (("letter", text.letter), ("background", text.background))
    citing = [
        (block.text, anchor(part, place))
        for part, document in parts
        for place, block in enumerate(document.blocks)
        if any(span.citation == source.number for span in block.spans)
    ]
    for claim in source.claims:
        yield claim, next(name for words, name in citing if claim in words)


def _heading_level(block: Block, levels: Sequence[int]) -> int:
    if block.kind is not BlockKind.HEADING:
        return 0
    return min(HIGHEST_HEADING + levels.index(block.level), LOWEST_HEADING)


def _lists(run: list[Paragraph]) -> Iterator[Listing]:
    """The lists in one run of items, all at the level of the first one or deeper."""
    items: list[list[Paragraph]] = []
    for paragraph in run:
        begins = paragraph.block.marker and paragraph.block.level <= run[0].block.level
        if begins and items and _ordered(paragraph) != _ordered(items[0][0]):
            yield _listing(items)
            items = []
        if begins or not items:
            items.append([])
        items[-1].append(paragraph)
    yield _listing(items)


def _listing(items: list[list[Paragraph]]) -> Listing:
    first = items[0][0].block.marker
    return Listing(tuple(_item(item) for item in items), int(first[:-1]) if _ordered(items[0][0]) else None)


def _item(paragraphs: list[Paragraph]) -> tuple[Node, ...]:
    """The nodes of one item: its own paragraphs, and the deeper lists."""
    own = paragraphs[0].block.level
    nodes: list[Node] = []
    for deeper, run in groupby(paragraphs, key=lambda paragraph: paragraph.block.level > own):
        if deeper:
            nodes += _lists(list(run))
        else:
            nodes += run
    return tuple(nodes)


def _ordered(paragraph: Paragraph) -> bool:
    return paragraph.block.marker[:-1].isdecimal()
