"""Reads from a standby of PostgreSQL, as long as it is one of ours and not too old; otherwise from the primary.

A standby that has replayed the primary's log up to the position of a moment is as of that moment, however long ago the
last transaction was: nothing lags while the primary is idle. One that is behind is as of the last transaction that it
has replayed.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from core.errors import ConfigurationError, StorageUnavailableError
from core.standby import AsOf
from storage.connection import Connection
from storage.engine import Database
from storage.queries import SqlQueries
from storage.schema import has_current_schema
from storage.unit_of_work import SqlUnitOfWork
from storage.vault import Vault

log = logging.getLogger(__name__)
T = TypeVar("T")

MOST_BEHIND = dt.timedelta(minutes=1)
CATCH_UP = 1.0  # seconds that a standby gets to replay what the primary has just written
_LOOK_EVERY = 0.02  # seconds
_REST = 30.0  # seconds until a standby that couldn't be reached is tried again
_IDENTITY = (
    "(SELECT system_identifier FROM pg_control_system()) AS cluster, "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) AS database, "
    "(SELECT timeline_id FROM pg_control_checkpoint()) AS timeline"
)
_PRIMARY = sa.text(f"SELECT {_IDENTITY}, pg_current_wal_lsn()::text AS position, clock_timestamp() AS now")
_STANDBY = sa.text(
    f"SELECT {_IDENTITY}, pg_is_in_recovery() AS follows, "
    "pg_last_wal_replay_lsn() >= CAST(:position AS pg_lsn) AS is_current, pg_last_xact_replay_timestamp() AS replayed"
)


class _UnusableError(StorageUnavailableError):
    """The standby answers, but its figures can't be used now."""


class StandbyBehindError(_UnusableError):
    """The standby is too far behind for now; it catches up by itself."""


class _ForeignError(_UnusableError):
    """The address leads to other data than the primary's."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """The primary at one moment: its cluster, its database, its timeline, and the position in its log."""

    cluster: int
    database: int
    timeline: int
    position: str
    now: dt.datetime


class Standby:
    """A standby beside its primary, and whether it could be used the last time."""

    def __init__(self, primary: Database, standby: Database, vault: Vault) -> None:
        self.primary, self.standby, self.vault = primary, standby, vault
        self._reason, self._rests_until = "", 0.0

    def check(self) -> None:
        """Raise ConfigurationError if the address leads to other data. A standby that is away may come back."""
        try:
            self.look()
        except _ForeignError as error:
            raise ConfigurationError(str(error)) from None
        except StorageUnavailableError as error:
            self.note(error)

    def look(self) -> None:
        """Read once from the standby. Raises StorageUnavailableError with the reason if its figures can't be used."""
        with _Reads(self, _moment_of(self.primary)).work():
            pass

    def open(self) -> _Reads | None:
        """See core.standby.OpenStandby."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return _Reads(self, _moment_of(self.primary))
        except StorageUnavailableError as error:
            self.note(error)
            return None

    def note(self, error: Exception | None) -> None:
        """Log why figures come from the primary, or that they no longer do, unless that's known."""
        reason = str(error) if error else ""
        if error and not isinstance(error, _UnusableError):
            self._rests_until = time.monotonic() + _REST
        if reason != self._reason:
            if reason:
                log.warning("DATABASE_READ_URL: reading from the primary instead. %s", reason)
            else:
                log.info("DATABASE_READ_URL: reading from the standby again")
        self._reason = reason

    def close(self) -> None:
        """Close the connections to the standby."""
        self.standby.close()


def _moment_of(primary: Database) -> _Moment:
    with primary.reading() as connection:
        return _Moment(**connection.execute(_PRIMARY).mappings().one())


class _Reads:
    """See core.standby.StandbyReads. Each transaction looks at its own server: behind an address may be several."""

    def __init__(self, standby: Standby, moment: _Moment) -> None:
        self._standby, self._moment, self._begun = standby, moment, time.monotonic()
        self.as_of: AsOf | None = None
        self.queries = SqlQueries(self, standby.vault)
        self._is_usable, self._waits_until = True, self._begun + CATCH_UP

    @contextmanager
    def work(self) -> Iterator[SqlUnitOfWork]:
        """See core.standby.StandbyReads.work."""
        with SqlUnitOfWork(self._standby.standby, self._standby.vault) as work:
            self._look(work.connection)
            yield work

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """See storage.reading.Readable.reading."""
        with ExitStack() as stack:
            if self._is_usable:
                try:
                    connection = stack.enter_context(self._standby.standby.reading())
                    self._look(connection)
                except StorageUnavailableError as error:
                    stack.close()
                    self._give_up(error)
            if not self._is_usable:
                connection = stack.enter_context(self._standby.primary.reading())
            yield connection

    def read(self, read: Callable[[Connection], T]) -> T:
        """See storage.reading.Readable.read."""
        try:
            with self.reading() as connection:
                return read(connection)
        except StorageUnavailableError as error:
            if not self._is_usable:
                raise
            self._give_up(error)
            return self._standby.primary.read(read)

    def _give_up(self, error: Exception) -> None:
        self._is_usable = False
        self._standby.note(error)

    def _look(self, connection: Connection) -> None:
        """Note what the standby is as of. Raises _UnusableError if that is too old or unknown."""
        state: Any = connection.execute(_STANDBY, {"position": self._moment.position}).one()
        try:
            _require_own(state, self._moment)
        except _UnusableError:
            connection.discard()  # the next one may find a standby
            raise
        while not state.is_current and time.monotonic() < self._waits_until:
            time.sleep(_LOOK_EVERY)
            state = connection.execute(_STANDBY, {"position": self._moment.position}).one()
        found = AsOf(self._moment.now, dt.timedelta())
        if not state.is_current:
            found = self._age(state.replayed)
            if not has_current_schema(connection):
                raise StandbyBehindError("The standby has another schema so far.")
        self.as_of = found if self.as_of is None else min(self.as_of, found, key=lambda each: each.at)
        self._standby.note(None)

    def _age(self, replayed: dt.datetime | None) -> AsOf:
        now = self._moment.now + dt.timedelta(seconds=time.monotonic() - self._begun)
        if replayed is None or now - replayed > MOST_BEHIND:
            raise StandbyBehindError(f"The standby is more than {MOST_BEHIND.seconds} seconds behind.")
        return AsOf(replayed, max(now - replayed, dt.timedelta()))


def _require_own(state: Any, moment: _Moment) -> None:
    """Raise _ForeignError for other data than the primary's, and _UnusableError for a server that isn't behind it.

    After a failover, a standby may for minutes follow a primary that was given up. Its checkpoints tell.
    """
    if state.cluster != moment.cluster:
        raise _ForeignError(
            "DATABASE_READ_URL leads to another cluster than DATABASE_URL: name a standby of the same one."
        )
    if state.database != moment.database:
        raise _ForeignError(
            "DATABASE_READ_URL leads to another database than DATABASE_URL: name the same one on its standby."
        )
    if not state.follows:
        raise _UnusableError("DATABASE_READ_URL leads to a primary, not to a standby.")
    if state.timeline != moment.timeline:
        raise StandbyBehindError("The standby has yet to follow the new primary.")
