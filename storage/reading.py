"""The part of a database that reads need."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from storage.connection import Connection

T = TypeVar("T")


class Readable(Protocol):
    """A database to read from: storage.engine.Database, or a standby beside it."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that only reads, and sees the data as of one moment."""

    def read(self, read: Callable[[Connection], T]) -> T:
        """The result of a read with such a connection. A standby may let it run again on the primary."""
