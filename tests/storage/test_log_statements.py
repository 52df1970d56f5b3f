"""The statements of the public log find their rows by an index, however long the log is."""

from __future__ import annotations

import sqlalchemy as sa

from core.log.tiles import Tile
from storage.engine import Database
from storage.statements.log import published_tiles
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.statements import plan


def test_tiles_are_found_without_walking_over_the_others(database: Database, vault: Vault) -> None:
    values = {"slug": "elms", "end": 5, "level_0": 0, "tile_0": 7, "level_1": 1, "tile_1": 0}
    with SqlUnitOfWork(database, vault) as work:
        work.log.append("elms", {Tile(0, number): b"hash" * 8 for number in range(2000)}, ())
        connection = work.log._connection
        connection.execute(sa.text("ANALYZE log_tiles"))
        found = plan(connection, published_tiles(2), values)
    assert "Seq Scan" not in found
    assert "SCAN log_tiles" not in found
    if database.is_sqlite:
        assert found.count("level=? AND tile=?") == 2
