"""The repository of checks of sources."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from core.sources.checks import ArchiveCopy, Checks, LinkState, PageFacts, PassageState, SourceCheck
from storage.contexts import AnyRow
from storage.repositories.base import Repository
from storage.statements import source_checks as sql

_CHECKER = "checker"


class SqlSourceChecks(Repository):
    """See core.sources.checks.SourceChecks."""

    def of(self, petition: str) -> Checks:
        rows = self._run(sql.LAST_OF_PETITION, slug=petition).mappings()
        return {row["source"]: _row_to_check(row) for row in rows}

    def last(self) -> Mapping[str, Checks]:
        """See core.queries.Queries.source_checks."""
        found: dict[str, dict[str, SourceCheck]] = defaultdict(dict)
        for row in self._run(sql.LAST).mappings():
            found[row["petition"]][row["source"]] = _row_to_check(row)
        return found

    def history(self, petition: str) -> tuple[SourceCheck, ...]:
        return tuple(_row_to_check(row) for row in self._run(sql.HISTORY, slug=petition).mappings())

    def save(self, petition: str, check: SourceCheck) -> None:
        self._run(sql.SAVE, petition=petition, **_check_to_row(check))
        self._run(sql.FORGET_LATER, slug=petition, wanted=check.key, at=check.at)
        self._run(sql.FORGET_OLDEST, slug=petition, wanted=check.key)

    def take_lease(self, holder: str, now: dt.datetime, until: dt.datetime) -> bool:
        latest = until + (until - now)
        taken = self._run(sql.TAKE_LEASE, name=_CHECKER, holder=holder, until=until, now=now, latest=latest)
        return taken.first() is not None

    def release_lease(self, holder: str) -> None:
        self._run(sql.RELEASE_LEASE, lease=_CHECKER, by=holder)


def _check_to_row(check: SourceCheck) -> dict[str, Any]:
    """The columns of a check, except its petition."""
    facts, archive = check.facts, check.archive
    return {
        "source": check.key,
        "at": check.at,
        "link": check.link,
        "state": check.state.value,
        "final_link": check.final_link,
        "status": check.status,
        "quote": check.quote,
        "passage": check.passage.value,
        "digest": check.digest,
        "changed_at": check.changed_at,
        "title": facts.title,
        "publication": facts.publication,
        "date": facts.date,
        "archive_link": archive.link if archive else "",
        "archived_at": archive.at if archive else None,
    }


def _row_to_check(row: AnyRow) -> SourceCheck:
    """The check in a row."""
    archive = ArchiveCopy(row["archive_link"], row["archived_at"]) if row["archive_link"] else None
    return SourceCheck(
        row["source"], row["link"], row["at"], LinkState(row["state"]), row["final_link"], row["status"], row["quote"],
        PassageState(row["passage"]), row["digest"], row["changed_at"],
        PageFacts(row["title"], row["publication"], row["date"]), archive,
    )  # fmt: skip
