"""The Discord surface: puts client, handlers, and loops together, and runs them until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, NoReturn

import aiohttp
import discord
from discord.gateway import DiscordWebSocket

from bots.common.identity import discord_application
from bots.common.links import Links
from bots.common.per_chat_queue import PerChatQueue
from bots.common.refusal import SurfaceRefused
from bots.common.repeating import DatabaseReturn
from bots.common.service_threads import ServiceThreads
from bots.common.supervisor import Start
from bots.delivery.fresh_cards import FreshCards
from bots.discord.answers import CheckedWebhooks, check_answers
from bots.discord.bursts import Bursts
from bots.discord.connection import DiscordEndpoint, endpoint_of, find_gateway, log_in, point_at
from bots.discord.direct_messages import is_from_person
from bots.discord.events import guard
from bots.discord.gateway import FINAL_CODES, SHARD_CODES, ShardConnection, pause, stay_connected
from bots.discord.handlers import DEFER_AFTER, Interactions
from bots.discord.menu import definitions
from bots.discord.moderating import Moderating
from bots.discord.organizers import OrganizerAnswers
from bots.discord.organizers_server import OrganizersServer
from bots.discord.posting import Posting
from bots.discord.registration import register
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import UNREACHABLE, UNREACHED, InteractionReply, post_once, report, trace_of
from bots.discord.servers import Servers
from bots.discord.tracing import trace
from bots.discord.typing_indicator import typing_shown
from bots.process import Process
from bots.services import Services
from core.platforms import Platform
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
ANSWER_SECONDS = 5.0  # for one call; Discord waits for three
LONGEST_PAUSE = 900.0  # seconds that one call waits if Discord asks for it
COUNT_AGAIN = 5.0  # seconds before we ask Discord again how many shards it wants
_TYPES = frozenset(kind.value for kind in discord.InteractionType)
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
        defer_after: float = DEFER_AFTER,
    ) -> None:
        self._services, self._threads, self._token, self._defer_after = services, threads, token, defer_after
        self.queue = PerChatQueue(report)
        self.registered = asyncio.Event()
        self.stopping = False
        self.health = services.supervisor.health.add(Platform.DISCORD)
        point_at(place)
        self.count_failure = partial(services.metrics.count_failure, Platform.DISCORD)
        self.chance = services.chance
        self._trace = trace(self.count_failure)
        self._client = _Client(self, place, self._trace)
        self._webhooks = CheckedWebhooks(self.count_failure)
        links = Links(services.settings.public_url, discord=discord_application(token))
        self._renderer = DiscordRenderer(services.catalog, services.petitions, links)
        self.servers, self._bursts = self._new_servers(), Bursts()
        guild = services.settings.organizers_guild
        self.organizers_server = OrganizersServer(self._client.http, discord_application(token), guild)
        self._interactions: Interactions

    def _new_servers(self) -> Servers:
        services, threads = self._services, self._threads
        return Servers(
            self._client.http, threads, services.cards, self._renderer,
            FreshCards(
                Platform.DISCORD, services.signing.published, threads, services.cards, services.queries, self.queue,
                self._renderer.card,
            ),
            lambda server: services.community_label(Platform.DISCORD, server),
        )  # fmt: skip

    def _new_moderating(self) -> Moderating:
        signing = self._services.signing
        posting = Posting(self.servers, self.queue, lambda: f"r{signing.new_code().lower()}")
        return Moderating(self.servers, posting, MilestoneService(signing))

    async def run(self) -> None:
        """Answer until cancelled, then finish the work in progress. Raises SurfaceRefused if Discord refuses it."""
        services = self._services
        helpers: dict[str, Start] = {
            "discord-commands": self._register, "discord-cards": self.servers.refresh_forever,
            "discord-organize": partial(self.organizers_server.register, services.catalog),
        }  # fmt: skip
        async with self._running(), self._services.supervisor.helping(helpers):
            connecting = asyncio.create_task(self._client.connect())
            try:
                await asyncio.shield(connecting)
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
            organizers = OrganizerAnswers(services.organizing, self._threads, self._renderer, self.organizers_server)
            self._interactions = Interactions(
                services.signing, organizers, self._threads, self._renderer, self.servers, self._new_moderating(),
                self.queue, DatabaseReturn(self._threads, services.database.probe),
                lambda interaction: InteractionReply(interaction, session, self._webhooks), self._defer_after,
            )  # fmt: skip
            await log_in(self._client, self._token, self.health)
            yield

    async def _finish(self) -> None:
        self.stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.queue.empty()

    async def _register(self) -> None:
        commands = definitions(self._services.catalog)
        await register(self._client.http, discord_application(self._token), commands)
        self.registered.set()

    async def interact(self, interaction: discord.Interaction) -> None:
        """Answer an interaction, unless it is too late to start."""
        ping = discord.InteractionType.ping
        if not self.stopping and interaction.type is not ping and interaction.type.value in _TYPES:
            self._bursts.end(interaction.user.id)
            with self._services.metrics.measure_update(Platform.DISCORD, interaction.type.name):
                await self._interactions.handle(interaction)

    def hear(self, message: discord.Message) -> None:
        """Answer a direct message, after the same person's earlier ones; of several without text, only the first."""
        is_direct = is_from_person(message) and not (self.stopping or message.guild)
        if is_direct and not self._bursts.includes(message):
            self.queue.put(message.author.id, lambda: self._reply(message))

    async def _reply(self, message: discord.Message) -> None:
        """Answer a direct message; if that fails, say sorry."""
        locale, number = self._services.signing.negotiate(), str(message.id)
        nonce = number
        try:
            async with typing_shown(self._client.http, message.channel.id):
                with self._services.metrics.measure_update(Platform.DISCORD, "message"):
                    answers, locale = await self._interactions.answer_message(
                        message, lambda words: post_once(self._client.http, message.channel.id, words, f"{number}-wait")
                    )
            for index, answer in enumerate(answers):
                nonce = f"{number}-{index}" if index else number
                await post_once(self._client.http, message.channel.id, answer, nonce)
        except Exception as error:
            if isinstance(error, discord.HTTPException) and error.code in UNREACHABLE:
                log.info("a direct message was not delivered: the person does not accept any")
                return
            with suppress(discord.DiscordException, *UNREACHED):  # what is reported is the first failure
                sorry = self._interactions.apology(locale)
                # With the answer's nonce: if that did arrive, Discord drops the sorry.
                await post_once(self._client.http, message.channel.id, sorry, nonce)
            raise


