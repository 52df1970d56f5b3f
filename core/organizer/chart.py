"""`/chart [7d|30d|all] [source|platform] [dark]`: signatures over time as a picture."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from core.conversation.picture import Course, Point
from core.conversation.screen import Button, Facts, Line, Screen, Style
from core.messages import Argument, Message, Words
from core.organizer.command import (
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    PetitionOrder,
    Petitions,
    about_petition,
    number,
    sentence,
    split_petition,
)
from core.organizer.figures import PERIODS, Figures, as_of_line, day_note, period_buttons, split, split_words, total
from core.organizer.links import link_name
from core.outreach.communities import Titles, community_titles
from core.signatures.breakdowns import OWN_LINKS, Facet, by_day
from core.signatures.signature import SignatureStatus

MOST_SOURCES = 5  # including the sum of all others: what fits in a picture on a phone
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SHORTEST = dt.timedelta(minutes=10)  # of a picture, even of a new petition
_PARTS: Mapping[str, Message] = {
    "total": Message("stats.chart_total"),
    "source": Message("stats.chart_by_source"),
    "platform": Message("stats.chart_by_platform"),
}
_LOOKS: Mapping[str, Message] = {"light": Message("stats.chart_light"), "dark": Message("stats.chart_dark")}

Changes: TypeAlias = Iterable[tuple[dt.datetime, int]]
"""The start of an hour or a day, and how many of its signatures count; oldest first."""
Curve: TypeAlias = tuple[Words, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class DrawChart(PetitionOrder):
    """Draw the signatures of a period."""

    name = "chart"
    example = "30d source"
    period: str = "30d"
    part: str = "total"
    look: str = "light"

    @property
    def known(self) -> tuple[str, ...]:
        """Periods, parts and appearances."""
        return *PERIODS, *_PARTS, *_LOOKS

    @property
    def rest(self) -> str:
        """Period, part and appearance."""
        return f"{self.period} {self.part} {self.look}"


def _parse(argument: str, petitions: Petitions) -> DrawChart:
    slug, rest = split_petition(argument, petitions)
    period, (part, look), unknown = split_words(rest, _PARTS, _LOOKS)
    return DrawChart(slug, period or "30d", part or "total", look or "light", unknown=unknown)


def _chart(context: OrganizerContext, order: DrawChart) -> Screen:
    figures = Figures(context, order.petition, order.period)
    curves = _Curves(figures)
    if not curves.hours:
        return sentence("stats.chart_nothing")
    course = curves.course(order.part, dark=order.look == "dark")
    facts = Facts(
        (
            (Message("stats.counted"), number(curves.counted)),
            (figures.words, split(curves.recent)),
            (Message("stats.goal"), number(course.goal)),
        )
    )
    title = Line(context.title(order.petition), Style.HEADING)
    about = (day_note(figures), *as_of_line(context, order.petition))
    return Screen((title, facts, *about), tuple(_buttons(order)), pictures=(course,))


def _buttons(order: DrawChart) -> Iterator[tuple[Button, ...]]:
    """Buttons for the other periods, parts and appearance."""
    yield period_buttons(lambda period: replace(order, period=period), order.period)
    yield tuple(Button(words, order=replace(order, part=part)) for part, words in _PARTS.items() if part != order.part)
    yield tuple(Button(words, order=replace(order, look=look)) for look, words in _LOOKS.items() if look != order.look)


class _Curves:
    """The curves of one picture."""

    def __init__(self, figures: Figures) -> None:
        self._figures, self._work, self._slug = figures, figures.context.work, figures.slug
        self._petition = figures.context.petition(figures.slug)
        self.hours = self._work.tallies.hours(self._slug, None)
        self.counted = self._work.tallies.of(self._slug).counted
        self._end = figures.context.now
        first = self.hours[0][0] if self.hours else self._end
        self._start = min(max(figures.since or first, first), self._end - SHORTEST)
        since = figures.since
        self.recent = total(tally for hour, tally in self.hours if since is None or hour >= since)

    def course(self, part: str, *, dark: bool) -> Course:
        """The picture: in total, by source or by platform."""
        context, counted = self._figures.context, self.counted
        curves = {"source": self._by_source, "platform": self._by_platform}.get(part, self._total)()
        return Course(
            context.title(self._slug), Message("stats.chart_headline", {"count": counted}), self._period(),
            tuple(curves), self._start, self._end, self._petition.next_goal(counted), dark,
            self._days(), self._petition.zone,
        )  # fmt: skip

    def _period(self) -> Message:
        """The period, with what came in during it."""
        figures = self._figures
        about: dict[str, Argument] = {"period": figures.words, "count": self.recent.signed, "zone": figures.zone}
        return Message("stats.chart_period", about)

    def _days(self) -> tuple[Point, ...]:
        """The number signed on each day of the picture."""
        petition = self._petition
        days = by_day(self.hours, petition.zone)
        first = petition.day(self._start)
        return tuple((petition.midnight(day), days[day].signed) for day in sorted(days) if day >= first)

    def _total(self) -> Iterator[Curve]:
        yield Message("stats.counted"), self._points(((hour, tally.counted) for hour, tally in self.hours), HOUR)

    def _by_platform(self) -> Iterator[Curve]:
        parts: dict[str, list[tuple[dt.datetime, int]]] = defaultdict(list)
        for change in self._work.tallies.history(self._slug, None):
            if change.status is SignatureStatus.COUNTED:
                parts[change.platform].append((change.hour, change.count))
        for platform, changes in parts.items():
            yield platform.capitalize(), self._points(changes, HOUR)

    def _by_source(self) -> Iterator[Curve]:
        """The links with the most signatures, day by day, and the sum of all others.

        Every signature also has a version of the text, by the same days, whatever the time zone was.
        """
        beginning = self._petition.midnight
        labels = self._values(Facet.LABEL)[:MOST_SOURCES]
        parts: dict[str, list[tuple[dt.datetime, int]]] = {label: [] for label in labels}
        rest = Counter[dt.date]()
        for day, _, change in self._by_day(Facet.VERSION, self._values(Facet.VERSION)):
            rest[day] += change
        for day, label, change in self._by_day(Facet.LABEL, labels):
            parts[label].append((beginning(day), change))
            rest[day] -= change
        titles = community_titles(self._work.cards.communities())
        for label, changes in parts.items():
            yield _called(label, titles), self._points(changes, DAY)
        if any(rest.values()):
            yield (
                Message("organizer.other_links"),
                self._points(((beginning(day), rest[day]) for day in sorted(rest)), DAY),
            )

    def _values(self, facet: Facet) -> list[str]:
        """The values that a facet ever had."""
        return [value for value, _ in self._work.breakdowns.by_value(self._slug, facet, None)]

    def _by_day(self, facet: Facet, values: Sequence[str]) -> Iterable[tuple[dt.date, str, int]]:
        return self._work.breakdowns.by_day(self._slug, facet, values, None)

    def _points(self, changes: Changes, length: dt.timedelta) -> tuple[Point, ...]:
        """The counts since the start, drawn in the middle of each hour or day; the current one ends now."""
        total, points = 0, [(self._start, 0)]
        for begun, change in changes:
            total += change
            first = min(begun.astimezone(dt.UTC), self._end)  # in another time zone, today may have begun later
            middle = first + (min(first + length, self._end) - first) / 2
            if middle <= self._start or middle == points[-1][0]:
                points[-1] = (points[-1][0], total)
            else:
                points.append((middle, total))
        return tuple(points)


def _called(label: str, titles: Titles) -> Words:
    """A short name for a link; `titles` are those of communities, by label."""
    if label == OWN_LINKS:
        return Message("stats.chart_own_links")
    return link_name(label, titles)


CHART = OrganizerCommand(
    "chart", Message("command.chart"), _parse, about_petition(_chart), noted=False, only_reads=True,
    has_figures=True,
    parameters=(
        PETITION, Parameter("period", PERIODS), Parameter("part", tuple(_PARTS)), Parameter("look", tuple(_LOOKS)),
    ),
)  # fmt: skip
