"""Shared by `/count`, `/stats`, and `/chart`: periods, counts, and lists cut to fit a screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.conversation.funnel import PENDING
from core.conversation.screen import Button, Facts, Line, Order, Style
from core.messages import Message, Words
from core.organizer.command import OrganizerContext, difference, number
from core.signatures.signature import SignatureStatus

PERIODS: Mapping[str, tuple[int | None, Message]] = {
    "7d": (7, Message("stats.last_days", {"count": 7})),
    "30d": (30, Message("stats.last_days", {"count": 30})),
    "all": (None, Message("stats.all_time")),
}
"""The periods by the name to type: the number of days (UTC) including today, and their names."""

_NOT_COUNTED: Mapping[SignatureStatus, Message] = {
    SignatureStatus.DUPLICATE: Message("stats.duplicate"),
    SignatureStatus.QUARANTINED: Message("stats.quarantined"),
    SignatureStatus.INVALID: Message("stats.invalid"),
    SignatureStatus.WITHDRAWN: Message("stats.withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a petition in a period."""

    context: OrganizerContext
    slug: str
    period: str

    @property
    def since(self) -> dt.datetime | None:
        """The midnight (UTC) at which the period begins; None if it has no beginning."""
        days = PERIODS[self.period][0]
        return midnight(self.context.now) - dt.timedelta(days=days - 1) if days else None

    @property
    def first_day(self) -> dt.date | None:
        """The period's first day."""
        return self.since.date() if self.since else None

    def amount(self, count: int) -> Message:
        """Signatures in the period, with their sign: withdrawals make some negative. A total of all time has none."""
        return difference(count) if self.since else number(count)

    @property
    def words(self) -> Message:
        """The name of the period."""
        return PERIODS[self.period][1]


def chosen(argument: str, among: Sequence[str] | Mapping[str, object], default: str) -> str:
    """The first word of the argument that is one of these."""
    return next((word for word in argument.lower().split() if word in among), default)


def period_buttons(order: Callable[[str], Order], present: str) -> tuple[Button, ...]:
    """Buttons for the other periods."""
    return tuple(Button(words, order=order(name)) for name, (_, words) in PERIODS.items() if name != present)


def standing(context: OrganizerContext, slug: str) -> tuple[Line, Facts]:
    """A petition's current counts: signatures by status, and people who have not finished."""
    tallies = context.work.tallies
    tally = tallies.of(slug)
    today = sum(change for _, change in tallies.hours(slug, midnight(context.now)))
    rows: list[tuple[Words, Words]] = [
        (Message("stats.counted"), number(tally.counted)),
        (Message("stats.today"), difference(today)),
        (Message("stats.goal"), number(context.petition(slug).next_goal(tally.counted))),
        (Message("stats.pending"), number(context.work.breakdowns.steps(slug).get(PENDING, 0))),
    ]
    rows += [(words, number(tally.totals.get(status, 0))) for status, words in _NOT_COUNTED.items()]
    return Line(context.title(slug), Style.HEADING), Facts(tuple(rows))


def heading(figures: Figures, words: Message) -> tuple[Line, Line]:
    """The petition's title, and the heading of a part."""
    return Line(figures.context.title(figures.slug), Style.NOTE), Line(words, Style.HEADING)


def listed(
    rows: Sequence[tuple[Words, int]], most: int, others: Message, written: Callable[[int], Message] = number
) -> Iterator[tuple[Words, Words]]:
    """The first rows, and the sum of all others."""
    yield from ((name, written(count)) for name, count in rows[:most])
    if len(rows) > most:
        yield others, written(sum(count for _, count in rows[most:]))


def midnight(moment: dt.datetime) -> dt.datetime:
    """The start of the day (UTC)."""
    return moment.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
