"""Markdown into documents: CommonMark with [^1] footnotes, raw HTML taken as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from core.text.document import Block, BlockKind, Document, Span

_PARSER = MarkdownIt("commonmark", {"html": False}).use(footnote_plugin, inline=False, move_to_end=True)
DEFINITION = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)
_LIST_OPENERS = {"bullet_list_open", "ordered_list_open"}


@dataclass
class Numbering:
    """Gives each footnote label a number, in the order in which labels are first cited."""

    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, label: str) -> int:
        """The label's number; a new label gets the next one."""
        return self.numbers.setdefault(label, len(self.numbers) + 1)


def note_labels(markdown: str) -> dict[str, int]:
    """The labels of the footnotes that a text defines, each with its line number (from 1)."""
    return {found.group(1): markdown.count("\n", 0, found.start()) + 1 for found in DEFINITION.finditer(markdown)}


def parse(markdown: str, labels: Iterable[str], numbering: Numbering) -> tuple[Document, dict[str, Document]]:
    """Read a text and the footnotes that it defines and cites, by label.

    `labels` are those that may be cited, wherever they are defined: the letter cites notes of the background.
    """
    environment = {"footnotes": {"refs": {f":{label}": -1 for label in labels}}}
    tokens = _PARSER.parse(markdown, environment)
    body: list[Block] = []
    notes: dict[str, Document] = {}
    for label, part in _parts(tokens):
        blocks = tuple(_Builder(numbering).blocks(part))
        if label is None:
            body.extend(blocks)
        else:
            notes[label] = Document(blocks)
    return Document(tuple(body)), notes


def _parts(tokens: list[Token]) -> Iterator[tuple[str | None, list[Token]]]:
    """Split the tokens into the text (label None) and its footnotes."""
    label: str | None = None
    part: list[Token] = []
    for token in tokens:
        if token.type in ("footnote_open", "footnote_block_open"):
            yield label, part
            label, part = token.meta.get("label") if token.meta else None, []
        elif not token.type.startswith("footnote_"):
            part.append(token)
    yield label, part


class _Builder:
    """Walks block tokens and keeps what surrounds the present one: quotes and lists."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._quotes = 0
        self._lists: list[int | None] = []
        self._marker = ""
        self._heading = 0

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        for token in tokens:
            self._enter_or_leave(token)
            if token.type == "inline":
                yield self._block(tuple(_merged(self._spans(token.children or []))))
            elif token.type in ("fence", "code_block"):
                yield self._block((Span(token.content.rstrip("\n")),))

    def _enter_or_leave(self, token: Token) -> None:
        if token.type == "blockquote_open":
            self._quotes += 1
        elif token.type == "blockquote_close":
            self._quotes -= 1
        elif token.type in _LIST_OPENERS:
            start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
            self._lists.append(start)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type == "list_item_open":
            self._marker = self._next_marker()
        elif token.type == "heading_open":
            self._heading = int(token.tag[1:])
        elif token.type == "heading_close":
            self._heading = 0

    def _next_marker(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "•"
        self._lists[-1] = number + 1
        return f"{number}."

    def _block(self, spans: tuple[Span, ...]) -> Block:
        if self._heading:
            return Block(BlockKind.HEADING, spans, level=self._heading)
        if self._lists:
            marker, self._marker = self._marker, ""
            return Block(BlockKind.ITEM, spans, level=len(self._lists), marker=marker)
        return Block(BlockKind.QUOTE if self._quotes else BlockKind.PARAGRAPH, spans)

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


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Join neighbours of one look, so that a document has one form whatever the parser's cuts."""
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
