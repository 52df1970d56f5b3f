"""Sealing, opening, rotating and fingerprints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigurationError, SealError
from storage.vault import Vault

OLD, NEW = "the old key, of at least thirty-two characters", "the new key, of at least thirty-two characters"


@given(st.dictionaries(st.text(), st.text()))
def test_what_is_sealed_can_be_opened_and_not_read(value: dict[str, str]) -> None:
    vault = Vault([OLD])
    sealed = vault.seal(value)
    assert vault.open(sealed) == value
    assert vault.seal(value) != sealed
    assert not any(len(text) > 3 and text.encode() in sealed for text in value.values())


def test_a_new_key_in_front_opens_the_old_and_keeps_the_fingerprints() -> None:
    old, rotated = Vault([OLD]), Vault([NEW, OLD])
    assert rotated.open(old.seal({"a": "b"})) == {"a": "b"}
    assert rotated.fingerprint("mailbox", "ada") == old.fingerprint("mailbox", "ada")
    with pytest.raises(SealError):
        old.open(rotated.seal({"a": "b"}))


def test_fingerprints_depend_on_key_and_parts() -> None:
    assert Vault([OLD]).fingerprint("a", "bc") != Vault([OLD]).fingerprint("ab", "c")
    assert Vault([OLD]).fingerprint("a") != Vault([NEW]).fingerprint("a")


def test_altered_data_is_refused() -> None:
    sealed = bytearray(Vault([OLD]).seal({"a": "b"}))
    sealed[20] ^= 1
    with pytest.raises(SealError):
        Vault([OLD]).open(bytes(sealed))


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
