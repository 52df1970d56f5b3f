"""The faults that `undersign check` finds in settings, keys, the database, and its standby."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from bots.app.bootstrap import present_storage
from bots.app.sealed_rows import SealedRows
from bots.app.standby import find_standby
from bots.common.settings import Settings
from core.errors import ConfigurationError, StorageUnavailableError
from core.petition.loading import MAILBOX_RULES, load_mailbox_rules
from storage.engine import Database
from storage.sealed_rows import unopened
from storage.standby import StandbyBehindError
from storage.vault import Vault


def setting_faults(settings: Settings) -> Iterator[str]:
    """Faults in the settings that can be found without opening the database, one sentence each."""
    attempts: tuple[Callable[[], object], ...] = (
        lambda: settings.keys and Vault(settings.keys),
        lambda: settings.petition_keys,
        lambda: settings.database_url and Database(settings.database_url.get_secret_value()),
        lambda: load_mailbox_rules(settings.mailbox_rules or MAILBOX_RULES),
    )
    for attempt in attempts:
        try:
            attempt()
        except ConfigurationError as error:
            yield str(error)


def unopened_rows(settings: Settings) -> Iterator[str]:
    """A sentence about the rows that no known key opens, if there is a database and it has any; changes nothing."""
    try:
        with present_storage(settings) as storage:
            if storage:
                for sentence in SealedRows(lambda: unopened(*storage)).look():
                    yield f"database: {sentence}"
    except (ConfigurationError, StorageUnavailableError) as error:
        yield f"database: {error}"


def standby_faults(settings: Settings, warn: Callable[[str], object]) -> Iterator[str]:
    """A sentence about why the settings' standby can't be read from; `warn` gets one about what passes by itself."""
    try:
        with present_storage(settings) as storage:
            if storage and (standby := find_standby(settings, *storage)):
                with closing(standby):
                    standby.look()
    except StandbyBehindError as error:
        warn(f"database: {error} Figures come from the primary until it has caught up.")
    except (ConfigurationError, StorageUnavailableError) as error:
        yield f"database: {error}"
