"""People who come and go in several processes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from core.signatures.signature import Signer
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.postgres import PostgresServer
from tests.statements import watched
from tests.world import NOW

ADA = Signer("test", "Ada")


@contextmanager
def between_statements(database: Database, *acts: Callable[[], object]) -> Iterator[None]:
    """Let each act happen before one more statement that reads or adds signers."""
    waiting = iter(acts)

    def act(statement: str, _: object) -> None:
        if "signers" in statement:
            next(waiting, lambda: None)()

    with watched(database, act):
        yield
    assert next(waiting, None) is None, "all of it happened"


def test_a_person_who_is_created_and_erased_meanwhile_is_created_anew(postgres: PostgresServer, vault: Vault) -> None:
    url = postgres.migrated_database()
    with closing(Database(url)) as mine, closing(Database(url)) as other:

        def create() -> None:
            with SqlUnitOfWork(other, vault) as work:
                work.signers.lock_or_create(ADA, NOW)
                work.commit()

        def erase() -> None:
            with SqlUnitOfWork(other, vault) as work:
                work.signers.erase(work.signers.lock_or_create(ADA, NOW))
                work.commit()

        for rounds in (1, 2):
            with between_statements(mine, *(create, erase) * rounds), SqlUnitOfWork(mine, vault) as work:
                person = work.signers.lock_or_create(ADA, NOW)
                work.signers.save(person)
                work.commit()
            with SqlUnitOfWork(other, vault) as work:
                assert work.signers.lock_or_create(ADA, NOW).id == person.id
            erase()
