"""The addresses of the web front and their handlers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

from aiohttp import web

from bots.services import Services
from bots.web.assets import Assets
from bots.web.citations import TYPES, Citations
from bots.web.content import JSON, Content
from bots.web.counts import Counts
from bots.web.headers import ANYWHERE
from bots.web.language import wanted_languages
from bots.web.live import Live
from bots.web.log_files import LogFiles
from bots.web.pages import Pages, Visit
from bots.web.pictures import PictureCache
from bots.web.protection import Guard, redirect
from bots.web.versions import KnownVersions
from core.errors import StorageUnavailableError
from core.log.tiles import tile_at
from core.messages import Message, negotiate
from core.petition.collection import other_names, with_drafts
from core.petition.label import valid_label
from core.petition.versions import PetitionVersion

COLORS = ("light", "dark")
_PARTS = (
    "", "/embed", "/count.json", "/badge.svg", "/card.png", "/qr.svg", "/live", "/verify", "/log/checkpoint",
    *(f"/{name}" for name in TYPES),
)  # fmt: skip
"""A petition's address, and those below it."""
_VERSION = "/v/{digest}"
_TILE = "/log/tile/{path:.+}"


@dataclass(frozen=True)
class Front:
    """The switchboard for public addresses."""

    services: Services
    counts: Counts
    assets: Assets
    pages: Pages
    pictures: PictureCache
    live: Live
    logs: LogFiles
    versions: KnownVersions
    citations: Citations

    def routes(self, guard: Guard) -> list[web.RouteDef]:
        """All routes. Those of each petition are literal, which the router finds fastest."""
        petitions = self.services.petitions
        return [
            web.get("/", guard.wrap(self.home, "home")),
            web.get("/static/{name}", guard.wrap(partial(self.asset, guard), "asset")),
            *(route for slug in with_drafts(petitions) for route in self._of(slug, guard)),
            *(
                web.get(f"/p/{name}{_VERSION}", guard.wrap(partial(self.move_version, f"/p/{slug}/v/"), "moved"))
                for name, slug in other_names(petitions).items()
            ),
            *(
                web.get(f"/p/{name}{part}", guard.wrap(partial(self.move, f"/p/{slug}{part}"), "moved"))
                for name, slug in other_names(petitions).items()
                for part in _PARTS
            ),
            *(
                web.get(f"/p/{name}{_TILE}", guard.wrap(partial(self.move_tile, f"/p/{slug}"), "moved"))
                for name, slug in other_names(petitions).items()
            ),
        ]

    def _of(self, slug: str, guard: Guard) -> Iterator[web.RouteDef]:
        path = f"/p/{self.services.petitions[slug].public_slug}"
        yield web.get(path, guard.wrap(partial(self.petition, slug), "petition"))
        yield web.get(f"{path}/embed", guard.wrap(partial(self.embed, slug), "embed"))
        yield web.get(f"{path}/count.json", guard.wrap(partial(self.count, slug), "count"))
        yield web.get(f"{path}/badge.svg", guard.wrap(partial(self.badge, slug), "badge"))
        yield web.get(f"{path}/card.png", guard.wrap(partial(self.card, slug), "card"))
        yield web.get(f"{path}/qr.svg", guard.wrap(partial(self.code, slug), "code"))
        for name in TYPES:
            yield web.get(f"{path}/{name}", guard.wrap(partial(self.sources, slug, name), "sources"))
        yield web.get(f"{path}/verify", guard.wrap(partial(self.verify, slug, guard), "verify"))
        yield web.get(f"{path}/log/checkpoint", guard.wrap(partial(self.checkpoint, slug, guard), "checkpoint"))
        yield web.get(f"{path}{_TILE}", guard.wrap(partial(self.tile, slug, guard), "tile"))
        yield web.get(f"{path}{_VERSION}.json", guard.wrap(partial(self.version_json, guard, slug), "version"))
        yield web.get(f"{path}{_VERSION}", guard.wrap(partial(self.version, guard, slug), "version"))
        yield web.get(f"{path}/live", guard.wrap(partial(self.listen, slug), "live"), allow_head=False)

    async def home(self, request: web.Request) -> web.Response:
        """All petitions, or the page of the only one."""
        visit = self._visit(request)
        if len(self.counts.listed) == 1:
            (only,) = self.counts.listed.values()
            path = f"/p/{only.petition.public_slug}{visit.query()}"
            return web.Response(status=302, headers={"Location": path})
        return self.pages.home(visit).to(request, self._now())

    async def move(self, path: str, request: web.Request) -> web.Response:
        """The way to an address from one that it once had."""
        return redirect(request, path)

    async def move_tile(self, path: str, request: web.Request) -> web.Response:
        """The way to a tile below an address that the petition once had."""
        tile = tile_at(request.match_info["path"])
        return redirect(request, f"{path}/log/tile/{tile.path}" if tile else path)

    async def move_version(self, path: str, request: web.Request) -> web.Response:
        """The way to a version's address from one that it once had."""
        return redirect(request, path + quote(request.match_info["digest"], safe=""))

    async def version(self, guard: Guard, slug: str, request: web.Request) -> web.StreamResponse:
        """The page of a version of a petition."""
        found = await self._find_version(guard, slug, request)
        if isinstance(found, web.StreamResponse):
            return found
        return self.pages.version(found, self._visit(request, slug)).to(request, self._now())

    async def version_json(self, guard: Guard, slug: str, request: web.Request) -> web.StreamResponse:
        """The canonical JSON of a version, which never changes."""
        found = await self._find_version(guard, slug, request)
        if isinstance(found, web.StreamResponse):
            return found
        return Content(found.content.encode(), JSON, None, more=ANYWHERE).to(request, self._now())

    async def _find_version(
        self, guard: Guard, slug: str, request: web.Request
    ) -> PetitionVersion | web.StreamResponse:
        """The version that the address names, or the answer if there is none or the database can't be read."""
        try:
            version = await self.versions.find(slug, request.match_info["digest"])
        except StorageUnavailableError:
            return guard.unavailable(request)
        return version or await guard.not_found(request)

    async def petition(self, slug: str, request: web.Request) -> web.Response:
        """A petition's page."""
        return self.pages.petition(slug, self._visit(request, slug)).to(request, self._now())

    async def embed(self, slug: str, request: web.Request) -> web.Response:
        """The counter for other sites, in the colors that the address asks for, or else those of its frame."""
        colors = request.query.get("colors", "")
        visit = replace(self._visit(request, slug), colors=colors if colors in COLORS else "")
        return self.pages.embed(slug, visit).to(request, self._now())

    async def count(self, slug: str, request: web.Request) -> web.Response:
        """The count as JSON."""
        return self.counts.snapshots[slug].for_programs.to(request, self._now())

    async def badge(self, slug: str, request: web.Request) -> web.Response:
        """The count as a small picture."""
        return self.pages.badge(slug, self._visit(request, slug).locale).to(request, self._now())

    async def card(self, slug: str, request: web.Request) -> web.Response:
        """The picture shown with links in chats."""
        return (await self.pictures.card(slug, self._visit(request, slug).locale)).to(
            request, self.services.signing.clock()
        )

    async def code(self, slug: str, request: web.Request) -> web.Response:
        """The page's QR code."""
        return self.pictures.code(slug, self._visit(request).label).to(request, self._now())

    async def sources(self, slug: str, name: str, request: web.Request) -> web.Response:
        """The sources as data."""
        return self.citations.file(name, slug, self._visit(request, slug).locale).to(request, self._now())

    async def verify(self, slug: str, guard: Guard, request: web.Request) -> web.StreamResponse:
        """The page that checks proofs, or says when it will; a draft has none."""
        snapshot, visit = self.counts.snapshots[slug], self._visit(request, slug)
        if snapshot.petition.is_trial:
            return await guard.not_found(request)
        page = self.pages.verify if snapshot.log else self.pages.verify_later
        return page(slug, visit).to(request, self._now())

    async def checkpoint(self, slug: str, guard: Guard, request: web.Request) -> web.StreamResponse:
        """The last checkpoint of the log."""
        file = self.logs.checkpoint(slug)
        return file.to(request, self._now()) if file else await guard.not_found(request)

    async def tile(self, slug: str, guard: Guard, request: web.Request) -> web.StreamResponse:
        """A tile of the log, or a bundle of its entries."""
        file = await self.logs.tile(slug, request.match_info["path"])
        return file.to(request, self._now()) if file else await guard.not_found(request)

    async def listen(self, slug: str, request: web.Request) -> web.StreamResponse:
        """The live count."""
        return await self.live.listen(request, slug)

    async def asset(self, guard: Guard, request: web.Request) -> web.StreamResponse:
        """A style, a script or an icon."""
        file = self.assets.get(request.match_info["name"])
        return file.to(request, self._now()) if file else await guard.not_found(request)

    def problem(self, request: web.Request, message: Message) -> str:
        """A page that says what is wrong, in a language of the product."""
        locale = self.services.catalog.negotiate(*wanted_languages(request))
        return self.pages.problem(replace(self._visit(request), locale=locale), message)

    def _now(self) -> dt.datetime:
        return self.services.signing.clock()

    def _visit(self, request: web.Request, slug: str = "") -> Visit:
        """Parse the visit; an unknown language or an invalid label is ignored.

        A petition's page is in a language of the product or of that petition, and not in one of another petition.
        """
        signing, chosen = self.services.signing, request.query.get("lang", "")
        own = (*signing.catalog.locales, *self.services.petitions[slug].languages) if slug else signing.languages
        return Visit(
            negotiate(own, *wanted_languages(request)),
            chosen if chosen in signing.languages else "",
            valid_label(request.query.get("source")) or "",
        )
