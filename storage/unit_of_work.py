"""core.ports.UnitOfWork: one transaction on a database connection."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Generic, Self, TypeVar

from storage.audience_counts import AudienceCounts
from storage.connection import Connection
from storage.engine import Database
from storage.repositories.counts import SqlBreakdowns, SqlTallies
from storage.repositories.holdings import SqlHoldings
from storage.repositories.inline_cards import SqlInlineCards
from storage.repositories.log import SqlLogs
from storage.repositories.outbox import SqlOutbox
from storage.repositories.outreach import SqlAnnouncements, SqlCards, SqlMilestones
from storage.repositories.own_data import SqlOwnData
from storage.repositories.people import SqlAudit, SqlConversations, SqlOrganizers, SqlSigners, SqlUpdates
from storage.repositories.records import SqlMoments, SqlPetitionRecords, SqlVersions
from storage.repositories.review import SqlDecisions, SqlLists, SqlReviews, SqlSignals
from storage.repositories.signatures import SqlShownWords, SqlSignatures
from storage.repositories.source_checks import SqlSourceChecks
from storage.repositories.trends import SqlTrends
from storage.vault import Vault

RepositoryT = TypeVar("RepositoryT")


class _Repository(Generic[RepositoryT]):
    """A repository of a unit of work, made when it is first used: most transactions use a few of them."""

    def __init__(self, make: Callable[[SqlUnitOfWork], RepositoryT]) -> None:
        self._make = make

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, work: SqlUnitOfWork, _: type) -> RepositoryT:
        made = work.__dict__[self._name] = self._make(work)  # where Python finds it first from now on
        return made


def _plain(kind: Callable[[Connection], RepositoryT]) -> _Repository[RepositoryT]:
    return _Repository(lambda work: kind(work.connection))


def _sealing(kind: Callable[[Connection, Vault], RepositoryT]) -> _Repository[RepositoryT]:
    return _Repository(lambda work: kind(work.connection, work.vault))


def _counting(kind: Callable[[Connection, Vault, AudienceCounts], RepositoryT]) -> _Repository[RepositoryT]:
    return _Repository(lambda work: kind(work.connection, work.vault, work.audience))


class SqlUnitOfWork:
    """See core.ports.UnitOfWork; made for one transaction, which `connection` has."""

    connection: Connection
    vault: Vault

    audience = _plain(AudienceCounts)
    signers = _counting(SqlSigners)
    updates = _sealing(SqlUpdates)
    conversations = _sealing(SqlConversations)
    signatures = _counting(SqlSignatures)
    words = _plain(SqlShownWords)
    own_data = _sealing(SqlOwnData)
    tallies = _sealing(SqlTallies)
    breakdowns = _sealing(SqlBreakdowns)
    decisions = _plain(SqlDecisions)
    records = _plain(SqlPetitionRecords)
    versions = _plain(SqlVersions)
    moments = _plain(SqlMoments)
    organizers = _sealing(SqlOrganizers)
    audit = _sealing(SqlAudit)
    signals = _sealing(SqlSignals)
    lists = _sealing(SqlLists)
    trends = _sealing(SqlTrends)
    reviews = _counting(SqlReviews)
    holdings = _sealing(SqlHoldings)
    announcements = _plain(SqlAnnouncements)
    milestones = _plain(SqlMilestones)
    cards = _sealing(SqlCards)
    inline_cards = _sealing(SqlInlineCards)
    log = _sealing(SqlLogs)
    source_checks = _plain(SqlSourceChecks)
    outbox = _sealing(SqlOutbox)

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        """Begin a transaction; on SQLite this waits for the current writer."""
        self.connection = self._exit.enter_context(self._database.writing())
        self.vault = self._vault.within(self.connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the transaction, rolling back whatever was not committed."""
        self._exit.__exit__(kind, error, trace)

    def commit(self) -> None:
        """Commit; once this returns, it is on disk."""
        self.audience.store()
        self.connection.commit()
        if self.signers.erased or self.signatures.erased or self.log.erased:
            self._database.has_traces.set()
