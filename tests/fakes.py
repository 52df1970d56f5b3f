"""Storage in memory: passes the same contract tests as SQLite and PostgreSQL (tests/storage/test_contract.py)."""

from __future__ import annotations

import copy
import datetime as dt
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from core.conversation.state import Conversation
from core.outbox import State
from core.outreach.announcement import Announcement
from core.outreach.cards import Card
from core.outreach.communities import Community
from core.outreach.milestones import Follower, Milestone
from core.petition.petition import Decision
from core.petition.retention import PetitionRecord
from core.petition.versions import PetitionVersion
from core.ports import Person
from core.signatures.consent import Consent, UpdatesChoice
from core.signatures.origins import ListedOrigin, Origin
from core.signatures.review import ERASED, Plan, StatusChange
from core.signatures.signature import Signature, SignatureStatus, Signer
from core.team import AuditEntry, Organizer
from core.updates import UpdateKind
from tests.memory_breakdowns import Facets, MemoryBreakdowns, Steps
from tests.memory_holdings import MemoryHoldings, find_by_key
from tests.memory_inline_cards import InlineCardsById, MemoryInlineCards
from tests.memory_log import LogRows, MemoryLogs, forget_signatures
from tests.memory_organizers import MemoryAudit, MemoryOrganizers
from tests.memory_outbox import MemoryOutbox, Stored
from tests.memory_outreach import MemoryAnnouncements, MemoryCards, MemoryMilestones
from tests.memory_own_data import MemoryOwnData
from tests.memory_records import (
    MemoryDecisions,
    MemoryMoments,
    MemoryPetitionRecords,
    MemoryShownWords,
    MemoryUpdates,
    MemoryVersions,
)
from tests.memory_reviews import MemoryReviews, MemorySignals, digest, pseudonym
from tests.memory_source_checks import ChecksByKey, MemorySourceChecks
from tests.memory_tallies import MemoryTallies
from tests.memory_trends import MemoryLists, MemoryTrends, TrendTotals


