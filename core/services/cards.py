"""Keeps track of the cards that were posted, and says which are due for a fresh count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.outreach.cards import REFRESH_EVERY, Card, Cards
from core.ports import Clock


@dataclass(frozen=True)
class CardService:
    """Keeps track of cards; every method is one transaction."""

    cards: Callable[[], Cards]
    clock: Clock

    def posted(self, card: Card) -> None:
        """Remember a card that was just posted; an older one of the same petition there is no longer refreshed."""
        for older in self.cards().in_chat(card.platform, card.chat):
            if older.petition == card.petition:
                self.cards().drop(older)
        self.cards().save(replace(card, posted_at=self.clock()))

    def refreshed(self, card: Card, shown: int) -> None:
        """Remember what a card shows now."""
        self.cards().save(replace(card, shown=shown, refreshed_at=self.clock()))

    def claim(self, card: Card) -> bool:
        """Take a card that is due; False where another process has taken it."""
        return self.cards().claim(card, self.clock())

    def gone(self, card: Card) -> None:
        """Stop caring for a card that cannot be changed any more."""
        self.cards().drop(card)

    def due(self, platform: str) -> tuple[Card, ...]:
        """The cards to refresh now, those that waited longest first, at most one a community."""
        first: dict[str, Card] = {}
        for card in self.cards().outdated(platform, self.clock() - REFRESH_EVERY):
            first.setdefault(card.chat, card)
        return tuple(first.values())

    def recent(self, platform: str, chat: str, petition: str) -> Card | None:
        """A card of this petition that the community got within the last minute."""
        since = self.clock() - REFRESH_EVERY
        own = (card for card in self.cards().in_chat(platform, chat) if card.petition == petition)
        return next((card for card in own if card.posted_at and card.posted_at > since), None)

    def label(self, platform: str, chat: str, new: str) -> str:
        """The community's label: the one that it got first, else the new one, which it keeps from now on."""
        return self.cards().label(platform, chat, new)

    def moved(self, platform: str, chat: str, to: str) -> None:
        """A community has a new id, and keeps its label."""
        self.cards().move(platform, chat, to)
