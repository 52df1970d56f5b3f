"""core.ports.UnitOfWork: one transaction on a database connection."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

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


class SqlUnitOfWork:
    """See core.ports.UnitOfWork. `connection` has the transaction."""

    connection: Connection
    signers: SqlSigners
    updates: SqlUpdates
    conversations: SqlConversations
    signatures: SqlSignatures
    words: SqlShownWords
    own_data: SqlOwnData
    tallies: SqlTallies
    breakdowns: SqlBreakdowns
    decisions: SqlDecisions
    records: SqlPetitionRecords
    versions: SqlVersions
    moments: SqlMoments
    organizers: SqlOrganizers
    audit: SqlAudit
    signals: SqlSignals
    lists: SqlLists
    trends: SqlTrends
    reviews: SqlReviews
    holdings: SqlHoldings
    announcements: SqlAnnouncements
    milestones: SqlMilestones
    cards: SqlCards
    inline_cards: SqlInlineCards
    log: SqlLogs
    source_checks: SqlSourceChecks
    outbox: SqlOutbox

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        """Begin a transaction; on SQLite this waits for the current writer."""
        self.connection = self._exit.enter_context(self._database.writing())
        vault = self._vault.within(self.connection)
        self.signers = SqlSigners(self.connection, vault)
        self.updates = SqlUpdates(self.connection, vault)
        self.conversations = SqlConversations(self.connection, vault)
        self.signatures = SqlSignatures(self.connection, vault)
        self.words = SqlShownWords(self.connection)
        self.own_data = SqlOwnData(self.connection, vault)
        self.tallies = SqlTallies(self.connection, vault)
        self.breakdowns = SqlBreakdowns(self.connection, vault)
        self.decisions = SqlDecisions(self.connection)
        self.records = SqlPetitionRecords(self.connection)
        self.versions, self.moments = SqlVersions(self.connection), SqlMoments(self.connection)
        self.organizers = SqlOrganizers(self.connection, vault)
        self.audit = SqlAudit(self.connection, vault)
        self.signals = SqlSignals(self.connection, vault)
        self.lists = SqlLists(self.connection, vault)
        self.trends = SqlTrends(self.connection, vault)
        self.reviews = SqlReviews(self.connection, vault)
        self.holdings = SqlHoldings(self.connection, vault)
        self.announcements = SqlAnnouncements(self.connection)
        self.milestones = SqlMilestones(self.connection)
        self.cards = SqlCards(self.connection, vault)
        self.inline_cards = SqlInlineCards(self.connection, vault)
        self.log = SqlLogs(self.connection, vault)
        self.source_checks = SqlSourceChecks(self.connection)
        self.outbox = SqlOutbox(self.connection, vault)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the transaction, rolling back whatever was not committed."""
        self._exit.__exit__(kind, error, trace)

    def commit(self) -> None:
        """Commit; once this returns, it is on disk."""
        self.connection.commit()
        if self.signers.erased or self.signatures.erased or self.log.erased:
            self._database.has_traces.set()
