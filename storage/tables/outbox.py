"""The tables of the outbox."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.tables.base import Growing, UtcDateTime, partial_index


class OutboxRow(SQLModel, table=True):
    """An entry of the outbox. `key` is a fingerprint; `sealed` holds the key itself and the payload.

    Erasing the signer `signer_id` erases the entry. It is deliberately not a foreign key: on PostgreSQL, adding many
    entries would wait for every signer who is talking right now, and fail if one has been erased since.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("topic", "key", name="one_entry_a_key"),
        partial_index("outbox_waiting", "state = 'waiting'", "topic", "due", "id"),
        partial_index("outbox_leases", "state = 'sending'", "leased_until"),
        partial_index("outbox_open", "finished_at IS NULL", "topic", "group", "state"),
        partial_index("outbox_done", "state = 'done'", "topic", "finished_at"),
        partial_index("outbox_failures", "state IN ('dead', 'doubtful')", "topic", "id"),
        partial_index("outbox_by_signer", "signer_id IS NOT NULL", "signer_id"),
        {"sqlite_autoincrement": True},  # a late report must not find another entry under the id of an erased one
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=Growing)
    topic: str
    key: str
    group: str
    signer_id: int | None = Field(sa_type=Growing)
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
    """A stored count of the entries that ended in one state for one reason, including purged ones."""

    __tablename__ = "outbox_totals"
    topic: str = Field(primary_key=True)
    group: str = Field(primary_key=True)
    state: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    total: int = Field(sa_type=Growing)


class OutboxPauseRow(SQLModel, table=True):
    """A paused group of entries."""

    __tablename__ = "outbox_pauses"
    topic: str = Field(primary_key=True)
    group: str = Field(primary_key=True)
