"""Ephemeral messages of Bot API 10.3: one member of a group sees them, nobody else does, and they may get lost.

Their `message_id` is 0. The server knows an id as long as it is valid; whether the member's app shows the message is
another question: it shows nothing that was sent while it was offline, and forgets all when it restarts.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.telegram_server.errors import bad_request
from tests.telegram_server.state import ADMINS, PRESENT, Account, Chat, Json, Message

if TYPE_CHECKING:
    from tests.telegram_server.params import Params
    from tests.telegram_server.world import World

GRANT_SECONDS = 15
_FIRST_ID = 29_000_000
_OPTIONS = frozenset({"receiver_user_id", "callback_query_id", "replace_callback_query_message"})


@dataclass(eq=False, slots=True)
class Inbox:
    """The ephemeral messages of one member in one group: the valid ones, those that the app shows, and all so far."""

    valid: dict[int, Message] = field(default_factory=dict)
    shown: dict[int, Message] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)

    def take(self, message: Message, person: Account) -> None:
        """Keep a message, and show it unless the person is offline."""
        assert message.ephemeral_id is not None
        self.valid[message.ephemeral_id] = message
        if not person.offline:
            self.shown[message.ephemeral_id] = message
            self.journal.append(message.as_text())


def typed(world: "World", chat: Chat, person: Account, text: str) -> Message:
    """A message from a member to the bot that nobody else sees, such as a reply to an ephemeral message."""
    message = _message(world, chat, person, world.bot)
    message.text = text
    world.inbox(chat, person).take(message, person)
    return message


def compose(world: "World", chat: Chat, params: "Params") -> Message:
    """The ephemeral message of a call, for the member that it names; raises a 400 for what Telegram would refuse."""
    options = params.json("ephemeral_message_parameters")
    if not isinstance(options, dict) or set(options) - _OPTIONS or not isinstance(options.get("receiver_user_id"), int):
        raise bad_request("can't parse EphemeralMessageParameters")
    person, reply = member(world, chat, options["receiver_user_id"]), params.json("reply_parameters") or {}
    if {"message_id", "ephemeral_message_id"} <= set(reply) or "chat_id" in reply:
        raise bad_request("can't parse reply parameters")
    if not _is_granted(world, chat, person, options, reply):
        raise bad_request("EPHEMERAL_MESSAGE_NOT_ALLOWED")
    return _message(world, chat, world.bot, person)


def member(world: "World", chat: Chat, number: int) -> Account:
    """The member of a group who may get ephemeral messages there."""
    if chat.kind not in {"group", "supergroup"}:
        raise bad_request("ephemeral messages can be sent only to groups and supergroups")
    person = world.accounts.get(number)
    if person is None or person.is_bot or chat.status(person) not in PRESENT:
        raise bad_request("USER_NOT_PARTICIPANT")
    return person


def _message(world: "World", chat: Chat, sender: Account, receiver: Account) -> Message:
    number = _FIRST_ID + world.number()
    return Message(
        0, chat, sender, world.now(), ephemeral_id=number, receiver=receiver, after=chat.next_id - 1, at=world.clock()
    )  # fmt: skip


def _is_granted(world: "World", chat: Chat, person: Account, options: Json, reply: Json) -> bool:
    replaces = options.get("replace_callback_query_message", False)
    query, answered = options.get("callback_query_id"), reply.get("ephemeral_message_id")
    if query is None and replaces:
        raise bad_request("replace_callback_query_message needs callback_query_id")
    since = world.clock() - GRANT_SECONDS
    if query is not None:
        tap = world.taps.get(query)
        if tap is None or tap.person is not person or tap.message.chat is not chat:
            raise bad_request("QUERY_ID_INVALID")
        if replaces and tap.message.ephemeral_id is not None:
            raise bad_request("an ephemeral message can't be replaced")
        return tap.at >= since
    if answered is not None:
        message = world.inbox(chat, person).valid.get(answered)
        if message is None or message.sender is not person:
            raise bad_request("message to be replied not found")
        return message.at >= since
    return chat.status(world.bot) in ADMINS
