"""Tells a PostgreSQL that isn't up yet from one that refuses us."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from core.errors import ConfigurationError, StorageUnavailableError
from storage.engine import Database

CONNECT_SECONDS = 3
_REFUSALS = ("password authentication failed", "no password supplied", "does not exist", "no pg_hba.conf entry")
"""Words in PostgreSQL's messages about faults that only the operator can fix."""


def check_presence(url: str) -> None:
    """Connect once, within seconds, and read nothing. A SQLite file needs no check.

    Raises:
        StorageUnavailableError: nothing answers, or the server is still starting.
        ConfigurationError: the address cannot be right, or the server refuses the user, the password or the database.
    """
    database = Database(url)
    if database.is_sqlite:
        return
    soon = {"connect_timeout": CONNECT_SECONDS}
    engine = sa.create_engine(database.engine.url, poolclass=sa.NullPool, hide_parameters=True, connect_args=soon)
    try:
        engine.connect().close()
    except OperationalError as error:
        words = str(error.orig)
        refused = any(refusal in words for refusal in _REFUSALS)
        fault = ConfigurationError if refused else StorageUnavailableError
        raise fault(f"The database cannot be opened: {words.splitlines()[0]}.") from None
