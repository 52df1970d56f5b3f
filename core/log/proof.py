"""Proofs that a log received a signature, as files that c2sp.org/tlog-proof describes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final, Self

import rfc8785

from core.errors import LogError
from core.log.base64_text import decoded, encoded
from core.log.log_entry import SALT_SIZE, Received, entry_bytes, hidden_receipt
from core.log.signed_note import SignedNote
from core.log.tree import HASH_SIZE

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
SUFFIX: Final = ".tlog-proof"
LARGEST_PROOF: Final = 64 * 1024
"""Bytes that a reader needs to accept at most."""

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,17})")
_LONGEST_PATH = 64


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """The facts that open the hidden part of a received entry."""

    receipt: str
    salt: bytes
    text: str

    @property
    def entry(self) -> bytes:
        """The entry as the log holds it."""
        return entry_bytes(Received(self.text, hidden_receipt(self.salt, self.receipt)))

    def __str__(self) -> str:
        values = {"receipt": self.receipt, "salt": self.salt.hex(), "text": self.text}
        return encoded(rfc8785.dumps(values))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the `extra` part of a proof; raises LogError if it isn't what `str()` gives."""
        content = decoded(text, "The proof's extra line doesn't open an entry.")
        try:
            values = json.loads(content)
            opened = cls(str(values["receipt"]), bytes.fromhex(values["salt"]), str(values["text"]))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise LogError("The proof's extra line doesn't open an entry.") from error
        if len(opened.salt) != SALT_SIZE or str(opened) != text:
            raise LogError("The proof's extra line doesn't open an entry.")
        return opened


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A proof file: what opens the entry, its index, the hashes beside its path, and the signed checkpoint.

    `str()` gives the file.
    """

    opened: OpenedEntry
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: SignedNote

    def __str__(self) -> str:
        hashes = "".join(f"{encoded(sibling)}\n" for sibling in self.hashes)
        return f"{FIRST_LINE}\nextra {self.opened}\nindex {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def parse(cls, file: str) -> Self:
        """Read a proof, but verify nothing yet; raises LogError if it is malformed or has no `extra` line."""
        head, separator, note = file.partition("\n\n")
        first, *lines = head.split("\n")
        if first != FIRST_LINE or not separator:
            raise LogError(f"This isn't a proof: its first line has to be {FIRST_LINE}.")
        extra, *lines = lines or [""]
        if not extra.startswith("extra "):
            raise LogError("The proof has no extra line, which opens the entry.")
        index = _INDEX.fullmatch(lines[0] if lines else "")
        if not index or len(lines) > 1 + _LONGEST_PATH:
            raise LogError("The proof names no index, or has too many hashes.")
        opened = OpenedEntry.parse(extra.removeprefix("extra "))
        return cls(opened, int(index[1]), tuple(map(_hash, lines[1:])), SignedNote.parse(note))


def _hash(line: str) -> bytes:
    value = decoded(line, "A hash of the proof isn't base64.")
    if len(value) != HASH_SIZE:
        raise LogError("A hash of the proof isn't a SHA-256 hash.")
    return value
