"""Everything stored about an account, in memory: core.signatures.search.Holdings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.conversation.state import SIGNING
from core.outbox import FINAL
from core.signatures.search import Holding, Wanted
from tests.memory_reviews import digest

if TYPE_CHECKING:
    from tests.fakes import MemoryStore


@dataclass
class MemoryHoldings:
    """core.signatures.search.Holdings."""

    store: MemoryStore

    def find(self, wanted: Wanted) -> tuple[str, ...]:
        accounts = [(signer.platform, signer.user_id) for signer in wanted.accounts]
        owners = {owner for owner, signature in self.store.signatures.values() if signature.receipt in wanted.receipts}
        accounts += [account for account, person in self.store.people.items() if person.id in owners]
        return tuple(digest("signer", *account) for account in accounts if account in self.store.people)

    def get(self, key: str) -> Holding | None:
        account = next((account for account in self.store.people if digest("signer", *account) == key), None)
        if account is None:
            return None
        person = self.store.people[account]
        talks = sorted((each.petition, each.stage) for (owner, _), each in self.store.conversations.items()
                       if owner == person.id)  # fmt: skip
        own = (each for owner, each in self.store.signatures.values() if owner == person.id)
        waiting = [each for each in self.store.outbox.values() if each.person == person.id and each.state not in FINAL]
        return Holding(
            key, account[0], self.store.times["met", person.id], person.signer, person.details,
            tuple(replace(each, mailbox=None) for each in own),
            tuple(petition for petition, stage in talks if stage in SIGNING),
            tuple(petition for petition, stage in talks if stage not in SIGNING),
            len(waiting),
        )  # fmt: skip
