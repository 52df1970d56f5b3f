"""The switchboard of interactions: each becomes events, service calls, and one answer to one person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import discord
from discord import InteractionType

from bots.callback_data import decode_order
from bots.desk import Desk
from bots.discord import commands, custom_id
from bots.discord.completion import complete
from bots.discord.renderer import DiscordMessage, DiscordRenderer, cut_to
from bots.discord.replies import Reply
from bots.discord.servers import Servers
from bots.lanes import Lanes
from core import conversation as ev
from core.conversation import Event, View
from core.errors import StorageUnavailableError
from core.messages import Message
from core.organizer.service import OrganizerService
from core.screen import Line, Order, Screen
from core.screens import FEWEST_SHOWN
from core.services import Shown, SigningService
from core.signing import Signer

log = logging.getLogger(__name__)

PLATFORM = "discord"
PATIENCE = 1.5  # seconds after which a sign of life goes out; Discord waits for three
LONGEST_NAME = 100
_COMMAND_SIGNS = ("/", "!")  # the app may take a slash for a command that it does not know


def signer_of(user: discord.abc.User, locale: str = "") -> Signer:
    """The account behind an interaction; its name and language are only hints."""
    return Signer(PLATFORM, str(user.id), cut_to(user.global_name or user.name, LONGEST_NAME), locale)


@dataclass(frozen=True)
class Interactions:
    """Handles what people do; those of one person one after another."""

    signing: SigningService
    organizing: OrganizerService
    desk: Desk
    renderer: DiscordRenderer
    servers: Servers
    lanes: Lanes
    reply_to: Callable[[discord.Interaction], Reply]
    patience: float = PATIENCE

    async def handle(self, interaction: discord.Interaction) -> None:
        """Handle one; returns when it was answered."""
        reply = self.reply_to(interaction)
        if interaction.type is InteractionType.autocomplete:
            await self.lanes.put(("typing", interaction.user.id), partial(self._complete, interaction, reply))
            return
        task = self.lanes.put(interaction.user.id, partial(self._apologetic, interaction, reply))
        done, _ = await asyncio.wait([task], timeout=self.patience)
        if not done:
            self.lanes.put(("waiting", interaction.id), reply.begin)
            await asyncio.wait([task])

    async def typed(self, user: discord.abc.User, words: str, update_id: str) -> DiscordMessage:
        """What to answer to a direct message."""
        signer = signer_of(user)
        name, _, argument = words.strip()[1:].partition(" ")
        meant = words.strip().startswith(_COMMAND_SIGNS)
        shown = await self._ordered(signer, Order(name.lower(), argument)) if meant else None
        if shown is None:
            shown = await self.desk.run(self.signing.handle, signer, ev.Reply(words), update_id=update_id)
        return self.renderer.render(shown)

    async def _ordered(self, signer: Signer, order: Order) -> Shown | None:
        """The answer to a command of organizers; None for whoever is none, and for any other command."""
        return await self.desk.run(self.organizing.run, signer, order.name, order.argument)

    async def _apologetic(self, interaction: discord.Interaction, reply: Reply) -> None:
        """Answer; where that is not possible, say so: what was not stored did not happen."""
        try:
            await self._answer(interaction, reply)
        except Exception as error:
            locale = self.signing.negotiate(interaction.locale.value)
            await reply.show(DiscordMessage(self.renderer.words(Message("notice.try_again"), locale)))
            if not isinstance(error, StorageUnavailableError):
                raise
            log.warning("an interaction was not handled: %s", error)

    async def _answer(self, interaction: discord.Interaction, reply: Reply) -> None:
        data: Any = interaction.data
        match interaction.type:
            case InteractionType.application_command:
                await self._command(interaction, reply, commands.invocation(data))
            case InteractionType.component:
                chosen = next(iter(data.get("values") or []), data["custom_id"])
                await self._pressed(interaction, reply, chosen)
            case InteractionType.modal_submit:
                await self._sent(interaction, reply, data)

    async def _command(self, interaction: discord.Interaction, reply: Reply, given: commands.Invocation) -> None:
        slug = given.options.get(commands.PETITION, "")
        slug = slug or (next(iter(self.signing.petitions)) if len(self.signing.petitions) == 1 else "")
        if given.name == f"{commands.GROUP} {commands.POST}":
            await self.servers.post(interaction, reply, slug)
            return
        event: Event = commands.EVENTS.get(given.name, ev.Show(View.MORE))
        source = given.options.get(commands.SOURCE, "")
        if isinstance(event, ev.ListSources) and source.isdecimal():
            event = ev.ShowSource(int(source))
        if interaction.is_guild_integration() and slug and given.name.startswith(commands.GROUP):
            await self._happen(interaction, ev.Open(await self.servers.label(interaction)), slug, part="open")
        shown = await self._happen(interaction, event, slug)
        if event == ev.Show(View.COUNT):
            shown = await self._with_server_count(interaction, shown)
        await self._show(reply, shown, event)

    async def _pressed(self, interaction: discord.Interaction, reply: Reply, chosen: str) -> None:
        order = decode_order(chosen)
        ordered = order and await self._ordered(signer_of(interaction.user, interaction.locale.value), order)
        if ordered:
            await reply.show(self.renderer.render(ordered))
            return
        posted = custom_id.read_post(chosen, self.signing.petitions)
        if posted:
            await self.servers.pass_on(interaction, reply, *posted)
            return
        pressed = custom_id.read(chosen, self.signing.petitions)
        if pressed is None:  # a button of an older version: the present screen
            await self._show(reply, await self._happen(interaction, ev.Open()), ev.Open())
            return
        if pressed.label is not None:
            await self._happen(interaction, ev.Open(pressed.label), pressed.petition, part="open")
        shown = await self._happen(interaction, pressed.event, pressed.petition, pressed.revision)
        await self._show(reply, shown, pressed.event)

    async def _sent(self, interaction: discord.Interaction, reply: Reply, data: Any) -> None:
        petition = custom_id.read_form(data["custom_id"], self.signing.petitions)
        if petition is None:
            await self._show(reply, await self._happen(interaction, ev.Open()), ev.Open())
            return
        values = dict(commands.answers(data["components"]))
        await self._show(reply, await self._happen(interaction, ev.Answer(values), petition), ev.Answer(values))

    async def _show(self, reply: Reply, shown: Shown, event: Event) -> None:
        """A question that was just begun opens its form; whatever else is a message."""
        if isinstance(event, ev.Begin | ev.Edit) or event == custom_id.FILL:
            form = self.renderer.form(shown)
            if form and await reply.open(form):
                return
        await reply.show(self.renderer.render(shown, in_company=reply.private))

    async def _happen(
        self,
        interaction: discord.Interaction,
        event: Event,
        petition: str = "",
        revision: int | None = None,
        part: str = "",
    ) -> Shown:
        signer = signer_of(interaction.user, interaction.locale.value)
        return await self.desk.run(
            self.signing.handle, signer, event, petition, update_id=f"{interaction.id}{part}", revision=revision
        )

    async def _with_server_count(self, interaction: discord.Interaction, shown: Shown) -> Shown:
        if not shown.petition or not interaction.is_guild_integration():
            return shown
        label = await self.servers.label(interaction)
        count = await self.desk.run(self.servers.queries.credited, shown.petition, label)
        if count < FEWEST_SHOWN:
            return shown
        line = Line(Message("discord.server_count", {"count": count}))
        screen: Screen = replace(shown.screen, parts=(*shown.screen.parts, line))
        return replace(shown, screen=screen)

    async def _complete(self, interaction: discord.Interaction, reply: Reply) -> None:
        locale = self.signing.negotiate(interaction.locale.value)
        data: Any = interaction.data
        await reply.offer(complete(commands.invocation(data), self.signing.petitions, locale))
