"""Reads the usual updates of private chats (texts, commands, and taps) from JSON, without the library's objects.

They are nearly all that comes, and making the library's objects and finding their handler takes ten times as long.
Anything unusual is left to the library: media, an edit, a forward, a group, a field that isn't listed here.
Both ways give the same values, which tests/bots/telegram/test_plain.py checks.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeGuard

from telegram.constants import ChatType, MessageEntityType

from bots.common.json_object import JsonObject
from bots.common.lasting import is_lasting
from bots.telegram.messages import reply_of
from bots.telegram.place import Place
from bots.telegram.private_updates import (
    PrivateUpdate,
    SentMessage,
    StartCommand,
    Tap,
    TypedCommand,
    command_line,
    start_argument,
)
from core.platforms import Platform
from core.signatures.signature import Signer

_MESSAGE, _TAP = frozenset({"update_id", "message"}), frozenset({"update_id", "callback_query"})
_QUERY = frozenset({"id", "from", "message", "chat_instance", "data"})
_TAPPED = frozenset(
    {
        "message_id", "from", "chat", "date", "edit_date", "text", "entities", "reply_markup", "link_preview_options",
        "effect_id", "message_thread_id", "is_topic_message",
    }
)  # fmt: skip
_TYPED = _TAPPED - {"edit_date", "reply_markup"} | {"reply_to_message"}
"""Nothing depends on the message that someone replies to."""
_NEEDED = frozenset({"message_id", "from", "chat", "date"})
_CHAT = frozenset({"id", "type", "username", "first_name", "last_name", "is_forum"})
_PERSON = frozenset(
    {
        "id", "is_bot", "first_name", "last_name", "username", "language_code", "is_premium",
        "added_to_attachment_menu", "has_topics_enabled", "allows_users_to_create_topics",
    }
)  # fmt: skip
_ENTITY = frozenset({"type", "offset", "length", "url", "language", "custom_emoji_id"})
_ENTITY_NEEDED = frozenset({"type", "offset", "length"})
_BUTTON = frozenset({"text", "callback_data", "url", "style", "icon_custom_emoji_id"})
_PREVIEW = frozenset({"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"})
_LATEST = 2**32  # seconds; later dates are the library's affair


def read_plain(update: JsonObject) -> PrivateUpdate | None:
    """The update, whose fields have the types that `reading` checks; None if the library has to read it."""
    kinds = update.keys()
    if kinds == _MESSAGE:
        return _typed(update["update_id"], update["message"])
    if kinds == _TAP:
        return _tapped(update["update_id"], update["callback_query"])
    return None


def _typed(number: int, message: JsonObject | None) -> PrivateUpdate | None:
    if not _is_private(message, _TYPED) or not message.get("text"):
        return None
    text, signer, place = message["text"], _signer(message["from"]), _place(message)
    first = next(iter(message.get("entities", ())), None)
    if first and first["type"] == MessageEntityType.BOT_COMMAND and first["offset"] == 0:
        name = text[1 : first["length"]]
        if "@" in name:  # perhaps another bot's
            return None
        if name.lower() == "start":
            return StartCommand(number, signer, place, start_argument(text))
        return TypedCommand(number, signer, place, command_line(text))
    return SentMessage(number, signer, place, reply_of(text, dt.datetime.fromtimestamp(message["date"], dt.UTC)))


def _tapped(number: int, query: JsonObject | None) -> Tap | None:
    if query is None or query.keys() != _QUERY or type(query["id"]) is not str or not _is_person(query["from"]):
        return None
    message, data = query["message"], query["data"]
    if not _is_private(message, _TAPPED) or data[:1] in "#@":  # about channels and inline cards, or empty
        return None
    buttons = _buttons(message.get("reply_markup"))
    if buttons is None:
        return None
    lasts = is_lasting(data, buttons)
    return Tap(number, _signer(query["from"]), _place(message), query["id"], data, message["message_id"], lasts)


def _is_private(message: JsonObject | None, fields: frozenset[str]) -> TypeGuard[JsonObject]:
    """True for a message in a private chat that has only these fields, as the library would take them."""
    if message is None or not _NEEDED <= message.keys() <= fields:
        return False
    chat = message["chat"]
    return (
        chat is not None
        and chat.get("type") == ChatType.PRIVATE
        and chat.keys() <= _CHAT
        and _is_person(message["from"])
        and _is_date(message["date"])
        and _is_date(message.get("edit_date", message["date"]))
        and _are_entities(message.get("entities", []))
        and _is_preview(message.get("link_preview_options", {}))
    )


def _is_person(user: JsonObject | None) -> TypeGuard[JsonObject]:
    return user is not None and "first_name" in user and "is_bot" in user and user.keys() <= _PERSON


def _is_date(seconds: object) -> bool:
    return type(seconds) is int and 0 < seconds < _LATEST


def _are_entities(entities: object) -> bool:
    return type(entities) is list and all(map(_is_entity, entities))


def _is_entity(entity: object) -> bool:
    return (
        type(entity) is dict
        and _ENTITY_NEEDED <= entity.keys() <= _ENTITY
        and type(entity["type"]) is str
        and type(entity["offset"]) is type(entity["length"]) is int
    )


def _is_preview(options: object) -> bool:
    return type(options) is dict and options.keys() <= _PREVIEW


def _buttons(markup: object) -> list[str] | None:
    """The data of the buttons, empty for links; None for a keyboard with any other buttons."""
    if markup is None:
        return []
    rows = markup.get("inline_keyboard") if type(markup) is dict else None
    if type(rows) is not list or not all(type(row) is list and all(map(_is_button, row)) for row in rows):
        return None
    return [button.get("callback_data", "") for row in rows for button in row]


def _is_button(button: object) -> bool:
    return (
        type(button) is dict
        and "text" in button
        and button.keys() <= _BUTTON
        and all(type(value) is str for value in button.values())
    )


def _signer(user: JsonObject) -> Signer:
    first, last = user["first_name"], user.get("last_name")
    name = f"{first} {last}" if last else first
    return Signer(Platform.TELEGRAM, str(user["id"]), name, user.get("language_code", ""))


def _place(message: JsonObject) -> Place:
    return Place(message["chat"]["id"], message.get("message_thread_id") if message.get("is_topic_message") else None)
