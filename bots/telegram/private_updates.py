"""Texts, commands, and taps of private chats as plain values, and how to get them from the library's objects.

bots/telegram/plain.py reads the usual ones without the library.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, Update, User

from bots.telegram.lasting import is_lasting
from bots.telegram.messages import event_of, text_of
from bots.telegram.place import Place, place_of, place_of_tap
from core.conversation.state import Correct, Event
from core.organizer.command import CommandLine
from core.platforms import Platform
from core.signatures.signature import Signer


@dataclass(frozen=True, slots=True)
class PrivateUpdate:
    """An update of a private chat: its number, the sender, and the place for the answer."""

    update_id: int
    signer: Signer
    place: Place


@dataclass(frozen=True, slots=True)
class StartCommand(PrivateUpdate):
    """The command `/start`, with the deep link's argument if there is one."""

    argument: str


@dataclass(frozen=True, slots=True)
class TypedCommand(PrivateUpdate):
    """Any other command."""

    line: CommandLine


@dataclass(frozen=True, slots=True)
class SentMessage(PrivateUpdate):
    """A message that is not a command, or a correction of one, as the event that it is."""

    event: Event


@dataclass(frozen=True, slots=True)
class Tap(PrivateUpdate):
    """A tap on a button. `query` is the id of the tap; `message` is the number of the button's message, 0 for none."""

    query: str
    data: str
    message: int = 0
    is_lasting: bool = False


def start_of(update: Update) -> StartCommand:
    """`/start` in a private chat."""
    message = _message(update)
    return StartCommand(update.update_id, sender_of(update), place_of(message), start_argument(message.text or ""))


def command_of(update: Update) -> TypedCommand:
    """Any other command in a private chat."""
    message = _message(update)
    return TypedCommand(update.update_id, sender_of(update), place_of(message), command_line(message.text or ""))


def sent_of(update: Update) -> SentMessage:
    """Anything else that was typed or sent in a private chat."""
    message = _message(update)
    return SentMessage(update.update_id, sender_of(update), place_of(message), event_of(message))


def edited_of(update: Update) -> SentMessage:
    """An edited message in a private chat, which can only correct a refused answer."""
    message = _message(update)
    return SentMessage(update.update_id, sender_of(update), place_of(message), Correct(text_of(message)))


def tap_of(update: Update) -> Tap:
    """A tap that is answered in a private chat."""
    query = update.callback_query
    assert query is not None  # noqa: S101  (the handler lets nothing else through)
    number = query.message.message_id if query.message else 0
    return Tap(
        update.update_id, signer_of(query.from_user), place_of_tap(query), query.id, query.data or "", number,
        is_lasting(query),
    )  # fmt: skip


def signer_of(user: User) -> Signer:
    """The account behind an update; its name and language are only hints."""
    return Signer(Platform.TELEGRAM, str(user.id), user.full_name, user.language_code or "")


def sender_of(update: Update) -> Signer:
    """The account that sent a message or a command; the filters let no other update through."""
    user = update.effective_user
    assert user is not None  # noqa: S101  (as above)
    return signer_of(user)


def start_argument(text: str) -> str:
    """The words after `/start`."""
    return " ".join(text.split()[1:])


def command_line(text: str) -> CommandLine:
    """The command's name without the bot's, and its argument."""
    command, argument = (*text.split(maxsplit=1), "", "")[:2]
    return CommandLine(command.lstrip("/").split("@")[0].lower(), argument)


def _message(update: Update) -> Message:
    message = update.effective_message
    assert message is not None  # noqa: S101  (as above)
    return message
