"""Rows from an older version do no harm."""

from __future__ import annotations

from typing import Any

from core.conversation.state import Conversation
from storage import mappers
from storage.contexts import context_of
from storage.vault import Vault


def test_a_conversation_that_cannot_be_read_any_more_begins_anew(vault: Vault) -> None:
    row: Any = mappers.conversation_to_row(7, Conversation("elms", "en", answers={"who": "Ada"}), vault)
    assert mappers.row_to_conversation(row, vault) == Conversation("elms", "en", answers={"who": "Ada"})
    old = {**row, "sealed": vault.seal({"stage": "a stage of old"}, *context_of("conversations", row))}
    assert mappers.row_to_conversation(old, vault) is None
