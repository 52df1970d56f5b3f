"""core.ports.Tallies in memory."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.signatures.breakdowns import HourlyCount
from core.signatures.parts import FIRST_PART
from core.signatures.signature import SignatureStatus, Tally
from tests.memory_reviews import pseudonym

if TYPE_CHECKING:
    from tests.fakes import MemoryStore


@dataclass
class MemoryTallies:
    """core.ports.Tallies."""

    store: MemoryStore

    def lock(self, petition: str, parts: Iterable[int], mailboxes: Sequence[str] = ()) -> int:
        assert tuple(parts), "nothing would be locked"
        self.add(petition, SignatureStatus.COUNTED, 0)
        return self.store.tallies[petition, SignatureStatus.COUNTED]

    def add(self, petition: str, status: SignatureStatus, change: int, part: int = FIRST_PART) -> None:
        key = (petition, status)
        self.store.tallies[key] = self.store.tallies.get(key, 0) + change

    def of(self, petition: str) -> Tally:
        return Tally({status: total for (slug, status), total in self.store.tallies.items() if slug == petition})

    def credit(self, petition: str, label: str, change: int, part: int = FIRST_PART) -> None:
        self.store.credits[petition, pseudonym(label)] = self.credited(petition, label) + change

    def credited(self, petition: str, label: str) -> int:
        return self.store.credits.get((petition, pseudonym(label)), 0)

    def add_hourly(self, petition: str, what: HourlyCount, part: int = FIRST_PART) -> None:
        key = (petition, what.hour, what.platform, what.locale, what.status)
        self.store.history[key] = self.store.history.get(key, 0) + what.count

    def history(self, petition: str, since: dt.datetime | None) -> tuple[HourlyCount, ...]:
        changes = [(key, change) for key, change in sorted(self.store.history.items()) if key[0] == petition and change]
        return tuple(HourlyCount(*key[1:], change) for key, change in changes if since is None or key[1] >= since)

    def hours(self, petition: str, since: dt.datetime | None) -> tuple[tuple[dt.datetime, Tally], ...]:
        totals: dict[dt.datetime, Tally] = {}
        for hourly in self.history(petition, since):
            totals[hourly.hour] = totals.get(hourly.hour, Tally()) + Tally({hourly.status: hourly.count})
        return tuple(totals.items())

    def kinds(self, petition: str, since: dt.datetime | None) -> tuple[tuple[str, str, int], ...]:
        totals = Counter[tuple[str, str]]()
        for hourly in self.history(petition, since):
            if hourly.status is SignatureStatus.COUNTED:
                totals[hourly.platform, hourly.locale] += hourly.count
        return tuple((*kind, total) for kind, total in sorted(totals.items()))
