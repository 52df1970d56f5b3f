"""The times at which a log publishes: the end of an hour that brought many signatures, or else the end of the day."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

MANY: Final = 50
"""Signatures since the last batch that are enough to publish at the end of an hour."""


def hour_begins(now: dt.datetime, timezone: str) -> dt.datetime:
    """The start of the current hour in a time zone."""
    return now.astimezone(ZoneInfo(timezone)).replace(minute=0, second=0, microsecond=0).astimezone(dt.UTC)


def day_ends(now: dt.datetime, timezone: str) -> dt.datetime:
    """The end of the day in a time zone; by then, or shortly after, what came today is published."""
    tomorrow = now.astimezone(ZoneInfo(timezone)).date() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), ZoneInfo(timezone)).astimezone(dt.UTC)


def is_time(looked_at: dt.datetime, now: dt.datetime, timezone: str) -> bool:
    """True if an hour has ended since someone last asked if a batch is due."""
    return looked_at < hour_begins(now, timezone)


def is_due(looked_at: dt.datetime, now: dt.datetime, timezone: str, received: int) -> bool:
    """True if a batch is due at the end of an hour, given the signatures since the last batch.

    Fewer than MANY wait for the end of the day, and so do withdrawals and decisions without any.
    """
    zone = ZoneInfo(timezone)
    return received >= MANY or looked_at.astimezone(zone).date() < now.astimezone(zone).date()
