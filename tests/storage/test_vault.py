"""Sealing, opening, rotating and fingerprints."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigurationError, SealError
from storage.sealing import derive
from storage.vault import Vault

OLD, NEW = "the old key, of at least thirty-two characters", "the new key, of at least thirty-two characters"
ROW = ("signatures.sealed", "K7QF-2M9X-PD4T")


@given(st.dictionaries(st.text(), st.text()))
def test_what_is_sealed_can_be_opened_and_not_read(value: dict[str, str]) -> None:
    vault = Vault([OLD])
    sealed = vault.seal(value, *ROW)
    assert vault.open(sealed, *ROW) == value
    assert vault.seal(value, *ROW) != sealed
    assert not any(len(text) > 3 and text.encode() in sealed for text in value.values())


def test_a_new_key_in_front_opens_the_old_and_keeps_the_fingerprints() -> None:
    old, rotated = Vault([OLD]), Vault([NEW, OLD])
    assert rotated.open(old.seal({"a": "b"}, *ROW), *ROW) == {"a": "b"}
    assert rotated.fingerprint("mailbox", "ada") == old.fingerprint("mailbox", "ada")
    with pytest.raises(SealError):
        old.open(rotated.seal({"a": "b"}, *ROW), *ROW)


def test_what_older_versions_sealed_stays_readable() -> None:
    token = Fernet(urlsafe_b64encode(derive(OLD.encode(), b"seal"))).encrypt(b'{"a": "b"}')
    assert Vault([NEW, OLD]).open(token, *ROW) == {"a": "b"}
    assert not Vault([NEW]).opens(token, *ROW)


def test_the_format_is_what_it_was() -> None:
    """Sealed by the first version with this format; later ones must still open it."""
    sealed = bytes.fromhex(SEALED)
    assert Vault([OLD]).open(sealed, *ROW) == {"full_name": "Ada Lovelace"}
    assert (sealed[0], len(sealed)) == (1, 1 + 8 + 12 + len(b'{"full_name": "Ada Lovelace"}') + 16)


@pytest.mark.parametrize("row", [("signatures.sealed", "another"), ("signers.sealed", ROW[1]), ROW[:1], (*ROW, "")])
def test_a_sealed_value_does_not_open_elsewhere(row: tuple[str, ...]) -> None:
    sealed = Vault([OLD]).seal({"a": "b"}, *ROW)
    with pytest.raises(SealError, match="altered or moved"):
        Vault([OLD]).open(sealed, *row)


def test_fingerprints_depend_on_key_and_parts() -> None:
    assert Vault([OLD]).fingerprint("a", "bc") != Vault([OLD]).fingerprint("ab", "c")
    assert Vault([OLD]).fingerprint("a") != Vault([NEW]).fingerprint("a")


@pytest.mark.parametrize("place", [0, 4, 15, 30, -1])
def test_altered_data_is_refused(place: int) -> None:
    sealed = bytearray(Vault([OLD]).seal({"a": "b"}, *ROW))
    sealed[place] ^= 1
    for spoilt in (bytes(sealed), bytes(sealed[: abs(place)])):
        with pytest.raises(SealError):
            Vault([OLD]).open(spoilt, *ROW)


@given(st.text(st.characters(exclude_characters="\0"), max_size=3))
def test_a_veiled_value_is_the_same_text_each_time_only_in_its_context(value: str) -> None:
    vault = Vault([NEW, OLD])
    veiled = vault.veil(value, "region", "elms", "2026-11-23")
    assert vault.unveil(veiled, "region", "elms", "2026-11-23") == value
    assert veiled == Vault([OLD]).veil(value, "region", "elms", "2026-11-23"), "a new key in front changes nothing"
    assert veiled != vault.veil(value, "region", "elms", "2026-11-24")
    assert len(veiled) == len(vault.veil("US-CA", "region"))
    for other in (vault.unveil, Vault([NEW]).unveil):
        with pytest.raises(SealError):
            other(veiled, "region", "elms", "2026-11-24")


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, "short"]])
def test_short_keys_are_refused(keys: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="32 characters"):
        Vault(keys)


SEALED = (
    "018265d48c247b6359eb6f8b2aff16cee0ecb12a4dbf9422ea0dd81bcb84ec502c5e8ab5bfe4628cffba"
    "168f68e27100f431dd3683dd0672e41eb88212885f53114e"
)
