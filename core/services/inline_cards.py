"""Keeps track of inline cards, and finds those due for a new count."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from core.outreach.cards import REFRESH_EVERY
from core.outreach.inline_cards import UNKNOWN_COUNT, InlineCard
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
            work.inline_cards.add(InlineCard(message, petition, label, locale, UNKNOWN_COUNT, now, now))
            work.commit()

    def due(self, broken: Collection[str] = ()) -> tuple[InlineCard, ...]:
        """The cards to refresh now, longest waiting first; none of `broken` petitions."""
        with self.queries.inline_cards() as cards:
            outdated = cards.outdated(self.clock() - REFRESH_EVERY)
        return tuple(card for card in outdated if card.petition not in broken)

    def claim(self, card: InlineCard) -> bool:
        """Claim a card that is due; False if another process has claimed it."""
        with self.work() as work:
            claimed = work.inline_cards.claim(card, self.clock())
            work.commit()
        return claimed

    def record_refreshed(self, card: InlineCard, shown: int) -> None:
        """Record the count that a card shows now."""
        with self.work() as work:
            work.inline_cards.set_shown(card, shown)
            work.commit()

    def forget(self, card: InlineCard) -> None:
        """Forget a card that can no longer be edited."""
        with self.work() as work:
            work.inline_cards.forget(card)
            work.commit()
