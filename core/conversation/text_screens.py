"""The screen to read a page of a petition's text, and buttons that other screens share with it."""

from __future__ import annotations

from collections.abc import Iterator

from core.conversation import state as ev
from core.conversation.paging import jumps, nearest, turning
from core.conversation.reading import page_size
from core.conversation.scene import Scene
from core.conversation.screen import Button, Emphasis, Line, Passage, Screen, Style
from core.conversation.signed_text import current_text
from core.conversation.state import SIGNING, Overlay, Stage
from core.conversation.whole import read_whole
from core.messages import Argument, Message
from core.petition.source import Source
from core.text.document import BlockKind, Document
from core.text.pages import PAGE_SOURCES, Page


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
    about = (*read_whole(scene), Button(Message("button.claims"), ev.Show(Overlay.CLAIMS)))
    rows = (
        *cited_rows(scene, page.document),
        *turning(number, len(pages), ev.TurnPage),
        about,
        (*sign(scene), back(scene)),
    )
    others = jumps(number, len(pages), ev.TurnPage, lambda far: _first_words(pages[far]))
    return Screen((Line(place, Style.NOTE), Passage(page.document)), rows, jumps=others)


def cited_rows(scene: Scene, document: Document) -> Iterator[tuple[Button, ...]]:
    """A button for each source that a page cites; for those that don't fit on a page, one to all sources."""
    cited = [scene.text.source(citation) for citation in document.citations[:PAGE_SOURCES]]
    yield from ((source_button(source),) for source in cited if source)
    if len(document.citations) > PAGE_SOURCES:
        yield (Button(Message("button.sources"), ev.ListSources()),)


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


def source_button(source: Source) -> Button:
    """The button that leads to a source."""
    args: dict[str, Argument] = {"number": source.number, "publication": source.origin}
    return Button(Message("button.source", args), ev.ShowSource(source.number))
