"""The tables of what goes out to many: announcements, whom they can reach, milestones and who follows them."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables import UtcDateTime


class AnnouncementRow(SQLModel, table=True):
    """What organizers tell signers, to whom, and how far it is; nothing in it is personal."""

    __tablename__ = "announcements"
    id: int | None = Field(default=None, primary_key=True)
    petition: str
    words: str
    made_at: dt.datetime = Field(sa_type=UtcDateTime)
    state: str
    locale: str
    label: str
    after: int
    complete: bool


class AudienceCountRow(SQLModel, table=True):
    """A kept count of the people who can be told: they agreed, have not withdrawn, and can be written to.

    The labels of signers' own links count as none.
    """

    __tablename__ = "reach"
    petition: str = Field(primary_key=True)
    platform: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    people: int


class MilestoneRow(SQLModel, table=True):
    """A number that a petition crossed, once for ever."""

    __tablename__ = "milestones"
    petition: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: dt.datetime = Field(sa_type=UtcDateTime)


class FollowerRow(SQLModel, table=True):
    """A community that wants to be told of milestones; nothing in it is personal."""

    __tablename__ = "followers"
    platform: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    channel: str
    label: str
    locale: str
