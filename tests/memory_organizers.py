"""Organizers, and the log of what they did, in memory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.signatures.signature import Signer
from core.team import AuditEntry, Organizer

if TYPE_CHECKING:
    from tests.fakes import MemoryStore


@dataclass
class MemoryOrganizers:
    """core.ports.Organizers."""

    store: MemoryStore

    def has(self, signer: Signer) -> bool:
        return f"{signer.platform}:{signer.user_id}" in self.store.organizers

    def add(self, signer: Signer, now: dt.datetime) -> None:
        key = f"{signer.platform}:{signer.user_id}"
        self.store.organizers[key] = Organizer(key, signer, now)

    def remove(self, key: str) -> bool:
        return self.store.organizers.pop(key, None) is not None

    def all(self) -> tuple[Organizer, ...]:
        return tuple(self.store.organizers.values())

    def invite(self, code: str, until: dt.datetime) -> None:
        self.store.invites[code] = until

    def redeem(self, code: str, now: dt.datetime) -> bool:
        if self.store.invites.get(code, now - dt.timedelta(1)) < now:
            return False
        del self.store.invites[code]
        return True


@dataclass
class MemoryAudit:
    """core.ports.Audit."""

    store: MemoryStore

    def note(self, entry: AuditEntry) -> None:
        self.store.audit_entries[len(self.store.audit_entries)] = entry

    def last(self, count: int) -> tuple[AuditEntry, ...]:
        return tuple(reversed(self.store.audit_entries.values()))[:count]
