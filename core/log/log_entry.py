"""The entries of a log as canonical JSON (RFC 8785), and the number of signatures that they add up to."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

import rfc8785

from core.errors import LogError

SALT_SIZE: Final = 32
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LARGEST = 2**53 - 1  # of the whole numbers in canonical JSON


class ExclusionClass(StrEnum):
    """A reason for which a signature doesn't count, as the log names it."""

    DUPLICATE = "duplicate"
    HELD_BACK = "held_back"
    INVALIDATED = "invalidated"


@dataclass(frozen=True, slots=True)
class Received:
    """A signer was told that they signed. `text` is the digest of the version signed.

    `receipt` is the SHA-256 of a salt and the receipt (`hidden_receipt`).
    """

    text: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A signer withdrew the signature whose received entry has this index."""

    entry: int


@dataclass(frozen=True, slots=True)
class Excluded:
    """More signatures of a class don't count: `number` more than in the batch before, at least 1.

    `entries` is the SHA-256 of a salt and the indexes (`hidden_indexes`).
    """

    reason: ExclusionClass
    number: int
    entries: str


@dataclass(frozen=True, slots=True)
class Restored:
    """Fewer signatures of a class are excluded: `number` fewer than in the batch before, at least 1."""

    reason: ExclusionClass
    number: int
    entries: str


LogEntry: TypeAlias = Received | Withdrawn | Excluded | Restored


def hidden_receipt(salt: bytes, receipt: str) -> str:
    """The SHA-256, in hexadecimal, that hides a receipt in the log."""
    return hashlib.sha256(salt + receipt.encode()).hexdigest()


def hidden_indexes(salt: bytes, added: Iterable[int], removed: Iterable[int]) -> str:
    """The SHA-256, in hexadecimal, that hides the entries which a class gained and lost in a batch."""
    return hashlib.sha256(salt + rfc8785.dumps({"added": sorted(added), "removed": sorted(removed)})).hexdigest()


def entry_bytes(entry: LogEntry) -> bytes:
    """An entry as the log holds it."""
    match entry:
        case Received(text, receipt):
            return rfc8785.dumps({"kind": "received", "text": text, "receipt": receipt})
        case Withdrawn(index):
            return rfc8785.dumps({"kind": "withdrawn", "entry": index})
        case Excluded(reason, number, entries):
            return rfc8785.dumps({"kind": "excluded", "class": str(reason), "number": number, "entries": entries})
        case Restored(reason, number, entries):
            return rfc8785.dumps({"kind": "restored", "class": str(reason), "number": number, "entries": entries})


def read_entry(data: bytes) -> LogEntry:
    """Read an entry; raises LogError unless it is exactly what `entry_bytes` writes."""
    try:
        values = json.loads(data)
        entry = _READERS[values["kind"]](values)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LogError("an entry isn't of a known kind") from error
    if entry_bytes(entry) != data:
        raise LogError("an entry isn't canonical JSON")
    return entry


def _received(values: Mapping[str, Any]) -> Received:
    return Received(_digest(values["text"]), _digest(values["receipt"]))


def _withdrawn(values: Mapping[str, Any]) -> Withdrawn:
    return Withdrawn(_whole(values["entry"], 0))


def _excluded(values: Mapping[str, Any]) -> Excluded:
    return Excluded(ExclusionClass(values["class"]), _whole(values["number"], 1), _digest(values["entries"]))


def _restored(values: Mapping[str, Any]) -> Restored:
    return Restored(ExclusionClass(values["class"]), _whole(values["number"], 1), _digest(values["entries"]))


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], LogEntry]]] = {
    "received": _received,
    "withdrawn": _withdrawn,
    "excluded": _excluded,
    "restored": _restored,
}


def _digest(value: Any) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise LogError("an entry has something else where a SHA-256 in hexadecimal belongs")
    return value


def _whole(value: Any, least: int) -> int:
    if type(value) is not int or not least <= value <= _LARGEST:
        raise LogError("an entry has something else where a whole number belongs")
    return value


class LogCount:
    """The sum of a log, entry by entry: received, less withdrawn and excluded, and with restored added."""

    def __init__(self) -> None:
        self._open = bytearray()  # for each index, 1 for a received entry that wasn't withdrawn
        self._received = self._withdrawn = 0
        self._excluded: Counter[ExclusionClass] = Counter()

    def add(self, entry: LogEntry) -> None:
        """Take the next entry; raises LogError for one that contradicts those before it."""
        index = len(self._open)
        is_received = isinstance(entry, Received)
        match entry:
            case Received():
                self._received += 1
            case Withdrawn(received):
                if received >= index or not self._open[received]:
                    raise LogError(f"entry {index} withdraws {received}, where no signature is left to withdraw")
                self._open[received] = 0
                self._withdrawn += 1
            case Excluded(reason, number, _):
                self._excluded[reason] += number
            case Restored(reason, number, _):
                self._excluded[reason] -= number
                if self._excluded[reason] < 0:
                    raise LogError(f"entry {index} restores more signatures than were excluded")
        self._open.append(is_received)

    @property
    def size(self) -> int:
        """The number of entries so far."""
        return len(self._open)

    @property
    def received(self) -> int:
        """Signatures that were received."""
        return self._received

    @property
    def withdrawn(self) -> int:
        """Signatures that their signers withdrew."""
        return self._withdrawn

    @property
    def excluded(self) -> Mapping[ExclusionClass, int]:
        """Signatures that don't count at the moment, by class."""
        return {reason: self._excluded[reason] for reason in ExclusionClass}

    @property
    def number(self) -> int:
        """The number of signatures that count, which is certain at a checkpoint only."""
        return self._received - self._withdrawn - sum(self._excluded.values())
