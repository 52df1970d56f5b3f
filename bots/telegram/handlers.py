"""The switchboard for private chats: an update becomes an event, one service call, and a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from telegram import Update
from telegram.ext import ContextTypes

from bots.common import links
from bots.common.callback_data import decode, decode_order
from bots.common.links import LinkAction
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.common.signer_commands import EVENTS
from bots.telegram.delivery import Delivery
from bots.telegram.messages import may_have_more
from bots.telegram.place import Place
from bots.telegram.private_updates import (
    PrivateUpdate,
    SentMessage,
    StartCommand,
    Tap,
    TypedCommand,
    command_line,
    sender_of,
)
from core.conversation.screen import View
from core.conversation.state import Begin, Event, Open, Overlay, Show, ShowSource, TurnPage
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.organizer.team import JOIN
from core.services.signing import SigningService

PARTS_WITHIN = 1.0  # seconds in which the app sends all parts of an album, or of a text that it split
_ACTIONS: Mapping[LinkAction, Event] = {LinkAction.READ: TurnPage(0), LinkAction.SIGN: Begin()}
Context = ContextTypes.DEFAULT_TYPE
Deliver: TypeAlias = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class PrivateChat:
    """Handlers for private chats. Each returns when its effect is on disk; the answer goes out after that."""

    signing: SigningService
    organizing: OrganizerService
    threads: ServiceThreads
    delivery: Delivery
    queue: PerChatQueue
    offer_menu: Callable[[str], Awaitable[None]]

    async def handle(self, update: PrivateUpdate) -> None:
        """Handle a command, anything else that was typed or sent, or a tap."""
        match update:
            case StartCommand():
                await self._start(update)
            case TypedCommand():
                await self._command(update)
            case SentMessage():
                await self._sent(update)
            case Tap():
                await self._tap(update)

    async def _start(self, update: StartCommand) -> None:
        """Handle `/start`, with or without a deep link."""
        link = links.parse(update.argument, self.signing.petitions)
        view = await self._handle_event(update, Open(link.label), link.petition)
        event = ShowSource(link.source) if link.source else _ACTIONS.get(link.action)
        if event:
            view = await self._handle_event(update, event, link.petition, part=link.action or "source")
        self._reply(update, view)

    async def _command(self, update: TypedCommand) -> None:
        """Handle a command for signers or organizers; any other gets the help."""
        line = update.line
        event = EVENTS.get(line.name, Show(Overlay.MORE))
        if line.name == JOIN:
            await self._join(update, line, event)
            return
        view = await self.threads.run(
            self.organizing.handle, update.signer, line, event, update_id=str(update.update_id), signers=EVENTS
        )
        self._reply(update, view)

    async def command_in_group(self, update: Update, _: Context) -> bool:
        """Tell an organizer in their own chat that a command in a group isn't answered; False for everyone else."""
        signer, message = sender_of(update), update.effective_message
        line = command_line((message.text or "") if message else "")
        view = await self.threads.run(self.organizing.hint, signer, line)
        if view:
            private = Place(int(signer.user_id))
            self._send(private, view, lambda: self.delivery.answer(private, view))
        return view is not None

    async def _join(self, update: TypedCommand, line: CommandLine, event: Event) -> None:
        """Welcome a new organizer and show them the menu; nobody else has this command."""
        view = await self._run_order(update, line)
        if view is None:
            self._reply(update, await self._handle_event(update, event))
            return
        self._reply(update, view)
        who = update.signer.user_id
        self.queue.put(("menu", who), lambda: self.offer_menu(who))

    async def _sent(self, update: SentMessage) -> None:
        """Handle something typed or sent, which answers the question if there is one and it is text."""
        view = await self._handle_event(update, update.event)
        self._reply(update, view, has_more=may_have_more(update.event))

    async def _tap(self, tap: Tap) -> None:
        """Handle a tap on a button; one from an older version of the product shows the current screen."""
        view = await self._view_after(tap, tap.data)
        edit, acknowledge = (lambda: self.delivery.edit(tap, view)), (lambda: self.delivery.acknowledge(tap))
        self._send(tap.place, view, acknowledge if view.is_answered else edit, acknowledge)

    async def _view_after(self, update: PrivateUpdate, data: str) -> View:
        order, callback = decode_order(data), decode(data, self.signing.petitions)
        view = await self._run_order(update, order) if order else None
        if view:
            return view
        if callback is None:
            return await self._handle_event(update, Open())
        return await self._handle_event(update, callback.event, callback.petition, revision=callback.revision)

    async def _run_order(self, update: PrivateUpdate, line: CommandLine) -> View | None:
        """The answer to an organizer's command; None for other people and other commands."""
        return await self.threads.run(self.organizing.run, update.signer, line, update_id=str(update.update_id))

    async def _handle_event(
        self, update: PrivateUpdate, event: Event, petition: str = "", *, revision: int | None = None, part: str = ""
    ) -> View:
        return await self.threads.run(
            self.signing.handle, update.signer, event, petition,
            update_id=f"{update.update_id}{part}", revision=revision,
        )  # fmt: skip

    def _reply(self, update: PrivateUpdate, view: View, *, has_more: bool = False) -> None:
        """Answer once, also where an app sends one thing as several messages: if it `has_more`, after the last."""
        if not view.is_answered:
            place, pause = update.place, PARTS_WITHIN if has_more else 0
            self._send(place, view, lambda: self.delivery.answer(place, view), pause=pause)

    def _send(
        self, place: Place, view: View, deliver: Deliver, instead: Deliver | None = None, pause: float = 0
    ) -> None:  # fmt: skip
        """Show a screen when it is the chat's turn, or do less if a newer one is waiting or comes during a pause.

        One with a file or a whole text, and a receipt, is always shown.
        """

        async def newest() -> None:
            if view.data or view.whole or view.lasting or not self.queue.behind(place.chat):
                await deliver()
            elif instead:
                await instead()

        if pause:
            self.queue.put_after_pause(place.chat, newest, pause)
        else:
            self.queue.put(place.chat, newest)
