"""Sends the outbox's messages to Telegram, after every reply to a signer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bots.common.identity import TELEGRAM_REFUSES, telegram_username
from bots.common.links import Links
from bots.common.patience import LONGEST_WAIT, Backoff
from bots.common.refusal import SurfaceRefused
from bots.delivery.handling import Closed, Later, Missed, Refused
from bots.delivery.sending import worker_name
from bots.process import Process
from bots.services import Services
from bots.telegram.calls import Calls
from bots.telegram.chat_kinds import ChatKinds
from bots.telegram.files import TelegramFiles
from bots.telegram.limiter import OUTBOX, Limiter, seconds_of, shared_limiter
from bots.telegram.network_errors import Unsent
from bots.telegram.renderer import TelegramRenderer
from bots.telegram.transport import AiohttpRequest
from core.conversation.screen import View
from core.outreach.milestones import Follower
from core.platforms import Platform
from core.signatures.signature import Signer

log = logging.getLogger(__name__)

CONNECTIONS = 20
REFUSED_WAIT = 60.0  # seconds before a refused token is tried again
_SHUT = ("chat not found", "not enough rights", "chat_write_forbidden", "thread not found", "have no rights")


@dataclass
class TelegramMessenger:
    """bots.delivery.sending.Messenger for Telegram. When Telegram asks for a pause, everything sent later pauses."""

    calls: Calls
    renderer: TelegramRenderer
    refused: asyncio.Event
    kinds: ChatKinds = field(init=False)
    platform: ClassVar[Platform] = Platform.TELEGRAM
    _pause_until: float = 0.0

    def __post_init__(self) -> None:
        self.kinds = ChatKinds(self.calls)

    @property
    def files(self) -> TelegramFiles:
        """The delivery of files to organizers."""
        return TelegramFiles(self.calls)

    async def until_refused(self) -> None:
        """Wait until Telegram refuses the token. Raises SurfaceRefused."""
        await self.refused.wait()
        raise SurfaceRefused(TELEGRAM_REFUSES)

    async def to_person(self, to: Signer, view: View, number: int) -> None:  # noqa: ARG002  (Telegram takes none)
        """Write to a person in private."""
        async with self._after_pause():
            await self.calls.send(int(to.user_id), self.renderer.render(view), OUTBOX)

    async def to_community(self, to: Follower, view: View, number: int) -> None:  # noqa: ARG002
        """Post to a group, in the topic it chose."""
        thread = int(to.channel) if to.channel else None
        async with self._after_pause():
            message = await self.kinds.card(self.renderer, int(to.chat), view, to.label)
            try:
                await self.calls.send(int(to.chat), message, OUTBOX, thread=thread)
            except ChatMigrated as moved:
                await self.calls.send(moved.new_chat_id, message, OUTBOX)

    @asynccontextmanager
    async def _after_pause(self) -> AsyncIterator[None]:
        """Wait for the end of a pause that Telegram asked for, and translate its errors."""
        now = asyncio.get_running_loop().time
        try:
            await asyncio.sleep(self._pause_until - now())
        except asyncio.CancelledError:  # the worker is stopping, and nothing was sent
            raise Later(0, "Stopped") from None
        try:
            with _errors_translated():
                yield
        except Later as later:
            self._pause_until = now() + min(later.seconds, LONGEST_WAIT)
            raise


@contextmanager
def _errors_translated() -> Iterator[None]:
    """Translate errors for the outbox; after any other error, the message may have arrived."""
    try:
        yield
    except RetryAfter as wait:
        raise Later(seconds_of(wait), RetryAfter.__name__) from None
    except InvalidToken:
        raise Later(REFUSED_WAIT, InvalidToken.__name__) from None
    except Forbidden:
        raise Closed("Blocked") from None
    except BadRequest as refusal:
        if any(words in refusal.message.lower() for words in _SHUT):
            raise Closed("Blocked") from None
        raise Refused(BadRequest.__name__) from None
    except NetworkError as error:
        if isinstance(error, Unsent):
            raise Missed(type(error).__name__) from None
        raise


def connect(process: Process) -> AbstractAsyncContextManager[TelegramMessenger]:
    """A messenger for this process's bot, without polling. Raises ConfigurationError for a wrong token."""
    settings = process.services.settings
    limiter = process.share(shared_limiter)
    return connected(process.services, settings.token(Platform.TELEGRAM), settings.telegram_api_url, limiter)


@asynccontextmanager
async def connected(services: Services, token: str, api_url: str, limiter: Limiter) -> AsyncIterator[TelegramMessenger]:
    """A messenger for the token's bot, without polling. Raises ConfigurationError for a wrong token."""
    failed = partial(services.metrics.count_failure, Platform.TELEGRAM)
    refused, health = asyncio.Event(), services.supervisor.health.add(worker_name(Platform.TELEGRAM))
    request = AiohttpRequest(connections=CONNECTIONS, on_failure=failed, on_refusal=refused.set)
    await request.initialize()
    try:
        calls = Calls(request, limiter, f"{api_url}/bot{token}")
        backoff = Backoff(log, "Telegram", health)
        username = await telegram_username(api_url, token, backoff, partial(failed, "getMe"))
        links = Links(services.settings.public_url, telegram=username)
        signs_in_groups = services.settings.telegram_ephemeral != "off"
        renderer = TelegramRenderer(services.catalog, services.petitions, links, lambda: signs_in_groups)
        yield TelegramMessenger(calls, renderer, refused)
    finally:
        await request.shutdown()
