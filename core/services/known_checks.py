"""The last checks of sources as a process knows them, so that showing them costs no statement."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping

from core.errors import StorageUnavailableError
from core.ports import Clock
from core.sources.checks import Checks

EVERY = dt.timedelta(minutes=1)
"""The time for which what was read last is new enough."""


class KnownChecks:
    """The last check of each source, by petition, as read at most a minute before.

    `of` reads again when that is due. So never call it in a transaction: a signature would wait for it. There, `known`
    gives what was read before.
    """

    def __init__(self, read: Callable[[], Mapping[str, Checks]], clock: Clock, every: dt.timedelta = EVERY) -> None:
        self._read, self._clock, self._every = read, clock, every
        self._checks: Mapping[str, Checks] = {}
        self._read_at: dt.datetime | None = None
        self._reading = threading.Lock()

    def of(self, petition: str) -> Checks:
        """The last check of each source of a petition."""
        self.refresh()
        return self.known(petition)

    def known(self, petition: str) -> Checks:
        """The same, without reading anything."""
        return self._checks.get(petition, {})

    def refresh(self) -> None:
        """Read again if that is due; one thread does it, and others go on with what is known.

        While the database is away, what is known stays.
        """
        now = self._clock()
        is_new = self._read_at is not None and abs(now - self._read_at) < self._every
        if is_new or not self._reading.acquire(blocking=False):
            return
        try:
            self._read_at = now
            self._checks = self._read()
        except StorageUnavailableError:
            return
        finally:
            self._reading.release()


NO_CHECKS = KnownChecks(dict, lambda: dt.datetime.min.replace(tzinfo=dt.UTC))
"""Without any checks."""
