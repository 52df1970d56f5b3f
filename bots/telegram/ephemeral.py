"""Ephemeral messages (Bot API 10.3): one member of a group sees them, and nobody else.

A server that ignores unknown parameters would show them to the whole group. So every answer is checked, and at the
first wrong one the message is deleted and nothing is sent this way until the next start.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from enum import Enum

from telegram.error import TelegramError

from bots.common.bot_api import is_number
from bots.common.json_object import JsonObject
from bots.telegram.calls import Calls
from bots.telegram.limiter import Sending
from bots.telegram.place import MemberPlace
from bots.telegram.renderer import TelegramMessage

log = logging.getLogger(__name__)

LONGEST_HOLD = 1.0  # seconds to wait for a group that Telegram holds back; then people are led to the private chat
_PROBE = Sending(longest_hold=LONGEST_HOLD)
_SCREEN = Sending(longest_hold=LONGEST_HOLD, repeat=True)


class EphemeralMode(Enum):
    """The setting TELEGRAM_EPHEMERAL."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


class EphemeralError(Exception):
    """A message was not, or could not be, sent to one member alone."""


class EphemeralSupport:
    """This process's trust in the server: whether it sends ephemeral messages as Bot API 10.3 describes them.

    In mode `auto`, trust begins when the server has answered one of them correctly. It ends at a wrong answer.
    """

    def __init__(self, mode: EphemeralMode) -> None:
        self.is_off = mode is EphemeralMode.OFF
        self.is_proven = mode is EphemeralMode.ON
        self.changed = asyncio.Event()

    @property
    def may_work(self) -> bool:
        """True unless it is known not to work."""
        return not self.is_off

    def prove(self) -> None:
        """Trust the server from now on."""
        if not self.is_proven and not self.is_off:
            self.is_proven = True
            self.changed.set()

    def give_up(self) -> None:
        """Send nothing more until the next start."""
        self.is_off, self.is_proven = True, False
        self.changed.set()


@dataclass(frozen=True)
class EphemeralMessages:
    """Sends and edits messages that one member of a group sees. Raises EphemeralError or TelegramError."""

    calls: Calls
    support: EphemeralSupport

    async def send(self, place: MemberPlace, message: TelegramMessage, *, asks: bool = False) -> None:
        """Send a message to a member alone; one that `asks` makes the app open a reply to it, which is ephemeral too.

        Until the server is trusted, send only what the whole group may see.
        """
        if self.support.is_off:
            raise EphemeralError
        values = _address(place) | message.content()
        if asks:
            values["reply_markup"] = {"inline_keyboard": (), **values.get("reply_markup", {}), "force_reply": True}
        sent = await self.calls.post("sendMessage", values, _SCREEN if self.support.is_proven else _PROBE)
        if not _is_ephemeral(sent, place):
            await self._take_back(place.chat, sent["message_id"])
            raise EphemeralError
        self.support.prove()

    async def edit(self, place: MemberPlace, message: TelegramMessage) -> None:
        """Replace the content of the ephemeral message that the member tapped."""
        if not self.support.is_proven:
            raise EphemeralError
        which = {"chat_id": place.chat, "receiver_user_id": place.person, "ephemeral_message_id": place.tapped}
        await self.calls.post("editEphemeralMessageText", which | message.content(edits=True), _SCREEN)

    async def _take_back(self, chat: int, number: int) -> None:
        """Delete a message that the whole group sees, and stop trusting the server."""
        self.support.give_up()
        log.warning(
            "the Bot API server showed an ephemeral message to a whole group: deleting it, and leading people to the "
            "private chat until the next start"
        )
        try:
            await self.calls.post("deleteMessage", {"chat_id": chat, "message_id": number})
        except TelegramError as error:
            log.warning("that message could not be deleted: %s", error.message)


def _address(place: MemberPlace) -> JsonObject:
    """The parameters for one member of a group: the tap or the message that allows it, if there is one."""
    values: JsonObject = {"chat_id": place.chat, "ephemeral_message_parameters": {"receiver_user_id": place.person}}
    if place.thread is not None:
        values["message_thread_id"] = place.thread
    if place.tap:
        values["ephemeral_message_parameters"]["callback_query_id"] = place.tap
    elif place.sent is not None:
        values["reply_parameters"] = {"ephemeral_message_id": place.sent}
    return values


def _is_ephemeral(sent: JsonObject, place: MemberPlace) -> bool:
    """True if the answer is that of a message which only this member sees."""
    receiver = sent.get("receiver_user", {"id": place.person})
    return (
        sent["message_id"] == 0
        and is_number(sent.get("ephemeral_message_id"))
        and isinstance(receiver, dict)
        and receiver.get("id") == place.person
    )
