"""Shows the screens of a conversation to one member of a group, or leads them to the private chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from telegram.error import BadRequest, TelegramError

from bots.telegram.calls import Calls
from bots.telegram.delivery import Delivery, report
from bots.telegram.ephemeral import EphemeralError, EphemeralMessages
from bots.telegram.place import MemberPlace, Place
from bots.telegram.renderer import TelegramMessage, TelegramRenderer
from core.conversation.screen import Button, Line, Screen, Style, View
from core.conversation.state import Event, SendData
from core.conversation.typed import SendProof, SendText
from core.conversation.whole import READ_WHOLE
from core.messages import DEFAULT_LOCALE, Message
from core.petition.form import FieldKind

FILES = (SendData, SendProof, SendText)
"""The events whose answer is a file, which never goes to a group."""
_TAPPED = (FieldKind.CHOICE, FieldKind.YES_NO, FieldKind.AGREE)
_UNCHANGED = "message is not modified"

PublicScreen: TypeAlias = Callable[[int, str], Awaitable[TelegramMessage]]
"""Makes the card of a petition, by the group and the slug."""


@dataclass(frozen=True)
class GroupScreens:
    """Screens that one member of a group sees.

    Until the server is trusted, `public` makes the first message: the petition's card, which anyone may see.
    """

    messages: EphemeralMessages
    calls: Calls
    renderer: TelegramRenderer
    private: Delivery
    public: PublicScreen
    _proving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def answer_tap(self, place: MemberPlace, view: View, link: str) -> None:
        """Answer a tap with a screen for this member alone; if that fails, open the private chat by its `link`."""
        shown = await self._is_shown(place, view, link)
        await self.acknowledge(place, "" if shown else link)

    async def answer(self, place: MemberPlace, view: View, link: str) -> None:
        """Answer an ephemeral message in the same way, or else in the private chat; the group never sees an answer."""
        if not await self._is_shown(place, view, link):
            await self.private.answer(Place(place.person), view)

    async def acknowledge(self, place: MemberPlace, link: str = "") -> None:
        """Tell the app that the tap arrived, and let it open the private chat if there is a `link`."""
        try:
            await self.calls.answer_tap(place.tap, url=link)
        except TelegramError as error:
            report(error)

    async def _is_shown(self, place: MemberPlace, view: View, link: str) -> bool:
        if view.data or view.whole or view.screen.pictures or view.is_order_answer:
            return False
        try:
            await self._prove(place, view)
            await self._show(place, view, link)
        except EphemeralError:
            return False
        except TelegramError as error:
            report(error)
            return False
        return True

    async def _prove(self, place: MemberPlace, view: View) -> None:
        """Let the server show with a public message that it can send ephemeral ones."""
        support = self.messages.support
        async with self._proving:
            if support.may_work and not support.is_proven:
                await self.messages.send(place, await self._anyones(place, view.petition))

    async def _anyones(self, place: MemberPlace, petition: str) -> TelegramMessage:
        """A screen that anyone may see."""
        if petition in self.renderer.petitions:
            return await self.public(place.chat, petition)
        return TelegramMessage(self.renderer.catalog.words(Message("petitions.none"), DEFAULT_LOCALE))

    async def _show(self, place: MemberPlace, view: View, link: str) -> None:
        """Edit the message that was tapped, or send a new one if it is gone, or if this is a question to type at."""
        message, asks = self.renderer.render(in_group(view, link)), is_question(view.screen)
        if place.tapped is not None and not asks:
            try:
                await self.messages.edit(place, message)
            except BadRequest as refusal:
                if _UNCHANGED not in refusal.message.lower():
                    await self.messages.send(place, message)
            return
        await self.messages.send(place, message, asks=asks)


def is_for_private_chat(event: Event) -> bool:
    """True for an event whose answer never goes to a group: a file, or a whole text."""
    return isinstance(event, FILES) or event == READ_WHOLE


def is_question(screen: Screen) -> bool:
    """True if the screen takes a typed answer."""
    return bool(screen.prompts) and screen.prompts[0].field.kind not in _TAPPED


def in_group(view: View, link: str) -> View:
    """The screen as a member sees it in a group: the private chat has the files, and the receipt for good."""
    screen, events = view.screen, [button.event for row in view.screen.buttons for button in row]
    rows = (
        tuple(button for button in row if not (isinstance(button.event, FILES) or button.order))
        for row in screen.buttons
    )
    receipt = any(isinstance(event, SendProof) for event in events)
    words = Message("telegram.keep_receipt" if receipt else "telegram.continue_privately")
    hint = (Line(Message("telegram.reply"), Style.NOTE),) if is_question(screen) else ()
    buttons = (*(row for row in rows if row), (Button(words, url=link),))
    return replace(view, screen=replace(screen, parts=(*screen.parts, *hint), buttons=buttons))
