"""Kinds of channels, the permissions that each needs, and threads that are archived or locked."""

from tests.discord_server import errors
from tests.discord_server.errors import Json
from tests.discord_server.permissions import Permission, allows
from tests.discord_server.snowflakes import iso
from tests.discord_server.state import Channel

TEXT, VOICE, CATEGORY, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, STAGE, FORUM = 0, 2, 4, 5, 10, 11, 12, 13, 15
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
VOICES = (VOICE, STAGE)
WITHOUT_MESSAGES = (CATEGORY, FORUM)
_DAY = 24 * 60  # minutes without a message until a thread archives itself


def viewing(channel: Channel) -> Permission:
    """The permissions to see what is written in a channel."""
    needed = Permission.VIEW_CHANNEL
    return needed | Permission.CONNECT if channel.kind in VOICES else needed


def writing(channel: Channel) -> Permission:
    """The permission to write in a channel that one sees."""
    return Permission.SEND_MESSAGES_IN_THREADS if channel.kind in THREADS else Permission.SEND_MESSAGES


def can_write(held: Permission, channel: Channel) -> bool:
    """Return true if these permissions are enough to see a channel and write in it."""
    return allows(held, viewing(channel) | writing(channel))


def use(channel: Channel, now: float) -> None:
    """Note that something was written in a channel, which unarchives a thread."""
    channel.used, channel.archived = now, False


def look_at_clock(channel: Channel, now: float) -> None:
    """Archive a thread in which nothing was written for a day; times are in Unix seconds."""
    if channel.kind in THREADS and now - channel.used >= _DAY * 60:
        channel.archived = True


def is_closed_to_bot(channel: Channel) -> bool:
    """Return true for a private thread that the bot was not added to and may not manage."""
    private = channel.kind == PRIVATE_THREAD and not channel.with_bot
    return private and not allows(channel.bot, Permission.MANAGE_THREADS)


def refuse_without_messages(channel: Channel) -> None:
    """Raise a 400 for a channel that only holds other channels or threads."""
    if channel.kind in WITHOUT_MESSAGES:
        raise errors.NON_TEXT_CHANNEL


def refuse_locked(channel: Channel) -> None:
    """Raise a 403 for a locked thread, unless the bot may manage threads."""
    if channel.locked and not allows(channel.bot, Permission.MANAGE_THREADS):
        raise errors.THREAD_LOCKED


def refuse_archived(channel: Channel) -> None:
    """Raise a 400 for an archived thread, in which nothing can be edited."""
    refuse_locked(channel)
    if channel.archived:
        raise errors.THREAD_ARCHIVED


def own_fields(channel: Channel) -> Json:
    """The fields that only a channel of this kind has."""
    if channel.kind in VOICES:
        return {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if channel.kind not in THREADS:
        return {}
    state: Json = {"archived": channel.archived, "locked": channel.locked, "auto_archive_duration": _DAY}
    counts: Json = {"message_count": len(channel.messages), "member_count": 1, "total_message_sent": 0}
    return counts | {"thread_metadata": state | {"archive_timestamp": iso(0)}, "owner_id": "1"}
