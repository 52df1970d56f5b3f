"""A source that a petition cites: its kind, what its note says about it, and the sentences that rely on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

DETAILS = ("author", "edition", "number", "section", "isbn")
"""More that a note may say about its source, in the order in which it is shown."""


class SourceKind(StrEnum):
    """The kinds of sources. Only an article needs a publication and a date."""

    ARTICLE = "article"
    REPORT = "report"
    LAW = "law"
    VIDEO = "video"
    BOOK = "book"


@dataclass(frozen=True)
class Source:
    """A cited source as given in the petition, and the sentences that cite it.

    `publication` is the publisher of a report or a book, and the channel of a video. It and `date` are empty if the
    note names none. `quote` is the passage of the source that the petition relies on; empty if its note gives none.
    `details` has those of DETAILS that the note gives.
    """

    number: int
    publication: str
    title: str
    date: str
    link: str | None
    note: str
    claims: tuple[str, ...]
    quote: str = ""
    kind: SourceKind = SourceKind.ARTICLE
    details: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def key(self) -> str:
        """A permanent name: the number may change in the next version of the text."""
        return hashlib.sha256(f"{self.publication}\n{self.title}\n{self.date}".encode()).hexdigest()[:12]

    @property
    def origin(self) -> str:
        """The publication, or else the author or the title, so that every source can be named."""
        return self.publication or self.details.get("author", "") or self.title
