"""The tables. What a person gave is sealed; what must be found without opening it is a keyed fingerprint."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: sa.Dialect) -> dt.datetime | None:
        """The moment as the database takes it."""
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, _: sa.Dialect) -> dt.datetime | None:
        """The moment, with its zone."""
        return value.replace(tzinfo=dt.UTC) if value and value.tzinfo is None else value


def _partial(name: str, where: str, *columns: str) -> sa.Index:
    """An index of only those rows."""
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class SignerRow(SQLModel, table=True):
    """A person on a platform: `sealed` holds the account's id and the details to prefill."""

    __tablename__ = "signers"
    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str = Field(unique=True)
    platform: str
    locale: str
    focus: str
    seen: str
    sealed: bytes
    met_at: dt.datetime = Field(sa_type=UtcDateTime)
    reachable: bool = Field(sa_column_kwargs={"server_default": sa.true()})


class ConversationRow(SQLModel, table=True):
    """Where a person is with a petition: `sealed` holds the whole conversation, its answers included."""

    __tablename__ = "conversations"
    signer_id: int = Field(primary_key=True, foreign_key="signers.id", ondelete="CASCADE")
    petition: str = Field(primary_key=True)
    stage: str
    sealed: bytes
    updated_at: dt.datetime = Field(sa_type=UtcDateTime)


class SignatureRow(SQLModel, table=True):
    """A signature. The two partial indexes are what makes doubles impossible, whoever writes at once."""

    __tablename__ = "signatures"
    __table_args__ = (
        sa.Index(
            "one_standing_signature_a_signer", "petition", "signer_id", unique=True,
            sqlite_where=sa.text("status <> 'withdrawn'"), postgresql_where=sa.text("status <> 'withdrawn'"),
        ),
        sa.Index(
            "one_counted_signature_a_mailbox", "petition", "mailbox", unique=True,
            sqlite_where=sa.text("status = 'counted'"), postgresql_where=sa.text("status = 'counted'"),
        ),
        sa.Index("signatures_by_mailbox", "petition", "mailbox"),
        sa.Index("signatures_by_signer", "signer_id"),
        sa.Index("signatures_in_order", "petition", "status", "id"),
        _partial("signatures_to_update", "updates", "petition", "id"),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    petition: str
    signer_id: int | None = Field(default=None, foreign_key="signers.id", ondelete="SET NULL")
    status: str
    number: int
    receipt: str = Field(unique=True)
    referral: str
    digest: str
    platform: str
    locale: str
    label: str
    updates: bool
    reason: str
    accepted: bool
    mailbox: str | None
    sealed: bytes | None
    signed_at: dt.datetime = Field(sa_type=UtcDateTime)
    changed_at: dt.datetime = Field(sa_type=UtcDateTime)


class TallyRow(SQLModel, table=True):
    """A kept count."""

    __tablename__ = "tallies"
    petition: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    total: int


class CreditRow(SQLModel, table=True):
    """A kept count of the counted signatures that came by one source label."""

    __tablename__ = "credits"
    petition: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    total: int


class HistoryRow(SQLModel, table=True):
    """A kept sum of how the count changed in one hour; nothing in it is personal."""

    __tablename__ = "history"
    petition: str = Field(primary_key=True)
    hour: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    platform: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    change: int


class DecisionRow(SQLModel, table=True):
    """What organizers decided about a petition."""

    __tablename__ = "decisions"
    petition: str = Field(primary_key=True)
    status: str
    goal: int | None
    words: str
    since: dt.datetime = Field(sa_type=UtcDateTime)


class OrganizerRow(SQLModel, table=True):
    """Somebody who joined the organizers; `sealed` holds the account and its name."""

    __tablename__ = "organizers"
    fingerprint: str = Field(primary_key=True)
    sealed: bytes
    since: dt.datetime = Field(sa_type=UtcDateTime)


class InviteRow(SQLModel, table=True):
    """A code by which one person may join the organizers; only its fingerprint is kept."""

    __tablename__ = "invites"
    fingerprint: str = Field(primary_key=True)
    until: dt.datetime = Field(sa_type=UtcDateTime)


class AuditEntryRow(SQLModel, table=True):
    """What an organizer did; `sealed` holds who."""

    __tablename__ = "deeds"
    id: int | None = Field(default=None, primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)
    sealed: bytes
    what: str


class CardRow(SQLModel, table=True):
    """A card that was posted in a community; nothing in it is personal."""

    __tablename__ = "cards"
    platform: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    petition: str
    label: str
    locale: str
    shown: int
    refreshed_at: dt.datetime = Field(sa_type=UtcDateTime)
    posted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class CommunityRow(SQLModel, table=True):
    """A community that got a card, and the label that its links carry for good; nothing in it is personal."""

    __tablename__ = "communities"
    platform: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    label: str


class OutboxRow(SQLModel, table=True):
    """An entry of the outbox. `key` is a fingerprint; `sealed` holds the key itself and the payload.

    Whoever is `signer_id` takes the entry along when erased. It is no foreign key: PostgreSQL would make a put of many
    wait for everybody who is talking just now, and fail it for one who has been erased since.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("topic", "key", name="one_entry_a_key"),
        _partial("outbox_waiting", "state = 'waiting'", "topic", "due", "id"),
        _partial("outbox_leases", "state = 'sending'", "leased_until"),
        _partial("outbox_open", "finished_at IS NULL", "topic", "group", "state"),
        _partial("outbox_done", "state = 'done'", "topic", "finished_at"),
        _partial("outbox_failures", "state IN ('dead', 'doubtful')", "topic", "id"),
        _partial("outbox_by_signer", "signer_id IS NOT NULL", "signer_id"),
        {"sqlite_autoincrement": True},  # a late report must not meet another entry under the id of an erased one
    )
    id: int | None = Field(default=None, primary_key=True)
    topic: str
    key: str
    group: str
    signer_id: int | None
    repeat: bool
    state: str
    reason: str
    attempts: int
    claim: int
    worker: str
    sealed: bytes | None
    due: dt.datetime = Field(sa_type=UtcDateTime)
    leased_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class OutboxTotalRow(SQLModel, table=True):
    """A kept count of the entries that came to an end in one state for one reason, purged ones included."""

    __tablename__ = "outbox_totals"
    topic: str = Field(primary_key=True)
    group: str = Field(primary_key=True)
    state: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    total: int


class OutboxPauseRow(SQLModel, table=True):
    """A group of entries that is held back."""

    __tablename__ = "outbox_pauses"
    topic: str = Field(primary_key=True)
    group: str = Field(primary_key=True)


class MarkRow(SQLModel, table=True):
    """What the database knows of itself: a sealed word that tells whether the key is the right one."""

    __tablename__ = "marks"
    name: str = Field(primary_key=True)
    sealed: bytes


def table(row: type[SQLModel]) -> sa.Table:
    """The table behind a row class, for statements that need no objects."""
    found: Any = row
    return found.__table__  # type: ignore[no-any-return]
