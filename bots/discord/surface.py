"""The Discord surface: puts client, handlers and loops together, and runs them until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bots.common.identity import DISCORD_REFUSES, discord_application
from bots.common.links import Links
from bots.common.patience import LONGEST_WAIT
from bots.common.per_chat_queue import PerChatQueue
from bots.common.refusal import SurfaceRefused
from bots.common.service_threads import ServiceThreads
from bots.common.supervisor import Start
from bots.delivery.fresh_cards import FreshCards
from bots.discord.commands import definitions, differ
from bots.discord.connection import DiscordEndpoint, endpoint_of, log_in, point_at
from bots.discord.handlers import PATIENCE, Interactions
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import InteractionReply, Refusal, post_once, report
from bots.discord.servers import Servers
from bots.discord.tracing import trace
from bots.process import Process
from bots.services import Services
from core.platforms import Platform
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
ANSWER_SECONDS = 5.0  # for one call; Discord waits for three
_FINAL_CODES = {
    4004: DISCORD_REFUSES,
    4010: "Discord refuses DISCORD_SHARDS: the shard does not exist.",
    4011: "Discord requires more shards than DISCORD_SHARDS names: raise their number.",
}
"""The codes with which the gateway closes a connection for good, so that retrying would not help."""
# Interactions need no intent; messages to the bot itself can be read without the privileged one.
INTENTS = discord.Intents(dm_messages=True)
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never use voice


class DiscordSurface:
    """A gateway client that answers interactions and direct messages."""

    def __init__(
        self,
        services: Services,
        threads: ServiceThreads,
        token: str,
        place: DiscordEndpoint,
        patience: float = PATIENCE,
    ) -> None:
        self._services, self._threads, self._token, self._patience = services, threads, token, patience
        self.queue = PerChatQueue(report)
        self.registered = asyncio.Event()
        self.stopping = False
        self.health = services.supervisor.health.add(Platform.DISCORD)
        point_at(place)
        self._trace = trace(partial(services.metrics.count_failure, Platform.DISCORD))
        self._client = _Client(self, place, self._trace)
        links = Links(services.settings.public_url, discord=discord_application(token))
        self._renderer = DiscordRenderer(services.catalog, services.petitions, links)
        self.servers = Servers(
            self._client.http, threads, services.cards, self._renderer,
            FreshCards(Platform.DISCORD, services.petitions, threads, services.cards, services.queries, self.queue),
            lambda server: services.community_label(Platform.DISCORD, server),
            lambda: f"r{services.signing.new_code().lower()}", MilestoneService(services.signing),
        )  # fmt: skip
        self._interactions: Interactions

    async def run(self) -> None:
        """Answer until cancelled, then finish the work in progress. Raises SurfaceRefused for a wrong token."""
        helpers: dict[str, Start] = {
            "discord-commands": self._register, "discord-cards": self.servers.refresh_forever
        }  # fmt: skip
        async with self._running(), self._services.supervisor.helping(helpers):
            connecting = asyncio.create_task(self._client.connect())
            try:
                await asyncio.shield(connecting)
            except discord.ConnectionClosed as closed:
                if closed.code not in _FINAL_CODES:
                    raise
                raise SurfaceRefused(_FINAL_CODES[closed.code]) from None
            finally:
                await self._finish()
                connecting.cancel()
                await self._client.close()
                await asyncio.gather(connecting, return_exceptions=True)

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        async with (
            self._client,
            aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
                trace_configs=[self._trace],
            ) as session,
        ):
            services = self._services
            self._interactions = Interactions(
                services.signing, services.organizing, self._threads, self._renderer, self.servers, self.queue,
                lambda interaction: InteractionReply(interaction, session), self._patience,
            )  # fmt: skip
            await log_in(self._client, self._token)
            yield

    async def _finish(self) -> None:
        self.stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.queue.empty()

    async def _register(self) -> None:
        """Send the commands to Discord if they differ from its own."""
        http, application = self._client.http, discord_application(self._token)
        route = Route("GET", "/applications/{application_id}/commands", application_id=application)
        wanted = definitions(self._services.catalog)
        while not self.registered.is_set():
            try:
                if differ(await http.request(route, params={"with_localizations": "true"}), wanted):
                    await http.bulk_upsert_global_commands(application, wanted)
                    log.info("Discord: the commands are up to date")
                self.registered.set()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                reason = f"code {error.code}" if isinstance(error, discord.HTTPException) else type(error).__name__
                log.warning("the commands are not up to date: %s; trying again", reason)
                await asyncio.sleep(LONGEST_WAIT)

    async def interact(self, interaction: discord.Interaction) -> None:
        """Answer an interaction, unless it is too late to start."""
        if not self.stopping and interaction.type is not discord.InteractionType.ping:
            with self._services.metrics.measure_update(Platform.DISCORD, interaction.type.name):
                await self._interactions.handle(interaction)

    def hear(self, message: discord.Message) -> None:
        """Answer a direct message, after the same person's earlier messages."""
        if not (self.stopping or message.author.bot or message.guild):
            self.queue.put(message.author.id, lambda: self._reply(message))

    async def _reply(self, message: discord.Message) -> None:
        with self._services.metrics.measure_update(Platform.DISCORD, "message"):
            answer = await self._interactions.answer_message(message.author, message.content, str(message.id))
        try:
            await post_once(self._client.http, message.channel.id, answer, message.id)
        except discord.Forbidden as refusal:
            if refusal.code != Refusal.CLOSED_TO_US:
                raise
            log.info("a direct message was not delivered: the person does not accept any")


