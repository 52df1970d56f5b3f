"""Checks of sources in memory, for tests/fakes.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from core.sources.checks import CHECKS_KEPT, Checks, SourceCheck

ChecksByKey: TypeAlias = dict[tuple[str, str, dt.datetime], SourceCheck]
_CHECKER = "checker"


class SourceCheckStore(Protocol):
    """The committed values of checks and leases."""

    source_checks: ChecksByKey
    leases: dict[str, tuple[str, dt.datetime]]


@dataclass
class MemorySourceChecks:
    """core.sources.checks.SourceChecks."""

    store: SourceCheckStore

    def of(self, petition: str) -> Checks:
        return {check.key: check for check in self.history(petition)}

    def history(self, petition: str) -> tuple[SourceCheck, ...]:
        own = (check for (slug, _, _), check in self.store.source_checks.items() if slug == petition)
        return tuple(sorted(own, key=lambda check: (check.at, check.key)))

    def save(self, petition: str, check: SourceCheck) -> None:
        self.store.source_checks[petition, check.key, check.at] = check
        kept = [each for each in self.history(petition) if each.key == check.key]
        later = [each for each in kept if each.at > check.at]
        for each in [*kept[:-CHECKS_KEPT], *later]:
            self.store.source_checks.pop((petition, each.key, each.at), None)

    def take_lease(self, holder: str, now: dt.datetime, until: dt.datetime) -> bool:
        owner, ends = self.store.leases.get(_CHECKER, (holder, now))
        if owner != holder and now <= ends <= until + (until - now):
            return False
        self.store.leases[_CHECKER] = (holder, until)
        return True

    def release_lease(self, holder: str) -> None:
        if self.store.leases.get(_CHECKER, ("", None))[0] == holder:
            del self.store.leases[_CHECKER]
