"""Seals personal data with keys kept outside the database, and makes keyed fingerprints of it.

Keys of the installation come newest first: the first seals, any of them opens, and the last makes the fingerprints. So
a new key in front changes no fingerprint. What belongs to a petition is sealed with the petition's own key
(storage.petition_keys), which is destroyed when retention erases the petition.
"""

from __future__ import annotations

import copy
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import ConfigurationError, KeyDestroyedError, SealError
from storage.connection import Connection
from storage.petition_keys import PetitionKeys
from storage.sealing import SealingKey, derive, key_id
from storage.veil import Veil

SHORTEST_KEY = 32
PETITION_PRINT = "p"
"""The first letter of a petition's fingerprints, which no hexadecimal digit is."""
_REGION = 15  # bytes that regions are padded to


class Vault:
    """Seals and opens values, each in a context: the column's name and the parts of the row's own key.

    Raises SealError for a value that none of its keys opens in this context. `names` veils the names that organizers
    list. Without a folder for petition keys, the installation's key seals everything.
    """

    def __init__(self, keys: Sequence[str], petition_keys: Path | None = None) -> None:
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            raise ConfigurationError(f"SECRET_KEY must have at least {SHORTEST_KEY} characters.")
        self._keys = [SealingKey(derive(key.encode(), b"seal with aes-gcm")) for key in keys]
        # What versions before 0.3 sealed.
        self._fernets = MultiFernet([Fernet(urlsafe_b64encode(derive(key.encode(), b"seal"))) for key in keys])
        self._print_key = derive(keys[-1].encode(), b"fingerprint")
        self._veil = Veil(derive(keys[-1].encode(), b"veil"), _REGION)
        self.names = self._keys[-1].names
        self.petition_keys = PetitionKeys(petition_keys, self._keys) if petition_keys else None
        self.connection: Connection | None = None

    def within(self, connection: Connection) -> Self:
        """The vault for a transaction, in which it names each petition's key that it is the first to use."""
        bound = copy.copy(self)
        bound.connection = connection
        return bound

    def seal(self, value: Mapping[str, Any], *context: str, petition: str = "") -> bytes:
        """Seal a value, with the key of a petition if it belongs to one."""
        return self.seal_bytes(json.dumps(value, ensure_ascii=False).encode(), *context, petition=petition)

    def open(self, sealed: bytes, *context: str) -> dict[str, Any]:
        """Open a sealed value."""
        opened: dict[str, Any] = json.loads(self.open_bytes(sealed, *context))
        return opened

    def seal_bytes(self, value: bytes, *context: str, petition: str = "") -> bytes:
        """Seal bytes, with the key of a petition if they belong to one."""
        return self._sealing(petition).seal(value, _joined(context))

    def open_bytes(self, sealed: bytes, *context: str) -> bytes:
        """Open sealed bytes."""
        identity = key_id(sealed)
        if not identity:
            return self._open_fernet(sealed)
        for key in self._keys:
            if key.id == identity:
                return key.open(sealed, _joined(context))
        if self.petition_keys and (key_of_petition := self.petition_keys.find(identity)):
            return key_of_petition.open(sealed, _joined(context))
        if self.petition_keys and self.petition_keys.is_destroyed(identity):
            raise KeyDestroyedError("the petition of this was erased")
        raise SealError("no known key opens this")

    def opens(self, sealed: bytes, *context: str) -> bool:
        """Tell if one of the keys opens it, or if its key was destroyed and nobody expects it to open."""
        try:
            self.open_bytes(sealed, *context)
        except KeyDestroyedError:
            return True
        except SealError:
            return False
        return True

    @property
    def header(self) -> bytes:
        """The beginning of what the installation's newest key seals, which identifies the key."""
        return self._keys[0].header

    def is_current(self, sealed: bytes, petition: str = "") -> bool:
        """Tell if the key that seals now has sealed it: a petition's, or the installation's."""
        if not petition or not self.petition_keys:
            return key_id(sealed) == self._keys[0].id
        key = self.petition_keys.find_newest(petition)
        return key is not None and key_id(sealed) == key.id

    def petition_of(self, sealed: bytes) -> str:
        """The petition whose key sealed it; empty if it was the installation's key, or the key is gone."""
        identity = key_id(sealed)
        if not self.petition_keys or not identity or any(key.id == identity for key in self._keys):
            return ""
        return self.petition_keys.petition_of(identity)

    def fingerprint(self, *parts: str) -> str:
        """A keyed hash of the parts (HMAC-SHA-256, hexadecimal). Without the key, it does not lead back to them."""
        return _hmac(self._print_key, *parts)

    def petition_fingerprint(self, petition: str, *parts: str) -> str:
        """A fingerprint that also needs the petition's key, so that destroying the key makes it worthless."""
        return self.petition_fingerprint_of(petition, self.fingerprint(*parts))

    def petition_fingerprint_of(self, petition: str, fingerprint: str) -> str:
        """The petition's fingerprint made from a plain one, as older versions stored."""
        if not self.petition_keys or fingerprint.startswith(PETITION_PRINT):
            return fingerprint
        return _petition_print(self.petition_keys.oldest(petition, self.connection), fingerprint)

    def find_petition_fingerprint(self, petition: str, *parts: str) -> str | None:
        """A petition's fingerprint to look for; None if it has no key yet, so that no row has such a fingerprint."""
        if not self.petition_keys:
            return self.fingerprint(*parts)
        key = self.petition_keys.find_oldest(petition)
        return _petition_print(key, self.fingerprint(*parts)) if key else None

    def _sealing(self, petition: str) -> SealingKey:
        if not petition or not self.petition_keys:
            return self._keys[0]
        return self.petition_keys.newest(petition, self.connection)

    def _open_fernet(self, sealed: bytes) -> bytes:
        try:
            return self._fernets.decrypt(sealed)
        except InvalidToken:
            raise SealError("no known key opens this") from None

    def veil(self, value: str, *context: str) -> str:
        """Seal a short value into the same text each time, for a key of a row; another context gives another text.

        All values of up to 15 bytes look equally long.
        """
        return self._veil.seal(value, *context)

    def unveil(self, veiled: str, *context: str) -> str:
        """Open a value that `veil` sealed in the same context."""
        return self._veil.open(veiled, *context)

    def petition_veil(self, petition: str) -> Veil:
        """The veil for names that belong to a petition; destroying its key makes them worthless."""
        if not self.petition_keys:
            return self.names
        return self.petition_keys.oldest(petition, self.connection).names

    def find_petition_veil(self, petition: str) -> Veil | None:
        """The veil to read a petition's names with; None if it has no key yet, so that it has no names."""
        if not self.petition_keys:
            return self.names
        key = self.petition_keys.find_oldest(petition)
        return key.names if key else None


def _joined(context: Sequence[str]) -> bytes:
    return "\0".join(context).encode()


def _petition_print(key: SealingKey, fingerprint: str) -> str:
    return PETITION_PRINT + _hmac(key.prints, fingerprint)


def _hmac(key: bytes, *parts: str) -> str:
    return hmac.digest(key, "\0".join(parts).encode(), "sha256").hex()