def prepare(process: Process) -> Start:
    """The surface of this process, ready to run once."""
    settings = process.services.settings
    return DiscordSurface(
        process.services, process.threads, settings.token(Platform.DISCORD), endpoint_of(settings)
    ).run


def _skipping_faults(parse: Callable[[Any], None]) -> Callable[[Any], None]:
    """The library's parser, changed to skip unreadable events, which would end the connection."""

    def parsed(data: Any) -> None:
        try:
            parse(data)
        except Exception as error:  # noqa: BLE001  (whatever a future API sends)
            log.warning("skipped an event that cannot be read: %s", type(error).__name__)

    return parsed


class _Client(discord.AutoShardedClient):
    """The library's client, passing events to the surface."""

    def __init__(self, surface: DiscordSurface, place: DiscordEndpoint, watching: aiohttp.TraceConfig) -> None:
        ids: Any = list(place.shard_ids) if place.shard_ids else None
        super().__init__(
            intents=INTENTS, shard_count=place.shard_count, shard_ids=ids, http_trace=watching,
            max_messages=None, guild_ready_timeout=0, chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(), allowed_mentions=discord.AllowedMentions.none(),
        )  # fmt: skip
        self._surface, self._place = surface, place
        parsers = self._connection.parsers
        for name in ("INTERACTION_CREATE", "MESSAGE_CREATE"):
            parsers[name] = _skipping_faults(parsers[name])

    async def launch_shards(self) -> None:
        """Connect; with your own gateway, ask it how many shards Discord recommends."""
        if self._place.gateway_url and self.shard_count is None:
            self.shard_count, _, _ = await self.http.get_bot_gateway()
        await super().launch_shards()

    async def on_ready(self) -> None:
        log.info("Discord: answering as %s", self.user)
        self._surface.health.up()

    async def on_resumed(self) -> None:
        self._surface.health.up()

    async def on_disconnect(self) -> None:
        if all(shard.is_closed() for shard in self.shards.values()):
            self._surface.health.down("the connection to the gateway is lost")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._surface.interact(interaction)

    async def on_message(self, message: discord.Message) -> None:
        self._surface.hear(message)

    async def on_error(self, event: str, *_: object, **__: object) -> None:
        log.error("%s was not handled", event, exc_info=sys.exc_info()[1])
