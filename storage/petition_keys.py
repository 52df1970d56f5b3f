"""The folder of petition keys: each petition has a key of its own, wrapped by the installation's key.

A key is a file, `SLUG.NUMBER.key`, outside the database, so that neither a backup nor the database's log has it. It is
on disk before it seals anything, and is never changed. The file with the highest number seals, all of them open, and
the lowest makes fingerprints. A new installation key gets a new file, since someone with the old one may know the key.

Once a key is destroyed, the file `destroyed` lists its id: what it sealed counts as erased, not as damaged.
"""

from __future__ import annotations

import os
import re
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import ConfigurationError, SealError, StorageUnavailableError
from core.files import create_whole, sync_folder
from storage.sealing import ID_LENGTH, SealingKey, key_id

DESTROYED = "destroyed"
_NAME = re.compile(r"(?P<petition>[a-z0-9-]+)\.(?P<number>[1-9]\d*)\.key")


@dataclass(frozen=True, slots=True)
class _KeyFile:
    """A file with a key, or without one if none of the installation's keys unwraps it."""

    path: Path
    stamp: tuple[int, int]
    petition: str
    number: int
    id: bytes
    wrapped_by: bytes
    key: SealingKey | None

    def is_unchanged(self) -> bool:
        try:
            return _stamp(self.path) == self.stamp
        except OSError:
            return False


