"""`/community`: signatures that came through a community, for its moderators. Small numbers stay hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from core.conversation.paging import more_line
from core.conversation.scene import FEWEST_SHOWN
from core.conversation.screen import Facts, Line, Part, Screen, Style
from core.messages import Message, Words
from core.petition.collection import distinct_titles
from core.petition.petition import Petition
from core.petition.zone import zone_words
from core.queries import Queries

DAYS = 7
MOST_LISTED = 10  # petitions in one message


def report(queries: Queries, petitions: Mapping[str, Petition], label: str, locale: str, now: dt.datetime) -> Screen:
    """Signatures with a community's label, in total and in the last days, petition by petition."""
    parts: list[Part] = []
    titles = distinct_titles(petitions, locale)
    for slug, petition in list(petitions.items())[:MOST_LISTED]:
        parts.append(Line(titles[slug], Style.HEADING))
        parts += _figures(queries, slug, label, petition.day(now), zone_words(petition.zone))
    return Screen((*parts, *more_line(len(petitions) - MOST_LISTED)) or (Line(Message("petitions.none")),))


def _figures(queries: Queries, slug: str, label: str, today: dt.date, zone: Words) -> Iterator[Part]:
    total = queries.credited(slug, label)
    if total < FEWEST_SHOWN:
        yield Line(Message("community.too_few", {"fewest": FEWEST_SHOWN}))
        return
    yield Line(Message("community.total", {"count": total}))
    first = today - dt.timedelta(days=DAYS - 1)
    days = dict(queries.trend(slug, label, first))
    rows: list[tuple[Words, Words]] = [
        (Message("fact.day", {"date": day}), Message("organizer.increase", {"number": days[day]}))
        for day in sorted(days, reverse=True)
        if days[day] >= FEWEST_SHOWN
    ]
    yield Line(Message("community.days", {"count": DAYS, "zone": zone}), Style.HEADING)
    if len(rows) < DAYS:
        rows.append((Message("community.other_days"), Message("community.few", {"fewest": FEWEST_SHOWN})))
    yield Facts(tuple(rows))
