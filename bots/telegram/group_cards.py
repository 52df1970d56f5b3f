"""Cards in groups: one for each petition and topic, with the group's label in its links, and kept current."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bots.common.json_object import JsonObject
from bots.common.service_threads import ServiceThreads
from bots.common.throttle import Throttle
from bots.delivery.fresh_cards import FreshCards
from bots.telegram.calls import Calls
from bots.telegram.chat_kinds import ChatKinds
from bots.telegram.group_chat import GroupChat, message_link
from bots.telegram.limiter import BACKGROUND
from bots.telegram.renderer import TelegramMessage, TelegramRenderer, link_button
from core.messages import Message
from core.outreach.cards import Card
from core.outreach.communities import Community
from core.petition.collection import original_language
from core.platforms import Platform
from core.services.cards import CardService
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)

FORGET_AFTER = dt.timedelta(days=7)
"""The time for which Telegram may refuse to edit a card, for a reason that can pass, before the bot forgets it."""
_UNCHANGED = "message is not modified"
_FINAL = (
    "message to edit not found", "message_id_invalid", "message can't be edited",
    "chat not found", "kicked", "not a member", "deleted",
)  # fmt: skip
_NO_CARD = "replied not found"


@dataclass(frozen=True)
class GroupCards:
    """Posts cards, and keeps all of them current."""

    calls: Calls
    threads: ServiceThreads
    cards: CardService
    renderer: TelegramRenderer
    fresh: FreshCards
    new_label: Callable[[str], str]
    milestones: MilestoneService
    kinds: ChatKinds
    jumps: Throttle = field(default_factory=Throttle)

    async def community(self, place: GroupChat) -> Community:
        """The group with its label and the language its administrators chose."""
        chat = str(place.chat)
        return await self.threads.run(self.cards.community, Platform.TELEGRAM, chat, self.new_label(chat), place.title)

    async def label(self, place: GroupChat) -> str:
        """The label in the group's links."""
        return (await self.community(place)).label

    async def speaking(self, place: GroupChat, petition: str = "") -> GroupChat:
        """The place in the language of its posts: its administrators' choice, or else a petition's original one."""
        chosen = (await self.community(place)).locale
        return replace(place, locale=chosen or original_language(self.renderer.petitions, petition))

    async def choose_language(self, place: GroupChat, locale: str) -> None:
        """Let the group's cards and posts be in a language from now on."""
        await self.community(place)  # which has a row from then on
        await self.threads.run(self.cards.set_locale, Platform.TELEGRAM, str(place.chat), locale)

    async def refresh_forever(self) -> None:
        """Keep all cards current."""
        await self.fresh.forever(_queue_key, self._edit)

    async def refresh(self) -> None:
        """Queue the due cards, after everything that signers are waiting for."""
        await self.fresh.look(_queue_key, self._edit)

    async def post(self, place: GroupChat, slug: str) -> bool:
        """Post the card of a petition, or point to the one that is in this topic; False if that is refused."""
        card = await self._new_card(place, slug)
        living = await self.threads.run(self.cards.living, card)
        answered = await self._jump(replace(place, locale=card.locale), living) if living else None
        return await self._post(place, card) if answered is None else answered

    async def post_again(self, place: GroupChat, slug: str) -> bool:
        """Post the card at the end of the chat; the one that it replaces then says so. False if that is refused."""
        return await self._post(place, await self._new_card(place, slug))

    async def posted_here(self, place: GroupChat) -> tuple[str, ...]:
        """The petitions with a card in this topic."""
        thread = str(place.thread or "")
        cards = await self.threads.run(self.cards.in_thread, Platform.TELEGRAM, str(place.chat), thread)
        return tuple({card.petition: None for card in cards})

    async def send(self, place: GroupChat, message: TelegramMessage, reply_to: int | None = None) -> JsonObject | None:
        """Send to a group; None if the bot may not write there."""
        try:
            return await self.calls.send(place.chat, message, thread=place.thread, reply_to=reply_to)
        except ChatMigrated as moved:
            await self.move(str(place.chat), str(moved.new_chat_id))
            return await self.send(replace(place, chat=moved.new_chat_id), message)
        except (Forbidden, BadRequest) as refusal:
            log.info("a message to a group was not delivered: %s", refusal.message)
            return None

    async def _new_card(self, place: GroupChat, slug: str) -> Card:
        community = await self.community(place)
        locale = community.locale or original_language(self.renderer.petitions, slug)
        chat, thread, now = str(place.chat), str(place.thread or ""), self.cards.clock()
        return Card(Platform.TELEGRAM, chat, "", slug, community.label, locale, "", now, thread=thread)

    async def _post(self, place: GroupChat, card: Card) -> bool:
        digest, message = await self._draw(card)
        sent = await self.send(place, message)
        if sent:
            new = replace(card, chat=str(sent["chat"]["id"]), message=str(sent["message_id"]), shown=digest)
            for replaced in await self.threads.run(self.cards.record_posted, new):
                await self._edit(replaced)
        return sent is not None

    async def _jump(self, place: GroupChat, card: Card) -> bool | None:
        """Answer with a reply to the card, at most once a minute for each person.

        Returns False if that is refused, and None if the card is gone.
        """
        if not self.jumps.allows((place.chat, card.message, place.sender), self.cards.clock()):
            return True
        above = TelegramMessage(self.renderer.catalog.words(Message("telegram.above"), place.locale))
        try:
            await self.calls.send(place.chat, above, thread=place.thread, reply_to=int(card.message))
        except ChatMigrated as moved:
            await self.move(card.chat, str(moved.new_chat_id))
            return None
        except (Forbidden, BadRequest) as refusal:
            if _NO_CARD in refusal.message.lower():
                await self.threads.run(self.cards.forget, card)
                return None
            log.info("a message to a group was not delivered: %s", refusal.message)
            return False
        return True

    async def _edit(self, card: Card) -> None:
        digest, message = ("", self._moved(card)) if card.moved_to else await self._draw(card)
        try:
            await self.calls.edit(int(card.chat), int(card.message), message, BACKGROUND)
        except ChatMigrated as moved:
            await self.move(card.chat, str(moved.new_chat_id))
            return
        except (Forbidden, BadRequest) as refusal:
            if _UNCHANGED not in refusal.message.lower():
                await self._record_refusal(card, refusal)
                return
        await self.threads.run(self.cards.record_refreshed, card, digest)

    async def _record_refusal(self, card: Card, refusal: TelegramError) -> None:
        if card.refused_at is None:
            log.info("a card was not edited: %s", refusal.message)
        if any(words in refusal.message.lower() for words in _FINAL):
            await self.threads.run(self.cards.forget, card)
        else:
            await self.threads.run(self.cards.record_refused, card, FORGET_AFTER)

    async def _draw(self, card: Card) -> tuple[str, TelegramMessage]:
        """The digest of what the card should show now, and the card."""
        digest, view = await self.fresh.draw((card.petition, card.locale))
        return digest, await self.kinds.card(self.renderer, int(card.chat), view, card.label)

    def _moved(self, card: Card) -> TelegramMessage:
        """The line that remains of a card that was posted again, with a link to the new one if messages have links."""
        words, link = self.renderer.catalog.words, message_link(card.chat, card.thread, card.moved_to)
        button = link_button(words(Message("telegram.to_card"), card.locale), link)
        return TelegramMessage(words(Message("telegram.moved"), card.locale), keyboard=((button,),) if link else ())

    async def unposted(self, chat: int, slug: str) -> TelegramMessage:
        """The card of a petition in the group's language, which anyone may see, without posting it."""
        return (await self._draw(await self._new_card(GroupChat(chat, None, ""), slug)))[1]

    async def move(self, old: str, new: str) -> None:
        """Move a group's label and its milestone posts to the group's new id."""
        await self.threads.run(self.cards.move, Platform.TELEGRAM, old, new)
        await self.threads.run(self.milestones.move, Platform.TELEGRAM, old, new)


def _queue_key(card: Card) -> int:
    return int(card.chat)
