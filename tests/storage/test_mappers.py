"""Rows from an older version do no harm."""

from __future__ import annotations

from core.conversation.state import Conversation
from storage import mappers
from storage.vault import Vault


def test_a_conversation_that_cannot_be_read_any_more_begins_anew(vault: Vault) -> None:
    assert mappers.conversation_of(vault.seal({"petition": "elms", "stage": "a stage of old"}), vault) is None
    kept = mappers.conversation_to_row(Conversation("elms", "en", answers={"who": "Ada"}), vault)
    assert mappers.conversation_of(kept["sealed"], vault) == Conversation("elms", "en", answers={"who": "Ada"})
