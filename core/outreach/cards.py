"""Cards: messages posted for a whole community, whose count is kept fresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from core.ports import Clock

REFRESH_EVERY = dt.timedelta(minutes=1)
"""How often a community's cards may change at most."""


@dataclass(frozen=True, slots=True)
class Card:
    """A posted card: where it stands, the label that its links carry, and the count that it shows."""

    platform: str
    chat: str
    message: str
    petition: str
    label: str
    locale: str
    shown: int
    refreshed_at: dt.datetime
    posted_at: dt.datetime | None = None


class Cards(Protocol):
    """The cards that were posted and can still be changed."""

    def save(self, card: Card) -> None:
        """Store a card, new or refreshed."""

    def drop(self, card: Card) -> None:
        """Forget a card that is gone."""

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        """The cards of a community, the one refreshed last first."""

    def outdated(self, platform: str, refreshed_before: dt.datetime) -> tuple[Card, ...]:
        """Cards that show another count than the present one, in communities where none changed since then."""

    def claim(self, card: Card, now: dt.datetime) -> bool:
        """Take a card for refreshing; False where another process was first."""

    def label(self, platform: str, chat: str, new: str) -> str:
        """The label that the community got first; the new one where it has none."""

    def move(self, platform: str, chat: str, to: str) -> None:
        """A community has a new id: its label goes there, its cards are gone."""


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
