"""Decisions, petitions with their versions, moments, updates, and the words that signers were shown, in memory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.petition.petition import Decision
from core.petition.retention import PetitionRecord
from core.petition.versions import PetitionVersion
from core.signatures.consent import words_digest
from core.updates import UpdateKind

if TYPE_CHECKING:
    from tests.fakes import MemoryStore


class MemoryPetitionRecords:
    """core.petition.retention.PetitionRecords."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def all(self) -> tuple[PetitionRecord, ...]:
        return tuple(record for _, record in sorted(self._store.records.items()))

    def of(self, petition: str) -> PetitionRecord | None:
        return self._store.records.get(petition)

    def remember(self, record: PetitionRecord) -> None:
        before = self.of(record.slug)
        self._store.records[record.slug] = replace(record, erasure_at=before.erasure_at if before else None)

    def schedule(self, petition: str, at: dt.datetime | None) -> None:
        self._store.records[petition] = replace(self._store.records[petition], erasure_at=at)


class MemoryVersions:
    """core.petition.versions.Versions."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def of(self, petition: str, digest: str) -> PetitionVersion | None:
        return self._store.versions.get((petition, digest))

    def all(self, petition: str) -> tuple[PetitionVersion, ...]:
        own = (version for (slug, _), version in self._store.versions.items() if slug == petition)
        return tuple(sorted(own, key=lambda version: (version.first_seen, version.digest)))

    def remember(self, version: PetitionVersion) -> None:
        self._store.versions.setdefault((version.petition, version.digest), version)

    def complete(self, version: PetitionVersion) -> None:
        before = self.of(version.petition, version.digest)
        if before and not before.content:
            known = replace(before, language=version.language, content=version.content)
            self._store.versions[version.petition, version.digest] = known


class MemoryMoments:
    """core.petition.retention.Moments."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def of(self, name: str) -> dt.datetime | None:
        return self._store.moments.get(name)

    def save(self, name: str, at: dt.datetime) -> None:
        self._store.moments[name] = at

    def newest_event(self) -> dt.datetime | None:
        signed = [signature.signed_at for _, signature in self._store.signatures.values()]
        return max((*signed, *(entry.at for entry in self._store.audit_entries.values())), default=None)


class MemoryShownWords:
    """core.signatures.consent.ShownWords."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def keep(self, words: str) -> str:
        self._store.words[words_digest(words)] = words
        return words_digest(words)

    def of(self, digest: str) -> str | None:
        return self._store.words.get(digest)


class MemoryDecisions:
    """core.petition.petition.Decisions."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def of(self, petition: str) -> Decision:
        return self._store.decisions.get(petition, Decision())

    def save(self, petition: str, decision: Decision) -> None:
        self._store.decisions[petition] = decision


@dataclass
class MemoryUpdates:
    """core.ports.Updates."""

    store: MemoryStore

    def add(self, kind: UpdateKind, platform: str, update_id: str, now: dt.datetime) -> bool:
        is_new = not self.has(kind, platform, update_id)
        self.store.updates[kind, platform, update_id] = now
        return is_new

    def has(self, kind: UpdateKind, platform: str, update_id: str) -> bool:
        return (kind, platform, update_id) in self.store.updates
