"""The meaning of a message in a private chat: text to take, or something else that answers nothing."""

from __future__ import annotations

import datetime as dt

from telegram import Message
from telegram.constants import MessageLimit

from core.conversation.state import Event, Reply
from core.conversation.typed import Media, MediaKind
from core.text.pages import utf16_length

LONGEST = MessageLimit.MAX_TEXT_LENGTH  # UTF-16 units of a message; apps split longer texts
_SPLIT_FROM = LONGEST // 2  # since apps split at white space if there is any in the second half


def text_of(message: Message | None) -> str:
    """The text of a message, or its caption."""
    return (message and (message.text or message.caption)) or ""


def event_of(message: Message | None) -> Event:
    """The event of a message that is not a command."""
    text = text_of(message)
    album = (message and message.media_group_id) or ""
    if message and text:
        return _reply(text, message.date, _joint(text) if message.text else None, album)
    return Media(_kind(message), album, _phone(message))


def reply_of(text: str, date: dt.datetime) -> Reply:
    """The event of a text that is not a command."""
    return _reply(text, date, _joint(text))


def _reply(text: str, date: dt.datetime, joint: str | None, album: str = "") -> Reply:
    return Reply(text, date, joint, album, without_buttons=True)


def may_have_more(event: Event) -> bool:
    """True if the app may send more messages that belong to this one."""
    return isinstance(event, Reply | Media) and bool(
        event.album or (isinstance(event, Reply) and event.joint is not None)
    )


def _joint(text: str) -> str | None:
    """The white space that the app dropped between this text and its rest; None if nothing was split off."""
    length = utf16_length(text)
    if length < _SPLIT_FROM:
        return None
    return "" if length >= LONGEST - 1 else " "  # no app cuts a character of two units


def _phone(message: Message | None) -> str:
    """The sender's own number, if they shared it, with its calling code; Telegram may leave the plus out."""
    contact, sender = (message.contact, message.from_user) if message else (None, None)
    number = contact.phone_number if contact and sender and contact.user_id == sender.id else ""
    return f"+{number.removeprefix('+')}" if number else ""


def _kind(message: Message | None) -> MediaKind:
    if message and (message.voice or message.video_note or message.audio):
        return MediaKind.VOICE
    return MediaKind.CONTACT if message and message.contact else MediaKind.OTHER
