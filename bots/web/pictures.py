"""Pictures of petitions: the card that chats show with a link, and the QR code of a page."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from bots.common.links import Links
from bots.papers.card import SocialCard, draw_card
from bots.papers.qr import draw_qr_svg
from bots.web.content import PICTURE_SECONDS, PNG, SVG, Content
from bots.web.counts import Counts, Snapshot
from bots.web.headers import ANYWHERE
from core.conversation.scene import request_line
from core.messages import Catalog, Message

REDRAWN_AFTER = dt.timedelta(seconds=PICTURE_SECONDS)
_CODES_KEPT = 100


@dataclass(frozen=True, slots=True)
class _CachedCard:
    """A card, and when it was started for which version."""

    version: int
    begun_at: dt.datetime
    drawing: asyncio.Task[Content]


class PictureCache:
    """Draws a picture once for everyone who asks; a card at most once a minute, in a thread, since it takes a while."""

    def __init__(self, counts: Counts, catalog: Catalog, base: str) -> None:
        self._counts, self._catalog, self._links = counts, catalog, Links(base)
        self._cards: dict[tuple[str, str], _CachedCard] = {}
        self.code = lru_cache(_CODES_KEPT)(self._draw_code)

    async def card(self, slug: str, locale: str) -> Content:
        """The card with the count as of about now."""
        snapshot = self._counts.snapshots[slug]
        cached = self._cards.get((slug, locale))
        if cached is None or self._is_outdated(cached, snapshot):
            drawing = asyncio.create_task(asyncio.to_thread(self._draw_card, snapshot, locale))
            cached = self._cards[slug, locale] = _CachedCard(snapshot.version, snapshot.seen_at, drawing)
        return await asyncio.shield(cached.drawing)  # others may be waiting for it too

    @staticmethod
    def _is_outdated(cached: _CachedCard, snapshot: Snapshot) -> bool:
        if cached.drawing.done() and cached.drawing.exception():
            return True
        return cached.version != snapshot.version and snapshot.seen_at - cached.begun_at >= REDRAWN_AFTER

    def _draw_card(self, snapshot: Snapshot, locale: str) -> Content:
        text = snapshot.petition.text(locale)
        card = SocialCard(
            self._catalog.text(request_line(snapshot.petition.in_language(locale)), locale),
            text.title,
            self._catalog.text(Message("web.signed", {"count": snapshot.counted}), locale),
            "" if snapshot.phase.is_over else self._catalog.text(Message("web.goal", {"goal": snapshot.goal}), locale),
            snapshot.counted / snapshot.goal,
            locale,
        )
        return Content(draw_card(card), PNG, PICTURE_SECONDS, by_language=True, more=ANYWHERE)

    def _draw_code(self, slug: str, label: str) -> Content:
        page = self._links.page(self._counts.snapshots[slug].petition.public_slug, label)
        return Content(draw_qr_svg(page), SVG, PICTURE_SECONDS)
