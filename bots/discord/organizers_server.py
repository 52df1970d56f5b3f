"""The organizers' own server, which has `/organize`: registering the command there, and taking it away elsewhere."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import partial

import discord
from discord.http import HTTPClient, Route

from bots.discord.answers import OddAnswer, fault_name
from bots.discord.organizing import organize_definition, spell
from bots.discord.registration import register
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import UNREACHED, Refusal
from core.messages import Catalog

log = logging.getLogger(__name__)

_ABSENT = frozenset({Refusal.NO_ACCESS, Refusal.UNKNOWN_GUILD})


@dataclass
class OrganizersServer:
    """The server that ORGANIZERS_GUILD names, if any; `is_ready` once it has the command."""

    http: HTTPClient
    application: int
    guild: int | None
    is_ready: bool = field(default=False, init=False)

    async def register(self, catalog: Catalog) -> None:
        """Bring the server's command up to date, trying again after growing pauses until it works."""
        if self.guild is not None:
            await register(self.http, self.application, [organize_definition(catalog)], self.guild, _reason)
            self.is_ready = True

    def has(self, interaction: discord.Interaction) -> bool:
        """True if the interaction comes from this server, and its command is there."""
        return self.is_ready and interaction.guild_id == self.guild

    async def withdraw(self, guild: int) -> None:
        """Take the command away from a server that an earlier setting named."""
        route = Route(
            "PUT", "/applications/{application_id}/guilds/{guild_id}/commands",
            application_id=self.application, guild_id=guild,
        )  # fmt: skip
        try:
            await self.http.request(route, json=[])
        except (discord.HTTPException, OddAnswer, *UNREACHED) as error:
            log.warning("/organize is still in a server that ORGANIZERS_GUILD doesn't name: %s", fault_name(error))


def _reason(error: BaseException) -> str:
    """The reason why the command isn't registered, for operators."""
    if isinstance(error, discord.HTTPException) and error.code in _ABSENT:
        return "the bot isn't in the server that ORGANIZERS_GUILD names, so /organize is missing and !help remains"
    return fault_name(error)


def in_server(renderer: DiscordRenderer) -> DiscordRenderer:
    """The renderer for what organizers read in their server."""
    return DiscordRenderer(
        renderer.catalog, renderer.petitions, renderer.links, partial(spell, petitions=renderer.petitions)
    )
