"""The files in the folder of petition keys: one for each key, and the list of destroyed keys."""

from __future__ import annotations

import os
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.errors import SealError, StorageUnavailableError
from core.files import sync_folder
from storage.sealing import ID_LENGTH, SealingKey, key_id

DESTROYED = "destroyed"
SETTLED = 2.0  # seconds, the resolution of the coarsest file systems
_NAME = re.compile(r"(?P<petition>[a-z0-9-]+)\.(?P<number>[1-9]\d*)\.key")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file with a key, or without one if none of the installation's keys unwraps it.

    Its id is empty if a process was killed after it had overwritten the file.
    """

    path: Path
    stamp: tuple[int, int]
    petition: str
    number: int
    id: bytes
    wrapped_by: bytes
    key: SealingKey | None

    @classmethod
    def read(cls, path: Path, wrapping: Sequence[SealingKey]) -> Self:
        """Read a file, and unwrap the key in it with one of the installation's. Raises OSError."""
        petition, number = parts_of(path.name)
        stamp, content = _stamp(path), _decoded(path.read_bytes())
        identity, wrapped = content[:ID_LENGTH], content[ID_LENGTH:]
        outer = next((key for key in wrapping if key.id == key_id(wrapped)), None)
        key = None
        with suppress(SealError):
            key = SealingKey(outer.open(wrapped, _context(petition))) if outer else None
        return cls(path, stamp, petition, number, identity, outer.id if outer else b"", key)

    def is_unchanged(self) -> bool:
        """Return True if the file is still the one that was read."""
        try:
            return _stamp(self.path) == self.stamp
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class DestroyedKeys:
    """The list of destroyed keys: a line for each, with its id in hexadecimal and its petition."""

    folder: Path

    def ids(self) -> set[str]:
        """The ids on the list, in hexadecimal."""
        try:
            lines = (self.folder / DESTROYED).read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return set()
        return {line.split()[0] for line in lines if line.strip()}

    def add(self, files: Sequence[KeyFile]) -> None:
        """Add ids to the list, which is on the disk once this returns."""
        listed = self.ids()
        new = "".join(f"{file.id.hex()} {file.petition}\n" for file in files if file.id and file.id.hex() not in listed)
        if new:
            with (self.folder / DESTROYED).open("a", encoding="ascii") as listing:
                listing.write(f"\n{new}")  # someone may have added a line by hand without ending it
                listing.flush()
                os.fsync(listing.fileno())
            sync_folder(self.folder)


@dataclass(slots=True)
class FolderWatch:
    """Tells if keys may have come or gone since the folder was read, so that nobody reads it for each row.

    Two changes within the resolution of a file system's clock look the same, so a folder that has just changed counts
    as changing until it has looked the same for a few seconds. `clock` counts seconds.
    """

    folder: Path
    clock: Callable[[], float] = time.monotonic
    _stamp: tuple[int, ...] = ()
    _since: float = 0.0
    _is_settled: bool = False

    def begin(self) -> None:
        """Note the state of the folder that is about to be read."""
        stamp, now = self._look(), self.clock()
        if stamp != self._stamp:
            self._stamp, self._since = stamp, now
        self._is_settled = bool(stamp) and now - self._since > SETTLED

    def may_have_changed(self) -> bool:
        """Return True unless the folder is as it was when it was read."""
        return not self._is_settled or self._look() != self._stamp

    def _look(self) -> tuple[int, ...]:
        """Sizes and times of the folder and of the list of destroyed keys; empty without a folder."""
        try:
            states = [self.folder.stat()]
            with suppress(FileNotFoundError):
                states.append((self.folder / DESTROYED).stat())
        except OSError:
            return ()
        return tuple(part for each in states for part in (each.st_dev, each.st_ino, each.st_mtime_ns, each.st_size))


@dataclass(frozen=True, slots=True)
class Reported:
    """Turns a file-system error into StorageUnavailableError."""

    sentence: str

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Translate the error."""
        if isinstance(error, OSError):
            raise StorageUnavailableError(f"{self.sentence}: {error.strerror}.") from None


def name_of(petition: str, number: int) -> str:
    """The name of the file with a petition's key."""
    return f"{petition}.{number}.key"


def parts_of(name: str) -> tuple[str, int]:
    """The petition and the number in the name of a key's file; an empty petition if it is another file."""
    match = _NAME.fullmatch(name)
    return (match["petition"], int(match["number"])) if match else ("", 0)


def wrap_key(key: SealingKey, petition: str, wrapping: SealingKey) -> bytes:
    """Wrap a petition's key with the installation's; return the content of its file."""
    return b64encode(key.id + wrapping.seal(key.secret, _context(petition))) + b"\n"


def wrapped_id(content: bytes) -> bytes:
    """The id of the key in a file's content; empty if there is none."""
    return _decoded(content)[:ID_LENGTH]


def overwrite(path: Path) -> None:
    """Overwrite a file on the disk, then remove it. Raises OSError."""
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


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns
