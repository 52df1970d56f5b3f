"""A petition with forty footnotes, which were checked with every result."""

from __future__ import annotations

from dataclasses import replace

from core.petition.petition import Petition
from core.petition.source import Source
from core.sources.checks import Checks
from core.text.document import Block, BlockKind, Document, Span
from tests.sources_checked import in_every_state
from tests.world import SALESFORCE, petitions

FORTY = 40


def sources() -> tuple[Source, ...]:
    """The sources, of which every seventh has no link, and every second is quoted."""
    return tuple(_source(number) for number in range(1, FORTY + 1))


def with_forty_sources() -> Petition:
    """The shipped petition with a letter of forty paragraphs, each of which cites a source."""
    petition = petitions()[SALESFORCE]
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, (Span(_claim(number)), Span(f"[{number}]", citation=number), Span(" So we ask.")))
        for number in range(1, FORTY + 1)
    )
    text = replace(petition.text("en"), letter=Document(blocks), background=Document(), sources=sources())
    return replace(petition, texts={"en": text})


def checked() -> Checks:
    """A check of each source with a link, in one state after the other."""
    return in_every_state(sources())


def _claim(number: int) -> str:
    return f"Claim {number} says that the tents of camp {number} stood in the sun without any shade."


def _source(number: int) -> Source:
    link = None if number % 7 == 0 else f"https://news.example.org/{number}"
    quote = f"the quoted words of source {number}" if number % 2 else ""
    claims = (f"{_claim(number)}[{number}]",)
    return Source(number, f"Paper {number}", f"Title {number}", "March 2, 2026", link, "", claims, quote)
