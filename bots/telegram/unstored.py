"""Updates that had no effect because the database was away: they are handled again, and their senders know."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from bots.common.repeating import REPEATS, DatabaseReturn
from bots.telegram.apologies import Apologies
from bots.telegram.polling import HandleUpdates
from bots.telegram.reading import Incoming
from core.errors import StorageDamagedError, StorageUnavailableError

log = logging.getLogger(__name__)


class UnstoredUpdates:
    """Hands updates to `handle`, which calls `note` for each that had no effect."""

    def __init__(self, handle: HandleUpdates, apologies: Apologies, database: DatabaseReturn) -> None:
        self._handle, self._apologies, self._database = handle, apologies, database
        self._noted, self._promised = set[int](), set[int]()

    def __bool__(self) -> bool:
        """True if an update still waits for its effect."""
        return bool(self._promised)

    def note(self, update: Incoming, error: StorageUnavailableError) -> None:
        """Note that an update had no effect, and promise its sender, once, that it will be handled if that can be."""
        is_first = update.update_id not in self._promised
        log.log(logging.WARNING if is_first else logging.DEBUG, "an update was not handled: %s", error)
        self._noted.add(update.update_id)
        if is_first and not isinstance(error, StorageDamagedError):
            self._apologies.promise(update)

    async def take(self, updates: Sequence[Incoming]) -> None:
        """Handle updates. Raises StorageUnavailableError if one had no effect; Telegram will send it again."""
        if await self._attempt(updates):
            raise StorageUnavailableError("An update was not stored.")

    async def take_until_stored(self, updates: Sequence[Incoming]) -> None:
        """Handle updates, and again those that had no effect, as soon as the database works.

        If it is damaged or stays away, their senders are asked to try again, so that others are heard meanwhile.
        """
        unstored = await self._attempt(updates)
        with suppress(StorageUnavailableError):
            for _ in range(REPEATS):
                if not unstored:
                    return
                await self._database.wait()
                unstored = await self._attempt(unstored)
        for update in unstored:
            self._promised.discard(update.update_id)
            self._apologies.apologize(update)

    async def _attempt(self, updates: Sequence[Incoming]) -> list[Incoming]:
        """Handle updates; returns those that had no effect."""
        await self._handle(updates)
        unstored = [update for update in updates if update.update_id in self._noted]
        numbers = {update.update_id for update in unstored}
        self._promised = self._promised - {update.update_id for update in updates} | numbers
        self._noted -= numbers
        return unstored
