"""Cards: messages posted for a whole community, whose count is kept fresh."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

REFRESH_EVERY = dt.timedelta(minutes=1)
"""How often a community's cards may change at most."""


@dataclass(frozen=True, slots=True)
class Card:
    """A posted card: its place, the label that its links carry, and the count that it shows."""

    platform: str
    chat: str
    message: str
    petition: str
    label: str
    locale: str
    shown: int
    refreshed_at: dt.datetime
    posted_at: dt.datetime | None = None


class PostedCards(Protocol):
    """The cards that were posted and can still be edited."""

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        """The cards of a community, the last refreshed first."""

    def outdated(self, platform: str, refreshed_before: dt.datetime) -> tuple[Card, ...]:
        """Cards whose count is not the present one, oldest first, in communities with no card refreshed since then."""


class Cards(PostedCards, Protocol):
    """The cards inside a transaction (core.ports.UnitOfWork)."""

    def save(self, card: Card) -> None:
        """Store a card, new or refreshed."""

    def forget(self, card: Card) -> None:
        """Forget a card that can no longer be edited."""

    def claim(self, card: Card, now: dt.datetime) -> bool:
        """Take a card to refresh it; False if another process was first."""

    def label(self, platform: str, chat: str, new: str) -> str:
        """The first label that the community got; if it has none, it gets the new one."""

    def move(self, platform: str, chat: str, to: str) -> None:
        """Give a community's label to its new id, and forget its cards."""
