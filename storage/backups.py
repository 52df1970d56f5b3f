"""Backups: copies the database into an archive with a manifest, and restores it completely or not at all."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigurationError
from storage.archive import Archive, Keys, Manifest, Watch, mark_from_text, mark_to_text, newer, write_archive
from storage.copying import copy_in, copy_out, holds_anything
from storage.engine import Database
from storage.opening import prepare_petition_keys, require_key
from storage.schema import check_key, check_mark, knows_revision, upgrade
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Backups:
    """Writes and restores archives of a database. `folder` has room for a temporary copy of it."""

    database: Database
    vault: Vault
    folder: Path
    watch: Watch

    def write(
        self, file: Path, keys: Sequence[str], version: str, now: dt.datetime, *, replace: bool = False
    ) -> Manifest:
        """Write an archive with these keys in it. Raises ConfigurationError, also if the vault has the wrong key.

        Raises FileExistsError if a file has the name in the end, unless the archive may `replace` it.
        """
        petition_keys = self.vault.petition_keys
        with self._room() as room:
            copy = Path(room) / "database"
            contents = copy_out(self.database, copy, self.watch)
            check_mark(self.vault, contents.mark)
            manifest = Manifest(
                version=version, made_at=now, engine=self._engine,
                revision=contents.revision, mark=mark_to_text(contents.mark), counts=contents.counts,
                petition_keys=petition_keys.ids() if petition_keys else {},
            )  # fmt: skip
            included = Keys(keys, petition_keys.wrapped() if keys and petition_keys else {})
            write_archive(file, manifest, copy, included, self.watch, replace=replace)
        return manifest

    def check(self, archive: Archive, *, force: bool) -> None:
        """Raise ConfigurationError unless the archive fits the database, key and version; `force` overwrites data."""
        manifest = archive.manifest
        if manifest.engine != self._engine:
            raise ConfigurationError(f"The archive is from {manifest.engine}, but this database is {self._engine}.")
        if not knows_revision(manifest.revision):
            raise newer(manifest.version)
        check_mark(self.vault, mark_from_text(manifest.mark))
        if not force and holds_anything(self.database):
            raise ConfigurationError("The database is not empty. Use --force to replace everything in it.")
        if self.vault.petition_keys:
            self.vault.petition_keys.check()
            brought = self.vault.petition_keys.ids_in(archive.petition_keys)
            for petition, ids in manifest.petition_keys.items():
                for identity in sorted({*ids} - brought):
                    require_key(self.vault.petition_keys, petition, bytes.fromhex(identity))

    def restore(self, archive: Archive) -> None:
        """Replace the database with an archive, and upgrade it to the current schema.

        Adds the petitions' keys in the archive to ours, except those that were destroyed here, once the database is
        replaced: a key that comes in front would change the fingerprints of the database that we had.
        """
        brought = archive.petition_keys
        with self._room() as room:
            copy = Path(room) / "database"
            archive.extract(copy, self.watch)
            copy_in(self.database, copy, archive.manifest.counts, self.watch)
        if self.vault.petition_keys:
            self.vault.petition_keys.adopt(brought)
        upgrade(self.database, self.vault)
        check_key(self.database, self.vault)
        prepare_petition_keys(self.database, self.vault)

    @property
    def _engine(self) -> str:
        return self.database.engine.dialect.name

    def _room(self) -> AbstractContextManager[str]:
        return tempfile.TemporaryDirectory(prefix="copy-", dir=self.folder)
