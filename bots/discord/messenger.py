"""Sends the outbox's messages to Discord, by API calls alone, without a connection to the gateway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import ClassVar

import discord
from discord.http import HTTPClient, MultipartParameters

from bots.common.identity import DISCORD_REFUSES, discord_application
from bots.common.links import Links
from bots.common.refusal import SurfaceRefused
from bots.delivery.handling import Closed, Later, Missed, Refused
from bots.delivery.sending import worker_name
from bots.discord.answers import check_answers, number_of
from bots.discord.connection import DiscordEndpoint, endpoint_of, log_in, point_at
from bots.discord.files import DiscordFiles
from bots.discord.message import DiscordMessage
from bots.discord.publishing import publish
from bots.discord.renderer import DiscordRenderer
from bots.discord.replies import FINAL, UNREACHABLE, UNREACHED, Refusal
from bots.discord.tracing import trace
from bots.process import Process
from bots.services import Services
from core.conversation.screen import View
from core.outreach.milestones import Follower
from core.platforms import Platform
from core.signatures.signature import Signer

AT_ONCE = 2
"""People written to at the same time; Discord dislikes bots that open many direct messages quickly."""
LONGEST_WAIT = 30.0  # seconds that the library waits by itself when Discord asks for it
REFUSED_WAIT = 60.0  # seconds until the next try if Discord names no time
_LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED)  # errors that the next try may not meet
_SHUT = FINAL | UNREACHABLE | {Refusal.UNKNOWN_USER, Refusal.NO_RECIPIENT}
_PAUSED = frozenset({Refusal.TOO_FAST, Refusal.SENDING_DISABLED, Refusal.FEATURE_DISABLED})


@dataclass(frozen=True)
class DiscordMessenger:
    """bots.delivery.sending.Messenger for Discord."""

    http: HTTPClient
    renderer: DiscordRenderer
    refused: asyncio.Event
    platform: ClassVar[Platform] = Platform.DISCORD
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def files(self) -> DiscordFiles:
        """The delivery of files to organizers."""
        return DiscordFiles(self.http)

    async def until_refused(self) -> None:
        """Wait until Discord refuses the token. Raises SurfaceRefused."""
        await self.refused.wait()
        raise SurfaceRefused(DISCORD_REFUSES)

    async def to_person(self, to: Signer, view: View, number: int) -> None:
        """Write to a person in private."""
        async with self._turn():
            with _unsent(), _errors_translated(sent=False):
                channel = number_of(await self.http.start_private_message(int(to.user_id)))
            await self._post(channel, self.renderer.render(view), number)

    async def to_community(self, to: Follower, view: View, number: int) -> None:
        """Post in the channel that a server chose, with buttons that work for everyone; publish it if they want."""
        async with self._turn():
            posted = await self._post(int(to.channel), self.renderer.card(view, to.label), number)
            if to.publish:
                await publish(self.http, to.channel, posted)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for one of the few free slots."""
        with _unsent():
            await self._few.acquire()
        try:
            yield
        finally:
            self._few.release()

    async def _post(self, channel: int, message: DiscordMessage, number: int) -> int:
        """Post once: if the library repeats the call, Discord accepts only one message with this number.

        Returns the message's id.
        """
        content = message.content() | {"nonce": str(number), "enforce_nonce": True}
        with _errors_translated(sent=True):
            return number_of(await self.http.send_message(channel, params=MultipartParameters(content, None, None)))


@contextmanager
def _unsent() -> Iterator[None]:
    """A worker stopped in this block has not sent anything yet, so the entry waits again, without doubt."""
    try:
        yield
    except asyncio.CancelledError:
        raise Later(0, "Stopped") from None


@contextmanager
def _errors_translated(*, sent: bool) -> Iterator[None]:
    """Translate errors for the outbox; with `sent`, the message may have arrived if Discord doesn't answer."""
    try:
        yield
    except discord.RateLimited as wait:
        raise Later(wait.retry_after, discord.RateLimited.__name__) from None
    except discord.HTTPException as refusal:
        if refusal.status in _LATER or refusal.code in _PAUSED:
            raise Later(REFUSED_WAIT, f"Status{refusal.status}") from None
        if refusal.code in _SHUT:
            raise Closed("Blocked") from None
        if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Refused(f"Code{refusal.code}") from None
        if not sent:
            raise Missed(f"Status{refusal.status}") from None
        raise
    except UNREACHED as error:
        if not sent:
            raise Missed(type(error).__name__) from None
        raise


def connect(process: Process) -> AbstractAsyncContextManager[DiscordMessenger]:
    """A messenger for this process's application. Raises SurfaceRefused for a wrong token."""
    settings = process.services.settings
    return connected(process.services, settings.token(Platform.DISCORD), endpoint_of(settings))


@asynccontextmanager
async def connected(services: Services, token: str, place: DiscordEndpoint) -> AsyncIterator[DiscordMessenger]:
    """A messenger for the token's application. Raises SurfaceRefused for a wrong token."""
    point_at(place)
    links = Links(services.settings.public_url, discord=discord_application(token))
    renderer = DiscordRenderer(services.catalog, services.petitions, links)
    count_failure = partial(services.metrics.count_failure, Platform.DISCORD)
    intents, watching = discord.Intents.none(), trace(count_failure)
    async with discord.Client(intents=intents, max_ratelimit_timeout=LONGEST_WAIT, http_trace=watching) as client:
        refused, health = asyncio.Event(), services.supervisor.health.add(worker_name(Platform.DISCORD))
        check_answers(client, count_failure, refused.set)
        await log_in(client, token, health)
        yield DiscordMessenger(client.http, renderer, refused)
