"""Signers, signatures, and the outcomes of signing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.signatures.consent import Consent
from core.signatures.contacts import opt_in


class SignatureStatus(StrEnum):
    """The status of a stored signature."""

    COUNTED = "counted"
    DUPLICATE = "duplicate"  # the same mailbox already counts, from another account
    QUARANTINED = "quarantined"  # suspicious (core.signatures.quarantine), and waiting for review
    INVALID = "invalid"  # organizers rejected it
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """Outcomes of signing or withdrawing: expected results, not errors."""

    SIGNED = "signed"
    ALREADY_SIGNED = "already_signed"
    WITHDRAWN = "withdrawn"
    NOT_YET_OPEN = "not_yet_open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Signer:
    """An account on a platform. `name` and `language` come from its profile and are only hints.

    `since` is when the account was created, if the platform says so.
    """

    platform: str
    user_id: str
    name: str = ""
    language: str = ""
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A confirmed submission: checked answers, the text version that was shown, the consent to updates.

    The updates come to the chat, or to the email address if they are `by_email`. `opened_at` and `probes` come from
    the conversation.
    """

    answers: Mapping[str, str]
    digest: str
    updates: bool
    label: str
    locale: str
    opened_at: dt.datetime | None = None
    probes: int = 0
    by_email: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it is stored.

    `number` is its place in the count when it was signed, and may tie. `referral` is the label of the signer's own
    share link, which storage derives from the receipt and its key. `label` is the source label; if that is a
    signer's own, a stored signature has its pseudonym (core.petition.petition.PSEUDONYM). `mailbox` is the
    canonical email address, of which only a fingerprint is stored, and `region` a country or state
    (core.petition.region). `domain` is the registered part of the address's domain. `reason` lists the signals against
    it when it was signed (codes from core.signatures.quarantine.Signal, separated by spaces), and `accepted` says
    whether organizers let it count anyway.
    With `updates`, the signer gets them in the chat; with `by_email`, the address may be used for them. `has_address`
    says whether a stored signature came with an email address, and `contacts` which contact data can be used
    (core.signatures.contacts).
    `utc_offset` is how many minutes the petition's clocks were ahead of UTC at signing. It decides for good to which
    `day` and `hour` the signature belongs, whatever time zone the petition has later.
    `named` says whether the hand-in names the signer, as the review said when they confirmed; it is None in signatures
    from before this was stored (core.export.naming). `consents` are the signer's choices, oldest first.
    """

    petition: str
    receipt: str
    referral: str
    number: int
    status: SignatureStatus
    digest: str
    signed_at: dt.datetime
    platform: str
    locale: str
    label: str = ""
    region: str = ""
    updates: bool = False
    by_email: bool = False
    mailbox: str | None = None
    domain: str = ""
    has_address: bool = False
    contacts: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    accepted: bool = False
    named: bool | None = None
    consents: tuple[Consent, ...] = ()
    utc_offset: int = 0
    id: int | None = None

    @property
    def wants_updates(self) -> bool:
        """True if the signer agreed to updates, on either channel."""
        return self.updates or self.by_email

    @property
    def opt_in(self) -> str:
        """The channel for updates, with the contact data that can be used for it (core.signatures.contacts)."""
        return opt_in(updates=self.updates, by_email=self.by_email, contacts=self.contacts)

    @property
    def hour(self) -> dt.datetime:
        """The beginning of the hour of signing, on the petition's clocks."""
        return hour_of(self.signed_at, self.utc_offset)

    @property
    def day(self) -> dt.date:
        """The day of signing, in the petition's time zone."""
        return day_of(self.signed_at, self.utc_offset)

    @property
    def is_suspicious(self) -> bool:
        """True if there are signals against it that no organizer has reviewed."""
        return bool(self.reason) and not self.accepted


@dataclass(frozen=True, slots=True)
class SignerContext:
    """Facts about a signer during a conversation.

    `details` are the person's answers from an earlier signature, by field kind ("name", "email" ...); a signer with
    details is recognised. `profile_name` is the name on the chat profile. `signatures` are all their current
    signatures, `signature` the one on this petition. `language` is what the app says, such as "de" or "en-SG".
    `reads_whole` says if their app shows a whole text in one message; None if they haven't said.
    """

    details: Mapping[str, str] = field(default_factory=dict)
    profile_name: str = ""
    signature: Signature | None = None
    signatures: tuple[Signature, ...] = ()
    language: str = ""
    platform: str = ""
    reads_whole: bool | None = None


def hour_of(moment: dt.datetime, utc_offset: int = 0) -> dt.datetime:
    """The moment (in UTC) at which the hour of a moment began on clocks that are `utc_offset` minutes ahead of UTC."""
    ahead = dt.timedelta(minutes=utc_offset)
    return (moment.astimezone(dt.UTC) + ahead).replace(minute=0, second=0, microsecond=0) - ahead


def day_of(moment: dt.datetime, utc_offset: int) -> dt.date:
    """The day of a moment on clocks that are `utc_offset` minutes ahead of UTC."""
    return (moment.astimezone(dt.UTC) + dt.timedelta(minutes=utc_offset)).date()


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of signatures of a petition, by status."""

    totals: Mapping[SignatureStatus, int] = field(default_factory=dict)

    @property
    def counted(self) -> int:
        """The public count."""
        return self.totals.get(SignatureStatus.COUNTED, 0)

    @property
    def signed(self) -> int:
        """All signatures, whatever became of them; this never falls."""
        return sum(self.totals.values())

    @property
    def withdrawn(self) -> int:
        """Signatures that their signers withdrew."""
        return self.totals.get(SignatureStatus.WITHDRAWN, 0)

    @property
    def set_aside(self) -> int:
        """Signatures that don't count for another reason: duplicates, in quarantine, or invalid."""
        return self.signed - self.counted - self.withdrawn

    def __add__(self, other: Tally) -> Tally:
        return Tally(Counter(self.totals) + Counter(other.totals))
