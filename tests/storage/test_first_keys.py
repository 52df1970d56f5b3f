"""Two transactions that are the first to use a petition's key, at the same moment, in two processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.conversation import state as ev
from core.errors import StorageUnavailableError
from core.ports import UnitOfWork
from core.signatures.quarantine import Signal
from storage.engine import Database
from storage.key_names import named_keys
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.conftest import KEY
from tests.patience import limit
from tests.storage.signers import sql_world
from tests.storage.test_petition_keys import files
from tests.world import NOW, SALESFORCE, TREES

SIGNS = (ev.Begin(), ev.Reply("90210"), ev.Confirm())


@contextmanager
def another_process(database: Database, folder: Path) -> Iterator[Callable[[], SqlUnitOfWork]]:
    """Transactions of another process on the same database, with its own folder of keys."""
    with closing(Database(database.engine.url.render_as_string(hide_password=False))) as other:
        yield lambda: SqlUnitOfWork(other, Vault([KEY], folder))


def use(work: UnitOfWork, petition: str = SALESFORCE, label: str = "web") -> None:
    work.signals.seen(petition, Signal.BURST, label, NOW)


def named(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return {petition: len(ids) for petition, ids in named_keys(connection).items()}


def start_meanwhile(database: Database, vault: Vault, late: Callable[[], None]) -> None:
    """Let another process come while the first one has used its key and not committed yet."""
    with ThreadPoolExecutor(1) as pool:
        with SqlUnitOfWork(database, vault) as work:
            use(work)
            coming = pool.submit(late)
            with pytest.raises(TimeoutError):
                coming.result(0.2)
            work.commit()
        coming.result(limit())


def test_a_host_with_another_folder_makes_no_second_key(database: Database, vault: Vault, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with another_process(database, elsewhere) as other:

        def late() -> None:
            with other() as work, pytest.raises(StorageUnavailableError, match=f"{SALESFORCE} is missing in"):
                use(work)

        start_meanwhile(database, vault, late)
    assert (files(elsewhere), named(database)) == ([], {SALESFORCE: 1})


def test_a_process_with_the_same_folder_gets_in(database: Database, vault: Vault, tmp_path: Path) -> None:
    with another_process(database, tmp_path / "petition-keys") as other:

        def late() -> None:
            with other() as work:
                use(work)
                work.commit()

        start_meanwhile(database, vault, late)
    assert (len(files(tmp_path / "petition-keys")), named(database)) == (1, {SALESFORCE: 1})


def test_the_first_signers_of_two_petitions_get_in_at_once(database: Database, vault: Vault) -> None:
    """Each needs the keys of both, in another order."""
    world, start, failed = sql_world(database, vault), threading.Barrier(8), list[Exception]()

    def sign(number: int) -> None:
        slugs = (SALESFORCE, TREES) if number % 2 else (TREES, SALESFORCE)
        start.wait()
        try:
            with world.work() as work:
                for slug in slugs:
                    use(work, slug, str(number))
                work.commit()
            world.person("Ada", user_id=str(number)).does(*SIGNS)
        except Exception as error:  # noqa: BLE001  (the thread would swallow it)
            failed.append(error)

    threads = [threading.Thread(target=sign, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (world.counted(), named(database)) == (8, {SALESFORCE: 1, TREES: 1})
    with database.reading() as connection:
        sealed = connection.execute(sa.text("SELECT sealed FROM signatures")).scalars().all()
    assert len({bytes(each)[:9] for each in sealed}) == 1
