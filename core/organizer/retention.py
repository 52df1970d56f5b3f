"""Erases personal data on time: tells organizers a week before, and only while the clock can be right."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.conversation.screen import Line, Screen, Style, View
from core.messages import Argument, Command, Message
from core.organizer.clock import NAME as CLOCK_COMMAND
from core.organizer.service import OrganizerService
from core.outbox import NewEntry, Topic
from core.petition.collection import drafts
from core.petition.petition import Petition, PetitionStatus
from core.petition.retention import Erasure, PersonalData, PetitionRecord, confirm_clock, erasures, find_doubt
from core.petition.versions import Versions, first_versions, present_versions
from core.petition.zone import shared_zone
from core.platforms import WRITABLE
from core.ports import UnitOfWork
from core.queries import Queries
from core.signatures.signature import Signer

log = logging.getLogger(__name__)

DUE, REMOVED_DUE, CALLED_OFF, CLOCK = "due", "removed_due", "called_off", "clock"

_WORDS = {
    DUE: ("retention.due", "retention.correct"),
    REMOVED_DUE: ("retention.due", "retention.put_back"),
    CALLED_OFF: ("retention.called_off",),
    CLOCK: ("retention.clock", "retention.confirm_clock"),
}


def retention_topic(platform: str) -> Topic:
    """The notices about retention to organizers on a platform."""
    return Topic(f"retention.{platform}", repeat=False)


def log_failure(slug: str, error: Exception) -> None:
    """Log that a petition could not be erased, without the error's text, which may quote data."""
    log.warning("could not erase %s yet: %s", slug, type(error).__name__)


def _remember_versions(versions: Versions, petition: Petition, now: dt.datetime) -> None:
    """Store what people can sign now, and the words of older signatures if the text is still the same."""
    for version in present_versions(petition, now):
        versions.remember(version)
    for version in first_versions(petition, now):
        versions.complete(version)


