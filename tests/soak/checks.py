"""The checks of what people were shown against what the database holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bots.services import Services
from core.organizer.person_search import PersonSearch
from core.outbox import State
from core.outreach.announcement import TO_PERSON
from core.signatures.search import Wanted
from core.signatures.signature import SignatureStatus, Signer
from storage.engine import Database
from storage.mappers import fingerprint_of
from storage.tables import OutboxRow, SignatureRow, SignerRow, table
from storage.vault import Vault
from tests.soak.organizer import Bulletin
from tests.soak.recount import differences
from tests.soak.signers import Person

_s, _o, _SIGNERS = table(SignatureRow).c, table(OutboxRow).c, table(SignerRow)
_REVIEWED = (_s.changed_at > _s.signed_at).label("reviewed")
_COLUMNS = (_s.receipt, _s.status, _s.signer_id, _s.petition, _s.updates, _REVIEWED, _SIGNERS.c.reachable)
_REPORTED = {State.DOUBTFUL.value, State.DEAD.value}


@dataclass(frozen=True)
class Judgement:
    """The findings of every check, and the numbers of announcements that people got and that are reported instead."""

    found: Mapping[str, Sequence[str]]
    received: int
    reported: int


class Checks:
    """Reads the rows once, when everything has stopped."""

    def __init__(
        self, services: Services, vault: Vault, people: Sequence[Person], bulletins: Sequence[Bulletin]
    ) -> None:
        self._services, self._vault, self._people, self._bulletins = services, vault, people, bulletins
        self._received = {person: person.hands.bulletins() for person in people}
        assert isinstance(services.database, Database)
        with services.database.reading() as connection:
            rows = connection.execute(sa.select(*_COLUMNS).outerjoin(_SIGNERS, _SIGNERS.c.id == _s.signer_id)).all()
            topics = [topic.name for topic in TO_PERSON.values()]
            sent = sa.select(_o.group, _o.key, _o.state, _o.topic, _o.reason).where(_o.topic.in_(topics))
            self._entries = connection.execute(sent).all()
            self._stored = set(connection.execute(sa.select(_SIGNERS.c.fingerprint)).scalars())
        self._signatures = rows
        self._status = {row.receipt: row.status for row in rows}
        self._ids = {row.receipt: row.signer_id for row in rows}

    def judge(self) -> Judgement:
        """Everything that these checks find, and the kept counts that differ from a recount."""
        found = {
            "confirmed signatures lost": list(self.lost()),
            "signatures duplicated": list(self.duplicated()),
            "withdrawals and erasures undone": list(self.revived()),
            "erased accounts that are stored again": list(self.returned()),
            "announcements sent twice": list(self.sent_twice()),
            "announcements neither delivered nor reported": list(self.unreported()),
            "kept counts that differ from a recount": list(differences(self._services, self._vault)),
        }
        return Judgement(found, self.received(), self.reported())

    def lost(self) -> Iterator[str]:
        """Signatures whose signer saw the receipt and did nothing to give it up."""
        for person in self._people:
            for receipt in person.memory.standing:
                owner = self._owner(receipt)
                if self._status.get(receipt) in (None, SignatureStatus.WITHDRAWN.value):
                    yield f"{person.hands.signer.platform}: {receipt} is {self._status.get(receipt, 'gone')}"
                elif owner is None or owner.user_id != person.hands.signer.user_id:
                    yield f"{person.hands.signer.platform}: {receipt} belongs to another account"

    def _owner(self, receipt: str) -> Signer | None:
        search = PersonSearch(self._services.organizing, self._services.queries)
        found = map(search.holding, search.direct(Wanted(receipt, receipts=(receipt,))))
        return next((holding.signer for holding in found if holding), None)

    def duplicated(self) -> Iterator[str]:
        """People with two signatures at once, or with more than they ever confirmed."""
        standing = [row for row in self._signatures if row.status != SignatureStatus.WITHDRAWN.value]
        owners = Counter((row.petition, row.signer_id) for row in standing)
        yield from (f"signer {owner}: {count} at once" for (_, owner), count in owners.items() if count > 1)
        for person in self._people:
            if len(person.memory.standing) > 1:
                yield f"{person.hands.signer.platform}: was shown {sorted(person.memory.standing)}"

    def revived(self) -> Iterator[str]:
        """Signatures that count although their withdrawal or erasure was confirmed."""
        for person in self._people:
            gone = person.memory.given_up if person.memory.erased else person.memory.withdrawn
            for receipt in gone:
                if self._status.get(receipt, SignatureStatus.WITHDRAWN.value) != SignatureStatus.WITHDRAWN.value:
                    yield f"{person.hands.signer.platform}: {receipt} is {self._status[receipt]}"

    def returned(self) -> Iterator[str]:
        """Accounts that are stored although they erased everything, and have done nothing since."""
        for person in self._people:
            if person.memory.erased and fingerprint_of(person.hands.signer, self._vault) in self._stored:
                yield f"{person.hands.signer.platform}: an account is stored again"

    def sent_twice(self) -> Iterator[str]:
        """Announcements that a person got more than once."""
        for bulletin in self._bulletins:
            for person in self._people:
                if (count := self._received[person][bulletin.words]) > 1:
                    yield f"{person.hands.signer.platform}: announcement {bulletin.number} came {count} times"

    def unreported(self) -> Iterator[str]:
        """Announcements that a person who asked for updates neither got nor is reported as doubtful or failed."""
        for entry in self._entries:
            if entry.state in (State.WAITING.value, State.SENDING.value):
                yield f"announcement {entry.group}: an entry of {entry.topic} is still {entry.state}"
        reported = {entry.key for entry in self._entries if entry.state in _REPORTED}
        reviewed = {row.receipt for row in self._signatures if row.reviewed}  # perhaps invalid while it went out
        for bulletin in self._bulletins:
            for person in self._people:
                since = person.memory.updates_since
                if since is None or since >= bulletin.since or self._received[person][bulletin.words]:
                    continue
                if not (self._keys(bulletin, person) & reported or person.memory.standing & reviewed):
                    words = f"announcement {bulletin.number} never came; {self._why(bulletin, person)}"
                    yield f"{person.hands.signer.platform}: {words}"

    def _keys(self, bulletin: Bulletin, person: Person) -> set[str]:
        """The keys of the outbox entries of a recipient; a finished entry no longer names its signer."""
        topic = TO_PERSON[person.hands.signer.platform].name
        numbers = {f"{bulletin.number}:{self._ids.get(receipt)}" for receipt in person.memory.standing}
        return {self._vault.fingerprint("outbox", topic, number) for number in numbers}

    def _why(self, bulletin: Bulletin, person: Person) -> str:
        """The rows of a person and their entries, for the report."""
        keys = self._keys(bulletin, person)
        entries = [(entry.state, entry.reason) for entry in self._entries if entry.key in keys]
        signed = [(row.updates, row.reachable) for row in self._signatures if row.receipt in person.memory.standing]
        return f"wants updates and can be reached: {signed}, entries: {entries}"

    def received(self) -> int:
        """The number of announcements that people got."""
        return sum(sum(received.values()) for received in self._received.values())

    def reported(self) -> int:
        """The number of recipients that are reported as doubtful or failed."""
        return sum(entry.state in _REPORTED for entry in self._entries)
