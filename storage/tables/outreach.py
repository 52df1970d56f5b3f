"""The tables of outreach: announcements and their audience, milestones and followers, cards and communities."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.base import Growing, UtcDateTime


class AnnouncementRow(SQLModel, table=True):
    """An announcement with its audience and its progress; nothing in it is personal."""

    __tablename__ = "announcements"
    id: int | None = Field(default=None, primary_key=True, sa_type=Growing)
    petition: str
    words: str
    made_at: dt.datetime = Field(sa_type=UtcDateTime)
    state: str
    locale: str
    label: str
    after: int = Field(sa_type=Growing)
    complete: bool


class AudienceCountRow(SQLModel, table=True):
    """A stored count of the people announcements can reach: they agreed, have not withdrawn and can be reached.

    The label of a signer's own link counts as none.
    """

    __tablename__ = "reach"
    petition: str = Field(primary_key=True)
    platform: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    people: int = Field(sa_type=Growing)


class MilestoneRow(SQLModel, table=True):
    """A milestone that a petition crossed, which happens only once."""

    __tablename__ = "milestones"
    petition: str = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_type=Growing)
    at: dt.datetime = Field(sa_type=UtcDateTime)


class FollowerRow(SQLModel, table=True):
    """A community that follows milestones; nothing in it is personal."""

    __tablename__ = "followers"
    platform: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    channel: str
    label: str
    locale: str
    publish: bool


class CardRow(SQLModel, table=True):
    """A card posted in a community; nothing in it is personal."""

    __tablename__ = "cards"
    platform: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    petition: str
    label: str
    locale: str
    shown: str
    refreshed_at: dt.datetime = Field(sa_type=UtcDateTime)
    posted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    thread: str
    moved_to: str
    refused_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    published: bool
    rests_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class CommunityRow(SQLModel, table=True):
    """A community, the label that its links always have, its sealed title, and what its moderators chose."""

    __tablename__ = "communities"
    platform: str = Field(primary_key=True)
    chat: str = Field(primary_key=True)
    label: str
    sealed: bytes | None = None
    locale: str
    members_post: bool
