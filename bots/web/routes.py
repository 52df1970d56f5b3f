"""The addresses of the web front and their handlers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bots.services import Services
from bots.web.assets import Assets
from bots.web.counts import Counts
from bots.web.language import wanted_languages
from bots.web.live import Live
from bots.web.pages import Pages, Visit
from bots.web.pictures import PictureCache
from bots.web.protection import Guard
from core.messages import Message
from core.petition.collection import drafts, other_names
from core.petition.petition import valid_label

_PARTS = ("", "/embed", "/count.json", "/badge.svg", "/card.png", "/qr.svg", "/live")
"""The addresses below that of a petition."""


@dataclass(frozen=True)
class Front:
    """The switchboard for public addresses."""

    services: Services
    counts: Counts
    assets: Assets
    pages: Pages
    pictures: PictureCache
    live: Live

    def routes(self, guard: Guard) -> list[web.RouteDef]:
        """All routes. Those of each petition are literal, which the router finds fastest."""
        petitions = self.services.petitions
        return [
            web.get("/", guard.wrap(self.home, "home")),
            web.get("/static/{name}", guard.wrap(partial(self.asset, guard), "asset")),
            *(route for slug in (*petitions, *drafts(petitions)) for route in self._of(slug, guard)),
            *(
                web.get(f"/p/{name}{part}", guard.wrap(partial(self.move, f"/p/{slug}{part}"), "moved"))
                for name, slug in other_names(petitions).items()
                for part in _PARTS
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
        yield web.get(f"{path}/live", guard.wrap(partial(self.listen, slug), "live"), allow_head=False)

    async def home(self, request: web.Request) -> web.Response:
        """All petitions, or the page of the only one."""
        visit = self._visit(request)
        if len(self.counts.listed) == 1:
            (only,) = self.counts.listed.values()
            path = f"/p/{only.petition.public_slug}{visit.query()}"
            return web.Response(status=302, headers={"Location": path})
        return self.pages.home(visit).to(request)

    async def move(self, path: str, request: web.Request) -> web.Response:
        """The way to a petition's page from an address that it once had."""
        query = f"?{request.query_string}" if request.query_string else ""
        return web.Response(status=301, headers={"Location": f"{path}{query}"})

    async def petition(self, slug: str, request: web.Request) -> web.Response:
        """A petition's page."""
        return self.pages.petition(slug, self._visit(request)).to(request)

    async def embed(self, slug: str, request: web.Request) -> web.Response:
        """The counter for other sites."""
        return self.pages.embed(slug, self._visit(request)).to(request)

    async def count(self, slug: str, request: web.Request) -> web.Response:
        """The count as JSON."""
        return self.counts.snapshots[slug].for_programs.to(request)

    async def badge(self, slug: str, request: web.Request) -> web.Response:
        """The count as a small picture."""
        return self.pages.badge(slug, self._visit(request).locale).to(request)

    async def card(self, slug: str, request: web.Request) -> web.Response:
        """The picture shown with links in chats."""
        return (await self.pictures.card(slug, self._visit(request).locale)).to(request)

    async def code(self, slug: str, request: web.Request) -> web.Response:
        """The page's QR code."""
        return self.pictures.code(slug, self._visit(request).label).to(request)

    async def listen(self, slug: str, request: web.Request) -> web.StreamResponse:
        """The live count."""
        return await self.live.listen(request, slug)

    async def asset(self, guard: Guard, request: web.Request) -> web.StreamResponse:
        """A style, a script or an icon."""
        file = self.assets.get(request.match_info["name"])
        return file.to(request) if file else await guard.not_found(request)

    def problem(self, request: web.Request, message: Message) -> str:
        """A page that says what is wrong."""
        return self.pages.problem(self._visit(request), message)

    def _visit(self, request: web.Request) -> Visit:
        """Parse the visit; an unknown language or an invalid label is ignored."""
        signing, chosen = self.services.signing, request.query.get("lang", "")
        return Visit(
            signing.negotiate(*wanted_languages(request)),
            chosen if chosen in signing.languages else "",
            valid_label(request.query.get("source")) or "",
        )
