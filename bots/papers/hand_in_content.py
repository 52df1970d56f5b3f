"""The content of a hand-in, as plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.papers.paper import A4, Paper
from core.petition.petition import PetitionText


@dataclass(frozen=True, slots=True)
class HandInWords:
    """All words on the pages besides the petition's own, in its language.

    `target` to `date` are captions; `letter` to `versions` are headings; `page` holds {page} and {pages};
    `unnamed` replaces a name that is not given, and may be empty. `answers` is the heading of the appendix, and
    `agreed` says whose answers it has. `no_link` comes before the words to search for a source without a link.
    """

    target: str
    organizer: str
    date: str
    letter: str
    background: str
    sources: str
    signers: str
    counting: str
    version: str
    versions: str
    page: str
    unnamed: str = ""
    answers: str = ""
    agreed: str = ""
    no_link: str = ""


@dataclass(frozen=True, slots=True)
class LetterVersion:
    """The petition's text in one language, with the name of that language."""

    text: PetitionText
    name: str


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """A question in the appendix: its caption, and the number of signers for each option in words."""

    caption: str
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class HandIn:
    """Content of a hand-in.

    `versions` are the texts that people could sign; the title on the first page is that of the first. `headline` is the
    count in words ("12,345 signatures"). `counting` explains it, in rows of words and a number. `date` is the day of
    the count. `answers` are the questions of the appendix; without any, there is none. `attachments` are files within
    the document, by name.
    """

    versions: tuple[LetterVersion, ...]
    target: str
    organizer: str
    headline: str
    counting: tuple[tuple[str, int], ...]
    date: dt.date
    locale: str
    words: HandInWords
    paper: Paper = A4
    answers: tuple[AnswerCount, ...] = ()
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the petition."""
        return self.versions[0].text.title
