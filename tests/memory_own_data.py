"""Everything about one signer, read from memory, for tests/fakes.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from core.conversation.state import Conversation
from core.conversation.stored_data import StoredAccount, StoredConversation, StoredData, StoredEntry, StoredSignature
from core.ports import Person
from core.signatures.signature import Signature
from tests.memory_outbox import Stored


class OwnDataStore(Protocol):
    """The committed values about people; `times` has when some of them were written."""

    people: dict[tuple[str, str], Person]
    conversations: dict[tuple[int, str], Conversation]
    signatures: dict[int, tuple[int | None, Signature]]
    outbox: dict[int, Stored]
    times: dict[tuple[object, ...], dt.datetime]


@dataclass
class MemoryOwnData:
    """core.conversation.stored_data.OwnData."""

    store: OwnDataStore

    def of(self, person_id: int) -> StoredData:
        """Everything about a person."""
        (person,) = (one for one in self.store.people.values() if one.id == person_id)
        account = StoredAccount(
            person.signer.platform, person.signer.user_id, self.store.times["met", person_id], person.locale,
            person.focus, person.reachable, person.details, person.seen, person.reads_whole,
        )  # fmt: skip
        entries = (
            StoredEntry(stored.entry.topic, stored.entry.due, stored.entry.payload)
            for stored in self.store.outbox.values()
            if stored.person == person_id
        )
        conversations = sorted(self._conversations(person_id), key=lambda one: (one.updated_at, one.petition))
        return StoredData(account, tuple(self._signatures(person_id)), tuple(conversations), tuple(entries))

    def _signatures(self, person_id: int) -> Iterator[StoredSignature]:
        for owner, signature in self.store.signatures.values():
            if owner == person_id:
                yield StoredSignature(signature, self.store.times.get(("withdrawn", signature.id), signature.signed_at))

    def _conversations(self, person_id: int) -> Iterator[StoredConversation]:
        for (owner, petition), conversation in self.store.conversations.items():
            if owner == person_id:
                at = self.store.times["talked", owner, petition]
                yield StoredConversation(petition, conversation.stage.value, at, conversation)
