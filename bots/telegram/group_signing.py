"""Signing in a group: taps on cards, and on messages that only one member sees, and what that member types there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from cachetools import LRUCache
from telegram import Update
from telegram.constants import ChatType

from bots.common.callback_data import Callback, decode
from bots.common.links import LinkAction
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.common.signer_commands import EVENTS
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_chat import group_chat
from bots.telegram.group_screens import GroupScreens, is_for_private_chat
from bots.telegram.handlers import Context
from bots.telegram.messages import event_of
from bots.telegram.place import MemberPlace, member_place, member_place_of_tap
from bots.telegram.private_updates import command_line, signer_of
from bots.telegram.renderer import TelegramRenderer
from core.conversation.screen import View
from core.conversation.state import Begin, Event, Open, Reply, TurnPage
from core.conversation.whole import READ_WHOLE
from core.services.signing import SigningService

KEPT = 2000  # the number of groups whose label is remembered, and of members whose petition is
GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)


@dataclass(frozen=True)
class GroupSigning:
    """Handlers for one member's conversation in a group. Each returns when its effect is on disk.

    The conversation is the one that this person has in private, so it can be continued there, and the other way round.
    """

    signing: SigningService
    threads: ServiceThreads
    screens: GroupScreens
    queue: PerChatQueue
    cards: GroupCards
    renderer: TelegramRenderer
    _petitions: LRUCache[tuple[int, int], str] = field(default_factory=lambda: LRUCache(KEPT))
    _labels: LRUCache[int, str] = field(default_factory=lambda: LRUCache(KEPT))

    async def tap(self, update: Update, _: Context) -> None:
        """Handle a tap in a group or a channel: on its card, or on an ephemeral message."""
        query = update.callback_query
        place = member_place_of_tap(query) if query else None
        if query is None or query.message is None or place is None:
            return
        tapped = decode(query.data or "", self.signing.petitions) or Callback("", None, Open())
        label = await self._label(update)
        works = self.screens.messages.support.may_work and query.message.chat.type in GROUPS
        if not works or is_for_private_chat(tapped.event):
            link = self._link(tapped.petition, label, tapped.event)
            self._put(place, lambda: self.screens.acknowledge(place, link))
            return
        if place.tapped is None:
            await self._handle(update, Open(label), tapped.petition, part="card")
        view = await self._handle(update, tapped.event, tapped.petition, revision=tapped.revision)
        self._petitions[place.key] = view.petition  # if forgotten, a typed answer is about the last one opened
        link = self._link(view.petition, label, tapped.event)
        self._put(
            place,
            lambda: self.screens.answer_tap(place, view, link),
            lambda: self.screens.acknowledge(place),
        )

    async def text(self, update: Update, _: Context) -> None:
        """Handle an ephemeral message of a member, which answers the question if there is one."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        place, line = member_place(message, user.id), command_line(message.text or "")
        event = EVENTS.get(line.name) if (message.text or "").startswith("/") else None
        view = await self._handle(update, event or _typed(event_of(message)), self._petitions.get(place.key, ""))
        link = self._link(view.petition, await self._label(update))
        if not view.is_answered:
            self._put(place, lambda: self.screens.answer(place, view, link))

    async def _handle(
        self, update: Update, event: Event, petition: str, *, revision: int | None = None, part: str = ""
    ) -> View:
        user = update.effective_user
        assert user is not None  # noqa: S101  (taps and messages of members have one)
        return await self.threads.run(
            self.signing.handle, signer_of(user), event, petition,
            update_id=f"{update.update_id}{part}", revision=revision,
        )  # fmt: skip

    async def _label(self, update: Update) -> str:
        """The label of the group, which its signatures get as if by a link."""
        place = group_chat(update, self.renderer.catalog)
        if place is None:
            return ""
        label = self._labels.get(place.chat) or await self.cards.label(place)
        self._labels[place.chat] = label
        return label

    def _link(self, petition: str, label: str, event: Event | None = None) -> str:
        """The private chat about a petition, for those who can't be answered in the group."""
        known = self.signing.petitions
        slug = known[petition].public_slug if petition in known else petition
        reads = event == READ_WHOLE or isinstance(event, TurnPage)
        action = LinkAction.SIGN if isinstance(event, Begin) else LinkAction.OPEN
        return self.renderer.links.telegram_chat(slug, label, LinkAction.READ if reads else action)

    def _put(
        self, place: MemberPlace, deliver: Callable[[], Awaitable[None]],
        instead: Callable[[], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        """Show a screen when it is this member's turn, or do less if a newer one is waiting."""

        async def newest() -> None:
            await (instead if instead and self.queue.behind(place.key) else deliver)()

        self.queue.put(place.key, newest)


def _typed(event: Event) -> Event:
    """The event of something typed, where every question has buttons."""
    return replace(event, without_buttons=False) if isinstance(event, Reply) else event
