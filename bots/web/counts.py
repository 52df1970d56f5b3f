"""Petitions' counts in memory: one task asks the database, and all pages are answered from here."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from bots.common.service_threads import ServiceThreads
from bots.services import Services
from bots.web.content import COUNT_SECONDS, JSON, Content
from bots.web.headers import ANYWHERE
from core.errors import StorageUnavailableError
from core.log.checkpoint import Checkpoint
from core.log.records import CheckpointRecord, PublishedLogs
from core.log.signed_note import VerifierKey
from core.messages import Message
from core.petition.collection import with_drafts
from core.petition.petition import Petition, PetitionStatus
from core.petition.phase import Phase
from core.petition.zone import time_words, zone_words
from core.signatures.signature import Outcome
from core.sources.checks import Checks

log = logging.getLogger(__name__)

REFRESH_EVERY = 3.0  # seconds between two queries of the database
OLD_AFTER = dt.timedelta(seconds=30)  # after which a page gives the time of its count
_STATUS: Mapping[Phase, str] = {
    Phase.OPEN: PetitionStatus.OPEN,
    Phase.EARLY: Outcome.NOT_YET_OPEN,
    Phase.PAUSED: PetitionStatus.PAUSED,
    Phase.ENDED: PetitionStatus.CLOSED,
    Phase.CLOSED: PetitionStatus.CLOSED,
    Phase.WON: PetitionStatus.VICTORY,
}
_Read: TypeAlias = "tuple[Petition, int, LogHead | None, Checks]"


@dataclass(frozen=True)
class LogHead:
    """The last checkpoint of a petition's log, and the keys to check it with, the current one first."""

    record: CheckpointRecord
    publics: tuple[bytes, ...]

    @cached_property
    def checkpoint(self) -> Checkpoint:
        """Origin, size and root."""
        return self.record.checkpoint

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The verifier keys, as lines that verifiers take."""
        return tuple(str(VerifierKey(self.checkpoint.origin, public)) for public in self.publics)

    @cached_property
    def for_programs(self) -> dict[str, Any]:
        """The checkpoint, the number that its entries add up to, and the keys."""
        checkpoint = self.checkpoint
        return {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": checkpoint.root_text,
            "count": self.record.number,
            "as_of": self.record.at.isoformat(timespec="seconds"),
            "keys": list(self.keys),
        }


@dataclass(frozen=True)
class Snapshot:
    """A petition when the database last answered; `version` changes with everything that pages show.

    `checks` are the last ones of its sources.
    """

    petition: Petition
    counted: int
    phase: Phase
    seen_at: dt.datetime = field(compare=False)
    is_old: bool = False
    version: int = field(default=0, compare=False)
    log: LogHead | None = None
    checks: Checks = field(default_factory=dict)

    def without_news(self, now: dt.datetime) -> Snapshot:
        """The same snapshot later, while the database doesn't answer: only time has passed."""
        return replace(self, phase=self.petition.phase(now), is_old=now - self.seen_at > OLD_AFTER)

    @property
    def goal(self) -> int:
        """The goal to show with the count."""
        return self.petition.next_goal(self.counted)

    @property
    def is_open(self) -> bool:
        """True if people can sign."""
        return self.phase is Phase.OPEN

    @property
    def is_won(self) -> bool:
        """True after a victory."""
        return self.phase is Phase.WON

    @property
    def _ends_at(self) -> dt.datetime | None:
        """The moment after which nobody can sign: the end of the last day, or an earlier final decision."""
        petition = self.petition
        since = petition.decision.since if petition.decision.is_final else None
        decided = since.astimezone(petition.zone) if since else None
        return min((moment for moment in (petition.closes_at, decided) if moment), default=None)

    @property
    def in_log(self) -> Message:
        """The number of signatures in the public log, which the live count may be ahead of. Needs a log."""
        return self._about_log("web.in_log")

    @property
    def log_is(self) -> Message:
        """The public log in a sentence. Needs a log."""
        return self._about_log("web.log_is")

    @property
    def log_comes(self) -> Message:
        """The time when a log without entries gets its first ones."""
        return Message("web.verify_later", {"zone": zone_words(self.petition.zone)})

    def _about_log(self, key: str) -> Message:
        assert self.log is not None  # noqa: S101  (templates ask only if there is one)
        record = self.log.record
        return Message(key, {"count": record.number, "time": time_words(record.at, self.petition.zone)})

    @property
    def changes_at(self) -> dt.datetime | None:
        """The next moment at which its own dates open or close it; None if there is none."""
        petition = self.petition
        moments = () if petition.decision.is_final else (petition.opens_at, petition.closes_at)
        return min((moment for moment in moments if moment and moment > self.seen_at), default=None)

    @property
    def status(self) -> str:
        """The phase in the words that programs know."""
        return _STATUS[self.phase]

    @property
    def as_of(self) -> Message:
        """The time of the count in words, in the petition's time zone."""
        seen, zone = self.seen_at.astimezone(self.petition.zone), zone_words(self.petition.zone)
        return Message("web.as_of", {"date": seen.date(), "time": f"{seen:%H:%M}", "zone": zone})

    @cached_property
    def for_programs(self) -> Content:
        """The count, the goal, whether and how long people can sign, the time of the count, and the log, as JSON."""
        opens, closes = self.petition.opens_at, self._ends_at
        values = {
            "petition": self.petition.public_slug,
            "count": self.counted,
            "goal": self.goal,
            "status": self.status,
            "open": self.is_open,
            "opens": opens.isoformat() if opens else None,
            "closes": closes.isoformat() if closes else None,
            "as_of": self.seen_at.isoformat(timespec="seconds"),
            "log": self.log.for_programs if self.log else None,
        }
        return Content(json.dumps(values).encode(), JSON, COUNT_SECONDS, more=ANYWHERE, changes_at=self.changes_at)


