"""Everything stored about an account, in memory: core.signatures.holding.Holdings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.conversation.state import SIGNING
from core.outbox import FINAL
from core.signatures.holding import Holding
from core.signatures.search import Wanted
from tests.memory_reviews import digest

if TYPE_CHECKING:
    from core.ports import Person
    from tests.fakes import MemoryStore


def find_by_key(store: MemoryStore, key: str) -> Person | None:
    """The person with a key."""
    return next((person for account, person in store.people.items() if digest("signer", *account) == key), None)


@dataclass
class MemoryHoldings:
    """core.signatures.holding.Holdings."""

    store: MemoryStore

    def find(self, wanted: Wanted) -> tuple[str, ...]:
        accounts = [(signer.platform, signer.user_id) for signer in wanted.accounts]
        owners = {owner for owner, signature in self.store.signatures.values() if signature.receipt in wanted.receipts}
        accounts += [account for account, person in self.store.people.items() if person.id in owners]
        return tuple(digest("signer", *account) for account in accounts if account in self.store.people)

    def get(self, key: str) -> Holding | None:
        person = find_by_key(self.store, key)
        if person is None:
            return None
        talks = sorted((each.petition, each.stage) for (owner, _), each in self.store.conversations.items()
                       if owner == person.id)  # fmt: skip
        own = (each for owner, each in self.store.signatures.values() if owner == person.id)
        waiting = [each for each in self.store.outbox.values() if each.person == person.id and each.state not in FINAL]
        return Holding(
            key, person.signer.platform, self.store.times["met", person.id], person.signer, person.details,
            tuple(replace(each, mailbox=None) for each in own),
            tuple(petition for petition, stage in talks if stage in SIGNING),
            tuple(petition for petition, stage in talks if stage not in SIGNING),
            len(waiting),
        )  # fmt: skip
