"""Surveys a Markdown text: its paragraphs with their lines, and the parts that a chat doesn't show as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from core.text.markdown import tokens_of

UNREAD = "\ufffc"
"""Replaces code, images, citations, and escaped characters in the words of a paragraph."""

_NOT_MEANT = frozenset({r"\[", r"\]", r"\'", r"\"", "&amp;", "&nbsp;"})  # escapes that other programs write


@dataclass(frozen=True)
class RawParagraph:
    """The words of a paragraph, a heading, or a list item, by line; `line` is the number of the first one.

    `soft` are the indices of lines that end in a line break which Markdown reads as a blank. `number` is that of an
    item in a numbered list. `written` are the lines in Markdown.
    """

    line: int
    lines: tuple[str, ...]
    kind: str
    is_note: bool = False
    soft: frozenset[int] = frozenset()
    number: str = ""
    written: tuple[str, ...] = ()


@dataclass
class Survey:
    """The parts of a text, each with its line, from 1.

    `rules` are lines across the page, `indented` blocks that an indent makes code, `underlined` headings that the line
    below makes one, and `links` the words and the address of each link outside notes.
    """

    paragraphs: list[RawParagraph] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    indented: list[int] = field(default_factory=list)
    underlined: list[int] = field(default_factory=list)
    links: list[tuple[int, str, str]] = field(default_factory=list)
    cites: bool = False


def survey(markdown: str) -> Survey:
    """The parts of a text. Code has no words."""
    found, around, number = Survey(), list[str](), ""
    for token in tokens_of(markdown):
        line = token.map[0] + 1 if token.map else 1
        if token.nesting:
            around = [*around, token.type.removesuffix("_open")] if token.nesting > 0 else around[:-1]
        if token.type == "list_item_open":
            number = token.info
        if token.type == "hr":
            found.rules.append(line)
        elif token.type == "code_block":
            found.indented.append(line)
        elif token.type == "heading_open" and set(token.markup) <= {"=", "-"}:
            found.underlined.append(line)
        elif token.type == "inline":
            _add(found, token, line, around, number)
    return found


def _add(found: Survey, inline: Token, first: int, around: Sequence[str], number: str) -> None:
    """Add the paragraph that a token holds, and its links."""
    words, soft, address, begun = [""], set[int](), "", 0
    note = "footnote_reference" in around
    for child in inline.children or ():
        match child.type:
            case "softbreak" | "hardbreak":
                if child.type == "softbreak":
                    soft.add(len(words) - 1)
                words.append("")
            case "link_open":
                address, begun = str(child.attrs["href"]), len(words[-1])
            case "link_close":
                if not note:
                    found.links.append((first + len(words) - 1, words[-1][begun:], address))
            case "code_inline" | "image" | "footnote_ref":
                found.cites |= child.type == "footnote_ref"
                words[-1] += UNREAD
            case "text_special" if child.markup not in _NOT_MEANT:
                words[-1] += UNREAD * len(child.content)
            case _:
                words[-1] += child.content
    kind = next((name for name in reversed(around) if name in ("heading", "list_item")), "paragraph")
    found.cites |= note
    written = tuple(inline.content.split("\n"))
    number = number if kind == "list_item" else ""
    found.paragraphs.append(RawParagraph(first, tuple(words), kind, note, frozenset(soft), number, written))


_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s<>)\]]+>?|(?<!\S)\S+@\S+\.\w+")


def without_addresses(line: str) -> str:
    """The line with something unreadable, as long as it was, for each web and email address."""
    return _ADDRESS.sub(lambda address: UNREAD * len(address[0]), line)
