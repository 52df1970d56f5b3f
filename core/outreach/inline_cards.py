"""Inline cards: cards that people sent with inline mode into chats that the bot doesn't see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

INLINE_CARDS_KEPT = dt.timedelta(days=7)
"""The time for which an inline card is refreshed."""
MOST_INLINE_CARDS = 100
"""The number of inline cards that are refreshed: the newest."""
UNKNOWN_COUNT = -1
"""A count that no petition has, so that the card is due for a refresh."""


@dataclass(frozen=True, slots=True)
class InlineCard:
    """A card in a chat that the bot doesn't see: the platform's id of the message, and what the message shows."""

    message: str
    petition: str
    label: str
    locale: str
    shown: int
    refreshed_at: dt.datetime
    added_at: dt.datetime


class KnownInlineCards(Protocol):
    """The inline cards that can still be edited."""

    def outdated(self, refreshed_before: dt.datetime) -> tuple[InlineCard, ...]:
        """Cards with an old count that were not refreshed since then, longest waiting first."""


class InlineCards(KnownInlineCards, Protocol):
    """The inline cards inside a transaction (core.ports.UnitOfWork)."""

    def add(self, card: InlineCard) -> None:
        """Store a card unless it is stored already, and keep only the newest."""

    def claim(self, card: InlineCard, now: dt.datetime) -> bool:
        """Claim a card to refresh it; False if another process was first."""

    def set_shown(self, card: InlineCard, shown: int) -> None:
        """Store the count that a card shows now."""

    def forget(self, card: InlineCard) -> None:
        """Forget a card that can no longer be edited."""

    def forget_shared(self, petition: str, label: str) -> None:
        """Forget the cards of a petition whose links carry a label."""
