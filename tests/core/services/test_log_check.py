"""A check of a log finds everything that someone could alter in the database."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import LogError
from core.ports import UnitOfWork
from core.services.log_check import LogCheck
from core.services.log_exclusions import audit_file
from core.signatures.review import Query
from storage.engine import Database
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.databases import migrated_sqlite
from tests.public_log import Press
from tests.storage.test_reviews import does, signs, withdraws


def differences(work: Callable[[], UnitOfWork]) -> list[str]:
    with work() as unit:
        return list(LogCheck(unit.log, "elms", unit.tallies.of("elms")).differences())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Vault]:
    """A log of more than one bundle, which two checkpoints cover, with signatures that wait for the next."""
    folder = tmp_path_factory.mktemp("check")
    database, vault = migrated_sqlite(folder), Vault(["k" * 32], folder / "keys")

    def work() -> UnitOfWork:
        return SqlUnitOfWork(database, vault)

    press = Press(work)
    with database.together():
        for number in range(260):
            signs(work, f"s{number}")
    press.publish()
    for number in (7, 8):
        withdraws(work, f"s{number}")
    does(work, "invalidate", Query("elms", receipt="R-s5"))
    press.publish()
    withdraws(work, "s9")
    signs(work, "last")
    return database, vault


def test_what_was_published_is_what_is_stored(published: tuple[Database, Vault]) -> None:
    assert differences(lambda: SqlUnitOfWork(*published)) == []


SWAPPED = (
    "UPDATE log_tiles SET data = CAST(substr(data, 173, 172) || substr(data, 1, 172) || substr(data, 345) AS BLOB) "
    "WHERE level = -1 AND tile = 0"
)
ALTERATIONS = [
    (SWAPPED, "doesn't follow from the entries"),
    ("UPDATE log_tiles SET data = zeroblob(8192) WHERE level = 0 AND tile = 0", "doesn't follow from the entries"),
    ("DELETE FROM log_tiles WHERE level = 1", "isn't complete"),
    ("UPDATE log_tiles SET data = substr(data, 1, length(data) - 1) WHERE tile = 1", "isn't complete"),
    ("UPDATE log_checkpoints SET number = number + 1", "add up to"),
    ("UPDATE log_checkpoints SET note = replace(note, 'petitions.example', 'elsewhere.example')", "no known key"),
    ("DELETE FROM log_keys", "no known key"),
    ("UPDATE logs SET received = received + 1", "sums that are stored"),
    ("UPDATE tallies SET total = total + 1 WHERE status = 'counted'", "but the count has"),
    ("DELETE FROM log_withdrawals", "but the count has"),
    ("UPDATE log_links SET entry = 999 WHERE entry = 3; UPDATE log_links SET entry = 3 WHERE entry = 4", "opened"),
    ("UPDATE log_tiles SET data = zeroblob(32) WHERE level = 1", "root of its checkpoint"),
    ("UPDATE signatures SET digest = 'another' WHERE id = 3", "opened"),
    ("UPDATE logs SET fault = 'something'", "it is stopped: something"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), ALTERATIONS, ids=lambda value: value[:40])
def test_every_alteration_is_found(
    statement: str, words: str, published: tuple[Database, Vault], tmp_path: Path
) -> None:
    database, vault = published
    with closing(Database(f"sqlite:///{tmp_path / 'copy.sqlite3'}")) as copy:
        with database.engine.connect() as source, copy.engine.connect() as target:
            original, altered = (each.connection.driver_connection for each in (source, target))
            assert original
            assert altered
            original.backup(altered)
        with copy.writing() as connection:
            for part in statement.split(";"):
                connection.execute(sa.text(part))
            connection.commit()
        found = differences(lambda: SqlUnitOfWork(copy, vault))
        assert any(words in difference for difference in found), found


@pytest.mark.parametrize("change", [{"salt": bytes(32)}, {"added": (3,)}, {"removed": (4,)}], ids=str)
def test_a_list_that_does_not_open_its_entry_is_found(change: dict[str, Any], database: Database, vault: Vault) -> None:
    def work() -> SqlUnitOfWork:
        return SqlUnitOfWork(database, vault)

    press = Press(work)
    for number in range(6):
        signs(work, f"s{number}")
    press.publish()
    does(work, "invalidate", Query("elms", receipt="R-s5"))
    press.publish()
    assert differences(work) == []
    with work() as unit:
        (opened,) = unit.log.exclusions("elms")
        assert audit_file(unit.log, "elms")["exclusions"][0]["added"] == list(opened.added)
    with work() as unit:
        unit.log._connection.execute(sa.text("DELETE FROM log_exclusions"))
        unit.log.open_exclusion("elms", replace(opened, **change))
        found = list(LogCheck(unit.log, "elms", unit.tallies.of("elms")).differences())
        assert found == ["its entry 6 isn't opened by the list of signatures that is stored for it"]
        with pytest.raises(LogError, match="stored list of entry 6"):
            audit_file(unit.log, "elms")
