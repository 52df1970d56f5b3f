"""The bot's coming and going in a chat."""

from tests.telegram_server.chat_rights import rights_of
from tests.telegram_server.methods.chats import member_json
from tests.telegram_server.state import Account, Chat, Status
from tests.telegram_server.world import World


def announce(
    world: World, chat: Chat, by: Account, before: Status, after: Status, old_rights: frozenset[str] = frozenset()
) -> None:
    """Tell the bot that its own membership was changed (my_chat_member)."""
    payload = {"chat": chat.to_json(), "from": by.to_json(), "date": world.now()}
    old = member_json(world.bot, before, chat, old_rights)
    new = member_json(world.bot, after, chat, rights_of(chat, world.bot))
    world.updates.post("my_chat_member", payload | {"old_chat_member": old, "new_chat_member": new})


def change(world: World, chat: Chat, by: Account, after: Status) -> None:
    """Change the bot's membership of a group and announce it."""
    before = chat.status(world.bot)
    chat.statuses[world.bot.id] = after
    announce(world, chat, by, before, after)


def upgrade(world: World, chat: Chat, by: Account) -> Chat:
    """Turn a basic group into a supergroup with a new id, as Telegram does on its own."""
    new = Chat(id=-1_000_000_000_000 + chat.id, kind="supergroup", title=chat.title, statuses=dict(chat.statuses))
    world.chats[new.id] = new
    leaving = world.new_message(chat, by)
    leaving.extra = {"migrate_to_chat_id": new.id}
    arriving = world.new_message(new, by)
    arriving.extra = {"migrate_from_chat_id": chat.id}
    for message in (leaving, arriving):
        world.updates.post("message", message.to_json())
    chat.migrated_to = new.id
    return new
