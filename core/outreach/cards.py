"""Cards: messages posted for a whole community, with a count that stays current."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from core.outreach.communities import Community

REFRESH_EVERY = dt.timedelta(minutes=1)
"""The shortest time between two edits of a community's cards."""


@dataclass(frozen=True, slots=True)
class Card:
    """A posted card: its place, the label in its links, and the count it shows."""

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
    """The posted cards that can still be edited."""

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        """The cards of a community, most recently refreshed first."""

    def outdated(self, platform: str, refreshed_before: dt.datetime) -> tuple[Card, ...]:
        """Cards with an old count, oldest first, in communities where no card was refreshed since then."""


class Cards(PostedCards, Protocol):
    """The cards inside a transaction (core.ports.UnitOfWork)."""

    def save(self, card: Card) -> None:
        """Store a card, new or refreshed."""

    def forget(self, card: Card) -> None:
        """Forget a card that can no longer be edited."""

    def claim(self, card: Card, now: dt.datetime) -> bool:
        """Claim a card to refresh it; False if another process was first."""

    def label(self, platform: str, chat: str, new: str, title: str = "") -> str:
        """The community's first label; if it has none, it gets the new one. A `title` replaces the stored one."""

    def communities(self) -> tuple[Community, ...]:
        """All communities with a label."""

    def move(self, platform: str, chat: str, to: str) -> None:
        """Move a community's label to its new id, and forget its cards."""
