"""Review by organizers: queries for signatures, and their changes of status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from core.signatures.quarantine import Signal
from core.signatures.signature import Signature, SignatureStatus


@dataclass(frozen=True, slots=True)
class Query:
    """A query for signatures of a petition; an empty filter leaves none out.

    `since` and `until` are about the moment of signing, both included; `after` is the id of a signature that was stored
    before them. Erased signatures never match.
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
    """A number of signatures that went from one status to another, alike in everything that is counted."""

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
    """An order that was shown and not yet confirmed: its words, and the moment they refer to."""

    petition: str
    words: str
    at: dt.datetime


class Reviews(Protocol):
    """Signatures by query, however many; changing them needs the petition's lock (core.services.ledger)."""

    def counts(self, query: Query) -> Mapping[SignatureStatus, int]:
        """The number of matching signatures, by status."""

    def reasons(self, query: Query) -> Mapping[Signal, int]:
        """The number of matching signatures against which each signal speaks."""

    def first(self, query: Query, count: int) -> tuple[Signature, ...]:
        """The oldest matching signatures, with their answers."""

    def petition_of(self, receipt: str) -> str | None:
        """The petition that a receipt is about."""

    def accept(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Let those in quarantine count; of several with one mailbox the oldest, unless it is counted already."""

    def invalidate(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Make those that count, wait or are duplicates invalid; their mailboxes go to duplicates that are left."""

    def restore(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Take the invalid ones back: those that nobody accepted wait again, all others count where they may."""

    def keep(self, code: str, plan: Plan) -> None:
        """Keep a plan under an unguessable code."""

    def take(self, code: str) -> Plan | None:
        """Take the plan of a code, which can be done once; None for an unknown or used code."""
