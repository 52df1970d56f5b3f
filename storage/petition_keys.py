"""The folder of petition keys: each petition has a key of its own, wrapped by the installation's key.

A key is a file, `SLUG.NUMBER.key`, outside the database, so that neither a backup nor the database's log has it. File
and name are on the disk before it seals anything, and it is never changed. The file with the highest number seals, all
of them open, and the lowest makes fingerprints. A new installation key gets a new file, since someone with the old one
may know the key.

The file `destroyed` lists the ids of destroyed keys: what they sealed counts as erased, not as damaged. An id is listed
before its file is overwritten and removed, and is believed whether or not the file is still there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from core.errors import ConfigurationError, SealError, StorageUnavailableError
from core.files import create_whole, make_folder, sync_folder
from storage.key_files import DestroyedKeys, KeyFile, name_of, overwrite, parts_of, wrapped_id, written
from storage.sealing import SealingKey


@dataclass(slots=True)
class PetitionKeys:
    """The keys in a folder, unwrapped by the installation's keys, newest first.

    Looks at the disk each time it seals, so that no process seals with a key that another one destroyed. Raises
    StorageUnavailableError if the folder cannot be read or a new key cannot be written.
    """

    folder: Path
    wrapping: Sequence[SealingKey]
    _rings: dict[str, tuple[KeyFile, ...]] = field(default_factory=dict)
    _by_id: dict[bytes, KeyFile] = field(default_factory=dict)
    _highest: dict[str, int] = field(default_factory=dict)
    _on_disk: set[bytes] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def _destroyed(self) -> DestroyedKeys:
        return DestroyedKeys(self.folder)

    def newest(self, petition: str) -> SealingKey:
        """The key that seals for a petition; a new one if it has none yet."""
        return self._usable(petition)[-1]

    def oldest(self, petition: str) -> SealingKey:
        """The key that makes a petition's fingerprints; a new one if it has none yet."""
        return self._usable(petition)[0]

    def find(self, identity: bytes) -> SealingKey | None:
        """The key with an id, if it is there and can be unwrapped."""
        file = self._file(identity)
        return file.key if file else None

    def petition_of(self, identity: bytes) -> str:
        """The petition whose key has this id; empty if it is not a petition's key."""
        file = self._file(identity)
        return file.petition if file else ""

    def is_destroyed(self, identity: bytes) -> bool:
        """Return True if the key with this id was destroyed."""
        return identity.hex() in self._destroyed.ids()

    def knows(self, identity: bytes) -> bool:
        """Return True unless the key with this id is missing: its file is there, or it was destroyed."""
        return self._file(identity) is not None or self.is_destroyed(identity)

    def ids(self) -> Mapping[str, list[str]]:
        """The ids of all keys by petition, in hexadecimal."""
        self.load()
        return {petition: [each.id.hex() for each in ring] for petition, ring in sorted(self._rings.items())}

    def has_file(self, petition: str) -> bool:
        """Return True if a petition has a key, or one whose destruction was not finished."""
        with self._reported("read"):
            return any(parts_of(path.name)[0] == petition for path in self._paths())

    def headers(self, petition: str) -> list[bytes]:
        """The beginnings of everything that a petition's keys sealed; empty if it has no key."""
        self.load()
        return [each.key.header for each in self._rings.get(petition, ()) if each.key]

    def load(self) -> None:
        """Read all keys again."""
        rings: dict[str, list[KeyFile]] = {}
        with self._lock, self._reported("read"):
            destroyed = self._destroyed.ids()
            for file in self._files():
                self._highest[file.petition] = max(file.number, self._highest.get(file.petition, 0))
                if file.id and file.id.hex() not in destroyed:
                    rings.setdefault(file.petition, []).append(file)
            self._rings = {petition: tuple(sorted(ring, key=attrgetter("number"))) for petition, ring in rings.items()}
            self._by_id = {file.id: file for ring in rings.values() for file in ring}

    def check(self) -> None:
        """Raise ConfigurationError if the folder cannot be used."""
        try:
            make_folder(self.folder)
            self.load()
        except (OSError, StorageUnavailableError):
            raise ConfigurationError(f"PETITION_KEYS_DIR {self.folder} is not a folder that can be used.") from None
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            raise ConfigurationError(f"PETITION_KEYS_DIR {self.folder} must be writable, since new petitions get keys.")

    def destroy(self, petition: str) -> None:
        """Destroy all keys of a petition: list their ids, then overwrite and remove their files.

        If a process is killed meanwhile, another call finishes it.
        """
        with self._lock, self._reported("written"):
            files = [file for file in self._files() if file.petition == petition]
            self._destroyed.add(files)
            for file in files:
                overwrite(file.path)
            sync_folder(self.folder)
        self.load()

    def wrapped(self) -> dict[str, bytes]:
        """The files of all keys by name, for a backup that includes the keys."""
        self.load()
        files = (file for ring in self._rings.values() for file in ring)
        return {file.path.name: file.path.read_bytes() for file in files}

    def ids_in(self, files: Mapping[str, bytes]) -> set[str]:
        """The ids of the keys in a backup's files, in hexadecimal."""
        return {wrapped_id(content).hex() for content in files.values()}

    def adopt(self, files: Mapping[str, bytes]) -> None:
        """Add the keys from a backup, except those that are here or were destroyed here.

        They keep their numbers, since the lowest makes the fingerprints in the backup. A key of ours with the same
        number gets a higher one.
        """
        for name, content in files.items():
            petition, number = parts_of(name)
            if petition and not self.knows(wrapped_id(content)):
                with self._reported("written"):
                    while not create_whole(self._path(petition, number), content):
                        self._move_up(petition, number)
        self.load()

    def _usable(self, petition: str) -> list[SealingKey]:
        """The keys of a petition that can be unwrapped; the last is wrapped by the installation's newest key."""
        ring = self._rings.get(petition, ())
        if not self._seals(ring):
            self.load()
            ring = self._rings.get(petition, ())
            if not self._seals(ring):
                self._make(petition)
                self.load()
                ring = self._rings.get(petition, ())
        current = [each.key for each in ring if each.key and each.wrapped_by == self.wrapping[0].id]
        if not current:
            raise SealError(f"no known key opens the key of {petition}")
        self._ensure_on_disk(current[-1])
        return [each.key for each in ring if each.key and each.key is not current[-1]] + current[-1:]

    def _seals(self, ring: Sequence[KeyFile]) -> bool:
        current = [each for each in ring if each.key and each.wrapped_by == self.wrapping[0].id]
        return bool(current) and current[-1].is_unchanged()

    def _ensure_on_disk(self, key: SealingKey) -> None:
        """Write the folder to the disk before a key's first use, since the process that made it may not be so far."""
        if key.id not in self._on_disk:
            with self._reported("written"):
                sync_folder(self.folder)
            self._on_disk.add(key.id)

    def _make(self, petition: str) -> None:
        """Make a key, unless another process just made it."""
        content = written(SealingKey(os.urandom(32)), petition, self.wrapping[0])
        with self._reported("written"):
            make_folder(self.folder)
            create_whole(self._path(petition, self._highest.get(petition, 0) + 1), content)

    def _move_up(self, petition: str, number: int) -> None:
        """Give a key the next free number."""
        self.load()
        path = self._path(petition, number)
        with suppress(FileNotFoundError):  # another process did
            os.link(path, self._path(petition, self._highest[petition] + 1))
            path.unlink()

    def _path(self, petition: str, number: int) -> Path:
        return self.folder / name_of(petition, number)

    def _file(self, identity: bytes) -> KeyFile | None:
        if identity not in self._by_id:
            self.load()
        return self._by_id.get(identity)

    def _files(self) -> Iterator[KeyFile]:
        """All files, also of keys that are listed as destroyed."""
        for path in self._paths():
            with suppress(FileNotFoundError):  # another process just destroyed it
                yield KeyFile.read(path, self.wrapping)

    def _paths(self) -> list[Path]:
        paths = self.folder.iterdir() if self.folder.exists() else ()
        return sorted(path for path in paths if parts_of(path.name)[0])

    def _reported(self, verb: str) -> _Reported:
        return _Reported(f"The petitions' keys in {self.folder} cannot be {verb}")


@dataclass(frozen=True, slots=True)
class _Reported:
    """Turns an error of the file system into StorageUnavailableError."""

    sentence: str

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Translate the error."""
        if isinstance(error, OSError):
            raise StorageUnavailableError(f"{self.sentence}: {error.strerror}.") from None
