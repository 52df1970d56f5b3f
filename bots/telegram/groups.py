"""Groups: a card that leads to the private chat, so that the group never sees who signs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from telegram import Message as Posted
from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bots.common.json_object import JsonObject
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.delivery.fresh_cards import FreshCards
from bots.telegram.calls import Calls
from bots.telegram.handlers import Context
from bots.telegram.limiter import BACKGROUND
from bots.telegram.renderer import TelegramMessage, TelegramRenderer, link_button
from core.conversation.scene import companion_lines
from core.conversation.screen import View
from core.messages import Catalog, Message
from core.outreach.cards import Card
from core.outreach.milestones import Follower
from core.petition.collection import find_slug
from core.platforms import Platform
from core.queries import Queries
from core.services.cards import CardService
from core.services.community import report
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)
MOST_LISTED = 10  # petitions listed in one message to a group
_MEMBER = ("member", "administrator")
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group, the topic in it, the language of the person who sent the command, and the group's title."""

    chat: int
    thread: int | None
    locale: str
    title: str = ""


@dataclass(frozen=True)
class Groups:
    """Handlers for groups, where the bot answers only its own commands.

    A handler only adds work to the group's queue, so a group that Telegram holds back blocks nobody else.
    """

    calls: Calls
    threads: ServiceThreads
    cards: CardService
    queries: Queries
    renderer: TelegramRenderer
    queue: PerChatQueue
    fresh: FreshCards
    new_label: Callable[[str], str]
    milestones: MilestoneService

    async def petition(self, update: Update, context: Context) -> None:
        """Handle `/petition [slug]`: post the card or, with several petitions, a list to choose from."""
        self._introduce(update, " ".join(context.args or []).lower())

    async def added(self, update: Update, _: Context) -> None:
        """Introduce the petition when the bot is added to a group."""
        change = update.my_chat_member
        if change is None or change.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
            return  # a private chat that was unblocked, or a channel
        if change.new_chat_member.status in _MEMBER and change.old_chat_member.status not in _MEMBER:
            self._introduce(update, "")

    async def count(self, update: Update, _: Context) -> None:
        """Handle `/count`: how many have signed, one line per petition."""
        place = _place(update, self.renderer.catalog)
        if place:
            self.queue.put(place.chat, lambda: self._send_count(place))

    async def community(self, update: Update, _: Context) -> None:
        """Handle `/community`: what this group brought, for its administrators; other members get no answer."""
        place, message = _place(update, self.renderer.catalog), update.effective_message
        if place and message:
            self.queue.put(place.chat, lambda: self._send_community(place, message))

    async def milestone(self, update: Update, context: Context) -> None:
        """Handle `/milestone on|off` from an administrator; other members get no answer."""
        place, message = _place(update, self.renderer.catalog), update.effective_message
        wanted = " ".join(context.args or []).lower()
        if place and message and wanted in _SWITCH:
            self.queue.put(place.chat, lambda: self._switch(place, message, on=_SWITCH[wanted]))

    async def migrated(self, update: Update, _: Context) -> None:
        """Move a group's label when it becomes a supergroup."""
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            await self._move(str(message.chat_id), str(message.migrate_to_chat_id))

    async def refresh_forever(self) -> None:
        """Keep the counts on all cards current."""
        await self.fresh.forever(_queue_key, self._edit)

    async def refresh(self) -> None:
        """Queue the due cards, after everything that signers are waiting for."""
        await self.fresh.look(_queue_key, self._edit)

    def _introduce(self, update: Update, slug: str) -> None:
        place, slugs = _place(update, self.renderer.catalog), list(self.renderer.petitions)
        if place is None:
            return
        slug = find_slug(self.renderer.petitions, slug)
        if slug not in slugs and len(slugs) != 1:
            self.queue.put(place.chat, lambda: self._send_list(place))
        else:
            self.queue.put(place.chat, lambda: self._post(place, slug if slug in slugs else slugs[0]))

    async def _label(self, place: GroupChat) -> str:
        chat = str(place.chat)
        return await self.threads.run(self.cards.label, Platform.TELEGRAM, chat, self.new_label(chat), place.title)

    async def _switch(self, place: GroupChat, message: Posted, *, on: bool) -> None:
        if not await self._administers(place, message):
            return
        chat, thread = str(place.chat), str(place.thread or "")
        if on:
            follower = Follower(Platform.TELEGRAM, chat, thread, await self._label(place), place.locale)
            await self.threads.run(self.milestones.follow, follower)
        else:
            await self.threads.run(self.milestones.unfollow, Platform.TELEGRAM, chat)
        await self._send(place, TelegramMessage(self._words(Message("milestone.on" if on else "milestone.off"), place)))

    async def _administers(self, place: GroupChat, message: Posted) -> bool:
        """Return True if the sender administers the group; anonymous administrators write as the group itself."""
        if message.sender_chat:
            return message.sender_chat.id == place.chat
        user = message.from_user
        try:
            return user is not None and user.id in await self.calls.administrators(place.chat)
        except (Forbidden, BadRequest) as refusal:
            log.info("could not find out a group's administrators: %s", refusal.message)
            return False

    async def _send_list(self, place: GroupChat) -> None:
        """Send the first petitions, each with a link that carries the group's label."""
        label, petitions = await self._label(place), self.renderer.petitions
        rows = tuple(
            (
                link_button(
                    petition.text(place.locale).title, self.renderer.links.telegram_chat(petition.public_slug, label)
                ),
            )
            for petition in list(petitions.values())[:MOST_LISTED]
        )
        words = Message("petitions.choose", {"count": len(petitions)}) if petitions else Message("petitions.none")
        await self._send(place, TelegramMessage(self._words(words, place), keyboard=rows))

    async def _send_count(self, place: GroupChat) -> None:
        lines, label = [], await self._label(place)
        for slug, petition in list(self.renderer.petitions.items())[:MOST_LISTED]:
            counted = (await self.threads.run(self.queries.tally, slug)).counted
            decision = await self.threads.run(self.queries.decision, slug)
            progress = Message(
                "progress.count", {"count": counted, "goal": petition.with_decision(decision).next_goal(counted)}
            )
            own = await self.threads.run(self.queries.credited, slug, label)
            here = [
                self.renderer.catalog.words(line.words, place.locale)
                for line in companion_lines("telegram.group_count", own)
            ]
            lines.append("\n".join([petition.text(place.locale).title, self._words(progress, place), *here]))
        await self._send(place, TelegramMessage("\n\n".join(lines) or self._words(Message("petitions.none"), place)))

    async def _send_community(self, place: GroupChat, message: Posted) -> None:
        """Tell administrators what the group brought; other members get no answer."""
        if not await self._administers(place, message):
            return
        label = await self._label(place)
        screen = await self.threads.run(
            report, self.queries, self.renderer.petitions, label, place.locale, self.cards.clock()
        )
        await self._send(place, self.renderer.render(View(screen, place.locale)))

    async def _post(self, place: GroupChat, slug: str) -> None:
        standing = await self.threads.run(self.cards.recent, Platform.TELEGRAM, str(place.chat), slug)
        if standing:  # a second one so soon would be spam
            above = TelegramMessage(self._words(Message("telegram.above"), place))
            await self._send(place, above, reply_to=int(standing.message))
            return
        label, now = await self._label(place), self.cards.clock()
        card = Card(Platform.TELEGRAM, str(place.chat), "", slug, label, place.locale, 0, now)
        count, message = await self._draw(card)
        sent = await self._send(place, message)
        if sent:
            new = replace(card, chat=str(sent["chat"]["id"]), message=str(sent["message_id"]), shown=count)
            await self.threads.run(self.cards.record_posted, new)

    async def _send(self, place: GroupChat, message: TelegramMessage, reply_to: int | None = None) -> JsonObject | None:
        """Send to a group; None if the bot may not write there."""
        try:
            return await self.calls.send(place.chat, message, thread=place.thread, reply_to=reply_to)
        except ChatMigrated as moved:
            await self._move(str(place.chat), str(moved.new_chat_id))
            return await self._send(replace(place, chat=moved.new_chat_id), message)
        except (Forbidden, BadRequest) as refusal:
            log.info("a message to a group was not delivered: %s", refusal.message)
            return None

    async def _edit(self, card: Card) -> None:
        count, message = await self._draw(card)
        try:
            await self.calls.edit(int(card.chat), int(card.message), message, BACKGROUND)
        except ChatMigrated as moved:
            await self._move(card.chat, str(moved.new_chat_id))
            return
        except (Forbidden, BadRequest) as refusal:
            if "message is not modified" not in refusal.message.lower():
                await self.threads.run(self.cards.forget, card)
                return
        await self.threads.run(self.cards.record_refreshed, card, count)

    async def _draw(self, card: Card) -> tuple[int, TelegramMessage]:
        """The current count, and the card that shows it."""
        counted, view = await self.fresh.draw(card)
        return counted, self.renderer.card(view, card.label)

    def _words(self, message: Message, place: GroupChat) -> str:
        return self.renderer.catalog.words(message, place.locale)

    async def _move(self, old: str, new: str) -> None:
        await self.threads.run(self.cards.move, Platform.TELEGRAM, old, new)
        await self.threads.run(self.milestones.move, Platform.TELEGRAM, old, new)


def _queue_key(card: Card) -> int:
    return int(card.chat)


def _place(update: Update, catalog: Catalog) -> GroupChat | None:
    """The group and topic to answer in, and the language."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None:
        return None
    thread = message.message_thread_id if message and message.is_topic_message else None
    return GroupChat(chat.id, thread, catalog.negotiate(user.language_code if user else None), chat.title or "")
