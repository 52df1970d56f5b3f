"""Searches bytes for what should be gone: personal data in clear, and sealed values that a key opens.

The bytes may be of any file: a database, its log, a heap, a backup, a log of a process. A sealed value is recognized by
its beginning (storage.sealing), in bytes, in hexadecimal or in base64. Whoever has its key can read it without knowing
its context, since GCM only encrypts in counter mode and the tag matters to those who check it. So does this search. It
reads a value's beginning also where the rest was overwritten or is somewhere else.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from storage.sealing import SealingKey, derive
from tests.soak.identity import COMMENT, FIRST, LAST

_NONCE = 12
_LONGEST = 2000  # bytes of a value that are read: more than any detail is away from its beginning
_FIRST_BLOCK = (2).to_bytes(4, "big")  # NIST SP 800-38D, 7.1: the counter begins at 1, which is used for the tag
_JSON = b'{"'
_ACCOUNT = re.compile(rb"(?<![\w.])\d{10,20}(?![\w.])", re.ASCII)
_DETAIL = re.compile(rb"%b[a-j]+|%b\.\d+@|%b \d+" % (LAST.encode(), FIRST.encode(), COMMENT.encode()), re.IGNORECASE)
_CLEAR = (FIRST, LAST, COMMENT)
_AROUND = 40  # bytes shown with a finding


@dataclass(frozen=True, slots=True)
class Value:
    """A sealed value that a key opens: its nonce, and the beginning of what it says."""

    nonce: bytes
    content: bytes


@dataclass(frozen=True)
class Search:
    """A search with all keys that are still there, for everything but what may remain.

    `accounts` are the ids that may not be read anywhere. `remains` gets each value that a key opens.
    """

    keys: Sequence[SealingKey]
    accounts: frozenset[bytes]
    remains: Callable[[Value], bool]
    opened: list[Value] = field(default_factory=list)

    def find(self, place: str, content: bytes) -> Iterator[str]:
        """Describe everything in some bytes that should be gone; `opened` gets what may remain."""
        for words in clear(content, self.accounts):
            yield f"{place}: {words} in clear"
        for value in values(content, self.keys):
            if self.remains(value):
                self.opened.append(value)
            else:
                yield f"{place}: a key opens {value.content[:120]!r}"


@dataclass(frozen=True)
class Remaining:
    """Data that may remain: the nonces of values that are stored now, and the details of the people in them."""

    nonces: frozenset[bytes]
    details: frozenset[bytes]

    @classmethod
    def of(cls, stored: Sequence[Value], *more: bytes) -> Self:
        """Some stored values and more details, which may remain."""
        known = {part for value in stored for part in details(value.content)}
        return cls(frozenset(value.nonce for value in stored), frozenset({*known, *more}))

    def has(self, value: Value) -> bool:
        """Return true if a value is stored now, is an earlier version about the same people, or says nothing of anyone.

        A conversation without answers says nothing of anyone: its person is in the row, by number.
        """
        about = details(value.content)
        if not about:
            is_conversation = value.content.startswith(b'{"petition":')
            return value.nonce in self.nonces or (is_conversation and b'"answers":' not in value.content)
        return value.nonce in self.nonces or about <= self.details


def clear(content: bytes, accounts: frozenset[bytes]) -> Iterator[str]:
    """Personal data that can be read without a key, with what is around it."""
    small = content.lower()
    for word in _CLEAR:
        if (start := small.find(word.lower().encode())) >= 0:
            yield repr(content[max(start - _AROUND, 0) : start + _AROUND])
    for match in _ACCOUNT.finditer(content):
        if match[0] in accounts:
            yield repr(content[max(match.start() - _AROUND, 0) : match.end()])


def values(content: bytes, keys: Sequence[SealingKey]) -> Iterator[Value]:
    """Every sealed value, or beginning of one, that a key opens."""
    for key in keys:
        decrypt = _decryption(key)
        for sealed in _sealed_by(key, content):
            nonce, encrypted = sealed[:_NONCE], sealed[_NONCE:]
            if len(nonce) == _NONCE and (opened := decrypt(nonce, encrypted)).startswith(_JSON):
                yield Value(nonce, _text(opened))


def details(content: bytes) -> frozenset[bytes]:
    """The accounts and the details of made-up people (tests.soak.identity) in some opened content."""
    return frozenset((*_ACCOUNT.findall(content), *(found.lower() for found in _DETAIL.findall(content))))


def _sealed_by(key: SealingKey, content: bytes) -> Iterator[bytes]:
    """The bytes after each beginning that a key's values have, in every form in which files hold bytes."""
    length = len(key.header)
    for start in _all(content, key.header):
        yield content[start + length : start + length + _LONGEST]
    for form in (key.header.hex(), key.header.hex().upper()):
        for start in _all(content, form.encode()):
            digits = re.match(rb"(?:[0-9A-Fa-f]{2})*", content[start : start + 2 * _LONGEST])
            yield bytes.fromhex(digits[0].decode())[length:] if digits else b""
    for start in _all(content, b64encode(key.header)):
        letters = re.match(rb"(?:[A-Za-z0-9+/]{4})*", content[start : start + _LONGEST])
        yield b64decode(letters[0])[length:] if letters else b""


def _all(content: bytes, wanted: bytes) -> Iterator[int]:
    start = content.find(wanted)
    while start >= 0:
        yield start
        start = content.find(wanted, start + 1)


def _decryption(key: SealingKey) -> Callable[[bytes, bytes], bytes]:
    """Decrypt in counter mode, with the key that GCM uses."""
    cipher = AES(derive(key.secret, b"aes-gcm"))
    return lambda nonce, encrypted: Cipher(cipher, CTR(nonce + _FIRST_BLOCK)).decryptor().update(encrypted)


def _text(opened: bytes) -> bytes:
    """The content up to the first byte that no text has: what follows is the tag, or something else."""
    for end, byte in enumerate(opened):
        if byte < 0x20 or byte == 0x7F:
            return opened[:end]
    return opened