def prepare(process: Process) -> Start:
    """The surface of this process, ready to run once."""
    settings = process.services.settings
    return DiscordSurface(
        process.services, process.threads, settings.token(Platform.DISCORD), endpoint_of(settings)
    ).run


class _Client(discord.AutoShardedClient):
    """The library's client, passing events to the surface."""

    def __init__(self, surface: DiscordSurface, place: DiscordEndpoint, watching: aiohttp.TraceConfig) -> None:
        ids: Any = list(place.shard_ids) if place.shard_ids else None
        super().__init__(
            intents=INTENTS, shard_count=place.shard_count, shard_ids=ids, http_trace=watching,
            max_ratelimit_timeout=LONGEST_PAUSE, max_messages=None,
            guild_ready_timeout=0, chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(), allowed_mentions=discord.AllowedMentions.none(),
        )  # fmt: skip
        self._surface, self._place = surface, place
        self.connections: list[ShardConnection] = []
        check_answers(self, surface.count_failure)
        guard(self._connection.parsers, surface.count_failure, self._go_on_without)

    def _go_on_without(self, event: str) -> None:
        """After a READY that the library cannot read, a session has begun all the same."""
        if event == "READY":
            self.dispatch("ready")

    async def connect(self, *, reconnect: bool = True) -> NoReturn:
        """Stay connected until cancelled. Raises SurfaceRefused if Discord refuses for good."""
        del reconnect
        while True:
            try:
                self.connections = await self._shards()
                await stay_connected(self.connections)
            except discord.ConnectionClosed as closed:
                if closed.code not in SHARD_CODES or self._place.shard_count is not None:
                    raise SurfaceRefused(FINAL_CODES[closed.code]) from None
            log.info("Discord wants another number of shards")
            await pause(COUNT_AGAIN)

    async def _shards(self) -> list[ShardConnection]:
        """The connections to make: those of the settings, or as many as Discord recommends."""
        count, address = self._place.shard_count, DiscordWebSocket.DEFAULT_GATEWAY
        if count is None:
            count, found = await find_gateway(self, self._surface.health)
            address = address if self._place.gateway_url else found
        ids = self._place.shard_ids or range(count)
        self.shard_count = self._connection.shard_count = count
        self._connection.shard_ids = list(ids)
        turn = asyncio.Lock()
        return [ShardConnection(self, shard, address, turn, self._surface.chance, self._note_break) for shard in ids]

    def _note_break(self, reason: str, times: int) -> None:
        """Report that a connection is lost; while others are open, only if it keeps breaking."""
        if not any(connection.is_open for connection in self.connections):
            self._surface.health.down(f"the connection to the gateway is lost: {reason}")
        elif times == 2:
            log.warning("Discord: one of the connections to the gateway keeps breaking: %s; trying again", reason)

    async def on_ready(self) -> None:
        log.info("Discord: answering as %s", self.user)
        self._surface.health.up()

    async def on_resumed(self) -> None:
        self._surface.health.up()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self._surface.interact(interaction)

    async def on_message(self, message: discord.Message) -> None:
        self._surface.hear(message)

    async def on_error(self, event: str, *_: object, **__: object) -> None:
        error = sys.exc_info()[1]
        log.error("%s was not handled: %s", event, trace_of(error) if error else "")
