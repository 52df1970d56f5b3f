"""Citations on Discord: buttons beside the paragraphs that cite, in messages that Discord takes, with nothing lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.common.json_object import JsonObject
from bots.discord.accents import ACCENTS, accent_of
from bots.discord.limits import LONGEST_URL, MOST_COMPONENTS
from bots.discord.message import BUTTON, MENU, ROW, SECTION, SEPARATOR, TEXT, DiscordMessage, walk
from core.conversation.reading import page_size
from core.conversation.screen import Button, Passage, Screen, View
from core.conversation.state import Conversation, Overlay, ShowSource
from core.petition.petition import Petition
from core.petition.source import Source
from core.platforms import Platform
from core.text.document import Block, BlockKind, Document, Span
from tests.bots.discord.test_renderer import check_accepted, renderer, view_of
from tests.world import SALESFORCE, petitions

SIZE = page_size(Platform.DISCORD)
words = st.text(st.characters(categories=["L", "N", "Zs"], include_characters=".,_*\n"), min_size=1, max_size=90)
links = st.sampled_from([None, "https://e.org"])
plain_spans = st.builds(Span, words, bold=st.booleans(), italic=st.booleans(), link=links)
citations = st.integers(1, 40).map(lambda number: Span(f"[{number}]", citation=number))
spans = st.lists(plain_spans | citations, min_size=1, max_size=8).map(tuple)
blocks = st.builds(Block, st.sampled_from(BlockKind), spans)
letters = st.tuples(st.lists(blocks, min_size=1, max_size=8), st.integers(1, 6)).map(
    lambda drawn: Document(tuple(drawn[0] * drawn[1]))
)


def citing(text: str, *numbers: int) -> Block:
    return Block(BlockKind.PARAGRAPH, (Span(text), *(Span(f"[{number}]", citation=number) for number in numbers)))


def source(number: int, link: str | None = None) -> Source:
    return Source(number, f"Publisher {number}", "A title", "2026", link, "", ())


def with_letter(letter: Document, *sources: Source) -> Petition:
    petition = petitions()[SALESFORCE]
    text = replace(petition.text("en"), letter=letter, background=Document(), sources=sources)
    return replace(petition, texts={"en": text})


def pages_of(petition: Petition) -> list[DiscordMessage]:
    drawing, count = renderer(petition), len(petition.text("en").pages(SIZE))
    open_page = Conversation(SALESFORCE, "en", trail=(Overlay.PAGE,))
    return [drawing.render(view_of(petition, replace(open_page, page=number))) for number in range(count)]


def list_of(petition: Petition) -> DiscordMessage:
    return renderer(petition).render(view_of(petition, Conversation(SALESFORCE, "en", trail=(Overlay.SOURCES,))))


def characters(written: str) -> str:
    """Without white space, the marks of looks, and addresses."""
    written = re.sub(r"\]\(<[^>]*>\)", "", written)
    return "".join(each for each in written if not each.isspace() and each not in "\\>-*#_[]")


def offers(message: DiscordMessage) -> set[str]:
    """Labels of everything that can be tapped or chosen."""
    return {
        one["label"]
        for part in walk((*message.body, *message.rows))
        for one in part.get("options", [part])
        if "label" in one
    }


@given(letters, st.integers(0, 40))
def test_every_page_is_taken_and_every_word_is_there_once_in_order(letter: Document, known: int) -> None:
    pages = pages_of(with_letter(letter, *(source(number) for number in range(1, known + 1))))
    for page in pages:
        check_accepted(page)
        ids = [part["custom_id"] for part in walk((*page.body, *page.rows)) if "custom_id" in part]
        assert len(set(ids)) == len(ids)
        assert all(len(each) <= 100 for each in ids)
        assert page.size <= MOST_COMPONENTS
    seen = "".join(page.text.partition("\n")[2] for page in pages)
    assert characters(seen) == characters(letter.text)


@given(letters)
def test_every_source_cited_on_a_page_can_be_opened_there(letter: Document) -> None:
    petition = with_letter(letter, *(source(number) for number in range(1, 41)))
    for page, message in zip(petition.text("en").pages(SIZE), pages_of(petition), strict=True):
        cited = page.document.citations
        found = [each for each in cited if {f"[{each}]", f"Source {each}: Publisher {each}"} & offers(message)]
        assert len(found) == min(len(cited), 10)
        assert len(cited) <= 10 or "Sources" in offers(message)


def test_one_source_goes_beside_its_paragraph_and_several_below_it() -> None:
    letter = Document((citing("None."), citing("One.", 1), citing("Again.", 1), citing("Six.", 1, 2, 3, 4, 5, 6)))
    (page,) = pages_of(with_letter(letter, *(source(number) for number in range(1, 7))))
    check_accepted(page)
    opening, first, second, text, five, one, line = page.body
    assert opening["content"].endswith("None.")
    assert [part["type"] for part in (first, second, text, five, one, line)] == [
        SECTION, SECTION, TEXT, ROW, ROW, SEPARATOR,
    ]  # fmt: skip
    assert [part["accessory"]["label"] for part in (first, second)] == ["[1]", "[1]"]
    assert [button["label"] for button in five["components"]] == ["[1]", "[2]", "[3]", "[4]", "[5]"]
    assert [button["label"] for button in one["components"]] == ["[6]"]


def test_a_source_that_the_petition_lacks_stays_a_word() -> None:
    (page,) = pages_of(with_letter(Document((citing("One.", 1), citing("Two.", 2))), source(1)))
    assert [part["accessory"]["label"] for part in page.body if part["type"] == SECTION] == ["[1]"]
    assert "Two.\\[2]" in page.text


def test_a_page_of_short_citing_paragraphs_is_cut_where_the_buttons_end() -> None:
    letter = Document(tuple(citing(f"Claim {number}.", number % 5 + 1) for number in range(30)))
    pages = pages_of(with_letter(letter, *(source(number) for number in range(1, 6))))
    assert [sum(part["type"] == SECTION for part in page.body) for page in pages] == [9, 9, 9, 3]


def test_a_paragraph_with_too_many_sources_is_shown_with_a_menu() -> None:
    petition = with_letter(Document((citing("Many.", *range(1, 41)),)), *(source(number) for number in range(1, 41)))
    (page,) = pages_of(petition)
    check_accepted(page)
    assert "Sources" in offers(page)


def test_buttons_that_a_message_has_no_room_for_stay_below_it() -> None:
    letter = Document(tuple(citing(f"Claim {number}.", number) for number in range(1, 21)))
    petition = with_letter(letter, *(source(number) for number in range(1, 21)))
    rows = tuple((Button(f"Source {number}: Publisher {number}", ShowSource(number)),) for number in range(1, 21))
    message = renderer(petition).render(View(Screen((Passage(letter),), rows), "en", SALESFORCE))
    check_accepted(message)
    beside = {f"[{number}]" for number in range(1, 12)}
    assert offers(message) == beside | {f"Source {number}: Publisher {number}" for number in range(12, 21)}
    assert characters(message.text) == characters(letter.text)


def test_a_source_has_its_link_beside_it_and_one_without_is_only_words() -> None:
    too_long = "https://e.org/" + "x" * LONGEST_URL
    listed = list_of(with_letter(Document(), source(1, "https://e.org/1"), source(2), source(3, too_long)))
    check_accepted(listed)
    (section,) = (part for part in listed.body if part["type"] == SECTION)
    assert (section["accessory"]["label"], section["accessory"]["url"]) == ("Open", "https://e.org/1")
    assert "Publisher 1, “A title”, 2026" in section["components"][0]["content"]
    assert "Publisher 2" in listed.text
    assert "Publisher 3" in listed.text


def test_a_source_with_a_link_too_long_for_a_button_has_it_among_its_words() -> None:
    link = "https://e.org/" + "x" * LONGEST_URL
    petition = with_letter(Document(), source(1, link))
    opened = Conversation(SALESFORCE, "en", trail=(Overlay.SOURCE,), source=1)
    message = renderer(petition).render(view_of(petition, opened))
    check_accepted(message)
    assert link in message.text
    assert "Open the source" not in offers(message)


def test_a_full_list_of_sources_with_the_longest_titles_is_taken() -> None:
    several = [source(number, f"https://e.org/{number}") for number in range(1, 90)]
    long = [replace(each, title="壹" * 300, publication="*" * 300) for each in several]
    listed = list_of(with_letter(Document(), *long))
    check_accepted(listed)
    assert sum(part["type"] == SECTION for part in listed.body) == 8
    (menu,) = menus_of(listed, "Go to another page")
    assert [option["label"] for option in menu["options"]] == [f"Page {number}" for number in range(2, 13)]
    assert "Page 12" not in [button.get("label") for button in walk(listed.rows) if button["type"] == BUTTON]


def test_the_menu_of_pages_says_what_is_on_each() -> None:
    parts = ((f"Part {number}", BlockKind.HEADING, "word " * 600, BlockKind.PARAGRAPH) for number in range(5))
    pairs = ((Block(one, (Span(heading),)), Block(other, (Span(text),))) for heading, one, text, other in parts)
    letter = Document(tuple(block for pair in pairs for block in pair))
    first, *_ = pages_of(with_letter(letter))
    (menu,) = menus_of(first, "Go to another page")
    assert [(option["label"], option["description"]) for option in menu["options"]] == [
        (f"Page {number + 1}", f"Part {number}") for number in range(1, 5)
    ]


def menus_of(message: DiscordMessage, placeholder: str) -> list[JsonObject]:
    return [part for part in walk(message.rows) if part["type"] == MENU and part["placeholder"] == placeholder]


@pytest.mark.parametrize("color", ACCENTS)
@pytest.mark.parametrize("background", [0xFFFFFF, 0x313338], ids=["light", "dark"])
def test_an_accent_is_seen_beside_both_backgrounds(color: int, background: int) -> None:
    darker, lighter = sorted(map(luminance, (color, background)))
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def luminance(color: int) -> float:
    """The relative luminance as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in ((color >> shift & 0xFF) / 255 for shift in (16, 8, 0))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_petition_keeps_its_accent() -> None:
    (page,) = pages_of(with_letter(Document((citing("Words."),))))
    assert page.content()["components"][0]["accent_color"] == accent_of(SALESFORCE) == 0xB7791F
    assert "accent_color" not in DiscordMessage.plain("No petition.").content()["components"][0]
