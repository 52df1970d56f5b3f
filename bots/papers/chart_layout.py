"""The layout of a chart, in points from the upper left corner of the plot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from babel.numbers import format_decimal

from bots.papers.axis import CountAxis, count_axis, count_label, time_ticks
from bots.papers.chart_values import Chart

WIDTH, HEIGHT = 330.0, 190.0
NAMES_WIDTH = 92.0  # room that the plot gives up for the names of series
NAME_HEIGHT = 27.0
BAR_HEIGHT = 34.0  # of the largest day
_GOAL_IN_SIGHT = 4  # the axis includes a goal up to this many times the count; a larger one would flatten the line
_MOST_STEPPED = 80  # changes drawn as steps; more of them look like a line
_MOST_MILESTONES = 3
_MILESTONES_APART = 26.0

Spot: TypeAlias = tuple[float, float]
Stack: TypeAlias = tuple[str, tuple[int, ...]]
"""A series' name, and its counts at the moments of the chart."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Text at a place."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Band:
    """A series as an area: its outline, the place of its name, and its last count."""

    outline: tuple[Spot, ...]
    name: str
    count: str
    name_y: float
    middle_y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A day, as a bar with its left edge at `x`."""

    x: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is painted; `goal` has no y if the goal is beyond the axis."""

    width: float
    height: float
    bands: tuple[Band, ...]
    line: tuple[Spot, ...]
    count_ticks: tuple[Mark, ...]
    time_ticks: tuple[Mark, ...]
    milestones: tuple[Mark, ...]
    goal: Mark | None
    goal_in_sight: bool
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class _Plot:
    """Turns moments and counts into coordinates."""

    start: dt.datetime
    end: dt.datetime
    width: float
    axis: CountAxis

    def x(self, moment: dt.datetime) -> float:
        return round((moment - self.start) / (self.end - self.start) * self.width, 2)

    def y(self, count: int) -> float:
        return round(HEIGHT * (1 - count / self.axis.top), 2)


def lay_out(chart: Chart, moments: tuple[dt.datetime, ...], stacks: tuple[Stack, ...]) -> Drawing:
    """Place everything; each stack has a count for each moment."""
    totals = [sum(counts) for counts in zip(*(counts for _, counts in stacks), strict=True)]
    most = max(totals)
    in_sight = chart.goal is not None and (most == 0 or chart.goal <= _GOAL_IN_SIGHT * most)
    axis = count_axis(max(most, chart.goal or 0) if in_sight else most)
    width = WIDTH - NAMES_WIDTH if len(stacks) > 1 else WIDTH
    plot = _Plot(chart.start, chart.end, width, axis)
    goal = Mark(0, plot.y(chart.goal or 0) if in_sight else 0, chart.goal_words) if chart.goal is not None else None
    return Drawing(
        width=width,
        height=HEIGHT,
        bands=_bands(plot, moments, stacks, chart.locale),
        line=_path(plot, moments, totals),
        count_ticks=tuple(Mark(0, plot.y(tick), count_label(tick, axis.top, chart.locale)) for tick in axis.ticks),
        time_ticks=_time_ticks(plot, chart),
        milestones=_milestones(plot, moments, totals, chart),
        goal=goal,
        goal_in_sight=in_sight,
        bars=_bars(plot, chart),
    )


def _bars(plot: _Plot, chart: Chart) -> tuple[Bar, ...]:
    """A bar for each day with signatures, as much of it as is in the period; together, they have their own scale."""
    most, bars = max((count for _, count in chart.days), default=0), []
    for day, count in chart.days:
        left, right = max(day, plot.start), min(day + dt.timedelta(days=1), plot.end)
        if count and left < right:
            x = plot.x(left)
            bars.append(Bar(x, round(plot.x(right) - x, 2), round(BAR_HEIGHT * count / most, 2)))
    return tuple(bars)


def _time_ticks(plot: _Plot, chart: Chart) -> tuple[Mark, ...]:
    ticks = time_ticks(chart.start, chart.end, chart.zone, chart.locale)
    return tuple(Mark(plot.x(tick.moment), HEIGHT, tick.label) for tick in ticks)


def _path(plot: _Plot, moments: tuple[dt.datetime, ...], counts: list[int]) -> tuple[Spot, ...]:
    """A line through the counts: stairs if there are few, since between two moments nothing rises."""
    spots = [(plot.x(moment), plot.y(count)) for moment, count in zip(moments, counts, strict=True)]
    if len(spots) > _MOST_STEPPED:
        return tuple(spots)
    stair = spots[:1]
    for x, y in spots[1:]:
        stair += [(x, stair[-1][1]), (x, y)]
    return tuple(stair)


def _bands(plot: _Plot, moments: tuple[dt.datetime, ...], stacks: tuple[Stack, ...], locale: str) -> tuple[Band, ...]:
    below = [0] * len(moments)
    floor = _path(plot, moments, below)
    bands: list[Band] = []
    for name, counts in stacks:
        above = [low + count for low, count in zip(below, counts, strict=True)]
        ceiling = _path(plot, moments, above)
        middle = (floor[-1][1] + ceiling[-1][1]) / 2
        count = str(format_decimal(counts[-1], locale=locale))
        bands.append(Band((*ceiling, *reversed(floor)), name, count, middle, middle))
        below, floor = above, ceiling
    return _apart(bands)


def _apart(bands: list[Band]) -> tuple[Band, ...]:
    """The names, moved up and down until none covers another; the bands come from the bottom up."""
    places = [band.middle_y for band in bands]
    lowest = HEIGHT - NAME_HEIGHT / 2 + 8
    for at, place in enumerate(places):
        lowest = places[at] = min(place, lowest)
        lowest -= NAME_HEIGHT
    highest = NAME_HEIGHT / 2 - 8
    for at in reversed(range(len(places))):
        highest = places[at] = max(places[at], highest)
        highest += NAME_HEIGHT
    return tuple(
        Band(band.outline, band.name, band.count, round(place, 2), band.middle_y)
        for band, place in zip(bands, places, strict=True)
    )


def _milestones(plot: _Plot, moments: tuple[dt.datetime, ...], totals: list[int], chart: Chart) -> tuple[Mark, ...]:
    """The largest milestones passed in the period, if there is room for them."""
    marks: list[Mark] = []
    for milestone in sorted(chart.milestones, reverse=True):
        if not totals[0] < milestone <= max(totals) or milestone == chart.goal:
            continue
        passed = next(moment for moment, total in zip(moments, totals, strict=True) if total >= milestone)
        y = plot.y(milestone)
        room = y - marks[-1].y if marks else _MILESTONES_APART
        if len(marks) < _MOST_MILESTONES and room >= _MILESTONES_APART and HEIGHT - y >= _MILESTONES_APART / 2:
            marks.append(Mark(plot.x(passed), y, str(format_decimal(milestone, locale=chart.locale))))
    return tuple(marks)