@dataclass(frozen=True)
class RetentionService:
    """Announces erasures, carries them out a week later, and remembers petitions for when their folders are gone."""

    organizing: OrganizerService
    queries: Queries
    data: PersonalData

    def remember(self) -> None:
        """Store the facts about loaded petitions that must outlive their folders."""
        with self._work() as work:
            for petition in self._petitions.values():
                work.records.remember(PetitionRecord.of(petition, self._now()))
                _remember_versions(work.versions, petition, self._now())
            work.commit()

    def doubt(self) -> dt.datetime | None:
        """The newest stored event if the clock is too far from it to erase anything; None if it can be right."""
        with self.queries.moments() as moments:
            return find_doubt(moments, self._now())

    def confirm_clock(self) -> None:
        """Trust the clock as it is now."""
        with self._work() as work:
            confirm_clock(work.moments, self._now())
            work.commit()

    def due(self) -> tuple[Erasure, ...]:
        """The erasures that are due within a week or already, of petitions with personal data."""
        return tuple(erasure for erasure in self._by_date() if self.data.holds(erasure.petition.slug))

    def removed(self) -> tuple[Erasure, ...]:
        """The erasures, due or not, of petitions whose folders are gone and that still have personal data."""
        return tuple(
            erasure for erasure in self._all() if erasure.removed and self.data.holds(erasure.petition.slug)
        )  # fmt: skip

    def unknown(self) -> tuple[str, ...]:
        """The petitions with personal data that were last loaded by a version that stored no retention."""
        known = {one.slug for one in self.queries.records()}
        petitions = (slug for slug in self.queries.petitions() if slug not in known and not self.has_folder(slug))
        return tuple(slug for slug in petitions if self.data.holds(slug))

    def has_folder(self, slug: str) -> bool:
        """True unless the petition's folder is gone; one that can't be read at the moment is still there."""
        return slug in {*self._petitions} or slug in self._elsewhere

    def run(self, on_failure: Callable[[str, Exception], None] = log_failure) -> Mapping[str, int]:
        """Announce what is due and erase what was announced a week ago, unless the clock is doubtful.

        Returns the number of signatures that lost their personal data, by petition. A petition that cannot be erased
        is reported to `on_failure` and tried again next time; the others are erased all the same.
        """
        now, newest = self._now(), self.doubt()
        if newest:
            notices = self._notices(CLOCK, f"{newest:%Y-%m-%d}", day=newest)
            with self._work() as work:
                work.outbox.put(notices)
                work.commit()
            return {}
        self.remember()
        self.confirm_clock()
        self.data.clean(now)
        self.data.erase_trials(self._drafts, now)
        self._call_off({erasure.petition.slug for erasure in self._by_date()})
        erased = {}
        for erasure in self.due():
            slug = erasure.petition.slug
            try:
                erased[slug] = self._announce_or_erase(erasure, now)
            except Exception as error:  # noqa: BLE001  (whatever is wrong with one, the others are due as well)
                on_failure(slug, error)
        return {slug: count for slug, count in erased.items() if count}

    def _announce_or_erase(self, erasure: Erasure, now: dt.datetime) -> int:
        if erasure.is_settled() or (erasure.announced and erasure.begins(now) <= now):
            petition, day = erasure.petition, erasure.petition.closed_on
            return self._erase(petition.slug, petition.midnight(day).astimezone(dt.UTC) if day else None)
        if not erasure.announced:
            self._announce(erasure)
        return 0

    def _announce(self, erasure: Erasure) -> None:
        petition, at = erasure.petition, erasure.begins(self._now())
        kind = REMOVED_DUE if erasure.removed else DUE
        notices = self._notices(kind, f"{petition.slug}:{at:%Y-%m-%d}", day=at, petition=petition)
        with self._work() as work:
            work.records.schedule(petition.slug, at)
            work.outbox.put(notices)
            work.commit()

    def _call_off(self, due: set[str]) -> None:
        """Call off announced erasures that are no longer due, because a date was corrected."""
        for record in self.queries.records():
            if record.erasure_at and record.slug not in due:
                petition = self._petitions.get(record.slug) or record.petition(self.queries.decision(record.slug))
                key = f"{record.slug}:{record.erasure_at:%Y-%m-%d}"
                notices = self._notices(CALLED_OFF, key, day=record.erasure_at, petition=petition)
                with self._work() as work:
                    work.records.schedule(record.slug, None)
                    work.outbox.put(notices)
                    work.commit()

    def erase_removed(self, slug: str) -> int:
        """Erase a petition whose folder is gone, now and for good; returns how many signatures lost their data."""
        if self.has_folder(slug):
            raise ValueError(f"the folder of {slug} is not gone")
        return self._erase(slug, None)

    def _erase(self, slug: str, closed_at: dt.datetime | None) -> int:
        """Close the petition for good, then erase; a process that dies in between erases the rest an hour later."""
        with self._work() as work:
            decision = work.decisions.of(slug)
            if not decision.is_final:
                closed = closed_at or dt.datetime.combine(self._now(), dt.time(), dt.UTC)
                decision = replace(decision, status=PetitionStatus.CLOSED, since=closed)
            if not decision.erased_at:
                work.decisions.save(slug, replace(decision, erased_at=self._now()))
            work.records.schedule(slug, None)
            work.commit()
        return self.data.erase(slug)

    def _notices(self, kind: str, key: str, *, day: dt.datetime, petition: Petition | None = None) -> list[NewEntry]:
        """A notice for each organizer on a platform that can send messages, once for each key."""
        about = {"slug": petition.slug, "title": petition.text("").title} if petition else {}
        zone = petition.zone if petition else shared_zone(self._petitions.values())
        payload = {"kind": kind, "day": day.astimezone(zone).date().isoformat(), **about}
        return [
            NewEntry(
                retention_topic(platform), f"{kind}:{key}:{organizer}", self._now(), {**payload, "organizer": organizer}
            )
            for platform in WRITABLE
            for organizer in self.organizing.on(platform)
        ]

    def notice(self, platform: str, payload: Mapping[str, Any]) -> tuple[Signer, View] | None:
        """The organizer and the notice; None if the organizer has left."""
        signing, signer = self.organizing.signing, Signer(platform, payload["organizer"])
        if not self.organizing.organizes(signer):
            return None
        with self._work() as work:
            locale = signing.person(work, signer).locale
        petition = self._petitions.get(payload.get("slug", ""))
        title = petition.text(locale).title if petition else payload.get("title", "")
        day = dt.date.fromisoformat(payload["day"])
        today = self._now().astimezone(shared_zone(self._petitions.values())).date()
        return signer, View(retention_screen(payload["kind"], title, day, today), locale)

    def _by_date(self) -> Iterator[Erasure]:
        return (erasure for erasure in self._all() if erasure.is_due(self._now()))

    def _all(self) -> Iterator[Erasure]:
        return erasures(self._petitions, self.queries.records(), self.queries.decision, self._elsewhere)

    @property
    def _petitions(self) -> Mapping[str, Petition]:
        return self.organizing.signing.published

    @property
    def _drafts(self) -> Mapping[str, Petition]:
        return drafts(self.organizing.signing.petitions)

    @property
    def _elsewhere(self) -> frozenset[str]:
        """The petitions that have a folder, though it can't be read or is a draft."""
        return self.organizing.signing.broken.union(draft.folder for draft in self._drafts.values())

    def _now(self) -> dt.datetime:
        return self.organizing.signing.clock()

    def _work(self) -> UnitOfWork:
        return self.organizing.signing.work()


def retention_screen(kind: str, title: str, day: dt.date, today: dt.date) -> Screen:
    """The notice; `day` is when the erasure begins, or the day of the newest stored event."""
    about: dict[str, Argument] = {"title": title, "date": day, "today": today, "command": Command(CLOCK_COMMAND)}
    first, *more = (Line(Message(key, about)) for key in _WORDS[kind])
    return Screen((replace(first, style=Style.NOTICE if kind == CALLED_OFF else Style.ALERT), *more))
