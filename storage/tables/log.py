"""The tables of the public log. What they publish is in the clear; what opens it is sealed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.tables.base import Growing, UtcDateTime


class LogRow(SQLModel, table=True):
    """The state of a petition's log: its entries so far, and the sum of those that are published."""

    __tablename__ = "logs"
    petition: str = Field(primary_key=True)
    origin: str
    size: int = Field(sa_type=Growing)
    received: int = Field(sa_type=Growing)
    withdrawn: int = Field(sa_type=Growing)
    duplicate: int = Field(sa_type=Growing)
    held_back: int = Field(sa_type=Growing)
    invalidated: int = Field(sa_type=Growing)
    last_signature: int = Field(sa_type=Growing)
    looked_at: dt.datetime = Field(sa_type=UtcDateTime)
    cut_at: dt.datetime | None = Field(sa_type=UtcDateTime)
    fault: str
    fault_at: dt.datetime | None = Field(sa_type=UtcDateTime)


class LogBatchRow(SQLModel, table=True):
    """The batch of a log that is being published."""

    __tablename__ = "log_batches"
    petition: str = Field(primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)
    start: int = Field(sa_type=Growing)
    after: int = Field(sa_type=Growing)
    last: int = Field(sa_type=Growing)
    last_withdrawal: int = Field(sa_type=Growing)
    received: int = Field(sa_type=Growing)
    withdrawn: int = Field(sa_type=Growing)
    duplicate: int = Field(sa_type=Growing)
    held_back: int = Field(sa_type=Growing)
    invalidated: int = Field(sa_type=Growing)
    seed: str


class LogTileRow(SQLModel, table=True):
    """A tile of hashes or, at level -1, a bundle of entries; both only grow."""

    __tablename__ = "log_tiles"
    petition: str = Field(primary_key=True)
    level: int = Field(primary_key=True)
    tile: int = Field(primary_key=True, sa_type=Growing)
    data: bytes


class LogCheckpointRow(SQLModel, table=True):
    """A published checkpoint, with the number of signatures up to there."""

    __tablename__ = "log_checkpoints"
    petition: str = Field(primary_key=True)
    size: int = Field(primary_key=True, sa_type=Growing)
    number: int = Field(sa_type=Growing)
    note: str
    at: dt.datetime = Field(sa_type=UtcDateTime)


class LogLinkRow(SQLModel, table=True):
    """The entry of a signature, the classes that the log put it in (bits), and its sealed salt."""

    __tablename__ = "log_links"
    __table_args__ = (sa.Index("one_link_an_entry", "petition", "entry", unique=True),)
    signature_id: int = Field(primary_key=True, foreign_key="signatures.id", ondelete="CASCADE", sa_type=Growing)
    petition: str
    entry: int = Field(sa_type=Growing)
    classes: int
    sealed: bytes | None


class LogWithdrawalRow(SQLModel, table=True):
    """A withdrawal that waits for the next batch; `entry` is known if the signature's entry was when it was erased."""

    __tablename__ = "log_withdrawals"
    __table_args__ = (sa.Index("log_withdrawals_in_order", "petition", "id"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=Growing)
    petition: str
    signature_id: int = Field(unique=True, foreign_key="signatures.id", ondelete="CASCADE", sa_type=Growing)
    entry: int | None = Field(sa_type=Growing)


class LogChangeRow(SQLModel, table=True):
    """A signature whose class (a bit, or 0) is another than the log says."""

    __tablename__ = "log_changes"
    __table_args__ = (sa.Index("log_changes_by_petition", "petition"),)
    signature_id: int = Field(primary_key=True, foreign_key="signatures.id", ondelete="CASCADE", sa_type=Growing)
    petition: str
    classes: int


class LogExclusionRow(SQLModel, table=True):
    """The sealed salt and indexes of an excluded or restored entry, for auditors."""

    __tablename__ = "log_exclusions"
    petition: str = Field(primary_key=True)
    entry: int = Field(primary_key=True, sa_type=Growing)
    sealed: bytes


class LogKeyRow(SQLModel, table=True):
    """A public key that signs checkpoints, in base64, and since when."""

    __tablename__ = "log_keys"
    public: str = Field(primary_key=True)
    since: dt.datetime = Field(sa_type=UtcDateTime)
