"""Tells people that their update could not be handled yet, or asks them to try again."""

from __future__ import annotations

from dataclasses import dataclass

from telegram.constants import ChatType

from bots.common.per_chat_queue import PerChatQueue
from bots.telegram.calls import Calls
from bots.telegram.chat_sender import ChatSender
from bots.telegram.place import Place, place_of
from bots.telegram.private_updates import PrivateUpdate, Tap, sender_of
from bots.telegram.reading import Incoming
from bots.telegram.renderer import TelegramMessage
from core.messages import Catalog, Message
from core.signatures.signature import Signer


@dataclass(frozen=True)
class Apologies:
    """Speaks to the person behind an update: in a dialog after a tap, otherwise in the private chat.

    In a group, only someone who tapped hears anything.
    """

    catalog: Catalog
    calls: Calls
    sender: ChatSender
    queue: PerChatQueue

    def apologize(self, update: Incoming) -> None:
        """Apologize for an update that was not handled."""
        self._tell(update, Message("notice.try_again"))

    def promise(self, update: Incoming) -> None:
        """Say that an update will be handled as soon as the database works."""
        self._tell(update, Message("notice.not_yet"))

    def _tell(self, update: Incoming, message: Message) -> None:
        if isinstance(update, PrivateUpdate):
            self._put(message, update.signer, update.query if isinstance(update, Tap) else "", update.place)
        elif update.callback_query:
            self._put(message, sender_of(update), update.callback_query.id)
        elif update.message and update.effective_user and update.message.chat.type == ChatType.PRIVATE:
            self._put(message, sender_of(update), "", place_of(update.message))

    def _put(self, message: Message, to: Signer, tap: str, place: Place | None = None) -> None:
        words = self.catalog.text(message, self.catalog.negotiate(to.language))

        async def send() -> None:
            if tap:
                await self.calls.answer_tap(tap, words)
            elif place:
                await self.sender.message(place, TelegramMessage(words))

        self.queue.put(("sorry", to.user_id), send)
