"""Channels: who may post there, what the bot sees of them, and the dialogs that lead there."""

from typing import Any

from tests.telegram_server import keyboards
from tests.telegram_server.chat_rights import POSTING, rights_of
from tests.telegram_server.entities import find
from tests.telegram_server.membership import announce
from tests.telegram_server.state import ADMINS, Account, Chat, Json, Message
from tests.telegram_server.views import ChatView, Server


class Channel:
    """A channel, as its administrators and readers use it."""

    def __init__(self, server: Server, chat: Chat, owner: Account) -> None:
        self.chat = chat
        self._server = server
        self._owner = owner

    @property
    def messages(self) -> list[Message]:
        """All posts, oldest first."""
        return [self.chat.messages[number] for number in sorted(self.chat.messages)]

    @property
    def posts(self) -> list[Message]:
        """The bot's posts, oldest first."""
        return [message for message in self.messages if message.sender is self._server.world.bot]

    def admit(self, person: Account, *rights: str) -> None:
        """Make a person an administrator with these rights."""
        self.chat.statuses[person.id] = "administrator"
        self.chat.rights[person.id] = frozenset(rights)

    async def promote_bot(self, by: Account | None = None, *rights: str, wait: bool = True) -> None:
        """Let an administrator (the owner) make the bot one; without `rights`, it may post and edit."""
        promote_bot(self._server, self.chat, by or self._owner, rights or ("can_post_messages", "can_edit_messages"))
        if wait:
            await self._server.settle()

    async def dismiss_bot(self, *, wait: bool = True) -> None:
        """Let the owner remove the bot."""
        world = self._server.world
        before, self.chat.statuses[world.bot.id] = self.chat.status(world.bot), "kicked"
        announce(world, self.chat, self._owner, before, "kicked")
        if wait:
            await self._server.settle()

    async def post(self, text: str, by: Account | None = None, *, wait: bool = True) -> Message:
        """Let an administrator (the owner) post; nobody learns who it was, and the bot sees it if it is one, too."""
        world, author = self._server.world, by or self._owner
        if not may_post(self.chat, author):
            raise LookupError(f"{author.name} may not post in {self.chat.title}")
        message = world.new_message(self.chat, author, text)
        message.entities = find(text)
        world.add(self.chat, message)
        if self.chat.status(world.bot) in ADMINS:
            world.updates.post("channel_post", message.to_json())
        if wait:
            await self._server.settle()
        return message


def promote_bot(server: Server, chat: Chat, by: Account, rights: tuple[str, ...]) -> None:
    """Make the bot an administrator, and tell it."""
    world = server.world
    before, old = chat.status(world.bot), rights_of(chat, world.bot)
    chat.statuses[world.bot.id], chat.rights[world.bot.id] = "administrator", frozenset(rights)
    announce(world, chat, by, before, "administrator", old)


def may_post(chat: Chat, account: Account) -> bool:
    """Return True if an account may post in a channel."""
    return chat.status(account) == "creator" or POSTING in rights_of(chat, account)


async def share_channel(view: ChatView, words: str, channel: Channel, *, wait: bool = True) -> Message:
    """Press a button of the reply keyboard that asks for a channel, and choose this one from the app's list.

    The list has only channels where the person has the rights that the button demands. The app makes the bot an
    administrator if the button says so and the bot isn't one yet.
    """
    server, world = view._server, view._world
    button = keyboards.find(view.chat.keyboard, words)
    if button is None or "request_chat" not in button:
        raise LookupError(f"no button {words!r} asks for a chat in {view.chat.keyboard}")
    request: Json = button["request_chat"]
    person, chat = view.person, channel.chat
    if not request["chat_is_channel"] or not _has(chat, person, request.get("user_administrator_rights")):
        raise LookupError(f"{chat.title} is not on the list of {person.name}")
    needed = _granted(request.get("bot_administrator_rights"))
    if needed and not (chat.status(world.bot) in ADMINS and needed <= rights_of(chat, world.bot)):
        promote_bot(server, chat, person, tuple(needed))
    if (view.chat.keyboard or {}).get("one_time_keyboard"):
        view.chat.keyboard_hidden = True
    shared: Json = {"request_id": request["request_id"], "chat_id": chat.id}
    shared |= {"title": chat.title} if request.get("request_title") else {}
    return await view.post({"chat_shared": shared}, wait=wait)


def _has(chat: Chat, person: Account, rights: Json | None) -> bool:
    if rights is None:
        return True
    return chat.status(person) == "creator" or (
        chat.status(person) == "administrator" and _granted(rights) <= rights_of(chat, person)
    )


def _granted(rights: Any) -> frozenset[str]:
    return frozenset(name for name, given in (rights or {}).items() if given and name != "can_manage_chat")
