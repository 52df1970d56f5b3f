"""Delivers screens to chats: edits the chat's current message or sends a new one, and handles each refusal by name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import replace
from functools import partial

from cachetools import LRUCache
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bots.common.callback_data import decode
from bots.papers.pictures import Painter
from bots.telegram.calls import Calls
from bots.telegram.chat_sender import ChatSender
from bots.telegram.place import Place
from bots.telegram.private_updates import Tap
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from bots.telegram.rich import MOST_MESSAGES, RichTexts
from bots.telegram.tidying import Tidying
from core.conversation.notices import only_news, with_notice
from core.conversation.screen import View, WholeText
from core.conversation.state import Begin
from core.messages import Message

log = logging.getLogger(__name__)

KEYBOARDS_KEPT = 2000  # the number of places whose message with live buttons is remembered
_UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message to be edited")
_TOO_OLD = "query is too old"


class Delivery:
    """Shows screens in private chats.

    A picture is a separate message above its screen, so a message with buttons is always text and can become any other
    screen.
    """

    def __init__(
        self, calls: Calls, sender: ChatSender, tidying: Tidying, renderer: TelegramRenderer, painter: Painter
    ) -> None:
        self._calls, self._sender, self._tidying = calls, sender, tidying
        self._renderer, self._painter = renderer, painter
        self._keyboards: LRUCache[Place, int] = LRUCache(KEYBOARDS_KEPT)

    async def answer(self, place: Place, view: View) -> None:
        """Reply to something typed: send a new message, and later remove the buttons of the question above it."""
        before = self._keyboards.pop(place, None)
        await self._show(place, view)
        if before is not None:
            self._tidying.retire(place, before)

    async def edit(self, tap: Tap, view: View) -> None:
        """Reply to a tap: edit the message itself, or answer below it.

        Pictures and files go above their screen, and a receipt stays in the chat. A question with an example for the
        input field is a new message, since the app shows the example only then. The petition stays above it as it is:
        removing its buttons would cost every new signer one more call. A message that lasts stays as it is, too.
        """
        number, place, is_kept = tap.message, tap.place, tap.is_lasting
        if view.is_stale and self._tidying.is_retired(place, number):
            await self.acknowledge(tap)  # what the tap would show is below
            return
        view = only_news(view) if is_kept else view
        message, is_below = self._renderer.render(view), view.lasting or view.data or view.whole
        if not (is_kept or is_below or view.screen.pictures or message.placeholder):
            await _together(self._edit(tap, message), self.acknowledge(tap))
            return
        if not is_kept:
            self._remember(place, None if message.placeholder and self._begins(tap) else number)
        await _together(self.answer(place, view), self.acknowledge(tap))

    def _begins(self, tap: Tap) -> bool:
        """True for a tap on Sign."""
        tapped = decode(tap.data, self._renderer.petitions)
        return tapped is not None and tapped.event == Begin()

    async def acknowledge(self, tap: Tap) -> None:
        """Tell the app that the tap arrived, so that its button stops waiting."""
        try:
            await self._calls.answer_tap(tap.query)
        except BadRequest as refusal:
            if _TOO_OLD not in refusal.message.lower():
                raise

    async def _edit(self, tap: Tap, message: TelegramMessage) -> None:
        number, place = tap.message, tap.place
        if not number:
            await self._send(place, message)
            return
        self._tidying.revive(place, number)
        try:
            await self._calls.edit(place.chat, number, message)
        except BadRequest as refusal:
            reason = refusal.message.lower()
            if any(words in reason for words in _GONE):
                await self._send(place, message)
                return
            if _UNCHANGED not in reason:
                raise
        self._remember(place, number if message.keyboard else None)

    async def _show(self, place: Place, view: View) -> None:
        """Send pictures, the file and the whole text first; if one fails, send the screen anyway."""
        if view.screen.pictures:
            await _together(self._send_pictures(place, view))
        if view.data and not await self._send_data(place, view):
            view = with_notice(view, Message("notice.data_failed"))
        if view.whole and not await self._send_whole(place, view, view.whole):
            view = replace(view, screen=view.whole.instead)
        if view.screen.parts:
            await self._send(place, self._renderer.render(view))
            if view.lasting:
                self._remember(place, None)

    async def _send_whole(self, place: Place, view: View, whole: WholeText) -> bool:
        """Send the whole text; False if not all of it was sent, as by a Bot API server without rich messages."""
        texts = RichTexts(self._renderer.catalog, partial(self._renderer.source_link, view.petition))
        messages = await asyncio.to_thread(texts.draw, whole.text, view.locale, whole.states)
        if len(messages) > MOST_MESSAGES:
            return False
        try:
            for message in messages:
                await self._sender.rich(place, message)
        except TelegramError as error:
            report(error)
            return False
        return True

    async def _send_pictures(self, place: Place, view: View) -> None:
        for picture in await self._painter.draw_in_thread(view):
            await self._sender.photo(place, picture)

    async def _send_data(self, place: Place, view: View) -> bool:
        """Send the signer's file; False if it wasn't sent."""
        file = await self._painter.file_in_thread(view)
        try:
            if file:
                await self._sender.file(place, file)
        except TelegramError as error:
            report(error)
            return False
        return file is not None

    async def _send(self, place: Place, message: TelegramMessage) -> None:
        number = await self._sender.message(place, message)
        self._remember(place, number if message.keyboard else None)

    def _remember(self, place: Place, number: int | None) -> None:
        """Remember which message has live buttons; if this is forgotten, an old keyboard stays."""
        self._keyboards.pop(place, None)
        if number is not None:
            self._keyboards[place] = number


async def _together(*entries: Awaitable[None]) -> None:
    """Do all at once; if one fails, such as an acknowledgement, the others still run."""
    for failure in await asyncio.gather(*entries, return_exceptions=True):
        if isinstance(failure, Exception):
            report(failure)


def report(error: BaseException) -> None:
    """Log why a message was not delivered, without naming the person."""
    if isinstance(error, Forbidden):
        log.info("a message was not delivered: %s", error.message)
    elif isinstance(error, RetryAfter):
        log.warning("a message was not delivered: Telegram holds the chat back for too long")
    elif isinstance(error, BadRequest):
        log.warning("Telegram refused a message: %s", error.message)
    elif isinstance(error, TelegramError):
        log.warning("a message was not delivered: %s", error.message)
    else:
        log.error("a message was not delivered", exc_info=error)
