"""Opens the standby that the settings name, for figures that may be seconds old."""

from __future__ import annotations

from collections.abc import Callable

from bots.common.settings import Settings
from core.errors import ConfigurationError
from core.standby import OpenStandby, no_standby
from storage.engine import ANSWERING, Database
from storage.standby import Standby
from storage.vault import Vault


def standby_of(settings: Settings, database: Database, vault: Vault) -> tuple[OpenStandby, Callable[[], None]]:
    """Begin to read from the standby of the settings, and what closes it; nothing happens without one.

    Raises:
        ConfigurationError: its address leads to other data.
    """
    standby = find_standby(settings, database, vault)
    if standby is None:
        return no_standby, no_standby
    try:
        standby.check()
    except ConfigurationError:
        standby.close()
        raise
    return standby.open, standby.close


def find_standby(settings: Settings, database: Database, vault: Vault) -> Standby | None:
    """The standby of the settings, not looked at yet. Raises ConfigurationError if the database can't have one."""
    if not settings.database_read_url:
        return None
    if database.is_sqlite:
        raise ConfigurationError("DATABASE_READ_URL needs a PostgreSQL in DATABASE_URL: SQLite has no standbys.")
    url = settings.database_read_url.get_secret_value()
    return Standby(database, Database(url, ANSWERING, settings.database_pooler, "DATABASE_READ_URL"), vault)
