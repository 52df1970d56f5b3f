"""A group as the bot answers in it: its topic, its language, and whether a member administers it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import Message as Posted
from telegram import Update
from telegram.error import BadRequest, Forbidden

from bots.telegram.calls import Calls
from core.messages import Catalog

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group, the topic in it, the language of the person who sent the command, and the group's title."""

    chat: int
    thread: int | None
    locale: str
    title: str = ""


def group_chat(update: Update, catalog: Catalog) -> GroupChat | None:
    """The group and topic to answer in, and the language."""
    chat, user, message = update.effective_chat, update.effective_user, update.effective_message
    if chat is None:
        return None
    thread = message.message_thread_id if message and message.is_topic_message else None
    return GroupChat(chat.id, thread, catalog.negotiate(user.language_code if user else None), chat.title or "")


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
