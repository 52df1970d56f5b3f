"""The tables of stored counts, so that no reader counts signatures; nothing in them is personal.

Each count is in parts (core.signatures.parts), and is their sum.
"""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from storage.tables.base import Growing, UtcDateTime


class TallyRow(SQLModel, table=True):
    """A stored count of a petition's signatures with one status."""

    __tablename__ = "tallies"
    petition: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    total: int = Field(sa_type=Growing)


class CreditRow(SQLModel, table=True):
    """A stored count of the signatures with one source label that were not withdrawn."""

    __tablename__ = "credits"
    petition: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    total: int = Field(sa_type=Growing)


class HistoryRow(SQLModel, table=True):
    """A stored count of the signatures of one hour of signing that have a status, by platform and language."""

    __tablename__ = "history"
    petition: str = Field(primary_key=True)
    hour: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    platform: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    status: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    total: int = Field(sa_type=Growing)


class FacetRow(SQLModel, table=True):
    """A stored count of the counted signatures with one value of a facet that were signed on one day."""

    __tablename__ = "facets"
    petition: str = Field(primary_key=True)
    facet: str = Field(primary_key=True)
    day: dt.date = Field(primary_key=True)
    value: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    change: int = Field(sa_type=Growing)


class TrendRow(SQLModel, table=True):
    """A stored count of the signatures of one hour of signing that came from one mail domain or by one link.

    `value` is the domain or the label, sealed for the day of signing (UTC).
    """

    __tablename__ = "trends"
    petition: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    hour: dt.datetime = Field(primary_key=True, sa_type=UtcDateTime)
    value: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    total: int = Field(sa_type=Growing)


class StepRow(SQLModel, table=True):
    """A stored count of the conversations that reached a step by a link."""

    __tablename__ = "steps"
    petition: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    total: int = Field(sa_type=Growing)
