"""What the services need from outside, as protocols; storage has them for real, tests/fakes.py in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from core.conversation.state import Conversation
from core.outbox import Outbox, OutboxFigures
from core.outreach.announcement import Announcements
from core.outreach.cards import Cards, PostedCards
from core.outreach.milestones import Milestones
from core.petition.petition import Decision
from core.signatures.breakdowns import Breakdowns
from core.signatures.quarantine import Signals
from core.signatures.review import Reviews, StatusChange
from core.signatures.signature import Signature, SignatureStatus, Signer, Tally

Clock: TypeAlias = Callable[[], dt.datetime]
"""The present time, with its zone."""

NewCode: TypeAlias = Callable[[], str]
"""A new unguessable code of 12 capital letters and digits."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is kept of a signer between signings.

    `focus` is the petition talked about last, `details` what a signature said of the person by field kind,
    `seen` the ids of the updates that were handled last, so that one delivered again changes nothing.
    `reachable` is False from a refused message to the next one of their own.
    """

    id: int
    signer: Signer
    locale: str = ""
    focus: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    reachable: bool = True


class Signers(Protocol):
    """The people met so far."""

    def lock_or_create(self, signer: Signer, now: dt.datetime) -> Person:
        """The person behind an account, new on first contact; until the commit nobody else may change them."""

    def get(self, person_id: int) -> Person | None:
        """The person with this id; until the commit nobody else may change them."""

    def save(self, person: Person) -> None:
        """Store what changed of a person, but for whether they can be reached."""

    def set_reachable(self, person: Person, *, reachable: bool) -> None:
        """Store whether a person can be written to."""

    def erase(self, person: Person) -> None:
        """Erase a person, and what the outbox has for them; their conversations and signatures were erased before."""


class Conversations(Protocol):
    """The conversation of each person about each petition."""

    def get(self, person: Person, petition: str) -> Conversation | None:
        """The conversation, if one began."""

    def save(self, person: Person, conversation: Conversation, now: dt.datetime) -> None:
        """Store the conversation as it now is."""

    def erase(self, person: Person) -> tuple[Conversation, ...]:
        """Erase all conversations of a person, and return them by petition."""


class Signatures(Protocol):
    """All signatures ever given; which of them stand is their status."""

    def standing(self, person: Person) -> tuple[Signature, ...]:
        """The person's signatures that were not withdrawn, oldest first, without their answers."""

    def add(self, person: Person, signature: Signature) -> bool:
        """Store a signature; False, and nothing stored, where its mailbox is counted already."""

    def is_counted(self, signature: Signature) -> bool:
        """Whether its mailbox is counted already."""

    def withdraw(self, signature: Signature, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Withdraw one and erase its answers; what moved, duplicates of the same mailbox included."""

    def set_updates(self, signature: Signature, wanted: bool) -> None:
        """Store whether the signer agrees to be sent updates."""

    def anonymise(self, person: Person) -> None:
        """Take from all signatures of a person whatever could lead back to them."""


@dataclass(frozen=True, slots=True)
class HourlyChange:
    """How the count changed in one hour (UTC), by platform and language."""

    hour: dt.datetime
    platform: str
    locale: str
    change: int


class Tallies(Protocol):
    """Kept counts, so that no reader ever counts rows."""

    def add(self, petition: str, status: SignatureStatus, change: int) -> int:
        """Change a count; the new total."""

    def of(self, petition: str) -> Tally:
        """The present counts of a petition."""

    def credit(self, petition: str, label: str, change: int) -> None:
        """Change how many counted signatures came by a source label."""

    def credited(self, petition: str, label: str) -> int:
        """How many counted signatures came by a source label."""

    def add_hourly(self, petition: str, what: HourlyChange) -> None:
        """Add to what is kept of an hour."""

    def history(self, petition: str, since: dt.datetime | None) -> tuple[HourlyChange, ...]:
        """How the count changed, hour by hour, from the hour of `since` on; from the beginning without it."""

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, int], ...]:
        """The same history as one number an hour, oldest first."""

    def kinds(self, petition: str, since: dt.datetime | None) -> tuple[tuple[str, str, int], ...]:
        """The same history as one number for each platform and language."""


class Decisions(Protocol):
    """What organizers decided about petitions."""

    def of(self, petition: str) -> Decision:
        """The decision in force; that of a petition which just runs, where there is none."""

    def save(self, petition: str, decision: Decision) -> None:
        """Let a decision be in force; cards that show the petition are due for a fresh look."""


@dataclass(frozen=True, slots=True)
class Organizer:
    """Somebody who joined the organizers, and since when; `key` names the entry."""

    key: str
    signer: Signer
    since: dt.datetime


class Organizers(Protocol):
    """Who may organize besides those whom the settings name."""

    def has(self, signer: Signer) -> bool:
        """Whether an account joined."""

    def add(self, signer: Signer, now: dt.datetime) -> None:
        """Let an account organize from now on."""

    def remove(self, key: str) -> bool:
        """Take the right back; False if there is no such entry."""

    def all(self) -> tuple[Organizer, ...]:
        """Everybody who joined, oldest first."""

    def invite(self, code: str, until: dt.datetime) -> None:
        """Let whoever first gives this code in time join."""

    def redeem(self, code: str, now: dt.datetime) -> bool:
        """Use a code up; False if there is none such, or its time is over."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What an organizer did: the command with its argument."""

    at: dt.datetime
    who: Signer
    what: str


class Audit(Protocol):
    """What organizers did; nothing is ever taken out of it."""

    def note(self, entry: AuditEntry) -> None:
        """Add a deed."""

    def last(self, count: int) -> tuple[AuditEntry, ...]:
        """The newest deeds, newest first."""


class UnitOfWork(Protocol):
    """One transaction: what is not committed when it is left did not happen."""

    @property
    def signers(self) -> Signers:
        """The people met so far."""

    @property
    def conversations(self) -> Conversations:
        """Their conversations."""

    @property
    def signatures(self) -> Signatures:
        """What they signed."""

    @property
    def tallies(self) -> Tallies:
        """The kept counts."""

    @property
    def breakdowns(self) -> Breakdowns:
        """What else is counted."""

    @property
    def decisions(self) -> Decisions:
        """What organizers decided."""

    @property
    def organizers(self) -> Organizers:
        """Who they are."""

    @property
    def audit(self) -> Audit:
        """What they did."""

    @property
    def signals(self) -> Signals:
        """What may speak against signatures."""

    @property
    def reviews(self) -> Reviews:
        """Signatures as organizers review them."""

    @property
    def announcements(self) -> Announcements:
        """What organizers tell signers."""

    @property
    def milestones(self) -> Milestones:
        """What was crossed, and who is told of it."""

    @property
    def cards(self) -> Cards:
        """The cards posted in communities, and the communities' labels."""

    @property
    def outbox(self) -> Outbox:
        """What is to be sent later."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None:
        """Make it last: when this returns, it is on disk."""


class Queries(Protocol):
    """Reading without holding up anybody who writes."""

    def tally(self, petition: str) -> Tally:
        """The present counts of a petition."""

    def credited(self, petition: str, label: str) -> int:
        """How many counted signatures came by a source label."""

    def trend(self, petition: str, label: str, since: dt.date) -> tuple[tuple[dt.date, int], ...]:
        """How the count of a source label (no signer's own) changed day by day (UTC) since a day, oldest first."""

    def decision(self, petition: str) -> Decision:
        """What organizers decided about a petition."""

    def signatures(self, petition: str, statuses: tuple[SignatureStatus, ...]) -> Iterator[Signature]:
        """The petition's signatures with their answers, oldest first, in constant memory."""

    def petitions(self) -> tuple[str, ...]:
        """The petitions that anything was ever signed of, whether their folders are still there or not."""

    def signer_of(self, receipt: str) -> Signer | None:
        """The account that holds a receipt."""

    def knows(self, signer: Signer) -> bool:
        """Whether anything is stored of an account."""

    def cards(self) -> AbstractContextManager[PostedCards]:
        """The cards posted in communities, all of them as at one moment."""

    def outbox(self) -> AbstractContextManager[OutboxFigures]:
        """How the outbox is doing, all of it as at one moment."""
