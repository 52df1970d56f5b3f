"""Draws a petition's whole text as rich messages (Bot API 10.3): one, or as few as the limits allow.

They are made of blocks, which need no escaping and can't be misread. Each source is a footnote of every message that
cites it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Self
from urllib.parse import urlsplit

from babel import Locale

from bots.common.json_object import JsonObject
from core.conversation.scene import source_entry
from core.messages import Catalog, Message, Words
from core.petition.petition import PetitionText
from core.petition.source import Source
from core.sources.search_words import search_words
from core.text.document import Block, BlockKind, Document, Span
from core.text.pages import PageSize, paginate, utf16_length
from core.text.truncation import truncate

LONGEST_TEXT = 32_768  # characters, counted in UTF-16 units to be safe
MOST_BLOCKS = 500
MOST_MESSAGES = 4  # more would flood a chat, and the text is easier to read in pages
MOST_CITED = 10  # sources in a block, so that they fit below it
LONGEST_SOURCE = 500  # characters of its words, and of its address
DEEPEST_LIST = 4  # of the 16 levels of lists, their items, and styles
NO_STATES: Mapping[int, Words] = {}
_LARGEST_BLOCK = PageSize(LONGEST_TEXT // 3)
_SMALLEST_HEADING = 6
_SCHEMES = ("http", "https", "mailto", "tel")
_FOOT = 2  # blocks above the sources


@dataclass(frozen=True)
class RichTexts:
    """Draws whole texts, with the words around them in the reader's language.

    `link` gives the address of the screen about a source, by its number; empty if it has none.
    """

    catalog: Catalog
    link: Callable[[int], str] = lambda _: ""

    def draw(self, text: PetitionText, locale: str, states: Mapping[int, Words] = NO_STATES) -> tuple[JsonObject, ...]:
        """The messages (`InputRichMessage`) that hold the title, the letter, the background, and the sources.

        `states` has what to say about a source besides its note, by its number.
        """
        blocks = tuple(self._blocks(text, locale))
        sources = {source.number: self._footnote(source, locale, states.get(source.number)) for source in text.sources}
        costs = {number: utf16_length(_plain(footnote)) + 1 for number, footnote in sources.items()}
        heading = self.catalog.words(Message("button.sources"), locale)
        room = partial(_Room, costs, utf16_length(heading))
        at_headings, full = (_split(blocks, room, at_headings=wanted) for wanted in (True, False))
        parts = at_headings if len(at_headings) <= len(full) else full
        return tuple(self._message(part, sources, heading, text.language) for part in parts)

    def _blocks(self, text: PetitionText, locale: str) -> Iterator[Block]:
        """The title, the letter, and the background below its own heading; none too long, and none empty."""
        yield Block(BlockKind.HEADING, (Span(text.title),), level=1)
        yield from _fitting(text.letter)
        if text.background.blocks:
            words = self.catalog.words(Message("web.background"), locale)
            yield Block(BlockKind.HEADING, (Span(words),), level=1)
            yield from _fitting(text.background)

    def _footnote(self, source: Source, locale: str, state: Words | None) -> JsonObject:
        """A source with its state and links; without a link of its own, with the words to search for."""
        entry = self.catalog.words(source_entry(source), locale)
        words: list[object] = [truncate(entry, LONGEST_SOURCE)]
        if state:
            words += ["\n", self.catalog.words(state, locale)]
        if not source.link:
            words += ["\n", {"type": "code", "text": truncate(search_words(source), LONGEST_SOURCE)}]
        elif len(source.link) <= LONGEST_SOURCE:
            words += ["\n", _linked(source.link, source.link)]
        if screen := self.link(source.number):
            words += ["\n", _linked(self.catalog.words(Message("telegram.check_source"), locale), screen)]
        return _paragraph({"type": "reference", "name": _name(source.number), "text": words})

    def _message(
        self, blocks: Sequence[Block], sources: dict[int, JsonObject], heading: str, language: str
    ) -> JsonObject:
        drawn = list(_drawn(blocks, sources))
        cited = sorted(sources.keys() & set(Document(tuple(blocks)).citations))
        if cited:
            drawn += [{"type": "divider"}, _heading(heading, 1), *(sources[number] for number in cited)]
        message: JsonObject = {"blocks": drawn, "skip_entity_detection": True}
        is_rtl = Locale.parse(language).text_direction == "rtl"
        return message | {"is_rtl": True} if is_rtl else message


def _fitting(document: Document) -> Iterator[Block]:
    """The blocks of a document with something to read; long ones, and those with many citations, are cut."""
    for page in paginate(document, _LARGEST_BLOCK):
        for block in page.blocks:
            yield from (part for part in _cut_at_citations(block) if part.text.strip())


def _cut_at_citations(block: Block) -> Iterator[Block]:
    """The block, cut before a citation if it cites too many sources."""
    spans: list[Span] = []
    cited: set[int] = set()
    for span in block.spans:
        if span.citation is not None and span.citation not in cited and len(cited) == MOST_CITED:
            yield replace(block, spans=tuple(spans))
            block, spans, cited = replace(block, marker=""), [], set()
        spans.append(span)
        cited |= {span.citation} if span.citation is not None else set()
    yield replace(block, spans=tuple(spans))


@dataclass
class _Room:
    """The room that some blocks take in a message, with the sources that they cite below them.

    `costs` are the characters of each source, and `foot` those of the heading above the sources.
    """

    costs: Mapping[int, int]
    foot: int
    length: int = 0
    count: int = 0
    cited: set[int] = field(default_factory=set)

    def add(self, blocks: Iterable[Block]) -> Self:
        """Put more blocks into the message."""
        for block in blocks:
            self.length += utf16_length(block.text) + utf16_length(block.marker) + 1
            self.count += _COUNTS[block.kind]
            self.cited.update(number for _, number in Document((block,)).cited_spans() if number in self.costs)
        return self

    def fits(self) -> bool:
        """True if Telegram accepts all of it as one message."""
        if not self.cited:
            return self.length <= LONGEST_TEXT and self.count <= MOST_BLOCKS
        sources = self.foot + 1 + sum(self.costs[number] for number in self.cited)
        return self.length + sources <= LONGEST_TEXT and self.count + _FOOT + len(self.cited) <= MOST_BLOCKS


_COUNTS = {BlockKind.PARAGRAPH: 1, BlockKind.HEADING: 1, BlockKind.QUOTE: 2, BlockKind.ITEM: 3}
"""The most of Telegram's blocks that a block takes: an item may need a list, itself, and a paragraph."""


