"""The tables of the checks of petitions' sources, and of leases; nothing in them is personal."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.base import UtcDateTime


class SourceCheckRow(SQLModel, table=True):
    """A check of a source (core.sources.checks.SourceCheck); everything in it is on the web."""

    __tablename__ = "source_checks"
    petition: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    at: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    link: str
    state: str
    final_link: str
    status: int
    quote: str
    passage: str
    digest: str
    changed_at: dt.datetime | None = Field(sa_type=UtcDateTime)
    title: str
    publication: str
    date: str
    archive_link: str
    archived_at: dt.datetime | None = Field(sa_type=UtcDateTime)


class LeaseRow(SQLModel, table=True):
    """The right of one process to do a kind of work, such as checking sources, until a moment."""

    __tablename__ = "leases"
    name: str = Field(primary_key=True)
    holder: str
    until: dt.datetime = Field(sa_type=UtcDateTime)
