"""The Telegram surface: puts bot, handlers, and loops together, and runs them until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes

from bots.common.identity import TELEGRAM_REFUSES
from bots.common.links import Links
from bots.common.listener import Listener
from bots.common.patience import Backoff
from bots.common.per_chat_queue import PerChatQueue
from bots.common.refusal import SurfaceRefused
from bots.common.repeating import DatabaseReturn
from bots.common.service_threads import ServiceThreads
from bots.common.supervisor import Start
from bots.papers.pictures import Painter
from bots.process import Process
from bots.services import Services
from bots.telegram.apologies import Apologies
from bots.telegram.calls import Calls
from bots.telegram.chat_sender import ChatSender
from bots.telegram.commands import offer_menu, register
from bots.telegram.delivery import Delivery, report
from bots.telegram.ephemeral import EphemeralMessages, EphemeralMode, EphemeralSupport
from bots.telegram.group_parts import groups_and_signing
from bots.telegram.groups import Groups
from bots.telegram.handlers import PrivateChat
from bots.telegram.inline import Inline
from bots.telegram.limiter import Limiter, shared_limiter
from bots.telegram.parts import PartBuilder
from bots.telegram.polling import Polling
from bots.telegram.reading import Incoming, kind, queue_key
from bots.telegram.renderer import TelegramRenderer
from bots.telegram.retrying import wait_after
from bots.telegram.routing import handlers
from bots.telegram.tidying import Tidying
from bots.telegram.transport import AiohttpRequest
from bots.telegram.unstored import UnstoredUpdates
from bots.telegram.webhook import Webhook
from core.errors import StorageUnavailableError
from core.platforms import Platform

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
LONGEST_AWAY = 60.0  # seconds for which new updates wait for the database, twice what a failover takes


class TelegramSurface:
    """A bot that polls or, with a listener, gets posts; an update is acknowledged when its effect is on disk."""

    def __init__(
        self, services: Services, threads: ServiceThreads, token: str, api_url: str, limiter: Limiter | None = None,
        listener: Listener | None = None,
    ) -> None:  # fmt: skip
        self._services, self._threads = services, threads
        self.updates, self.deliveries = PerChatQueue(_report_update), PerChatQueue(report)
        self._metrics = services.metrics
        self._refused = asyncio.Event()  # the token, midway
        limiter = limiter or Limiter(on_wait=partial(self._metrics.observe_wait, Platform.TELEGRAM))
        self._health = services.supervisor.health.add(Platform.TELEGRAM)
        request, polling = self._requests = self._open_requests()
        self._calls = Calls(request, limiter, f"{api_url}/bot{token}")
        self._sender, self.tidying = ChatSender(self._calls), Tidying(self._calls)
        self._application = _application(token, api_url, request, polling, limiter)
        self.registered = asyncio.Event()
        self._support = EphemeralSupport(EphemeralMode(services.settings.telegram_ephemeral))
        self._apologies = Apologies(services.catalog, self._calls, self._sender, self.deliveries)
        database = DatabaseReturn(threads, services.database.probe, LONGEST_AWAY)
        self.unstored = UnstoredUpdates(self.handle, self._apologies, database)
        self._private: PrivateChat
        self.groups: Groups
        self.inline: Inline
        self._inlet: Polling | Webhook = (
            self._webhook(listener, polling, services.webhook_secret(token))
            if listener
            else Polling(polling, self._application.bot, f"{self._calls.root}/getUpdates", self._health)
        )

    def _open_requests(self) -> tuple[AiohttpRequest, AiohttpRequest]:
        """Connections for calls, and one for polling."""
        failed, refused = partial(self._metrics.count_failure, Platform.TELEGRAM), self._refused.set
        calls, polling = (AiohttpRequest(connections=n, on_failure=failed, on_refusal=refused) for n in (100, 1))
        return calls, polling

    def _webhook(self, listener: Listener, request: AiohttpRequest, secret: str) -> Webhook:
        webhook = Webhook(
            self._application.bot, self._services.settings.public_url, secret, self._wait_for_replies,
            lambda: request.post_json(f"{self._calls.root}/getMe", {}), self._health,
        )  # fmt: skip
        listener.add(webhook.routes)
        return webhook

    async def run(self) -> None:
        """Answer until cancelled, then finish the work in progress. Raises SurfaceRefused for a wrong token."""
        async with self._running() as groups:
            self.groups = groups
            helpers: dict[str, Start] = {
                "telegram-menus": self._register,
                "telegram-cards": groups.cards.refresh_forever,
                "telegram-inline-cards": self.inline.refresher.refresh_forever,
            }
            async with self._services.supervisor.helping(helpers):
                log.info("Telegram: answering as @%s", self._application.bot.username)
                self._health.up()
                await self._run_inlet()

    async def _run_inlet(self) -> None:
        """Take updates until cancelled, or until Telegram refuses the token in answer to any call."""
        take = self.unstored.take if isinstance(self._inlet, Webhook) else self.unstored.take_until_stored
        inlet = asyncio.create_task(self._inlet.run(take))
        refused = asyncio.create_task(self._refused.wait())
        try:
            await asyncio.wait([inlet, refused], return_when=asyncio.FIRST_COMPLETED)
            if refused.done():
                raise SurfaceRefused(TELEGRAM_REFUSES)
            await inlet
        except InvalidToken:
            raise SurfaceRefused(TELEGRAM_REFUSES) from None
        finally:
            await _end([inlet, refused])

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[Groups]:
        application = self._application
        await self._initialize()
        try:
            groups = self._add_handlers()
            yield groups
        finally:
            await self._finish()
            await application.shutdown()

    async def _initialize(self) -> None:
        """Log in to Telegram, retrying while it can't be reached."""
        backoff = Backoff(log, "Telegram", self._health)
        try:
            while True:
                try:
                    await self._application.initialize()
                except InvalidToken:
                    raise SurfaceRefused(TELEGRAM_REFUSES) from None
                except TelegramError as error:
                    await wait_after(error, backoff)
                else:
                    backoff.over()
                    return
        except BaseException:
            for request in self._requests:  # the library leaves them open if it did not finish
                await request.shutdown()
            raise

    async def _finish(self) -> None:
        stored = False
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.updates.empty()
                stored = not self.unstored
                await self.deliveries.empty()
        await self.tidying.stop()
        if stored:
            await self._inlet.finish()

    def _add_handlers(self) -> Groups:
        services, bot = self._services, self._application.bot
        links = Links(services.settings.public_url, telegram=bot.username, telegram_inline=bot.supports_inline_queries)
        if not links.telegram_inline:
            log.warning("inline mode is off, so people can share a link but not a card: see docs/telegram.md")
        support = self._support
        renderer = TelegramRenderer(services.catalog, services.petitions, links, lambda: support.may_work)
        painter = Painter(services.catalog, links.anywhere)
        delivery = Delivery(self._calls, self._sender, self.tidying, renderer, painter)
        private = self._private = PrivateChat(
            services.signing, services.organizing, self._threads, delivery, self.deliveries,
            lambda organizer: offer_menu(bot, services.catalog, organizer),
        )  # fmt: skip
        ephemeral = EphemeralMessages(self._calls, support)
        groups, signing = groups_and_signing(services, self._threads, self.deliveries, renderer, delivery, ephemeral)
        parts = PartBuilder(services, self._calls, self._threads, renderer, self.deliveries)
        self.inline = parts.inline()
        every = handlers(private, groups, signing, self.inline, parts.channels(groups), bot.id)
        self._application.add_handlers(every)
        self._application.add_error_handler(self._on_library_error)
        return groups

    async def _on_library_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        self._on_error(update if isinstance(update, Update) else None, context.error or RuntimeError("unknown"))

    def _on_error(self, update: Incoming | None, error: Exception) -> None:
        """Ask the person to try again, since nothing was stored, unless the update will be handled again."""
        if isinstance(error, StorageUnavailableError):
            if update:
                self.unstored.note(update, error)
            return
        (report if isinstance(error, TelegramError) else _report_update)(error)
        if update:
            self._apologies.apologize(update)

    async def _register(self) -> None:
        """Keep the menus up to date, also when the server turns out to send ephemeral messages, or not to."""
        while True:
            if not self.registered.is_set():
                await self._set_menus()
            await self._support.changed.wait()
            self._support.changed.clear()
            self.registered.clear()

    async def _set_menus(self) -> None:
        services, backoff = self._services, Backoff(log, "the command menus are not up to date")
        while True:
            try:
                organizers = await self._threads.run(services.organizing.on, Platform.TELEGRAM)
                ephemeral = self._support.is_proven
                await register(self._application.bot, services.catalog, organizers, ephemeral=ephemeral)
            except TelegramError as error:
                await wait_after(error, backoff)
            except StorageUnavailableError as error:
                await backoff.pause(type(error).__name__, str(error))
            else:
                self.registered.set()
                return

    async def handle(self, updates: Sequence[Incoming]) -> None:
        """Handle updates, in order within each chat; returns when the effect of all of them is on disk, or noted."""
        tasks = [self.updates.put(queue_key(update), partial(self._handle, update)) for update in updates]
        if tasks:
            await asyncio.wait(tasks)

    async def _handle(self, update: Incoming) -> None:
        with self._metrics.measure_update(Platform.TELEGRAM, kind(update)):
            if isinstance(update, Update):
                await self._application.process_update(update)
                return
            try:
                await self._private.handle(update)
            except Exception as error:  # noqa: BLE001  (as the library does)
                self._on_error(update, error)

    async def _wait_for_replies(self, update: Incoming) -> None:
        """Wait until the replies on their way to a chat have gone out."""
        await self.deliveries.idle(queue_key(update))


def prepare(process: Process) -> Start:
    """The surface of this process, ready to run once."""
    settings = process.services.settings
    return TelegramSurface(
        process.services, process.threads, settings.token(Platform.TELEGRAM), settings.telegram_api_url,
        process.share(shared_limiter), listener=process.listener if settings.public_url else None,
    ).run  # fmt: skip


def _application(
    token: str, api_url: str, request: AiohttpRequest, polling: AiohttpRequest, limiter: Limiter
) -> Application:  # type: ignore[type-arg]
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(request)
        .get_updates_request(polling)
        .rate_limiter(limiter)
        .updater(None)
        .build()
    )


def _report_update(error: BaseException) -> None:
    log.error("an update was not handled", exc_info=error)


async def _end(tasks: Sequence[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
