"""Retention: facts about petitions that outlive their folders, and when personal data is erased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self

from core.petition.petition import Decision, Petition, PetitionStatus, PetitionText
from core.text.document import Document

NOTICE = dt.timedelta(days=7)
"""The time between telling organizers of an erasure and beginning it."""
IDLE = dt.timedelta(days=30)
"""The time after which an account that never signed is erased."""
TRIALS_KEPT, PUBLISHED_KEPT = dt.timedelta(days=30), dt.timedelta(hours=1)
"""The time after the last step of any trial of a draft, and of a published petition, after which all are erased."""
HEARTBEAT = "heartbeat"
"""The moment when retention last ran with a clock that could be right."""
BEHIND, AHEAD = dt.timedelta(days=1), dt.timedelta(days=90)
"""The furthest that a clock may be from the newest stored event without stopping retention."""


@dataclass(frozen=True, slots=True)
class PetitionRecord:
    """Facts about a petition that outlive its folder, stored whenever it is loaded.

    `erasure_at` is when its erasure may begin, once that was announced.
    """

    slug: str
    title: str
    language: str
    organizer: str
    target: str
    retention_days: int
    closes: dt.date | None
    loaded_at: dt.datetime
    erasure_at: dt.datetime | None = None

    @classmethod
    def of(cls, petition: Petition, now: dt.datetime) -> Self:
        """The record of a loaded petition."""
        language = petition.languages[0]
        petition = petition.in_language(language)
        return cls(
            petition.slug, petition.texts[language].title, language, petition.organizer, petition.target,
            petition.retention_days, petition.closes, now,
        )  # fmt: skip

    def petition(self, decision: Decision) -> Petition:
        """The petition after its folder was removed: closed, and with neither words nor a form.

        If nothing else closed it, its retention begins with the day it was last loaded.
        """
        text = PetitionText(self.language, self.title, "", Document(()), Document(()), (), "")
        closed = decision if decision.is_final else replace(decision, status=PetitionStatus.CLOSED, since=None)
        closes = self.closes or (None if closed.since else self.loaded_at.date())
        return Petition(
            self.slug, self.organizer, self.target, {self.language: text}, (), 1, self.retention_days,
            closes=closes, decision=closed,
        )  # fmt: skip


class Decisions(Protocol):
    """The organizers' decisions about petitions."""

    def of(self, petition: str) -> Decision:
        """The decision in force; by default, that the petition is open."""

    def save(self, petition: str, decision: Decision) -> None:
        """Put a decision in force."""


class PetitionRecords(Protocol):
    """The records of all petitions that were ever loaded."""

    def all(self) -> tuple[PetitionRecord, ...]:
        """Every record, by slug."""

    def of(self, petition: str) -> PetitionRecord | None:
        """The record of a petition."""

    def remember(self, record: PetitionRecord) -> None:
        """Store a record, except when its erasure may begin."""

    def schedule(self, petition: str, at: dt.datetime | None) -> None:
        """Store when an erasure may begin; None if it is no longer due."""


class Moments(Protocol):
    """Moments that the database remembers by name."""

    def of(self, name: str) -> dt.datetime | None:
        """The moment, if it is stored."""

    def save(self, name: str, at: dt.datetime) -> None:
        """Store a moment."""

    def newest_event(self) -> dt.datetime | None:
        """The newest signature, conversation or organizers' command."""


class PersonalData(Protocol):
    """The personal data in storage; every method takes transactions of its own."""

    def holds(self, petition: str) -> bool:
        """True if anything about a person is stored for a petition, or a key that still opens what backups hold."""

    def signatures(self, petition: str) -> int:
        """The number of a petition's signatures that can still be traced to a person."""

    def erase(self, petition: str) -> int:
        """Erase a petition's personal data, keeping the counts; returns the number of signatures that lost theirs."""

    def erase_trials(self, drafts: Collection[str], now: dt.datetime) -> int:
        """Erase trials whose time has come; returns the number of signatures. `drafts` are not published yet."""

    def clean(self, now: dt.datetime) -> int:
        """Erase old signals, plans and updates, and accounts that never signed; returns the number of accounts."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasure of a petition's personal data that its retention demands.

    `until` is the last day of its retention, and `announced` when the erasure may begin, once organizers were told.
    `removed` if its folder no longer exists.
    """

    petition: Petition
    until: dt.date
    announced: dt.datetime | None
    removed: bool

    def begins(self, now: dt.datetime) -> dt.datetime:
        """The time when it begins: after the last day, and a week after organizers were told, which may be now."""
        midnight = self.petition.midnight(self.until + dt.timedelta(days=1))
        return max(midnight, self.announced or now + NOTICE)

    def is_due(self, now: dt.datetime) -> bool:
        """True from a week before the last day on, when organizers are told."""
        return self.petition.day(now) > self.until - NOTICE

    def is_settled(self) -> bool:
        """True if it was carried out before, so that what came in since goes without a notice."""
        return self.petition.decision.erased_at is not None


def erasures(
    petitions: Mapping[str, Petition], records: Iterable[PetitionRecord], decision: Callable[[str], Decision],
    broken: Collection[str] = (),
) -> Iterator[Erasure]:  # fmt: skip
    """The erasures of loaded and removed petitions, due or not; none for petitions that never close.

    The folders of `broken` petitions can't be read at the moment, so their last known dates count. Without any, nothing
    of them is due: they weren't removed.
    """
    known = {record.slug: record for record in records}
    present = {*petitions}  # which doesn't have other names of theirs
    for slug in sorted({*present, *known}):
        decided = decision(slug)
        if slug in broken and not (known[slug].closes or decided.is_final):
            continue
        loaded, removed = slug in present, slug not in present and slug not in broken
        petition = petitions[slug].with_decision(decided) if loaded else known[slug].petition(decided)
        if petition.retained_until:
            announced = known[slug].erasure_at if slug in known else None
            yield Erasure(petition, petition.retained_until, announced, removed)


def confirm_clock(moments: Moments, now: dt.datetime) -> None:
    """Trust a clock as it is now."""
    moments.save(HEARTBEAT, now)


def find_doubt(moments: Moments, now: dt.datetime) -> dt.datetime | None:
    """The newest stored event if a clock is too far from it to erase anything by it; None if it can be right."""
    newest = moments.of(HEARTBEAT) or moments.newest_event()
    return newest if newest is not None and not newest - BEHIND <= now <= newest + AHEAD else None
