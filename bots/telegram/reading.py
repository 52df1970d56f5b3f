"""Parses updates one by one, and names the kinds that the bot wants."""

from __future__ import annotations

import logging
from collections.abc import Hashable
from typing import Any, TypeAlias

from telegram import Bot, Update

from bots.common.bot_api import is_number
from bots.telegram.place import ephemeral_id, member_place_of_tap
from bots.telegram.plain import read_plain
from bots.telegram.private_updates import PrivateUpdate, Tap

log = logging.getLogger(__name__)

WANTED = [
    Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY, Update.MY_CHAT_MEMBER,
    Update.CHANNEL_POST, Update.CHOSEN_INLINE_RESULT,
]  # fmt: skip


Incoming: TypeAlias = Update | PrivateUpdate
_MESSAGES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CHANNEL_POST)
_LARGEST = 2**52  # of the numbers that Telegram assigns
_TEXTS = frozenset(
    {
        "text", "caption", "data", "query", "first_name", "last_name", "username", "language_code", "title", "type",
        "media_group_id", "inline_message_id", "result_id",
    }
)  # fmt: skip
_NUMBERS = frozenset(
    {"message_id", "ephemeral_message_id", "message_thread_id", "migrate_to_chat_id", "chat_id", "request_id"}
)
_OBJECTS = frozenset({"from", "chat", "sender_chat", "receiver_user", "message", "chat_shared"})
_CHECKED = _TEXTS | _NUMBERS | _OBJECTS
_CONTENTS = frozenset(
    {
        "animation", "audio", "checklist", "contact", "dice", "document", "external_reply", "forward_origin", "game",
        "giveaway", "giveaway_winners", "invoice", "live_photo", "location", "paid_media", "photo", "poll",
        "reply_to_message", "sticker", "story", "venue", "video", "video_note", "voice",
    }
)  # fmt: skip


def number_of(written: object) -> int | None:
    """The number of an update; None if it has none."""
    number = written.get("update_id") if isinstance(written, dict) else None
    return number if isinstance(number, int) and is_number(number) and 0 <= number < _LARGEST else None


def read(written: object, bot: Bot) -> Incoming | None:
    """The update, as plain values if it is a usual one; None if it cannot be parsed.

    The library's own way would log the whole text and stop.
    """
    try:
        update = _sound(written)
        return read_plain(update) or read_with_library(update, bot)
    except Exception as error:  # noqa: BLE001
        log.warning("skipped an update that cannot be read: %s", type(error).__name__)
        return None


def read_with_library(update: dict[str, Any], bot: Bot) -> Update:
    """An update that has a number, as the library's object.

    Of a message with contents that the library cannot read, such as a poll of another Bot API, the words remain.
    """
    try:
        return Update.de_json(update, bot)
    except Exception:  # noqa: BLE001  (whatever a future Bot API sends)
        return Update.de_json(_without_contents(update), bot)


def _without_contents(update: dict[str, Any]) -> dict[str, Any]:
    """The update without what people send besides words."""
    messages = {name: update[name] for name in _MESSAGES if name in update}
    return update | {
        name: {key: value for key, value in message.items() if key not in _CONTENTS}
        for name, message in messages.items()
    }


def _sound(written: object) -> dict[str, Any]:
    """A copy of an update in which the handlers find the types that they expect. Raises TypeError."""
    if not isinstance(written, dict) or number_of(written) is None:
        raise TypeError
    for kind in WANTED:
        _check(written.get(kind))
    return dict(written)


def _check(part: object) -> None:
    """Check the fields that the bot uses, also of the person and the chat; the library takes them as they come."""
    if part is None:
        return
    if not isinstance(part, dict) or (("first_name" in part or "type" in part) and not is_number(part.get("id"))):
        raise TypeError
    for name in _CHECKED.intersection(part):
        value = part[name]
        if (name in _TEXTS and not isinstance(value, str)) or (name in _NUMBERS and not is_number(value)):
            raise TypeError
        if name in _OBJECTS:
            _check(value)


def queue_key(update: Incoming) -> Hashable:
    """Updates in one chat go one after another; those without a chat, by person.

    In a group, members who sign don't wait for each other: what only one of them sees has an order of its own.
    """
    if isinstance(update, PrivateUpdate):
        return update.place.chat
    query, message = update.callback_query, update.message
    place = member_place_of_tap(query) if query else None
    if place:
        return place.key
    if message and message.from_user and ephemeral_id(message) is not None:
        return message.chat.id, message.from_user.id
    who = update.effective_chat or update.effective_user
    return who.id if who else 0


def kind(update: Incoming) -> str:
    """The kind of an update, one of those that the bot wants."""
    if isinstance(update, PrivateUpdate):
        return Update.CALLBACK_QUERY if isinstance(update, Tap) else Update.MESSAGE
    return next((wanted for wanted in WANTED if getattr(update, wanted)), "other")
