"""What organizers review: which signatures they mean, and how these move from one status to another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from core.signatures.quarantine import Signal
from core.signatures.signature import Signature, SignatureStatus


@dataclass(frozen=True, slots=True)
class Query:
    """The signatures of a petition that all of this is true of; what is empty says nothing.

    `since` and `until` are about the moment of signing, both included; `after` is the id of a signature that was stored
    before them. Of what was erased nothing is ever meant.
    """

    petition: str
    status: SignatureStatus | None = None
    reason: Signal | None = None
    label: str = ""
    platform: str = ""
    locale: str = ""
    receipt: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class StatusChange:
    """So many signatures that went from one status to another, alike in all that is counted of them."""

    before: SignatureStatus
    after: SignatureStatus
    platform: str
    locale: str
    label: str
    region: str
    digest: str
    count: int = 1

    @classmethod
    def of(cls, signature: Signature, after: SignatureStatus) -> Self:
        """One signature that goes to another status."""
        return cls(
            signature.status, after, signature.platform, signature.locale, signature.label, signature.region,
            signature.digest,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """Something to do that was shown and not yet confirmed: the words of the order, as they were meant at a moment."""

    petition: str
    words: str
    at: dt.datetime


class Reviews(Protocol):
    """Signatures by query, however many; who changes them holds the petition's lock (core.services.ledger)."""

    def counts(self, query: Query) -> Mapping[SignatureStatus, int]:
        """How many signatures are meant, by status."""

    def reasons(self, query: Query) -> Mapping[Signal, int]:
        """How many of them each signal speaks against."""

    def first(self, query: Query, count: int) -> tuple[Signature, ...]:
        """The oldest of them, with their answers."""

    def petition_of(self, receipt: str) -> str | None:
        """The petition that a receipt is about."""

    def accept(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Let those in quarantine count; of several with one mailbox the oldest, unless it is counted already."""

    def invalidate(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Make those that count, wait or are duplicates invalid; their mailboxes go to duplicates that are left."""

    def restore(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Take the invalid ones back: those that nobody accepted wait again, all others count where they may."""

    def keep(self, code: str, plan: Plan) -> None:
        """Keep a plan under a code that nobody can guess."""

    def take(self, code: str) -> Plan | None:
        """The plan of a code, which is used up by that; None for a code that is none, or not any more."""
