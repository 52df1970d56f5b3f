"""core.ports.UnitOfWork: one transaction on a database connection."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from storage.audience_counts import AudienceCounts
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
    """See core.ports.UnitOfWork."""

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
        self._connection = self._exit.enter_context(self._database.writing())
        vault = self._vault.within(self._connection)
        self._audience = AudienceCounts(self._connection)
        self.signers = SqlSigners(self._connection, vault, self._audience)
        self.updates = SqlUpdates(self._connection, vault)
        self.conversations = SqlConversations(self._connection, vault)
        self.signatures = SqlSignatures(self._connection, vault, self._audience)
        self.words = SqlShownWords(self._connection)
        self.own_data = SqlOwnData(self._connection, vault)
        self.tallies = SqlTallies(self._connection, vault)
        self.breakdowns = SqlBreakdowns(self._connection, vault)
        self.decisions = SqlDecisions(self._connection)
        self.records = SqlPetitionRecords(self._connection)
        self.versions, self.moments = SqlVersions(self._connection), SqlMoments(self._connection)
        self.organizers = SqlOrganizers(self._connection, vault)
        self.audit = SqlAudit(self._connection, vault)
        self.signals = SqlSignals(self._connection, vault)
        self.lists = SqlLists(self._connection, vault)
        self.trends = SqlTrends(self._connection, vault)
        self.reviews = SqlReviews(self._connection, vault, self._audience)
        self.holdings = SqlHoldings(self._connection, vault)
        self.announcements = SqlAnnouncements(self._connection)
        self.milestones = SqlMilestones(self._connection)
        self.cards = SqlCards(self._connection, vault)
        self.inline_cards = SqlInlineCards(self._connection, vault)
        self.log = SqlLogs(self._connection, vault)
        self.source_checks = SqlSourceChecks(self._connection)
        self.outbox = SqlOutbox(self._connection, vault)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the transaction, rolling back whatever was not committed."""
        self._exit.__exit__(kind, error, trace)

    def commit(self) -> None:
        """Commit; once this returns, it is on disk."""
        self._audience.store()
        self._connection.commit()
        if self.signers.erased or self.signatures.erased or self.log.erased:
            self._database.has_traces.set()
