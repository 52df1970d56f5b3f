"""The organizers who joined with a code, and the audit log of organizers' commands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from core.signatures.signature import Signer


@dataclass(frozen=True, slots=True)
class Organizer:
    """An account that joined the organizers, and when; `key` names the entry."""

    key: str
    signer: Signer
    since: dt.datetime


class Organizers(Protocol):
    """The organizers besides those named in the settings."""

    def has(self, signer: Signer) -> bool:
        """True if an account joined."""

    def add(self, signer: Signer, now: dt.datetime) -> None:
        """Make an account an organizer from now on."""

    def remove(self, key: str) -> bool:
        """Remove an entry; False if it does not exist."""

    def all(self) -> tuple[Organizer, ...]:
        """Every organizer who joined, oldest first."""

    def invite(self, code: str, until: dt.datetime) -> None:
        """Create an invitation: the first account to give this code in time joins."""

    def redeem(self, code: str, now: dt.datetime) -> bool:
        """Use up a code; False if it does not exist or has expired."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An organizer's command with its argument, in the audit log."""

    at: dt.datetime
    who: Signer
    what: str


class Audit(Protocol):
    """The audit log of organizers' commands, from which nothing is ever removed."""

    def note(self, entry: AuditEntry) -> None:
        """Add an entry."""

    def last(self, count: int) -> tuple[AuditEntry, ...]:
        """The newest entries, newest first."""
