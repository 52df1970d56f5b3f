"""The tables for reviews: decisions on petitions, quarantine's thresholds, lists and signals, plans to confirm."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.base import Growing, UtcDateTime


class DecisionRow(SQLModel, table=True):
    """A decision of the organizers about a petition."""

    __tablename__ = "decisions"
    petition: str = Field(primary_key=True)
    status: str
    goal: int | None
    words: str
    since: dt.datetime = Field(sa_type=UtcDateTime)
    erased_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class ThresholdRow(SQLModel, table=True):
    """A threshold that organizers changed."""

    __tablename__ = "thresholds"
    signal: str = Field(primary_key=True)
    value: int


class ListedRow(SQLModel, table=True):
    """A mail domain or a label that organizers blocked or allowed; `value` is its name, sealed."""

    __tablename__ = "listed"
    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    verdict: str
    since: dt.datetime = Field(sa_type=UtcDateTime)


class SignalRow(SQLModel, table=True):
    """The stored number of times a signal was seen in one window of time; `key` is a fingerprint."""

    __tablename__ = "signals"
    petition: str = Field(primary_key=True)
    signal: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    start: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    part: int = Field(primary_key=True)
    total: int = Field(sa_type=Growing)


class PlanRow(SQLModel, table=True):
    """A plan that an organizer was shown and may confirm; only a fingerprint of its code is stored."""

    __tablename__ = "plans"
    fingerprint: str = Field(primary_key=True)
    petition: str
    words: str
    at: dt.datetime = Field(sa_type=UtcDateTime)
