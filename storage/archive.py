"""The file format of a backup: a zip with a manifest, the copied database and, on request, the key."""

from __future__ import annotations

import datetime as dt
import errno
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, TypeAlias

from pydantic import BaseModel, Field, ValidationError

from core.errors import ConfigurationError
from core.files import written_whole
from core.version import VERSION

Watch: TypeAlias = Callable[[str, int, int], None]
"""Receives progress reports: the name of the step, how much is done, and how much there is in total."""

_MANIFEST, _DATABASE, _KEY = "manifest.json", "database", "secret.key"
_PETITION_KEYS = "petition-keys/"
_FORMAT = 1
_FERNET = "gAAAA"  # the beginning of each of its tokens; none of ours begins so in base64
_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_CHUNK = 1 << 20  # bytes
_OWNERS_ONLY = 0o600 << 16  # where a zip stores the mode


class Manifest(BaseModel, frozen=True):
    """The table of contents of an archive; nothing in it is personal.

    `revision` is the database's schema, `mark` identifies the right key (storage.schema.check_mark), and `counts` has
    the number of signatures by petition and status. `petition_keys` has the ids of the petitions' keys. `version` is
    the version that wrote the archive, or empty if the archive does not name one.
    """

    format: Literal[1] = 1
    version: str = ""
    made_at: dt.datetime
    engine: Literal["sqlite", "postgresql"]
    revision: str
    mark: str
    counts: dict[str, dict[str, int]]
    petition_keys: dict[str, list[str]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that an archive includes: the installation's, newest first, and the files of the petitions' by name."""

    installation: Sequence[str] = field(default=(), repr=False)
    petitions: Mapping[str, bytes] = field(default_factory=dict, repr=False)


class _Origin(BaseModel, frozen=True):
    """The two lines of a manifest that any version can read."""

    format: int
    version: str = ""


class Archive:
    """An archive open for reading. Raises ConfigurationError if it is damaged."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        with _refusing_damage():
            try:
                self.manifest = _manifest(file.read(_MANIFEST))
            except (KeyError, ValidationError):
                raise ConfigurationError("The archive was not made by `undersign backup`.") from None

    @property
    def keys(self) -> list[str]:
        """The keys in the archive, newest first; empty if there are none."""
        if _KEY not in self._file.namelist():
            return []
        with _refusing_damage():
            return self._file.read(_KEY).decode("ascii").split(",")

    @property
    def petition_keys(self) -> dict[str, bytes]:
        """The files of the petitions' keys by name; empty if there are none."""
        names = (name for name in self._file.namelist() if name.startswith(_PETITION_KEYS))
        with _refusing_damage():
            return {name.removeprefix(_PETITION_KEYS): self._file.read(name) for name in names}

    def extract(self, target: Path, watch: Watch) -> None:
        """Write the copied database to a file. Checksums reveal accidental changes."""
        with _refusing_damage(), self._file.open(_DATABASE) as source, target.open("wb") as file:
            size = self._file.getinfo(_DATABASE).file_size
            for done in _pour(source, file):
                watch("Unpacking", done, size)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open the archive in a file. Raises ConfigurationError if it is damaged or not an archive."""
    with _refusing_damage():
        file = zipfile.ZipFile(path)
        if any(member.compress_type not in _COMPRESSIONS for member in file.infolist()):
            raise _damaged()
    with file:
        yield Archive(file)


@contextmanager
def _refusing_damage() -> Iterator[None]:
    """Damage may look like a member that isn't there, a password, or an offset before the file."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError, ValueError):
        raise _damaged() from None
    except OSError as error:
        if error.errno == errno.EINVAL:
            raise _damaged() from None
        raise


def _damaged() -> ConfigurationError:
    return ConfigurationError("The archive is damaged or incomplete: nothing was changed.")


def write_archive(
    path: Path, manifest: Manifest, database: Path, keys: Keys, watch: Watch, *, replace: bool = False
) -> None:
    """Write an archive that only its owner may read. It gets its name once it is complete.

    Raises FileExistsError if a file has the name by then, unless it may `replace` it.
    """
    stamp = manifest.made_at.timetuple()[:6]
    with written_whole(path, replace=replace) as draft, zipfile.ZipFile(draft, "w") as file:
        file.writestr(_member(_MANIFEST, stamp), manifest.model_dump_json(indent=2))
        if keys.installation:
            file.writestr(_member(_KEY, stamp), ",".join(keys.installation))
        for name, content in keys.petitions.items():
            file.writestr(_member(_PETITION_KEYS + name, stamp), content)
        size = database.stat().st_size
        with file.open(_member(_DATABASE, stamp), "w", force_zip64=True) as target, database.open("rb") as source:
            for done in _pour(source, target):
                watch("Compressing", done, size)


def mark_to_text(mark: bytes) -> str:
    """A database's mark as a manifest writes it."""
    return b64encode(mark).decode("ascii")


def mark_from_text(text: str) -> bytes:
    """The mark in a manifest; versions before 0.3 wrote a Fernet token as it was."""
    try:
        return text.encode("ascii") if text.startswith(_FERNET) else b64decode(text)
    except ValueError:
        return b""  # which no key opens


def newer(version: str) -> ConfigurationError:
    """The error for an archive that a newer version wrote in a format unknown to this one."""
    writer = f"Undersign {version}" if version else "a newer version of Undersign"
    return ConfigurationError(
        f"The archive was written by {writer}, and this is {VERSION}: restore it with that version or a newer one."
    )


def _manifest(text: bytes) -> Manifest:
    origin = _Origin.model_validate_json(text)
    if origin.format > _FORMAT:
        raise newer(origin.version)
    return Manifest.model_validate_json(text)


def _member(name: str, stamp: tuple[int, ...]) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, stamp)  # type: ignore[arg-type]  # six numbers
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = _OWNERS_ONLY
    return member


def _pour(source: IO[bytes], target: IO[bytes]) -> Iterator[int]:
    """Copy, yielding the number of bytes copied so far."""
    done = 0
    while chunk := source.read(_CHUNK):
        target.write(chunk)
        done += len(chunk)
        yield done
