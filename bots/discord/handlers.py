"""The switchboard for interactions: each becomes events, service calls, and one answer to one person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import discord
from discord import InteractionType

from bots.common import links
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.common.signer_commands import EVENTS
from bots.discord import card_menu, commands, custom_id
from bots.discord.answers import OddAnswer
from bots.discord.completion import complete
from bots.discord.custom_id import ButtonPress
from bots.discord.direct_messages import event_of
from bots.discord.form_flow import sent_form
from bots.discord.message import DiscordMessage
from bots.discord.moderating import Moderating
from bots.discord.moderator_commands import MODERATE, language_names
from bots.discord.organizers import OrganizerAnswers
from bots.discord.people import signer_of
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import UNREACHED, InteractionReply, report
from bots.discord.servers import Servers
from bots.discord.uploads import data_apology, data_message, draw
from core.conversation import state as ev
from core.conversation.notices import only_news
from core.conversation.scene import companion_lines
from core.conversation.screen import View
from core.conversation.state import Event, Overlay
from core.errors import StorageUnavailableError
from core.messages import Message
from core.organizer.command import CommandLine
from core.petition.label import valid_label
from core.petition.petition import SLUG
from core.services.signing import SigningService

log = logging.getLogger(__name__)

DEFER_AFTER = 1.5  # seconds until we show that we are working; Discord waits for three
LONGEST_NUMBER = 4  # digits of a source's number
_COMMAND_SIGNS = ("/", commands.ORGANIZER_SIGN)  # the app may refuse a slash before a command it does not know


@dataclass(frozen=True)
class Interactions:
    """Handles interactions, one after another for each person."""

    signing: SigningService
    organizers: OrganizerAnswers
    threads: ServiceThreads
    renderer: DiscordRenderer
    servers: Servers
    moderating: Moderating
    queue: PerChatQueue
    reply_to: Callable[[discord.Interaction], InteractionReply]
    defer_after: float = DEFER_AFTER

    async def handle(self, interaction: discord.Interaction) -> None:
        """Handle an interaction; returns once it is answered."""
        reply = self.reply_to(interaction)
        if interaction.type is InteractionType.autocomplete:
            await self.queue.put(("typing", interaction.user.id), partial(self._complete, interaction, reply))
            return
        task = self.queue.put(interaction.user.id, partial(self._answer_or_apologize, interaction, reply))
        done, _ = await asyncio.wait([task], timeout=self.defer_after)
        if not done:
            self.queue.put(("waiting", interaction.id), reply.begin)
            await asyncio.wait([task])
        if interaction.is_guild_integration():
            self.queue.put(("used", interaction.channel_id), partial(self.servers.resume, interaction))

    async def answer_message(self, message: discord.Message) -> tuple[tuple[DiscordMessage, ...], str]:
        """Handle a direct message; returns the answer, which may be two messages, and its language."""
        signer, event = signer_of(message.author), event_of(message)
        words = event.text.strip() if isinstance(event, ev.Reply) else ""
        name, argument = (*words[1:].split(maxsplit=1), "", "")[:2]
        line = CommandLine(name.lower() if words.startswith(_COMMAND_SIGNS) else "", argument)
        event, near = EVENTS.get(line.name, event), {} if line.name in EVENTS else commands.EVENTS
        try:
            view = await self.threads.run(
                self.organizers.service.handle, signer, line, event, update_id=str(message.id), signers=near
            )
        except StorageUnavailableError as error:
            log.warning("a direct message was not handled: %s", error)
            locale = self.signing.negotiate()
            return (self.apology(locale),), locale
        file = (await data_message(self.renderer, view),) if view.data else ()
        return (await draw(self.renderer, view), *file), view.locale

    def apology(self, locale: str) -> DiscordMessage:
        """Apologize, and say what to do next."""
        return DiscordMessage.plain(self.renderer.catalog.words(Message("notice.try_again"), locale))

    async def _answer_or_apologize(self, interaction: discord.Interaction, reply: InteractionReply) -> None:
        """Answer; if that fails, ask the person to try again, since nothing was stored."""
        try:
            await self._answer(interaction, reply)
        except Exception as error:
            await reply.tell(self.apology(self.signing.negotiate(interaction.locale.value)))
            if not isinstance(error, StorageUnavailableError):
                raise
            log.warning("an interaction was not handled: %s", error)

    async def _answer(self, interaction: discord.Interaction, reply: InteractionReply) -> None:
        data: Any = interaction.data
        match interaction.type:
            case InteractionType.application_command if data["type"] == card_menu.KIND:
                await self._show_card_sources(interaction, reply)
            case InteractionType.application_command:
                await self._command(interaction, reply, commands.invocation(data))
            case InteractionType.component:
                chosen = next(iter(data.get("values") or []), data["custom_id"])
                await self._press(interaction, reply, chosen)
            case InteractionType.modal_submit:
                await self._submit(interaction, reply, data)

    async def _command(
        self, interaction: discord.Interaction, reply: InteractionReply, invocation: commands.Invocation
    ) -> None:
        if await self.organizers.command(interaction, reply, invocation):
            return
        link = links.parse(invocation.options.get(commands.PETITION, ""), self.signing.petitions)
        slug = link.petition or (next(iter(self.signing.petitions)) if len(self.signing.petitions) == 1 else "")
        if invocation.name.startswith(f"{MODERATE} "):
            await self.moderating.handle(interaction, reply, invocation, slug)
            return
        event, label = _event_of(invocation), valid_label(link.label)
        if not label and interaction.is_guild_integration() and invocation.name.startswith(commands.GROUP):
            label = await self.servers.label(interaction)
        view = await self._open_form_or_handle(
            interaction, reply, ButtonPress(slug, event, None, label if slug else None)
        )
        if view and event == ev.Show(Overlay.COUNT):
            view = await self._with_server_count(interaction, view)
        if view:
            posts = await self._offers_post(interaction, view)
            await reply.show(self.renderer.render(view, offers_post=posts, label=label or ""))
            await self._send_data(reply, view)
        if interaction.is_guild_integration() and invocation.name.startswith(commands.GROUP):
            self.queue.put(("name", interaction.guild_id), partial(self.servers.learn_name, interaction))

    async def _show_card_sources(self, interaction: discord.Interaction, reply: InteractionReply) -> None:
        """Show the sources of a card's petition, like its own button, or say that the message isn't a card."""
        bot = interaction.client.user
        card = card_menu.card_of(interaction.data, bot.id) if bot else None
        if card is None:
            locale = self.signing.negotiate(interaction.locale.value)
            await reply.show(DiscordMessage.plain(self.renderer.catalog.words(Message("discord.not_a_card"), locale)))
            return
        slug, label = card
        event = ev.ListSources() if slug in self.signing.petitions else ev.Open()
        view = await self._open_form_or_handle(interaction, reply, ButtonPress(slug, event, None, label))
        if view:
            await reply.show(self.renderer.render(view))

    async def _press(self, interaction: discord.Interaction, reply: InteractionReply, chosen: str) -> None:
        if await self.organizers.press(interaction, reply, chosen):
            return
        posted = custom_id.read_post(chosen, self.signing.petitions)
        if posted:
            await self.moderating.posting.share(interaction, reply, *posted)
            return
        # A button from an older version, or of a petition that no longer exists: show where the person is.
        slug = custom_id.petition_of(chosen)
        missing = slug if SLUG.fullmatch(slug) and slug not in self.signing.petitions else ""
        pressed = custom_id.read(chosen, self.signing.petitions) or ButtonPress(missing, ev.Open())
        view = await self._open_form_or_handle(interaction, reply, pressed)
        if view:
            label = "" if view.petition else pressed.label or ""
            await self._show_after_press(interaction, reply, only_news(view) if reply.is_below else view, label)

    async def _show_after_press(
        self, interaction: discord.Interaction, reply: InteractionReply, view: View, label: str
    ) -> None:
        """Show a screen, and the signer's file below it; the file alone if a receipt has already said the rest."""
        if not view.screen.parts:
            await reply.show(await data_message(self.renderer, view))
            return
        posts = await self._offers_post(interaction, view)
        await reply.show(await draw(self.renderer, view, offers_post=posts, label=label))
        await self._send_data(reply, view)

    async def _send_data(self, reply: InteractionReply, view: View) -> None:
        """Send the signer's file, if the view has one, in a message of its own that only they see; or say sorry."""
        if view.data is None:
            return
        try:
            await reply.follow(await data_message(self.renderer, view))
        except (discord.HTTPException, OddAnswer, *UNREACHED) as error:
            report(error)
            await reply.follow(data_apology(self.renderer, view))

    async def _submit(self, interaction: discord.Interaction, reply: InteractionReply, data: Any) -> None:
        if await self.organizers.submit(interaction, reply, data):
            return
        petition, event = sent_form(data, self.signing.petitions)
        view = await self._handle_event(interaction, event, petition)
        await reply.show(self.renderer.render(view, offers_post=await self._offers_post(interaction, view)))

    async def _offers_post(self, interaction: discord.Interaction, view: View) -> bool:
        return await self.moderating.posting.is_offered(interaction, view.screen)

    async def _open_form_or_handle(
        self, interaction: discord.Interaction, reply: InteractionReply, meant: ButtonPress
    ) -> View | None:
        """Handle the event and return the view; None if a form was opened instead.

        Discord doesn't report that a form was closed. So opening one changes nothing: the event takes effect when the
        form is sent, and until then every button on the message below the form works.
        """
        signer = signer_of(interaction.user, interaction.locale.value)
        if isinstance(meant.event, ev.Begin | ev.Edit) or meant.event == ev.Show(Overlay.FIELDS):
            ahead = await self.threads.run(
                self.signing.handle, signer, meant.event, meant.petition, revision=meant.revision, dry_run=True
            )
            form = self.renderer.form(ahead, meant.label)
            if form and await reply.open(form):
                return None
        if meant.label is not None and meant.petition:
            await self._handle_event(interaction, ev.Open(meant.label), meant.petition, part="open")
        return await self._handle_event(interaction, meant.event, meant.petition, meant.revision)

    async def _handle_event(
        self,
        interaction: discord.Interaction,
        event: Event,
        petition: str = "",
        revision: int | None = None,
        part: str = "",
    ) -> View:
        signer = signer_of(interaction.user, interaction.locale.value)
        return await self.threads.run(
            self.signing.handle, signer, event, petition, update_id=f"{interaction.id}{part}", revision=revision
        )

    async def _with_server_count(self, interaction: discord.Interaction, view: View) -> View:
        if not view.petition or not interaction.is_guild_integration():
            return view
        label = await self.servers.label(interaction)
        count = await self.threads.run(self.servers.fresh.queries.credited, view.petition, label)
        parts = (*view.screen.parts, *companion_lines("discord.server_count", count))
        return replace(view, screen=replace(view.screen, parts=parts))

    async def _complete(self, interaction: discord.Interaction, reply: InteractionReply) -> None:
        locale = self.signing.negotiate(interaction.locale.value)
        data: Any = interaction.data
        typed = commands.invocation(data)
        choices = await self.organizers.complete(interaction, typed)
        if choices is None:
            choices = complete(typed, self.signing.petitions, locale, language_names(self.renderer.catalog))
        await reply.offer(choices)


def _event_of(invocation: commands.Invocation) -> Event:
    event: Event = commands.EVENTS.get(invocation.name, ev.Show(Overlay.MORE))
    source = invocation.options.get(commands.SOURCE, "")
    if isinstance(event, ev.ListSources) and source.isdecimal() and len(source) <= LONGEST_NUMBER:
        return ev.ShowSource(int(source))
    return event
