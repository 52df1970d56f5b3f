"""Tells a PostgreSQL that isn't up yet from one that refuses us."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from core.errors import ConfigurationError, StorageUnavailableError
from storage.engine import Database
from storage.faults import sentence

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
    except DBAPIError as error:
        words = str(error.orig)
        refused = any(refusal in words for refusal in _REFUSALS)
        fault = ConfigurationError if refused else StorageUnavailableError
        raise fault(sentence(error)) from None
    finally:
        database.close()
