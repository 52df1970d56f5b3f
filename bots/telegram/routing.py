"""The routing table: each kind of update, and the method that handles it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    ChosenInlineResultHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bots.telegram.channel_requests import ChannelRequests
from bots.telegram.channels import Channels
from bots.telegram.group_signing import GroupSigning
from bots.telegram.groups import Groups
from bots.telegram.handlers import Context, PrivateChat
from bots.telegram.inline import Inline
from bots.telegram.payloads import CHANNEL, INLINE_CARD
from bots.telegram.place import ephemeral_id, member_place_of_tap
from bots.telegram.private_updates import PrivateUpdate, command_of, edited_of, sent_of, start_of, tap_of
from core.organizer import LISTED

ORGANIZERS_ALONE = tuple(name for name in LISTED if name not in ("help", "count", "milestone"))
"""Commands of organizers that mean nothing in a group."""
UpdateHandler: TypeAlias = BaseHandler[Any, Any, Any]


class _GroupTaps(CallbackQueryHandler[Any, Any]):
    """A handler for the taps in groups and channels."""

    def check_update(self, update: object) -> bool | object | None:
        query = update.callback_query if isinstance(update, Update) else None
        return super().check_update(update) if query and member_place_of_tap(query) else None


class _Ephemeral(filters.MessageFilter):
    """The messages in groups that only their sender and the bot see."""

    def filter(self, message: Message) -> bool:
        return ephemeral_id(message) is not None


class _NamesBot(filters.MessageFilter):
    """The commands that name this bot, such as /sign@its_name."""

    def filter(self, message: Message) -> bool:
        command, _, name = (message.text or "").partition(" ")[0].partition("@")
        return command.startswith("/") and name.lower() == message.get_bot().username.lower()


def handlers(
    private: PrivateChat, groups: Groups, signing: GroupSigning, inline: Inline,
    channels: tuple[Channels, ChannelRequests], bot_id: int,
) -> list[UpdateHandler]:  # fmt: skip
    """The handlers in order; the first one that an update fits gets it."""
    alone = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL & ~filters.ViaBot(bot_id)
    edited = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION)
    return [
        *_inline(inline),
        *_channels(*channels),
        _GroupTaps(signing.tap),
        CallbackQueryHandler(_plainly(private, tap_of)),
        CommandHandler("start", _plainly(private, start_of), alone),
        MessageHandler(alone & filters.COMMAND, _plainly(private, command_of)),
        MessageHandler(alone, _plainly(private, sent_of)),
        MessageHandler(edited, _plainly(private, edited_of)),
        *_group_handlers(private, groups, signing),
        ChatMemberHandler(groups.added, ChatMemberHandler.MY_CHAT_MEMBER),
    ]


def _plainly(
    private: PrivateChat, read: Callable[[Update], PrivateUpdate]
) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    """Handle an update of a private chat as plain values."""

    async def handle(update: Update, _: Context) -> None:
        await private.handle(read(update))

    return handle


def _group_handlers(private: PrivateChat, groups: Groups, signing: GroupSigning) -> list[UpdateHandler]:
    """The handlers for messages in groups: commands, what only one member sees, and nothing else."""
    # A channel's posts also appear in the group where people discuss them, and ask for nothing there.
    together = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE & ~filters.IS_AUTOMATIC_FORWARD
    ephemeral, names_bot = _Ephemeral(), _NamesBot()

    async def organizers_command(update: Update, context: Context) -> None:
        if await private.command_in_group(update, context):
            return
        if ephemeral.check_update(update):
            await signing.text(update, context)
        elif names_bot.check_update(update):
            await groups.help(update, context)

    return [
        CommandHandler(["petition", "start"], groups.petition, together),
        CommandHandler("count", groups.count, together),
        CommandHandler("community", groups.community, together),
        CommandHandler("milestone", groups.milestone, together),
        CommandHandler("help", groups.help, together),
        CommandHandler(ORGANIZERS_ALONE, organizers_command, together & ~filters.SenderChat.ALL),
        MessageHandler(together & ephemeral & ~filters.SenderChat.ALL, signing.text),
        MessageHandler(together & filters.COMMAND & names_bot, groups.help),
        MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated),
    ]


def _inline(inline: Inline) -> list[UpdateHandler]:
    return [
        CallbackQueryHandler(inline.read, INLINE_CARD),
        InlineQueryHandler(inline.query),
        ChosenInlineResultHandler(inline.chosen),
    ]


def _channels(channels: Channels, requests: ChannelRequests) -> list[UpdateHandler]:
    posted = filters.UpdateType.CHANNEL_POST
    return [
        CallbackQueryHandler(requests.tap, CHANNEL),
        MessageHandler(filters.ChatType.PRIVATE & filters.StatusUpdate.CHAT_SHARED, requests.shared),
        CommandHandler("petition", channels.petition, posted),
        CommandHandler("milestone", channels.milestone, posted),
        CommandHandler(["count", "community", "help"], channels.help, posted),
        MessageHandler(posted & filters.COMMAND & _NamesBot(), channels.help),
        _ChannelMemberHandler(channels.promoted, ChatMemberHandler.MY_CHAT_MEMBER),
    ]


class _ChannelMemberHandler(ChatMemberHandler[Context, None]):
    """Handles only changes of the bot's rights in channels."""

    def check_update(self, update: object) -> bool:
        change = update.my_chat_member if isinstance(update, Update) else None
        return change is not None and change.chat.type == ChatType.CHANNEL
