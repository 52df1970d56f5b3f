"""Updates that are remembered without a person, so that they do nothing when they are delivered again."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Protocol

UPDATES_KEPT = dt.timedelta(days=2)
"""Twice as long as Telegram keeps updates to deliver them again."""


class UpdateKind(StrEnum):
    """The updates that are remembered by themselves, not with a person."""

    ERASED = "erased"
    """Of people who erased everything; delivered again, they must not store anything."""
    COMMAND = "command"
    """With organizers' commands; delivered again, they must not run."""
    SHARED = "shared"
    """Cards that members posted, by account, channel, and day: one a day is enough."""


class Updates(Protocol):
    """Fingerprints of handled updates, kept for UPDATES_KEPT; they cannot be traced to an account."""

    def add(self, kind: UpdateKind, platform: str, update_id: str, now: dt.datetime) -> bool:
        """Remember an update; False if it was remembered before."""

    def has(self, kind: UpdateKind, platform: str, update_id: str) -> bool:
        """True if an update is remembered."""
