"""Markdown becomes documents: looks, lists, quotes and numbered citations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.document import Block, BlockKind, Document, Span
from core.text.markdown import Marks, Numbering, find_marks, front_matter, parse


def read(markdown: str) -> Document:
    return parse(markdown, dict(find_marks(markdown).notes), Numbering())[0]


def test_looks_and_links() -> None:
    spans = read("plain **bold *both*** [here](https://example.org)").blocks[0].spans
    assert spans == (
        Span("plain "),
        Span("bold ", bold=True),
        Span("both", bold=True, italic=True),
        Span(" "),
        Span("here", link="https://example.org"),
    )


def test_plain_words_have_no_look() -> None:
    (span,) = read("plain").blocks[0].spans
    assert (span.bold, span.italic, span.link, span.citation) == (False, False, None, None)


def test_blocks_of_every_kind() -> None:
    blocks = read("# Head\n\nText\nwrapped\n\n> said\n\n- one\n- two\n  - deep\n\n3. three\n4. four\n").blocks
    assert [(block.kind, block.level, block.marker, block.text) for block in blocks] == [
        (BlockKind.HEADING, 1, "", "Head"),
        (BlockKind.PARAGRAPH, 0, "", "Text wrapped"),
        (BlockKind.QUOTE, 0, "", "said"),
        (BlockKind.ITEM, 1, "•", "one"),
        (BlockKind.ITEM, 1, "•", "two"),
        (BlockKind.ITEM, 2, "•", "deep"),
        (BlockKind.ITEM, 1, "3.", "three"),
        (BlockKind.ITEM, 1, "4.", "four"),
    ]


def test_html_is_text() -> None:
    assert read("<b>bold</b> <script>x</script>").text == "<b>bold</b> <script>x</script>"


def test_citations_are_numbered_by_first_appearance_across_texts() -> None:
    numbering = Numbering()
    background = "Two[^b] and again[^b], three[^c].\n\n[^a]: A\n[^b]: B\n[^c]: C\n"
    letter, _ = parse("One[^a], two[^b].", dict(find_marks(background).notes), numbering)
    rest, notes = parse(background, dict(find_marks(background).notes), numbering)
    assert letter.citations == (1, 2)
    assert rest.citations == (2, 3)
    assert rest.text == "Two[2] and again[2], three[3]."
    assert {label: note.text for label, note in notes.items()} == {"a": "A", "b": "B", "c": "C"}


def test_a_citation_without_a_note_stays_text() -> None:
    assert read("See[^9].").blocks == (Block(BlockKind.PARAGRAPH, (Span("See[^9]."),)),)


def test_only_the_first_block_of_an_item_has_the_marker() -> None:
    blocks = read("- # Head\n\n  one\n\n  two\n  1. deep\n\n  three\n- - inner\n- > said\n").blocks
    assert [(block.kind, block.level, block.marker, block.text) for block in blocks] == [
        (BlockKind.HEADING, 1, "", "Head"),
        (BlockKind.ITEM, 1, "•", "one"),
        (BlockKind.ITEM, 1, "", "two"),
        (BlockKind.ITEM, 2, "1.", "deep"),
        (BlockKind.ITEM, 1, "", "three"),
        (BlockKind.ITEM, 2, "•", "inner"),
        (BlockKind.ITEM, 1, "•", "said"),
    ]


def test_a_note_is_read_though_only_another_text_cites_it() -> None:
    document, notes = parse("Text.\n\n> [^a]: A *note*,\n> in two lines\n\n[^b]: B", {}, Numbering())
    assert {label: note.text for label, note in notes.items()} == {"a": "A note, in two lines", "b": "B"}
    assert document.text == "Text."


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\na: 1\n---\n\n# Head\n", ("a: 1\n", "\n# Head\n")),
        ("--- \na: |\n  x\n\n  y\n---\t\nText", ("a: |\n  x\n\n  y\n", "Text")),
        ("---\na: 1\n---", ("a: 1\n", "")),
        ("---\na: 1\n", None),
        ("--- a: 1\n---\n", None),
        ("---\na: |\n  ---\n---\n", None),
        ("\n---\na: 1\n---\n", None),
        ("", None),
    ],
)
def test_front_matter_is_between_two_lines_of_dashes(text: str, parts: tuple[str, str] | None) -> None:
    assert front_matter(text) == parts


@given(st.lists(st.sampled_from(["---", "\n", "a: b\n", "...", "- ", " ", "#"]) | st.text(max_size=3)).map("".join))
def test_front_matter_and_body_are_the_text(markdown: str) -> None:
    parts = front_matter(markdown)
    if parts is not None:
        above, below = parts
        assert markdown.startswith("---")
        assert markdown.endswith(below)
        assert above.strip("\n") in markdown.removesuffix(below)


def test_notes_citations_and_images_have_their_lines() -> None:
    marks = find_marks("text[^a] and\nmore ![x](y)\\\nyet[^gone]\n\n[^a]: A, see[^b]\n[^b]: B")
    assert marks.notes == [("a", 5), ("b", 6)]
    assert marks.citations == [("a", 1), ("gone", 3), ("b", 5)]
    assert marks.images == [2]


@pytest.mark.parametrize(
    "code",
    ["`[^9] ![x](y)`", "```\n[^9]: x\n[^9] ![x](y)\n```", "    [^9]: x\n    [^9] ![x](y)", "\\[^9] and !\\[x](y)"],
)
def test_code_and_what_is_escaped_holds_no_marks(code: str) -> None:
    assert find_marks(code) == Marks()


@given(st.text(max_size=400))
def test_any_text_is_read(markdown: str) -> None:
    document = read(markdown)
    assert all(block.spans == tuple(span for span in block.spans if span.text) for block in document.blocks)
