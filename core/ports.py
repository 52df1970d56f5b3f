"""The ports of the services, as protocols; storage implements them on a database, tests/fakes.py in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from core.conversation.state import Conversation
from core.conversation.stored_data import OwnData
from core.log.records import Logs
from core.outbox import Outbox
from core.outreach.announcement import Announcements
from core.outreach.cards import Cards
from core.outreach.inline_cards import InlineCards
from core.outreach.milestones import Milestones
from core.petition.retention import Decisions, Moments, PetitionRecords
from core.petition.versions import Versions
from core.signatures.breakdowns import Breakdowns, HourlyCount
from core.signatures.consent import Consent, ShownWords
from core.signatures.holding import Holdings
from core.signatures.origins import Lists
from core.signatures.parts import FIRST_PART
from core.signatures.quarantine import Signals
from core.signatures.review import Reviews, StatusChange
from core.signatures.signature import Signature, SignatureStatus, Signer, Tally
from core.signatures.trends import Trends
from core.sources.checks import SourceChecks
from core.team import Audit, Organizers
from core.updates import Updates

Clock: TypeAlias = Callable[[], dt.datetime]
"""The current time, with its time zone."""

SEEN_KEPT = 128  # update ids remembered per person: more than any platform redelivers at once
NewCode: TypeAlias = Callable[[], str]
"""A new unguessable code of 12 capital letters and digits."""


@dataclass(frozen=True)
class Person:
    """Data kept about a signer between signings.

    `focus` is the last petition the person talked about, `details` their answers by field kind, and `seen` the ids of
    the last updates handled, so an update delivered again changes nothing. `reachable` is False from the first refused
    message until the person writes again. `reads_whole` says if their app shows a whole text in one message; None if
    they haven't said. `id` is 0 while nothing is stored. `home` is the petition whose retention
    erases the account and the details: the one they signed last or, before they sign, the one they first looked at.
    """

    id: int
    signer: Signer
    locale: str = ""
    focus: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    reachable: bool = True
    home: str = ""
    reads_whole: bool | None = None

    @property
    def is_stored(self) -> bool:
        """True if a row is stored, which holds more than the account."""
        return self.id != 0

    def having_seen(self, update_id: str) -> Person:
        """The person, with the id of an update (if there is one) among those that were handled."""
        if not update_id or update_id in self.seen:
            return self
        return replace(self, seen=(*self.seen, update_id)[-SEEN_KEPT:])


class Signers(Protocol):
    """Everyone who has used the product."""

    def find(self, signer: Signer, update_id: str = "", petition: str = "") -> Person | None:
        """Load the person with an account, and lock their row until commit; None if nothing is stored.

        Their `seen` includes `update_id` if it was handled before its sender erased everything. `petition`, or else
        their focus, is what will be asked for next, so storage may read it along.
        """

    def lock_or_create(self, signer: Signer, now: dt.datetime, home: str = "") -> Person:
        """Load the person with an account, or create them with a `home`, and lock their row until commit."""

    def get(self, person_id: int) -> Person | None:
        """Load the person with this id, and lock their row until commit."""

    def lock(self, key: str) -> Person | None:
        """Load the person with a key (core.signatures.holding.Holding) to erase them, and lock their row until commit.

        This opens nothing, so the account and the details may be left empty.
        """

    def save(self, person: Person) -> None:
        """Save the changes to a person, except whether they can be reached."""

    def set_reachable(self, person: Person, *, reachable: bool) -> None:
        """Save whether a person can be reached."""

    def erase(self, person: Person) -> None:
        """Erase a person, their entries in the outbox and their key in plans.

        Erase their conversations and signatures first.
        """


class Conversations(Protocol):
    """The conversation of each person about each petition."""

    def get(self, person: Person, petition: str) -> Conversation | None:
        """The conversation, if one has started."""

    def save(self, person: Person, conversation: Conversation, now: dt.datetime) -> None:
        """Store the conversation."""

    def erase(self, person: Person) -> tuple[Conversation, ...]:
        """Erase all conversations of a person, and return them by petition."""


class Signatures(Protocol):
    """All signatures ever given; their status says which ones are current."""

    def read_ahead(self, petition: str, words: str) -> None:
        """Read at once what signing asks for first: the counts, the thresholds, and if words with a digest are kept."""

    def standing(self, person: Person) -> tuple[Signature, ...]:
        """The person's signatures that were not withdrawn, oldest first, without their answers."""

    def add(self, person: Person, signature: Signature) -> bool:
        """Store a signature; if its mailbox is already counted, store nothing and return False."""

    def holders(self, petition: str, mailboxes: Sequence[str]) -> tuple[Signature | None, ...]:
        """The counted signature of each mailbox, with its answers; None for one that none has."""

    def withdraw(self, signature: Signature, now: dt.datetime) -> tuple[StatusChange, ...]:
        """Withdraw a signature and erase its answers; returns the changes, also to duplicates of its mailbox."""

    def set_updates(self, signature: Signature, consent: Consent) -> tuple[Signature, Signature]:
        """Store whether the signer agrees to updates, with the proof; returns the signature before and after."""

    def anonymise(self, person: Person) -> None:
        """Remove everything that identifies the person from their signatures."""


