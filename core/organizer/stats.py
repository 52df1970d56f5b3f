"""`/stats [7d|30d|all]`: what counts, what does not, and when and where signatures came in."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from babel import Locale

from core.messages import Message, Words
from core.organizer.command import Context, OrganizerCommand, about_petition, number
from core.ports import Happened
from core.screen import Button, Facts, Line, Order, Part, Screen, Style
from core.signing import SignatureStatus

PERIODS = {"7d": dt.timedelta(days=7), "30d": dt.timedelta(days=30), "all": None}
MOST_DAYS = 14  # lines in a chat; the rest are added up
_NAMES = {
    SignatureStatus.COUNTED: Message("stats.counted"),
    SignatureStatus.DUPLICATE: Message("stats.duplicate"),
    SignatureStatus.QUARANTINED: Message("stats.quarantined"),
    SignatureStatus.INVALID: Message("stats.invalid"),
    SignatureStatus.WITHDRAWN: Message("stats.withdrawn"),
}


def _stats(context: Context, slug: str, argument: str) -> Screen:
    period = argument.lower() if argument.lower() in PERIODS else "7d"
    span = PERIODS[period]
    since = context.now - span if span else None
    rows = tuple(
        Button(Message("stats.period", {"period": name}), order=Order("stats", f"{slug} {name}")) for name in PERIODS
    )
    return Screen((*_standing(context, slug), *_course(context, context.work.tallies.history(slug, since))), (rows,))


def _standing(context: Context, slug: str) -> Iterator[Part]:
    tally = context.work.tallies.of(slug)
    goal = context.petition(slug).next_goal(tally.counted)
    rows = [(name, number(tally.totals.get(status, 0))) for status, name in _NAMES.items()]
    yield Line(context.title(slug), Style.HEADING)
    yield Facts((*rows, (Message("stats.goal"), number(goal))))


def _course(context: Context, history: Sequence[Happened]) -> Iterator[Part]:
    """By day, then by platform and language; a day on which more withdrew than signed is below zero."""
    days, platforms, languages = Counter[dt.date](), Counter[str](), Counter[str]()
    for one in history:
        days[one.hour.astimezone(dt.UTC).date()] += one.change
        platforms[one.platform] += one.change
        languages[one.locale] += one.change
    if not days:
        yield Line(Message("stats.nothing"), Style.NOTE)
        return
    newest = sorted(days, reverse=True)
    rows: list[tuple[Words, Words]] = [
        (Message("fact.day", {"date": day}), number(days[day])) for day in newest[:MOST_DAYS]
    ]
    if len(newest) > MOST_DAYS:
        rows.append((Message("stats.earlier"), number(sum(days[day] for day in newest[MOST_DAYS:]))))
    yield Line(Message("stats.days"), Style.HEADING)
    yield Facts(tuple(rows))
    yield Line(Message("stats.platforms"), Style.HEADING)
    yield Facts(tuple((name.capitalize(), number(count)) for name, count in platforms.most_common()))
    yield Line(Message("stats.languages"), Style.HEADING)
    yield Facts(tuple((_language(code, context.locale), number(count)) for code, count in languages.most_common()))


def _language(code: str, locale: str) -> str:
    return Locale.parse(code).get_display_name(locale) or code


STATS = OrganizerCommand("stats", Message("command.stats"), about_petition("stats", _stats))
