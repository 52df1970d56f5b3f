"""A group or channel as the bot answers in it: its topic, its language, and whether a person administers it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import Message as Posted
from telegram import Update
from telegram.error import BadRequest, Forbidden

from bots.telegram.calls import Calls
from core.messages import Catalog

log = logging.getLogger(__name__)

_SUPERGROUP = "-100"  # how the ids of supergroups and channels begin


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group or channel, the topic in it, a language, its title, and the sender of what is answered.

    The language is the sender's, until core.services.cards says which one the group speaks. `sender` is the id of a
    person or, for anonymous administrators and channels, of a chat.
    """

    chat: int
    thread: int | None
    locale: str
    title: str = ""
    sender: int = 0


def group_chat(update: Update, catalog: Catalog) -> GroupChat | None:
    """The chat and topic to answer in, and the sender with their language."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None:
        return None
    thread = message.message_thread_id if message and message.is_topic_message else None
    sender = (message.sender_chat if message else None) or user
    locale = catalog.negotiate(user.language_code if user else None)
    return GroupChat(chat.id, thread, locale, chat.title or "", sender.id if sender else 0)


async def administers(calls: Calls, place: GroupChat, message: Posted) -> bool | None:
    """Return True if the sender administers the group; anonymous administrators write as the group itself.

    None means that Telegram doesn't say.
    """
    if message.sender_chat:
        return message.sender_chat.id == place.chat
    user = message.from_user
    try:
        return user is not None and user.id in await calls.administrators(place.chat)
    except (Forbidden, BadRequest) as refusal:
        log.info("could not find out a group's administrators: %s", refusal.message)
        return None


def message_link(chat: str, thread: str, message: str) -> str:
    """The address of a message, for members of its group; empty in basic groups, whose messages have none."""
    if not chat.startswith(_SUPERGROUP):
        return ""
    place = "/".join(part for part in (chat.removeprefix(_SUPERGROUP), thread, message) if part)
    return f"https://t.me/c/{place}"
