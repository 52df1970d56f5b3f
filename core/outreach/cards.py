"""Cards: messages posted for a whole community, which always show the state of their petition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from core.outreach.communities import Community
from core.petition.label import is_community

REFRESH_EVERY = dt.timedelta(minutes=1)
"""The shortest time between two edits of a community's cards."""
PUBLISHED_EVERY = dt.timedelta(minutes=21)
"""The shortest time between two edits of a published card: Discord allows three an hour, and one minute is to spare."""
LONGEST_PAUSE = dt.timedelta(days=1)
"""The longest time between two tries to edit a card that the platform refused to edit."""
Edition: TypeAlias = tuple[str, str]
"""A petition and a language: all cards of one edition show the same."""


@dataclass(frozen=True, slots=True)
class Card:
    """A posted card: its place, the label in its links, and a digest of what it shows.

    `thread` is the topic of its group, if it is in one. `moved_to` is the message that replaced it, until it says so.
    `refused_at` is when the platform first refused to edit it, since the last edit that it accepted. `published` means
    that other communities got a copy; `rests_until` is the time until which the platform wants no further edit.
    """

    platform: str
    chat: str
    message: str
    petition: str
    label: str
    locale: str
    shown: str
    refreshed_at: dt.datetime
    posted_at: dt.datetime | None = None
    thread: str = ""
    moved_to: str = ""
    refused_at: dt.datetime | None = None
    published: bool = False
    rests_until: dt.datetime | None = None

    @property
    def by_moderators(self) -> bool:
        """True for a card of the moderators, which has their community's label; a member's card has one of its own."""
        return is_community(self.label)

    def is_same_as(self, other: Card) -> bool:
        """True if a place has room for only one of the two."""
        return _identity(self) == _identity(other)

    def edited(self, shown: str, now: dt.datetime) -> Card:
        """The card after an edit that the platform accepted."""
        return replace(self, shown=shown, refreshed_at=now, refused_at=None, rests_until=None)

    def refused(self, now: dt.datetime) -> Card:
        """The card after an edit that the platform refused."""
        return replace(self, refreshed_at=now, refused_at=self.refused_at or now)

    def resting(self, until: dt.datetime) -> Card:
        """The card after an edit that the platform put off."""
        return replace(self, rests_until=until)

    def rests(self, now: dt.datetime) -> bool:
        """True while it is too early to try again: the pause doubles after each refusal, up to a day."""
        if self.rests_until is not None and now < self.rests_until:
            return True
        pause = PUBLISHED_EVERY if self.published else dt.timedelta(0)
        if self.refused_at is not None:
            pause = max(pause, min(self.refreshed_at - self.refused_at, LONGEST_PAUSE))
        return now - self.refreshed_at < pause


@dataclass(frozen=True, slots=True)
class PostingRules:
    """The rules for members who want to post cards in a chat.

    `taken` are the moderators' cards in the chat, as far as we know: one may have been deleted.
    """

    members_post: bool
    taken: tuple[Card, ...]

    def moderators_card(self, petition: str) -> Card | None:
        """The moderators' card of a petition in the chat."""
        return next((card for card in self.taken if card.petition == petition), None)

    def allow(self, petition: str) -> bool:
        """True if members may post a petition's card in the chat."""
        return self.members_post and self.moderators_card(petition) is None


class PostedCards(Protocol):
    """The posted cards that can still be edited, and who may post them."""

    def members_post(self, platform: str, chat: str) -> bool:
        """False if only the moderators of a community post cards in it."""

    def in_chat(self, platform: str, chat: str) -> tuple[Card, ...]:
        """The cards of a community, most recently refreshed first."""

    def editions(self, platform: str) -> tuple[Edition, ...]:
        """The petitions and languages of all cards that weren't replaced."""

    def outdated(
        self, platform: str, refreshed_before: dt.datetime, current: Mapping[Edition, str]
    ) -> tuple[Card, ...]:
        """Cards that show something else than their edition's `current` digest, and replaced ones, oldest first.

        There are none of communities where a card was refreshed since `refreshed_before`.
        """


class Cards(PostedCards, Protocol):
    """The cards inside a transaction (core.ports.UnitOfWork)."""

    def save(self, card: Card) -> None:
        """Store a card, new or refreshed."""

    def forget(self, card: Card) -> None:
        """Forget a card that can no longer be edited."""

    def claim(self, card: Card, now: dt.datetime) -> bool:
        """Claim a card to refresh it; False if another process was first."""

    def community(self, platform: str, chat: str, new: str, title: str = "") -> Community:
        """The community, which gets the `new` label if it has none. A `title` replaces the stored one."""

    def set_locale(self, platform: str, chat: str, locale: str) -> None:
        """Store a community's language, and give it to the cards with its label."""

    def set_members_post(self, platform: str, chat: str, *, allowed: bool) -> None:
        """Store whether a community's members may post cards."""

    def communities(self) -> tuple[Community, ...]:
        """All communities with a label."""

    def move(self, platform: str, chat: str, to: str) -> None:
        """Move a community's label, title, and language to its new id, and forget its cards."""


def _identity(card: Card) -> tuple[str, ...]:
    return card.platform, card.chat, card.thread, card.petition, card.label
