"""Everything that the database holds about one signer, as values; core.conversation.my_data makes the file of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from core.conversation.state import Conversation
from core.signatures.signature import Signature


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """The account, and what is kept about it: see core.ports.Person. `met_at` is the first contact."""

    platform: str
    user_id: str
    met_at: dt.datetime
    locale: str
    focus: str
    reachable: bool
    details: Mapping[str, str]
    seen: tuple[str, ...]
    reads_whole: bool | None = None


@dataclass(frozen=True, slots=True)
class StoredSignature:
    """A signature with its answers, also a withdrawn one; `is_readable` is False if no known key opens them."""

    signature: Signature
    changed_at: dt.datetime
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """A conversation; None if no known key opens it or another version wrote it."""

    petition: str
    stage: str
    updated_at: dt.datetime
    conversation: Conversation | None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry that waits in the outbox for this person; the payload is None if no known key opens it."""

    topic: str
    due: dt.datetime
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class StoredData:
    """Everything about one signer, oldest first."""

    account: StoredAccount
    signatures: tuple[StoredSignature, ...] = ()
    conversations: tuple[StoredConversation, ...] = ()
    entries: tuple[StoredEntry, ...] = ()

    @property
    def petitions(self) -> frozenset[str]:
        """The petitions that it names."""
        named = (*(one.signature.petition for one in self.signatures), *(one.petition for one in self.conversations))
        return frozenset((*named, self.account.focus)) - {""}


class OwnData(Protocol):
    """Reads what is stored about a signer."""

    def of(self, person_id: int) -> StoredData:
        """Everything about the person with this id (core.ports.Person.id), who is stored."""
