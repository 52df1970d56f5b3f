"""People who sign one petition at the same time, on a real PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sqlalchemy as sa

from core.errors import StorageUnavailableError
from core.ports import Person
from core.services.ledger import Ledger
from core.signatures.parts import PARTS
from core.signatures.quarantine import Signal
from core.signatures.review import Query
from core.signatures.signature import Signature, SignatureStatus, Signer
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import rows_of
from tests.patience import until_blocking
from tests.world import NOW

COUNTED = SignatureStatus.COUNTED
PLAIN = Signature(
    "elms", "", "", 0, COUNTED, "d" * 64, NOW, "telegram", "en", "elmclub", "US-CA", updates=True,
    mailbox="", domain="example.org", answers={"who": "Ada"},
)  # fmt: skip


@dataclass
class Crowd:
    """People who sign one petition on PostgreSQL, each in a transaction of their own."""

    database: Database
    vault: Vault

    def work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.database, self.vault)

    def begin_at(self, count: int) -> None:
        """Store people with successive parts, and a count; the first use of the petition's key is over, too."""
        with self.work() as unit:
            unit.signals.seen("elms", Signal.BURST, "elmclub", NOW)
            for number in range(2 * PARTS):
                unit.signers.lock_or_create(Signer("test", str(number)), NOW)
            unit.tallies.add("elms", COUNTED, count)
            unit.commit()

    def sign(self, unit: SqlUnitOfWork, who: int, mailbox: str = "") -> None:
        Ledger(unit, NOW).sign(
            self.person(unit, who), replace(PLAIN, receipt=f"R-{who}", mailbox=mailbox or f"{who}@example.org")
        )

    def signs(self, who: int, mailbox: str = "") -> None:
        with self.work() as unit:
            self.sign(unit, who, mailbox)
            unit.commit()

    def withdraw(self, unit: SqlUnitOfWork, who: int) -> None:
        person = self.person(unit, who)
        for standing in unit.signatures.standing(person):
            Ledger(unit, NOW).withdraw(person, standing)

    def withdraws(self, who: int) -> None:
        with self.work() as unit:
            self.withdraw(unit, who)
            unit.commit()

    def decides(self, what: str, query: Query) -> None:
        with self.work() as unit:
            getattr(Ledger(unit, NOW), what)(query)
            unit.commit()

    def person(self, unit: SqlUnitOfWork, who: int) -> Person:
        return unit.signers.lock_or_create(Signer("test", str(who)), NOW)

    def statuses(self) -> dict[str, str]:
        """The status of each signature, by receipt."""
        return {str(row["receipt"]): str(row["status"]) for row in rows_of(self.database)["signatures"]}

    def numbers(self) -> list[int]:
        return sorted(int(str(row["number"])) for row in rows_of(self.database)["signatures"])

    def tally(self) -> Counter[SignatureStatus]:
        with self.work() as unit:
            return Counter({status: total for status, total in unit.tallies.of("elms").totals.items() if total})

    @contextmanager
    def waiting(self, act: Callable[[], object]) -> Iterator[Future[object]]:
        """Something that another transaction waits with, until the block ends."""
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(act)
            until_blocking(self._is_waiting, "another transaction waits")
            yield future

    def _is_waiting(self) -> bool:
        waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        with self.database.reading() as connection:
            return bool(connection.execute(waiting).scalar_one())


def repeated(act: Callable[..., None], *values: object) -> None:
    """Repeat a call that stored nothing, as bots.common.service_threads does."""
    while True:
        try:
            return act(*values)
        except StorageUnavailableError:
            continue
