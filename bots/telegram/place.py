"""Place of a screen: the chat of the message that a person sent or tapped, and the topic in it.

In a group, a screen is for one member. Ephemeral messages have the `message_id` 0, and ids of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message
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


@dataclass(frozen=True, slots=True)
class MemberPlace:
    """A member of a group, and what allows a message there that nobody else sees.

    `tap` is the id of their callback query, and `sent` that of the ephemeral message that they sent; Telegram accepts
    either for 15 seconds. `tapped` is the ephemeral message whose button they tapped. An ephemeral id is valid only for
    this group and member.
    """

    chat: int
    person: int
    thread: int | None = None
    tap: str = ""
    sent: int | None = None
    tapped: int | None = None

    @property
    def key(self) -> tuple[int, int]:
        """The group and the member."""
        return self.chat, self.person


def ephemeral_id(message: MaybeInaccessibleMessage | None) -> int | None:
    """The id of an ephemeral message; None for a message that everyone in its chat sees."""
    number = message.api_kwargs.get("ephemeral_message_id") if message else None
    return number if isinstance(number, int) else None


def member_place(message: Message, person: int) -> MemberPlace:
    """The place to answer an ephemeral message that a member of a group sent."""
    return MemberPlace(message.chat.id, person, place_of(message).thread, sent=ephemeral_id(message))


def member_place_of_tap(query: CallbackQuery) -> MemberPlace | None:
    """The place to answer a tap in a group or a channel; None for a tap elsewhere."""
    message = query.message
    if message is None or message.chat.type == ChatType.PRIVATE:
        return None
    thread = place_of(message).thread if isinstance(message, Message) else None
    return MemberPlace(message.chat.id, query.from_user.id, thread, tap=query.id, tapped=ephemeral_id(message))
