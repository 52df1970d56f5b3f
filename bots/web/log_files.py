"""The files of petitions' logs, as c2sp.org/tlog-tiles lays them out: checkpoints, tiles, and bundles of entries.

Tiles never change, so those in use stay in memory. Nothing after a petition's last checkpoint is served.
"""

from __future__ import annotations

from aiohttp import hdrs
from cachetools import LRUCache

from bots.common.service_threads import ServiceThreads
from bots.services import Services
from bots.web.content import COUNT_SECONDS, Content
from bots.web.counts import Counts
from bots.web.headers import ANYWHERE
from core.log.tiles import ENTRIES, Tile, tile_at

TILES_KEPT = 256  # at most about 80 kilobytes each
_BRIEFLY = ANYWHERE | {hdrs.CACHE_CONTROL: f"public, max-age={COUNT_SECONDS}"}  # and not while we can't be reached
_BYTES, _TEXT = "application/octet-stream", "text/plain; charset=utf-8"


class LogFiles:
    """All files of all logs, by petition and path."""

    def __init__(self, services: Services, counts: Counts, threads: ServiceThreads) -> None:
        self._queries, self._counts, self._threads = services.queries, counts, threads
        self._kept: LRUCache[tuple[str, str], Content] = LRUCache(TILES_KEPT)

    def checkpoint(self, slug: str) -> Content | None:
        """The last checkpoint; None before the first."""
        head = self._counts.snapshots[slug].log
        return Content(head.record.note.encode(), _TEXT, COUNT_SECONDS, more=_BRIEFLY) if head else None

    async def tile(self, slug: str, path: str) -> Content | None:
        """The tile or bundle with a path below `tile/`; None unless the last checkpoint covers all of it."""
        content = self._kept.get((slug, path))
        if content is None and (tile := self._covered(slug, path)):
            content = await self._threads.run(self._read, slug, tile)
            if content:
                self._kept[slug, path] = content
        return content

    def _covered(self, slug: str, path: str) -> Tile | None:
        tile, head = tile_at(path), self._counts.snapshots[slug].log
        return tile if tile and head and tile.is_in(head.checkpoint.size) else None

    def _read(self, slug: str, tile: Tile) -> Content | None:
        with self._queries.log() as logs:
            data = logs.tiles(slug, [tile]).get(tile)
        if data is None:
            return None
        content = Content(data, _BYTES, None, more=ANYWHERE, is_dense=tile.level != ENTRIES)
        content.prepare()
        return content
