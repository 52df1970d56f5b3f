"""Finds the versions of petitions for the pages; those in the database are read at most every few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.common.service_threads import ServiceThreads
from bots.services import Services
from core.petition.versions import PetitionVersion, present_versions

READ_EVERY = 10.0  # seconds: so that nobody who tries digests makes us ask the database each time


@dataclass
class KnownVersions:
    """The versions of all petitions, in memory once someone asks for one that isn't current."""

    services: Services
    threads: ServiceThreads
    read_every: float = READ_EVERY
    _current: dict[str, Mapping[str, PetitionVersion]] = field(default_factory=dict)
    _known: dict[str, Mapping[str, PetitionVersion]] = field(default_factory=dict)
    _read_at: dict[str, float] = field(default_factory=dict)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, slug: str, digest: str) -> PetitionVersion | None:
        """The version of a petition with a digest, if its words are known. Raises StorageUnavailableError."""
        if slug not in self._current:
            current = present_versions(self.services.petitions[slug], self.services.signing.clock())
            self._current[slug] = {version.digest: version for version in current}
        if digest in self._current[slug]:
            return self._current[slug][digest]
        async with self._reading:  # whoever comes meanwhile waits for the same answer
            if digest not in self._known.get(slug, {}):
                await self._read(slug)
        found = self._known.get(slug, {}).get(digest)
        return found if found and found.content else None

    async def _read(self, slug: str) -> None:
        """Read a petition's versions, unless that was just done."""
        now = asyncio.get_running_loop().time()
        if now - self._read_at.get(slug, -self.read_every) >= self.read_every:
            versions = await self.threads.run(self.services.queries.versions, slug)
            self._known[slug] = {version.digest: version for version in versions}
            self._read_at[slug] = now
