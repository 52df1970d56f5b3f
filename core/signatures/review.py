"""Review by organizers: queries for signatures, and changes to their status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from core.signatures.quarantine import KEPT, Signal, SignalRecord
from core.signatures.signature import Signature, SignatureStatus

ERASED = "-"
"""Replaces the key of an erased account in the words of plans."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query for signatures of a petition; an empty filter matches all.

    `since` and `until` limit the time of signing, and are inclusive. `after` is the id of a signature stored before any
    match; `ids` are those that may match. `own` ones came through signers' own links. Withdrawn and erased signatures
    match only if the query asks for `erased` ones, too.
    """

    petition: str
    status: SignatureStatus | None = None
    reason: Signal | None = None
    labels: tuple[str, ...] = ()
    platform: str = ""
    locales: tuple[str, ...] = ()
    receipt: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    after: int = 0
    ids: tuple[int, ...] = ()
    own: bool = False
    erased: bool = False

    @property
    def means_duplicates(self) -> bool:
        """True if accepting applies to duplicates as well: to one by its receipt, or to many by their status."""
        return bool(self.receipt) or self.status is SignatureStatus.DUPLICATE


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A number of signatures that changed from one status to another and are alike in everything we count.

    `hour` and `day` are those of signing, as signatures have them. `domain` is that of withdrawn ones, since only they
    leave the trends.
    """

    before: SignatureStatus
    after: SignatureStatus
    platform: str
    locale: str
    label: str
    region: str
    digest: str
    opt_in: str
    hour: dt.datetime
    day: dt.date
    count: int = 1
    domain: str = ""

    @classmethod
    def of(cls, signature: Signature, after: SignatureStatus) -> Self:
        """The change of one signature to another status."""
        return cls(
            signature.status, after, signature.platform, signature.locale, signature.label, signature.region,
            signature.digest, signature.opt_in, signature.hour, signature.day, domain=signature.domain,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """An order that was shown but not yet confirmed: its words, and the time they refer to."""

    petition: str
    words: str
    at: dt.datetime

    def is_old(self, now: dt.datetime) -> bool:
        """True if it may no longer be confirmed; the next cleaning deletes it."""
        return now - self.at > KEPT


class Reviews(Protocol):
    """Signatures by query, however many; changing them requires the petition's lock (core.services.ledger)."""

    def counts(self, query: Query) -> Mapping[SignatureStatus, int]:
        """The number of matching signatures, by status."""

    def reasons(self, query: Query) -> Mapping[Signal, int]:
        """The number of matching signatures with each signal."""

    def records(self) -> Mapping[Signal, SignalRecord]:
        """The record of each signal that ever spoke, over all petitions."""

    def first(self, query: Query, count: int) -> tuple[Signature, ...]:
        """The oldest matching signatures, with their answers."""

    def values(self, query: Query, filter_name: str) -> Mapping[str, int]:
        """The number of matching signatures by the value for a filter: "status", "label", "platform" or "locale".

        Signers' own labels are left out, and so are the rarest labels if there are very many.
        """

    def petition_of(self, receipt: str) -> str | None:
        """The petition that a receipt belongs to."""

    def lock_audience(self, query: Query) -> None:
        """Lock the people with matching signatures who agreed to updates, until commit; before the petition's lock."""

    def accept(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Let those in quarantine count; of several with one mailbox, the oldest, unless one already counts.

        Duplicates count beside the one that has their mailbox, if the query means them.
        """

    def invalidate(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Make signatures that count, wait or are duplicates invalid; their mailboxes pass to remaining duplicates.

        Raises StorageUnavailableError if someone who is not locked yet has just agreed to updates: repeat the call.
        """

    def restore(self, query: Query, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Restore invalid signatures: those never accepted wait for review again, and all others count if they can.

        Raises StorageUnavailableError as `invalidate` does.
        """

    def keep(self, code: str, plan: Plan) -> None:
        """Store a plan under an unguessable code."""

    def take(self, code: str) -> Plan | None:
        """Take the plan with a code, which works once; None for an unknown or used code."""
