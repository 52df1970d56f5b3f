"""Proposals of links for sources without one, from links that an organizer has; nothing is invented or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz

from core.petition.source import Source
from core.sources.link_files import FoundLink
from core.text.folding import folded_words

_SAME, _SIMILAR = 85, 65
"""Similarities of titles in percent: enough alone, and enough if the publication fits."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_FEWEST_WORDS = 3
"""Words of a title, or of an address, that are worth comparing."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link that may be a source's, and the reasons, as sentences for the person who decides."""

    found: FoundLink
    score: float
    reasons: tuple[str, ...]


def propose(source: Source, found: Iterable[FoundLink], most: int = 3) -> tuple[Proposal, ...]:
    """The links that may be a source's, the likeliest first."""
    proposals = filter(None, (_proposal(source, link) for link in found))
    return tuple(sorted(proposals, key=lambda proposal: (-proposal.score, proposal.found.link))[:most])


def _proposal(source: Source, found: FoundLink) -> Proposal | None:
    parts = urlsplit(found.link)
    if not parts.path.strip("/"):
        return None  # a site's front page isn't an article
    title, path = " ".join(folded_words(source.title)), " ".join(folded_words(unquote(parts.path)))
    words = _similarity(title, " ".join(folded_words(found.words)))
    address = _similarity(title, path)
    similar, publication = max(words, address), _publication(source, found, parts.hostname or "")
    if similar < (_SIMILAR if publication else _SAME):
        return None
    reasons = [_alike("its words in the file", words) if words >= address else
               _alike("the words in the address", address)]  # fmt: skip
    years = _years(source, found)
    reasons += [*publication, *years]
    return Proposal(found, similar + 10 * bool(publication) + 5 * bool(years), tuple(reasons))


def _similarity(title: str, words: str) -> float:
    """The similarity in percent of a title and words that may have more around it, such as a site's name."""
    if len(words.split()) < min(_FEWEST_WORDS, len(title.split())):
        return 0.0
    inside = fuzz.partial_ratio(title, words) if len(words) >= len(title) else 0.0
    return max(fuzz.token_sort_ratio(title, words), inside)


def _alike(what: str, similar: float) -> str:
    """The reason for words that are like the title, in percent."""
    return f"{what} are those of the title" if similar >= 99.5 else f"{what} are {similar:.0f}% like the title"


def _publication(source: Source, found: FoundLink, host: str) -> list[str]:
    """The reason if the publication's name is in the host's name, or beside the title."""
    name = folded_words(source.publication)
    if name and "".join(name) in host.replace("-", "").replace(".", ""):
        return [f"{host} is named like {source.publication}"]
    if name and f" {' '.join(name)} " in f" {' '.join(folded_words(found.words))} ":
        return [f"the file names {source.publication} beside it"]
    return []


def _years(source: Source, found: FoundLink) -> list[str]:
    """The reason if the file or the address names the source's year."""
    year = _YEAR.search(source.date)
    if year and year[0] in f"{found.words} {urlsplit(found.link).path}":
        return [f"it names {year[0]}, the year of the source"]
    return []
