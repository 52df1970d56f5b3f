"""Reads from a standby, for figures that may be seconds old; and the sentence that says how old they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from core.messages import Argument, Message
from core.petition.zone import zone_words
from core.ports import UnitOfWork
from core.queries import Queries


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment that figures from a standby are as of, and how far it was behind the primary when they were read."""

    at: dt.datetime
    behind: dt.timedelta

    def words(self, zone: ZoneInfo) -> Message:
        """A sentence that says so, with the time of day in a zone."""
        seconds = round(self.behind.total_seconds())
        about: dict[str, Argument] = {"time": f"{self.at.astimezone(zone):%H:%M:%S}", "zone": zone_words(zone)}
        return Message("standby.behind", {**about, "count": seconds}) if seconds else Message("standby.current", about)


class StandbyReads(Protocol):
    """Reads for one answer or one file. A call that the standby doesn't carry out reads from the primary instead."""

    @property
    def queries(self) -> Queries:
        """The reads that block no writer."""

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that only reads, from the standby and nowhere else. Raises StorageUnavailableError."""

    @property
    def as_of(self) -> AsOf | None:
        """The oldest moment that anything read so far is as of; None if all of it came from the primary."""


OpenStandby: TypeAlias = Callable[[], StandbyReads | None]
"""Begins to read from the standby, and gives None if there is none that can be used now. Not for a transaction."""


def no_standby() -> None:
    """Read everything from the primary."""
