"""Telegram accepts the rich messages of any text, and every word and citation of it reaches the reader, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bots.telegram import rich as drawing
from bots.telegram.rich import RichTexts
from core.messages import Message, Words
from core.petition.petition import PetitionText
from core.petition.source import Source
from core.text.document import Block, BlockKind, Document, Span
from core.text.markdown import Numbering, parse
from tests.bots.telegram.test_renderer import LETTERS, with_letter
from tests.telegram_server import rich
from tests.world import SALESFORCE, TREES, catalog, petitions

SOURCES = tuple(
    Source(number, f"Paper {number}", f"Title {number}" * (1 + number % 40), "2026", link, "", ("A claim.",))
    for number, link in zip(range(1, 40), ["https://example.org/a", None, "odd:link"] * 13, strict=True)
)
PARAGRAPH = "The council must keep the elms, because they cool the street. " * 8
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
links = st.sampled_from([None, "https://example.org", "mailto:ada@example.org", "javascript:x", "//x"])
spans = st.builds(Span, words, st.booleans(), st.booleans(), links)
citations = st.integers(1, 45).map(lambda number: Span(f"[{number}]", citation=number))
markers = st.sampled_from(["", "•", "1.", "999999999.", "²."])
blocks = st.builds(
    Block, st.sampled_from(BlockKind), st.lists(spans | citations, min_size=1, max_size=5).map(tuple),
    st.integers(0, 30), markers,
)  # fmt: skip
long_blocks = st.builds(lambda block, times: replace(block, spans=block.spans * times), blocks, st.integers(1, 300))
documents = st.lists(blocks | long_blocks, max_size=60).map(lambda some: Document(tuple(some)))


def text_of(letter: Document, background: Document = Document(), language: str = "en") -> PetitionText:  # noqa: B008
    return PetitionText(language, "Keep the elms", "", letter, background, SOURCES)


def drawn(text: PetitionText, states: Mapping[int, Words] = MappingProxyType({})) -> list[dict[str, Any]]:
    """The messages, as Telegram takes them."""
    messages = RichTexts(catalog(), "https://t.me/bot?start=elms----source-{}".format).draw(text, "en", states)
    for message in messages:
        rich.parse(message)
        assert message["skip_entity_detection"] is True
    return [dict(message) for message in messages]


def body(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks above the sources."""
    found: list[dict[str, Any]] = message["blocks"]
    kinds = [block["type"] for block in found]
    return found[: kinds.index("divider")] if "divider" in kinds else found


def plain(text: str) -> str:
    return "".join(text.split())


def cited(part: Any) -> list[str]:
    """The sources that blocks cite, in reading order."""
    if isinstance(part, list):
        return [name for one in part for name in cited(one)]
    if not isinstance(part, dict):
        return []
    own = [part["reference_name"]] if part.get("type") == "reference_link" else []
    return own + [name for key in ("text", "blocks", "items") for name in cited(part.get(key))]


@given(documents, documents)
@example(Document((Block(BlockKind.PARAGRAPH, (Span("👍" * 40_000),)),)), Document())
@example(Document((Block(BlockKind.ITEM, (Span("x"),), 1, "•"),) * 600), Document())
@example(Document((Block(BlockKind.QUOTE, tuple(Span(f"[{n}]", citation=n) for n in range(1, 40)) * 20),)), Document())
@example(Document(tuple(Block(BlockKind.ITEM, (Span("deep"),), n, "1.") for n in range(1, 30))), Document())
def test_every_word_and_every_citation_arrives_in_order(letter: Document, background: Document) -> None:
    text = text_of(letter, background)
    messages = drawn(text)
    headings = ["Keep the elms", *(["Background"] if background.blocks else [])]
    wanted = plain(letter.text), plain(background.text)
    assert plain("".join(rich.words([body(message) for message in messages]))) == "".join(
        plain(part) for pair in zip([*headings, ""], wanted, strict=False) for part in pair
    )
    named = [number for part in (letter, background) for _, number in part.cited_spans() if text.source(number)]
    assert cited([body(message) for message in messages]) == [f"source-{number}" for number in named]


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS.keys())
def test_telegram_takes_any_letter_of_40000_characters(letter: str) -> None:
    document = with_letter(letter).text("en").letter
    assert len(drawn(text_of(document))) > 1


