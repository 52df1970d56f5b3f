"""A picture of signatures over time: the line, its parts by source or platform, the goal, the milestones reached."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import asdict

from bots.papers.chart_layout import Drawing, lay_out
from bots.papers.chart_values import Chart, DataPoint, DataSeries
from bots.papers.typesetting import set_png

MOST_SERIES = 6
_MOST_MOMENTS = 400  # more than the pixels on a phone
SCALE = 2.5  # pixels per point; the chart is 400 points wide, as on a phone


def draw_chart(chart: Chart) -> bytes:
    """The chart as a PNG, 1,000 pixels wide and at most 950 high, readable at 400.

    Raises:
        ValueError: the chart does not end after it starts, or has no series.
    """
    values = asdict(drawing_of(chart)) | {
        "title": chart.title, "headline": chart.headline, "period": chart.period, "dark": chart.dark,
        "days_words": chart.days_words,
    }  # fmt: skip
    return set_png("chart.typ", values, chart.locale, SCALE)


def drawing_of(chart: Chart) -> Drawing:
    """The layout that `draw_chart` paints.

    Raises:
        ValueError: the chart does not end after it starts, or has no series.
    """
    if chart.end <= chart.start:
        raise ValueError("a chart ends after it starts")
    if not chart.series:
        raise ValueError("a chart has at least one series")
    series = _largest(chart.series, chart.others)
    moments = _moments(series, chart.start, chart.end)
    stacks = tuple((part.name, tuple(_count_at(part.points, moment) for moment in moments)) for part in series)
    return lay_out(chart, moments, stacks)


def _largest(series: tuple[DataSeries, ...], others: str) -> tuple[DataSeries, ...]:
    """At most six, the largest first, then the sum of all others."""
    ordered = sorted(series, key=lambda part: part.points[-1][1] if part.points else 0, reverse=True)
    kept, rest = ordered[:MOST_SERIES], ordered[MOST_SERIES:]
    if not rest:
        return tuple(kept)
    moments = sorted({moment for part in rest for moment, _ in part.points})
    together = tuple((moment, sum(_count_at(part.points, moment) for part in rest)) for moment in moments)
    return (*kept, DataSeries(others, together))


def _moments(series: tuple[DataSeries, ...], start: dt.datetime, end: dt.datetime) -> tuple[dt.datetime, ...]:
    """The moments to draw: all at which a count changes or, if those are too many, even steps."""
    changes = {moment for part in series for moment, _ in part.points if start < moment < end}
    if len(changes) <= _MOST_MOMENTS:
        return (start, *sorted(changes), end)
    step = (end - start) / _MOST_MOMENTS
    return (*(start + step * at for at in range(_MOST_MOMENTS)), end)


def _count_at(points: tuple[DataPoint, ...], moment: dt.datetime) -> int:
    """The count at a moment: that of the last point before or at it."""
    at = bisect_right(points, moment, key=lambda point: point[0])
    return points[at - 1][1] if at else 0
