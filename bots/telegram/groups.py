"""Groups: a card that leads to the private chat, so that the group never sees who signs."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message as Posted
from telegram import Update
from telegram.constants import ChatType

from bots.common.goal import goal_words
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.telegram.calls import Calls
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_chat import GroupChat, administers, group_chat
from bots.telegram.handlers import Context
from bots.telegram.renderer import TelegramMessage, TelegramRenderer, link_button
from core.conversation.scene import companion_lines, listed_title
from core.conversation.screen import Progress, View
from core.messages import Message
from core.outreach.milestones import Follower
from core.petition.collection import find_slug
from core.platforms import Platform
from core.ports import Clock
from core.queries import Queries
from core.services.community import report
from core.services.milestones import MilestoneService

MOST_LISTED = 10  # petitions listed in one message to a group
_MEMBER = ("member", "administrator")
_SWITCH = {"on": True, "off": False}


@dataclass(frozen=True)
class Groups:
    """Handlers for groups, where the bot answers only its own commands.

    A handler only adds work to the group's queue, so a group that Telegram holds back blocks nobody else.
    """

    calls: Calls
    threads: ServiceThreads
    queries: Queries
    renderer: TelegramRenderer
    queue: PerChatQueue
    cards: GroupCards
    milestones: MilestoneService
    clock: Clock

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
        place = group_chat(update, self.renderer.catalog)
        if place:
            self.queue.put(place.chat, lambda: self._send_count(place))

    async def community(self, update: Update, _: Context) -> None:
        """Handle `/community`: what this group brought, for its administrators; other members get no answer."""
        place, message = group_chat(update, self.renderer.catalog), update.effective_message
        if place and message:
            self.queue.put(place.chat, lambda: self._send_community(place, message))

    async def milestone(self, update: Update, context: Context) -> None:
        """Handle `/milestone on|off` from an administrator; other members get no answer."""
        place, message = group_chat(update, self.renderer.catalog), update.effective_message
        wanted = " ".join(context.args or []).lower()
        if place and message and wanted in _SWITCH:
            self.queue.put(place.chat, lambda: self._switch(place, message, on=_SWITCH[wanted]))

    async def migrated(self, update: Update, _: Context) -> None:
        """Move a group's label when it becomes a supergroup."""
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            await self.cards.move(str(message.chat_id), str(message.migrate_to_chat_id))

    def _introduce(self, update: Update, slug: str) -> None:
        place, slugs = group_chat(update, self.renderer.catalog), list(self.renderer.petitions)
        if place is None:
            return
        slug = find_slug(self.renderer.petitions, slug)
        if slug not in slugs and len(slugs) != 1:
            self.queue.put(place.chat, lambda: self._send_list(place))
        else:
            self.queue.put(place.chat, lambda: self.cards.post(place, slug if slug in slugs else slugs[0]))

    async def _switch(self, place: GroupChat, message: Posted, *, on: bool) -> None:
        if not await administers(self.calls, place, message):
            return
        chat, thread = str(place.chat), str(place.thread or "")
        if on:
            follower = Follower(Platform.TELEGRAM, chat, thread, await self.cards.label(place), place.locale)
            await self.threads.run(self.milestones.follow, follower)
        else:
            await self.threads.run(self.milestones.unfollow, Platform.TELEGRAM, chat)
        await self.cards.send(
            place, TelegramMessage(self._words(Message("milestone.on" if on else "milestone.off"), place))
        )

    async def _send_list(self, place: GroupChat) -> None:
        """Send the first petitions, each with a link that carries the group's label."""
        label, petitions = await self.cards.label(place), self.renderer.petitions
        rows = []
        for petition in list(petitions.values())[:MOST_LISTED]:
            decision = await self.threads.run(self.queries.decision, petition.slug)
            title = listed_title(petition.with_decision(decision), place.locale, self.clock())
            link = self.renderer.links.telegram_chat(petition.public_slug, label)
            rows.append((link_button(self.renderer.catalog.words(title, place.locale), link),))
        words = Message("petitions.choose", {"count": len(petitions)}) if petitions else Message("petitions.none")
        await self.cards.send(place, TelegramMessage(self._words(words, place), keyboard=tuple(rows)))

    async def _send_count(self, place: GroupChat) -> None:
        lines, label = [], await self.cards.label(place)
        for slug, petition in list(self.renderer.petitions.items())[:MOST_LISTED]:
            counted = (await self.threads.run(self.queries.tally, slug)).counted
            decision = await self.threads.run(self.queries.decision, slug)
            decided = petition.with_decision(decision)
            progress = goal_words(Progress(counted, decided.next_goal(counted), decided.phase(self.clock())))
            own = await self.threads.run(self.queries.credited, slug, label)
            here = [
                self.renderer.catalog.words(line.words, place.locale)
                for line in companion_lines("telegram.group_count", own)
            ]
            lines.append("\n".join([petition.text(place.locale).title, self._words(progress, place), *here]))
        await self.cards.send(
            place, TelegramMessage("\n\n".join(lines) or self._words(Message("petitions.none"), place))
        )

    async def _send_community(self, place: GroupChat, message: Posted) -> None:
        """Tell administrators what the group brought; other members get no answer."""
        if not await administers(self.calls, place, message):
            return
        label = await self.cards.label(place)
        screen = await self.threads.run(
            report, self.queries, self.renderer.petitions, label, place.locale, self.clock()
        )
        await self.cards.send(place, self.renderer.render(View(screen, place.locale)))

    def _words(self, message: Message, place: GroupChat) -> str:
        return self.renderer.catalog.words(message, place.locale)
