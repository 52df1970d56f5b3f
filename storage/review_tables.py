"""The tables of quarantine and review."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables import UtcDateTime


class ThresholdRow(SQLModel, table=True):
    """A threshold that organizers changed."""

    __tablename__ = "thresholds"
    signal: str = Field(primary_key=True)
    value: int


class SignalRow(SQLModel, table=True):
    """A kept count of what was seen in one window; `key` is a fingerprint."""

    __tablename__ = "signals"
    petition: str = Field(primary_key=True)
    signal: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    start: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    total: int


class PlanRow(SQLModel, table=True):
    """What organizers were shown and may confirm; of the code only its fingerprint is kept."""

    __tablename__ = "plans"
    fingerprint: str = Field(primary_key=True)
    petition: str
    words: str
    at: dt.datetime = Field(sa_type=UtcDateTime)
