"""Notes signed with Ed25519, as c2sp.org/signed-note describes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.errors import LogError
from core.log.base64_text import decoded, encoded

_ED25519: Final = b"\x01"
_ID_SIZE, _KEY_SIZE = 4, 32
_MARK = "\N{EM DASH} "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_MOST_SIGNATURES = 64
_NOT_BASE64 = "A part of the note or key isn't base64."


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name; `str()` gives the line that verifiers take."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(map(str.isspace, self.name)):
            raise LogError(f"{self.name!r} can't name a key: it has spaces or a plus sign, or is empty")
        if len(self.public) != _KEY_SIZE:
            raise LogError(f"an Ed25519 key has {_KEY_SIZE} bytes, not {len(self.public)}")

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a verifier key from its line; raises LogError for anything but a valid Ed25519 key."""
        parts = line.strip().split("+", 2)
        if len(parts) != 3:
            raise LogError("A verifier key has three parts with a plus sign between them: name+id+key.")
        data = decoded(parts[2], _NOT_BASE64)
        if data[:1] != _ED25519:
            raise LogError("The verifier key isn't an Ed25519 key.")
        key = cls(parts[0], data[1:])
        if key.id.hex() != parts[1]:
            raise LogError("The verifier key's id doesn't match its name and key.")
        return key

    @property
    def id(self) -> bytes:
        """The four bytes that name the key in signature lines."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_SIZE]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{encoded(_ED25519 + self.public)}"

    def has_signed(self, text: str, signature: bytes) -> bool:
        """True if the signature over the text is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private Ed25519 key of 32 bytes with its name."""

    name: str
    private: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> NoteSignature:
        """Sign a text."""
        return NoteSignature(self.name, self.verifier.id, self._key.sign(text.encode()))

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.private)


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """A signature under a note: name and id of the key, and the signature's bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_MARK}{self.name} {encoded(self.key_id + self.signature)}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a signature line without its line break; raises LogError if it is malformed."""
        parts = line.removeprefix(_MARK).split(" ")
        if not line.startswith(_MARK) or len(parts) != 2 or not parts[0] or "+" in parts[0]:
            raise LogError("A signature line of the note is malformed.")
        data = decoded(parts[1], _NOT_BASE64)
        if len(data) <= _ID_SIZE:
            raise LogError("A signature of the note is too short.")
        return cls(parts[0], data[:_ID_SIZE], data[_ID_SIZE:])


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text, which ends with a line break, and the signatures under it; `str()` gives the whole note."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def parse(cls, note: str) -> Self:
        """Read a note, but trust nothing yet; raises LogError if it is malformed."""
        text, separator, signatures = note.rpartition("\n\n")
        if not separator or not signatures.endswith("\n") or _CONTROL.search(note):
            raise LogError("This isn't a signed note: it needs a text, an empty line, and signatures.")
        lines = signatures[:-1].split("\n")
        if len(lines) > _MOST_SIGNATURES:
            raise LogError(f"The note has more than {_MOST_SIGNATURES} signatures.")
        return cls(text + "\n", tuple(NoteSignature.parse(line) for line in lines))

    def signed_by(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """The keys among `keys` that signed the note; raises LogError if a signature of one of them is wrong.

        Signatures of other keys are ignored. A reader must refuse a note for which this is empty.
        """
        known = {(key.name, key.id): key for key in keys}
        signed = []
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is None:
                continue
            if not key.has_signed(self.text, signature.signature):
                raise LogError(f"The signature of {key.name} doesn't match the note.")
            signed.append(key)
        return tuple(dict.fromkeys(signed))


def sign_note(text: str, keys: Iterable[SignerKey]) -> SignedNote:
    """Sign a text, which must end with a line break, with each key; raises LogError for one that no note can hold."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise LogError("the text of a note ends with a line break and has no control characters")
    return SignedNote(text, tuple(key.sign(text) for key in keys))