@dataclass(slots=True)
class PetitionKeys:
    """The keys in a folder, unwrapped by the installation's keys, newest first.

    Looks at the disk each time it seals, so that no process seals with a key that another one destroyed. Raises
    StorageUnavailableError if the folder cannot be read or a new key cannot be written.
    """

    folder: Path
    wrapping: Sequence[SealingKey]
    _rings: dict[str, tuple[_KeyFile, ...]] = field(default_factory=dict)
    _by_id: dict[bytes, _KeyFile] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
        return identity.hex() in self._destroyed()

    def knows(self, identity: bytes) -> bool:
        """Return True unless the key with this id is missing: its file is there, or it was destroyed."""
        return self._file(identity) is not None or self.is_destroyed(identity)

    def ids(self) -> Mapping[str, list[str]]:
        """The ids of all keys by petition, in hexadecimal."""
        self.load()
        return {petition: [each.id.hex() for each in ring] for petition, ring in sorted(self._rings.items())}

    def headers(self, petition: str) -> list[bytes]:
        """The beginnings of everything that a petition's keys sealed; empty if it has no key."""
        self.load()
        return [each.key.header for each in self._rings.get(petition, ()) if each.key]

    def load(self) -> None:
        """Read all keys again."""
        rings: dict[str, list[_KeyFile]] = {}
        with self._lock, self._reported("read"):
            for file in self._files():
                rings.setdefault(file.petition, []).append(file)
            self._rings = {petition: tuple(sorted(ring, key=_number)) for petition, ring in rings.items()}
            self._by_id = {file.id: file for ring in rings.values() for file in ring}

    def check(self) -> None:
        """Raise ConfigurationError if the folder cannot be used."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.load()
        except (OSError, StorageUnavailableError):
            raise ConfigurationError(f"PETITION_KEYS_DIR {self.folder} is not a folder that can be used.") from None

    def destroy(self, petition: str) -> None:
        """Destroy all keys of a petition: list their ids, then overwrite and remove their files."""
        with self._lock, self._reported("written"):
            for file in list(self._files(destroyed=True)):
                if file.petition == petition:
                    self._list_destroyed(file)
                    _overwrite(file.path)
            sync_folder(self.folder)
        self.load()

    def wrapped(self) -> dict[str, bytes]:
        """The files of all keys by name, for a backup that includes the keys."""
        return {file.path.name: file.path.read_bytes() for file in self._files()}

    def ids_in(self, files: Mapping[str, bytes]) -> set[str]:
        """The ids of the keys in a backup's files, in hexadecimal."""
        return {content[:ID_LENGTH].hex() for content in map(_decoded, files.values())}

    def adopt(self, files: Mapping[str, bytes]) -> None:
        """Add the keys from a backup, except those that are here or were destroyed here."""
        for name, content in files.items():
            if match := _NAME.fullmatch(name):
                number, identity = int(match["number"]), _decoded(content)[:ID_LENGTH]
                while not self.knows(identity) and not self._create(match["petition"], number, content):
                    number += 1
        self.load()

    def _usable(self, petition: str) -> list[SealingKey]:
        """The keys of a petition that can be unwrapped; the last is wrapped by the installation's newest key."""
        ring = self._rings.get(petition, ())
        if not self._seals(ring):
            self.load()
            ring = self._rings.get(petition, ())
            if not self._seals(ring):
                self._make(petition, ring[-1].number + 1 if ring else 1)
                self.load()
                ring = self._rings.get(petition, ())
        current = [each.key for each in ring if each.key and each.wrapped_by == self.wrapping[0].id]
        if not current:
            raise SealError(f"no known key opens the key of {petition}")
        return [each.key for each in ring if each.key and each.key is not current[-1]] + current[-1:]

    def _seals(self, ring: Sequence[_KeyFile]) -> bool:
        current = [each for each in ring if each.key and each.wrapped_by == self.wrapping[0].id]
        return bool(current) and current[-1].is_unchanged()

    def _make(self, petition: str, number: int) -> None:
        """Make a key, unless another process just made it."""
        key = SealingKey(os.urandom(32))
        wrapped = self.wrapping[0].seal(key.secret, _context(petition))
        with self._reported("written"):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._create(petition, number, b64encode(key.id + wrapped) + b"\n")

    def _create(self, petition: str, number: int, content: bytes) -> bool:
        return create_whole(self.folder / f"{petition}.{number}.key", content)

    def _file(self, identity: bytes) -> _KeyFile | None:
        if identity not in self._by_id:
            self.load()
        return self._by_id.get(identity)

    def _files(self, *, destroyed: bool = False) -> Iterator[_KeyFile]:
        """All keys, also those listed as destroyed whose files are still there if asked for."""
        gone = set() if destroyed else self._destroyed()
        for path in sorted(self.folder.iterdir()) if self.folder.exists() else ():
            match = _NAME.fullmatch(path.name)
            with suppress(FileNotFoundError):  # another process just destroyed it
                if match and (file := self._read(path, match["petition"], int(match["number"]))).id.hex() not in gone:
                    yield file

    def _read(self, path: Path, petition: str, number: int) -> _KeyFile:
        stamp, content = _stamp(path), _decoded(path.read_bytes())
        identity, wrapped = content[:ID_LENGTH], content[ID_LENGTH:]
        outer = next((key for key in self.wrapping if key.id == key_id(wrapped)), None)
        key = None
        with suppress(SealError):
            key = SealingKey(outer.open(wrapped, _context(petition))) if outer else None
        return _KeyFile(path, stamp, petition, number, identity, outer.id if outer else b"", key)

    def _list_destroyed(self, file: _KeyFile) -> None:
        with (self.folder / DESTROYED).open("ab") as listing:
            listing.write(f"{file.id.hex()} {file.petition}\n".encode("ascii"))
            listing.flush()
            os.fsync(listing.fileno())

    def _destroyed(self) -> set[str]:
        try:
            lines = (self.folder / DESTROYED).read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return set()
        return {line.split()[0] for line in lines if line.strip()}

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


def _overwrite(path: Path) -> None:
    with suppress(FileNotFoundError):  # another process was faster
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _decoded(content: bytes) -> bytes:
    try:
        return b64decode(content)
    except ValueError:
        return b""


def _context(petition: str) -> bytes:
    return b"petition key\0" + petition.encode()


def _number(file: _KeyFile) -> int:
    return file.number


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns
