"""Migrating back, which only tests do."""

from __future__ import annotations

from alembic import command

from storage import schema
from storage.engine import Database
from storage.vault import Vault


def downgrade(database: Database, revision: str, vault: Vault | None = None) -> None:
    """Migrate a database back to a revision."""
    schema._run(database, lambda config: command.downgrade(config, revision), vault)
