"""The tables of people: signers and their conversations, organizers and their audit log."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from storage.tables.base import Growing, UtcDateTime


class SignerRow(SQLModel, table=True):
    """A person on a platform: `sealed` holds the account's id and the details for prefilling."""

    __tablename__ = "signers"
    id: int | None = Field(default=None, primary_key=True, sa_type=Growing)
    fingerprint: str = Field(unique=True)
    platform: str
    locale: str
    focus: str
    seen: str
    sealed: bytes
    met_at: dt.datetime = Field(sa_type=UtcDateTime)
    reachable: bool = Field(sa_column_kwargs={"server_default": sa.true()})


class ConversationRow(SQLModel, table=True):
    """A person's conversation about a petition: `sealed` holds all of it, including answers."""

    __tablename__ = "conversations"
    signer_id: int = Field(primary_key=True, foreign_key="signers.id", ondelete="CASCADE", sa_type=Growing)
    petition: str = Field(primary_key=True)
    stage: str
    sealed: bytes
    updated_at: dt.datetime = Field(sa_type=UtcDateTime)


class UpdateRow(SQLModel, table=True):
    """The fingerprint of a handled update, which cannot be traced to an account (core.updates.Updates)."""

    __tablename__ = "updates"
    fingerprint: str = Field(primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)


class OrganizerRow(SQLModel, table=True):
    """An account that joined the organizers; `sealed` holds its id and name."""

    __tablename__ = "organizers"
    fingerprint: str = Field(primary_key=True)
    sealed: bytes
    since: dt.datetime = Field(sa_type=UtcDateTime)


class InviteRow(SQLModel, table=True):
    """A code that lets one person join the organizers; only its fingerprint is stored."""

    __tablename__ = "invites"
    fingerprint: str = Field(primary_key=True)
    until: dt.datetime = Field(sa_type=UtcDateTime)


class AuditEntryRow(SQLModel, table=True):
    """A command that an organizer gave; `sealed` holds the account."""

    __tablename__ = "deeds"
    id: int | None = Field(default=None, primary_key=True, sa_type=Growing)
    at: dt.datetime = Field(sa_type=UtcDateTime)
    sealed: bytes
    what: str
