"""The values that a chart is drawn from, with words already translated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

MILESTONES = tuple(10**power for power in range(2, 10))

DataPoint: TypeAlias = tuple[dt.datetime, int]
"""A moment with its time zone, and the count from then on."""


@dataclass(frozen=True, slots=True)
class DataSeries:
    """A part of the signatures, such as a platform; `points` are its cumulative counts, oldest first."""

    name: str
    points: tuple[DataPoint, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Values of a chart.

    `headline` is the count in words, `period` the time from `start` to `end` in words, `goal_words` the goal in words
    ("Goal: 10,000"), and `others` the name for all series after the sixth. One series is drawn as a line; several are
    stacked, the largest at the bottom. `zone` is the time zone of the axis; `start` and `end` are in UTC. `days` are
    bars below it: the beginnings of days, with the number signed on each; `days_words` explain them.
    """

    title: str
    headline: str
    period: str
    series: tuple[DataSeries, ...]
    start: dt.datetime
    end: dt.datetime
    goal: int | None = None
    goal_words: str = ""
    others: str = ""
    milestones: tuple[int, ...] = MILESTONES
    zone: dt.tzinfo = dt.UTC
    locale: str = "en"
    dark: bool = False
    days: tuple[DataPoint, ...] = ()
    days_words: str = ""
