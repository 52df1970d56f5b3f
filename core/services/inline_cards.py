"""Keeps track of inline cards, and finds those due for a refresh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.outreach.cards import REFRESH_EVERY
from core.outreach.inline_cards import InlineCard
from core.ports import Clock, UnitOfWork
from core.queries import Queries


@dataclass(frozen=True)
class InlineCardService:
    """Keeps track of inline cards. Each method is one transaction; those that only read block nobody."""

    work: Callable[[], UnitOfWork]
    queries: Queries
    clock: Clock

    def record(self, message: str, petition: str, label: str, locale: str) -> None:
        """Record a card that someone sent or tapped; the first time counts."""
        now = self.clock()
        with self.work() as work:
            work.inline_cards.add(InlineCard(message, petition, label, locale, "", now, now))
            work.commit()

    def due(self, current: Callable[[str, str], str | None]) -> tuple[InlineCard, ...]:
        """The cards to refresh now, longest waiting first.

        `current` has the digest of what a petition's cards should show in a language; None to leave them as they are.
        """
        before = self.clock() - REFRESH_EVERY
        with self.queries.inline_cards() as cards:
            waiting = [card for card in cards.all() if card.refreshed_at <= before]
        return tuple(card for card in waiting if current(card.petition, card.locale) not in (None, card.shown))

    def claim(self, card: InlineCard) -> bool:
        """Claim a card that is due; False if another process has claimed it."""
        with self.work() as work:
            claimed = work.inline_cards.claim(card, self.clock())
            work.commit()
        return claimed

    def record_refreshed(self, card: InlineCard, shown: str) -> None:
        """Record the digest of what a card shows now."""
        with self.work() as work:
            work.inline_cards.set_shown(card, shown)
            work.commit()

    def forget(self, card: InlineCard) -> None:
        """Forget a card that can no longer be edited."""
        with self.work() as work:
            work.inline_cards.forget(card)
            work.commit()
