"""The table of inline cards."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.base import UtcDateTime


class InlineCardRow(SQLModel, table=True):
    """A card that someone sent into a chat; the id of the message and the label of its links are sealed."""

    __tablename__ = "inline_cards"
    fingerprint: str = Field(primary_key=True)
    petition: str
    locale: str
    shown: str
    refreshed_at: dt.datetime = Field(sa_type=UtcDateTime)
    added_at: dt.datetime = Field(sa_type=UtcDateTime)
    sealed: bytes