def test_a_letter_of_40000_characters_arrives_in_two_messages_cut_at_a_heading() -> None:
    section = f"## The elms\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n{PARAGRAPH}\n\n"
    document, _ = parse(section * (40_000 // len(section)), (), Numbering())
    assert len(document.text) > 39_000
    first, second = drawn(text_of(document))
    assert first["blocks"][-1]["type"] == "paragraph"
    assert second["blocks"][0] == {"type": "heading", "text": "The elms", "size": 2}


def test_a_letter_without_headings_does_not_need_a_third_message() -> None:
    document, _ = parse(f"{PARAGRAPH}\n\n" * (60_000 // len(PARAGRAPH)), (), Numbering())
    assert len(drawn(text_of(document))) == 2


def test_each_message_has_the_sources_that_it_cites() -> None:
    paragraphs = [Block(BlockKind.PARAGRAPH, (Span(PARAGRAPH), Span("[1]", citation=1)))] * 80
    last = Block(BlockKind.PARAGRAPH, (Span("At last"), Span("[2]", citation=2), Span("[1]", citation=1)))
    first, second = drawn(text_of(Document((*paragraphs, last))))
    assert "Paper 1, " in "".join(rich.words(first["blocks"]))
    assert "Paper 2" not in "".join(rich.words(first["blocks"]))
    assert [name for name in ("Paper 1, ", "Paper 2, ") if name in "".join(rich.words(second["blocks"]))] == [
        "Paper 1, ", "Paper 2, ",
    ]  # fmt: skip


def test_a_footnote_has_the_state_of_its_source_and_leads_to_its_screen() -> None:
    states = {number: Message("checked.brief_gone") for number in range(1, 40)}
    cites_all = Block(BlockKind.PARAGRAPH, tuple(Span(f"[{number}]", citation=number) for number in range(1, 40)))
    messages = drawn(text_of(Document((Block(BlockKind.PARAGRAPH, (Span("All:"),)), cites_all))), states)
    notes = [block for message in messages for block in message["blocks"] if isinstance(block.get("text"), dict)]
    assert [rich.lines([note])[0].count("\ngone\n") for note in notes] == [1] * 39
    for number, note in enumerate(notes, 1):
        *_, last = note["text"]["text"]
        assert last["url"] == f"https://t.me/bot?start=elms----source-{number}"
        source = SOURCES[number - 1]
        searched = {"type": "code", "text": f'"{source.title}" "{source.publication}"'}
        assert (searched in note["text"]["text"]) is (source.link is None)


def test_the_shipped_petition_is_one_message() -> None:
    (message,) = drawn(petitions()[SALESFORCE].text("en"))
    shown = rich.lines(message["blocks"])
    assert shown[0] == petitions()[SALESFORCE].text("en").title
    assert "Background" in shown
    assert shown[shown.index("Sources") + 1].startswith("[1] Gizmodo, “Salesforce CEO Says It Won't Sever Ties")
    assert "is_rtl" not in message


def test_lists_quotes_styles_and_links_are_telegrams_own() -> None:
    (message,) = drawn(petitions()[TREES].text("en"))
    letter, _ = parse("1. one\n   - *in*\n\n     and **on**\n2. two\n\n> said\n>\n> again\n\n[x](/y)", (), Numbering())
    (drawn_letter,) = drawn(text_of(letter))
    assert "blockquote" in [block["type"] for block in message["blocks"]]
    (_, numbered, quote, last) = drawn_letter["blocks"]
    one, two = numbered["items"]
    assert (one["value"], two["value"], one["type"]) == (1, 2, "1")
    inner = one["blocks"][1]["items"][0]["blocks"]
    assert inner[0] == {"type": "paragraph", "text": {"type": "italic", "text": "in"}}
    assert inner[1]["text"] == ["and ", {"type": "bold", "text": "on"}]
    assert [block["text"] for block in quote["blocks"]] == ["said", "again"]
    assert last == {"type": "paragraph", "text": "x"}, "Telegram refuses a link without a site"


@pytest.mark.parametrize(("language", "is_rtl"), [("ar", True), ("he_IL", True), ("de", False)])
def test_a_text_from_right_to_left_says_so(language: str, is_rtl: bool) -> None:
    (message,) = drawn(text_of(Document((Block(BlockKind.PARAGRAPH, (Span("نص"),)),)), language=language))
    assert message.get("is_rtl", False) is is_rtl


def test_a_block_never_holds_more_sources_than_fit_below_it() -> None:
    long = "s" * 5000
    sources = tuple(replace(source, title=long, link=f"https://e.org/{long[:480]}") for source in SOURCES)
    every = tuple(Span(f"[{source.number}]", citation=source.number) for source in sources)
    text = replace(text_of(Document((Block(BlockKind.PARAGRAPH, (Span("w " * 5000), *every)),))), sources=sources)
    assert len(drawn(text)) > 1
    assert len(sources) > drawing.MOST_CITED
