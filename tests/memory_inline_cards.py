"""Inline cards in memory, for tests/fakes.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from core.outreach.inline_cards import MOST_INLINE_CARDS, InlineCard

InlineCardsById: TypeAlias = dict[str, InlineCard]


class InlineCardStore(Protocol):
    """The committed values of inline cards."""

    inline_cards: InlineCardsById


@dataclass
class MemoryInlineCards:
    """core.outreach.inline_cards.InlineCards."""

    store: InlineCardStore

    def add(self, card: InlineCard) -> None:
        if card.message not in self.store.inline_cards:
            self.store.inline_cards[card.message] = card
            newest = sorted(self.store.inline_cards.values(), key=lambda each: each.added_at, reverse=True)
            for old in newest[MOST_INLINE_CARDS:]:
                self.forget(old)

    def all(self) -> tuple[InlineCard, ...]:
        return tuple(sorted(self.store.inline_cards.values(), key=lambda card: card.refreshed_at))

    def claim(self, card: InlineCard, now: dt.datetime) -> bool:
        stored = self.store.inline_cards.get(card.message)
        if stored is None or stored.refreshed_at != card.refreshed_at:
            return False
        self.store.inline_cards[card.message] = replace(stored, refreshed_at=now)
        return True

    def set_shown(self, card: InlineCard, shown: str) -> None:
        if card.message in self.store.inline_cards:
            stored = self.store.inline_cards[card.message]
            self.store.inline_cards[card.message] = replace(stored, shown=shown)

    def forget(self, card: InlineCard) -> None:
        self.store.inline_cards.pop(card.message, None)

    def forget_shared(self, petition: str, label: str) -> None:
        for card in list(self.store.inline_cards.values()):
            if (card.petition, card.label) == (petition, label):
                self.forget(card)
