"""The Telegram surface: puts bot, handlers and loops together, and runs them until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import stamina
from telegram import Update
from telegram.constants import ChatType
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
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

from bots.bootstrap import Services
from bots.desk import Desk
from bots.fresh_cards import FreshCards
from bots.lanes import Lanes
from bots.telegram.calls import Calls
from bots.telegram.commands import register
from bots.telegram.delivery import Delivery, report
from bots.telegram.groups import Groups
from bots.telegram.handlers import PLATFORM, PrivateChat
from bots.telegram.inline import Inline
from bots.telegram.limiter import Limiter
from bots.telegram.renderer import TelegramRenderer
from bots.telegram.transport import AiohttpRequest
from core.errors import ConfigurationError, StorageUnavailableError
from core.messages import Message

log = logging.getLogger(__name__)
_REFUSED = "Telegram refuses TELEGRAM_TOKEN: copy it anew from BotFather."

POLL_SECONDS = 50
ANSWER_SECONDS = 5
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between two tries when Telegram cannot be reached
STOP_SECONDS = 8.0
MOST_UPDATES = 100
WANTED = [
    Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER,
]  # fmt: skip


class TelegramSurface:
    """A bot that long-polls; what it has taken is acknowledged only when its effect is on disk."""

    def __init__(
        self, services: Services, desk: Desk, token: str, api_url: str, limiter: Limiter | None = None
    ) -> None:
        self._services, self._desk = services, desk
        self.updates, self.deliveries = Lanes(_report_update), Lanes(report)
        limiter, request = limiter or Limiter(), AiohttpRequest(connections=100)
        self._polling = AiohttpRequest(connections=1)
        self._calls = Calls(request, limiter, f"{api_url}/bot{token}")
        self._application: Application = (  # type: ignore[type-arg]
            ApplicationBuilder()
            .token(token)
            .base_url(f"{api_url}/bot")
            .base_file_url(f"{api_url}/file/bot")
            .request(request)
            .get_updates_request(self._polling)
            .rate_limiter(limiter)
            .updater(None)
            .build()
        )
        self.registered = asyncio.Event()
        self.groups: Groups
        self._offset = self._taken = 0

    async def run(self) -> None:
        """Answer until cancelled; then finish what is in hand. Raises ConfigurationError for a wrong token."""
        async with self._started() as groups:
            self.groups = groups
            tasks = [
                asyncio.create_task(self._register()),
                asyncio.create_task(groups.refresh_forever()),
            ]
            log.info("Telegram: answering as @%s", self._application.bot.username)
            try:
                await self._poll()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def _started(self) -> AsyncIterator[Groups]:
        application = self._application
        await self._initialize()
        try:
            groups = self._add_handlers()
            yield groups
        finally:
            await self._finish()
            await application.shutdown()

    async def _initialize(self) -> None:
        """Say hello to Telegram, patiently: it may be out of reach for a while."""
        try:
            async for attempt in stamina.retry_context(
                on=NetworkError, attempts=None, timeout=None, wait_initial=FIRST_WAIT, wait_max=LONGEST_WAIT
            ):
                with attempt:
                    await self._application.initialize()
        except BaseException as error:
            await self._application.bot.shutdown()
            if not isinstance(error, InvalidToken):
                raise
            raise ConfigurationError(_REFUSED) from None

    async def _finish(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.updates.empty()
                self._offset = self._taken
                await self.deliveries.empty()
        if self._offset:
            with suppress(TelegramError):  # acknowledge; if it fails, what comes again changes nothing
                await self._waiting(seconds=0, limit=1)

    def _add_handlers(self) -> Groups:
        services, bot = self._services, self._application.bot
        renderer = TelegramRenderer(services.catalog, services.petitions, bot.username)
        private = PrivateChat(
            services.signing, services.organizing, self._desk, Delivery(self._calls, renderer), self.deliveries
        )
        groups = Groups(
            self._calls, self._desk, services.cards, services.queries, renderer, self.deliveries,
            FreshCards(PLATFORM, services.petitions, self._desk, services.cards, services.queries, self.deliveries),
            lambda chat: services.community_label(PLATFORM, chat),
        )  # fmt: skip
        inline = Inline(self._calls, services.signing, services.queries, self._desk, renderer, self.deliveries)
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
                MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated),
                ChatMemberHandler(groups.added, ChatMemberHandler.MY_CHAT_MEMBER),
            ]
        )
        self._application.add_error_handler(self._on_error)
        return groups

    async def _on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say honestly that something is out of order; what was not stored did not happen."""
        error = context.error or RuntimeError("unknown")
        if isinstance(error, StorageUnavailableError):
            log.warning("an update was not handled: %s", error)
        else:
            (report if isinstance(error, TelegramError) else _report_update)(error)
        user = update.effective_user if isinstance(update, Update) else None
        if user and isinstance(update, Update) and (update.message or update.callback_query):
            words = Message("notice.try_again")
            catalog = self._services.catalog
            said = catalog.text(words, catalog.negotiate(user.language_code))
            self.deliveries.put(("sorry", user.id), lambda: _apologise(update, said))

    async def _register(self) -> None:
        services = self._services
        while not self.registered.is_set():
            try:
                await register(self._application.bot, services.catalog, services.organizing.on(PLATFORM))
                self.registered.set()
            except TelegramError as error:
                log.warning("the command menus are not up to date: %s; trying again", error.message)
                await asyncio.sleep(LONGEST_WAIT)

    async def _poll(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                updates = await self._fetch()
            except InvalidToken:
                raise ConfigurationError(_REFUSED) from None
            except Conflict:
                log.warning("another process polls with the same token: stop it, or this one; trying again")
            except TelegramError as error:
                log.warning("Telegram cannot be reached: %s; trying again", error.message)
            else:
                wait = FIRST_WAIT
                await self.take(updates)
                continue
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _fetch(self) -> list[Update]:
        """The updates that wait, in order.

        One that the library cannot read is passed over; its own `get_updates` would log the whole batch, and stop.
        """
        updates = []
        for one in await self._waiting(seconds=POLL_SECONDS, limit=MOST_UPDATES):
            try:
                updates.append(Update.de_json(one, self._application.bot))
            except Exception as error:  # noqa: BLE001  (whatever a future Bot API sends)
                log.warning("an update that cannot be read is passed over: %s", type(error).__name__)
            self._taken = max(self._taken, int(one["update_id"]) + 1)
        return updates

    async def _waiting(self, seconds: int, limit: int) -> list[dict[str, Any]]:
        """What waits at Telegram or comes within so many seconds; asking acknowledges all before the offset."""
        wanted = {"offset": self._offset, "limit": limit, "timeout": seconds, "allowed_updates": WANTED}
        # Not by the library's method, which reads, and logs, what it gets.
        address = f"{self._calls.root}/getUpdates"
        found: list[dict[str, Any]] = await self._polling.post_json(address, wanted, seconds + ANSWER_SECONDS)
        return found

    async def take(self, updates: Sequence[Update]) -> None:
        """Handle updates, those of one chat in order; returns when the effect of all of them is on disk."""
        tasks = [self.updates.put(_lane(update), _Handling(self._application, update)) for update in updates]
        if tasks:
            await asyncio.wait(tasks)
        self._offset = self._taken


class _Handling:
    """One update on its way through the handlers."""

    def __init__(self, application: Application, update: Update) -> None:  # type: ignore[type-arg]
        self._application, self._update = application, update

    async def __call__(self) -> None:
        await self._application.process_update(self._update)


def _lane(update: Update) -> int:
    """Updates of one chat go one after another; those without a chat by person."""
    who = update.effective_chat or update.effective_user
    return who.id if who else 0


def _report_update(error: BaseException) -> None:
    log.error("an update was not handled", exc_info=error)


async def _apologise(update: Update, said: str) -> None:
    if update.callback_query:
        await update.callback_query.answer(said, show_alert=True)
    elif update.message and update.message.chat.type == ChatType.PRIVATE:
        await update.message.reply_text(said)