class Tallies(Protocol):
    """Stored counts, so that no reader counts rows. Each is the sum of its parts (core.signatures.parts)."""

    def lock(self, petition: str, parts: Iterable[int], mailboxes: Sequence[str] = ()) -> int:
        """Lock parts of a petition, given in order, until commit; returns how many signatures count then.

        `mailboxes` are those whose holders are asked for next.
        """

    def add(self, petition: str, status: SignatureStatus, change: int, part: int = FIRST_PART) -> None:
        """Change a count."""

    def of(self, petition: str) -> Tally:
        """The petition's current counts."""

    def credit(self, petition: str, label: str, change: int, part: int = FIRST_PART) -> None:
        """Change the number of signatures with a source label."""

    def credited(self, petition: str, label: str) -> int:
        """The number of signatures with a source label that were not withdrawn, whatever their status."""

    def add_hourly(self, petition: str, what: HourlyCount, part: int = FIRST_PART) -> None:
        """Add to the counts of an hour of signing; `count` may be negative."""

    def history(self, petition: str, since: dt.datetime | None) -> tuple[HourlyCount, ...]:
        """Signatures by the hours of signing that began at `since` or later; without it, by all. There are no zeros."""

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, Tally], ...]:
        """The same history as one tally per hour, oldest first."""

    def kinds(self, petition: str, since: dt.datetime | None) -> tuple[tuple[str, str, int], ...]:
        """The same history as the number of counted signatures per platform and language."""


class UnitOfWork(Protocol):
    """One transaction; leaving it without a commit undoes everything."""

    @property
    def signers(self) -> Signers:
        """Everyone who has used the product."""

    @property
    def updates(self) -> Updates:
        """The updates remembered without a person."""

    @property
    def conversations(self) -> Conversations:
        """Their conversations."""

    @property
    def signatures(self) -> Signatures:
        """Their signatures."""

    @property
    def words(self) -> ShownWords:
        """The words that signers were shown when they chose."""

    @property
    def own_data(self) -> OwnData:
        """Everything about one signer."""

    @property
    def tallies(self) -> Tallies:
        """The stored counts."""

    @property
    def breakdowns(self) -> Breakdowns:
        """The other stored counts."""

    @property
    def decisions(self) -> Decisions:
        """The organizers' decisions."""

    @property
    def records(self) -> PetitionRecords:
        """Facts about petitions that outlive their folders."""

    @property
    def versions(self) -> Versions:
        """The versions of their texts."""

    @property
    def moments(self) -> Moments:
        """Moments to remember."""

    @property
    def organizers(self) -> Organizers:
        """The organizers who joined."""

    @property
    def audit(self) -> Audit:
        """Their audit log."""

    @property
    def signals(self) -> Signals:
        """Sightings that may count against signatures."""

    @property
    def lists(self) -> Lists:
        """The block list and the allow list."""

    @property
    def trends(self) -> Trends:
        """The stored counts by mail domain and label."""

    @property
    def reviews(self) -> Reviews:
        """Signatures as organizers review them."""

    @property
    def holdings(self) -> Holdings:
        """Everything stored about an account."""

    @property
    def announcements(self) -> Announcements:
        """The announcements."""

    @property
    def milestones(self) -> Milestones:
        """The milestones crossed, and the communities that follow."""

    @property
    def cards(self) -> Cards:
        """The cards posted in communities, and the communities' labels."""

    @property
    def inline_cards(self) -> InlineCards:
        """The cards that people sent with inline mode."""

    @property
    def log(self) -> Logs:
        """The public logs of their signatures."""

    @property
    def source_checks(self) -> SourceChecks:
        """The checks of their sources."""

    @property
    def outbox(self) -> Outbox:
        """Entries to be sent later."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None:
        """Commit; once this returns, the changes are on disk."""
