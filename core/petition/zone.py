"""Time zones as readers see them, and moments in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from core.messages import City, Message, Words
from core.petition.petition import UTC, Petition


def zone_words(zone: ZoneInfo) -> Words:
    """The name of a time zone, by its city."""
    return UTC if zone.key == UTC else Message("cover.zone", {"city": City(zone.key)})


def time_words(moment: dt.datetime, zone: ZoneInfo) -> Message:
    """The day and time of a moment in a time zone, with the zone's name."""
    return Message("fact.time", {"time": f"{moment.astimezone(zone):%Y-%m-%d %H:%M}", "zone": zone_words(zone)})


def shared_zone(petitions: Iterable[Petition]) -> ZoneInfo:
    """The time zone of all these petitions, for what belongs to none of them; UTC if they don't have the same."""
    names = {petition.timezone for petition in petitions}
    return ZoneInfo(names.pop() if len(names) == 1 else UTC)
