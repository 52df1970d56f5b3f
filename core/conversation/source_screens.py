"""The screens to check a petition's sources: the list of them, one source, and all sentences that rely on one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from core.conversation import state as ev
from core.conversation.abridging import LONGEST_ADDRESS
from core.conversation.looks import SOURCES_LISTED
from core.conversation.paging import jumps, more_line, nearest, page_count, page_line, turning
from core.conversation.reading import page_size
from core.conversation.scene import Scene, source_entry
from core.conversation.screen import Button, Facts, Line, Part, Passage, Screen, Style
from core.conversation.source_facts import source_facts
from core.conversation.source_state import brief_state, state_of
from core.conversation.state import Overlay
from core.conversation.text_screens import back, cited_rows, sign, source_button
from core.messages import Message, Words
from core.petition.claims import claims_in, pages_of_claims
from core.petition.source import Source
from core.petition.time_marks import link_at
from core.sources.quotes import text_fragment
from core.sources.search_words import search_words
from core.text.document import Block, BlockKind, Document, Span
from core.text.pages import PageSize, paginate
from core.text.truncation import truncate

_MOST_CLAIMS, _CLAIMS = 20, PageSize(1000, markdown=True)
"""The number of and the room for the sentences that rely on a source, beside what identifies it."""
_MOST_PLACES = 3  # of a video, whose buttons share a row
_LONGEST_QUOTE = 300  # characters of the words quoted from a source


def listed_source(scene: Scene, source: Source) -> Words:
    """A source in a list, with its state in a few words."""
    entry, state = source_entry(source), brief_state(scene.check(source), source, scene.petition.day)
    return Message("sources.entry_checked", {"entry": entry, "state": state}) if state else entry


def list_of_sources(scene: Scene) -> Screen:
    """A page of the list of sources."""
    sources = scene.text.sources
    pages = page_count(len(sources), SOURCES_LISTED)
    page = nearest(scene.conversation.list_page, pages)
    listed = sources[page * SOURCES_LISTED : (page + 1) * SOURCES_LISTED]
    heading = Line(Message("sources.heading", {"count": len(sources)}), Style.HEADING)
    parts: list[Part] = [heading, *page_line(page, pages)]
    parts += [Line(listed_source(scene, source), beside=_open_beside(source)) for source in listed]
    rows: list[tuple[Button, ...]] = [(source_button(source),) for source in listed]
    rows += [*turning(page, pages, ev.ListSources), (all_claims_button(),), (*sign(scene), back(scene))]
    return Screen(tuple(parts), tuple(rows), jumps=jumps(page, pages, ev.ListSources))


def all_claims_button() -> Button:
    """The button that leads to all sentences that rely on a source."""
    return Button(Message("button.claims"), ev.Show(Overlay.CLAIMS))


def _address(source: Source) -> str:
    """The source's link, at the quoted words if apps take an address of that length; empty without a link."""
    at_words = text_fragment(source.link or "", source.quote) if source.link else ""
    return at_words if len(at_words) <= LONGEST_ADDRESS else source.link or ""


def _open_beside(source: Source) -> Button | None:
    """The button to a source's page beside its words; a short one, since it takes room from them."""
    return Button(Message("button.open_beside"), url=_address(source)) if source.link else None


def one_source(scene: Scene) -> Screen:
    """A source, its state, and the sentences that rely on it."""
    source = scene.text.source(scene.conversation.source)
    if source is None:
        return list_of_sources(scene)
    count = len(scene.text.sources)
    rows = tuple(source_facts(source))
    claims = _first_claims(source)
    parts: list[Part] = [
        Line(Message("source.heading", {"number": source.number, "sources": count}), Style.HEADING),
        Facts(rows, _open_beside(source)),
        *_state(scene, source),
        *([] if source.link else _search(source)),
        *_quoted(source),
        Line(Message("source.claims", {"count": len(source.claims)})),
        Passage(claims, quoted=True),
        *more_line(len(source.claims) - len(claims.blocks)),
    ]
    return Screen(tuple(parts), tuple(_source_rows(scene, source)))


def _state(scene: Scene, source: Source) -> Iterator[Line]:
    """The findings of the last check; the archived copy is offered beside the first sentence."""
    said = list(state_of(scene.check(source), source, scene.petition.day, scene.text.language))
    yield from (Line(words, beside=_archived_copy(scene, source)) for words in said[:1])
    yield from (Line(words, Style.NOTE) for words in said[1:])


