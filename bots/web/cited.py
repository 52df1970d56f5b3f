"""Sources as the pages show them: where they lead, what the last check found, and the sentences that rely on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bots.web.outline import claim_anchors
from core.conversation.source_state import DayOf, state_of
from core.messages import Message
from core.petition.claims import claims_in
from core.petition.petition import PetitionText
from core.petition.source import Source
from core.sources.checks import Checks, SourceCheck, check_of
from core.sources.quotes import text_fragment
from core.sources.search_words import search_words


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source on a page.

    Attributes:
        where: its author, publisher, and date, and its other details, as far as the note gives them.
        address: the source's link, at the words that are quoted from it; empty without a link.
        search: the words to search for; empty with a link.
        state: what the last check found, a sentence for each thing.
        archived: the address of the archived copy; empty without one.
        claims: the sentences that rely on the source, each with the anchor of its block.
    """

    source: Source
    where: tuple[str, ...]
    address: str
    search: str
    state: tuple[Message, ...]
    archived: str
    claims: tuple[tuple[str, str], ...]


def cited_sources(text: PetitionText, checks: Checks, day_of: DayOf) -> Iterator[CitedSource]:
    """The sources of a text with their last checks; `day_of` gives the day of a moment."""
    for source in text.sources:
        check = check_of(checks, source)
        yield CitedSource(
            source,
            tuple(_where(source)),
            text_fragment(source.link, source.quote) if source.link else "",
            "" if source.link else search_words(source),
            tuple(state_of(check, source, day_of, text.language)),
            _archived(check),
            tuple(claim_anchors(text, source)),
        )


def _where(source: Source) -> Iterator[str]:
    details = {name: value for name, value in source.details.items() if name != "isbn"}
    yield from filter(None, (details.pop("author", ""), source.publication, *details.values(), source.date))


def claims_line(text: PetitionText) -> Message:
    """The number of sentences that rely on a source, and of the others."""
    claims = claims_in(text)
    relying = Message("claims.relying", {"count": len(claims.relying.blocks)})
    return Message("claims.both", {"relying": relying, "others": Message("claims.others", {"count": claims.others})})


def _archived(check: SourceCheck | None) -> str:
    return check.archive.link if check and check.archive else ""
