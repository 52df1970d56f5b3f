"""Discord's Markdown: what was not meant as a look is none, and nothing of the words is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.discord import text
from core.text.document import Block, BlockKind, Document, Span

PIECES = st.sampled_from(
    [
        "*",
        "_",
        "~~",
        "||",
        "`",
        "> ",
        "# ",
        "- ",
        "1. ",
        "<@1>",
        "[a](b)",
        "\\",
        "\n",
        "word",
        " ",
        "\u05d0",
        "💥",
        "-#",
    ]
)
LOOKS = re.compile(r"(?<!\\)(?:\\\\)*[*_~|`<\[]")


def rendered(markdown: str) -> str:
    """Render plain Markdown as Discord does: a backslash escapes one character and vanishes."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_character_becomes_a_look_and_none_is_lost(words: str) -> None:
    escaped = text.escaped(words)
    assert rendered(escaped) == words
    assert not LOOKS.search(escaped)
    assert not re.search(r"^[ \t]*(?:[>#+-]|\d+[.)])", escaped, re.MULTILINE)


def test_an_address_stays_one_that_can_be_tapped() -> None:
    assert text.escaped("see https://example.org/a_b*c now_") == "see https://example.org/a_b*c now\\_"


def document(*blocks: Block) -> Document:
    return Document(blocks)


def paragraph(*spans: Span) -> Block:
    return Block(BlockKind.PARAGRAPH, spans)


def test_looks_touch_words_and_not_the_space_around_them() -> None:
    markdown = text.document(document(paragraph(Span("so "), Span(" very ", bold=True), Span("nice", italic=True))))
    assert markdown == "so  **very** *nice*"


def test_a_link_has_no_preview_and_keeps_its_brackets() -> None:
    markdown = text.document(document(paragraph(Span("the [law]", link="https://example.org/a_(b)"))))
    assert markdown == "[the \\[law]](<https://example.org/a_(b%29>)"


@pytest.mark.parametrize("quoted", [True, False])
def test_a_quotation_is_one_from_its_first_line_to_its_last(quoted: bool) -> None:
    blocks = (Block(BlockKind.QUOTE, (Span("one\ntwo"),)), Block(BlockKind.QUOTE, (Span("three"),)))
    lines = text.document(document(*blocks), quoted=quoted).split("\n")
    assert [line for line in lines if line.strip("> ")] == ["> one", "> two", "> three"]
    assert not any(line.startswith("> >") for line in lines)
    if quoted:
        assert all(line.startswith("> ") for line in lines), "a bare sign would be shown as one"


def test_lists_keep_their_numbers_and_their_depth() -> None:
    items = (
        Block(BlockKind.ITEM, (Span("first"),), 1, "1."),
        Block(BlockKind.ITEM, (Span("inside"),), 2, "•"),
        Block(BlockKind.ITEM, (Span("second"),), 1, "2."),
    )
    assert text.document(document(*items)) == "1. first\n  - inside\n2. second"
