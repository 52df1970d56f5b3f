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
from bots.telegram.group_administration import GroupAdministration
from bots.telegram.group_answers import Asked, GroupAnswers, asked_in
from bots.telegram.group_cards import GroupCards
from bots.telegram.group_chat import GroupChat, group_chat
from bots.telegram.handlers import Context
from bots.telegram.renderer import TelegramMessage, TelegramRenderer, link_button
from core.conversation.paging import more_line
from core.conversation.scene import companion_lines, listed_title
from core.conversation.screen import Button, Line, Part, Progress, Screen, Style, View
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
_NONE = Message("petitions.none")


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
    administration: GroupAdministration

    async def petition(self, update: Update, context: Context) -> None:
        """Handle `/petition [slug]`: post the card or, with several petitions, a list to choose from.

        `/petition move` and `/petition language` are for administrators.
        """
        words = [word.lower() for word in context.args or []]
        order = self.administration.orders.get(words[0]) if words else None
        if order:
            self._put(update, lambda asked: order(asked, " ".join(words[1:])))
        else:
            self._introduce(update, " ".join(words))

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

    async def _switch(self, asked: Asked, on: bool | None) -> None:
        if not await self.administration.permits(asked, "milestone"):
            return
        place, chat = await self._home(asked), str(asked.place.chat)
        if on:
            community = await self.cards.community(place)
            thread = str(place.thread or "")
            follower = Follower(Platform.TELEGRAM, chat, thread, community.label, community.locale)
            await self.threads.run(self.milestones.follow, follower)
        elif on is False:
            await self.threads.run(self.milestones.unfollow, Platform.TELEGRAM, chat)
        key = {True: "milestone.on", False: "milestone.off", None: "telegram.milestone_how"}[on]
        await self.answers.say(asked, TelegramMessage(self._words(Message(key), place)))

    async def _send_help(self, asked: Asked) -> None:
        place, renderer = await self._home(asked), self.renderer
        words = self._words(Message("telegram.group_help"), place)
        link = renderer.links.telegram_chat(next(iter(renderer.petitions), ""), await self.cards.label(place))
        button = link_button(self._words(Message("telegram.continue_privately"), place), link)
        await self.answers.say(asked, TelegramMessage(words, keyboard=((button,),)))

    async def _send_list(self, asked: Asked) -> None:
        """Send the first petitions, each with a link that carries the group's label; the private chat has them all."""
        place, petitions = await self._home(asked), self.renderer.petitions
        label, rows = await self.cards.label(place), list[tuple[Button, ...]]()
        for petition in list(petitions.values())[:MOST_LISTED]:
            decision = await self.threads.run(self.queries.decision, petition.slug)
            title = listed_title(petition.with_decision(decision), place.locale, self.clock())
            rows.append((Button(title, url=self.renderer.links.telegram_chat(petition.public_slug, label)),))
        more = tuple(more_line(len(petitions) - MOST_LISTED))
        if more:
            link = self.renderer.links.telegram_chat("", label)
            rows.append((Button(Message("telegram.continue_privately"), url=link),))
        words = Message("petitions.choose", {"count": len(petitions)}) if petitions else _NONE
        await self._show(asked, place, Screen((Line(words), *more), tuple(rows)))

    async def _send_count(self, asked: Asked) -> None:
        place, petitions = await self._home(asked), self.renderer.petitions
        label, parts = await self.cards.label(place), list[Part]()
        for slug, petition in list(petitions.items())[:MOST_LISTED]:
            counted = (await self.threads.run(self.queries.tally, slug)).counted
            decided = petition.with_decision(await self.threads.run(self.queries.decision, slug))
            progress = goal_words(Progress(counted, decided.next_goal(counted), decided.phase(self.clock())))
            own = await self.threads.run(self.queries.credited, slug, label)
            parts += [Line(petition.text(place.locale).title, Style.HEADING), Line(progress)]
            parts += companion_lines("telegram.group_count", own)
        more = more_line(len(petitions) - MOST_LISTED)
        await self._show(asked, place, Screen((*parts, *more) or (Line(_NONE),)))

    async def _send_community(self, asked: Asked) -> None:
        """Tell administrators what the group brought."""
        if not await self.administration.permits(asked, "community"):
            return
        place = await self._home(asked)
        label = await self.cards.label(place)
        screen = await self.threads.run(
            report, self.queries, self.renderer.petitions, label, place.locale, self.clock()
        )
        await self._show(asked, place, screen)

    async def _show(self, asked: Asked, place: GroupChat, screen: Screen) -> None:
        await self.answers.say(asked, self.renderer.render(View(screen, place.locale)))

    async def _home(self, asked: Asked) -> GroupChat:
        """The place to answer in, in the group's language, or in the sender's if nobody else sees the answer."""
        return asked.place if asked.is_ephemeral else await self.cards.speaking(asked.place)

    def _words(self, message: Message, place: GroupChat) -> str:
        return self.answers.words(message, place)
