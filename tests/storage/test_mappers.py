"""Rows from an older version do no harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.conversation.state import Conversation
from core.signatures.signature import Signer
from core.updates import UpdateKind
from storage import mappers
from storage.contexts import context_of
from storage.vault import Vault
from tests.conftest import KEY

ADA = Signer("telegram", "42")
UPDATES = ("8d3dda485d41f1b7", "5b2c04bd485e510a", "9c5f37a41e5d9e6b")
MAILBOX = "257317de815732199db23415adcf148ed5c6c57cd33ffdda5c05d8192660b73a"


def test_a_conversation_that_cannot_be_read_any_more_begins_anew(vault: Vault) -> None:
    row: Any = mappers.conversation_to_row(7, Conversation("elms", "en", answers={"who": "Ada"}), vault)
    assert mappers.row_to_conversation(row, vault) == Conversation("elms", "en", answers={"who": "Ada"})
    old = {**row, "sealed": vault.seal({"stage": "a stage of old"}, *context_of("conversations", row))}
    assert mappers.row_to_conversation(old, vault) is None


@pytest.mark.parametrize(
    ("made", "before"),
    [
        (lambda vault: mappers.referral_of("K7QF-2M9X-PD4T", vault), "r5yycepq5ts1w"),
        (lambda vault: mappers.stored_label("rabcdefghijkl", vault), "own~509683e3f871aa5d"),
        (lambda vault: mappers.fingerprint_of(ADA, vault)[:16], "15b0eb23166d1832"),
        (lambda vault: mappers.fingerprint_of_organizer(ADA, vault)[:16], "746633101e1a358d"),
        (lambda vault: mappers.fingerprint_of_update(UpdateKind.ERASED, "telegram", "7", vault)[:16], UPDATES[0]),
        (lambda vault: mappers.fingerprint_of_update(UpdateKind.COMMAND, "telegram", "7", vault)[:16], UPDATES[1]),
        (lambda vault: mappers.fingerprint_of_update(UpdateKind.SHARED, "telegram", "7", vault)[:16], UPDATES[2]),
        (lambda vault: mappers.find_mailbox("elms", "ada@example.org", vault), MAILBOX),
    ],
    ids=["share link", "stored label", "signer", "organizer", "erased", "command", "shared", "mailbox"],
)
def test_what_rows_and_links_hold_is_made_as_before(made: Callable[[Vault], str], before: str) -> None:
    """People have shared the links, and rows are found by the fingerprints, so no version may make others."""
    assert made(Vault([KEY])) == before
