"""The keys of one petition, and which of them seals and which makes fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.errors import SealError
from storage.key_files import KeyFile
from storage.sealing import SealingKey


@dataclass(frozen=True)
class KeyRing:
    """The files of a petition's keys, oldest first. `wrapping` is the id of the installation's newest key."""

    petition: str
    wrapping: bytes
    files: Sequence[KeyFile] = ()

    @cached_property
    def ids(self) -> set[bytes]:
        """The ids of all keys."""
        return {file.id for file in self.files}

    @property
    def newest(self) -> SealingKey | None:
        """The key that seals: the last that the installation's newest key wraps."""
        file = self._newest
        return file.key if file else None

    @property
    def oldest(self) -> SealingKey | None:
        """The key that makes fingerprints; None if there are no keys, or `check` fails."""
        return self.files[0].key if self.files else None

    @cached_property
    def used(self) -> set[bytes]:
        """The ids of the keys that make fingerprints and seal."""
        return {file.id for file in (*self.files[:1], self._newest) if file}

    def check(self) -> None:
        """Raise SealError if the key that makes fingerprints can't be unwrapped: no other key makes the same ones."""
        if self.files and not self.oldest:
            raise SealError(f"no known key opens the key of {self.petition}")

    def seals(self) -> bool:
        """Return True if the file of the key that seals is still the one that was read."""
        file = self._newest
        return file is not None and file.is_unchanged()

    @cached_property
    def _newest(self) -> KeyFile | None:
        return next((file for file in reversed(self.files) if file.key and file.wrapped_by == self.wrapping), None)
