"""The rights of administrators in channels, and what the server refuses those who lack them."""

from tests.telegram_server.errors import bad_request
from tests.telegram_server.state import ADMINS, Account, Chat

POSTING = "can_post_messages"


def rights_of(chat: Chat, account: Account) -> frozenset[str]:
    """The rights of an administrator; in groups, we don't tell them apart."""
    return chat.rights.get(account.id, frozenset())


def check_posting(chat: Chat, bot: Account) -> None:
    """Raise the 400 for a bot that may not post in a channel."""
    if chat.kind == "channel" and POSTING not in rights_of(chat, bot):
        raise bad_request("need administrator rights in the channel chat")


def check_members_visible(chat: Chat, bot: Account) -> None:
    """Raise the 400 for a bot that asks about the members of a channel that it does not administer."""
    if chat.kind == "channel" and chat.status(bot) not in ADMINS:
        raise bad_request("member list is inaccessible")
