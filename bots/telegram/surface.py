"""The Telegram surface: puts bot, handlers and loops together, and runs them until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

from telegram import Update
from telegram.constants import ChatType
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bots.common.identity import TELEGRAM_REFUSES
from bots.common.links import Links
from bots.common.listener import Listener
from bots.common.patience import LONGEST_WAIT, patiently
from bots.common.per_chat_queue import PerChatQueue
from bots.common.refusal import SurfaceRefused
from bots.common.service_threads import ServiceThreads
from bots.common.supervisor import Start
from bots.delivery.fresh_cards import FreshCards
from bots.papers.pictures import Painter
from bots.process import Process
from bots.services import Services
from bots.telegram.calls import Calls
from bots.telegram.commands import offer_menu, register
from bots.telegram.delivery import Delivery, report
from bots.telegram.groups import Groups
from bots.telegram.handlers import PrivateChat
from bots.telegram.inline import Inline
from bots.telegram.limiter import Limiter, shared_limiter
from bots.telegram.polling import Polling
from bots.telegram.reading import kind, queue_key
from bots.telegram.renderer import TelegramRenderer
from bots.telegram.transport import AiohttpRequest
from bots.telegram.webhook import Webhook
from core.errors import StorageUnavailableError
from core.messages import Message
from core.platforms import Platform
from core.services.milestones import MilestoneService

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0


class TelegramSurface:
    """A bot that polls or, with a listener, gets posts; an update is acknowledged when its effect is on disk."""

    def __init__(
        self, services: Services, threads: ServiceThreads, token: str, api_url: str, limiter: Limiter | None = None,
        listener: Listener | None = None,
    ) -> None:  # fmt: skip
        self._services, self._threads = services, threads
        self.updates, self.deliveries = PerChatQueue(_report_update), PerChatQueue(report)
        metrics = self._metrics = services.metrics
        limiter = limiter or Limiter(on_wait=partial(metrics.observe_wait, Platform.TELEGRAM))
        self._health = services.supervisor.health.add(Platform.TELEGRAM)
        request = AiohttpRequest(connections=100, on_failure=partial(metrics.count_failure, Platform.TELEGRAM))
        polling = AiohttpRequest(connections=1, on_failure=self._poll_failed)
        self._calls = Calls(request, limiter, f"{api_url}/bot{token}")
        self._application: Application = (  # type: ignore[type-arg]
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
        self.registered = asyncio.Event()
        self.groups: Groups
        self._inlet: Polling | Webhook = Polling(polling, self._application.bot, f"{self._calls.root}/getUpdates")
        if listener:
            settings = services.settings
            self._inlet = Webhook(
                self._application.bot, settings.public_url, services.webhook_secret(token), self._wait_for_replies
            )
            listener.add(self._inlet.routes)

    async def run(self) -> None:
        """Answer until cancelled, then finish the work in progress. Raises SurfaceRefused for a wrong token."""
        supervisor = self._services.supervisor
        async with self._running() as groups:
            self.groups = groups
            helpers: dict[str, Start] = {"telegram-menus": self._register, "telegram-cards": groups.refresh_forever}
            async with supervisor.helping(helpers):
                log.info("Telegram: answering as @%s", self._application.bot.username)
                self._health.up()
                try:
                    await self._inlet.run(self.take)
                except InvalidToken:
                    raise SurfaceRefused(TELEGRAM_REFUSES) from None

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
        try:
            await patiently(self._application.initialize, NetworkError)
        except BaseException as error:
            await self._application.bot.shutdown()
            if not isinstance(error, InvalidToken):
                raise
            raise SurfaceRefused(TELEGRAM_REFUSES) from None

    async def _finish(self) -> None:
        stored = False
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.updates.empty()
                stored = True
                await self.deliveries.empty()
        if stored:
            await self._inlet.finish()

    def _add_handlers(self) -> Groups:
        services, bot = self._services, self._application.bot
        links = Links(services.settings.public_url, telegram=bot.username)
        renderer = TelegramRenderer(services.catalog, services.petitions, links)
        painter = Painter(services.catalog, links.anywhere)
        private = PrivateChat(
            services.signing, services.organizing, self._threads, Delivery(self._calls, renderer, painter),
            self.deliveries, lambda organizer: offer_menu(bot, services.catalog, organizer),
        )  # fmt: skip
        groups = Groups(
            self._calls, self._threads, services.cards, services.queries, renderer, self.deliveries,
            FreshCards(
                Platform.TELEGRAM, services.petitions, self._threads, services.cards, services.queries, self.deliveries
            ),
            lambda chat: services.community_label(Platform.TELEGRAM, chat), MilestoneService(services.signing),
        )  # fmt: skip
        inline = Inline(self._calls, services.signing, services.queries, self._threads, renderer, self.deliveries)
        new, together = filters.UpdateType.MESSAGE, filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
        alone = filters.ChatType.PRIVATE & new & ~filters.StatusUpdate.ALL & ~filters.ViaBot(bot.id)
        edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & filters.TEXT
        self._application.add_handlers(
            [
                CallbackQueryHandler(private.tap),
                InlineQueryHandler(inline.query),
                CommandHandler("start", private.start, alone),
                MessageHandler(alone & filters.COMMAND, private.command),
                MessageHandler(alone, private.text),
                MessageHandler(edited, private.edited),
                CommandHandler(["petition", "start"], groups.petition, together),
                CommandHandler("count", groups.count, together),
                CommandHandler("community", groups.community, together),
                CommandHandler("milestone", groups.milestone, together),
                MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated),
                ChatMemberHandler(groups.added, ChatMemberHandler.MY_CHAT_MEMBER),
            ]
        )
        self._application.add_error_handler(self._on_error)
        return groups

    async def _on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask the person to try again, since nothing was stored."""
        error = context.error or RuntimeError("unknown")
        if isinstance(error, StorageUnavailableError):
            log.warning("an update was not handled: %s", error)
        else:
            (report if isinstance(error, TelegramError) else _report_update)(error)
        user = update.effective_user if isinstance(update, Update) else None
        if user and isinstance(update, Update) and (update.message or update.callback_query):
            catalog = self._services.catalog
            words = catalog.text(Message("notice.try_again"), catalog.negotiate(user.language_code))
            self.deliveries.put(("sorry", user.id), lambda: _apologise(update, words))

    async def _register(self) -> None:
        services = self._services
        while not self.registered.is_set():
            try:
                organizers = await self._threads.run(services.organizing.on, Platform.TELEGRAM)
                await register(self._application.bot, services.catalog, organizers)
                self.registered.set()
            except (TelegramError, StorageUnavailableError) as error:
                log.warning("the command menus are not up to date: %s; trying again", error)
                await asyncio.sleep(LONGEST_WAIT)

    def _poll_failed(self, method: str, code: str) -> None:
        self._metrics.count_failure(Platform.TELEGRAM, method, code)
        if method == "getUpdates":
            self._health.down(f"{method} fails: {code}")

    async def take(self, updates: Sequence[Update]) -> None:
        """Handle updates, in order within each chat; returns when the effect of all of them is on disk."""
        self._health.up()
        tasks = [self.updates.put(queue_key(update), partial(self._handle, update)) for update in updates]
        if tasks:
            await asyncio.wait(tasks)

    async def _handle(self, update: Update) -> None:
        with self._metrics.measure_update(Platform.TELEGRAM, kind(update)):
            await self._application.process_update(update)

    async def _wait_for_replies(self, update: Update) -> None:
        """Wait until the replies on their way to a chat have gone out."""
        await self.deliveries.idle(queue_key(update))


def prepare(process: Process) -> Start:
    """The surface of this process, ready to run once."""
    settings = process.services.settings
    return TelegramSurface(
        process.services, process.threads, settings.token(Platform.TELEGRAM), settings.telegram_api_url,
        process.share(shared_limiter), listener=process.listener if settings.public_url else None,
    ).run  # fmt: skip


def _report_update(error: BaseException) -> None:
    log.error("an update was not handled", exc_info=error)


async def _apologise(update: Update, words: str) -> None:
    if update.callback_query:
        await update.callback_query.answer(words, show_alert=True)
    elif update.message and update.message.chat.type == ChatType.PRIVATE:
        await update.message.reply_text(words)
