"""The switchboard for private chats: an update becomes an event, one service call, and a message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from telegram import Message, Update, User
from telegram.ext import ContextTypes

from bots.common import links
from bots.common.callback_data import decode, decode_order
from bots.common.links import LinkAction
from bots.common.per_chat_queue import PerChatQueue
from bots.common.service_threads import ServiceThreads
from bots.common.signer_commands import EVENTS
from bots.telegram.delivery import Delivery
from bots.telegram.messages import event_of, may_have_more, text_of
from bots.telegram.place import Place, place_of, place_of_tap
from core.conversation.screen import View
from core.conversation.state import Begin, Correct, Event, Open, Overlay, Show, TurnPage
from core.organizer.command import CommandLine
from core.organizer.service import OrganizerService
from core.organizer.team import JOIN
from core.platforms import Platform
from core.services.signing import SigningService
from core.signatures.signature import Signer

PARTS_WITHIN = 1.0  # seconds in which the app sends all parts of an album, or of a text that it split
_ACTIONS: Mapping[LinkAction, Event] = {LinkAction.READ: TurnPage(0), LinkAction.SIGN: Begin()}
Context = ContextTypes.DEFAULT_TYPE
Deliver: TypeAlias = Callable[[], Awaitable[None]]


def signer_of(user: User) -> Signer:
    """The account behind an update; its name and language are only hints."""
    return Signer(Platform.TELEGRAM, str(user.id), user.full_name, user.language_code or "")


@dataclass(frozen=True)
class PrivateChat:
    """Handlers for private chats. Each returns when its effect is on disk; the answer goes out after that."""

    signing: SigningService
    organizing: OrganizerService
    threads: ServiceThreads
    delivery: Delivery
    queue: PerChatQueue
    offer_menu: Callable[[str], Awaitable[None]]

    async def start(self, update: Update, context: Context) -> None:
        """Handle `/start`, with or without a deep link."""
        link = links.parse(" ".join(context.args or []), self.signing.petitions)
        view = await self._handle_event(update, Open(link.label), link.petition)
        if link.action in _ACTIONS:
            view = await self._handle_event(update, _ACTIONS[link.action], link.petition, part=link.action)
        self._reply(update, view)

    async def command(self, update: Update, _: Context) -> None:
        """Handle a command for signers or organizers; any other gets the help."""
        line = command_of(update.effective_message)
        event = EVENTS.get(line.name, Show(Overlay.MORE))
        if line.name == JOIN:
            await self._join(update, line, event)
            return
        view = await self.threads.run(
            self.organizing.handle, _signer(update), line, event, update_id=str(update.update_id), signers=EVENTS
        )
        self._reply(update, view)

    async def command_in_group(self, update: Update, _: Context) -> bool:
        """Tell an organizer in their own chat that a command in a group isn't answered; False for everyone else."""
        signer, line = _signer(update), command_of(update.effective_message)
        view = await self.threads.run(self.organizing.hint, signer, line)
        if view:
            private = Place(int(signer.user_id))
            self._send(private, view, lambda: self.delivery.answer(private, view))
        return view is not None

    async def _join(self, update: Update, line: CommandLine, event: Event) -> None:
        """Welcome a new organizer and show them the menu; nobody else has this command."""
        view = await self._run_order(update, line)
        if view is None:
            self._reply(update, await self._handle_event(update, event))
            return
        self._reply(update, view)
        who = _signer(update).user_id
        self.queue.put(("menu", who), lambda: self.offer_menu(who))

    async def text(self, update: Update, _: Context) -> None:
        """Handle something typed or sent, which answers the question if there is one and it is text."""
        event = event_of(update.effective_message)
        self._reply(update, await self._handle_event(update, event), has_more=may_have_more(event))

    async def edited(self, update: Update, _: Context) -> None:
        """Handle an edited message, which can only correct a refused answer."""
        self._reply(update, await self._handle_event(update, Correct(text_of(update.effective_message))))

    async def tap(self, update: Update, _: Context) -> None:
        """Handle a tap on a button; one from an older version of the product shows the current screen."""
        query = update.callback_query
        if query is None:
            return
        view = await self._view_after(update, query.data or "")
        edit, acknowledge = (lambda: self.delivery.edit(query, view)), (lambda: self.delivery.acknowledge(query))
        self._send(place_of_tap(query), view, acknowledge if view.is_answered else edit, acknowledge)

    async def _view_after(self, update: Update, data: str) -> View:
        order, callback = decode_order(data), decode(data, self.signing.petitions)
        view = await self._run_order(update, order) if order else None
        if view:
            return view
        if callback is None:
            return await self._handle_event(update, Open())
        return await self._handle_event(update, callback.event, callback.petition, revision=callback.revision)

    async def _run_order(self, update: Update, line: CommandLine) -> View | None:
        """The answer to an organizer's command; None for other people and other commands."""
        return await self.threads.run(self.organizing.run, _signer(update), line, update_id=str(update.update_id))

    async def _handle_event(
        self, update: Update, event: Event, petition: str = "", *, revision: int | None = None, part: str = ""
    ) -> View:
        return await self.threads.run(
            self.signing.handle, _signer(update), event, petition,
            update_id=f"{update.update_id}{part}", revision=revision,
        )  # fmt: skip

    def _reply(self, update: Update, view: View, *, has_more: bool = False) -> None:
        """Answer once, also where an app sends one thing as several messages: if it `has_more`, after the last."""
        message = update.effective_message
        if message is not None and not view.is_answered:
            place, pause = place_of(message), PARTS_WITHIN if has_more else 0
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


def _signer(update: Update) -> Signer:
    user = update.effective_user
    assert user is not None  # noqa: S101  (private chats and commands have one; the filters let nothing else through)
    return signer_of(user)


def command_of(message: Message | None) -> CommandLine:
    """The command's name without the bot's, and its argument."""
    command, argument = (*((message.text or "") if message else "").split(maxsplit=1), "", "")[:2]
    return CommandLine(command.lstrip("/").split("@")[0].lower(), argument)
