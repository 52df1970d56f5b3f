"""core.ports.Queries: reading in constant memory, page by page, so that no reader holds up a writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from core.petition.petition import Decision
from core.signatures.breakdowns import Facet
from core.signatures.signature import Signature, SignatureStatus, Signer, Tally
from storage import mappers
from storage.breakdowns import SqlBreakdowns
from storage.engine import Database
from storage.organizing import SqlDecisions
from storage.outbox import SqlOutboxFigures
from storage.repositories import SqlTallies
from storage.tables import SignatureRow, SignerRow, TallyRow, table
from storage.vault import Vault

_SIGNERS, _SIGNATURES, _TALLIES = table(SignerRow), table(SignatureRow), table(TallyRow)
_PAGE = 1000


class SqlQueries:
    """Reads counts and rows."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    def tally(self, petition: str) -> Tally:
        """The present counts of a petition."""
        with self._database.reading() as connection:
            return SqlTallies(connection, self._vault).of(petition)

    def credited(self, petition: str, label: str) -> int:
        """How many counted signatures came by a source label."""
        with self._database.reading() as connection:
            return SqlTallies(connection, self._vault).credited(petition, label)

    def trend(self, petition: str, label: str, since: dt.date) -> tuple[tuple[dt.date, int], ...]:
        """How the count of a source label (no signer's own) changed day by day (UTC) since a day, oldest first."""
        with self._database.reading() as connection:
            found = SqlBreakdowns(connection).by_day(petition, Facet.LABEL, [label], since)
        return tuple((day, change) for day, _, change in found)

    def decision(self, petition: str) -> Decision:
        """What organizers decided about a petition."""
        with self._database.reading() as connection:
            return SqlDecisions(connection).of(petition)

    def petitions(self) -> tuple[str, ...]:
        """The petitions that anything was ever signed of, whether their folders are still there or not."""
        with self._database.reading() as connection:
            found = sa.select(_TALLIES.c.petition).distinct().order_by(_TALLIES.c.petition)
            return tuple(connection.execute(found).scalars())

    def signatures(self, petition: str, statuses: tuple[SignatureStatus, ...]) -> Iterator[Signature]:
        """The petition's signatures with their answers, oldest first."""
        columns, last = _SIGNATURES.c, 0
        wanted = (columns.petition == petition) & columns.status.in_([status.value for status in statuses])
        while True:
            page = sa.select(_SIGNATURES).where(wanted, columns.id > last).order_by(columns.id).limit(_PAGE)
            with self._database.reading() as connection:
                rows = connection.execute(page).mappings().all()
            yield from (mappers.row_to_signature(row, self._vault) for row in rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1]["id"]

    def signer_of(self, receipt: str) -> Signer | None:
        """The account that holds a receipt."""
        theirs = _SIGNERS.c.id == _SIGNATURES.c.signer_id
        found = sa.select(_SIGNERS).where(theirs, _SIGNATURES.c.receipt == receipt)
        with self._database.reading() as connection:
            row = connection.execute(found).mappings().first()
        return mappers.row_to_signer(row, self._vault) if row else None

    def knows(self, signer: Signer) -> bool:
        """Whether anything is stored of an account."""
        who = self._vault.fingerprint("signer", signer.platform, signer.user_id)
        with self._database.reading() as connection:
            return connection.execute(sa.select(_SIGNERS.c.id).where(_SIGNERS.c.fingerprint == who)).first() is not None

    @contextmanager
    def outbox(self) -> Iterator[SqlOutboxFigures]:
        """How the outbox is doing, all of it as at one moment."""
        with self._database.reading() as connection:
            yield SqlOutboxFigures(connection)
