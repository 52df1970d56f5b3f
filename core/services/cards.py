"""Keeps track of posted cards, and finds those due for a new count."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from core.outreach.cards import REFRESH_EVERY, Card
from core.outreach.communities import LONGEST_TITLE
from core.ports import Clock, UnitOfWork
from core.queries import Queries


@dataclass(frozen=True)
class CardService:
    """Keeps track of cards. Each method is one transaction; those that only read block nobody."""

    work: Callable[[], UnitOfWork]
    queries: Queries
    clock: Clock

    def record_posted(self, card: Card) -> None:
        """Record a card just posted. It replaces an older card of the same petition, which is no longer refreshed."""
        with self.work() as work:
            for older in work.cards.in_chat(card.platform, card.chat):
                if older.petition == card.petition:
                    work.cards.forget(older)
            work.cards.save(replace(card, posted_at=self.clock()))
            work.commit()

    def record_refreshed(self, card: Card, shown: int) -> None:
        """Record the count that a card shows now."""
        with self.work() as work:
            work.cards.save(replace(card, shown=shown, refreshed_at=self.clock()))
            work.commit()

    def claim(self, card: Card) -> bool:
        """Claim a card that is due; False if another process has claimed it."""
        with self.work() as work:
            claimed = work.cards.claim(card, self.clock())
            work.commit()
        return claimed

    def forget(self, card: Card) -> None:
        """Forget a card that can no longer be edited."""
        with self.work() as work:
            work.cards.forget(card)
            work.commit()

    def due(self, platform: str, broken: Collection[str] = ()) -> tuple[Card, ...]:
        """The cards to refresh now, longest waiting first, at most one per community; none of `broken` petitions."""
        with self.queries.cards() as cards:
            outdated = cards.outdated(platform, self.clock() - REFRESH_EVERY)
        first: dict[str, Card] = {}
        for card in outdated:
            if card.petition not in broken:
                first.setdefault(card.chat, card)
        return tuple(first.values())

    def recent(self, platform: str, chat: str, petition: str) -> Card | None:
        """A card of this petition that the community got in the last minute."""
        since = self.clock() - REFRESH_EVERY
        with self.queries.cards() as cards:
            own = [card for card in cards.in_chat(platform, chat) if card.petition == petition]
        return next((card for card in own if card.posted_at and card.posted_at > since), None)

    def label(self, platform: str, chat: str, new: str, title: str = "") -> str:
        """The community's label: its first one, or else the new one, which it keeps from now on.

        Its `title` is stored, sealed, for organizers.
        """
        with self.work() as work:
            label = work.cards.label(platform, chat, new, title[:LONGEST_TITLE])
            work.commit()
        return label

    def move(self, platform: str, chat: str, to: str) -> None:
        """Give a community's label to its new id, and forget its cards."""
        with self.work() as work:
            work.cards.move(platform, chat, to)
            work.commit()
