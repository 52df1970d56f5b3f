"""Pages fit, lose nothing, and break where a reader would."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text.document import Block, BlockKind, Document, Span
from core.text.pages import PageSize, paginate, utf16_length

LIMIT = PageSize(120)
SIZES = (LIMIT, PageSize(120, markdown=True))

spans = st.builds(
    Span,
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=90),
    bold=st.booleans(),
    link=st.sampled_from([None, "https://e.org"]),
    citation=st.none(),
)
citations = st.integers(1, 99).map(lambda number: Span(f"[{number}]", citation=number))
blocks = st.builds(
    Block,
    st.sampled_from(BlockKind),
    st.lists(spans | citations, min_size=1, max_size=6).map(tuple),
    marker=st.sampled_from(["", "•", "12."]),
    level=st.integers(0, 3),
)
documents = st.lists(blocks, max_size=8).map(lambda some: Document(tuple(some)))


def heading(length: int) -> Block:
    return Block(BlockKind.HEADING, (Span("h" * length),))


@pytest.mark.parametrize("size", SIZES, ids=["plain", "markdown"])
@given(documents)
@example(Document((Block(BlockKind.PARAGRAPH, (Span("👩‍👩‍👧‍👦" * 200),)),)))
@example(Document((Block(BlockKind.PARAGRAPH, (Span("z" + "\u0301" * 500),)),)))
@example(Document((heading(1), heading(30), heading(80), Block(BlockKind.PARAGRAPH, (Span("p" * 110),)))))
@example(
    Document((Block(BlockKind.PARAGRAPH, (Span("p" * 30),)), heading(30), Block(BlockKind.QUOTE, (Span("p" * 110),))))
)
def test_pages_fit_and_lose_nothing(size: PageSize, document: Document) -> None:
    pages = paginate(document, size)
    assert all(0 < sum(map(size.cost, page.blocks)) <= size.units for page in pages)
    written = "".join(span.text for block in document.blocks for span in block.spans)
    assert "".join(span.text for page in pages for block in page.blocks for span in block.spans) == written
    marked = [block.marker for block in document.blocks if block.marker]
    assert [block.marker for page in pages for block in page.blocks if block.marker] == marked
    cited = [number for _, number in document.cited_spans()]
    assert [number for page in pages for _, number in page.cited_spans()] == cited


def paragraph(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Block:
    return Block(kind, (Span(text),))


def test_a_block_that_fits_a_page_is_never_cut() -> None:
    document = Document((paragraph("a" * 80), paragraph("b" * 80), paragraph("c" * 30)))
    assert [page.text for page in paginate(document, LIMIT)] == ["a" * 80, "b" * 80 + "\n\n" + "c" * 30]


def test_a_heading_goes_with_what_it_heads() -> None:
    document = Document((paragraph("a" * 80), paragraph("Head", BlockKind.HEADING), paragraph("b" * 60)))
    assert [page.text for page in paginate(document, LIMIT)] == ["a" * 80, "Head\n\n" + "b" * 60]


def test_a_long_paragraph_is_cut_between_words() -> None:
    words = "word " * 100
    for page in paginate(Document((paragraph(words),)), LIMIT):
        assert set(page.text.split()) == {"word"}


def test_a_long_list_item_has_its_marker_once() -> None:
    item = Block(BlockKind.ITEM, (Span("word " * 100),), marker="12.", level=1)
    blocks = [block for page in paginate(Document((item,)), LIMIT) for block in page.blocks]
    assert len(blocks) > 4
    assert [block.marker for block in blocks] == ["12.", *[""] * (len(blocks) - 1)]
    assert {(block.kind, block.level) for block in blocks} == {(BlockKind.ITEM, 1)}


def test_a_long_word_is_cut_between_clusters() -> None:
    family = "👩‍👩‍👧‍👦"
    for page in paginate(Document((paragraph(family * 60),)), LIMIT):
        assert page.text.replace(family, "").strip() == ""


def test_markdown_counts_escapes_styles_addresses_and_bytes() -> None:
    size = PageSize(120, markdown=True)
    assert size.measure("a*b") == 4
    assert size.measure("漢" * 9) == 12, "27 bytes"
    assert size.marks(Span("word", link="https://e.org")) > len("[](<https://e.org>)")
    assert PageSize(120).marks(Span("word", link="https://e.org")) == 0


def test_emoji_count_as_telegram_counts_them() -> None:
    assert utf16_length("a👍é") == 4
