"""Cards: messages posted for a whole community, whose count is kept fresh."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

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