class Counts:
    """Snapshots of all petitions, by slug; empty before the first refresh."""

    def __init__(self, services: Services, threads: ServiceThreads) -> None:
        self._services, self._threads = services, threads
        self._changed = asyncio.Condition()
        self._reachable = True
        self.snapshots: Mapping[str, Snapshot] = {}

    @property
    def listed(self) -> Mapping[str, Snapshot]:
        """The snapshots of the petitions that everyone may see, which drafts are not."""
        return {slug: snapshot for slug, snapshot in self.snapshots.items() if not snapshot.petition.is_trial}

    async def begin(self) -> None:
        """Refresh until the database has answered once."""
        await self.refresh()
        while not self.snapshots:
            await asyncio.sleep(REFRESH_EVERY)
            await self.refresh()

    async def refresh_forever(self) -> None:
        """Refresh every few seconds; while the database is unreachable, the last counts stay."""
        while True:
            await asyncio.sleep(REFRESH_EVERY)
            await self.refresh()

    async def refresh(self) -> None:
        """Query the database once, and wake listeners that wait for a change or have left."""
        now = self._services.signing.clock()
        try:
            read = await self._threads.run(self._read)
        except StorageUnavailableError as error:
            if self._reachable:
                log.warning("the pages show the last known counts: %s", error)
            self._reachable = False
            snapshots = [snapshot.without_news(now) for snapshot in self.snapshots.values()]
        else:
            self._reachable = True
            snapshots = [
                Snapshot(petition, count, petition.phase(now), now, log=log, checks=checks)
                for petition, count, log, checks in read
            ]
        self.snapshots = {snapshot.petition.slug: self._numbered(snapshot) for snapshot in snapshots}
        async with self._changed:
            self._changed.notify_all()

    async def after(self, slug: str, version: int, has_left: Callable[[], bool]) -> Snapshot | None:
        """The petition's snapshot, as soon as its version differs; None for a listener that has left."""
        async with self._changed:
            await self._changed.wait_for(lambda: has_left() or self.snapshots[slug].version != version)
        return None if has_left() else self.snapshots[slug]

    def _read(self) -> list[_Read]:
        queries, checks = self._services.queries, self._services.source_checks
        petitions = with_drafts(self._services.petitions).values()
        with queries.log() as logs:
            heads = _heads(logs, [petition.slug for petition in petitions if not petition.is_trial])
        return [
            (
                petition.with_decision(queries.decision(petition.slug)),
                queries.tally(petition.slug).counted,
                heads.get(petition.slug),
                checks.of(petition.slug),
            )
            for petition in petitions
        ]

    def _numbered(self, snapshot: Snapshot) -> Snapshot:
        before = self.snapshots.get(snapshot.petition.slug)
        if before is None:
            return replace(snapshot, version=1)
        return replace(snapshot, version=before.version + (snapshot != before))


def _heads(logs: PublishedLogs, slugs: Sequence[str]) -> dict[str, LogHead]:
    """The heads of the logs that have published anything."""
    keys = logs.keys()
    found = ((slug, logs.checkpoint(slug)) for slug in slugs)
    return {slug: LogHead(record, keys) for slug, record in found if record}
