"""The tables of core/signatures/breakdowns.py; nothing in them is personal."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel


class FacetRow(SQLModel, table=True):
    """A kept sum of how the count of one value changed on one day (UTC)."""

    __tablename__ = "facets"
    petition: str = Field(primary_key=True)
    facet: str = Field(primary_key=True)
    day: dt.date = Field(primary_key=True)
    value: str = Field(primary_key=True)
    change: int


class StepRow(SQLModel, table=True):
    """A kept count of the conversations that came to a step, in parts, so that they need not queue for one row."""

    __tablename__ = "steps"
    petition: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    shard: int = Field(primary_key=True)
    total: int
