"""Pictures of petitions: the card that chats show beside a link, and the QR code of a page."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from bots.common.links import Links
from bots.papers.card import Card, draw_card
from bots.papers.qr import draw_qr_svg
from bots.web.answers import PICTURE_SECONDS, PNG, SVG, Answer, public
from bots.web.counts import Counts, Standing
from bots.web.headers import ANYWHERE
from core.conversation.scene import request_line
from core.messages import Catalog, Message

REDRAWN_AFTER = dt.timedelta(seconds=PICTURE_SECONDS)
_CODES_KEPT = 100


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A card, and when it was begun for which version."""

    version: int
    begun_at: dt.datetime
    drawing: asyncio.Task[Answer]


class Pictures:
    """Draws a picture once for all who ask; a card at most once a minute, in a thread, since it takes a while."""

    def __init__(self, counts: Counts, catalog: Catalog, base: str) -> None:
        self._counts, self._catalog, self._links = counts, catalog, Links(base)
        self._cards: dict[tuple[str, str], _Drawn] = {}
        self.code = lru_cache(_CODES_KEPT)(self._draw_code)

    async def card(self, slug: str, locale: str) -> Answer:
        """The card with the count of about now."""
        standing = self._counts.standings[slug]
        drawn = self._cards.get((slug, locale))
        if drawn is None or self._is_outdated(drawn, standing):
            drawing = asyncio.create_task(asyncio.to_thread(self._draw_card, standing, locale))
            drawn = self._cards[slug, locale] = _Drawn(standing.version, standing.seen_at, drawing)
        return await asyncio.shield(drawn.drawing)  # others may wait for it too

    @staticmethod
    def _is_outdated(drawn: _Drawn, standing: Standing) -> bool:
        if drawn.drawing.done() and drawn.drawing.exception():
            return True
        return drawn.version != standing.version and standing.seen_at - drawn.begun_at >= REDRAWN_AFTER

    def _draw_card(self, standing: Standing, locale: str) -> Answer:
        text = standing.petition.text(locale)
        card = Card(
            self._catalog.text(request_line(standing.petition), locale),
            text.title,
            self._catalog.text(Message("web.signed", {"count": standing.counted}), locale),
            self._catalog.text(Message("web.goal", {"goal": standing.goal}), locale),
            standing.counted / standing.goal,
            locale,
        )
        return Answer(draw_card(card), PNG, public(PICTURE_SECONDS), by_language=True, more=ANYWHERE)

    def _draw_code(self, slug: str, label: str) -> Answer:
        return Answer(draw_qr_svg(self._links.page(slug, label)), SVG, public(PICTURE_SECONDS))
