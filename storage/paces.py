"""core.outreach.paces.Paces: a leaky bucket in one row, which each process locks for a moment."""

from __future__ import annotations

import datetime as dt

from core.ports import Clock
from storage.connection import Connection
from storage.engine import Database
from storage.statements import paces

_SLOW = "slow"


class SqlPaces:
    """See core.outreach.paces.Paces. Processes on several machines need clocks that agree within a second."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def reserve(self, name: str, calls: int, per_second: float, burst: float) -> float:
        """Move the moment up to which calls were given out: the generic cell rate algorithm (ITU-T I.371)."""
        with self._database.writing() as connection:
            now = self._clock()
            until = max(self._lock(connection, name), now) + dt.timedelta(seconds=calls / per_second)
            connection.run(paces.SET, name=name, holder="", until=until)
            connection.commit()
        return max(0.0, (until - now).total_seconds() - burst / per_second)

    def slow_down(self, name: str, seconds: float) -> None:
        """Move the end of the slow time, unless it is later already."""
        with self._database.writing() as connection:
            until = self._clock() + dt.timedelta(seconds=seconds)
            until = max(self._lock(connection, f"{name} {_SLOW}"), until)
            connection.run(paces.SET, name=f"{name} {_SLOW}", holder="", until=until)
            connection.commit()

    def slowed_for(self, name: str) -> float:
        """See core.outreach.paces.Paces."""
        with self._database.reading() as connection:
            until = connection.run(paces.GET, pace=f"{name} {_SLOW}").scalar()
        return max(0.0, (until - self._clock()).total_seconds()) if until else 0.0

    def _lock(self, connection: Connection, name: str) -> dt.datetime:
        """The moment in a row, which is there from now on and locked until the transaction ends."""
        connection.run(paces.ADD, name=name, holder="", until=self._clock())
        until: dt.datetime = connection.run(paces.LOCK, pace=name).scalar_one()
        return until
