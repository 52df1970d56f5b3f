"""Rich text as plain values, made from a petition's Markdown and drawn by every renderer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """The kinds of blocks; each renderer draws them in its own way."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; `citation` is the number of the source that it cites, and `locator` a place in it.

    A locator is a page or a time mark as written, such as "p. 12"; the text has it, too: [1, p. 12].
    """

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None
    citation: int | None = None
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, quoted paragraph or list item; `marker` goes before an item ("•", "2.")."""

    kind: BlockKind
    spans: tuple[Span, ...]
    level: int = 0
    marker: str = ""

    @property
    def text(self) -> str:
        """The text alone, with citations as [n]."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks in reading order."""

    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The text alone, with an empty line between blocks."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def citations(self) -> tuple[int, ...]:
        """The numbers of the sources cited, each once, in order of appearance."""
        return tuple(dict.fromkeys(number for _, number in self.cited_spans()))

    def cited_spans(self) -> Iterator[tuple[Block, int]]:
        """Each citation with its block."""
        for block in self.blocks:
            for span in block.spans:
                if span.citation is not None:
                    yield block, span.citation