@dataclass
class MemoryStore:
    """The committed values."""

    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    updates: dict[tuple[UpdateKind, str, str], dt.datetime] = field(default_factory=dict)
    conversations: dict[tuple[int, str], Conversation] = field(default_factory=dict)
    signatures: dict[int, tuple[int | None, Signature]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    tallies: dict[tuple[str, SignatureStatus], int] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    records: dict[str, PetitionRecord] = field(default_factory=dict)
    versions: dict[tuple[str, str], PetitionVersion] = field(default_factory=dict)
    moments: dict[str, dt.datetime] = field(default_factory=dict)
    organizers: dict[str, Organizer] = field(default_factory=dict)
    invites: dict[str, dt.datetime] = field(default_factory=dict)
    audit_entries: dict[int, AuditEntry] = field(default_factory=dict)
    history: dict[tuple[str, dt.datetime, str, str, SignatureStatus], int] = field(default_factory=dict)
    credits: dict[tuple[str, str], int] = field(default_factory=dict)
    thresholds: dict[str, int] = field(default_factory=dict)
    signals: Counter[tuple[str, str, str, dt.datetime]] = field(default_factory=Counter)
    listed: dict[Origin, ListedOrigin] = field(default_factory=dict)
    trends: TrendTotals = field(default_factory=Counter)
    plans: dict[str, Plan] = field(default_factory=dict)
    facets: Facets = field(default_factory=Counter)
    steps: Steps = field(default_factory=Counter)
    log: LogRows = field(default_factory=LogRows)
    source_checks: ChecksByKey = field(default_factory=dict)
    leases: dict[str, tuple[str, dt.datetime]] = field(default_factory=dict)
    outbox: dict[int, Stored] = field(default_factory=dict)
    announcements: dict[int, Announcement] = field(default_factory=dict)
    milestones: dict[tuple[str, int], Milestone] = field(default_factory=dict)
    followers: dict[tuple[str, str], Follower] = field(default_factory=dict)
    cards: dict[tuple[str, str, str], Card] = field(default_factory=dict)
    communities: dict[tuple[str, str], Community] = field(default_factory=dict)
    inline_cards: InlineCardsById = field(default_factory=dict)
    outbox_totals: Counter[tuple[str, str, State, str]] = field(default_factory=Counter)
    outbox_pauses: set[tuple[str, str]] = field(default_factory=set)
    times: dict[tuple[object, ...], dt.datetime] = field(default_factory=dict)  # when a row was written
    last_id: int = 0


class MemoryUnitOfWork:
    """A transaction on a copy of the store, one at a time."""

    def __init__(self, store: MemoryStore, lock: threading.Lock) -> None:
        self._store, self._lock = store, lock

    def __enter__(self) -> Self:
        self._lock.acquire()
        self.draft = MemoryStore(**{name: copy.copy(value) for name, value in vars(self._store).items()})
        self.signers = MemorySigners(self.draft)
        self.updates = MemoryUpdates(self.draft)
        self.conversations = MemoryConversations(self.draft)
        self.signatures = MemorySignatures(self.draft)
        self.words = MemoryShownWords(self.draft)
        self.own_data = MemoryOwnData(self.draft)
        self.tallies = MemoryTallies(self.draft)
        self.breakdowns = MemoryBreakdowns(self.draft.facets, self.draft.steps)
        self.decisions = MemoryDecisions(self.draft)
        self.records = MemoryPetitionRecords(self.draft)
        self.versions = MemoryVersions(self.draft)
        self.moments = MemoryMoments(self.draft)
        self.organizers = MemoryOrganizers(self.draft)
        self.audit = MemoryAudit(self.draft)
        self.signals = MemorySignals(self.draft)
        self.lists = MemoryLists(self.draft.listed)
        self.trends = MemoryTrends(self.draft.trends)
        self.reviews = MemoryReviews(self.draft)
        self.holdings = MemoryHoldings(self.draft)
        self.announcements = MemoryAnnouncements(self.draft)
        self.milestones = MemoryMilestones(self.draft)
        self.cards = MemoryCards(self.draft)
        self.inline_cards = MemoryInlineCards(self.draft)
        self.log = MemoryLogs(self.draft)
        self.source_checks = MemorySourceChecks(self.draft)
        self.outbox = MemoryOutbox(self.draft)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def commit(self) -> None:
        vars(self._store).update({name: copy.copy(value) for name, value in vars(self.draft).items()})


@dataclass
class MemorySigners:
    """core.ports.Signers."""

    store: MemoryStore

    def find(self, signer: Signer, update_id: str = "", petition: str = "") -> Person | None:
        if not (stored := self.store.people.get((signer.platform, signer.user_id))):
            return None
        erased = MemoryUpdates(self.store).has(UpdateKind.ERASED, signer.platform, update_id)
        return replace(stored, signer=signer, seen=(*stored.seen, update_id) if erased else stored.seen)

    def lock_or_create(self, signer: Signer, now: dt.datetime, home: str = "") -> Person:
        key = (signer.platform, signer.user_id)
        if key not in self.store.people:
            self.store.last_id += 1
            self.store.people[key] = Person(self.store.last_id, signer, home=home)
            self.store.times["met", self.store.last_id] = now
        return replace(self.store.people[key], signer=signer)

    def get(self, person_id: int) -> Person | None:
        return next((person for person in self.store.people.values() if person.id == person_id), None)

    def lock(self, key: str) -> Person | None:
        return find_by_key(self.store, key)

    def save(self, person: Person) -> None:
        key = (person.signer.platform, person.signer.user_id)
        self.store.people[key] = replace(person, reachable=self.store.people[key].reachable)

    def set_reachable(self, person: Person, *, reachable: bool) -> None:
        key = (person.signer.platform, person.signer.user_id)
        self.store.people[key] = replace(self.store.people[key], reachable=reachable)

    def erase(self, person: Person) -> None:
        for id_ in [id_ for id_, stored in self.store.outbox.items() if stored.person == person.id]:
            del self.store.outbox[id_]
        key = digest("signer", person.signer.platform, person.signer.user_id)
        for code, plan in self.store.plans.items():
            self.store.plans[code] = replace(plan, words=plan.words.replace(key, ERASED))
        del self.store.people[person.signer.platform, person.signer.user_id]


@dataclass
class MemoryConversations:
    """core.ports.Conversations."""

    store: MemoryStore

    def get(self, person: Person, petition: str) -> Conversation | None:
        return self.store.conversations.get((person.id, petition))

    def save(self, person: Person, conversation: Conversation, now: dt.datetime) -> None:
        self.store.conversations[person.id, conversation.petition] = conversation
        self.store.times["talked", person.id, conversation.petition] = now

    def erase(self, person: Person) -> tuple[Conversation, ...]:
        keys = sorted(key for key in self.store.conversations if key[0] == person.id)
        return tuple(self.store.conversations.pop(key) for key in keys)


@dataclass
class MemorySignatures:
    """core.ports.Signatures."""

    store: MemoryStore

    def standing(self, person: Person) -> tuple[Signature, ...]:
        return tuple(
            replace(_without_answers(signature), has_address=bool(signature.mailbox))
            for owner, signature in self.store.signatures.values()
            if owner == person.id and signature.status is not SignatureStatus.WITHDRAWN
        )

    def add(self, person: Person, signature: Signature) -> bool:
        taken = self.holders(signature.petition, [signature.mailbox or ""]) != (None,)
        if signature.status is SignatureStatus.COUNTED and taken:
            return False
        self.store.last_id += 1
        referral, label = f"r{digest('referral', signature.receipt)[:12]}", pseudonym(signature.label)
        stored = replace(signature, id=self.store.last_id, referral=referral, label=label)
        self.store.signatures[self.store.last_id] = (person.id, stored)
        return True

    def read_ahead(self, petition: str, words: str) -> None:
        """Nothing is gained by reading ahead in memory."""

    def holders(self, petition: str, mailboxes: Sequence[str]) -> tuple[Signature | None, ...]:
        counted = {
            stored.mailbox: replace(stored, mailbox=None)
            for _, stored in self.store.signatures.values()
            if stored.status is SignatureStatus.COUNTED and stored.petition == petition and stored.mailbox
        }
        return tuple(counted.get(mailbox) for mailbox in mailboxes)

    def withdraw(self, signature: Signature, now: dt.datetime) -> tuple[StatusChange, ...]:
        owner, stored = self._stored(signature)
        withdrawn = StatusChange.of(stored, SignatureStatus.WITHDRAWN)
        self.store.times["withdrawn", stored.id] = now
        self._put(owner, replace(_without_answers(stored), contacts="", status=withdrawn.after))
        return (withdrawn, *MemoryReviews(self.store).settle(signature.petition))

    def set_updates(self, signature: Signature, consent: Consent) -> tuple[Signature, Signature]:
        owner, stored = self._stored(signature)
        here, mail = consent.choice == UpdatesChoice.HERE, consent.choice == UpdatesChoice.EMAIL
        after = replace(stored, updates=here, by_email=mail, consents=(*stored.consents, consent))
        self._put(owner, after)
        return stored, after

    def anonymise(self, person: Person) -> None:
        forget_signatures(self.store, person.id)
        for owner, stored in list(self.store.signatures.values()):
            if owner == person.id:
                self._put(None, replace(_without_answers(stored), referral="", receipt=f"erased-{stored.id}"))

    def _stored(self, signature: Signature) -> tuple[int | None, Signature]:
        assert signature.id is not None
        return self.store.signatures[signature.id]

    def _put(self, owner: int | None, signature: Signature) -> None:
        assert signature.id is not None
        self.store.signatures[signature.id] = (owner, signature)


def _without_answers(signature: Signature) -> Signature:
    return replace(signature, answers={}, mailbox=None, region="", domain="", consents=())
