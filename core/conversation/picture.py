"""Pictures that go with a screen, as values; bots/papers draws them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TypeAlias
from zoneinfo import ZoneInfo

from core.messages import Words

Point: TypeAlias = tuple[dt.datetime, int]
"""A moment with its time zone, and the count from then on."""


@dataclass(frozen=True, slots=True)
class LinkCode:
    """The QR code of a link to a petition with a label."""

    petition: str
    label: str


@dataclass(frozen=True, slots=True)
class Course:
    """Signatures over time, in total or by part, with the goal; `points` are cumulative, oldest first.

    `days` are the beginnings of days with the number signed on each. `zone` is the time zone of all days and times.
    """

    title: str
    headline: Words
    period: Words
    series: tuple[tuple[Words, tuple[Point, ...]], ...]
    start: dt.datetime
    end: dt.datetime
    goal: int
    dark: bool = False
    days: tuple[Point, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


Picture: TypeAlias = LinkCode | Course
