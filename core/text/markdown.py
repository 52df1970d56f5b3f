"""Parses Markdown into documents: CommonMark with [^1] footnotes, with raw HTML as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from core.text.document import Block, BlockKind, Document, Span

_PARSER = MarkdownIt("commonmark", {"html": False}).use(footnote_plugin, inline=False, move_to_end=False)
_RAW_PARSER = MarkdownIt("commonmark", {"html": False}).use(footnote_plugin, inline=False, move_to_end=False)
_RAW_PARSER.disable("text_join")
_FRONT_PARSER = MarkdownIt("zero").use(front_matter_plugin)
_LABEL = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass
class Numbering:
    """Gives each footnote label a number, in the order of first citation."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, label: str) -> int:
        """The label's number; a new label gets the next one."""
        return self.numbers.setdefault(label, len(self.numbers) + 1)


@dataclass
class Marks:
    """The footnotes that a text defines, its citations of footnotes, and its images, each with its line (from 1)."""

    notes: list[tuple[str, int]] = field(default_factory=list)
    citations: list[tuple[str, int]] = field(default_factory=list)
    images: list[int] = field(default_factory=list)


def find_marks(markdown: str) -> Marks:
    """The marks of a text, in order. Code holds none."""
    marks = Marks()
    for token in tokens_of(markdown):
        line = token.map[0] + 1 if token.map else 1
        if token.type == "footnote_reference_open":
            marks.notes.append((token.meta["label"], line))
        for child in token.children or ():
            match child.type:
                case "softbreak" | "hardbreak":
                    line += 1
                case "footnote_ref":
                    marks.citations.append((child.meta["label"], line))
                case "image":
                    marks.images.append(line)
    return marks


def tokens_of(markdown: str) -> list[Token]:
    """The tokens of a text, in which every label may be cited; escaped characters have a token of their own."""
    return _RAW_PARSER.parse(markdown, _citable(_LABEL.findall(markdown)))


def front_matter(markdown: str) -> tuple[str, str] | None:
    """The front matter of a text, without its lines of dashes, and the rest; None if the text has no front matter."""
    token = next(iter(_FRONT_PARSER.parse(markdown)), None) if markdown else None
    lines = markdown.split("\n")
    if token is None or token.type != "front_matter" or token.map is None:
        return None
    end = token.map[1]
    if set(lines[0].rstrip()) != {"-"} or lines[end - 1][:1].isspace():  # the plug-in accepts "--- x" and " ---" too
        return None
    return "\n".join(lines[1 : end - 1]) + "\n", "\n".join(lines[end:])


def parse(markdown: str, labels: Iterable[str], numbering: Numbering) -> tuple[Document, dict[str, Document]]:
    """Parse a text and its footnotes, by label.

    `labels` may be cited wherever they are defined: the letter cites footnotes in the background.
    """
    root = SyntaxTreeNode(_PARSER.parse(markdown, _citable(labels)))
    builder = _Builder(numbering)
    body = Document(tuple(builder.blocks(root, _Around())))
    notes = [node for node in root.walk() if node.type == "footnote_reference"]
    return body, {note.meta["label"]: Document(tuple(builder.blocks(note, _Around()))) for note in notes}


def _citable(labels: Iterable[str]) -> dict[str, object]:
    """The environment in which the footnote plug-in accepts citations of these labels."""
    return {"footnotes": {"refs": {f":{label}": -1 for label in labels}}}


@dataclass(frozen=True)
class _Around:
    """The surroundings of a block: a quote, a heading of some level, lists and the item's marker."""

    quoted: bool = False
    heading: int = 0
    lists: int = 0
    marker: str = ""


class _Builder:
    """Builds blocks from the nodes of a syntax tree."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering

    def blocks(self, node: SyntaxTreeNode, around: _Around) -> Iterator[Block]:
        for child in node.children:
            match child.type:
                case "inline":
                    yield _block(tuple(_merged(self._spans(child.to_tokens()[0].children or []))), around)
                case "fence" | "code_block":
                    yield _block((Span(child.content.rstrip("\n")),), around)
                case "blockquote":
                    yield from self.blocks(child, replace(around, quoted=True))
                case "heading":
                    yield from self.blocks(child, replace(around, heading=int(child.tag[1:])))
                case "bullet_list" | "ordered_list":
                    yield from self._items(child, around)
                case "footnote_reference":
                    pass  # a note, not part of the text
                case _:
                    yield from self.blocks(child, around)

    def _items(self, node: SyntaxTreeNode, around: _Around) -> Iterator[Block]:
        first = int(node.attrs.get("start", 1))
        for number, item in enumerate(node.children, first):
            marker = f"{number}." if node.type == "ordered_list" else "•"
            for block in self.blocks(item, replace(around, lists=around.lists + 1, marker=marker)):
                yield block if marker or block.level > around.lists + 1 else replace(block, marker="")
                if block.kind is BlockKind.ITEM:
                    marker = ""

    def _spans(self, tokens: list[Token]) -> Iterator[Span]:
        style = Span("")
        for token in tokens:
            match token.type:
                case "strong_open" | "strong_close":
                    style = replace(style, bold=token.nesting > 0)
                case "em_open" | "em_close":
                    style = replace(style, italic=token.nesting > 0)
                case "link_open":
                    style = replace(style, link=str(token.attrs["href"]))
                case "link_close":
                    style = replace(style, link=None)
                case "softbreak":
                    yield replace(style, text=" ")
                case "hardbreak":
                    yield replace(style, text="\n")
                case "footnote_ref":
                    number = self._numbering.number(token.meta["label"])
                    yield Span(f"[{number}]", citation=number)
                case _:
                    yield replace(style, text=token.content)


def _block(spans: tuple[Span, ...], around: _Around) -> Block:
    if around.heading:
        return Block(BlockKind.HEADING, spans, level=around.heading)
    if around.lists:
        return Block(BlockKind.ITEM, spans, level=around.lists, marker=around.marker)
    return Block(BlockKind.QUOTE if around.quoted else BlockKind.PARAGRAPH, spans)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Join neighbours with the same style, so the document does not depend on how the parser splits it."""
    last: Span | None = None
    for span in spans:
        if last and last.citation is None and replace(span, text=last.text) == last:
            last = replace(last, text=last.text + span.text)
            continue
        if last and last.text:
            yield last
        last = span
    if last and last.text:
        yield last
