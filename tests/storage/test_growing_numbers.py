"""Ids and counts that can pass 2**31 have 64 bits on PostgreSQL, and everything goes on beyond that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from io import BytesIO

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

from bots.delivery.exports import exporter_of
from core.conversation import state as ev
from core.export.request import FileRequest, SignatureFilter
from core.signatures.signature import SignatureStatus
from storage.bulk_rows import TABLES
from storage.engine import Database
from storage.queries import SqlQueries
from storage.schema import upgrade
from storage.tables import Growing
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault
from tests.postgres import PostgresServer
from tests.storage.crowded import fill_everything
from tests.storage.migrations import downgrade
from tests.storage.signers import sign, sql_world
from tests.world import SALESFORCE, services_of

FIXED = {
    "credits.part", "facets.part", "history.part", "reach.part", "signals.part", "steps.part", "tallies.part",
    "trends.part",  # 16 parts
    "decisions.goal",  # below a billion (core.petition.petition_file)
    "log_changes.classes", "log_links.classes",  # a few bits
    "log_tiles.level",  # at most 63
    "outbox.attempts", "outbox.claim",  # of one entry, which ends after a few tries; a claim lasts for a minute
    "petitions.retention_days",
    "signatures.utc_offset",  # minutes
    "source_checks.status",  # of HTTP
    "thresholds.value",  # at most a million (core.organizer.thresholds)
    "versions.form",
}  # fmt: skip
"""Numbers that can't grow past 32 bits."""
EDGE = 2**31 - 1


@pytest.fixture
def grown(postgres: PostgresServer) -> Iterator[Database]:
    """A database whose next numbers are the last of 32 bits."""
    with closing(Database(postgres.migrated_database())) as database:
        with database.writing() as connection:
            for name in sequences(database):
                connection.execute(sa.text(f"SELECT setval('{name}', {EDGE}, false)"))
            connection.commit()
        yield database


def sequences(database: Database) -> dict[str, str]:
    """The type of each sequence."""
    with database.reading() as connection:
        rows = connection.execute(sa.text("SELECT sequencename, data_type::text AS data_type FROM pg_sequences"))
        return {row.sequencename: row.data_type for row in rows}


def test_every_number_of_the_tables_can_grow_or_is_known_not_to(postgres: PostgresServer) -> None:
    with closing(Database(postgres.migrated_database())) as database:
        with database.reading() as connection:
            words = (
                "SELECT table_name || '.' || column_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND data_type IN ('integer', 'smallint')"
            )
            assert set(connection.execute(sa.text(words)).scalars()) == FIXED
        assert set(sequences(database).values()) == {"bigint"}
        assert len(sequences(database)) == 6
    small = (column for each in TABLES for column in each.c if isinstance(column.type, sa.Integer))
    assert {f"{column.table.name}.{column.name}" for column in small if not isinstance(column.type, Growing)} == FIXED


def test_the_migration_keeps_every_row_and_what_refers_to_it(postgres: PostgresServer) -> None:
    with closing(Database(postgres.migrated_database())) as database:
        fill_everything(database)
        before = everything(database)
        for migrate in (partial(downgrade, database, "0030"), partial(upgrade, database)):
            migrate()
            assert everything(database) == before
        with database.writing() as connection:
            assert MigrationContext.configure(connection.sqlalchemy).get_current_revision() == "0031"
            connection.execute(sa.text("DELETE FROM signers WHERE id = 1"))
            gone = connection.execute(sa.text("SELECT count(*) FROM conversations WHERE signer_id = 1")).scalar_one()
            kept = connection.execute(sa.text("SELECT signer_id FROM signatures ORDER BY id")).scalars().all()
    assert (gone, kept) == (0, [None, 2, 3])


def everything(database: Database) -> dict[str, list[str]]:
    """All rows."""
    with database.reading() as connection:
        return {each.name: sorted(map(repr, connection.execute(sa.select(each)))) for each in TABLES}


def test_people_sign_and_withdraw_beyond_32_bits(grown: Database, vault: Vault) -> None:
    world = sql_world(grown, vault)
    names = ("Ada Sims", "Ben Sims", "Cem Sims", "Dan Sims")
    people = [sign(world, name, name, f"{name[:3]}@example.org") for name in names]
    people[3].does(ev.Withdraw())
    with SqlUnitOfWork(grown, vault) as work:
        ids = work.connection.execute(sa.text("SELECT id, signer_id, number FROM signatures ORDER BY id")).all()
        assert [row.id - EDGE for row in ids] == [0, 1, 2, 3]
        assert {row.signer_id - EDGE for row in ids} == {0, 1, 2, 3}
        totals = work.tallies.of(SALESFORCE).totals
    assert totals[SignatureStatus.COUNTED] == 3
    assert world.counted() == 3
    assert type(world.counted()) is int
    assert json.loads(json.dumps(totals)) == totals, "no decimal number of PostgreSQL's"
    exported = BytesIO()
    exporter = exporter_of(services_of(world, grown, vault))
    only = SignatureFilter(status="any")
    assert exporter.write(FileRequest(SALESFORCE, "csv", "en", only), exported, lambda *_: None).signatures == 4
    assert len(list(SqlQueries(grown, vault).signatures(SALESFORCE, tuple(SignatureStatus)))) == 4
