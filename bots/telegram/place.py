"""Place of a screen: the chat of the message that a person sent or tapped, and the topic in it."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import CallbackQuery, Message
from telegram.constants import ChatType


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, and its topic if the message was in one."""

    chat: int
    thread: int | None = None


def place_of(message: Message) -> Place:
    """The place of a message."""
    return Place(message.chat.id, message.message_thread_id if message.is_topic_message else None)


def place_of_tap(query: CallbackQuery) -> Place:
    """The place to answer a tap: the private chat with the person, in the topic of the message if it was there."""
    message = query.message
    if isinstance(message, Message) and message.chat.type == ChatType.PRIVATE:
        return place_of(message)
    return Place(query.from_user.id)
