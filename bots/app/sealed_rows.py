"""Looks for rows that no known key opens, while the bot runs, and keeps what it found."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

NAMED = 5  # rows named in a sentence at most
REST = 4  # rests, in multiples of the time a page took, so that people are served meanwhile
AGAIN = 60.0  # seconds before trying again after a failure


@dataclass
class SealedRows:
    """The rows that no known key opens. `pages` reads them (core.ports.Queries.unopened)."""

    pages: Callable[[], Iterator[tuple[str, ...]]]
    found: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> tuple[str, ...]:
        """A sentence for operators; none if every row opens."""
        if not self.found:
            return ()
        rows = "1 row" if len(self.found) == 1 else f"{len(self.found):,} rows"
        more = ", ..." if len(self.found) > NAMED else ""
        return (f"No key in SECRET_KEY opens {rows}: {', '.join(self.found[:NAMED])}{more}.",)

    def look(self) -> tuple[str, ...]:
        """Read all rows at once; returns the sentences."""
        self.found = [name for page in self.pages() for name in page]
        return self.sentences

    async def run(self) -> None:
        """Look once, slowly, and log what is wrong; then wait until cancelled."""
        while True:
            if await self._looked():
                break
            await asyncio.sleep(AGAIN)
        for sentence in self.sentences:
            log.error("%s Add the missing key to SECRET_KEY again, after the others.", sentence)
        await asyncio.Event().wait()

    async def _looked(self) -> bool:
        loop, pages, found = asyncio.get_running_loop(), self.pages(), list[str]()
        try:
            while True:
                begun = loop.time()
                page = await asyncio.to_thread(next, pages, None)
                if page is None:
                    break
                found += page
                await asyncio.sleep((loop.time() - begun) * REST)
        except Exception as error:  # noqa: BLE001  (no error here may stop the bot)
            log.warning("could not check for rows that no key opens yet: %s", type(error).__name__)
            return False
        self.found = found
        return True
