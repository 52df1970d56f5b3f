"""The format of a sealed value: AES-256-GCM, with the id of its key in front.

A value is a byte for the version, 8 for the key's id, 12 for the nonce, and the ciphertext with its tag. The tag also
covers the version, the id and the context, which names the table, the column and the row. So a value that was moved to
another row doesn't open. Nonces are random: NIST SP 800-38D (8.3) allows 2**32 of them with one key.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import SealError
from storage.veil import Veil

VERSION = b"\x01"
"""Fernet's tokens, which older versions sealed, begin with the letter g."""
ID_LENGTH, _NONCE = 8, 12
_HEADER = len(VERSION) + ID_LENGTH
_NAME = 32  # bytes that names are padded to


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A key of 32 bytes. Its id can be told to anyone; `names` veils rows' keys, `prints` makes fingerprints."""

    secret: bytes = field(repr=False)
    id: bytes = field(init=False)
    names: Veil = field(init=False, repr=False, compare=False)
    prints: bytes = field(init=False, repr=False, compare=False)
    _cipher: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", derive(self.secret, b"id")[:ID_LENGTH])
        object.__setattr__(self, "names", Veil(derive(self.secret, b"veil names"), _NAME))
        object.__setattr__(self, "prints", derive(self.secret, b"fingerprint"))
        object.__setattr__(self, "_cipher", AESGCM(derive(self.secret, b"aes-gcm")))

    @property
    def header(self) -> bytes:
        """The beginning of everything this key seals."""
        return VERSION + self.id

    def seal(self, value: bytes, context: bytes) -> bytes:
        """Seal a value for a context."""
        nonce = os.urandom(_NONCE)
        return self.header + nonce + self._cipher.encrypt(nonce, value, self.header + context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Open a value in the context it was sealed for. Raises SealError."""
        nonce, encrypted = sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, encrypted, self.header + context)
        except (InvalidTag, ValueError):  # ValueError: too short for a nonce
            raise SealError("the sealed data was altered or moved") from None


def key_id(sealed: bytes) -> bytes:
    """The id of the key that sealed a value; empty if an older version sealed it (Fernet)."""
    return sealed[len(VERSION) : _HEADER] if sealed[: len(VERSION)] == VERSION else b""


def derive(secret: bytes, purpose: bytes) -> bytes:
    """A key for one purpose (HKDF-SHA-256)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"undersign " + purpose).derive(secret)
