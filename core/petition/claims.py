"""The claims of a text: its sentences that rely on a source, and the number of those that cite none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from core.petition.petition import PetitionText
from core.text.document import Block, BlockKind, Document, Span
from core.text.pages import PageSize, paginate
from core.text.sentences import sentences

_KEPT = 256  # texts and page sizes in memory


@dataclass(frozen=True, slots=True)
class Claims:
    """The sentences that rely on a source, each a block with its citations, and the number of the `others`.

    A heading counts only if it cites a source.
    """

    relying: Document
    others: int


def claims_in(text: PetitionText) -> Claims:
    """The claims of the letter, and then those of the background."""
    return _claims_in(text.language, text.letter, text.background)


def pages_of_claims(text: PetitionText, size: PageSize) -> tuple[Document, ...]:
    """The sentences that rely on a source, in pages of a size; none if there are no such sentences."""
    return _paged(claims_in(text).relying, size)


@lru_cache(_KEPT)
def _claims_in(language: str, *documents: Document) -> Claims:
    relying: list[Block] = []
    others = 0
    for document in documents:
        for block in document.blocks:
            citations = (span for span in block.spans if span.citation is not None)
            for sentence, numbers in sentences(block, language):
                if numbers:
                    spans = _spans(sentence, islice(citations, len(numbers)))
                    relying.append(Block(BlockKind.PARAGRAPH, tuple(spans)))
                else:
                    others += block.kind is not BlockKind.HEADING
    return Claims(Document(tuple(relying)), others)


def _spans(sentence: str, citations: Iterable[Span]) -> Iterator[Span]:
    """The sentence as spans, with its own citations among them."""
    end = 0
    for citation in citations:
        start = sentence.index(citation.text, end)
        if before := sentence[end:start]:
            yield Span(before)
        yield citation
        end = start + len(citation.text)
    if rest := sentence[end:]:
        yield Span(rest)


@lru_cache(_KEPT)
def _paged(document: Document, size: PageSize) -> tuple[Document, ...]:
    return paginate(document, size)
