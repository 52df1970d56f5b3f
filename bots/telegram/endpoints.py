"""Facts about Bot API methods for the limiter: which ones count against a chat, and which may be repeated."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from telegram.error import BadRequest

ChatId: TypeAlias = int | str | tuple[int, int]
"""A chat, by its id or its @name; or a group and the one member who sees a message there."""

# Telegram counts calls that create or change a message; look-ups, answers to taps and settings are free.
_COUNTED = ("send", "edit", "copy", "forward")
_FREE = frozenset({"sendChatAction"})

# Doing these twice has the same result as doing them once.
_REPEATABLE = ("get", "edit", "answer", "set", "delete", "pin", "unpin", "leave", "log", "close")
_REPEATABLE_TOO = frozenset({"sendChatAction"})
# Named like an answer or a getter, but posts a message.
_NOT_REPEATABLE = frozenset({"answerWebAppQuery"})

# Made by the bot for itself, and not for a chat or a person.
_SETUP = ("getMe", "getMy", "setMy", "setWebhook", "deleteWebhook")

_DONE_ALREADY = ("message is not modified", "message to delete not found")


def is_counted(endpoint: str) -> bool:
    """Return True if a call counts against the message limits."""
    return endpoint.startswith(_COUNTED) and endpoint not in _FREE


def is_setup(endpoint: str) -> bool:
    """Return True if a call sets up the bot."""
    return endpoint.startswith(_SETUP)


def is_repeatable(endpoint: str) -> bool:
    """Return True if a call may be repeated even if the first one may have taken effect."""
    if endpoint in _NOT_REPEATABLE:
        return False
    return endpoint.startswith(_REPEATABLE) or endpoint in _REPEATABLE_TOO


def took_effect_before(error: BadRequest) -> bool:
    """Return True if the refusal of a repeated call shows that the earlier try worked."""
    return any(words in error.message.lower() for words in _DONE_ALREADY)


def chat_of(data: Mapping[str, Any]) -> ChatId | None:
    """The chat in a call's parameters, as a number if possible, and the member of an ephemeral message."""
    chat = data.get("chat_id")
    if chat is None:
        return None
    person = (data.get("ephemeral_message_parameters") or data).get("receiver_user_id")
    try:
        return int(chat) if person is None else (int(chat), int(person))
    except (TypeError, ValueError):
        return str(chat)


def everyone_in(chat: ChatId) -> tuple[int, int] | None:
    """The key for all members of a group together, if this is one of them."""
    return (chat[0], 0) if isinstance(chat, tuple) else None


def is_group(chat: ChatId) -> bool:
    """Return True if the group limit applies: negative ids, and @names (only groups and channels have one).

    Telegram documents no limit for ephemeral messages, so a member of a group counts like a private chat.
    """
    return not isinstance(chat, tuple) and (isinstance(chat, str) or chat < 0)
