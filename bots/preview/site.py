"""The pages and pictures of the web front, drawn by its own templates from counts for show."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from itertools import count

from bots.common.links import Links
from bots.common.service_threads import ServiceThreads
from bots.delivery.hand_in import Census
from bots.papers.hand_in_sheets import first_page
from bots.preview.html import data_address, picture
from bots.preview.rehearsal import DrawnScreen
from bots.preview.states import Situation, closed_states, open_state
from bots.preview.web import draw_page
from bots.services import Services
from bots.web.assets import Assets
from bots.web.counts import Counts, Snapshot
from bots.web.pages import Pages, Visit
from bots.web.pictures import PictureCache
from core.messages import Message
from core.petition.petition import Petition

PAGE, ELSEWHERE, CLOSED = "The page", "Elsewhere on the web", "When nobody can sign"
HAND_IN = "What you hand in"


class Site:
    """The web front of a deployment with a petition's page; the petition's `own` links work on it."""

    def __init__(self, services: Services, links: Links, petition: Petition, own: Collection[str] = ()) -> None:
        self._services, self._petition, self._own = services, petition, own
        self._counts = Counts(services, ServiceThreads(1))  # which has nothing to do, since nothing is refreshed
        self._assets = Assets()
        self._pages = Pages(services, self._counts, links.public_url, self._assets)
        self._pages.links = links
        self._pictures = PictureCache(self._counts, services.catalog, links.public_url)
        self._versions = count(1)

    def tell(self, locale: str) -> Iterator[DrawnScreen]:
        """The pages and pictures for a reader of a language."""
        state, slug, visit = open_state(self._petition), self._petition.slug, Visit(locale)
        self._arrange(state)
        yield self._page(PAGE, state.title, self._pages.petition(slug, visit).body)
        yield self._page(ELSEWHERE, "The counter in other sites", self._pages.embed(slug, visit).body)
        words = self._services.catalog.text(Message("web.signed", {"count": state.count}), locale)
        yield DrawnScreen(ELSEWHERE, "The badge", picture(self._pages.badge(slug, locale).body, words, "svg+xml"))
        card = picture(asyncio.run(self._pictures.card(slug, locale)).body, self._petition.text(locale).title)
        yield DrawnScreen(ELSEWHERE, "The picture that chats show with the link", card)
        yield self._hand_in(locale, state)
        for closed in closed_states(self._petition):
            self._arrange(closed)
            yield self._page(CLOSED, closed.title, self._pages.petition(slug, visit).body)

    def _hand_in(self, locale: str, state: Situation) -> DrawnScreen:
        """The first page of the hand-in in the text's language."""
        petition, catalog = self._petition, self._services.catalog
        hand_in = Census(petition, catalog, locale).for_show(state.count, petition.day(state.now))
        return DrawnScreen(HAND_IN, "The first page of the hand-in", picture(first_page(hand_in), hand_in.title))

    def _arrange(self, state: Situation) -> None:
        """Have the pages show the petition in a state, beside the others that there are."""
        petitions = {**self._services.petitions, self._petition.slug: state.petition}
        self._counts.snapshots = {
            slug: Snapshot(one, state.count, one.phase(state.now), state.now, version=next(self._versions))
            for slug, one in petitions.items()
        }

    def _page(self, part: str, title: str, html: bytes) -> DrawnScreen:
        def address(_: str) -> str:
            """The address of the QR code, which is the only picture on pages."""
            return data_address(self._pictures.code(self._petition.slug, "").body, "svg+xml")

        style = self._assets.get("style.css")
        drawn = draw_page(html.decode(), style.body.decode() if style else "", title, self._own, address)
        return DrawnScreen(part, title, drawn, wide=True)
