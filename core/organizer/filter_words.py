"""Filters as organizers type them: `reason=burst name="Ada Lovelace" since=2h`."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TypeAlias

from core.petition.petition import Petition

_FILTER = re.compile(r'(?<!\S)([A-Za-z]+)=(["“”][^"“”]*["“”]|\S+)')  # phones type curly quotes
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_AGE = re.compile(r"([0-9]{1,4})([mhd])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Age:
    """A length of time as people write it: `30m`, `2h`, `7d`."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def length(self) -> dt.timedelta:
        """The length as a timedelta."""
        return dt.timedelta(**{_UNITS[self.unit]: self.count})


When: TypeAlias = Age | dt.date
"""A time before now, or a day in the petition's time zone."""


def split_filters(words: str) -> tuple[list[tuple[str, str]], str]:
    """The names, in lower case, and the values of all filters in these words, and the words that are not filters."""
    pairs = [(name.lower(), text.strip('"“”')) for name, text in _FILTER.findall(words)]
    return pairs, " ".join(_FILTER.sub("", words).split())


def write_filter(name: str, value: object) -> str:
    """A filter as an organizer types it."""
    text = str(value)
    return f'{name}="{text}"' if " " in text else f"{name}={text}"


def parse_when(text: str) -> When | None:
    """A day (2026-11-01) or an age (30m, 2h, 7d); None if it is neither."""
    if age := _AGE.fullmatch(text.lower()):
        return Age(int(age[1]), age[2])
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def beginning(when: When, now: dt.datetime, petition: Petition) -> dt.datetime:
    """The moment at which a time begins: that of the age, or midnight where the petition's days begin."""
    return now - when.length if isinstance(when, Age) else _midnight(when, petition)


def end(when: When, now: dt.datetime, petition: Petition) -> dt.datetime:
    """The last moment of a time: that of the age, or of the day."""
    if isinstance(when, Age):
        return now - when.length
    if when == dt.date.max:
        return _midnight(when, petition)
    return _midnight(when + dt.timedelta(days=1), petition) - dt.datetime.resolution


def _midnight(day: dt.date, petition: Petition) -> dt.datetime:
    """The beginning of a day; that in UTC, for the first and the last day of the calendar."""
    try:
        return petition.midnight(day).astimezone(dt.UTC)
    except OverflowError:
        return dt.datetime.combine(day, dt.time(), dt.UTC)
