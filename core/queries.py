"""The reads that block no writer, as a protocol; storage implements it on a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from core.log.records import PublishedLogs, StoredLogs
from core.outbox import OutboxFigures
from core.outreach.cards import PostedCards
from core.outreach.communities import Community
from core.outreach.inline_cards import KnownInlineCards
from core.petition.petition import Decision
from core.petition.retention import Moments, PetitionRecord
from core.petition.versions import PetitionVersion
from core.signatures.consent import Consent
from core.signatures.review import Query
from core.signatures.sealed_filter import SignaturePage
from core.signatures.search import Matcher, SearchPage
from core.signatures.signature import Signature, SignatureStatus, Tally
from core.sources.checks import Checks


class Queries(Protocol):
    """Reads that block no writer."""

    def tally(self, petition: str) -> Tally:
        """The petition's current counts."""

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, Tally], ...]:
        """See core.ports.Tallies.hours."""

    def credited(self, petition: str, label: str) -> int:
        """The number of signatures with a source label that were not withdrawn, whatever their status."""

    def trend(self, petition: str, label: str, since: dt.date) -> tuple[tuple[dt.date, int], ...]:
        """Changes of that number by day of signing, since a day, oldest first; not for a signer's own label."""

    def decision(self, petition: str) -> Decision:
        """The organizers' decision about a petition."""

    def signatures(
        self, petition: str, statuses: tuple[SignatureStatus, ...], on_unopened: Callable[[int], object] | None = None
    ) -> Iterator[Signature]:
        """The petition's signatures with their answers, oldest first, read in constant memory.

        Those that no known key opens are left out, and `on_unopened` is called with their ids; without it, SealError.
        """

    def unopened(self) -> Iterator[tuple[str, ...]]:
        """The names of all rows that no known key opens, such as "signatures 17", page by page."""

    def petitions(self) -> tuple[str, ...]:
        """The slugs of all petitions ever signed, even if their folders no longer exist."""

    def records(self) -> tuple[PetitionRecord, ...]:
        """Facts about all petitions ever loaded, even if their folders no longer exist."""

    def version(self, petition: str, digest: str) -> PetitionVersion | None:
        """The version of a petition with a digest."""

    def versions(self, petition: str) -> tuple[PetitionVersion, ...]:
        """All versions of a petition, oldest first."""

    def search(self, matcher: Matcher) -> Iterator[SearchPage]:
        """Search all accounts, unfinished answers and signatures for a person, page by page."""

    def matching(self, query: Query) -> Iterator[SignaturePage]:
        """The signatures that match a query, oldest first and with their answers, page by page."""

    def shown_words(self, digest: str) -> str:
        """The words that signers were shown, by their digest; empty if they are unknown."""

    def consents_of(self, receipt: str) -> tuple[tuple[Consent, str], ...] | None:
        """The choices stored with a signature, oldest first, each with the words shown; None for an unknown receipt."""

    def source_checks(self) -> Mapping[str, Checks]:
        """The last check of each source, by petition."""

    def moments(self) -> AbstractContextManager[Moments]:
        """The moments that the database remembers, to read them only."""

    def communities(self) -> tuple[Community, ...]:
        """All communities with a label, each with its title."""

    def cards(self) -> AbstractContextManager[PostedCards]:
        """The cards posted in communities, as of one moment."""

    def inline_cards(self) -> AbstractContextManager[KnownInlineCards]:
        """The cards that people sent with inline mode, as of one moment."""

    def outbox(self) -> AbstractContextManager[OutboxFigures]:
        """The outbox's figures, all as of one moment."""

    def log(self) -> AbstractContextManager[PublishedLogs]:
        """The petitions' public logs, as of one moment."""

    def stored_log(self) -> AbstractContextManager[StoredLogs]:
        """The petitions' logs with what isn't public, as of one moment."""
