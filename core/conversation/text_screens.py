"""The screens to read a petition's text: its pages, the list of its sources, and one source."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation import state as ev
from core.conversation.looks import SOURCES_LISTED
from core.conversation.paging import jumps, more_line, nearest, page_count, page_line, turning
from core.conversation.reading import page_size
from core.conversation.scene import Scene, source_entry
from core.conversation.screen import Button, Emphasis, Facts, Line, Part, Passage, Screen, Style
from core.conversation.signed_text import current_text
from core.conversation.source_facts import source_facts
from core.conversation.state import SIGNING, Overlay, Stage
from core.conversation.whole import read_whole
from core.messages import Argument, Message
from core.petition.source import Source
from core.text.document import Block, BlockKind, Document, Span
from core.text.pages import PAGE_SOURCES, Page, PageSize, paginate

_MOST_CLAIMS, _CLAIMS = 20, PageSize(1200, markdown=True)
"""The number of and the room for the sentences that rely on a source, beside what identifies it."""


def back(scene: Scene) -> Button:
    """The button back to the screen below, labelled with its name."""
    if len(scene.conversation.trail) > 1 or scene.conversation.stage is Stage.FINISHED:
        return Button(Message("button.back"), ev.Back())
    signing = scene.conversation.stage in SIGNING
    return Button(Message("button.back_to_signing" if signing else "button.overview"), ev.Back())


def sign(scene: Scene) -> Iterator[Button]:
    """The button to sign, for a reader who can and hasn't yet."""
    reading = scene.conversation.stage is Stage.READING and not scene.known.signature
    if reading and scene.petition.is_open(scene.now):
        yield Button(Message("button.sign"), ev.Begin(), emphasis=Emphasis.SUCCESS)


def text_page(scene: Scene) -> Screen:
    """The page of the text that is open."""
    pages = scene.text.pages(page_size(scene.known.platform))
    number = nearest(scene.conversation.page, len(pages))
    page = pages[number]
    key = _letter_key(scene) if page.part == "letter" else "page.background"
    place = Message(key, {"page": number + 1, "pages": len(pages)})
    rows: list[tuple[Button, ...]] = []
    cited = [scene.text.source(citation) for citation in page.document.citations[:PAGE_SOURCES]]
    rows += [(_source_button(source),) for source in cited if source]
    if len(page.document.citations) > PAGE_SOURCES:
        rows.append((Button(Message("button.sources"), ev.ListSources()),))
    whole = tuple(read_whole(scene))
    rows += [*turning(number, len(pages), ev.TurnPage), *([whole] if whole else []), (*sign(scene), back(scene))]
    others = jumps(number, len(pages), ev.TurnPage, lambda far: _first_words(pages[far]))
    return Screen((Line(place, Style.NOTE), Passage(page.document)), tuple(rows), jumps=others)


def _letter_key(scene: Scene) -> str:
    """The name of the letter: the one that the reader signed, could sign, or neither."""
    signature = scene.known.signature
    if signature is not None:
        return "page.letter_signed" if current_text(scene.petition, signature.digest) else "page.letter_plain"
    return "page.letter" if scene.petition.is_open(scene.now) else "page.letter_plain"


def _first_words(page: Page) -> str:
    """The first heading on a page, or else its first words."""
    blocks = page.document.blocks
    headings = (block for block in blocks if block.kind is BlockKind.HEADING)
    return next(headings, blocks[0]).text


def _source_button(source: Source) -> Button:
    args: dict[str, Argument] = {"number": source.number, "publication": source.origin}
    return Button(Message("button.source", args), ev.ShowSource(source.number))


def list_of_sources(scene: Scene) -> Screen:
    """A page of the list of sources."""
    sources = scene.text.sources
    pages = page_count(len(sources), SOURCES_LISTED)
    page = nearest(scene.conversation.list_page, pages)
    listed = sources[page * SOURCES_LISTED : (page + 1) * SOURCES_LISTED]
    heading = Line(Message("sources.heading", {"count": len(sources)}), Style.HEADING)
    parts: list[Part] = [heading, *page_line(page, pages)]
    parts += [Line(source_entry(source), beside=_open_beside(source)) for source in listed]
    rows: list[tuple[Button, ...]] = [(_source_button(source),) for source in listed]
    rows += [*turning(page, pages, ev.ListSources), (*sign(scene), back(scene))]
    return Screen(tuple(parts), tuple(rows), jumps=jumps(page, pages, ev.ListSources))


def _open_beside(source: Source) -> Button | None:
    """The button to a source's page beside its words; a short one, since it takes room from them."""
    return Button(Message("button.open_beside"), url=source.link) if source.link else None


def one_source(scene: Scene) -> Screen:
    """A source, and the sentences that rely on it."""
    source = scene.text.source(scene.conversation.source)
    if source is None:
        return list_of_sources(scene)
    count = len(scene.text.sources)
    rows = tuple(source_facts(source))
    claims = _first_claims(source)
    parts: list[Part] = [
        Line(Message("source.heading", {"number": source.number, "sources": count}), Style.HEADING),
        Facts(rows, _open_beside(source)),
        *([] if source.link else [Line(Message("source.no_link", {"publication": source.origin}), Style.NOTE)]),
        Line(Message("source.claims", {"count": len(source.claims)})),
        Passage(claims, quoted=True),
        *more_line(len(source.claims) - len(claims.blocks)),
    ]
    return Screen(tuple(parts), tuple(_source_rows(scene, source)))


def _first_claims(source: Source) -> Document:
    """The sentences that rely on a source, or the first of them if they are many."""
    first = source.claims[:_MOST_CLAIMS]
    claims = Document(tuple(Block(BlockKind.QUOTE, (Span(claim),)) for claim in first))
    return next(iter(paginate(claims, _CLAIMS)), claims)


def _source_rows(scene: Scene, source: Source) -> Iterator[tuple[Button, ...]]:
    if source.link:
        yield (Button(Message("button.open_source"), url=source.link),)
    turn = []
    if source.number > 1:
        turn.append(Button(Message("button.previous_source"), ev.ShowSource(source.number - 1)))
    if source.number < len(scene.text.sources):
        turn.append(Button(Message("button.next_source"), ev.ShowSource(source.number + 1)))
    if turn:
        yield tuple(turn)
    below = {Overlay.PAGE: Message("button.back_to_page"), Overlay.SOURCES: Message("button.back_to_sources")}
    opened_from = scene.conversation.trail[-2:-1]
    yield (next((Button(below[overlay], ev.Back()) for overlay in opened_from if overlay in below), back(scene)),)
