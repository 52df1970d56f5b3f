"""Inline cards: cards that people sent with inline mode into chats that the bot doesn't see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

INLINE_CARDS_KEPT = dt.timedelta(days=7)
"""The time for which an inline card is refreshed."""
MOST_INLINE_CARDS = 100
"""The number of inline cards that are refreshed: the newest."""


@dataclass(frozen=True, slots=True)
class InlineCard:
    """A card in a chat that the bot doesn't see: the platform's id of the message, and what the message shows.

    `shown` is the digest of its words and buttons, empty until the first refresh.
    """

    message: str
    petition: str
    label: str
    locale: str
    shown: str
    refreshed_at: dt.datetime
    added_at: dt.datetime


class KnownInlineCards(Protocol):
    """The inline cards that can still be edited."""

    def all(self) -> tuple[InlineCard, ...]:
        """Every card, longest waiting first."""


class InlineCards(KnownInlineCards, Protocol):
    """The inline cards inside a transaction (core.ports.UnitOfWork)."""

    def add(self, card: InlineCard) -> None:
        """Store a card unless it is stored already, and keep only the newest."""

    def claim(self, card: InlineCard, now: dt.datetime) -> bool:
        """Claim a card to refresh it; False if another process was first."""

    def set_shown(self, card: InlineCard, shown: str) -> None:
        """Store the digest of what a card shows now."""

    def forget(self, card: InlineCard) -> None:
        """Forget a card that can no longer be edited."""

    def forget_shared(self, petition: str, label: str) -> None:
        """Forget the cards of a petition whose links carry a label."""
