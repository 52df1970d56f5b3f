"""`/chart [7d|30d|all] [source|platform] [dark]`: signatures over time as a picture."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from core.conversation.picture import Course, Point
from core.conversation.screen import Button, Facts, Line, Order, Screen, Style
from core.messages import Message, Words
from core.organizer.command import Context, OrganizerCommand, about_petition, number, said
from core.organizer.figures import PERIODS, Figures, chosen, period_buttons
from core.signatures.breakdowns import OWN_LINKS, Facet

MOST_SOURCES = 5  # with all others as one, what a picture on a phone has room for
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SHORTEST = dt.timedelta(minutes=10)  # of a picture, however new the petition is
_PARTS: Mapping[str, Message] = {
    "total": Message("stats.chart_total"),
    "source": Message("stats.chart_by_source"),
    "platform": Message("stats.chart_by_platform"),
}
_LOOKS: Mapping[str, Message] = {"light": Message("stats.chart_light"), "dark": Message("stats.chart_dark")}

Changes: TypeAlias = Iterable[tuple[dt.datetime, int]]
"""When an hour or a day began, and how the count changed in it; oldest first."""
Series: TypeAlias = tuple[Words, tuple[Point, ...]]


def _chart(context: Context, slug: str, argument: str) -> Screen:
    figures = Figures(context, slug, chosen(argument, PERIODS, "30d"))
    part, look = chosen(argument, _PARTS, "total"), chosen(argument, _LOOKS, "light")
    drawn = _Drawn(figures)
    if not drawn.hours:
        return said("stats.chart_nothing")
    course = drawn.course(part, dark=look == "dark")
    facts = Facts(
        (
            (Message("stats.counted"), number(drawn.counted)),
            (figures.words, number(drawn.recent)),
            (Message("stats.goal"), number(course.goal)),
        )
    )
    return Screen(
        (Line(context.title(slug), Style.HEADING), facts), tuple(_buttons(figures, part, look)), pictures=(course,)
    )


def _buttons(figures: Figures, part: str, look: str) -> Iterator[tuple[Button, ...]]:
    """The other periods, the other parts, the other look."""

    def order(period: str, part: str, look: str) -> Order:
        return Order("chart", f"{figures.slug} {period} {part} {look}")

    yield period_buttons(lambda period: order(period, part, look), figures.period)
    yield tuple(
        Button(words, order=order(figures.period, name, look)) for name, words in _PARTS.items() if name != part
    )
    yield tuple(
        Button(words, order=order(figures.period, part, name)) for name, words in _LOOKS.items() if name != look
    )


class _Drawn:
    """What a picture of these figures shows."""

    def __init__(self, figures: Figures) -> None:
        self._figures, self._work, self._slug = figures, figures.context.work, figures.slug
        self.hours = self._work.tallies.hours(self._slug, None)
        self.counted = self._work.tallies.of(self._slug).counted
        self._end = figures.context.now
        first = self.hours[0][0] if self.hours else self._end
        self._start = min(max(figures.since or first, first), self._end - SHORTEST)
        self.recent = sum(change for hour, change in self.hours if hour >= self._start)

    def course(self, part: str, *, dark: bool) -> Course:
        """The picture: in all, by source or by platform."""
        context, counted = self._figures.context, self.counted
        series = {"source": self._by_source, "platform": self._by_platform}.get(part, self._total)()
        return Course(
            context.title(self._slug), Message("stats.chart_headline", {"count": counted}), self._figures.words,
            tuple(series), self._start, self._end, context.petition(self._slug).next_goal(counted), dark,
        )  # fmt: skip

    def _total(self) -> Iterator[Series]:
        yield Message("stats.counted"), self._points(self.hours, HOUR)

    def _by_platform(self) -> Iterator[Series]:
        parts: dict[str, list[tuple[dt.datetime, int]]] = defaultdict(list)
        for one in self._work.tallies.history(self._slug, None):
            parts[one.platform].append((one.hour, one.change))
        for platform, changes in parts.items():
            yield platform.capitalize(), self._points(changes, HOUR)

    def _by_source(self) -> Iterator[Series]:
        """The links that brought most, day by day, and all others together."""
        breakdowns = self._work.breakdowns
        labels = [label for label, _ in breakdowns.by_value(self._slug, Facet.LABEL, None)][:MOST_SOURCES]
        parts: dict[str, list[tuple[dt.datetime, int]]] = {label: [] for label in labels}
        rest = Counter[dt.date]()
        for hour, change in self.hours:
            rest[hour.astimezone(dt.UTC).date()] += change
        for day, label, change in breakdowns.by_day(self._slug, Facet.LABEL, labels, None):
            parts[label].append((_beginning(day), change))
            rest[day] -= change
        for label, changes in parts.items():
            yield _called(label), self._points(changes, DAY)
        if any(rest.values()):
            yield (
                Message("organizer.other_links"),
                self._points(((_beginning(day), rest[day]) for day in sorted(rest)), DAY),
            )

    def _points(self, changes: Changes, length: dt.timedelta) -> tuple[Point, ...]:
        """The counts from the start on, drawn where half of the hour or day is over; the present one ends now."""
        total, points = 0, [(self._start, 0)]
        for begun, change in changes:
            total += change
            middle = begun + (min(begun + length, self._end) - begun) / 2
            if middle <= self._start or middle == points[-1][0]:
                points[-1] = (points[-1][0], total)
            else:
                points.append((middle, total))
        return tuple(points)


def _called(label: str) -> Words:
    """What a link is called where there is little room."""
    if label == OWN_LINKS:
        return Message("stats.chart_own_links")
    return label or Message("organizer.no_link")


def _beginning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


CHART = OrganizerCommand("chart", Message("command.chart"), about_petition("chart", _chart), noted=False)
