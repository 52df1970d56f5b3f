"""Readable axes: counts from zero in round steps, and time by the calendar."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from babel.dates import format_skeleton, format_time
from babel.numbers import format_compact_decimal, format_decimal

MOST_COUNT_STEPS = 6
MOST_TIME_STEPS = 5
_COMPACT_FROM = 10_000  # 9,500 in full, 20K abbreviated
_DAY, _MONTH, _YEAR = 24.0, 24 * 30.4, 24 * 365.0  # hours


@dataclass(frozen=True, slots=True)
class CountAxis:
    """From zero to `top`; `ticks` are the numbers next to it."""

    top: int
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A moment on the axis, with its label."""

    moment: dt.datetime
    label: str


def count_axis(most: int) -> CountAxis:
    """The axis with room for a little more than `most`, in at most six steps of 1, 2 or 5 times a power of ten."""
    wanted = max(most, 1) * 1.04
    rough = max(wanted / MOST_COUNT_STEPS, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = int(next(times * power for times in (1, 2, 5, 10) if times * power >= rough))
    count = math.ceil(wanted / step)
    return CountAxis(count * step, tuple(step * at for at in range(count + 1)))


def count_label(number: int, top: int, locale: str) -> str:
    """The number as a label on an axis that ends at `top`, abbreviated if long."""
    if top < _COMPACT_FROM or not number:
        return str(format_decimal(number, locale=locale))
    return format_compact_decimal(number, locale=locale, fraction_digits=1)


def time_ticks(start: dt.datetime, end: dt.datetime, zone: dt.tzinfo, locale: str) -> tuple[TimeTick, ...]:
    """Round moments from `start` to `end` by the clock and calendar of `zone`, or both ends if there are none."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    moments, label = _choose(first, last, (last - first).total_seconds() / 3600)
    ticks = tuple(TimeTick(moment, label(moment, locale)) for moment in moments if first <= moment <= last)
    if len(ticks) < 2:
        return tuple(TimeTick(moment, _hour(moment, locale)) for moment in (first, last))
    return ticks


_Label: TypeAlias = Callable[[dt.datetime, str], str]


def _choose(first: dt.datetime, last: dt.datetime, hours: float) -> tuple[Iterator[dt.datetime], _Label]:
    for step in (1, 2, 3, 6, 12):
        if hours <= step * MOST_TIME_STEPS:
            return _hours(first, last, step), _hour
    for step in (1, 2, 7, 14):
        if hours <= step * _DAY * MOST_TIME_STEPS:
            return _days(first, last, step), _day
    for step in (1, 2, 3, 6):
        if hours <= step * _MONTH * MOST_TIME_STEPS:
            return _months(first, last, step), _month
    return _months(first, last, 12 * max(1, math.ceil(hours / _YEAR / MOST_TIME_STEPS))), _year


def _hours(first: dt.datetime, last: dt.datetime, step: int) -> Iterator[dt.datetime]:
    for day in _days(first, last, 1):
        yield from (hour for hour in (day.replace(hour=hour) for hour in range(0, 24, step)) if _is_on_clocks(hour))


def _is_on_clocks(moment: dt.datetime) -> bool:
    """False for an hour that is skipped when summer time begins."""
    return moment.astimezone(dt.UTC).astimezone(moment.tzinfo) == moment


def _days(first: dt.datetime, last: dt.datetime, step: int) -> Iterator[dt.datetime]:
    """Every `step`th day at midnight; weeks begin on Monday, since day 1 of the calendar was one."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        if (ordinal - 1) % step == 0:
            yield dt.datetime.combine(dt.date.fromordinal(ordinal), dt.time(), first.tzinfo)


def _months(first: dt.datetime, last: dt.datetime, step: int) -> Iterator[dt.datetime]:
    """The first day of every `step`th month, counted from the year 0."""
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        if month % step == 0:
            yield dt.datetime(month // 12, month % 12 + 1, 1, tzinfo=first.tzinfo)


def _hour(moment: dt.datetime, locale: str) -> str:
    if moment.hour == moment.minute == 0:
        return _day(moment, locale)
    return format_time(moment, format="short", tzinfo=moment.tzinfo, locale=locale)


def _day(moment: dt.datetime, locale: str) -> str:
    return format_skeleton("MMMd", moment, tzinfo=moment.tzinfo, locale=locale)


def _month(moment: dt.datetime, locale: str) -> str:
    skeleton = "yMMM" if moment.month == 1 else "MMM"
    return format_skeleton(skeleton, moment, tzinfo=moment.tzinfo, locale=locale)


def _year(moment: dt.datetime, locale: str) -> str:
    return format_skeleton("y", moment, tzinfo=moment.tzinfo, locale=locale)
