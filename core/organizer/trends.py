"""`/trends`: the mail domains and links that bring more signatures now than before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.conversation.screen import Button, Facts, Line, Part, Screen, Style
from core.messages import Message, Words
from core.organizer.command import (
    PETITION,
    OrganizerCommand,
    OrganizerContext,
    Parameter,
    PetitionOrder,
    Petitions,
    about_petition,
    number,
    split_petition,
)
from core.organizer.figures import as_of_line
from core.organizer.links import link_name
from core.organizer.list_order import AllowOrigin, BlockOrigin, ShowLists
from core.organizer.lists import TRENDS as NAME
from core.organizer.lists import VERDICTS, order_button
from core.outreach.communities import Titles, community_titles
from core.petition.mail_domain import is_provider
from core.petition.zone import time_words
from core.signatures.origins import Origin, OriginKind, Verdict
from core.signatures.signature import hour_of
from core.signatures.trends import COMPARED, FEWEST, Trend, TrendCounts, trends_of

PERIODS = ("2h", "6h", "24h", "3d")
USUAL = "24h"
SHOWN, OFFERED = 8, 3
_PERIOD = re.compile(r"([1-9]\d?)(h|d)")
_HOURS_A_DAY = 24
_LONGEST = 72  # hours, which leaves four days to compare with
_TITLES = {OriginKind.DOMAIN: "trends.domains", OriginKind.LABEL: "trends.links"}


@dataclass(frozen=True, slots=True)
class ShowTrends(PetitionOrder):
    """Show what is trending in a period that ends now."""

    name = NAME
    example = USUAL
    period: str = USUAL

    @property
    def known(self) -> tuple[str, ...]:
        """The periods."""
        return PERIODS

    @property
    def rest(self) -> str:
        """The period."""
        return self.period


def _parse(argument: str, petitions: Petitions) -> ShowTrends:
    slug, rest = split_petition(argument, petitions)
    period = rest.lower().replace(" ", "")
    fits = _hours(period) is not None
    return ShowTrends(slug, period if fits else USUAL, unknown="" if fits else rest)


def _hours(period: str) -> int | None:
    """The hours of a period such as `6h` or `3d`; None if the text isn't one."""
    match = _PERIOD.fullmatch(period)
    hours = int(match[1]) * (_HOURS_A_DAY if match[2] == "d" else 1) if match else 0
    return hours if 0 < hours <= _LONGEST else None


def _trends(context: OrganizerContext, order: ShowTrends) -> Screen:
    now = context.now
    start = hour_of(now - dt.timedelta(hours=_hours(order.period) or _HOURS_A_DAY))
    parts: list[Part] = [Line(context.title(order.petition), Style.NOTE)]
    buttons: list[tuple[Button, ...]] = []
    titles = community_titles(context.work.cards.communities())
    since = time_words(start, context.petitions[order.petition].zone)
    parts.append(Line(Message("trends.since", {"since": since})))
    for kind in OriginKind:
        counts = context.work.trends.read(order.petition, kind, start, hour_of(now - COMPARED))
        trends = trends_of(counts, kind, start, now)[:SHOWN]
        verdicts = context.work.lists.verdicts([trend.origin for trend in trends])
        parts += _part(kind, counts, trends, verdicts, titles)
        buttons += _offers(trends, verdicts, titles)
    parts.append(Line(Message("trends.note", {"count": FEWEST, "days": COMPARED.days}), Style.NOTE))
    parts += as_of_line(context, order.petition)
    others = (Button(period, order=ShowTrends(order.petition, period)) for period in PERIODS if period != order.period)
    return Screen(tuple(parts), (*buttons, tuple(others), (Button(Message("lists.title"), order=ShowLists()),)))


def _part(
    kind: OriginKind, counts: TrendCounts, trends: Sequence[Trend], verdicts: Mapping[Origin, Verdict], titles: Titles,
) -> Iterator[Part]:  # fmt: skip
    """The origins of one kind, the most surprising first, and the sum of all others."""
    yield Line(Message(_TITLES[kind]), Style.HEADING)
    if not trends:
        yield Line(Message("trends.nothing"))
        return
    rows: list[tuple[Words, Words]] = [
        (_name(trend.origin, titles), _row(trend, verdicts.get(trend.origin))) for trend in trends
    ]
    rest = counts.total_now - sum(trend.count for trend in trends)
    yield Facts((*rows, *([(Message("trends.others"), number(rest))] if rest else [])))


def _name(origin: Origin, titles: Titles) -> Words:
    return link_name(origin.name, titles) if origin.kind is OriginKind.LABEL else origin.name


def _row(trend: Trend, verdict: Verdict | None) -> Message:
    row = Message("trends.row", {"number": trend.count, "usual": round(trend.usual)})
    return Message("trends.listed", {"row": row, "verdict": VERDICTS[verdict]}) if verdict else row


def _offers(
    trends: Sequence[Trend], verdicts: Mapping[Origin, Verdict], titles: Titles
) -> Iterator[tuple[Button, ...]]:
    """Buttons to block or allow the first that grew and are on no list; none for large mail providers."""
    grown = [
        trend.origin for trend in trends
        if trend.count > 2 * trend.usual and trend.origin not in verdicts and not is_provider(trend.origin.name)
    ]  # fmt: skip
    for origin in grown[:OFFERED]:
        row = (
            *order_button("lists.block", BlockOrigin(origin), titles),
            *order_button("lists.allow", AllowOrigin(origin), titles),
        )
        if row:
            yield row


TRENDS = OrganizerCommand(
    NAME, Message("command.trends"), _parse, about_petition(_trends), noted=False, only_reads=True,
    has_figures=True,
    parameters=(PETITION, Parameter("period", PERIODS)),
)  # fmt: skip
