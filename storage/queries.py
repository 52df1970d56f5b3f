"""core.queries.Queries: reads page by page, in constant memory, without blocking writers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, cast

from core.errors import SealError
from core.outreach.communities import Community
from core.petition.petition import Decision
from core.petition.retention import PetitionRecord
from core.petition.versions import PetitionVersion
from core.signatures.breakdowns import Facet
from core.signatures.consent import Consent
from core.signatures.review import Query
from core.signatures.sealed_filter import SignaturePage
from core.signatures.search import Matcher, SearchPage
from core.signatures.signature import Signature, SignatureStatus, Tally
from core.sources.checks import Checks
from storage import mappers
from storage.audience_counts import AudienceCounts
from storage.connection import Connection
from storage.reading import Readable
from storage.repositories.counts import SqlBreakdowns, SqlTallies
from storage.repositories.inline_cards import SqlInlineCards
from storage.repositories.log import SqlPublishedLogs, SqlStoredLogs
from storage.repositories.outbox import SqlOutboxFigures
from storage.repositories.outreach import SqlCards, SqlPostedCards
from storage.repositories.records import SqlMoments, SqlPetitionRecords, SqlVersions
from storage.repositories.review import SqlDecisions, SqlReviews
from storage.repositories.signatures import SqlShownWords
from storage.repositories.source_checks import SqlSourceChecks
from storage.sealed_rows import unopened
from storage.search import search
from storage.statements import counts, signatures
from storage.vault import Vault

_PAGE = 1000
_SEARCHED = 500


class SqlQueries:
    """See core.queries.Queries."""

    def __init__(self, database: Readable, vault: Vault) -> None:
        self._database, self._vault = database, vault

    def tally(self, petition: str) -> Tally:
        return self._database.read(lambda connection: SqlTallies(connection, self._vault).of(petition))

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, Tally], ...]:
        return self._database.read(lambda connection: SqlTallies(connection, self._vault).hours(petition, since))

    def credited(self, petition: str, label: str) -> int:
        with self._database.reading() as connection:
            return SqlTallies(connection, self._vault).credited(petition, label)

    def trend(self, petition: str, label: str, since: dt.date) -> tuple[tuple[dt.date, int], ...]:
        with self._database.reading() as connection:
            changes = SqlBreakdowns(connection, self._vault).by_day(petition, Facet.ARRIVAL, [label], since)
        return tuple((day, change) for day, _, change in changes)

    def decision(self, petition: str) -> Decision:
        with self._database.reading() as connection:
            return SqlDecisions(connection).of(petition)

    def petitions(self) -> tuple[str, ...]:
        with self._database.reading() as connection:
            return tuple(connection.run(counts.PETITIONS).scalars())

    def records(self) -> tuple[PetitionRecord, ...]:
        with self._database.reading() as connection:
            return SqlPetitionRecords(connection).all()

    def signatures(
        self, petition: str, statuses: tuple[SignatureStatus, ...], on_unopened: Callable[[int], object] | None = None
    ) -> Iterator[Signature]:
        wanted, last = [status.value for status in statuses], 0
        while True:
            rows = self._database.read(partial(_page, petition, wanted, last))
            for row in rows:
                try:
                    signature = mappers.row_to_signature(row, self._vault)
                except SealError:
                    if on_unopened is None:
                        raise
                    on_unopened(row["id"])
                else:
                    yield signature
            if len(rows) < _PAGE:
                return
            last = rows[-1]["id"]

    def version(self, petition: str, digest: str) -> PetitionVersion | None:
        return self._database.read(lambda connection: SqlVersions(connection).of(petition, digest))

    def versions(self, petition: str) -> tuple[PetitionVersion, ...]:
        with self._database.reading() as connection:
            return SqlVersions(connection).all(petition)

    def unopened(self) -> Iterator[tuple[str, ...]]:
        return unopened(self._database, self._vault)

    def search(self, matcher: Matcher) -> Iterator[SearchPage]:
        return search(self._database, self._vault, matcher)

    def matching(self, query: Query) -> Iterator[SignaturePage]:
        with self._database.reading() as connection:
            total = sum(SqlReviews(connection, self._vault, AudienceCounts(connection)).counts(query).values())
        while True:
            with self._database.reading() as connection:
                page = SqlReviews(connection, self._vault, AudienceCounts(connection)).page(query, _SEARCHED, total)
            yield page
            if page.rows < _SEARCHED:
                return
            query = replace(query, after=page.last)

    def shown_words(self, digest: str) -> str:
        return self._database.read(lambda connection: SqlShownWords(connection).of(digest)) or ""

    def consents_of(self, receipt: str) -> tuple[tuple[Consent, str], ...] | None:
        with self._database.reading() as connection:
            row = connection.run(signatures.SIGNATURE_OF_RECEIPT, code=receipt).mappings().first()
            words = SqlShownWords(connection)
            consents = mappers.row_to_signature(row, self._vault).consents if row else ()
            return tuple((each, words.of(each.words) or "") for each in consents) if row else None

    def source_checks(self) -> Mapping[str, Checks]:
        with self._database.reading() as connection:
            return SqlSourceChecks(connection).last()

    def communities(self) -> tuple[Community, ...]:
        return self._database.read(lambda connection: SqlCards(connection, self._vault).communities())

    @contextmanager
    def moments(self) -> Iterator[SqlMoments]:
        with self._database.reading() as connection:
            yield SqlMoments(connection)

    @contextmanager
    def cards(self) -> Iterator[SqlPostedCards]:
        with self._database.reading() as connection:
            yield SqlPostedCards(connection)

    @contextmanager
    def inline_cards(self) -> Iterator[SqlInlineCards]:
        with self._database.reading() as connection:
            yield SqlInlineCards(connection, self._vault)

    @contextmanager
    def outbox(self) -> Iterator[SqlOutboxFigures]:
        with self._database.reading() as connection:
            yield SqlOutboxFigures(connection)

    @contextmanager
    def log(self) -> Iterator[SqlPublishedLogs]:
        with self._database.reading() as connection:
            yield SqlPublishedLogs(connection, self._vault)

    @contextmanager
    def stored_log(self) -> Iterator[SqlStoredLogs]:
        with self._database.reading() as connection:
            yield SqlStoredLogs(connection, self._vault)


def _page(petition: str, statuses: list[str], after: int, connection: Connection) -> Sequence[Mapping[str, Any]]:
    """The next rows of signatures."""
    page = connection.run(signatures.PAGE, slug=petition, statuses=statuses, after=after, most=_PAGE)
    return cast("Sequence[Mapping[str, Any]]", page.mappings().all())
