"""The tables of petitions that outlive their folders, and of moments."""

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


class MomentRow(SQLModel, table=True):
    """A moment to remember, such as the last heartbeat."""

    __tablename__ = "moments"
    name: str = Field(primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)
