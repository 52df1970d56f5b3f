"""Looks for rows that no known key opens, and seals old ones again, while the bot runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from bots.common.slow_reading import read_slowly

log = logging.getLogger(__name__)

NAMED = 5  # rows named in a sentence at most
REST = 4  # bots.common.slow_reading
HOUR = 3600.0  # seconds
AGAIN = 60.0  # seconds before trying again after a failure
ADVICE = "Put the missing key back: into SECRET_KEY, after the others, or the petition's file into PETITION_KEYS_DIR."

_Page = TypeVar("_Page")


@dataclass
class SealedRows:
    """The rows that no known key opens. `pages` reads them (core.queries.Queries.unopened)."""

    pages: Callable[[], Iterator[tuple[str, ...]]]
    found: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> tuple[str, ...]:
        """A sentence for operators; none if every row opens."""
        if not self.found:
            return ()
        rows = "1 row" if len(self.found) == 1 else f"{len(self.found):,} rows"
        more = ", ..." if len(self.found) > NAMED else ""
        return (f"No key opens {rows}: {', '.join(self.found[:NAMED])}{more}.",)

    def look(self) -> tuple[str, ...]:
        """Read all rows at once; returns the sentences."""
        self.found = [name for page in self.pages() for name in page]
        return self.sentences

    async def run(self) -> None:
        """Look once, slowly, and log what is wrong; then wait until cancelled."""
        self.found = [name for page in await _read_all(self.pages, "check for rows that no key opens") for name in page]
        for sentence in self.sentences:
            log.error("%s %s", sentence, ADVICE)
        await asyncio.Event().wait()


async def keep_resealing(pages: Callable[[], Iterator[int]]) -> None:
    """Seal old rows again, slowly; look again every hour, since rows in use were left out. Runs until cancelled."""
    while True:
        if rows := sum(await _read_all(pages, "seal old rows again")):
            log.info("checked %d rows, and sealed the old ones among them again", rows)
        await asyncio.sleep(HOUR)


async def _read_all(pages: Callable[[], Iterator[_Page]], what: str) -> list[_Page]:
    """All pages, with a rest after each; after an error, from the beginning."""
    while True:
        try:
            return [page async for page in read_slowly(pages(), REST)]
        except Exception as error:  # noqa: BLE001  (no error here may stop the bot)
            log.warning("could not %s yet: %s", what, type(error).__name__)
        await asyncio.sleep(AGAIN)
