"""Sources from footnotes: who published what, when, and where, and which sentences rely on it."""

from __future__ import annotations

import re

from core.addresses import is_web_address
from core.petition.petition import Source
from core.text.document import Document
from core.text.sentences import sentences

LONGEST = 300  # characters of a publication or a title: a source must fit in one message
_NOTE = re.compile(r"^(?P<publication>.+?),?\s*[“\"«](?P<title>.+)[”\"»],?\s*(?P<date>.+?)\s*$", re.DOTALL)


def read_source(number: int, note: Document, claims: tuple[str, ...]) -> Source | str:
    """The source in a footnote, or what is wrong with the footnote."""
    spans = [span for block in note.blocks for span in block.spans]
    link = next((span.link for span in spans if span.link), None)
    words = "".join(span.text for span in spans if span.text != link).strip()
    match = _NOTE.match(words)
    if note.citations:
        return "cites another note"
    if not match:
        return "should read: Publication, “Title,” June 28, 2018. <https://...> (the link is optional)"
    if link and not is_web_link(link):
        return f"has a link that is not a web link: {link}"
    publication, title, date = (match[name].strip() for name in ("publication", "title", "date"))
    if max(len(publication), len(title)) > LONGEST:
        return f"is longer than {LONGEST} characters"
    return Source(number, publication, title.rstrip(","), date.rstrip(". "), link, words, claims)


def is_web_link(link: str) -> bool:
    """True for a link that every app opens: http or https, with a host."""
    return is_web_address(link)


def claims_of(language: str, *documents: Document) -> dict[int, tuple[str, ...]]:
    """The sentences that cite each source, by source number, each once; the documents are in `language`."""
    claims: dict[int, dict[str, None]] = {}
    for document in documents:
        for block in document.blocks:
            for sentence, numbers in sentences(block, language):
                for number in numbers:
                    claims.setdefault(number, {})[sentence] = None
    return {number: tuple(sentences_citing) for number, sentences_citing in claims.items()}
