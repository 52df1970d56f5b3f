"""The folder of petition keys: each petition has a key of its own, wrapped by the installation's key.

A key is a file, `SLUG.NUMBER.key`, outside the database, so that neither a backup nor the database's log has it. File
and name are on the disk before it seals anything, and it is never changed. The file with the highest number seals, all
of them open, and the lowest makes fingerprints. A new installation key gets a new file, since someone with the old one
may know the key.

The database names the keys that were used (storage.key_names). While a key that a process has seen, or that the
database names, is neither there nor destroyed, the petition gets no other: the folder may only be unmounted.

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
from storage.connection import Connection
from storage.key_files import (
    DestroyedKeys,
    FolderWatch,
    KeyFile,
    Reported,
    name_of,
    overwrite,
    parts_of,
    wrap_key,
    wrapped_id,
)
from storage.key_names import KeyNames
from storage.key_ring import KeyRing
from storage.sealing import SealingKey


@dataclass(slots=True)
class PetitionKeys:
    """The keys in a folder, unwrapped by the installation's keys, newest first.

    Looks at the disk each time it seals, so that no process seals with a key that another one destroyed. Raises
    StorageUnavailableError if the folder cannot be read, a new key cannot be written, or a key is missing; SealError if
    none of the installation's keys unwraps a petition's oldest key.
    """

    folder: Path
    wrapping: Sequence[SealingKey]
    _rings: dict[str, KeyRing] = field(default_factory=dict)
    _by_id: dict[bytes, KeyFile] = field(default_factory=dict)
    _seen: dict[str, set[bytes]] = field(default_factory=dict)
    _lost: set[str] = field(default_factory=set)
    _destroyed_ids: set[str] = field(default_factory=set)
    _watch: FolderWatch = field(init=False)
    _names: KeyNames = field(default_factory=KeyNames)
    _highest: dict[str, int] = field(default_factory=dict)
    _on_disk: set[bytes] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._watch = FolderWatch(self.folder)

    @property
    def _destroyed(self) -> DestroyedKeys:
        return DestroyedKeys(self.folder)

    def newest(self, petition: str, connection: Connection | None = None) -> SealingKey:
        """The key that seals for a petition; a new one if it has none yet. Its first transaction names it."""
        return self._usable(petition, connection)[1]

    def oldest(self, petition: str, connection: Connection | None = None) -> SealingKey:
        """The key that makes a petition's fingerprints; a new one if it has none yet."""
        return self._usable(petition, connection)[0]

    def find_newest(self, petition: str) -> SealingKey | None:
        """The key that seals for a petition, if it has one."""
        return self._ring(petition).newest

    def find_oldest(self, petition: str) -> SealingKey | None:
        """The key that makes a petition's fingerprints, if it has one."""
        return self._ring(petition).oldest

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
        if identity.hex() not in self._destroyed_ids:
            self._refresh()
        return identity.hex() in self._destroyed_ids

    def knows(self, identity: bytes) -> bool:
        """Return True unless the key with this id is missing: its file is there, or it was destroyed."""
        return self._file(identity) is not None or self.is_destroyed(identity)

    def ids(self) -> Mapping[str, list[str]]:
        """The ids of all keys by petition, in hexadecimal."""
        self.load()
        return {petition: [each.id.hex() for each in ring.files] for petition, ring in sorted(self._rings.items())}

    def has_file(self, petition: str) -> bool:
        """Return True if a petition has a key, or one whose destruction was not finished."""
        with self._reported("read"):
            return any(parts_of(path.name)[0] == petition for path in self._paths())

    def headers(self, petition: str) -> list[bytes]:
        """The beginnings of everything that a petition's keys sealed. Raises SealError if one can't be unwrapped."""
        self.load()
        files = [each for each in self._in_memory(petition).files if each.id]
        if not all(each.key for each in files):
            raise SealError("a key of the petition needs an older secret key")
        return [each.key.header for each in files if each.key]

    def load(self) -> None:
        """Read all keys again."""
        rings: dict[str, list[KeyFile]] = {}
        with self._lock, self._reported("read"):
            self._watch.begin()
            files = list(self._files())
            destroyed = self._destroyed.ids()  # listed before a file is removed, so read after the files
            for file in files:
                self._highest[file.petition] = max(file.number, self._highest.get(file.petition, 0))
                if file.id and file.id.hex() not in destroyed:
                    rings.setdefault(file.petition, []).append(file)
            for found in rings.values():
                found.sort(key=attrgetter("number"))
            outer = self.wrapping[0].id
            self._rings = {petition: KeyRing(petition, outer, found) for petition, found in rings.items()}
            self._by_id = {file.id: file for ring in rings.values() for file in ring}
            self._destroyed_ids = destroyed
            self._find_lost()

    def check(self) -> None:
        """Raise ConfigurationError if the folder cannot be used."""
        try:
            make_folder(self.folder)
            self.load()
        except (OSError, StorageUnavailableError):
            raise ConfigurationError(f"PETITION_KEYS_DIR {self.folder} is not a folder that can be used.") from None
        if not os.access(self.folder, os.R_OK | os.W_OK | os.X_OK):
            raise ConfigurationError(f"PETITION_KEYS_DIR {self.folder} must be writable, since new petitions get keys.")

    def check_unwrapped(self) -> None:
        """Raise ConfigurationError if a petition's oldest key cannot be unwrapped: its fingerprints would change."""
        self.load()
        for petition, ring in sorted(self._rings.items()):
            try:
                ring.check()
            except SealError:
                raise ConfigurationError(
                    f"The key of the petition {petition} in {self.folder} needs an older secret key: put it back "
                    "into SECRET_KEY, in front of the oldest. Otherwise people could sign twice."
                ) from None

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
        files = (file for ring in self._rings.values() for file in ring.files)
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

    def _usable(self, petition: str, connection: Connection | None) -> tuple[SealingKey, SealingKey]:
        """The keys of a petition that make fingerprints and seal."""
        ring = self._ring(petition)
        if connection is not None and not (ring.files and self._names.has(ring.used)):
            self._remember(petition, self._names.read(connection, petition, before_new=not ring.newest))
            ring = self._ring(petition)
        if not ring.newest:
            self._make(petition)
            self.load()
            ring = self._ring(petition)
        oldest, newest = ring.oldest, ring.newest
        if not oldest or not newest:
            raise SealError(f"no known key opens the key of {petition}")
        self._ensure_on_disk(newest)
        if connection is not None and not self._names.has(ring.used):
            self._names.write(connection, petition, ring.used)
        return oldest, newest

    def _ring(self, petition: str) -> KeyRing:
        """The keys of a petition, read again if they have changed. Raises an error if the oldest can't be used."""
        ring = self._in_memory(petition)
        if ring.newest and not ring.seals():
            self.load()
        elif not ring.newest or petition in self._lost:
            self._refresh()
        if petition in self._lost:
            raise StorageUnavailableError(f"The key of the petition {petition} is missing in {self.folder}.")
        ring = self._in_memory(petition)
        ring.check()
        return ring

    def _in_memory(self, petition: str) -> KeyRing:
        return self._rings.get(petition) or KeyRing(petition, self.wrapping[0].id)

    def _remember(self, petition: str, ids: set[bytes]) -> None:
        """Note the keys that a petition must have unless they were destroyed."""
        with self._lock:
            self._seen.setdefault(petition, set()).update(ids)
            self._find_lost()

    def _find_lost(self) -> None:
        """Find the petitions that lack a key they had."""
        for petition, ring in self._rings.items():
            self._seen.setdefault(petition, set()).update(ring.ids)
        for ids in self._seen.values():
            ids -= {each for each in ids if each.hex() in self._destroyed_ids}
        self._lost = {petition for petition, ids in self._seen.items() if ids - self._in_memory(petition).ids}

    def _ensure_on_disk(self, key: SealingKey) -> None:
        """Write the folder to the disk before a key's first use, since the process that made it may not be so far."""
        if key.id not in self._on_disk:
            with self._reported("written"):
                sync_folder(self.folder)
            self._on_disk.add(key.id)

    def _make(self, petition: str) -> None:
        """Make a key, unless another process just made it."""
        content = wrap_key(SealingKey(os.urandom(32)), petition, self.wrapping[0])
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

    def _refresh(self) -> None:
        """Read all keys again if anything has changed."""
        if self._watch.may_have_changed():
            self.load()

    def _file(self, identity: bytes) -> KeyFile | None:
        if identity not in self._by_id and identity.hex() not in self._destroyed_ids:  # destroyed for good
            self._refresh()
        return self._by_id.get(identity)

    def _files(self) -> Iterator[KeyFile]:
        """All files, also of keys that are listed as destroyed."""
        for path in self._paths():
            with suppress(FileNotFoundError):  # another process just destroyed it
                yield KeyFile.read(path, self.wrapping)

    def _paths(self) -> list[Path]:
        paths = self.folder.iterdir() if self.folder.exists() else ()
        return sorted(path for path in paths if parts_of(path.name)[0])

    def _reported(self, verb: str) -> Reported:
        return Reported(f"The petitions' keys in {self.folder} cannot be {verb}")
