"""Checking sources: what is on the screen of one, which way leads back to the line, and all claims of a text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation import state as ev
from core.conversation.machine import advance
from core.conversation.overlays import screen_for
from core.conversation.reading import page_size
from core.conversation.scene import Scene
from core.conversation.screen import Line, Passage, Screen, Style
from core.conversation.state import Conversation, Overlay
from core.petition.claims import claims_in, pages_of_claims
from core.petition.petition import Petition
from core.petition.source import Source
from core.platforms import Platform
from core.signatures.signature import SignerContext
from core.sources.checks import ArchiveCopy, Checks, LinkState, PassageState
from core.text.document import Block, BlockKind, Document, Span
from tests.core.conversation.stories import TYPED
from tests.sources_checked import ARCHIVED, WEEK_BEFORE, check_of_source
from tests.world import NOW, SALESFORCE, catalog, petitions

LINK = "https://news.example.org/a"
SOURCES = tuple(
    Source(number, f"Paper {number}", f"Title {number}", "2026", None if number == 3 else LINK, "", ("A claim.",))
    for number in range(1, 5)
)
QUOTING = replace(SOURCES[0], quote="four degrees cooler")
LONG = "The council must keep the elms, because they cool the street. " * 40


def cites(words: str, *numbers: int, kind: BlockKind = BlockKind.PARAGRAPH) -> Block:
    return Block(kind, (Span(words), *(Span(f"[{number}]", citation=number) for number in numbers)))


LETTER = Document((cites("Keep the elms.", 1), cites(LONG), cites("They live long. They cool.", 2)))
BACKGROUND = Document((cites("Reasons", kind=BlockKind.HEADING), cites("Streets are hot.", 3, 1)))


def petition_of(letter: Document = LETTER, background: Document = BACKGROUND) -> Petition:
    petition = petitions()[SALESFORCE]
    sources = (QUOTING, *SOURCES[1:])
    text = replace(petition.text("en"), letter=letter, background=background, sources=sources)
    return replace(petition, texts={"en": text})


def drawn(*events: ev.Event, petition: Petition | None = None, checks: Checks | None = None) -> Screen:
    petition = petition or petition_of()
    known, state = SignerContext(platform=Platform.TELEGRAM), Conversation(SALESFORCE, "en")
    for event in events:
        state = advance(state, event, petition, NOW, known).conversation
    return screen_for(Scene(state, {SALESFORCE: petition}, known, lambda: 0, NOW, checks=checks or {}))


def words_of(screen: Screen) -> list[str]:
    return [catalog().words(part.words, "en") for part in screen.parts if isinstance(part, Line)]


def buttons_of(screen: Screen) -> dict[str, object]:
    every = (button for row in screen.buttons for button in row)
    return {catalog().words(button.text, "en"): button.event or button.url for button in every}


def test_a_source_shows_its_state_the_quoted_words_and_its_archived_copy() -> None:
    there = check_of_source(QUOTING, LinkState.ALIVE, PassageState.FOUND)
    check = replace(there, archive=ArchiveCopy(ARCHIVED, WEEK_BEFORE))
    screen = drawn(ev.ShowSource(1), checks={QUOTING.key: check})
    assert any("the page is there, and the quoted words are on it." in words for words in words_of(screen))
    assert "The petition relies on these words of it: “four degrees cooler”" in words_of(screen)
    buttons = buttons_of(screen)
    assert buttons["Archived copy"] == ARCHIVED
    assert buttons["Open the source"] == f"{LINK}#:~:text=four%20degrees%20cooler"
    assert "Archived copy" not in buttons_of(drawn(ev.ShowSource(1)))


def test_a_check_of_another_link_or_of_other_words_says_nothing() -> None:
    check = check_of_source(QUOTING, LinkState.GONE)
    for other in (replace(check, link="https://news.example.org/b"), replace(check, quote="other words")):
        assert not any("Checked" in words for words in words_of(drawn(ev.ShowSource(1), checks={QUOTING.key: other})))
    assert any("Checked" in words for words in words_of(drawn(ev.ShowSource(1), checks={QUOTING.key: check})))


def test_a_source_without_a_link_says_so_with_the_words_to_search_for() -> None:
    screen = drawn(ev.ShowSource(3))
    assert [part.words for part in screen.parts if isinstance(part, Line) and part.style is Style.COPY] == [
        '"Title 3" "Paper 3"'
    ]
    assert any("doesn't link to this source" in words for words in words_of(screen))
    assert any("No link" in words for words in words_of(drawn(ev.ListSources())))


def test_the_list_shows_the_state_of_each_source_in_a_few_words() -> None:
    checks = {one.key: check_of_source(one, LinkState.GONE) for one in (QUOTING, SOURCES[1])}
    entries = [words for words in words_of(drawn(ev.ListSources(), checks=checks)) if words.startswith("[")]
    assert [entry.endswith(": gone") for entry in entries] == [True, True, False, False]
    assert "\n" not in entries[3], "nothing is said about a link that wasn't checked"


REVIEW = TYPED


@pytest.mark.parametrize(
    "way", [(), (ev.ListSources(),), REVIEW, (*REVIEW, ev.ListSources()), (ev.Show(Overlay.CLAIMS),), (ev.TurnPage(1),)]
)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_from_everywhere_a_way_leads_back_to_the_page_with_the_line(way: tuple[ev.Event, ...], number: int) -> None:
    petition = petition_of()
    pages = petition.text("en").pages(page_size(Platform.TELEGRAM))
    assert len(pages) > 1
    events = (*way, ev.ShowSource(number))
    buttons = buttons_of(drawn(*events, petition=petition))
    line = buttons.get("Read it in the text", ev.Back())
    assert isinstance(line, ev.TurnPage | ev.Back)
    page = drawn(*events, line, petition=petition)
    (shown,) = (part for part in page.parts if isinstance(part, Passage))
    assert number in shown.document.citations
    assert ev.ShowSource(number) in buttons_of(page).values()


def test_a_source_that_the_page_below_cites_has_one_way_back() -> None:
    buttons = buttons_of(drawn(ev.TurnPage(0), ev.ShowSource(1)))
    assert "Read it in the text" not in buttons
    assert buttons["Back to the page"] == ev.Back()
    other = buttons_of(drawn(ev.TurnPage(0), ev.ShowSource(1), ev.ShowSource(2), ev.ShowSource(3)))
    cited = petition_of().text("en").pages(page_size(Platform.TELEGRAM))[0].document.citations
    assert ("Read it in the text" in other) is (3 not in cited)


def test_all_claims_are_the_sentences_with_their_sources_and_the_others_are_counted() -> None:
    screen = drawn(ev.Show(Overlay.CLAIMS))
    (claims,) = (part.document for part in screen.parts if isinstance(part, Passage))
    assert [block.text for block in claims.blocks] == ["Keep the elms.[1]", "They cool.[2]", "Streets are hot.[3][1]"]
    assert claims.citations == (1, 2, 3)
    assert words_of(screen)[:2] == ["3 sentences rely on a source.", "41 sentences cite no source."]
    assert {ev.ShowSource(1), ev.ShowSource(2), ev.ShowSource(3)} <= set(buttons_of(screen).values())
    assert ev.Show(Overlay.CLAIMS) in buttons_of(drawn(ev.ListSources())).values()
    assert ev.Show(Overlay.CLAIMS) in buttons_of(drawn(ev.TurnPage(0))).values()


def test_a_claim_keeps_the_page_that_its_citation_gives() -> None:
    citation = Span("[2, p. 12]", citation=2, locator="p. 12")
    cited = Block(BlockKind.PARAGRAPH, (Span("They cool."), citation, Span(" So.")))
    (claim,) = claims_in(petition_of(Document((cited,)), Document()).text("en")).relying.blocks
    assert claim.spans == cited.spans[:2]


def test_a_text_without_sources_has_no_claims() -> None:
    screen = drawn(ev.Show(Overlay.CLAIMS), petition=petition_of(Document((cites("Keep them."),)), Document()))
    assert words_of(screen) == ["No sentence relies on a source.", "1 sentence cites no source."]


def test_forty_claims_are_read_page_by_page_and_back_leads_to_the_same_one() -> None:
    many = Document(tuple(cites(f"{number} elms" + ", and their shade" * 30, number % 4 + 1) for number in range(40)))
    petition = petition_of(many)
    pages = pages_of_claims(petition.text("en"), page_size(Platform.TELEGRAM))
    assert len(pages) > 3
    seen = [
        block.text
        for page in range(len(pages))
        for part in drawn(ev.ListOwn(page, Overlay.CLAIMS), petition=petition).parts
        if isinstance(part, Passage)
        for block in part.document.blocks
    ]
    assert "".join(seen) == "".join(block.text for block in claims_in(petition.text("en")).relying.blocks)
    there = drawn(ev.ListOwn(2, Overlay.CLAIMS), petition=petition)
    assert drawn(ev.ListOwn(2, Overlay.CLAIMS), ev.ShowSource(1), ev.Back(), petition=petition) == there


spans = st.builds(Span, st.text(st.sampled_from("ab .[1]2"), min_size=1, max_size=30))
citations = st.integers(1, 9).map(lambda number: Span(f"[{number}]", citation=number))
documents = st.lists(
    st.builds(Block, st.sampled_from(BlockKind), st.lists(spans | citations, min_size=1, max_size=6).map(tuple)),
    max_size=6,
).map(lambda some: Document(tuple(some)))


@given(documents, documents)
def test_every_source_that_is_cited_is_among_the_claims(letter: Document, background: Document) -> None:
    text = petition_of(letter, background).text("en")
    claims = claims_in(text)
    assert set(claims.relying.citations) == {*letter.citations, *background.citations}
    assert all(block.text.strip() for block in claims.relying.blocks)
    assert all(span.text for block in claims.relying.blocks for span in block.spans)


def test_a_video_opens_at_the_time_marks_that_cite_it() -> None:
    marks = ("03:15", "p. 2", "1:02:03", "03:15", "4:00", "5:00")
    cited = [Span(f"[1, {mark}]", citation=1, locator=mark) for mark in marks]
    letter = Document(
        (Block(BlockKind.PARAGRAPH, (Span("Elms cool."), *cited, Span("[2, 9:09]", citation=2, locator="9:09"))),)
    )
    petition = petition_of(letter, Document())
    text = petition.text("en")
    for link, opened in (("https://vimeo.com/7", "https://vimeo.com/7#t={}s"), (LINK, "")):
        video = replace(SOURCES[0], link=link)
        shown = replace(petition, texts={"en": replace(text, sources=(video, *SOURCES[1:]))})
        buttons = buttons_of(drawn(ev.ShowSource(1), petition=shown))
        at = {words: url for words, url in buttons.items() if words.startswith("Open at")}
        seconds = {"Open at 03:15": 195, "Open at 1:02:03": 3723, "Open at 4:00": 240}
        assert at == ({words: opened.format(each) for words, each in seconds.items()} if opened else {})
