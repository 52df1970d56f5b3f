"""The routing table: each kind of update, and the method that handles it."""

from __future__ import annotations

from typing import Any, TypeAlias

from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bots.telegram.groups import Groups
from bots.telegram.handlers import PrivateChat
from bots.telegram.inline import Inline
from core.organizer import LISTED

ORGANIZERS_ALONE = tuple(name for name in LISTED if name not in ("help", "count", "milestone"))
"""Commands of organizers that mean nothing in a group."""
UpdateHandler: TypeAlias = BaseHandler[Any, Any, Any]


def handlers(private: PrivateChat, groups: Groups, inline: Inline, bot_id: int) -> list[UpdateHandler]:
    """The handlers in order; the first one that an update fits gets it."""
    new, together = filters.UpdateType.MESSAGE, filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
    alone = filters.ChatType.PRIVATE & new & ~filters.StatusUpdate.ALL & ~filters.ViaBot(bot_id)
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION)
    return [
        CallbackQueryHandler(private.tap),
        InlineQueryHandler(inline.query),
        CommandHandler("start", private.start, alone),
        MessageHandler(alone & filters.COMMAND, private.command),
        MessageHandler(alone, private.text),
        MessageHandler(edited, private.edited),
        CommandHandler(["petition", "start"], groups.petition, together),
        CommandHandler("count", groups.count, together),
        CommandHandler("community", groups.community, together),
        CommandHandler("milestone", groups.milestone, together),
        CommandHandler(ORGANIZERS_ALONE, private.command_in_group, together & ~filters.SenderChat.ALL),
        MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated),
        ChatMemberHandler(groups.added, ChatMemberHandler.MY_CHAT_MEMBER),
    ]