def _archived_copy(scene: Scene, source: Source) -> Button | None:
    check = scene.check(source)
    return Button(Message("button.archived_copy"), url=check.archive.link) if check and check.archive else None


def _search(source: Source) -> Iterator[Line]:
    """The lines that help to find a source without a link."""
    yield Line(Message("source.no_link"), Style.NOTE)
    yield Line(search_words(source), Style.COPY)


def _quoted(source: Source) -> Iterator[Line]:
    if source.quote:
        yield Line(Message("source.quoted", {"quote": truncate(source.quote, _LONGEST_QUOTE)}))


def _first_claims(source: Source) -> Document:
    """The sentences that rely on a source, or the first of them if they are many."""
    first = source.claims[:_MOST_CLAIMS]
    claims = Document(tuple(Block(BlockKind.QUOTE, (Span(claim),)) for claim in first))
    return next(iter(paginate(claims, _CLAIMS)), claims)


def _source_rows(scene: Scene, source: Source) -> Iterator[tuple[Button, ...]]:
    archived = _archived_copy(scene, source)
    if source.link:
        opened = Button(Message("button.open_source"), url=_address(source))
        yield (opened, archived) if archived else (opened,)
    if places := tuple(islice(_places(scene, source), _MOST_PLACES)):
        yield places
    turn = []
    if source.number > 1:
        turn.append(Button(Message("button.previous_source"), ev.ShowSource(source.number - 1)))
    if source.number < len(scene.text.sources):
        turn.append(Button(Message("button.next_source"), ev.ShowSource(source.number + 1)))
    if turn:
        yield tuple(turn)
    yield tuple(_ways_back(scene, source))


def _places(scene: Scene, source: Source) -> Iterator[Button]:
    """The buttons that open a video at each time mark with which the text cites it, if its site can do that."""
    blocks = (*scene.text.letter.blocks, *scene.text.background.blocks)
    spans = (span for block in blocks for span in block.spans if span.citation == source.number)
    for mark in dict.fromkeys(span.locator for span in spans):
        link = link_at(source.link or "", mark)
        if link and len(link) <= LONGEST_ADDRESS:
            yield Button(Message("button.open_at", {"place": mark}), url=link)


_BELOW = {
    Overlay.PAGE: Message("button.back_to_page"),
    Overlay.SOURCES: Message("button.back_to_sources"),
    Overlay.CLAIMS: Message("button.back_to_claims"),
}


def _ways_back(scene: Scene, source: Source) -> Iterator[Button]:
    """The way to the line that cites the source, and the way back, unless that leads to the line."""
    pages = scene.text.pages(page_size(scene.known.platform))
    citing = [place for place, page in enumerate(pages) if source.number in page.document.citations]
    opened_from = scene.conversation.trail[-2:-1]
    returns = opened_from == (Overlay.PAGE,) and nearest(scene.conversation.page, len(pages)) in citing
    if citing and not returns:
        yield Button(Message("button.in_text"), ev.TurnPage(citing[0]))
    yield next((Button(_BELOW[overlay], ev.Back()) for overlay in opened_from if overlay in _BELOW), back(scene))


def all_claims(scene: Scene) -> Screen:
    """A page of the sentences that rely on a source, and the number of those that cite none."""
    claims = claims_in(scene.text)
    pages = pages_of_claims(scene.text, page_size(scene.known.platform))
    page, places = nearest(scene.conversation.own_page, len(pages)), max(len(pages), 1)
    shown = pages[page] if pages else Document()
    count = len(claims.relying.blocks)
    heading = Message("claims.relying", {"count": count}) if count else Message("claims.none")
    parts: list[Part] = [Line(heading, Style.HEADING)]
    parts += [Line(Message("claims.others", {"count": claims.others}), Style.NOTE)] if claims.others else []
    parts += [*page_line(page, places), *([Passage(shown)] if pages else [])]
    rows = (*cited_rows(scene, shown), *turning(page, places, _turn_claims), (*sign(scene), back(scene)))
    return Screen(tuple(parts), rows, jumps=jumps(page, places, _turn_claims))


def _turn_claims(page: int) -> ev.ListOwn:
    return ev.ListOwn(page, Overlay.CLAIMS)
