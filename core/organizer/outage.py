"""Notices that tell organizers, on the platforms that still work, which part of the bot doesn't."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.conversation.screen import Line, Screen, Style, View
from core.messages import Argument, Message
from core.organizer.service import OrganizerService
from core.outbox import NewEntry, Topic
from core.petition.petition import UTC
from core.petition.zone import shared_zone, zone_words
from core.signatures.signature import Signer

LATEST = dt.timedelta(hours=1)
"""Time after which a notice that could not be sent is dropped, because it is old news."""

PETITION = "petition"
"""The component of a petition whose folder can't be read: this word, a hyphen, and the slug."""
LOG = "log"
"""The component of a petition's public log that is stopped: this word, a hyphen, and the slug."""
_WORDS = {
    "telegram": "outage.telegram", "discord": "outage.discord", "web": "outage.web", "worker": "outage.worker",
}  # fmt: skip


def outage_topic(platform: str) -> Topic:
    """The notices to organizers on a platform."""
    return Topic(f"outage.{platform}", repeat=False)


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage of one component (bots.common.health) and its beginning; `final` if only an operator can end it."""

    component: str
    began: dt.datetime
    final: bool = False


@dataclass(frozen=True)
class OutageService:
    """Reports outages; every public method takes a transaction or two."""

    organizing: OrganizerService

    def report(self, outage: Outage, platforms: Iterable[str]) -> int:
        """Put a notice for each organizer on these platforms; returns the number of new ones.

        There is one notice even if several processes have the same outage, or one has it again within the hour.
        """
        signing = self.organizing.signing
        entries = [entry for platform in platforms for entry in self._entries(outage, platform)]
        with signing.work() as work:
            put = work.outbox.put(entries)
            work.commit()
        return put

    def _entries(self, outage: Outage, platform: str) -> Iterator[NewEntry]:
        signing = self.organizing.signing
        now, zone = signing.clock(), shared_zone(signing.published.values())
        began = outage.began.astimezone(zone)
        for organizer in self.organizing.on(platform):
            key = f"{outage.component}:{outage.began.astimezone(dt.UTC):%Y-%m-%dT%H}:{outage.final}:{organizer}"
            payload = {
                "organizer": organizer, "component": outage.component, "final": outage.final,
                "began": f"{began:%H:%M}", "zone": zone.key, "reported": now.isoformat(),
            }  # fmt: skip
            yield NewEntry(outage_topic(platform), key, now, payload)

    def notice(self, platform: str, payload: Mapping[str, Any]) -> tuple[Signer, View] | None:
        """The organizer and the notice; None if the organizer has left or the notice is too late."""
        signing, signer = self.organizing.signing, Signer(platform, payload["organizer"])
        too_late = signing.clock() - dt.datetime.fromisoformat(payload["reported"]) > LATEST
        if too_late or not self.organizing.organizes(signer):
            return None
        with signing.work() as work:
            locale = signing.person(work, signer).locale
        zone = ZoneInfo(payload.get("zone", UTC))
        screen = outage_screen(payload["component"], payload["began"], zone, final=payload["final"])
        return signer, View(screen, locale)


def outage_screen(component: str, time: str, zone: ZoneInfo, *, final: bool) -> Screen:
    """The notice; `time` is the hour and minute at which it began."""
    about: dict[str, Argument] = {"time": time, "zone": zone_words(zone)}
    next_step = Message("outage.final" if final else "outage.passing", about)
    return Screen((Line(_what_is_down(component), Style.ALERT), Line(next_step)))


def _what_is_down(component: str) -> Message:
    """The sentence that names the component; a worker is named by its platform, a petition and its log by the slug."""
    kind, _, name = component.partition("-")
    if kind == PETITION:
        return Message("outage.petition", {"petition": name})
    if kind == LOG:
        return Message("outage.log", {"petition": name})
    return Message(_WORDS[kind], {"platform": name.capitalize()} if name else {})