def _split(blocks: Sequence[Block], room: Callable[[], _Room], *, at_headings: bool) -> list[list[Block]]:
    """Fill one message after the other; each ends before a heading if one is in its second half and that is wanted."""
    parts: list[list[Block]] = [[]]
    used = room()
    for block in blocks:
        parts[-1].append(block)
        used.add([block])
        while not used.fits():
            parts.append(_taken(parts[-1], at_headings=at_headings))
            used = room().add(parts[-1])
    return parts


def _taken(part: list[Block], *, at_headings: bool) -> list[Block]:
    """Take the end of a full message for the next one: from a heading on, or only the last block with its headings."""
    first = len(part) - 1
    while first > 1 and part[first - 1].kind is BlockKind.HEADING:
        first -= 1
    places = range(len(part) // 2, first) if at_headings else ()
    first = max((place for place in places if part[place].kind is BlockKind.HEADING), default=first)
    taken = part[first:]
    del part[first:]
    return taken


def _drawn(blocks: Sequence[Block], sources: dict[int, JsonObject]) -> Iterator[JsonObject]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [(block, _words(block, sources)) for block in group]
        match kind:
            case BlockKind.HEADING:
                yield from (_heading(words, block.level) for block, words in texts)
            case BlockKind.QUOTE:
                yield {"type": "blockquote", "blocks": [_paragraph(words) for _, words in texts]}
            case BlockKind.ITEM:
                yield from _lists(texts)
            case _:
                yield from (_paragraph(words) for _, words in texts)


def _lists(texts: Sequence[tuple[Block, object]]) -> Iterator[JsonObject]:
    """Lists in lists, as deep as the markers go; a block without a marker continues the item above it."""
    open_lists: list[list[JsonObject]] = []
    for block, words in texts:
        depth = min(max(block.level, 1), len(open_lists) + 1, DEEPEST_LIST)
        if not block.marker and len(open_lists) >= depth:
            open_lists[depth - 1][-1]["blocks"].append(_paragraph(words))
            continue
        del open_lists[depth:]
        item: JsonObject = {"blocks": [_paragraph(words)], **_label(block.marker)}
        if len(open_lists) == depth:
            open_lists[-1].append(item)
            continue
        new: JsonObject = {"type": "list", "items": [item]}
        if open_lists:
            open_lists[-1][-1]["blocks"].append(new)
        else:
            yield new
        open_lists.append(new["items"])


def _label(marker: str) -> JsonObject:
    """The number of an item of an ordered list."""
    number = marker.removesuffix(".")
    return {"value": int(number), "type": "1"} if number.isascii() and number.isdigit() else {}


def _paragraph(words: object) -> JsonObject:
    return {"type": "paragraph", "text": words}


def _heading(words: object, level: int) -> JsonObject:
    return {"type": "heading", "text": words, "size": min(max(level, 1), _SMALLEST_HEADING)}


def _words(block: Block, sources: dict[int, JsonObject]) -> object:
    words = [_span(span, sources) for span in block.spans]
    return words[0] if len(words) == 1 else words


def _span(span: Span, sources: dict[int, JsonObject]) -> object:
    if span.citation in sources:
        return {"type": "reference_link", "text": span.text, "reference_name": _name(span.citation)}
    words: object = _linked(span.text, span.link) if span.link else span.text
    for style, wanted in (("italic", span.italic), ("bold", span.bold)):
        if wanted:
            words = {"type": style, "text": words}
    return words


def _linked(words: str, link: str) -> object:
    """Words with a link, or without one that Telegram refuses."""
    return {"type": "url", "text": words, "url": link} if urlsplit(link).scheme in _SCHEMES else words


def _name(number: int | None) -> str:
    return f"source-{number}"


def _plain(part: object) -> str:
    """The text in a block or in rich text."""
    if isinstance(part, dict):
        return _plain(part["text"])
    return part if isinstance(part, str) else "".join(map(_plain, part))  # type: ignore[call-overload]
