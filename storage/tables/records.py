"""The tables of petitions that outlive their folders, of their versions, and of moments."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.base import UtcDateTime


class PetitionRow(SQLModel, table=True):
    """Facts about a petition that outlive its folder; nothing in them is personal."""

    __tablename__ = "petitions"
    slug: str = Field(primary_key=True)
    title: str
    language: str
    organizer: str
    target: str
    retention_days: int
    closes: dt.date | None
    loaded_at: dt.datetime = Field(sa_type=UtcDateTime)
    erasure_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class VersionRow(SQLModel, table=True):
    """A version of a petition's text (core.petition.versions); its words are public."""

    __tablename__ = "versions"
    petition: str = Field(primary_key=True)
    digest: str = Field(primary_key=True)
    language: str
    form: int
    content: str
    first_seen: dt.datetime = Field(sa_type=UtcDateTime)


class MomentRow(SQLModel, table=True):
    """A moment to remember, such as the last heartbeat."""

    __tablename__ = "moments"
    name: str = Field(primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)
