"""The table of signatures. Its partial unique indexes rule out duplicates."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.tables.base import Growing, UtcDateTime, partial_index


class SignatureRow(SQLModel, table=True):
    """A signature. Its two partial unique indexes rule out duplicates, even between concurrent writers."""

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
        sa.Index("signatures_by_change", "petition", "changed_at"),
        partial_index("signatures_to_update", "updates", "petition", "id"),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True, sa_type=Growing)
    petition: str
    signer_id: int | None = Field(default=None, foreign_key="signers.id", ondelete="SET NULL", sa_type=Growing)
    status: str
    number: int = Field(sa_type=Growing)
    receipt: str = Field(unique=True)
    digest: str
    platform: str
    locale: str
    label: str
    updates: bool
    by_email: bool
    contacts: str = Field(sa_column_kwargs={"server_default": ""})
    reason: str
    accepted: bool
    named: bool | None
    mailbox: str | None
    sealed: bytes | None
    signed_at: dt.datetime = Field(sa_type=UtcDateTime)
    utc_offset: int = Field(sa_column_kwargs={"server_default": "0"})
    changed_at: dt.datetime = Field(sa_type=UtcDateTime)


class ShownWordsRow(SQLModel, table=True):
    """Words that signers were shown when they chose; nothing in them is personal (core.signatures.consent)."""

    __tablename__ = "shown_words"
    digest: str = Field(primary_key=True)
    words: str
