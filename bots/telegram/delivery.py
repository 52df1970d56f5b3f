"""Hands screens to chats: edits the living message, or sends a new one; every refusal is met by name."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict

from telegram import Bot, CallbackQuery, LinkPreviewOptions, Message
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from core.services import Shown

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
KEYBOARDS_KEPT = 2000  # chats of which is remembered which message has the live buttons
_UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message to be edited")
_TOO_OLD = "query is too old"


class Delivery:
    """Shows screens in private chats."""

    def __init__(self, bot: Bot, renderer: TelegramRenderer) -> None:
        self._bot, self._renderer = bot, renderer
        self._keyboards: OrderedDict[int, int] = OrderedDict()

    async def answer(self, chat: int, shown: Shown) -> None:
        """Reply to something typed: a new message, and the question above it loses its buttons."""
        before = self._keyboards.pop(chat, None)
        async with asyncio.TaskGroup() as together:
            together.create_task(self._send(chat, self._renderer.render(shown)))
            if before is not None:
                together.create_task(self._take_buttons(chat, before))

    async def edit(self, query: CallbackQuery, shown: Shown) -> None:
        """Reply to a tap: the message itself changes."""
        async with asyncio.TaskGroup() as together:
            together.create_task(self.acknowledge(query))
            together.create_task(self._edit(query, self._renderer.render(shown)))

    async def acknowledge(self, query: CallbackQuery) -> None:
        """Tell the app that the tap arrived, so that its button stops waiting."""
        try:
            await query.answer()
        except BadRequest as refusal:
            if _TOO_OLD not in refusal.message.lower():
                raise

    async def _edit(self, query: CallbackQuery, message: TelegramMessage) -> None:
        chat = query.from_user.id
        if not query.message:
            await self._send(chat, message)
            return
        number = query.message.message_id
        try:
            await self._bot.edit_message_text(
                message.text, chat, number, entities=message.entities,
                reply_markup=message.keyboard, link_preview_options=NO_PREVIEW,
            )  # fmt: skip
        except BadRequest as refusal:
            reason = refusal.message.lower()
            if any(words in reason for words in _GONE):
                await self._send(chat, message)
                return
            if _UNCHANGED not in reason:
                raise
        self._remember(chat, number if message.keyboard else None)

    async def _send(self, chat: int, message: TelegramMessage) -> None:
        sent: Message = await self._bot.send_message(
            chat, message.text, entities=message.entities,
            reply_markup=message.keyboard, link_preview_options=NO_PREVIEW,
        )  # fmt: skip
        self._remember(chat, sent.message_id if message.keyboard else None)

    async def _take_buttons(self, chat: int, number: int) -> None:
        try:
            await self._bot.edit_message_reply_markup(chat, number, reply_markup=None)
        except BadRequest:
            log.debug("an old message could not be tidied")

    def _remember(self, chat: int, number: int | None) -> None:
        """Keep which message has live buttons; forgetting it only leaves an old keyboard standing."""
        self._keyboards.pop(chat, None)
        if number is not None:
            self._keyboards[chat] = number
        if len(self._keyboards) > KEYBOARDS_KEPT:
            self._keyboards.popitem(last=False)


def report(error: BaseException) -> None:
    """Log what kept a message from being delivered, without whose it was."""
    causes = error.exceptions if isinstance(error, BaseExceptionGroup) else (error,)
    for cause in causes:
        if isinstance(cause, Forbidden):
            log.info("a message was not delivered: %s", cause.message)
        elif isinstance(cause, RetryAfter):
            log.warning("a message was not delivered: Telegram holds the chat back for too long")
        elif isinstance(cause, BadRequest):
            log.warning("Telegram refused a message: %s", cause.message)
        elif isinstance(cause, NetworkError):
            log.warning("a message was not delivered: %s", cause.message)
        else:
            log.error("a message was not delivered", exc_info=cause)
