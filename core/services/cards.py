"""Keeps track of posted cards and of their communities, and finds those due for a refresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from core.outreach.cards import REFRESH_EVERY, Card, Edition, PostingRules
from core.outreach.communities import LONGEST_TITLE, Community
from core.ports import Clock, UnitOfWork
from core.queries import Queries
from core.updates import UpdateKind


@dataclass(frozen=True)
class CardService:
    """Keeps track of cards. Each method is one transaction; those that only read block nobody."""

    work: Callable[[], UnitOfWork]
    queries: Queries
    clock: Clock

    def record_posted(self, card: Card) -> tuple[Card, ...]:
        """Record a card just posted; returns those it replaces in its place, which now have to say so."""
        with self.work() as work:
            same = [older for older in work.cards.in_chat(card.platform, card.chat) if older.is_same_as(card)]
            replaced = tuple(replace(older, moved_to=card.message) for older in same if not older.moved_to)
            for older in replaced:
                work.cards.save(older)
            work.cards.save(replace(card, posted_at=self.clock()))
            work.commit()
        return replaced

    def record_refreshed(self, card: Card, shown: str) -> None:
        """Record the digest of what a card shows now; forget one that says that it was replaced."""
        with self.work() as work:
            if card.moved_to:
                work.cards.forget(card)
            else:
                work.cards.save(card.edited(shown, self.clock()))
            work.commit()

    def record_refused(self, card: Card, forget_after: dt.timedelta | None = None) -> None:
        """Record that a card can't be edited for now; forget it if that has been so for the time given."""
        now = self.clock()
        first = card.refused_at or now
        with self.work() as work:
            if forget_after is not None and now - first >= forget_after:
                work.cards.forget(card)
            else:
                work.cards.save(card.refused(now))
            work.commit()

    def record_published(self, card: Card) -> None:
        """Record that a card was published."""
        with self.work() as work:
            work.cards.save(replace(card, published=True))
            work.commit()

    def record_pause(self, card: Card, seconds: float) -> None:
        """Record for how long the platform wants no further edit of a card."""
        with self.work() as work:
            work.cards.save(card.resting(self.clock() + dt.timedelta(seconds=seconds)))
            work.commit()

    def resume(self, platform: str, chat: str) -> None:
        """Let the refused cards of a chat that is used again be tried at once."""
        with self.queries.cards() as cards:
            refused = [card for card in cards.in_chat(platform, chat) if card.refused_at]
        if refused:
            with self.work() as work:
                for card in sorted(work.cards.in_chat(platform, chat), key=attrgetter("message")):  # against deadlocks
                    work.cards.save(replace(card, refused_at=None))
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

    def editions(self, platform: str) -> tuple[Edition, ...]:
        """The petitions and languages of all cards on a platform."""
        with self.queries.cards() as cards:
            return cards.editions(platform)

    def due(self, platform: str, current: Mapping[Edition, str]) -> tuple[Card, ...]:
        """The cards to refresh now, longest waiting first, at most one per community.

        `current` has the digest of what each edition should show; cards of other editions are never due.
        """
        now = self.clock()
        with self.queries.cards() as cards:
            outdated = cards.outdated(platform, now - REFRESH_EVERY, current)
        first: dict[str, Card] = {}
        for card in outdated:
            if not card.rests(now):
                first.setdefault(card.chat, card)
        return tuple(first.values())

    def living(self, card: Card) -> Card | None:
        """The card that already is where this one would be posted."""
        with self.queries.cards() as cards:
            posted = cards.in_chat(card.platform, card.chat)
        return next((other for other in posted if other.is_same_as(card) and not other.moved_to), None)

    def in_thread(self, platform: str, chat: str, thread: str) -> tuple[Card, ...]:
        """The cards in a topic of a community, or in one without topics."""
        with self.queries.cards() as cards:
            return tuple(card for card in cards.in_chat(platform, chat) if card.thread == thread and not card.moved_to)

    def posted(self, platform: str, chat: str) -> tuple[Card, ...]:
        """The cards in a chat that weren't replaced, most recently refreshed first."""
        with self.queries.cards() as cards:
            return tuple(card for card in cards.in_chat(platform, chat) if not card.moved_to)

    def posting_rules(self, platform: str, community: str, chat: str) -> PostingRules:
        """The rules of a community for its members' cards in one of its chats."""
        with self.queries.cards() as cards:
            taken = (card for card in cards.in_chat(platform, chat) if card.by_moderators and not card.moved_to)
            return PostingRules(cards.members_post(platform, community), tuple(taken))

    def claim_share(self, platform: str, account: str, chat: str) -> bool:
        """Claim the one card that an account may post in a chat on this day (UTC); False if it has posted one."""
        now = self.clock()
        with self.work() as work:
            first = work.updates.add(UpdateKind.SHARED, platform, f"{account} {chat} {now:%Y-%m-%d}", now)
            work.commit()
        return first

    def recent(self, platform: str, chat: str, petition: str) -> Card | None:
        """A card of this petition that the community got in the last minute, from anyone."""
        since = self.clock() - REFRESH_EVERY
        with self.queries.cards() as cards:
            own = [card for card in cards.in_chat(platform, chat) if card.petition == petition]
        return next((card for card in own if card.posted_at and card.posted_at > since), None)

    def community(self, platform: str, chat: str, new: str, title: str = "") -> Community:
        """The community with its label: its first one, or else the new one, which it keeps from now on.

        Its `title` is stored, sealed, for organizers.
        """
        with self.work() as work:
            community = work.cards.community(platform, chat, new, title[:LONGEST_TITLE])
            work.commit()
        return community

    def set_locale(self, platform: str, chat: str, locale: str) -> None:
        """Set the language of a community, of its cards, and of its milestone posts."""
        with self.work() as work:
            work.cards.set_locale(platform, chat, locale)
            follower = work.milestones.follower(platform, chat)
            if follower:
                work.milestones.follow(replace(follower, locale=locale))
            work.commit()

    def set_members_post(self, platform: str, chat: str, *, allowed: bool) -> None:
        """Set whether the members of a community may post cards."""
        with self.work() as work:
            work.cards.set_members_post(platform, chat, allowed=allowed)
            work.commit()

    def move(self, platform: str, chat: str, to: str) -> None:
        """Give a community's label, title, and language to its new id, and forget its cards."""
        with self.work() as work:
            work.cards.move(platform, chat, to)
            work.commit()
