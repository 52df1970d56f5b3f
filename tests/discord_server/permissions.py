"""The permissions that matter to a bot that posts, and the usual sets of them."""

from enum import IntFlag


class Permission(IntFlag):
    """Bits as in Discord's documentation."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


READER = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
WRITER = READER | Permission.CONNECT | Permission.SEND_MESSAGES | Permission.SEND_MESSAGES_IN_THREADS
POSTER = WRITER | Permission.EMBED_LINKS | Permission.ATTACH_FILES
MEMBER = POSTER | Permission.USE_APPLICATION_COMMANDS | Permission.USE_EXTERNAL_APPS
EVERYTHING = Permission(sum(bit.value for bit in Permission))


def allows(held: Permission, wanted: Permission) -> bool:
    """Return true if `held` includes all wanted permissions; administrators have every one."""
    return bool(held & Permission.ADMINISTRATOR) or (held & wanted) == wanted
