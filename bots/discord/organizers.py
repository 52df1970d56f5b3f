"""Answers organizers' commands, buttons and forms; everyone else gets what they'd get without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import discord

from bots.common.callback_data import decode_order
from bots.common.json_object import JsonObject
from bots.common.service_threads import ServiceThreads
from bots.discord.commands import EVENTS, HELP, Invocation
from bots.discord.completion import offered
from bots.discord.organizer_forms import read_write, writing_form, written
from bots.discord.organizers_server import OrganizersServer, in_server
from bots.discord.organizing import command_line, command_of
from bots.discord.people import signer_of
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import InteractionReply
from bots.discord.uploads import draw
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService


@dataclass(frozen=True)
class OrganizerAnswers:
    """Answers organizers; each method returns False (or None) for everyone else, and for what isn't theirs."""

    service: OrganizerService
    threads: ServiceThreads
    renderer: DiscordRenderer
    server: OrganizersServer

    async def command(self, interaction: discord.Interaction, reply: InteractionReply, typed: Invocation) -> bool:
        """Answer `/organize`, and `/help` for everyone, since it leads organizers to their commands."""
        if typed.name == HELP:
            await self._help(interaction, reply)
            return True
        line = command_line(typed)
        if line is None:
            return False
        answered = await self._answer(interaction, reply, line)
        if interaction.guild_id and interaction.guild_id != self.server.guild:
            await self.server.withdraw(interaction.guild_id)
        return answered

    async def press(self, interaction: discord.Interaction, reply: InteractionReply, chosen: str) -> bool:
        """Carry out the order of a button, or open the form for its text."""
        unwritten = read_write(chosen)
        if unwritten is None:
            order = decode_order(chosen)
            return order is not None and await self._answer(interaction, reply, order)
        if not await self.threads.run(self.service.organizes, signer_of(interaction.user)):
            return False
        locale = self.service.signing.negotiate(interaction.locale.value)
        form = writing_form(unwritten, self._renderer(interaction).catalog, locale)
        return await reply.open(form) or await self._answer(interaction, reply, unwritten)

    async def submit(self, interaction: discord.Interaction, reply: InteractionReply, data: Any) -> bool:
        """Carry out the order whose text was written in a form."""
        unwritten = read_write(data["custom_id"])
        return unwritten is not None and await self._answer(interaction, reply, written(unwritten, data["components"]))

    async def complete(self, interaction: discord.Interaction, typed: Invocation) -> list[JsonObject] | None:
        """The choices for an option of `/organize`, none for other people; None for another command."""
        command = command_of(typed)
        if command is None:
            return None
        signer, locale = signer_of(interaction.user, interaction.locale.value), interaction.locale.value
        found = await self.threads.run(self.service.suggest_values, signer, command, typed.focused, typed.options)
        catalog = self._renderer(interaction).catalog
        locale = self.service.signing.negotiate(locale)
        return offered(typed, ((catalog.words(words, locale), value) for words, value in found))

    async def _help(self, interaction: discord.Interaction, reply: InteractionReply) -> None:
        """Show organizers their commands, and everyone else, in a single transaction, what the bot does."""
        signer, line = signer_of(interaction.user, interaction.locale.value), CommandLine(HELP)
        number = str(interaction.id)
        view = await self.threads.run(self.service.handle, signer, line, EVENTS[HELP], update_id=number)
        await reply.show(await draw(self._renderer(interaction), view))

    async def _answer(self, interaction: discord.Interaction, reply: InteractionReply, line: CommandLine) -> bool:
        signer = signer_of(interaction.user, interaction.locale.value)
        view = await self.threads.run(self.service.run, signer, line, update_id=str(interaction.id))
        if view is not None:
            await reply.show(await draw(self._renderer(interaction), view))
        return view is not None

    def _renderer(self, interaction: discord.Interaction) -> DiscordRenderer:
        """The renderer that names commands as the organizer types them here."""
        return in_server(self.renderer) if self.server.has(interaction) else self.renderer
