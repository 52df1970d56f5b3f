"""Checks of sources: those that are due, their results, and the notices that tell organizers of news."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.conversation.scene import source_entry
from core.conversation.screen import Line, Part, Screen, Style, View
from core.conversation.source_state import state_of
from core.messages import Command, Message
from core.organizer.checks import NAME as COMMAND
from core.organizer.service import OrganizerService
from core.outbox import NewEntry, Topic
from core.petition.petition import Petition
from core.petition.source import Source
from core.platforms import WRITABLE, Platform
from core.ports import UnitOfWork
from core.signatures.signature import Signer, hour_of
from core.sources.checks import SourceCheck
from core.sources.due import DueLook, is_due, linked_sources, looks_at
from core.sources.news import SourceNews, news

LISTED = 5  # sources in a notice
_HOUR = dt.timedelta(hours=1)


def checks_topic(platform: str) -> Topic:
    """The notices about sources to organizers on a platform."""
    return Topic(f"checks.{platform}", repeat=False)


@dataclass(frozen=True)
class SourceCheckService:
    """Finds looks that are due, and records what they found; every public method takes a transaction or two."""

    organizing: OrganizerService

    def take_lease(self, holder: str, lasting: dt.timedelta) -> bool:
        """Take or renew the checker's lease; returns False while another process has it."""
        now = self._now()
        with self._work() as work:
            taken = work.source_checks.take_lease(holder, now, now + lasting)
            work.commit()
        return taken

    def release_lease(self, holder: str) -> None:
        """Let another process check."""
        with self._work() as work:
            work.source_checks.release_lease(holder)
            work.commit()

    def due(self) -> tuple[DueLook, ...]:
        """The looks that are due at published petitions that let the checker look, longest waiting first."""
        checked = [petition for petition in self._petitions.values() if petition.check_sources]
        looks = (look for petition in checked for look in self.looks(petition))
        return tuple(look for look in looks if is_due(look, self._now()))

    def looks(self, petition: Petition) -> tuple[DueLook, ...]:
        """A look at each link of a petition, due or not."""
        with self._work() as work:
            return looks_at(petition, work.source_checks.history(petition.slug))

    def record(self, look: DueLook, check: SourceCheck) -> None:
        """Store a check for every source that it is about; news go to the organizers."""
        organizers = {platform: self.organizing.on(platform) for platform in WRITABLE}
        with self._work() as work:
            for source in look.sources:
                work.source_checks.save(look.petition, replace(check, key=source.key))
            found = _news_of(work.source_checks.history(look.petition), look.source)
            if any(one.check.at == check.at for one in found):
                work.outbox.put(self._notices(look.petition, check.at, organizers))
            work.commit()

    def _notices(
        self, petition: str, at: dt.datetime, organizers: Mapping[Platform, tuple[str, ...]]
    ) -> Iterator[NewEntry]:
        """A notice for each organizer about all news of an hour, when it has passed."""
        hour = hour_of(at)
        for platform, ids in organizers.items():
            for organizer in ids:
                key = f"{petition}:{hour:%Y-%m-%dT%H}:{organizer}"
                payload = {"organizer": organizer, "petition": petition, "hour": hour.isoformat()}
                yield NewEntry(checks_topic(platform), key, hour + _HOUR, payload)

    def notice(self, platform: str, payload: Mapping[str, Any]) -> tuple[Signer, View] | None:
        """The organizer and the notice; None if the organizer has left, or nothing of it concerns the petition now."""
        signing, signer = self.organizing.signing, Signer(platform, payload["organizer"])
        petition = self._petitions.get(payload["petition"])
        if petition is None or not self.organizing.organizes(signer):
            return None
        hour = dt.datetime.fromisoformat(payload["hour"])
        with self._work() as work:
            locale = signing.person(work, signer).locale
            history = work.source_checks.history(petition.slug)
        found = [
            (sources[0], one)
            for sources in linked_sources(petition)
            for one in _news_of(history, sources[0])
            if hour <= one.check.at < hour + _HOUR
        ]
        return (signer, View(news_screen(petition, found, locale), locale)) if found else None

    @property
    def _petitions(self) -> Mapping[str, Petition]:
        return self.organizing.signing.published

    def _now(self) -> dt.datetime:
        return self.organizing.signing.clock()

    def _work(self) -> UnitOfWork:
        return self.organizing.signing.work()


def _news_of(history: tuple[SourceCheck, ...], source: Source) -> tuple[SourceNews, ...]:
    return tuple(news(check for check in history if check.is_about(source)))


def news_screen(petition: Petition, found: list[tuple[Source, SourceNews]], locale: str) -> Screen:
    """The notice about news of sources; each source once, and the first few only."""
    text = petition.text(locale)
    checks = {source.key: (source, one.check) for source, one in found}
    parts: list[Part] = [Line(Message("checks.news", {"title": text.title}), Style.ALERT)]
    for source, check in list(checks.values())[:LISTED]:
        own = next((each for each in text.sources if each.key == source.key), source)
        parts.append(Line(source_entry(own), Style.HEADING))
        parts += (Line(words) for words in state_of(check, own, petition.day, text.language))
    if len(checks) > LISTED:
        parts.append(Line(Message("page.more", {"count": len(checks) - LISTED}), Style.NOTE))
    command = Command(f"{COMMAND} {petition.public_slug}")
    return Screen((*parts, Line(Message("checks.news_next", {"command": command}))))
