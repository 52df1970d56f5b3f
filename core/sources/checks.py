"""Results of checking a source's link, and the repository that keeps them beside the petition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from core.petition.source import Source


class LinkState(StrEnum):
    """The state of a link on the day of a check.

    `SOFT_404` is an error page that claims success. A page is `WALLED` if it asks readers to log in, pay, or prove that
    they are human. `UNREACHABLE` may pass: no answer, or a fault of the server. The checker itself stayed away from
    what is `REFUSED` (not a public address of the web) or `DISALLOWED` (by the site's robots.txt).
    """

    ALIVE = "alive"
    MOVED = "moved"
    GONE = "gone"
    SOFT_404 = "soft_404"
    WALLED = "walled"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    DISALLOWED = "disallowed"


class PassageState(StrEnum):
    """The state of the words that the petition relies on: `UNREAD` if the page's text couldn't be read."""

    NOT_GIVEN = "not_given"
    FOUND = "found"
    MISSING = "missing"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Facts that a page states about itself; each is empty if it doesn't. `date` is YYYY-MM-DD."""

    title: str = ""
    publication: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveCopy:
    """An archive's copy of a page, and when the archive made it."""

    link: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """The result of one look at a source.

    Attributes:
        key: the source's permanent name (`Source.key`).
        link: the link that was checked; the result says nothing about another.
        at: the moment of the look.
        final_link: where the page was found, if it has moved; empty otherwise.
        status: the HTTP status of the last answer; 0 without one.
        quote: the words that were looked for; empty if the note gives none.
        digest: the SHA-256, in hexadecimal, of the page's readable text when it could last be read; empty if never.
        changed_at: the look at which the readable text was first another than at the look before; None if never.
    """

    key: str
    link: str
    at: dt.datetime
    state: LinkState
    final_link: str = ""
    status: int = 0
    quote: str = ""
    passage: PassageState = PassageState.NOT_GIVEN
    digest: str = ""
    changed_at: dt.datetime | None = None
    facts: PageFacts = field(default_factory=PageFacts)
    archive: ArchiveCopy | None = None

    def is_about(self, source: Source) -> bool:
        """Return True if this is what the source cites now: the same link, and the same quoted words."""
        return self.key == source.key and self.link == source.link and self.quote == source.quote


CHECKS_KEPT = 60
"""Checks kept of each source: those of a year, if it is checked every week."""
Checks: TypeAlias = Mapping[str, SourceCheck]
"""The last check of each source of a petition, by the source's key."""


def check_of(checks: Checks, source: Source) -> SourceCheck | None:
    """The last check of a source, unless its link or the quoted words have changed since."""
    found = checks.get(source.key)
    return found if found and found.is_about(source) else None


class SourceChecks(Protocol):
    """The checks of all petitions' sources, and the lease that lets one checker work at a time."""

    def of(self, petition: str) -> Checks:
        """The last check of each source of a petition."""

    def history(self, petition: str) -> tuple[SourceCheck, ...]:
        """Every check that is kept of a petition's sources, oldest first."""

    def save(self, petition: str, check: SourceCheck) -> None:
        """Add a check; of the former ones of this source, the newest stay, CHECKS_KEPT in all.

        Those in its future are forgotten: a wrong clock made them, and would show as the last for as long.
        """

    def take_lease(self, holder: str, now: dt.datetime, until: dt.datetime) -> bool:
        """Take the checker's lease, or renew it; returns False while another holder's lease has not run out.

        A lease that would last more than twice as long as this one was taken by a wrong clock, and doesn't count.
        """

    def release_lease(self, holder: str) -> None:
        """End the lease if this holder still has it."""
