"""A signed petition in a database whose time passes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bots.app.retention import warnings
from core.organizer.retention import RetentionService, retention_topic
from core.outbox import ClaimedEntry, done
from storage.engine import Database
from tests.world import SALESFORCE, World

DAY = dt.timedelta(days=1)


@dataclass
class Archive:
    """A petition that Ada signed, and everything that erases it."""

    world: World
    retention: RetentionService
    database: Database

    def changes(self, **facts: object) -> None:
        """Edit petition.toml and start again."""
        petition = self.world.petitions[SALESFORCE]
        self.world.petitions[SALESFORCE] = replace(petition, **facts)  # type: ignore[arg-type]

    def closes_in(self, days: int) -> None:
        """Edit the petition's date so that the last day of its retention is this many days from today."""
        self.changes(closes=self.world.now.date() + days * DAY, retention_days=0)

    def passes(self, days: float, look_every: float = 1) -> dict[str, int]:
        """Let days pass, with a look every day or less often; returns what was erased."""
        erased: dict[str, int] = {}
        while days > 0:
            self.world.now += min(days, look_every) * DAY
            days -= look_every
            erased |= self.retention.run()
        return erased

    def notices(self) -> list[str]:
        """New notices to organizers: their kind and day."""
        now = self.world.now
        with self.world.work() as work:
            entries = work.outbox.claim("w", [retention_topic("telegram").name], 9, now, dt.timedelta(minutes=1))
            work.outbox.report([done(entry) for entry in entries], now)
            work.commit()
        return [self._reads(entry) for entry in entries]

    def _reads(self, entry: ClaimedEntry) -> str:
        notice = self.retention.notice("telegram", entry.payload)
        assert notice
        return f"{entry.payload['kind']} {entry.payload['day']}"

    def holds(self) -> bool:
        return self.retention.data.holds(SALESFORCE)

    def warns(self) -> str:
        return "\n".join(warnings(self.retention, self.world.now))
