"""Commands in groups: the card that everyone sees, and answers that never say who signs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.constants import ChatType

from bots.common.goal import goal_words
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.telegram.calls import Calls
from bots.telegram.group_answers import Asked, GroupAnswers, asked_in
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_chat import GroupChat, administers, group_chat
from bots.telegram.handlers import Context
from bots.telegram.renderer import TelegramMessage, TelegramRenderer, link_button
from core.conversation.scene import companion_lines, listed_title
from core.conversation.screen import Progress, View
from core.messages import Command, Message
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
    answers: GroupAnswers
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
        self._put(update, self._send_count)

    async def community(self, update: Update, _: Context) -> None:
        """Handle `/community`: what this group brought, for its administrators; other members read that it is."""
        self._put(update, self._send_community)

    async def milestone(self, update: Update, context: Context) -> None:
        """Handle `/milestone on|off` from an administrator; without either word, say how to use it."""
        wanted = " ".join(context.args or []).lower()
        self._put(update, lambda asked: self._switch(asked, _SWITCH.get(wanted)))

    async def help(self, update: Update, _: Context) -> None:
        """Handle `/help`, and any other command that names this bot: say what it does in a group."""
        self._put(update, self._send_help)

    async def migrated(self, update: Update, _: Context) -> None:
        """Move a group's label when it becomes a supergroup."""
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            await self.cards.move(str(message.chat_id), str(message.migrate_to_chat_id))

    def _put(self, update: Update, answer: Callable[[Asked], Coroutine[Any, Any, None]]) -> None:
        """Answer a command when it is the group's turn."""
        place = group_chat(update, self.renderer.catalog)
        if place:
            asked = asked_in(place, update)
            self.queue.put(place.chat, lambda: answer(asked))

    def _introduce(self, update: Update, slug: str) -> None:
        slugs, slug = list(self.renderer.petitions), find_slug(self.renderer.petitions, slug)
        if slug not in slugs and len(slugs) != 1:
            self._put(update, self._send_list)
        else:
            self._put(update, lambda asked: self._post(asked, slug if slug in slugs else slugs[0]))

    async def _post(self, asked: Asked, slug: str) -> None:
        if not await self.cards.post(asked.place, slug):
            await self.answers.report_closed(asked)

    async def _is_permitted(self, asked: Asked, command: str) -> bool:
        """Return True for an administrator; tell everyone else that the command isn't theirs."""
        is_administrator = asked.message and await administers(self.calls, asked.place, asked.message)
        if not is_administrator:
            key = "telegram.administrators_unknown" if is_administrator is None else "telegram.administrators_only"
            await self.answers.tell(asked, Message(key, {"command": Command(command)}))
        return bool(is_administrator)

    async def _switch(self, asked: Asked, on: bool | None) -> None:
        if not await self._is_permitted(asked, "milestone"):
            return
        place, chat = asked.place, str(asked.place.chat)
        if on:
            follower = Follower(
                Platform.TELEGRAM, chat, str(place.thread or ""), await self.cards.label(place), place.locale
            )
            await self.threads.run(self.milestones.follow, follower)
        elif on is False:
            await self.threads.run(self.milestones.unfollow, Platform.TELEGRAM, chat)
        key = {True: "milestone.on", False: "milestone.off", None: "telegram.milestone_how"}[on]
        await self.answers.say(asked, TelegramMessage(self._words(Message(key), place)))

    async def _send_help(self, asked: Asked) -> None:
        place, renderer = asked.place, self.renderer
        words = self._words(Message("telegram.group_help"), place)
        link = renderer.links.telegram_chat(next(iter(renderer.petitions), ""), await self.cards.label(place))
        button = link_button(self._words(Message("telegram.continue_privately"), place), link)
        await self.answers.say(asked, TelegramMessage(words, keyboard=((button,),)))

    async def _send_list(self, asked: Asked) -> None:
        """Send the first petitions, each with a link that carries the group's label."""
        place, petitions, rows = asked.place, self.renderer.petitions, []
        label = await self.cards.label(place)
        for petition in list(petitions.values())[:MOST_LISTED]:
            decision = await self.threads.run(self.queries.decision, petition.slug)
            title = listed_title(petition.with_decision(decision), place.locale, self.clock())
            link = self.renderer.links.telegram_chat(petition.public_slug, label)
            rows.append((link_button(self.renderer.catalog.words(title, place.locale), link),))
        words = Message("petitions.choose", {"count": len(petitions)}) if petitions else Message("petitions.none")
        await self.answers.say(asked, TelegramMessage(self._words(words, place), keyboard=tuple(rows)))

    async def _send_count(self, asked: Asked) -> None:
        place, lines = asked.place, []
        label = await self.cards.label(place)
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
        words = "\n\n".join(lines) or self._words(Message("petitions.none"), place)
        await self.answers.say(asked, TelegramMessage(words))

    async def _send_community(self, asked: Asked) -> None:
        """Tell administrators what the group brought."""
        if not await self._is_permitted(asked, "community"):
            return
        place = asked.place
        label = await self.cards.label(place)
        screen = await self.threads.run(
            report, self.queries, self.renderer.petitions, label, place.locale, self.clock()
        )
        await self.answers.say(asked, self.renderer.render(View(screen, place.locale)))

    def _words(self, message: Message, place: GroupChat) -> str:
        return self.answers.words(message, place)
