"""Poolers such as PgBouncer in transaction mode: every transaction may run in another session of PostgreSQL.

So nothing may rely on a session: no prepared statement, no SET, no advisory lock beyond a transaction, and no dump.
"""

from __future__ import annotations

from typing import Any

import psycopg
import sqlalchemy as sa

from core.errors import ConfigurationError

AUTO = "auto"
PGBOUNCER = "pgbouncer"
POOLED = "pooled"
"""The entry in the info of a connection to PostgreSQL that says if a pooler is between."""


def adapt_to_pooler(engine: sa.Engine, pooler: str) -> None:
    """Note on each new connection if there is a pooler; with `auto`, it looks for one.

    The driver itself prepares nothing, since its rollbacks would deallocate what storage.pipeline has prepared.
    """

    @sa.event.listens_for(engine, "connect", insert=True)  # before SQLAlchemy's own first statements
    def _on_connect(driver: psycopg.Connection, record: Any) -> None:
        driver.prepare_threshold = None
        record.info[POOLED] = pooler == PGBOUNCER or (pooler == AUTO and _is_pooled(driver))


def _is_pooled(driver: psycopg.Connection) -> bool:
    """Return True if the session isn't the one that answered the connection: a pooler makes up its process id."""
    driver.autocommit = True
    answer = driver.execute("SELECT pg_backend_pid()").fetchone()
    driver.autocommit = False
    return answer != (driver.info.backend_pid,)


def is_pooled(connection: sa.Connection) -> bool:
    """Return True if a pooler is between us and PostgreSQL."""
    return bool(connection.connection.info.get(POOLED))


def require_session(connection: sa.Connection) -> None:
    """Raise ConfigurationError behind a pooler: locks of a session, and PostgreSQL's own programs, need one."""
    if is_pooled(connection):
        raise ConfigurationError(
            "This doesn't work through PgBouncer: give this command PostgreSQL's own address, such as in DATABASE_URL."
        )
