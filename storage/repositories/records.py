"""The repositories of petitions that outlive their folders, of their versions, and of moments."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from core.petition.retention import PetitionRecord
from core.petition.versions import PetitionVersion
from storage.repositories.base import Repository
from storage.statements import records as sql


class SqlPetitionRecords(Repository):
    """See core.petition.retention.PetitionRecords."""

    def all(self) -> tuple[PetitionRecord, ...]:
        return tuple(PetitionRecord(**row) for row in self._run(sql.RECORDS).mappings())

    def of(self, petition: str) -> PetitionRecord | None:
        row = self._run(sql.RECORD, petition=petition).mappings().first()
        return PetitionRecord(**row) if row else None

    def remember(self, record: PetitionRecord) -> None:
        self._run(sql.REMEMBER, **asdict(record))

    def schedule(self, petition: str, at: dt.datetime | None) -> None:
        self._run(sql.SCHEDULE, petition=petition, at=at)


class SqlVersions(Repository):
    """See core.petition.versions.Versions."""

    def of(self, petition: str, digest: str) -> PetitionVersion | None:
        row = self._run(sql.VERSION, slug=petition, sha256=digest).mappings().first()
        return PetitionVersion(**row) if row else None

    def all(self, petition: str) -> tuple[PetitionVersion, ...]:
        return tuple(PetitionVersion(**row) for row in self._run(sql.VERSIONS, slug=petition).mappings())

    def remember(self, version: PetitionVersion) -> None:
        self._run(sql.REMEMBER_VERSION, **asdict(version))

    def complete(self, version: PetitionVersion) -> None:
        about = {"code": version.language, "words": version.content}
        self._run(sql.COMPLETE_VERSION, slug=version.petition, sha256=version.digest, **about)


class SqlMoments(Repository):
    """See core.petition.retention.Moments."""

    def of(self, name: str) -> dt.datetime | None:
        return self._run(sql.MOMENT, moment=name).scalar()

    def save(self, name: str, at: dt.datetime) -> None:
        self._run(sql.SAVE_MOMENT, name=name, at=at)

    def newest_event(self) -> dt.datetime | None:
        found = (self._run(statement).scalar() for statement in sql.EVENTS)
        return max((moment for moment in found if moment), default=None)
